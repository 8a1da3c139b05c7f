import { describe, expect, it } from 'vitest'
import { createFrameStand, type FrameStand } from './frame-stand.ts'
import type { MediaRef } from '#lib/core/media.ts'
import type { Player } from './player.ts'
import { createTwitchLoader, pageRefusal, twitchAddress } from './twitch.ts'

const ORIGIN = 'https://player.twitch.tv'
const RECORDING = { kind: 'twitch', video: '123456789' } as const
const CHANNEL = { kind: 'twitch-live', channel: 'saltmarsh' } as const

const open = async (
	media: MediaRef,
	pageOrigin?: string,
): Promise<
	FrameStand & { player: Player; event(name: string, params?: object): void; state(params: object): void }
> => {
	const stand = createFrameStand(pageOrigin)
	const player = stand.watch(await createTwitchLoader(stand.deps).load(stand.stage, media))
	return {
		...stand,
		player,
		event: (eventName, params = {}) => stand.say({ namespace: 'twitch-embed', eventName, params }, ORIGIN),
		state: (params) =>
			stand.say({ namespace: 'twitch-embed-player-proxy', eventName: 'UPDATE_STATE', params }, ORIGIN),
	}
}

describe('Twitch', () => {
	it('[PL60] is asked for the recording from its place on, with our host for its parent', () => {
		const recording = new URL(twitchAddress({ ...RECORDING, startS: 3_725 }, 'https://matinee.test'))
		expect(recording.origin).toBe(ORIGIN)
		expect(Object.fromEntries(recording.searchParams)).toEqual({
			video: 'v123456789',
			time: '1h2m5s',
			parent: 'matinee.test',
			autoplay: 'false',
			muted: 'false',
		})
		const channel = new URL(twitchAddress(CHANNEL, 'http://localhost:5173'))
		expect([channel.searchParams.get('channel'), channel.searchParams.get('parent')]).toEqual([
			'saltmarsh',
			'localhost',
		])
	})
	it('[PL60] commands go by number, once it is ready; states come as patches', async () => {
		const { player, posted, event, state } = await open(RECORDING)
		player.seek(30)
		state({ duration: 90, playback: 'Ready', volume: 1, muted: false })
		expect(posted).toEqual([])
		event('ready')
		player.setVolume(0.5, true)
		void player.play()
		const to = 'twitch-embed-player-proxy'
		expect(posted).toEqual([
			{ namespace: to, eventName: 4, params: 30 },
			{ namespace: to, eventName: 11, params: 0.5 },
			{ namespace: to, eventName: 10, params: true },
			{ namespace: to, eventName: 3, params: undefined },
		])
		state({ currentTime: 30, playback: 'Playing', stats: { videoStats: { bufferSize: 12 } } })
		expect([player.state().type, player.facts().durationS, player.bufferedAheadS()]).toEqual([
			'playing',
			90,
			12,
		])
	})
	it('[PL71] a channel has no length and no place, and Ended is not its end', async () => {
		const { player, event, state, posted } = await open(CHANNEL)
		state({ duration: 4_211, playback: 'Ready' })
		event('ready')
		void player.play()
		state({ playback: 'Playing', currentTime: 4_211 })
		state({ playback: 'Ended' })
		player.seek(12)
		expect(player.can).toEqual({ rate: 'none', seek: 'none', read: 'none', volume: true })
		expect(player.facts()).toMatchObject({ durationS: null, isLive: true, timeline: 'none' })
		expect([player.sample(), player.state().type, posted.length]).toEqual([null, 'playing', 1])
	})
	it('[PL71] a channel that goes away has ended, one that never was there has not begun', async () => {
		const ended = await open(CHANNEL)
		ended.event('ready')
		void ended.player.play()
		ended.event('playing')
		ended.event('offline')
		expect(ended.player.state()).toEqual({ type: 'failed', failure: { type: 'live-ended' } })
		const notBegun = await open(CHANNEL)
		notBegun.event('ready')
		notBegun.event('offline')
		expect(notBegun.player.state()).toEqual({ type: 'failed', failure: { type: 'live-not-begun' } })
		const recording = await open(RECORDING)
		recording.event('ready')
		recording.event('offline')
		expect(recording.player.state().type).toBe('ready')
	})
	it('[PL72] pages that it refuses are told why, without asking it', async () => {
		expect(pageRefusal('https://matinee.test')).toBeNull()
		expect(pageRefusal('http://localhost:5173')).toBeNull()
		expect(pageRefusal('http://127.0.0.1:8080')).toBeNull()
		expect(pageRefusal('http://matinee.test')).toContain('https')
		expect(pageRefusal('https://matinee.test:8443')).toContain('8443')
		const { player } = await open(RECORDING, 'https://matinee.test:8443')
		expect(player.state()).toMatchObject({
			type: 'failed',
			failure: { type: 'page-refused', site: 'Twitch' },
		})
		expect((player.element as HTMLIFrameElement).src).toBe('about:blank')
	})
	it.each([
		['You must be subscribed to watch this video', 'private'],
		['This video is for mature audiences', 'age'],
		['Not available in your region', 'region'],
		['The video was deleted', 'removed'],
		['The parent does not match', 'page-refused'],
		['2000: network error', 'unknown'],
	])('[PL73] “%s” is %s', async (message, type) => {
		const { player, event } = await open(RECORDING)
		event('ready')
		event('error', { message })
		expect(player.state()).toMatchObject({ type: 'failed', failure: { type } })
	})
	it('[PL73] an error without words has some', async () => {
		const { player, event } = await open(RECORDING)
		event('error')
		expect(player.state()).toEqual({
			type: 'failed',
			failure: { type: 'unknown', detail: 'it gave no reason' },
		})
	})
	it('[PL79] silence is no answer, and nothing but nonsense is said to be that', async () => {
		const silent = await open(RECORDING)
		await silent.time.advance(12_100)
		expect(silent.player.state()).toEqual({ type: 'failed', failure: { type: 'no-answer', site: 'Twitch' } })
		const babbling = await open(RECORDING)
		babbling.say({ oops: 1 }, ORIGIN)
		babbling.say({ namespace: 'twitch-embed-player-proxy', eventName: 'UPDATE_STATE' }, ORIGIN)
		await babbling.time.advance(12_100)
		expect(babbling.player.state()).toEqual({
			type: 'failed',
			failure: { type: 'nonsense', site: 'Twitch', detail: '{"oops":1}' },
		})
	})
	it('[PL79] what is no number, no word or from another origin is not believed', async () => {
		const { player, event, state, say } = await open(RECORDING)
		state({ duration: 90 })
		event('ready')
		state({ currentTime: 1e300, duration: Infinity, volume: 7, muted: 'yes', playback: 'toString' })
		state({ currentTime: '5', duration: -1, playback: { toString: null } })
		state(JSON.parse('{"__proto__": {"currentTime": 44}}') as object)
		say(
			{
				namespace: 'twitch-embed-player-proxy',
				eventName: 'UPDATE_STATE',
				params: { currentTime: 50, playback: 'Playing' },
			},
			'https://elsewhere.example',
		)
		expect([player.state().type, player.sample()?.positionS, player.facts().durationS]).toEqual([
			'ready',
			0,
			90,
		])
	})
	it('[PL63] a start that the browser refuses is told by Twitch itself', async () => {
		const { player, event } = await open(RECORDING)
		event('ready')
		const outcome = player.play()
		event('playbackBlocked')
		expect(await outcome).toBe('blocked')
	})
})
