/**
 * The server's routes about accounts, each answer parsed, each failure a value. For the pages of signing in and of
 * settings: a room's first load must not import it.
 */
import {
	accountDevices,
	accountView,
	doorAnswer,
	sessionAnswer,
	type AccountView,
} from '#lib/protocol/accounts.ts'
import { object, type Parsed, type Schema } from '#lib/protocol/schema.ts'
import type { ApiOutcome, ServerApi } from './server-api.ts'

export type AccountApi = ReturnType<typeof createAccountApi>
export type SessionAnswer = Parsed<typeof sessionAnswer>
export type AccountDevice = Parsed<typeof accountDevices>['devices'][number]

const nothing = object({})
/** Taken as it comes, to be saved and not read. */
const anything: Schema<unknown> = { parse: (input) => input, describe: 'anything' }

export const createAccountApi = (api: Pick<ServerApi, 'call'>) => {
	const post = <T>(path: string, schema: Schema<T>, body: unknown): Promise<ApiOutcome<T>> =>
		api.call(path, schema, { method: 'POST', body })

	return {
		openDoor: (password: string) => post('/api/door', doorAnswer, { password }),
		signUp: (username: string, password: string, name: string) =>
			post('/api/auth/sign-up', sessionAnswer, { username, password, ...(name !== '' && { name }) }),
		signIn: (username: string, password: string) =>
			post('/api/auth/sign-in', sessionAnswer, { username, password }),
		/** The code that an outside provider's sign-in left for a page of another origin, and the page's verifier. */
		exchange: (code: string, verifier: string) =>
			post('/api/auth/exchange', sessionAnswer, { code, verifier }),
		signOut: (everywhere: boolean) => post('/api/auth/sign-out', nothing, { everywhere }),
		account: () => api.call('/api/account', accountView),
		rename: (name: string): Promise<ApiOutcome<AccountView>> => post('/api/account', accountView, { name }),
		changePassword: (current: string, next: string) =>
			post('/api/account/password', nothing, { current, next }),
		devices: () => api.call('/api/account/devices', accountDevices),
		signOutDevice: (id: string) =>
			api.call(`/api/account/devices/${encodeURIComponent(id)}`, nothing, { method: 'DELETE' }),
		/** PNG, JPEG or WebP, at most 4 MB. */
		setPicture: (picture: Blob) =>
			api.call('/api/account/picture', accountView, { method: 'PUT', body: picture }),
		removePicture: () => api.call('/api/account/picture', accountView, { method: 'DELETE' }),
		exportData: () => api.call('/api/account/export', anything),
		/** `password` empty where the account has none. */
		deleteAccount: (password: string) =>
			post('/api/account/delete', nothing, password === '' ? {} : { password }),
	}
}
