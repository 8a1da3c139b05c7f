/**
 * Whether what happened in an embed's own controls was a person's act. What a hidden tab, a stall, an ad or an end
 * causes looks just alike, and so does the answer to our own commands: in doubt it was nobody.
 */
import { positionAt, type PlaybackVector } from '#lib/core/playback.ts'
import type { Seconds } from '#lib/core/units.ts'
import type { Doing, UserIntent } from './follower.ts'
import { isPosition } from './sensor.ts'

export interface IntentScene {
	readonly event: UserIntent
	/** Nothing of ours is on its way. */
	readonly isQuiet: boolean
	/** Local milliseconds since the page was last hidden. */
	readonly visibleForMs: number
	readonly doing: Doing['type']
	/** Since the film was last seen running in step with the law: an act is told after it has shown. */
	readonly trackedAgoMs: number
	readonly vector: PlaybackVector
	/** Where the film should be now; null where nobody can say. */
	readonly targetS: Seconds | null
	readonly leftS: Seconds
	/** The player's own clock is exact; else its word may be a report old. */
	readonly isExact: boolean
	/** As it was then. */
	readonly driftMs: number | null
}

/** Browsers pause and start again silent players some 55 ms after hiding and showing them. */
const VISIBLE_MS = 700
/** Players pause by themselves at the end. */
const END_ZONE_S = 1.5
/** Adapters wait a quarter of a second to see whether a pause stays. */
const TRACKED_MS = 600
const EXACT_S = 0.5
const REPORTED_S = 1.5

export const isPersonsAct = (scene: IntentScene): boolean => {
	const { event, doing, vector, targetS } = scene
	if (scene.visibleForMs < VISIBLE_MS || scene.leftS < END_ZONE_S || !isPosition(event.positionS))
		return false
	if (event.isSure === true && event.intent !== 'seek') {
		// Who it was is known; only what it was about is not: not a film that still is somewhere else.
		const atS = event.intent === 'pause' ? targetS : positionAt(vector, vector.atMs)
		const isNear = targetS === null || atS === null || Math.abs(atS - event.positionS) <= REPORTED_S
		return vector.isPlaying === (event.intent === 'pause') && isNear
	}
	if (!scene.isQuiet && event.isSure !== true) return false
	const wasTracking = (doing === 'tracking' || doing === 'settling') && scene.trackedAgoMs <= TRACKED_MS
	const withinS = scene.isExact ? EXACT_S : REPORTED_S
	switch (event.intent) {
		// A pause where the film should not have been is a stall's, or an ad's.
		case 'pause':
			return wasTracking && (targetS === null || Math.abs(targetS - event.positionS) <= withinS)
		// Of a seek only the place it left can tell.
		case 'seek':
			return (
				doing === 'paused' ||
				(wasTracking && (scene.driftMs === null || Math.abs(scene.driftMs) <= withinS * 1000))
			)
		case 'play':
			return (
				doing === 'paused' &&
				(targetS === null || Math.abs(positionAt(vector, vector.atMs) - event.positionS) <= withinS)
			)
	}
}
