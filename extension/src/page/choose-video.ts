/**
 * Which of a page's videos is the one that people came for: the largest that plays, and not an advertisement beside the
 * text, a preview over a thumbnail or a loop in the background. Pure: what is seen of each comes in.
 */
import type { Millis } from '#lib/core/units.ts'

export interface VideoFacts {
	/** As it is laid out, in CSS pixels. */
	readonly width: number
	readonly height: number
	readonly isPlaying: boolean
	readonly isMuted: boolean
	readonly doesLoop: boolean
	/** Null while unknown; Infinity for a live stream. */
	readonly durationMs: Millis | null
	/** It has, or is getting, something to play. */
	readonly hasSource: boolean
	/** Stands in what the page itself names an advertisement or a preview. */
	readonly isAside: boolean
}

/** Smaller ones are previews, or stand in a corner. */
const LEAST_WIDTH = 200
const LEAST_HEIGHT = 110
/** A loop of a few seconds without sound decorates. */
const DECORATION_MS = 30_000
/** So much larger must another one be that the chosen one is left for it. */
const CLEARLY_LARGER = 1.5

const areaOf = ({ width, height }: VideoFacts): number => width * height

const isDecoration = (video: VideoFacts): boolean =>
	video.doesLoop && video.isMuted && (video.durationMs ?? 0) < DECORATION_MS

/** Could be the one at all. Sound without a picture is laid out small: its page has no other. */
export const isCandidate = (video: VideoFacts): boolean =>
	video.hasSource &&
	!video.isAside &&
	!isDecoration(video) &&
	video.width >= LEAST_WIDTH &&
	video.height >= LEAST_HEIGHT

/** The best of a page's videos by its place in the list, or null; `chosen` is the one that was chosen last. */
export const chooseVideo = (videos: readonly VideoFacts[], chosen: number | null): number | null => {
	let best: number | null = null
	const isBetter = (one: VideoFacts, other: VideoFacts): boolean =>
		one.isPlaying === other.isPlaying ? areaOf(one) > areaOf(other) : one.isPlaying
	for (const [index, video] of videos.entries()) {
		const before = best === null ? undefined : videos[best]
		if (isCandidate(video) && (before === undefined || isBetter(video, before))) best = index
	}
	const kept = chosen === null ? undefined : videos[chosen]
	const rival = best === null ? undefined : videos[best]
	if (kept === undefined || !isCandidate(kept) || rival === undefined) return best
	// Ours may stand still because the room does: another one that plays is then no reason to leave it.
	return areaOf(rival) > areaOf(kept) * CLEARLY_LARGER && rival.isPlaying ? best : chosen
}
