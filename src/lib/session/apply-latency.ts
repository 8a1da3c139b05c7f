/**
 * How long it takes from somebody else's act (play, pause, seek), stamped in room time by whoever did it, until the
 * film here does it: one of the figures that may be shared. Knows a player only by where it stands.
 */
import { positionAt, type PlaybackVector } from '#lib/core/playback.ts'
import type { DeviceId, Millis, Seconds } from '#lib/core/units.ts'
import { APPLY } from '#lib/protocol/figures.ts'

/** The player now; `positionS` null where it cannot be read. */
export interface FilmNow {
	readonly state: 'playing' | 'still' | 'other'
	readonly positionS: Seconds | null
}

export interface ApplyLatency {
	/** Called when the room or the player has moved, and now and then; `film` null where there is none. */
	look(vector: PlaybackVector, film: FilmNow | null): void
	/** Of the acts carried out since the last call, in ms. */
	take(): readonly Millis[]
}

export interface ApplyLatencyDeps {
	readonly me: DeviceId
	readonly roomNow: () => Millis
}

/** Nearer is there: a person's own delay of the sound, and what the follow loop still has to pull in, lie within it. */
const NEAR_S: Seconds = 1

export const createApplyLatency = ({ me, roomNow }: ApplyLatencyDeps): ApplyLatency => {
	let seen: PlaybackVector | null = null
	/** When the act was done that the film here does not do yet. */
	let actedMs: Millis | null = null
	let taken: Millis[] = []

	const isAsAsked = (vector: PlaybackVector, film: FilmNow): boolean => {
		const nowMs = roomNow()
		if (vector.isPlaying && nowMs < vector.atMs) return false
		if (film.state !== (vector.isPlaying ? 'playing' : 'still')) return false
		return (
			film.positionS === null ||
			Math.abs(film.positionS - positionAt(vector, nowMs)) <= NEAR_S * Math.max(1, vector.rate)
		)
	}
	/** Of a person, on the film that is on; not what the room does by itself, and not what was found on coming in. */
	const isActOfAnother = (vector: PlaybackVector): boolean =>
		seen !== null &&
		vector.itemId === seen.itemId &&
		vector.by !== null &&
		vector.by !== me &&
		(vector.cause.type === 'user' || vector.cause.type === 'go')

	return {
		look(vector, film) {
			if (vector.rev !== seen?.rev) {
				// What finds the film as it wants it asks for nothing; what is overtaken is not carried out any more.
				const isAsked = film !== null && isActOfAnother(vector) && !isAsAsked(vector, film)
				actedMs = isAsked ? (vector.actedMs ?? null) : null
				seen = vector
			}
			if (actedMs === null || film === null || !isAsAsked(vector, film)) return
			taken.push(Math.max(0, roomNow() - actedMs))
			if (taken.length > APPLY.readingsMax) taken.shift()
			actedMs = null
		},
		take() {
			const out = taken
			taken = []
			return out
		},
	}
}
