/**
 * HLS streams out of one-second parts: a film of any length, and live streams that slide in real time, with switches
 * for what goes wrong with them. A part n shows the stream's second n, at `beganMs` + n seconds.
 */
import { initSegment, partAt, PART_CODECS, PART_S } from './media-parts.ts'

export interface StreamSwitches {
	/** `vod` ends after `parts`; `live` slides; `event` is live and forgets nothing. */
	type: 'vod' | 'live' | 'event'
	parts: number
	/** Unix milliseconds of part 0. */
	beganMs: number
	/** How many parts a live playlist lists. */
	windowParts: number
	targetDurationS: number
	hasDates: boolean
	/** By how much the stream's own clock is wrong. */
	dateOffsetMs: number
	/** Its clock was set at that part. */
	dateJump: { atPart: number; byMs: number } | null
	/** Wobble of each part's date, as encoders have it: ± so much. */
	dateWobbleMs: number
	/** A discontinuity before each part whose number it divides; the parts' own times begin anew there. */
	cutEvery: number
	/** From its end on a part is to be had only after so long. */
	publishDelayMs: number
	/** The live stream makes no more parts than this; with `end` 'endlist' it says so, with 'gone' it answers 404. */
	lastPart: number
	end: 'silent' | 'endlist' | 'gone'
	/** Part numbers that are answered with a status, or never. */
	partStatus: Record<number, number | 'hang'>
	/** Sent instead of every part. */
	partBody: Buffer | null
	hasMaster: boolean
}

export const streamSwitches = (given: Partial<StreamSwitches> = {}): StreamSwitches => ({
	type: 'vod',
	parts: 40,
	beganMs: Date.now() - 120_000,
	windowParts: 20,
	targetDurationS: 1,
	hasDates: true,
	dateOffsetMs: 0,
	dateJump: null,
	dateWobbleMs: 0,
	cutEvery: 0,
	publishDelayMs: 0,
	lastPart: Infinity,
	end: 'silent',
	partStatus: {},
	partBody: null,
	hasMaster: false,
	...given,
})

export type StreamAnswer =
	| { readonly type: 'playlist'; readonly text: string }
	| { readonly type: 'part'; readonly bytes: Buffer }
	| { readonly type: 'status'; readonly status: number }
	| { readonly type: 'hang' }

/** The newest part to be had, −1 if none. */
const newestPart = (stream: StreamSwitches, nowMs: number): number =>
	Math.min(
		stream.lastPart,
		Math.floor((nowMs - stream.publishDelayMs - stream.beganMs) / (PART_S * 1000)) - 1,
	)

export const dateOfPart = (stream: StreamSwitches, n: number): number => {
	const jumpMs = stream.dateJump && n >= stream.dateJump.atPart ? stream.dateJump.byMs : 0
	// The same for everybody, as an encoder's is: it depends on the part only.
	const wobbleMs = stream.dateWobbleMs * (((n * 37) % 11) / 5 - 1)
	return Math.round(stream.beganMs + n * PART_S * 1000 + stream.dateOffsetMs + jumpMs + wobbleMs)
}

const playlist = (stream: StreamSwitches, nowMs: number): string => {
	const isVod = stream.type === 'vod'
	const newest = isVod ? stream.parts - 1 : newestPart(stream, nowMs)
	const first = stream.type === 'live' ? Math.max(0, newest - stream.windowParts + 1) : 0
	const isCut = (n: number): boolean => stream.cutEvery > 0 && n > 0 && n % stream.cutEvery === 0
	const cutsBefore = stream.cutEvery > 0 ? Math.floor(Math.max(0, first - 1) / stream.cutEvery) : 0
	const lines = [
		'#EXTM3U',
		'#EXT-X-VERSION:7',
		`#EXT-X-TARGETDURATION:${String(stream.targetDurationS)}`,
		`#EXT-X-MEDIA-SEQUENCE:${String(first)}`,
		...(stream.cutEvery > 0 ? [`#EXT-X-DISCONTINUITY-SEQUENCE:${String(cutsBefore)}`] : []),
		...(stream.type === 'live' ? [] : [`#EXT-X-PLAYLIST-TYPE:${stream.type.toUpperCase()}`]),
		'#EXT-X-INDEPENDENT-SEGMENTS',
		'#EXT-X-MAP:URI="init.mp4"',
	]
	for (let n = first; n <= newest; n++) {
		if (isCut(n)) lines.push('#EXT-X-DISCONTINUITY')
		if (stream.hasDates && !isVod)
			lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(dateOfPart(stream, n)).toISOString()}`)
		lines.push(`#EXTINF:${PART_S.toFixed(3)},`, `${String(n)}.m4s`)
	}
	const hasEnded = !isVod && newest === stream.lastPart && stream.end === 'endlist'
	if (isVod || hasEnded) lines.push('#EXT-X-ENDLIST')
	return `${lines.join('\n')}\n`
}

/** `name`: what is asked for, the last piece of the path. */
export const answerStream = (stream: StreamSwitches, name: string, nowMs: number): StreamAnswer => {
	if (name === 'index.m3u8' && stream.hasMaster) {
		const variant = `#EXT-X-STREAM-INF:BANDWIDTH=200000,RESOLUTION=320x180,CODECS="${PART_CODECS}"`
		return { type: 'playlist', text: `#EXTM3U\n${variant}\nmedia.m3u8\n` }
	}
	if (name === 'index.m3u8' || name === 'media.m3u8') {
		const isGone = stream.end === 'gone' && newestPart(stream, nowMs) === stream.lastPart
		return isGone ? { type: 'status', status: 404 } : { type: 'playlist', text: playlist(stream, nowMs) }
	}
	if (name === 'init.mp4') return { type: 'part', bytes: initSegment() }
	const n = /^(\d{1,9})\.m4s$/.exec(name)?.[1]
	if (n === undefined) return { type: 'status', status: 404 }
	const part = Number(n)
	const trouble = stream.partStatus[part]
	if (trouble === 'hang') return { type: 'hang' }
	if (trouble !== undefined) return { type: 'status', status: trouble }
	if (stream.type === 'vod' ? part >= stream.parts : part > newestPart(stream, nowMs))
		return { type: 'status', status: 404 }
	if (stream.partBody) return { type: 'part', bytes: stream.partBody }
	return { type: 'part', bytes: partAt(stream.cutEvery > 0 ? part % stream.cutEvery : part) }
}
