/**
 * The account of this browser's device, put together for the pages of signing in and of settings.
 */
import { createAccountApi } from './account-api.ts'
import { createAccount, type Account } from './account.ts'
import type { Device } from './device.ts'
import { ACCOUNT_CHANNEL } from './keep-identity.ts'
import { shrinkPicture } from './shrink-picture.ts'

const announce = (): void => {
	if (typeof BroadcastChannel !== 'function') return
	const channel = new BroadcastChannel(ACCOUNT_CHANNEL)
	channel.postMessage(null)
	channel.close()
}

const saveFile = (name: string, text: string): void => {
	const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
	const link = document.createElement('a')
	link.href = url
	link.download = name
	link.click()
	// The browser reads the file after the press; a minute is more than it takes.
	setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

export const openAccount = (device: Device): Account =>
	createAccount({ api: createAccountApi(device.api), device, announce, shrinkPicture, saveFile })
