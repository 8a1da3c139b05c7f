/**
 * Who is signed in here, and everything that a person can do about it. After every change of who one is, the device's
 * identity is asked for anew and the other pages of this browser are told.
 */
import type { AccountView } from '#lib/protocol/accounts.ts'
import type { AuthOffer } from '#lib/protocol/http.ts'
import { NAME_MAX_CHARS, tidyName } from '#lib/protocol/names.ts'
import { ownNameWords } from '#lib/words/own-name.ts'
import type { AccountApi, AccountDevice, SessionAnswer } from './account-api.ts'
import { describeFailure, refusal, type AccountOutcome, type Doing } from './account-words.ts'
import { DOOR_KEY, SESSION_KEY } from './auth-headers.ts'
import type { Device } from './device.ts'
import type { ApiOutcome } from './server-api.ts'

export type AccountState =
	| { readonly type: 'unknown' }
	/** The server does not answer, so nobody can say. */
	| { readonly type: 'away' }
	/** The door password comes before anything else. */
	| { readonly type: 'door' }
	| { readonly type: 'guest' }
	| {
			readonly type: 'signed-in'
			readonly account: AccountView
			/** Null until read. */
			readonly devices: readonly AccountDevice[] | null
	  }

export interface AccountDeps {
	readonly api: AccountApi
	readonly device: {
		readonly api: Pick<Device['api'], 'config' | 'pictureUrl'>
		readonly identity: Pick<Device['identity'], 'token' | 'forgetToken' | 'known'>
		readonly store: Pick<Device['store'], 'settings'>
		readonly name: () => Promise<string>
		readonly setName: (name: string) => Promise<void>
	}
	/** Tells the other pages of this browser. */
	readonly announce: () => void
	/** A picture of at most 512 px, without what a camera wrote into it; null for what is no picture here. */
	readonly shrinkPicture: (file: Blob) => Promise<Blob | null>
	/** Hands a file to the person. */
	readonly saveFile: (name: string, text: string) => void
}

const DONE: AccountOutcome = { type: 'done' }

export type Account = ReturnType<typeof createAccount>

export const createAccount = (deps: AccountDeps) => {
	const { api, device } = deps
	const { identity, store } = device
	let state: AccountState = { type: 'unknown' }
	let offer: AuthOffer | null = null
	const listeners = new Set<() => void>()

	const become = async (): Promise<void> => {
		await identity.forgetToken()
		await identity.token(await device.name())
		deps.announce()
	}

	/** Takes `next` for true, and sees to it that the identity in rooms is that person's. */
	const settle = async (next: AccountState): Promise<void> => {
		if (next.type === 'signed-in' || next.type === 'guest') {
			const known = await identity.known()
			const isSame =
				next.type === 'guest'
					? known?.isAccount !== true
					: known?.subject === next.account.subject &&
						known.name === next.account.name &&
						known.pictureId === next.account.picture
			if (!isSame) await become()
		}
		state = next
		for (const fn of [...listeners]) fn()
	}

	const settleAccount = (account: AccountView): Promise<void> =>
		settle({ type: 'signed-in', account, devices: state.type === 'signed-in' ? state.devices : null })

	const becomeGuest = async (): Promise<void> => {
		await store.settings.set(SESSION_KEY, null)
		await settle({ type: 'guest' })
	}

	/** What every failure means for the state, whatever was asked. */
	const failed = async <T>(
		outcome: Exclude<ApiOutcome<T>, { type: 'ok' }>,
		doing?: Doing,
	): Promise<AccountOutcome> => {
		const error = outcome.type === 'refused' ? outcome.error.error : null
		if (error === 'signed-out') await becomeGuest()
		if (error === 'door-closed') await settle({ type: 'door' })
		return describeFailure(outcome, doing)
	}

	const load = async (): Promise<void> => {
		const config = await device.api.config()
		if (config.type !== 'ok') return settle({ type: 'away' })
		offer = config.value.auth
		const answer = await api.account()
		if (answer.type === 'ok') return settleAccount(answer.value)
		const error = answer.type === 'refused' ? answer.error.error : null
		if (error === 'signed-out') return becomeGuest()
		return settle({ type: error === 'door-closed' ? 'door' : 'away' })
	}

	const entered = async (answer: ApiOutcome<SessionAnswer>, doing?: Doing): Promise<AccountOutcome> => {
		if (answer.type !== 'ok') return failed(answer, doing)
		await store.settings.set(SESSION_KEY, answer.value.session ?? null)
		await settleAccount(answer.value.account)
		return DONE
	}

	const changed = async (answer: ApiOutcome<AccountView>, doing?: Doing): Promise<AccountOutcome> => {
		if (answer.type !== 'ok') return failed(answer, doing)
		await settleAccount(answer.value)
		return DONE
	}

	const loadDevices = async (): Promise<void> => {
		const answer = await api.devices()
		if (answer.type !== 'ok') await failed(answer)
		else if (state.type === 'signed-in') await settle({ ...state, devices: answer.value.devices })
	}

	return {
		state: (): AccountState => state,
		/** Which ways in the server has; null until `load` found out. */
		offer: (): AuthOffer | null => offer,
		/** Returns its undo. */
		onChange: (fn: () => void): (() => void) => {
			listeners.add(fn)
			return () => listeners.delete(fn)
		},
		load,
		loadDevices,
		pictureUrl: (account: Pick<AccountView, 'picture'>): string | null =>
			account.picture === null ? null : device.api.pictureUrl(account.picture),

		async openDoor(password: string): Promise<AccountOutcome> {
			const answer = await api.openDoor(password)
			if (answer.type !== 'ok') return failed(answer)
			await store.settings.set(DOOR_KEY, answer.value.door ?? null)
			await load()
			return DONE
		},
		signIn: async (username: string, password: string): Promise<AccountOutcome> =>
			entered(await api.signIn(username, password)),
		/** `name`: as others see it; empty takes the username. */
		async signUp(username: string, password: string, name: string): Promise<AccountOutcome> {
			const tidy = name.trim() === '' ? '' : tidyName(name)
			if (tidy === null) return refusal('name', noName())
			return entered(await api.signUp(username, password, tidy), 'sign-up')
		},
		exchange: async (code: string, verifier: string): Promise<AccountOutcome> =>
			entered(await api.exchange(code, verifier)),

		/** The account's name, or the guest's on this device. */
		async rename(name: string): Promise<AccountOutcome> {
			const tidy = tidyName(name)
			if (tidy === null) return refusal('name', noName())
			if (state.type === 'signed-in') return changed(await api.rename(tidy), 'rename')
			// The token there is stays good while nobody can give a new one.
			const isAway = state.type !== 'guest'
			if (isAway && (await identity.known())?.isAccount === true)
				return refusal('name', ownNameWords().serverAway)
			await device.setName(tidy)
			if (!isAway) await become()
			return DONE
		},
		async setPicture(file: Blob): Promise<AccountOutcome> {
			const small = await deps.shrinkPicture(file)
			return small === null
				? refusal('picture', ownNameWords().noPicture)
				: changed(await api.setPicture(small))
		},
		removePicture: async (): Promise<AccountOutcome> => changed(await api.removePicture()),
		/** Every other device is signed out by it. */
		async changePassword(current: string, next: string): Promise<AccountOutcome> {
			const answer = await api.changePassword(current, next)
			if (answer.type !== 'ok') return failed(answer, 'change-password')
			await loadDevices()
			return DONE
		},
		async signOut({ everywhere }: { readonly everywhere: boolean }): Promise<AccountOutcome> {
			const answer = await api.signOut(everywhere)
			if (answer.type !== 'ok') return failed(answer)
			await becomeGuest()
			return DONE
		},
		async signOutDevice(id: string): Promise<AccountOutcome> {
			const answer = await api.signOutDevice(id)
			// Gone already is what was wanted.
			const isGone = answer.type === 'ok' || (answer.type === 'refused' && answer.error.error === 'not-found')
			if (!isGone) return failed(answer)
			await loadDevices()
			return DONE
		},
		async exportData(): Promise<AccountOutcome> {
			const answer = await api.exportData()
			if (answer.type !== 'ok') return failed(answer)
			deps.saveFile('matinee-account.json', `${JSON.stringify(answer.value, null, '\t')}\n`)
			return DONE
		},
		async deleteAccount(password: string): Promise<AccountOutcome> {
			const answer = await api.deleteAccount(password)
			if (answer.type !== 'ok') return failed(answer)
			await becomeGuest()
			return DONE
		},
	}
}

const noName = (): string => ownNameWords().noName(NAME_MAX_CHARS)
