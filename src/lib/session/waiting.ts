/**
 * Waiting for somebody who buffers (design: the room waits, at most 15 s, and nobody is held up by a hidden tab, a
 * refused autoplay or the same line twice in a minute). Pure: what is known of everybody goes in, what this device
 * should write comes out. Everybody runs it; one of them, the lowest id in step that may, acts.
 */
import { positionAt, type PlaybackVector } from '#lib/core/playback.ts'
import type { DeviceId, Millis, Seconds } from '#lib/core/units.ts'

export const STALL_PATIENCE_MS = 1_500
export const WAIT_MAX_MS = 15_000
export const WAITING_ROOM_MAX_PEOPLE = 6
const CARRY_WINDOW_MS = 60_000
const WAITS_BEFORE_CARRIED = 2
/** Buffered seconds that a resumed film needs. */
export const RESUME_BUFFER_S: Seconds = 3

export interface MemberPlayback {
	readonly device: DeviceId
	readonly mayControl: boolean
	readonly stalledForMs: Millis
	/** Could go on at once: enough is buffered. */
	readonly isReady: boolean
	/** Hidden, refused by the browser, in an ad, failed, or without a player (a remote): never holds the room. */
	readonly isExempt: boolean
}

export interface WaitingInputs {
	readonly nowMs: Millis
	readonly me: DeviceId
	readonly vector: PlaybackVector
	readonly doesRoomWait: boolean
	readonly members: readonly MemberPlayback[]
}

export type WaitingStep =
	| { readonly type: 'nothing' }
	/** Write: stand still at `positionS` until `device` has caught up. */
	| { readonly type: 'wait'; readonly device: DeviceId; readonly positionS: Seconds }
	/** Write: go on from where the film stands. */
	| { readonly type: 'resume'; readonly positionS: Seconds }

export interface WaitingPolicy {
	step(inputs: WaitingInputs): WaitingStep
}

const NOTHING: WaitingStep = { type: 'nothing' }

export const createWaitingPolicy = (): WaitingPolicy => {
	/** When each member last caused a wait, for "twice in a minute". */
	const waitsAtMs = new Map<DeviceId, Millis[]>()
	/** Gone on without: they re-enter by themselves and hold nobody until they play again. */
	const carried = new Set<DeviceId>()
	let lastRev = ''
	let lastWaitedFor: DeviceId | null = null

	const observe = (vector: PlaybackVector, nowMs: Millis, members: readonly MemberPlayback[]) => {
		for (const member of members)
			if (member.stalledForMs === 0 && member.isReady) carried.delete(member.device)
		if (vector.rev === lastRev) return
		lastRev = vector.rev
		if (vector.cause.type === 'wait') {
			const { device } = vector.cause
			waitsAtMs.set(
				device,
				[...(waitsAtMs.get(device) ?? []), nowMs].filter((atMs) => nowMs - atMs < CARRY_WINDOW_MS),
			)
			lastWaitedFor = device
			return
		}
		if (lastWaitedFor !== null && vector.isPlaying) {
			const waited = members.find(({ device }) => device === lastWaitedFor)
			if (waited !== undefined && !waited.isReady) carried.add(waited.device)
		}
		lastWaitedFor = null
	}

	const isCarried = (device: DeviceId, nowMs: Millis): boolean =>
		carried.has(device) ||
		(waitsAtMs.get(device) ?? []).filter((atMs) => nowMs - atMs < CARRY_WINDOW_MS).length >=
			WAITS_BEFORE_CARRIED

	return {
		step: ({ nowMs, me, vector, doesRoomWait, members }) => {
			observe(vector, nowMs, members)
			/** The lowest id that is in step itself and may steer. */
			const isMyTurn = (except: DeviceId): boolean =>
				members
					.filter(
						({ device, mayControl, stalledForMs }) => device !== except && mayControl && stalledForMs === 0,
					)
					.map(({ device }) => device)
					.toSorted()[0] === me

			if (vector.cause.type === 'wait' && !vector.isPlaying) {
				const { device } = vector.cause
				const waited = members.find((member) => member.device === device)
				const isOver =
					waited === undefined || waited.isReady || waited.isExempt || nowMs - vector.atMs > WAIT_MAX_MS
				// The one who was waited for may go on too, once ready: there may be nobody else left.
				const mayAct = isMyTurn(device) || (waited?.isReady === true && device === me && members.length === 1)
				return isOver && mayAct ? { type: 'resume', positionS: vector.positionS } : NOTHING
			}
			if (!doesRoomWait || !vector.isPlaying || vector.atMs > nowMs || members.length < 2) return NOTHING
			if (members.length > WAITING_ROOM_MAX_PEOPLE) return NOTHING
			const stalled = members.find(
				({ device, stalledForMs, isExempt }) =>
					stalledForMs > STALL_PATIENCE_MS && !isExempt && !isCarried(device, nowMs),
			)
			return stalled !== undefined && isMyTurn(stalled.device)
				? { type: 'wait', device: stalled.device, positionS: positionAt(vector, nowMs) }
				: NOTHING
		},
	}
}
