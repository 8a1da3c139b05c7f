/**
 * The way into a room: what the browser lacks, what the code says, where the root is; then the open room. One state
 * at a time, told to the screens as it changes.
 */
import { describeCodeProblem, parseRoomCode } from '#lib/core/room-code.ts'
import { findMissingHere, type MissingPart, PART_WORDS } from './browser-needs.ts'
import type { DeviceSource } from './device-context.ts'
import { findRoom } from './find-room.ts'
import { openRoom } from './open-room.ts'
import { createRoomView, type RoomView } from './room-view.svelte.ts'

type NeededPart = Exclude<MissingPart, 'secure-context'>

export type EntranceView =
	| { readonly type: 'connecting' }
	| { readonly type: 'needs'; readonly missing: readonly NeededPart[] }
	| { readonly type: 'bad-code'; readonly text: string; readonly message: string }
	| { readonly type: 'unknown-room'; readonly code: string }
	| { readonly type: 'server-away'; readonly retryInS: number | null }
	| { readonly type: 'refused'; readonly title: string; readonly detail: string; readonly canRetry: boolean }
	| { readonly type: 'room'; readonly room: RoomView }

export interface EntranceDeps {
	readonly devices: DeviceSource
	/** Back to the front page. */
	readonly leave: () => void
}

const SERVER_RETRY_S = 5

export const createEntrance = ({ devices, leave }: EntranceDeps) => {
	let view = $state.raw<EntranceView>({ type: 'connecting' })
	let close: (() => void) | null = null
	let retryTimer: ReturnType<typeof setTimeout> | null = null
	/** Entering is slow; whoever asks for another room meanwhile gets that one only. */
	let attempt = 0

	const leaveRoom = () => {
		attempt++
		if (retryTimer !== null) clearTimeout(retryTimer)
		retryTimer = null
		close?.()
		close = null
	}

	const find = async (hash: string, isCurrent: () => boolean): Promise<EntranceView> => {
		const missing = await findMissingHere()

		if (missing.includes('secure-context')) {
			const { name, since } = PART_WORDS['secure-context']
			return { type: 'refused', title: `A room needs ${name}`, detail: since, canRetry: false }
		}
		const needed = missing.filter((part) => part !== 'secure-context')
		if (needed.length > 0) return { type: 'needs', missing: needed }

		const text = decodeURIComponent(hash.replace(/^#/, ''))
		const parsed = parseRoomCode(text)
		if (parsed.type !== 'code') {
			return { type: 'bad-code', text, message: describeCodeProblem(parsed) ?? '' }
		}
		const device = await devices.open()
		const found = await findRoom(device, parsed.code)
		switch (found.type) {
			case 'unknown':
				return { type: 'unknown-room', code: parsed.code }
			case 'server-away':
				return { type: 'server-away', retryInS: SERVER_RETRY_S }
			case 'bad-root':
				return {
					type: 'refused',
					title: 'This code does not open the room',
					detail: 'What the server keeps for it was sealed with another code. Ask for the link again.',
					canRetry: true,
				}
			case 'busy': {
				const waitS = Math.ceil(found.retryAfterMs / 1000)
				return {
					type: 'refused',
					title: 'Too many tries',
					detail: `The server asks for a pause. Try again in ${String(waitS)} s.`,
					canRetry: true,
				}
			}
			case 'found': {
				const session = await openRoom({ device, found, code: parsed.code, leave })
				if (!isCurrent()) {
					session.close()
					return { type: 'connecting' }
				}
				const room = createRoomView(session)
				close = () => {
					room.close()
					session.close()
				}
				return { type: 'room', room }
			}
		}
	}

	const enter = async (hash: string): Promise<void> => {
		leaveRoom()
		const mine = attempt
		const isCurrent = () => mine === attempt
		view = { type: 'connecting' }
		let next: EntranceView
		try {
			next = await find(hash, isCurrent)
		} catch (error) {
			console.error(error)
			next = {
				type: 'refused',
				title: 'The room could not be opened',
				detail: error instanceof Error ? error.message : String(error),
				canRetry: true,
			}
		}
		if (!isCurrent()) return
		view = next
		if (next.type === 'server-away') retryTimer = setTimeout(() => void enter(hash), SERVER_RETRY_S * 1000)
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
		close: leaveRoom,
	}
}
