/**
 * What a member tells its neighbours of itself, a few times a minute: small, never in the document, and read through
 * a schema like everything else that comes from somebody.
 */
import { flag, integer, literal, nullable, object, optional, real, text, union } from '#lib/core/schema.ts'
import { ID_PATTERN, type DeviceId, type Millis, type PeerId } from '#lib/core/units.ts'
import type { PersonView } from '#lib/core/view.ts'
import { STATUS_MAX_BYTES } from '#lib/protocol/room-frames.ts'

export interface MemberStatus {
	readonly doing: PersonView['doing']
	readonly isMuted: boolean
	/** The page is hidden. */
	readonly isAway: boolean
	/** + = behind the room's moment; null while nothing plays. */
	readonly driftMs: Millis | null
	/** Waiting for data since; 0 when not. */
	readonly stalledForMs: Millis
	/** Could go on at once: enough is buffered. */
	readonly isReady: boolean
	/** Never holds the room: hidden, refused by the browser, in an ad, failed, or without a player. */
	readonly isExempt: boolean
	readonly startLagMs: Millis
	/** A live stream plays without stalling from so far behind the present on; null for anything else. */
	readonly liveLatencyMs: Millis | null
	/** In a ready check: the vector (its `rev`) for which this member has said yes. */
	readonly readyFor: string | null
	/** 95 of 100 messages come to its neighbours within this; null while not measured. */
	readonly oneWayP95Ms: Millis | null
	/** "Firefox on Linux"; null where it is kept private. */
	readonly deviceName: string | null
	/** Chat, queue and controls beside another screen: plays nothing. Left out by all others. */
	readonly isRemote?: boolean | undefined
	/** Plays what is on from a file of its own. Left out by all others. */
	readonly hasOwnCopy?: boolean | undefined
}

export interface StatusMessage {
	readonly peer: PeerId
	readonly device: DeviceId
	/** Counts up; of two, the higher one is the later one. */
	readonly count: number
	readonly status: MemberStatus
}

const ms = real(-86_400_000, 86_400_000)
const doing = union<PersonView['doing']>(
	object({ type: literal('unknown') }),
	object({ type: literal('idle') }),
	object({ type: literal('playing') }),
	object({ type: literal('paused') }),
	object({ type: literal('buffering'), percent: real(0, 100) }),
	object({ type: literal('blocked') }),
	object({ type: literal('failed'), why: optional(literal('no-file')) }),
	object({ type: literal('ad') }),
)

const message = object({
	peer: text(22, ID_PATTERN),
	device: text(22, ID_PATTERN),
	count: integer(0, Number.MAX_SAFE_INTEGER),
	status: object({
		doing,
		isMuted: flag,
		isAway: flag,
		driftMs: nullable(ms),
		stalledForMs: real(0, 86_400_000),
		isReady: flag,
		isExempt: flag,
		startLagMs: real(0, 60_000),
		liveLatencyMs: nullable(real(0, 3_600_000)),
		readyFor: nullable(text(48)),
		oneWayP95Ms: nullable(real(0, 600_000)),
		deviceName: nullable(text(48)),
		isRemote: optional(flag),
		hasOwnCopy: optional(flag),
	}),
})

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })

/** Milliseconds with a tenth: more would only be longer. */
const short = (value: unknown): unknown => (typeof value === 'number' ? Math.round(value * 10) / 10 : value)

/** Null where it is too long or holds what no status may: a fault of the caller, which is not sent on. */
export const encodeStatus = (status: StatusMessage): Uint8Array | null => {
	const bytes = encoder.encode(JSON.stringify(status, (_key, value: unknown) => short(value)))
	return bytes.length <= STATUS_MAX_BYTES && parseStatus(bytes) !== null ? bytes : null
}

/** Null for anything that is not exactly one status. */
export const parseStatus = (payload: Uint8Array): StatusMessage | null => {
	try {
		return (message.parse(JSON.parse(decoder.decode(payload))) as StatusMessage | undefined) ?? null
	} catch {
		return null // not UTF-8 or not JSON is one of the ways not to be a status
	}
}
