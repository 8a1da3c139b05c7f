/**
 * The way into a room: what the browser lacks, what the code says, where the root is; then the open room. One state
 * at a time, told to the screens as it changes.
 */
import { shutRoomWords } from '#lib/words/shut-room.ts'
import { parseRoomCode } from '#lib/core/room-code.ts'
import { findMissingHere, type MissingPart } from './browser-needs.ts'
import { startClockThread, type ClockThread } from './clock-thread.ts'
import type { DeviceSource } from './device-context.ts'
import type { Device } from './device.ts'
import { findRoom, type FoundOpenRoom } from './find-room.ts'
import type { HandOver } from './hand-over.ts'
import { leaveMovedWord } from './moved-word.ts'
import { nextTask } from './next-task.ts'
import { openRoom, type RoomSession } from './open-room.ts'
import type { TroubleWords } from './server-trouble.ts'
import { signInHref } from './sign-in-way.ts'
import type { RoomEnd } from './standing.ts'
import { localNowMs } from './platform.ts'
import { createRoomView, type RoomView } from './room-view.svelte.ts'
import { whyAway } from './why-away.ts'

type NeededPart = Exclude<MissingPart, 'secure-context'>

export type EntranceView =
	| { readonly type: 'connecting' }
	| { readonly type: 'needs'; readonly missing: readonly NeededPart[] }
	| { readonly type: 'bad-code'; readonly text: string; readonly message: string }
	| { readonly type: 'unknown-room'; readonly code: string }
	| { readonly type: 'server-away'; readonly retryInS: number | null; readonly why: TroubleWords | null }
	| {
			readonly type: 'password'
			readonly title: string
			readonly problem: string | null
			readonly isChecking: boolean
	  }
	| { readonly type: 'door'; readonly problem: string | null; readonly isChecking: boolean }
	| { readonly type: 'sign-in'; readonly href: string }
	| Exclude<RoomEnd, { type: 'go' }>
	| { readonly type: 'refused'; readonly title: string; readonly detail: string; readonly canRetry: boolean }
	| { readonly type: 'room'; readonly room: RoomView }

export interface EntranceDeps {
	readonly devices: DeviceSource
	readonly handOver: HandOver
	/** Back to the front page. */
	readonly leave: () => void
	/** To the room of another code, in place of this one. */
	readonly goTo: (code: string) => void
}

const SERVER_RETRY_S = 5
const CONNECTING: EntranceView = { type: 'connecting' }

/** Resolves when this person is in the room: at once, unless removed before. */
const whenIn = (session: RoomSession): Promise<void> =>
	new Promise((resolve) => {
		if (session.model().state.myRole !== 'banned') return resolve()
		const off = session.onChange(({ state }) => {
			if (state.myRole === 'banned') return
			off()
			resolve()
		})
	})

export const createEntrance = ({ devices, handOver, leave, goTo }: EntranceDeps) => {
	let view = $state.raw<EntranceView>(CONNECTING)
	let close: (() => void) | null = null
	/** Its worker comes up while the room is looked for; the room ends it, or whoever leaves before. */
	let thread: ClockThread | null = null
	let retryTimer: ReturnType<typeof setTimeout> | null = null
	/** Entering is slow; whoever asks for another room meanwhile gets that one only. */
	let attempt = 0
	let tryPassword: (password: string) => Promise<void> = () => Promise.resolve()

	const leaveRoom = () => {
		attempt++
		if (retryTimer !== null) clearTimeout(retryTimer)
		retryTimer = null
		close?.()
		close = null
		thread?.dispose()
		thread = null
	}

	/** The room on the screen, unless the person has asked for another one meanwhile. */
	const open = async (
		device: Device,
		found: FoundOpenRoom,
		code: string,
		isCurrent: () => boolean,
	): Promise<EntranceView> => {
		if (!isCurrent()) return CONNECTING
		let ended: RoomEnd | null = null
		const session: RoomSession = await openRoom({
			device,
			found,
			thread: (thread ??= startClockThread(localNowMs)),
			code,
			leave,
			handOver,
			onEnd: (end) => {
				ended = end
				if (!isCurrent()) return
				leaveRoom()
				// A new code in the address is a new entrance.
				if (end.type === 'go') {
					leaveMovedWord(sessionStorage, end.code, end.by)
					goTo(end.code)
				} else view = end
			},
		})
		if (!isCurrent()) {
			session.close()
			return ended ?? CONNECTING
		}
		// Somebody removed before is heard first; the room is shown when they turn out to be in it again.
		close = () => session.close()
		await nextTask()
		await whenIn(session)
		if (!isCurrent()) return view
		const room = createRoomView(session)
		close = () => {
			room.close()
			session.close()
		}
		return { type: 'room', room }
	}

	/** Why the server gives this device no identity, where that is for the person to mend before a room can open. */
	const missingIdentity = async (device: Device): Promise<EntranceView | null> => {
		const token = await device.identity.token(await device.name())
		const why = token === null ? device.identity.whyNone() : null
		if (why === 'door-closed') return { type: 'door', problem: null, isChecking: false }
		if (why === 'guests-off')
			return { type: 'sign-in', href: signInHref(location.pathname + location.search + location.hash) }
		return null
	}

	const find = async (hash: string, isCurrent: () => boolean): Promise<EntranceView> => {
		// The disk and the server's configuration take as long as the looking; what fails is told where it is awaited.
		const opening = devices.open()
		opening.catch(() => undefined)
		const missing = await findMissingHere()

		if (missing.includes('secure-context')) {
			const { partWords, roomNeeds } = await import('./missing-words.ts')
			const part = partWords('secure-context')
			return { type: 'refused', title: roomNeeds(part.name), detail: part.since, canRetry: false }
		}
		const needed = missing.filter((part) => part !== 'secure-context')
		if (needed.length > 0) return { type: 'needs', missing: needed }

		const text = decodeURIComponent(hash.replace(/^#/, ''))
		const parsed = parseRoomCode(text)
		if (parsed.type !== 'code') {
			const { describeCodeProblem } = await import('#lib/core/room-code-words.ts')
			return { type: 'bad-code', text, message: describeCodeProblem(parsed) ?? '' }
		}
		const { code } = parsed
		if (isCurrent()) thread ??= startClockThread(localNowMs)
		const device = await opening
		const [found, shut] = await Promise.all([findRoom(device, code), missingIdentity(device)])
		if (shut !== null) {
			tryPassword = async (password) => {
				const { openAccount } = await import('./open-account.ts')
				const outcome = await openAccount(device).openDoor(password)
				if (outcome.type === 'done') await enter(hash)
				else if (isCurrent()) view = { type: 'door', problem: outcome.message, isChecking: false }
			}
			return shut
		}
		switch (found.type) {
			case 'unknown':
				return { type: 'unknown-room', code }
			case 'server-away':
				return {
					type: 'server-away',
					retryInS: SERVER_RETRY_S,
					why: await whyAway(device.api, navigator.onLine),
				}
			case 'bad-root':
				return {
					type: 'refused',
					title: shutRoomWords().badRoot,
					detail: shutRoomWords().badRootAbout,
					canRetry: true,
				}
			case 'newer': {
				const { newer: title, newerAbout: detail } = shutRoomWords()
				return { type: 'refused', title, detail, canRetry: true }
			}
			case 'busy': {
				const waitS = Math.ceil(found.retryAfterMs / 1000)
				return {
					type: 'refused',
					title: shutRoomWords().tooManyTries,
					detail: shutRoomWords().tooManyTriesAbout(waitS),
					canRetry: true,
				}
			}
			case 'moved':
				goTo(found.code)
				return CONNECTING
			case 'password': {
				const { title, check } = found
				tryPassword = async (password) => {
					const opened = await check(password)
					if (!isCurrent()) return
					view =
						opened === 'wrong'
							? { type: 'password', title, problem: shutRoomWords().wrongPassword, isChecking: false }
							: await open(device, opened, code, isCurrent)
				}
				return { type: 'password', title, problem: null, isChecking: false }
			}
			case 'found':
				return open(device, found, code, isCurrent)
		}
	}

	const refusedBy = (error: unknown): EntranceView => {
		console.error(error)
		return {
			type: 'refused',
			title: shutRoomWords().notOpened,
			detail: error instanceof Error ? error.message : String(error),
			canRetry: true,
		}
	}

	const enter = async (hash: string): Promise<void> => {
		leaveRoom()
		const mine = attempt
		const isCurrent = () => mine === attempt
		view = CONNECTING
		const next = await find(hash, isCurrent).catch(refusedBy)
		if (!isCurrent()) return
		view = next
		if (next.type !== 'server-away') return
		const again = () => void enter(hash)
		retryTimer = setTimeout(again, SERVER_RETRY_S * 1000)
		addEventListener('online', again, { once: true })
		close = () => {
			removeEventListener('online', again)
		}
	}

	const submitPassword = async (password: string): Promise<void> => {
		if ((view.type !== 'password' && view.type !== 'door') || view.isChecking) return
		const mine = attempt
		view = { ...view, isChecking: true }
		try {
			await tryPassword(password)
		} catch (error) {
			if (mine === attempt) view = refusedBy(error)
		}
	}

	return {
		get view() {
			return view
		},
		/** For the browser's tab. */
		get title() {
			if (view.type !== 'room') return 'Matinee'
			return view.room.state.title === '' ? 'Matinee' : `${view.room.state.title} · Matinee`
		},
		enter,
		submitPassword: (password: string) => void submitPassword(password),
		close: leaveRoom,
	}
}
