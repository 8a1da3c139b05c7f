/**
 * What the room does by itself while people watch together: waits for whoever buffers, counts down when all are ready,
 * stops when somebody left, goes on when nobody can play what is on. Pure: everybody runs it on what they know of
 * everybody, and one of them, the lowest id that may, acts. Fetched with the first film.
 */
import type { Settings } from '#lib/core/roles.ts'
import { positionAt, type PlaybackVector } from '#lib/core/playback.ts'
import type { DeviceId, ItemId, Millis } from '#lib/core/units.ts'
import type { VectorChange } from '#lib/core/room.ts'
import { createWaitingPolicy, WAITING_ROOM_MAX_PEOPLE, type MemberPlayback } from './waiting.ts'
import { COUNT_DOWN_MS } from '#lib/follow/schedule.ts'

export interface TogetherMember extends MemberPlayback {
	/** In a ready check: the vector for which this member has said yes. */
	readonly readyFor: string | null
	/** The player of this member cannot play what is on. */
	readonly hasFailed: boolean
}

export interface TogetherInputs {
	readonly nowMs: Millis
	readonly me: DeviceId
	readonly vector: PlaybackVector
	readonly settings: Settings
	/** Everybody who is here, this device among them. */
	readonly members: readonly TogetherMember[]
	/** Those too who are just out of reach: they have not left yet. */
	readonly here: readonly DeviceId[]
	/** How far ahead a start is announced that all should make together. */
	readonly startDelayMs: Millis
	/** Something waits in the queue. */
	readonly hasNext: boolean
}

export type TogetherStep =
	| { readonly type: 'nothing' }
	| { readonly type: 'write'; readonly change: VectorChange }
	/** To the next item: nobody can play this one. */
	| { readonly type: 'go-on'; readonly from: ItemId; readonly atMs: Millis }

/** So long nobody could play it, before the room goes on: time to read why. */
export const DEAD_ITEM_MS: Millis = 10_000

/** Everybody has told anew what they do so long after being asked. */
const WHO_IS_ASKED_MS: Millis = 2_000

const NOTHING: TogetherStep = { type: 'nothing' }

/** The vector's next after all have said yes. */
export const countDown = (vector: PlaybackVector, nowMs: Millis, startDelayMs: Millis): VectorChange => ({
	positionS: vector.positionS,
	rate: vector.rate,
	isPlaying: true,
	// The announcement itself takes its time to everybody: all see the whole of "3".
	atMs: nowMs + COUNT_DOWN_MS + startDelayMs,
	cause: { type: 'go' },
})

export const createTogether = () => {
	const waiting = createWaitingPolicy()
	let before: readonly DeviceId[] = []
	/** Who left while the film played, and when that was seen. */
	let left: DeviceId | null = null
	let deadItem: { readonly item: ItemId; readonly sinceMs: Millis } | null = null

	const noteLeavers = ({ here, me }: TogetherInputs): void => {
		left = before.find((device) => device !== me && !here.includes(device)) ?? null
		before = here
	}
	const isMyTurn = ({ members, me }: TogetherInputs, isFit: (one: TogetherMember) => boolean): boolean =>
		members
			.filter((one) => one.mayControl && isFit(one))
			.map(({ device }) => device)
			.toSorted()[0] === me

	const stopForLeaver = (inputs: TogetherInputs): TogetherStep => {
		const { vector, nowMs, settings } = inputs
		if (left === null || !settings.pausesOnLeave || !vector.isPlaying || vector.atMs > nowMs) return NOTHING
		// Everybody counts, also who is hidden: stopping needs no player.
		if (!isMyTurn(inputs, () => true)) return NOTHING
		const { rate } = vector
		const change: VectorChange = {
			positionS: positionAt(vector, nowMs),
			rate,
			isPlaying: false,
			atMs: nowMs,
			cause: { type: 'left', device: left },
		}
		return { type: 'write', change }
	}

	const startWhenReady = (inputs: TogetherInputs): TogetherStep => {
		const { vector, members, nowMs, startDelayMs } = inputs
		if (vector.cause.type !== 'check' || vector.isPlaying) return NOTHING
		// Whose film had only just come when it was asked may be known as having none.
		if (nowMs - vector.atMs < WHO_IS_ASKED_MS && members.some(({ isExempt }) => isExempt)) return NOTHING
		const asked = members.filter(({ isExempt }) => !isExempt)
		const areReady = asked.length > 0 && asked.every(({ readyFor }) => readyFor === vector.rev)
		if (!areReady || !isMyTurn(inputs, ({ isExempt }) => !isExempt)) return NOTHING
		return { type: 'write', change: countDown(vector, nowMs, startDelayMs) }
	}

	const leaveDeadItem = (inputs: TogetherInputs): TogetherStep => {
		const { vector, members, nowMs, hasNext, startDelayMs } = inputs
		const isDead = members.length > 0 && members.every(({ hasFailed }) => hasFailed)
		if (vector.itemId === null || !vector.isPlaying || !hasNext || !isDead) {
			deadItem = null
			return NOTHING
		}
		if (deadItem?.item !== vector.itemId) deadItem = { item: vector.itemId, sinceMs: nowMs }
		if (nowMs - deadItem.sinceMs < DEAD_ITEM_MS || !isMyTurn(inputs, () => true)) return NOTHING
		return { type: 'go-on', from: vector.itemId, atMs: nowMs + startDelayMs }
	}

	const waitForOthers = (inputs: TogetherInputs): TogetherStep => {
		const { vector, settings, nowMs, startDelayMs } = inputs
		// By who is here: of a large room only some may have said anything yet.
		const isLarge = new Set(inputs.here).size > WAITING_ROOM_MAX_PEOPLE
		const step = waiting.step({ ...inputs, doesRoomWait: settings.waits && !isLarge })
		if (step.type === 'nothing') return NOTHING
		const isResume = step.type === 'resume'
		const change: VectorChange = {
			positionS: step.positionS,
			rate: vector.rate,
			isPlaying: isResume,
			atMs: isResume ? nowMs + startDelayMs : nowMs,
			cause: isResume ? { type: 'resume' } : { type: 'wait', device: step.device },
		}
		return { type: 'write', change }
	}

	return {
		/** What this device should write now; asked twice a second. */
		step: (inputs: TogetherInputs): TogetherStep => {
			noteLeavers(inputs)
			for (const rule of [stopForLeaver, startWhenReady, leaveDeadItem, waitForOthers]) {
				const step = rule(inputs)
				if (step.type !== 'nothing') return step
			}
			return NOTHING
		},
		/** When the room goes on from an item that nobody can play; null while that is not so. */
		leavesDeadItemAtMs: (): Millis | null => (deadItem === null ? null : deadItem.sinceMs + DEAD_ITEM_MS),
	}
}

export type Together = ReturnType<typeof createTogether>
