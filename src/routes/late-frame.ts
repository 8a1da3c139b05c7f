/**
 * What stands around every page and comes late, in a place of its own beside the page.
 */
import { mount } from 'svelte'
import Frame from './Frame.svelte'

export const addFrame = (): void => void mount(Frame, { target: document.body })
