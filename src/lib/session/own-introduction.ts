/**
 * How this person is introduced to a room: by name, with what the server vouches for, and with the key that a new lock
 * is sealed to. A name is changed here too.
 */
import type { CommandOutcome, Room } from '#lib/core/room.ts'
import type { Device } from './device.ts'
import type { CommandResult } from './people-commands.ts'
import { wordsFor } from './why-not.ts'

export interface OwnIntroductionDeps {
	readonly device: Device
	readonly room: Pick<Room, 'introduce'>
	/** As the room was opened. */
	readonly name: string
}

export interface OwnIntroduction {
	introduce(): Promise<CommandOutcome>
	/** In the room, and for later; of an account at the server. */
	rename(name: string): Promise<CommandResult>
	/** The token that the room has. */
	token(): string | undefined
}

export const createOwnIntroduction = ({ device, room, name }: OwnIntroductionDeps): OwnIntroduction => {
	/** Without it the room works; only a changed lock leaves this device behind, which the owner is told beforehand. */
	const ownBoxKey = async (): Promise<{ boxKey?: Uint8Array }> => {
		try {
			return { boxKey: (await device.store.boxKey()).publicKey }
		} catch (error) {
			console.warn('This browser keeps no key that a new lock could be sealed to.', error)
			return {}
		}
	}
	let introduced: string | undefined
	const introduceNow = async (): Promise<CommandOutcome> => {
		const myName = await device.name()
		const token = await device.identity.token(myName)
		introduced = token?.token
		return room.introduce({
			// Signed in, one goes by the account's name: it is the one that the server vouches for.
			name: token?.isAccount === true ? token.name : myName,
			token: token?.token ?? null,
			...(await ownBoxKey()),
		})
	}
	let introducing: Promise<unknown> = Promise.resolve()
	/** One after the other: an older name, slow on its way to its token, must not come in behind a newer one. */
	const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
		const done = introducing.then(work)
		introducing = done.catch(() => undefined) // whoever asked hears of it
		return done
	}
	const renameGuest = async (next: string): Promise<CommandResult> => {
		const token = await device.identity.token(name)
		const outcome = await room.introduce({ name: next, token: token?.token ?? null })
		const message = await wordsFor(outcome)
		if (message !== null) return { type: 'refused', message }
		await device.setName(next.trim())
		return { type: 'done' }
	}
	return {
		introduce: () => inTurn(introduceNow),
		rename: async (next) => {
			if ((await device.identity.known())?.isAccount !== true) return inTurn(() => renameGuest(next))
			const { renameAccount } = await import('./open-account.ts')
			// Whoever keeps the identity fresh introduces the new name, here and in other tabs.
			return renameAccount(device, next)
		},
		token: () => introduced,
	}
}
