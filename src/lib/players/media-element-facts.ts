/**
 * What a media element tells of its film: length, sound track, whether it is live, and where it can be sought. Reads
 * only; browsers differ in all of it.
 */
import type { Seconds } from '#lib/core/units.ts'
import type { PlayerFacts } from './player.ts'

/** What positions mean, where they are not simply seconds from the beginning. */
export interface Timeline {
	readonly type: 'media' | 'date' | 'none'
	readonly liveLatencyMs: number | null
	/** Between the element's own time and the positions the room speaks of; null while unknown. */
	toRoom(mediaS: Seconds): Seconds | null
	toMedia(roomS: Seconds): Seconds | null
}

export const HAVE_METADATA = 1
export const HAVE_CURRENT_DATA = 2
export const HAVE_FUTURE_DATA = 3

export interface Quirks {
	webkitPreservesPitch?: boolean
	webkitAudioDecodedByteCount?: number
	mozHasAudio?: boolean
	audioTracks?: { readonly length: number }
	/** Safari: the date of media time 0 of its own HLS player. */
	getStartDate?: () => Date
}
export type QuirkyVideo = HTMLVideoElement & Quirks

/** Null until something is known: Firefox and Safari say so, Chromium only counts decoded bytes. */
const readHasAudio = (element: QuirkyVideo, hasPlayed: boolean, known: boolean | null): boolean | null => {
	if (typeof element.mozHasAudio === 'boolean') return element.mozHasAudio
	if (element.webkitAudioDecodedByteCount !== undefined) {
		if (element.webkitAudioDecodedByteCount > 0) return true
		// Nothing decoded after a second of playing: there is no sound track.
		return hasPlayed && element.currentTime > 1 && element.played.length > 0 ? false : known
	}
	return element.audioTracks ? element.audioTracks.length > 0 : null
}

/** The end of what holds `positionS`, or null; a range may begin a little late. */
export const rangeEnd = (ranges: TimeRanges, positionS: Seconds): Seconds | null => {
	for (let i = 0; i < ranges.length; i++)
		if (ranges.start(i) <= positionS + 0.05 && ranges.end(i) >= positionS) return ranges.end(i)
	return null
}

const lastEnd = (ranges: TimeRanges): Seconds => (ranges.length === 0 ? 0 : ranges.end(ranges.length - 1))

/** A server that only sends from the beginning on: browsers then let one seek to 0, or to what they happen to hold. */
export const isSeekable = (element: HTMLVideoElement): boolean => {
	const endS = lastEnd(element.seekable)
	return element.duration === Infinity ? endS > 0 : endS >= element.duration - 1
}

export interface FactsInput {
	readonly known: PlayerFacts
	readonly hasPlayed: boolean
	readonly timeline: Timeline | null
	/** Learned by reaching it, where the file itself said otherwise. */
	readonly endedAtS: Seconds | null
	/** It states no length, and can be had from any place on all the same. */
	readonly isUnmeasured: boolean
}

/** The same object if nothing is new. */
export const readFacts = (element: QuirkyVideo, input: FactsInput): PlayerFacts => {
	const { known, timeline } = input
	const isEndless = element.duration === Infinity
	const type = timeline?.type ?? (isEndless && !input.isUnmeasured ? 'none' : 'media')
	const isFile = type === 'media' && Number.isFinite(element.duration)
	const facts: PlayerFacts = {
		durationS: isFile ? (input.endedAtS ?? element.duration) : null,
		title: null,
		isLive: type !== 'media' || (isEndless && !input.isUnmeasured),
		hasAudio: readHasAudio(element, input.hasPlayed, known.hasAudio),
		timeline: type,
		liveLatencyMs: type === 'date' ? (timeline?.liveLatencyMs ?? null) : null,
	}
	const isSame =
		facts.durationS === known.durationS &&
		facts.hasAudio === known.hasAudio &&
		facts.isLive === known.isLive &&
		facts.timeline === known.timeline &&
		facts.liveLatencyMs === known.liveLatencyMs
	return isSame ? known : facts
}
