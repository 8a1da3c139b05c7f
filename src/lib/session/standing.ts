/**
 * Where this person stands in the room: in it, removed from it, or on the way to the room it has moved to. Told by
 * the room's own records; where those have not come, by the server's refusal.
 */
import type { RoomState } from '#lib/core/state.ts'
import type { DeviceId, Millis, SubjectId } from '#lib/core/units.ts'
import type { Timers } from '#lib/follow/timers.ts'

/** Why the room is over for this page. Names as last seen; null: not known here, or this person on this device. */
export type RoomEnd =
	| {
			readonly type: 'removed'
			readonly by: string | null
			readonly atMs: Millis | null
			readonly isBan: boolean
			readonly title: string
	  }
	/** The lock was changed, and this device was given no new code. */
	| {
			readonly type: 'moved'
			readonly by: string | null
			readonly atMs: Millis | null
			readonly title: string
	  }
	/** The lock was changed, and here is the new code. */
	| { readonly type: 'go'; readonly code: string; readonly by: string | null }

export interface StandingDeps {
	readonly state: () => RoomState
	readonly links: () => number
	/** Whom links are refused has changed. */
	readonly reviewOutcasts: () => void
	/** Opens this device's note and makes the new room ready here; null where there is no note for it. */
	readonly follow: () => Promise<{ readonly code: string } | null>
	readonly onEnd: (end: RoomEnd) => void
	/** Following failed for a reason that may pass; it is tried again. */
	readonly onTrouble: (error: unknown) => void
	readonly timers: Timers
}

export interface Standing {
	/** The room has changed. */
	review(): void
	/** The person asks to be let in again: what is known here of a removal may be old, so the others are heard first. */
	askAgain(): void
	/** The server refuses this person. */
	refusedByServer(): void
	/** As the mesh asks: whether somebody is kept out. */
	isOutcast(device: DeviceId, subject: SubjectId | null): boolean
	/** Idempotent. */
	stop(): void
}

/** The new code is handed on to neighbours before this page goes where it leads. */
const STAY_MS = 1_000
/** The record that says who removed us may still be on its way. */
const WORD_PATIENCE_MS = 3_000
const FOLLOW_RETRY_MS = 5_000
const HEARING_MS = 10_000

export const nameIn = (state: RoomState, device: DeviceId): string | null =>
	state.members.find((member) => member.device === device)?.name ?? null

export const createStanding = (deps: StandingDeps): Standing => {
	const { timers } = deps
	let outcasts = ''
	let isOver = false
	let isFollowing = false
	let isHearing = false
	let cancel: () => void = () => undefined

	const end = (why: RoomEnd): void => {
		if (isOver) return
		isOver = true
		cancel()
		deps.onEnd(why)
	}

	const removedEnd = (state: RoomState): RoomEnd => {
		const removal = state.myRemoval
		return {
			type: 'removed',
			by: removal === null ? null : nameIn(state, removal.by),
			atMs: removal?.atMs ?? null,
			isBan: removal?.isBan ?? false,
			title: state.title,
		}
	}

	const follow = async (): Promise<void> => {
		const { moved, title, me } = deps.state()
		if (moved === null || isOver) return
		const by = moved.by === me ? null : nameIn(deps.state(), moved.by)
		try {
			const next = await deps.follow()
			end(
				next === null ? { type: 'moved', by, atMs: moved.atMs, title } : { type: 'go', code: next.code, by },
			)
		} catch (error) {
			deps.onTrouble(error)
			cancel = timers.after(FOLLOW_RETRY_MS, () => void follow())
		}
	}

	const outcastsIn = ({ members, removals }: RoomState): string =>
		[
			...removals.map(({ subject }) => subject),
			...members.filter(({ role }) => role === 'banned').map(({ device }) => device),
		].join(' ')

	const review = (): void => {
		if (isOver) return
		const state = deps.state()
		const now = outcastsIn(state)
		if (now !== outcasts) {
			outcasts = now
			deps.reviewOutcasts()
		}
		if (state.myRole === 'banned') {
			if (!isHearing) end(removedEnd(state))
		} else if (state.moved !== null && !isFollowing) {
			isFollowing = true
			cancel = timers.after(STAY_MS, () => void follow())
		}
	}

	return {
		review,
		askAgain: () => {
			isHearing = true
			cancel = timers.after(HEARING_MS, () => {
				isHearing = false
				review()
			})
		},
		refusedByServer: () => {
			timers.after(WORD_PATIENCE_MS, () => {
				// With links open the room goes on, whatever the server says: only its members decide who is in it.
				if (!isOver && deps.links() === 0) end(removedEnd(deps.state()))
			})
		},
		isOutcast: (device, subject) => {
			const { members, removals } = deps.state()
			return (
				members.some((member) => member.device === device && member.role === 'banned') ||
				(subject !== null && removals.some((removal) => removal.subject === subject))
			)
		},
		stop: () => {
			isOver = true
			cancel()
		},
	}
}
