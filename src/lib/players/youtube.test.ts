import { describe, expect, it } from 'vitest'
import { readYouTubeWord } from './youtube-words.ts'
import { createAdJudge } from './youtube-ads.ts'
import { reportedAt, youtubeAddress, youtubeFailure } from './youtube.ts'

const info = (fields: object): string => JSON.stringify({ event: 'infoDelivery', info: fields, id: 1 })

describe('what YouTube’s embed says', () => {
	it('[PL26] a delivery is read field by field', () => {
		expect(
			readYouTubeWord(
				info({
					playerState: 2,
					currentTime: 12.5,
					currentTimeLastUpdated_: 1_700_000_000.25,
					duration: 90,
					playbackRate: 1.25,
					availablePlaybackRates: [1, 1.25],
					videoLoadedFraction: 0.5,
					volume: 40,
					muted: true,
					videoData: { title: ' A film ', isLive: false },
				}),
			),
		).toEqual({
			type: 'info',
			info: {
				state: 2,
				positionS: 12.5,
				stampWallMs: 1_700_000_000_250,
				durationS: 90,
				rate: 1.25,
				rates: [1, 1.25],
				loadedFraction: 0.5,
				volume: 0.4,
				isMuted: true,
				title: 'A film',
				isLive: false,
			},
		})
	})
	it.each([
		[{ currentTime: 1e300 }],
		[{ currentTime: -1 }],
		[{ currentTime: '7' }],
		[{ currentTime: null, duration: 0, playerState: 4 }],
		[{ playbackRate: 0, volume: 101, muted: 'yes', availablePlaybackRates: ['1'] }],
		[JSON.parse('{"__proto__": {"currentTime": 5}}')],
	])('[PL33] nothing is taken from %j', (fields: object) => {
		expect(readYouTubeWord(info(fields))).toEqual({ type: 'info', info: {} })
	})
	it.each([
		['{'],
		['[]'],
		['"onReady"'],
		[{ event: 'onReady' }],
		[null],
		[7],
		['{"event":"hello"}'],
		['{"event":"infoDelivery","info":3}'],
		['{"event":"onStateChange","info":99}'],
		['{"event":"onError","info":{"code":150}}'],
		[`{"event":"onReady","pad":"${'x'.repeat(100_000)}"}`],
	])('[PL33] %j is no word of it', (data) => {
		expect(readYouTubeWord(data)).toBeNull()
	})
	it('[PL31] errors come as numbers or as their texts', () => {
		expect(readYouTubeWord('{"event":"onError","info":"150"}')).toEqual({ type: 'error', code: 150 })
		expect(youtubeFailure(150)).toEqual({ type: 'embedding-off' })
		expect(youtubeFailure(1234)).toEqual({ type: 'unknown', detail: 'error 1234' })
	})
})

describe('when a report was true', () => {
	it.each([
		[20, 980, 'stamped'],
		[0, 1_000, 'stamped'],
		[2_001, 1_000, 'arrival'],
		[-50, 1_000, 'arrival'],
		[NaN, 1_000, 'arrival'],
	])('[PL25] a stamp %d ms old makes it %d (%s)', (ageMs, atLocalMs, by) => {
		expect(reportedAt(1_000, 5_000_000, 5_000_000 - ageMs)).toEqual({
			atLocalMs,
			sigmaMs: by === 'stamped' ? 15 : 80,
		})
	})
	it('[PL25] without a stamp it is the arrival', () => {
		expect(reportedAt(1_000, 5_000_000, undefined).atLocalMs).toBe(1_000)
	})
})

describe('ads and refused starts', () => {
	it('[PL28] −1 after play is an ad where nothing can have refused it, and blocked where it can', () => {
		const judge = createAdJudge()
		judge.length(90, 0)
		judge.told(true, 1_000)
		expect(judge.judge(1_900, 0, false)).toBe('content')
		expect(judge.judge(2_100, 0, false)).toBe('ad')
		expect(judge.judge(2_100, 0, true)).toBe('content')
		expect(judge.judge(3_100, 0, true)).toBe('blocked')
		judge.state(1, 3_200)
		expect(judge.judge(3_300, 0, true)).toBe('content')
	})
	it('[PL28] another length is an ad’s, and a first one heard in play gives way to a longer', () => {
		const sure = createAdJudge()
		sure.length(90, 0)
		sure.told(true, 0)
		sure.state(1, 100)
		sure.length(15, 200)
		expect([sure.judge(300, 0, false), sure.lengthS()]).toEqual(['ad', 90])
		sure.length(90.4, 15_000)
		expect([sure.judge(15_100, 0, false), sure.lengthS()]).toEqual(['content', 90.4])
		const unsure = createAdJudge()
		unsure.told(true, 0)
		unsure.state(1, 100)
		unsure.length(15, 200)
		unsure.length(90, 300)
		expect([unsure.judge(400, 0, false), unsure.lengthS()]).toEqual(['content', 90])
	})
	it('[PL28] a length that stays different for ten minutes is the film’s', () => {
		const judge = createAdJudge()
		judge.length(90, 0)
		judge.told(true, 0)
		judge.state(1, 0)
		judge.length(140, 1_000)
		expect(judge.judge(2_000, 0, false)).toBe('ad')
		judge.length(140, 602_000)
		expect([judge.judge(602_001, 0, false), judge.lengthS()]).toEqual(['content', 140])
	})
	it('[PL28] standing still is an ad only if there is something to play and it still reports', () => {
		const judge = createAdJudge()
		judge.length(90, 0)
		judge.told(true, 0)
		judge.state(1, 0)
		judge.position(5, 100)
		judge.position(5, 1_700)
		expect(judge.judge(1_700, 10, false)).toBe('ad')
		expect(judge.judge(1_700, 0.5, false)).toBe('content')
		expect(judge.judge(3_500, 10, false)).toBe('content')
		judge.position(5.3, 3_600)
		expect(judge.judge(3_700, 10, false)).toBe('content')
		judge.told(false, 3_800)
		expect(judge.judge(9_000, 10, false)).toBe('content')
	})
})

it('[PL24] the address asks for the API and names our page, and no time, for that is the room’s', () => {
	const url = new URL(
		youtubeAddress('sAltMar5h_0', { pageOrigin: 'https://films.example:8443', language: 'de' }),
	)
	expect(url.origin + url.pathname).toBe('https://www.youtube-nocookie.com/embed/sAltMar5h_0')
	expect(Object.fromEntries(url.searchParams)).toMatchObject({
		enablejsapi: '1',
		origin: 'https://films.example:8443',
		hl: 'de',
		rel: '0',
	})
	expect(url.searchParams.has('start')).toBe(false)
})
