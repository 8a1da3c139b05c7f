import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { MediaRef } from '#lib/core/media.ts'
import {
	createBilibiliLoader,
	createBilibiliPlayer,
	bilibiliAddress,
	type BilibiliPlayer,
} from './bilibili.ts'
import type { EmbedDeps } from './embed-frame.ts'
import type { PlayerEvent } from './player.ts'

type BilibiliRef = Extract<MediaRef, { readonly kind: 'bilibili' }>
const MEDIA: BilibiliRef = { kind: 'bilibili', id: 'BV1xx411c7mD', page: 2 }
const START = { atS: 0, isPlaying: false, isMuted: false, hasDanmaku: false }
const ORIGIN = 'https://player.bilibili.com'

let nowMs = 0
let activation: { hasBeenActive: boolean } | undefined
beforeEach(() => {
	vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
	nowMs = 1_000_000
	activation = { hasBeenActive: true }
	Object.defineProperty(navigator, 'userActivation', { configurable: true, get: () => activation })
})
afterEach(() => {
	vi.useRealTimers()
	document.body.replaceChildren()
})

const deps: EmbedDeps = {
	local: () => nowMs,
	wall: () => nowMs,
	setTimer(fn, ms) {
		const id = setTimeout(fn, ms)
		return () => clearTimeout(id)
	},
	pageOrigin: 'https://matinee.example',
	language: 'en',
}
/** The clock and the timers go together. */
const pass = async (ms: number): Promise<void> => {
	for (let left = ms; left > 0; left -= 50) {
		const step = Math.min(50, left)
		nowMs += step
		await vi.advanceTimersByTimeAsync(step)
	}
	await vi.advanceTimersByTimeAsync(0)
}

interface Stage {
	readonly player: BilibiliPlayer
	/** Addresses the frame was sent to, the first one included, as their parameters. */
	readonly loads: URLSearchParams[]
	/** What was said to the frame. */
	readonly said: Record<string, unknown>[]
	readonly events: PlayerEvent[]
	/** The frame has loaded, after so long. */
	loaded(afterMs?: number): Promise<void>
	/** The frame says something. */
	says(data: unknown, origin?: string): void
}
const open = (media: BilibiliRef = MEDIA): Stage => {
	const stage = document.createElement('div')
	document.body.append(stage)
	const player = createBilibiliPlayer(stage, media, deps)
	const frame = player.element as HTMLIFrameElement
	const loads = [new URL(frame.src).searchParams]
	const said: Record<string, unknown>[] = []
	const inner = {
		location: { replace: (src: string) => loads.push(new URL(src).searchParams) },
		postMessage: (message: Record<string, unknown>, origin: string) => {
			expect(origin).toBe(ORIGIN)
			said.push(message)
		},
	}
	Object.defineProperty(frame, 'contentWindow', { value: inner })
	const events: PlayerEvent[] = []
	player.on((event) => events.push(event))
	return {
		player,
		loads,
		said,
		events,
		async loaded(afterMs = 500) {
			await pass(afterMs)
			frame.dispatchEvent(new Event('load'))
			// A first load waits for a script in it.
			await pass(loads.length === 1 ? 251 : 1)
		},
		says: (data, origin = ORIGIN) =>
			void window.dispatchEvent(
				new MessageEvent('message', { data, origin, source: inner as unknown as Window }),
			),
	}
}
const states = (events: readonly PlayerEvent[]): readonly string[] =>
	events.flatMap((event) => (event.type === 'state' ? [event.state.type] : []))

describe('its address', () => {
	it('[PL112] names the video, the part, the whole second and what is on, and nothing else', () => {
		expect(bilibiliAddress(MEDIA, { atS: 75.9, isPlaying: true, isMuted: true, hasDanmaku: true })).toBe(
			`${ORIGIN}/player.html?isOutside=true&bvid=BV1xx411c7mD&p=2&t=75&autoplay=1&danmaku=1&muted=1&high_quality=1&as_wide=1`,
		)
		expect(bilibiliAddress({ kind: 'bilibili', id: 'av170001', page: 1 }, START)).toBe(
			`${ORIGIN}/player.html?isOutside=true&aid=170001&p=1&t=0&autoplay=0&danmaku=0&muted=0&high_quality=1&as_wide=1`,
		)
	})
	it.each(['foo', 'BV1', 'av', 'avx', '-_', 'ep123'])('[PL112] there is none for the id %s', (id) => {
		expect(bilibiliAddress({ kind: 'bilibili', id, page: 1 }, START)).toBeNull()
		const { player } = open({ kind: 'bilibili', id, page: 1 })
		expect(player.state()).toEqual({ type: 'failed', failure: { type: 'not-found' } })
	})
	it('[PL112] it begins where the link says', async () => {
		const { loads, player, loaded } = open({ ...MEDIA, startS: 90 })
		expect(loads[0]?.get('t')).toBe('90')
		await loaded()
		await player.play()
		await pass(1)
		expect(loads[1]?.get('t')).toBe('90')
	})
})

describe('alone', () => {
	it('[PL113] it says what it cannot do', async () => {
		const { player, loaded } = open()
		await loaded()
		expect(player.can).toEqual({
			rate: 'none',
			seek: 'reload',
			read: 'none',
			volume: false,
			pause: 'reload',
			seekGrainS: 1,
		})
		expect(player.sample()).toBeNull()
		expect(player.isBuffered(0)).toBe(false)
		expect(player.facts()).toMatchObject({ durationS: null, isLive: false })
	})
	it('[PL113] a load is told by its states, and how long it took is known', async () => {
		const { player, loaded, events } = open()
		expect(player.state().type).toBe('loading')
		expect(player.loads()).toEqual({ count: 1, lastMs: null })
		await loaded(700)
		expect(player.state().type).toBe('ready')
		expect(player.loads()).toEqual({ count: 1, lastMs: 700 })
		player.seek(12)
		await player.play()
		expect(player.state().type).toBe('seeking')
		await loaded(1_500)
		expect(player.loads()).toEqual({ count: 2, lastMs: 1_500 })
		player.pause()
		await loaded()
		expect(states(events)).toEqual(['ready', 'seeking', 'playing', 'seeking', 'paused'])
		expect(events.some(({ type }) => type === 'user-intent')).toBe(false)
	})
	it('[PL114] what is told in one go is one load, the last word counts', async () => {
		const { player, loaded, loads } = open()
		await loaded()
		player.seek(3)
		player.seek(40.9)
		void player.play()
		await pass(1)
		expect(loads.length).toBe(2)
		expect(loads[1]?.get('t')).toBe('40')
		expect(loads[1]?.get('autoplay')).toBe('1')
		await loaded()
		player.pause()
		player.seek(60)
		await pass(1)
		expect(loads.length).toBe(3)
		expect(loads[2]?.get('t')).toBe('60')
		expect(loads[2]?.get('autoplay')).toBe('0')
	})
	it('[PL114] pausing what stands and playing what plays loads nothing', async () => {
		const { player, loaded, loads } = open()
		await loaded()
		player.pause()
		await pass(500)
		expect(loads.length).toBe(1)
		await player.play()
		await loaded()
		await player.play()
		await pass(500)
		expect(loads.length).toBe(2)
	})
	it('[PL114] a pause without a place stands where it is supposed to be', async () => {
		const { player, loaded, loads } = open()
		await loaded()
		player.seek(10)
		await player.play()
		await loaded(800)
		await pass(5_300)
		player.pause()
		await pass(1)
		expect(loads.at(-1)?.get('t')).toBe('15')
	})
	it('[PL115] loads asked for too soon wait and become one, which begins where the film is by then', async () => {
		const { player, loaded, loads } = open()
		await loaded()
		player.seek(10)
		await player.play()
		await pass(100)
		player.seek(20)
		await pass(100)
		player.seek(30)
		expect(loads.length).toBe(2)
		await pass(300)
		expect(loads.length).toBe(3)
		expect(loads[2]?.get('t')).toBe('30')
	})
	it('[PL115] a room driven to and fro costs the site a load each two seconds, no more', async () => {
		const { player, loads, loaded } = open()
		await loaded()
		for (let i = 0; i < 300; i++) {
			if (i % 2 === 0) void player.play()
			else player.pause()
			player.seek(i)
			await pass(100)
		}
		expect(loads.length).toBeGreaterThan(10)
		expect(loads.length).toBeLessThan(22)
	})
	it('[PL116] a frame that never loads is no answer after 15 s', async () => {
		const { player, events } = open()
		await pass(14_900)
		expect(player.state().type).toBe('loading')
		await pass(200)
		expect(player.state()).toEqual({ type: 'failed', failure: { type: 'no-answer', site: 'Bilibili' } })
		expect(states(events)).toEqual(['failed'])
		expect(await player.play()).toBe('failed')
	})
	it('[PL116] a load lost in mid-film is a stall and is tried once more, from where the film is by then', async () => {
		const { player, loads, loaded } = open()
		await loaded()
		player.seek(10)
		await player.play()
		await pass(15_100)
		expect(loads.length).toBe(3)
		expect(loads[2]?.get('t')).toBe('25')
		expect(player.state().type).toBe('stalled')
		await loaded()
		expect(player.state().type).toBe('playing')
		player.seek(90)
		await pass(30_200)
		expect(player.state()).toEqual({ type: 'failed', failure: { type: 'no-answer', site: 'Bilibili' } })
	})
	it('[PL117] on a page nobody has touched its sound is blocked; silent it starts', async () => {
		activation = { hasBeenActive: false }
		const { player, loaded, loads } = open()
		await loaded()
		expect(await player.play()).toBe('blocked')
		expect(player.state().type).toBe('blocked')
		await pass(500)
		expect(loads.length).toBe(1)
		player.setVolume(1, true)
		expect(await player.play()).toBe('playing')
		await loaded()
		expect(loads.at(-1)?.get('muted')).toBe('1')
		// The sound comes with a load, to where the film will be by then.
		activation = { hasBeenActive: true }
		await pass(10_000)
		player.setVolume(1, false)
		await pass(1)
		expect(loads.at(-1)?.get('muted')).toBe('0')
		expect(Number(loads.at(-1)?.get('t'))).toBe(10)
	})
	it('[PL117] where browsers do not say whether the page was touched, it is tried', async () => {
		activation = undefined
		const { player, loaded } = open()
		await loaded()
		expect(await player.play()).toBe('playing')
	})
	it('[PL117] a volume alone loads nothing', async () => {
		const { player, loaded, loads } = open()
		await loaded()
		await player.play()
		await loaded()
		player.setVolume(0.3, false)
		await pass(2_000)
		expect(loads.length).toBe(2)
	})
	it('[PL118] what Bilibili’s own player says, and what others say, is not heard', async () => {
		const { player, loaded, events, said, says } = open()
		await loaded()
		await pass(6_000)
		expect(said.map(({ say }) => say)).toEqual(['hello', 'hello', 'hello', 'hello'])
		const nonce = said[0]?.['nonce']
		const here = { matinee: 1, nonce, say: 'here', rates: 'fine' }
		for (const data of [
			null,
			'x',
			1,
			{},
			[],
			{ say: 'here' },
			{ ...here, nonce: 'other' },
			{ ...here, matinee: 2 },
		])
			says(data)
		says(here, 'https://evil.example')
		says(JSON.parse('{"__proto__":{"matinee":1,"say":"here"}}'))
		expect(player.can.read).toBe('none')
		expect(states(events)).toEqual(['ready'])
	})
	it('[PL9] nothing comes after its end', async () => {
		const { player, loaded, loads, events } = open()
		await loaded()
		void player.play()
		player.dispose()
		player.dispose()
		await pass(20_000)
		expect(loads.length).toBe(1)
		expect(document.querySelector('iframe')).toBeNull()
		expect(states(events)).toEqual(['ready', 'seeking'])
	})
	it('[PL18] its loader takes Bilibili only', async () => {
		const loader = createBilibiliLoader(deps)
		expect(loader.canPlay(MEDIA)).toBe(true)
		expect(loader.canPlay({ kind: 'youtube', id: 'dQw4w9WgXcQ' })).toBe(false)
		await expect(loader.load(document.body, { kind: 'youtube', id: 'dQw4w9WgXcQ' })).rejects.toThrow()
	})
})

describe('with an extension in its frame', () => {
	const bridged = async (rates: unknown = 'fine') => {
		const stage = open()
		await stage.loaded()
		const nonce = stage.said.at(-1)?.['nonce']
		const tell = (more: object): void => stage.says({ matinee: 1, nonce, ...more })
		tell({ say: 'here', rates })
		stage.said.length = 0
		const state = (more: object): void => tell({ say: 'state', ...more })
		return { ...stage, tell, state, nonce }
	}
	it('[PL119] it is led and read, and says so', async () => {
		const { player, loads, said, state, nonce } = await bridged([0.5, 1, 2])
		expect(player.can).toEqual({ rate: [0.5, 1, 2], seek: 'direct', read: 'reports', volume: true })
		state({ playback: 'paused', positionS: 0, durationS: 120, agoMs: 40 })
		expect(player.facts().durationS).toBe(120)
		expect(player.sample()).toMatchObject({ positionS: 0, atLocalMs: nowMs - 40 })
		const playing = player.play()
		state({ playback: 'playing', positionS: 0.1 })
		expect(await playing).toBe('playing')
		player.setRate(2, true)
		player.seek(33.5)
		player.setVolume(0.5, false)
		player.pause()
		expect(said).toEqual([
			{ matinee: 1, nonce, say: 'play' },
			{ matinee: 1, nonce, say: 'rate', rate: 2 },
			{ matinee: 1, nonce, say: 'seek', positionS: 33.5 },
			{ matinee: 1, nonce, say: 'volume', volume: 0.5, isMuted: false },
			{ matinee: 1, nonce, say: 'pause' },
		])
		expect(loads.length).toBe(1)
	})
	it('[PL119] numbers that cannot be are not taken', async () => {
		const { player, state } = await bridged()
		state({ playback: 'paused', positionS: 5, durationS: 120 })
		for (const positionS of [Number.NaN, Infinity, -1, 1e12, '7', null])
			state({ positionS, durationS: positionS })
		expect(player.sample()?.positionS).toBe(5)
		expect(player.facts().durationS).toBe(120)
	})
	it('[PL119] the film goes on as it was when the script comes late', async () => {
		const { player, loaded, said, says, loads } = open()
		await loaded()
		player.seek(10)
		await player.play()
		await loaded()
		await pass(1_000)
		const nonce = said.at(-1)?.['nonce']
		says({ matinee: 1, nonce, say: 'here', rates: 'none' })
		expect(said.at(-1)).toMatchObject({ say: 'play' })
		says({ matinee: 1, nonce, say: 'state', playback: 'playing', positionS: 11 })
		expect(player.state().type).toBe('playing')
		expect(loads.length).toBe(2)
	})
	it('[PL119] a script of a frame that is being left is not heard', async () => {
		const { player, loaded, said, says } = open()
		await loaded()
		const nonce = said.at(-1)?.['nonce']
		void player.play()
		says({ matinee: 1, nonce, say: 'here', rates: 'fine' })
		expect(player.can.read).toBe('none')
		await loaded()
		says({ matinee: 1, nonce, say: 'here', rates: 'fine' })
		expect(player.can.read).toBe('none')
		says({ matinee: 1, nonce: said.at(-1)?.['nonce'], say: 'here', rates: 'fine' })
		expect(player.can.read).toBe('reports')
	})
	it.each(['gone', 'silent'])('[PL119] a script that is %s leaves the player alone again', async (how) => {
		const { player, tell, state, loads } = await bridged()
		state({ playback: 'paused', positionS: 40, durationS: 120 })
		if (how === 'gone') tell({ say: 'gone' })
		else await pass(8_000)
		expect(player.can.seek).toBe('reload')
		expect(player.sample()).toBeNull()
		await player.play()
		await pass(1)
		expect(loads.at(-1)?.get('t')).toBe('40')
		expect(loads.at(-1)?.get('autoplay')).toBe('1')
	})
	it('[PL119] a person’s hand on its controls is told', async () => {
		const { player, state, events } = await bridged()
		const playing = player.play()
		state({ playback: 'playing', positionS: 1, durationS: 120 })
		await playing
		for (let i = 0; i < 10; i++) {
			await pass(250)
			state({ playback: 'playing', positionS: 1 + (i + 1) / 4 })
		}
		state({ playback: 'paused', positionS: 3.5 })
		await pass(1_000)
		expect(events).toContainEqual({ type: 'user-intent', intent: 'pause', positionS: 3.5 })
	})
})
