/**
 * What this person has set for this device alone, as it is kept: anything may stand on the disk.
 */
import type { OwnSettings } from '#lib/core/view.ts'

export const OWN_KEY = 'watching'
export const SOUND_DELAY_MAX_MS = 500

export const readOwn = (kept: unknown): OwnSettings => {
	const { soundDelayMs, doesShareFigures, hidesAddress } = (
		typeof kept === 'object' && kept !== null ? kept : {}
	) as Partial<OwnSettings>
	const delayMs = Number.isFinite(soundDelayMs) ? (soundDelayMs ?? 0) : 0
	return {
		soundDelayMs: Math.max(-SOUND_DELAY_MAX_MS, Math.min(SOUND_DELAY_MAX_MS, delayMs)),
		doesShareFigures: doesShareFigures === true,
		hidesAddress: hidesAddress === true,
	}
}
