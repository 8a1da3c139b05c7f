import { describe, expect, it } from 'vitest'
import { createDailymotionLoader, dailymotionAddress } from './dailymotion.ts'
import { failureOf, readDailymotion } from './dailymotion-words.ts'
import { createFrameStand, type FrameStand } from './frame-stand.ts'
import type { Player } from './player.ts'

const ORIGIN = 'https://geo.dailymotion.com'
const MEDIA = { kind: 'dailymotion', id: 'x84sh87' } as const

interface Open extends FrameStand {
	readonly player: Player
	word(event: string, more?: object): void
	told(): string[]
	/** Where the frame was sent, `starts@place` or `nothing`. */
	shows(): string
}
const open = async (media: { readonly startS?: number } = {}): Promise<Open> => {
	const stand = createFrameStand()
	const player = stand.watch(
		await createDailymotionLoader(stand.deps).load(stand.stage, { ...MEDIA, ...media }),
	)
	return {
		...stand,
		player,
		word: (event, more = {}) => stand.say(JSON.stringify({ event, id: 'matinee', ...more }), ORIGIN),
		told: () =>
			stand.posted.map((text) => {
				const { command, parameters } = JSON.parse(String(text)) as { command: string; parameters: unknown[] }
				return [command, ...parameters].join(' ')
			}),
		shows() {
			const src = stand.address()
			if (src === 'about:blank') return 'nothing'
			const { searchParams } = new URL(src)
			return `${searchParams.get('autoplay') === 'true' ? 'plays' : 'rests'}@${searchParams.get('startTime') ?? '-'}`
		},
	}
}
const ready = async (): Promise<Open> => {
	const it = await open()
	it.word('apiready')
	it.word('durationchange', { duration: 90 })
	expect(it.player.state().type).toBe('ready')
	return it
}
const silent = async (media: { readonly startS?: number } = {}): Promise<Open> => {
	const it = await open(media)
	it.loaded()
	it.say({ command: 'get' }, ORIGIN)
	await it.time.advance(5_100)
	expect(it.player.state().type).toBe('ready')
	return it
}

describe('Dailymotion’s frame, talking', () => {
	it('[PL85] is asked for the video, resting, and for its words', () => {
		const { searchParams } = new URL(dailymotionAddress(MEDIA, 12.9, false, 'https://matinee.test'))
		expect(Object.fromEntries(searchParams)).toMatchObject({
			video: 'x84sh87',
			startTime: '12',
			autoplay: 'false',
			api: 'postMessage',
			origin: 'https://matinee.test',
		})
	})
	it('[PL85] commands and events are text', async () => {
		const { player, word, told } = await ready()
		player.setVolume(0.5, false)
		player.seek(30)
		void player.play()
		expect(told()).toEqual(['volume 0.5', 'muted false', 'seek 30', 'play'])
		word('seeked', { time: 30 })
		word('playing')
		word('timeupdate', { time: 30.5 })
		expect([player.state().type, player.sample()?.positionS]).toEqual(['playing', 30.5])
		word('rebuffer', { rebuffering: true })
		expect(player.state().type).toBe('stalled')
		word('rebuffer', { rebuffering: false })
		word('video_end')
		word('end')
		expect(player.state().type).toBe('ended')
	})
	it('[PL85] the words of its newer player are understood, and texts of queries', async () => {
		const { player, word, say } = await ready()
		void player.play()
		say('event=playing&id=matinee', ORIGIN)
		say('event=timeupdate&time=3.25&id=matinee', ORIGIN)
		expect(player.sample()?.positionS).toBe(3.25)
		word('timeupdate', { videoTime: 4, videoDuration: 91, videoTitle: 'Saltmarsh' })
		expect([player.sample()?.positionS, player.facts().durationS, player.facts().title]).toEqual([
			4,
			91,
			'Saltmarsh',
		])
	})
	it('[PL87] an ad is told by its own words or by a state, and its places are not the film’s', async () => {
		const old = await ready()
		void old.player.play()
		old.word('ad_start')
		old.word('timeupdate', { time: 14 })
		expect([old.player.state().type, old.player.sample()?.positionS]).toEqual(['ad', 0])
		old.word('ad_end')
		old.word('playing')
		expect(old.player.state().type).toBe('playing')
		const recent = await ready()
		void recent.player.play()
		recent.word('playerstate', { adIsPlaying: true, adDuration: 15 })
		expect([recent.player.state().type, recent.player.facts().durationS]).toEqual(['ad', 90])
		recent.word('playerstate', { adIsPlaying: false })
		expect(recent.player.state().type).toBe('stalled')
	})
	it.each([
		[{ code: 'DM007', title: 'Sorry' }, 'region'],
		[{ code: 'DM010', title: 'Private content' }, 'private'],
		[{ title: 'Content deleted', message: 'This video has been removed.' }, 'removed'],
		[{ title: 'This content is not available on this website' }, 'embedding-off'],
		[{ title: 'Explicit content' }, 'age'],
		[{ code: 'DM999' }, 'unknown'],
		[{}, 'unknown'],
	])('[PL88] %j is %s', (error, type) => {
		expect(failureOf({ event: 'error', ...error }).type).toBe(type)
	})
	it('[PL79] what is no word of it is none', async () => {
		for (const data of [
			'',
			'{',
			'[]',
			7,
			null,
			{ command: 'get' },
			'{"event":3}',
			'x=1',
			`event=a&${'x'.repeat(30_000)}`,
		])
			expect(readDailymotion(data)).toBeUndefined()
		const { player, word } = await ready()
		void player.play()
		word('playing')
		for (const lie of [-1, 1e300, '', 'soon', null, '1e400']) word('timeupdate', { time: lie, duration: lie })
		expect([player.sample()?.positionS, player.facts().durationS]).toEqual([0, 90])
	})
	it('[PL79] one whose page never comes is no answer', async () => {
		const { player, time } = await open()
		await time.advance(12_100)
		expect(player.state()).toEqual({ type: 'failed', failure: { type: 'no-answer', site: 'Dailymotion' } })
	})
})

describe('Dailymotion’s frame, silent', () => {
	it('[PL86] once it loaded and said nothing it can only be loaded anew, and is taken away to rest', async () => {
		const { player, shows } = await silent({ startS: 20 })
		expect(player.can).toEqual({
			rate: 'none',
			seek: 'reload',
			read: 'none',
			volume: false,
			pause: 'reload',
			seekGrainS: 1,
		})
		expect([player.sample(), shows()]).toEqual([null, 'nothing'])
	})
	it('[PL86] it plays from the place it was sent to, and goes when it is to rest', async () => {
		const { player, loaded, shows } = await silent()
		player.seek(31.9)
		const outcome = player.play()
		expect([shows(), player.state().type]).toEqual(['plays@31', 'loading'])
		loaded()
		expect([await outcome, player.state().type]).toEqual(['playing', 'playing'])
		player.seek(60)
		expect(shows()).toBe('plays@60')
		loaded()
		player.pause()
		expect([shows(), player.state().type]).toEqual(['nothing', 'paused'])
	})
	it('[PL86] what it says later is not for the player that it was', async () => {
		const { player, word } = await silent()
		word('apiready')
		word('durationchange', { duration: 90 })
		word('playing')
		expect([player.state().type, player.can.seek]).toEqual(['ready', 'reload'])
	})
	it('[PL86] one that does not come when sent to a place is no answer', async () => {
		const { player, time } = await silent()
		const outcome = player.play()
		await time.advance(12_100)
		expect([await outcome, player.state()]).toEqual([
			'failed',
			{ type: 'failed', failure: { type: 'no-answer', site: 'Dailymotion' } },
		])
	})
	it('[PL86] whoever asked the talking player to start is told that it did not', async () => {
		const { player, loaded, time } = await open()
		const outcome = player.play()
		loaded()
		await time.advance(5_100)
		expect(await outcome).toBe('failed')
	})
})
