/**
 * The settings in the browser's storage. The room's document has no storage of the extension's in Chrome: the background
 * tells it.
 */
import { browser } from 'wxt/browser'
import { createSettings } from '../src/settings.ts'

export const settings = () => createSettings(browser.storage.local as never)
