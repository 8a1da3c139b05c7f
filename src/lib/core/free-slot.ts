/**
 * Finding a slot that this device has not written, and the ring that the latest of something stands in.
 *
 * A free slot is looked for from the device's own numbers on, which outlive a crash: a device that lost its last
 * records, and others have them, would find their slots free again and write over them.
 */
import { KINDS, type Kind } from './kinds.ts'
import type { PlanContext } from './plan.ts'
import type { ParsedRecord, RecordOf } from './records.ts'

export const ownRecords = <K extends Kind>(context: PlanContext, kind: K): RecordOf<K>[] => {
	const records: RecordOf<K>[] = []
	for (let slot = 0; slot < KINDS[kind].slots; slot++) {
		const record = context.own(kind, slot)
		if (record !== undefined) records.push(record as ParsedRecord & RecordOf<K>)
	}
	return records
}

export const freeSlot = (
	{ numberAhead }: PlanContext,
	kind: Kind,
	records: readonly { slot: number }[],
	taken?: ReadonlySet<number>,
): number | null => {
	const { slots } = KINDS[kind]
	const used = new Set(records.map(({ slot }) => slot))
	// Slots come in powers of two, so an odd step meets every one; each number has another, so that two that find
	// the same place taken do not look for the next one at the same.
	const step = ((Math.imul(numberAhead, 0x9e3779b1) >>> 16) | 1) % slots
	for (let tries = 0; tries < slots; tries++) {
		const slot = (numberAhead + tries * step) % slots
		if (!used.has(slot) && !taken?.has(slot)) return slot
	}
	return null
}

interface Written {
	readonly slot: number
	readonly seq: number
}

export const oldest = (records: readonly Written[]): number | null =>
	records.reduce<Written | null>((best, record) => (best && best.seq < record.seq ? best : record), null)
		?.slot ?? null

/** A ring: a free slot while there is one, then the oldest but `spared`. */
export const ringSlot = (
	context: PlanContext,
	kind: 'playback' | 'settings' | 'chat',
	spared?: number,
): number => {
	const records = ownRecords(context, kind)
	const free = freeSlot(context, kind, records)
	return free ?? oldest(records.filter(({ slot }) => slot !== spared)) ?? 0
}
