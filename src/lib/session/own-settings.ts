/**
 * What this person has set for this device alone, as it is kept: anything may stand on the disk.
 */
import type { OwnSettings } from '#lib/core/view.ts'
import type { Volume } from './playback-driver.ts'

export const OWN_KEY = 'watching'
export const VOLUME_KEY = 'volume'
export const SOUND_DELAY_MAX_MS = 500
/** A frame at 25 fps, which is as near as the loop goes unheard. */
export const TOLERANCE_MIN_MS = 40
export const TOLERANCE_MAX_MS = 400

export const readOwn = (kept: unknown): OwnSettings => {
	const { soundDelayMs, doesShareFigures, hidesAddress, toleranceMs } = (
		typeof kept === 'object' && kept !== null ? kept : {}
	) as Partial<OwnSettings>
	const delayMs = Number.isFinite(soundDelayMs) ? (soundDelayMs ?? 0) : 0
	return {
		soundDelayMs: Math.max(-SOUND_DELAY_MAX_MS, Math.min(SOUND_DELAY_MAX_MS, delayMs)),
		doesShareFigures: doesShareFigures === true,
		hidesAddress: hidesAddress === true,
		toleranceMs: Number.isFinite(toleranceMs)
			? Math.max(TOLERANCE_MIN_MS, Math.min(TOLERANCE_MAX_MS, toleranceMs ?? 0))
			: TOLERANCE_MIN_MS,
	}
}

export const readVolume = (kept: unknown): Volume => {
	const { volume, isMuted } = (typeof kept === 'object' && kept !== null ? kept : {}) as Partial<Volume>
	return {
		volume: typeof volume === 'number' && volume >= 0 && volume <= 1 ? volume : 1,
		isMuted: isMuted === true,
	}
}
