import { describe, expect, it } from 'vitest'
import { createFrameStand, type FrameStand } from './frame-stand.ts'
import type { Player } from './player.ts'
import { createSoundCloudLoader, soundcloudAddress } from './soundcloud.ts'

const ORIGIN = 'https://w.soundcloud.com'
const MEDIA = { kind: 'soundcloud', url: 'https://soundcloud.com/wading-birds/saltmarsh' } as const

interface Open extends FrameStand {
	readonly player: Player
	word(method: string, value?: unknown): void
	/** What it was told, `method value`. */
	told(): string[]
}
const open = async (): Promise<Open> => {
	const stand = createFrameStand()
	const player = stand.watch(await createSoundCloudLoader(stand.deps).load(stand.stage, MEDIA))
	return {
		...stand,
		player,
		word: (method, value) => stand.say(JSON.stringify({ widgetId: 'w', method, value }), ORIGIN),
		told: () =>
			stand.posted.map((text) => {
				const { method, value } = JSON.parse(String(text)) as { method: string; value: unknown }
				return `${method} ${String(value)}`
			}),
	}
}
const ready = async (): Promise<Open> => {
	const it = await open()
	it.word('ready')
	it.word('getDuration', 180_500)
	it.posted.length = 0
	return it
}
const at = (currentPosition: number): object => ({ soundId: 1, currentPosition, relativePosition: 0 })

describe('SoundCloud', () => {
	it('[PL80] is asked for the track, with its cover, without starting', () => {
		const url = new URL(soundcloudAddress(MEDIA))
		expect(url.origin).toBe(ORIGIN)
		expect(url.searchParams.get('url')).toBe(MEDIA.url)
		expect([url.searchParams.get('auto_play'), url.searchParams.get('visual')]).toEqual(['false', 'true'])
	})
	it('[PL80] asks for its events, its length and its title once it is ready', async () => {
		const { word, told, player } = await open()
		word('ready')
		expect(told()).toContain('addEventListener playProgress')
		word('getCurrentSound', { title: 'Saltmarsh', user: { username: 'The Wading Birds' } })
		expect(player.state().type).toBe('loading')
		word('getDuration', 180_500)
		expect([player.state().type, player.facts()]).toEqual([
			'ready',
			{ durationS: 180.5, title: 'Saltmarsh, The Wading Birds', isLive: false, hasAudio: true },
		])
	})
	it('[PL80] a seek before the first play is kept, made right after it, and nothing of the beginning is heard', async () => {
		const { player, word, told } = await ready()
		player.setVolume(0.8, false)
		player.seek(42)
		expect(player.sample()?.positionS).toBe(42)
		void player.play()
		expect(told()).toEqual(['setVolume 80', 'setVolume 0', 'play null'])
		word('play', at(0))
		expect(told().slice(3, 5)).toEqual(['seekTo 42000', 'setVolume 80'])
		expect(player.state().type).toBe('seeking')
		word('playProgress', at(42_100))
		expect([player.state().type, player.sample()?.positionS]).toEqual(['playing', 42.1])
	})
	it('[PL81] answers come in order, and the place was true half-way', async () => {
		const { player, word, time, posted } = await ready()
		void player.play()
		word('play', at(0))
		posted.length = 0
		const askedMs = time.now()
		await time.advance(250)
		await time.advance(20)
		word('getPosition', 100)
		word('getPosition', 250)
		expect(player.sample()).toMatchObject({ positionS: 0.25, sigmaMs: 60 })
		expect(player.sample()?.atLocalMs).toBeGreaterThan(askedMs)
	})
	it('[PL81] a progress that comes after the pause does not set it going', async () => {
		const { player, word, time } = await ready()
		void player.play()
		word('play', at(0))
		await time.advance(1_000)
		player.pause()
		word('pause', at(1_000))
		word('playProgress', at(1_000))
		expect(player.state().type).toBe('paused')
		word('finish', at(180_500))
		expect(player.state().type).toBe('ended')
	})
	it('[PL82] a track that cannot be had is gone; one that breaks off says so', async () => {
		const gone = await open()
		gone.loaded()
		expect(gone.told()).toEqual(['addEventListener error'])
		gone.word('error')
		expect(gone.player.state()).toEqual({ type: 'failed', failure: { type: 'removed' } })
		const broken = await ready()
		void broken.player.play()
		broken.word('play', at(0))
		broken.word('error')
		expect(broken.player.state()).toMatchObject({ type: 'failed', failure: { type: 'unknown' } })
	})
	it('[PL82] one that tells no length can be played all the same', async () => {
		const { player, word, time } = await open()
		word('ready')
		word('getDuration', 0)
		word('getDuration', 1e15)
		await time.advance(1_600)
		expect([player.state().type, player.facts().durationS]).toEqual(['ready', null])
	})
	it('[PL79] silence, and nothing but nonsense', async () => {
		const silent = await open()
		await silent.time.advance(12_100)
		expect(silent.player.state()).toMatchObject({ failure: { type: 'no-answer', site: 'SoundCloud' } })
		const babbling = await open()
		babbling.say('[1,2', ORIGIN)
		babbling.say({ method: 'ready' }, ORIGIN)
		babbling.say('{"method":7}', ORIGIN)
		await babbling.time.advance(12_100)
		expect(babbling.player.state()).toMatchObject({ failure: { type: 'nonsense', detail: '[1,2' } })
	})
	it('[PL79] places that cannot be are not believed', async () => {
		const { player, word } = await ready()
		void player.play()
		word('play', at(0))
		for (const lie of [-5, 1e30, 'x', null]) {
			word('getPosition', lie)
			word('playProgress', { currentPosition: lie })
			word('seek', { currentPosition: lie })
		}
		expect(player.sample()?.positionS).toBe(0)
	})
})
