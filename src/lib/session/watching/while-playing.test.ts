import { describe, expect, it, vi } from 'vitest'
import type { PlayerView } from '#lib/core/view.ts'
import type { RoomModel } from '../room-model.ts'
import { createMediaKeys } from './media-keys.ts'
import { createScreenWake } from './wake-lock.ts'

const PLAYER: Partial<PlayerView> = {
	state: 'playing',
	isPlaying: true,
	positionS: 10,
	durationS: 100,
	rate: 1,
	isLive: false,
	disabled: {},
}
const setUp = (more: Partial<PlayerView> = {}) => {
	let player = { ...PLAYER, ...more }
	let current: object | null = { title: 'Film', thumbnailUrl: 'https://a/b.jpg' }
	let nowMs = 0
	const handlers = new Map<string, ((details: object) => void) | null>()
	const positions: (MediaPositionState | undefined)[] = []
	const commands = {
		...{ play: vi.fn(), pause: vi.fn(), seek: vi.fn(), next: vi.fn() },
		...{ joinSound: vi.fn(), tellProblem: vi.fn() },
	}
	const session = {
		metadata: null as MediaMetadata | null,
		playbackState: 'none' as MediaSessionPlaybackState,
		setActionHandler: (action: string, handler: unknown) => {
			if (action === 'seekto') throw new TypeError('no such action')
			handlers.set(action, handler as never)
		},
		setPositionState: (state?: MediaPositionState) => void positions.push(state),
	}
	const keys = createMediaKeys({
		session,
		metadata: (init) => init as MediaMetadata,
		iconUrl: 'icon.png',
		model: () => ({ state: { queue: { current }, title: 'Our room' }, player }) as unknown as RoomModel,
		local: () => nowMs,
		commands,
	})
	return {
		...{ session, handlers, positions, commands, keys },
		press: (action: string, details: object = {}) => handlers.get(action)?.(details),
		become: (next: Partial<PlayerView>, item: object | null = current, passedMs = 0) => {
			player = { ...player, ...next }
			current = item
			nowMs += passedMs
			keys.changed()
		},
	}
}

describe('media keys', () => {
	it('[WT6] say what is on and where it is, once each time that changes', () => {
		const { session, positions, become } = setUp()
		expect(session.metadata).toEqual({
			title: 'Film',
			artist: 'Our room',
			artwork: [{ src: 'https://a/b.jpg' }],
		})
		expect([session.playbackState, positions]).toEqual([
			'playing',
			[{ duration: 100, playbackRate: 1, position: 10 }],
		])
		become({ positionS: 11 }, undefined, 1_000)
		expect(positions).toHaveLength(1)
		become({ positionS: 50 }, undefined, 250)
		become({ isPlaying: false, state: 'paused' })
		expect(positions.slice(1)).toEqual([
			{ duration: 100, playbackRate: 1, position: 50 },
			{ duration: 100, playbackRate: 1, position: 50 },
		])
		expect(session.playbackState).toBe('paused')
		become({ isLive: true })
		expect(positions.at(-1)).toBeUndefined()
		become({ state: 'none' }, null)
		expect([session.metadata, session.playbackState]).toEqual([null, 'none'])
	})
	it('[WT6] ask the room what its buttons would, and are refused with the same reason', () => {
		const { press, commands, become, handlers } = setUp()
		press('pause')
		press('seekbackward')
		press('seekforward', { seekOffset: 200 })
		press('nexttrack')
		press('play')
		expect(commands.pause).toHaveBeenCalledOnce()
		expect(commands.seek.mock.calls).toEqual([[0], [100]])
		expect(commands.next).toHaveBeenCalledOnce()
		// The room plays already: it is this browser that held it back.
		expect([commands.play.mock.calls.length, commands.joinSound.mock.calls.length]).toEqual([0, 1])
		become({ isPlaying: false, state: 'paused', disabled: { play: 'No.', seek: 'No.', next: 'No.' } })
		press('play')
		press('seekforward')
		press('pause')
		expect(commands.tellProblem.mock.calls).toEqual([['No.'], ['No.']])
		expect(handlers.get('nexttrack')).toBeNull()
	})
	it('[WT6] are let go with the room', () => {
		const { keys, handlers, session } = setUp()
		keys.stop()
		expect([...handlers.values()].every((handler) => handler === null)).toBe(true)
		expect([session.metadata, session.playbackState]).toEqual([null, 'none'])
	})
})

describe('the screen', () => {
	const wakeSetUp = () => {
		let isHidden = false
		let isRefused = false
		const locks: { released: boolean; release: () => Promise<undefined> }[] = []
		let asked = 0
		const wake = createScreenWake({
			isHidden: () => isHidden,
			wakeLock: {
				request: async () => {
					asked++
					if (isRefused) throw new DOMException('low battery', 'NotAllowedError')
					const lock = {
						released: false,
						release: async () => {
							lock.released = true
							return undefined
						},
					}
					locks.push(lock)
					return lock
				},
			},
		})
		const settle = () => new Promise((resolve) => setTimeout(resolve))
		return {
			...{ wake, locks, settle },
			asked: () => asked,
			hide: (next: boolean) => (isHidden = next),
			refuse: (next: boolean) => (isRefused = next),
		}
	}
	it('[WT7] stays lit while the film plays and no longer', async () => {
		const { wake, locks, settle, asked } = wakeSetUp()
		wake.keep(true)
		wake.keep(true)
		await settle()
		wake.keep(true)
		expect([asked(), locks[0]?.released]).toEqual([1, false])
		wake.keep(false)
		expect(locks[0]?.released).toBe(true)
		// Stopped again before the browser had answered.
		wake.keep(true)
		wake.keep(false)
		await settle()
		expect(locks.map(({ released }) => released)).toEqual([true, true])
	})
	it('[WT7] is asked for again when the page is back, and a refusal is not pressed', async () => {
		const { wake, locks, settle, asked, hide, refuse } = wakeSetUp()
		wake.keep(true)
		await settle()
		locks[0]!.released = true // the browser's own doing, as the page was hidden
		hide(true)
		wake.keep(true)
		expect(asked()).toBe(1)
		hide(false)
		wake.keep(true)
		await settle()
		expect(asked()).toBe(2)
		wake.stop()
		refuse(true)
		for (let i = 0; i < 3; i++) {
			wake.keep(true)
			await settle()
		}
		expect(asked()).toBe(3)
		wake.keep(false)
		wake.keep(true)
		await settle()
		expect(asked()).toBe(4)
	})
})
