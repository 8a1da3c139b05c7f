/**
 * The account of this browser's device, put together for the pages of signing in and of settings.
 */
import { createAccountApi } from './account-api.ts'
import type { AccountOutcome } from './account-words.ts'
import { createAccount, type Account } from './account.ts'
import type { Device } from './device.ts'
import { ACCOUNT_CHANNEL } from './keep-identity.ts'
import { saveFile } from './save-file.ts'
import { shrinkPicture } from './shrink-picture.ts'

const announce = (): void => {
	if (typeof BroadcastChannel !== 'function') return
	const channel = new BroadcastChannel(ACCOUNT_CHANNEL)
	channel.postMessage(null)
	channel.close()
}

export const openAccount = (device: Device): Account =>
	createAccount({ api: createAccountApi(device.api), device, announce, shrinkPicture, saveFile })

/** From inside a room, where somebody is signed in: the account's own name; the room is told as by another page. */
export const renameAccount = async (device: Device, name: string): Promise<AccountOutcome> => {
	const account = openAccount(device)
	await account.load()
	return account.rename(name)
}
