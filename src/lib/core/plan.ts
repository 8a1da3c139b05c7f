/**
 * What a command means to write, worked out from the room as it stands. Plans are pure; `writer.ts` numbers, signs
 * and writes them. A plan that cannot be is the outcome itself.
 */
import type { BodyValue } from './body.ts'
import type { Fold } from './fold.ts'
import type { Kind } from './kinds.ts'
import { keyBetween } from './position.ts'
import type { ParsedRecord } from './records.ts'
import { can, type Action } from './roles.ts'
import type { CommandOutcome, WhyRefused } from './room.ts'
import type { DeviceId, ItemId, Millis } from './units.ts'

export interface Draft {
	readonly kind: Kind
	readonly slot: number
	/** Null empties the slot. A body that names its own record is made from the seq. */
	readonly body: BodyValue | ((seq: number) => BodyValue)
}

export interface Plan {
	readonly drafts: readonly Draft[]
	/** What to tell the caller; `refs` names the written records, in the drafts' order. */
	readonly outcome?: (refs: readonly string[]) => CommandOutcome
}

export interface PlanContext {
	readonly fold: Fold
	readonly me: DeviceId
	/** The milliseconds these records will carry. */
	readonly ms: Millis
	/** This device's record in a slot, as verified. */
	own(kind: Kind, slot: number): ParsedRecord | undefined
	/** No record of this device has this number or a higher one: where it looks for free slots. */
	readonly numberAhead: number
	/** The highest seq seen of a device; -1 for none. */
	readonly lastSeqOf: (device: DeviceId) => number
	publicKeyOf(device: DeviceId): Uint8Array | undefined
	/** A fresh nonce of 11 base64url characters. */
	nonce(): string
	/** Digits that keep two people's keys for one place apart. */
	jitter(): string
}

export const NOTHING_TO_DO: CommandOutcome = { type: 'nothing-to-do' }
export const refused = (why: WhyRefused): CommandOutcome => ({ type: 'refused', why })
export const NO_SUCH_ITEM: CommandOutcome = { type: 'no-such-item' }

/** Null where I may; the refusal otherwise. */
export const refusal = ({ fold }: PlanContext, action: Action): CommandOutcome | null =>
	can(fold.state.myRole, action, fold.state.settings)
		? null
		: { type: 'not-allowed', action, role: fold.state.myRole }

/** A key between two places. Where there is none (two items share a key), one beside them: ids decide then. */
export const placeBetween = (context: PlanContext, low: string | null, high: string | null): string =>
	keyBetween(low, high, context.jitter()) ?? high ?? low ?? 'V'

/** Which activity entry this takes back. */
export interface UndoTag {
	readonly id: string
	readonly at: Millis
}

export const itemOutcome = (item: ItemId) => (): CommandOutcome => ({ type: 'done', item })
