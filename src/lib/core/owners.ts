/**
 * Whose the room is: a chain from the root. Each hand-over is an offer of who owned the room when it was made, taken
 * by the person it names; it cuts the old owner's devices and begins the new one's. Nothing written later changes it:
 * the acceptance carries the offer, and later owners keep the acceptances that led to them.
 */
import { acceptIn, offerIn, type AcceptRecord, type OfferRecord } from './evidence.ts'
import { subjectOfUnknown, type People } from './members.ts'
import { compareBytes, compareRecords, type ParsedRecord, type RecordOf } from './records.ts'
import type { RoomRoot } from './room.ts'
import type { DeviceId, SubjectId } from './units.ts'

/** Owner for the seqs above `after` up to and with `to`. */
export interface OwnerSpan {
	readonly after: number
	readonly to: number
}

export interface HandOver {
	readonly offer: OfferRecord
	readonly accept: AcceptRecord
}

export interface Owners {
	spansOf(device: DeviceId): readonly OwnerSpan[]
	/** The owner now. */
	readonly subject: SubjectId
	/** The hand-overs that count, first to last. */
	readonly chain: readonly HandOver[]
	/** The owner's offer that nobody has taken. */
	readonly offer: OfferRecord | null
}

const cutOf = (cuts: readonly { d: DeviceId; s: number }[], device: DeviceId): number | undefined =>
	cuts.find(({ d }) => d === device)?.s

const isSameOffer = (a: OfferRecord, b: OfferRecord): boolean =>
	a.ref === b.ref && compareBytes(a.bytes, b.bytes) === 0

/** Every acceptance there is, also those that only a later owner still has. */
const handOversIn = (records: readonly RecordOf<'handover'>[]): HandOver[] => {
	const accepts = new Map<string, HandOver>()
	for (const record of records) {
		const { body } = record
		if (body === null || body.t === 'offer') continue
		const accept = body.t === 'kept' ? acceptIn(body.accept) : (record as ParsedRecord & AcceptRecord)
		const offer = accept && offerIn(accept.body.offer)
		if (!accept || !offer) continue
		const known = accepts.get(accept.ref)
		if (known === undefined || compareBytes(accept.bytes, known.accept.bytes) < 0)
			accepts.set(accept.ref, { offer, accept })
	}
	return [...accepts.values()].sort((a, b) => compareRecords(a.accept, b.accept))
}

/** Of one device the offer with the lowest seq; between devices the earlier. */
const firstOf = (candidates: readonly HandOver[]): HandOver | undefined => {
	const byDevice = new Map<DeviceId, HandOver>()
	for (const candidate of candidates) {
		const best = byDevice.get(candidate.offer.author)
		const order = best
			? candidate.offer.seq - best.offer.seq || compareBytes(candidate.offer.bytes, best.offer.bytes)
			: -1
		// Accepted by two devices of one person: the earlier says when.
		if (order < 0) byDevice.set(candidate.offer.author, candidate)
	}
	return [...byDevice.values()].sort((a, b) => compareRecords(a.offer, b.offer))[0]
}

export const foldOwners = (
	records: readonly RecordOf<'handover'>[],
	root: RoomRoot,
	people: People,
): Owners => {
	const chain: HandOver[] = []
	/** Stage 0 is the founder's, stage n the n-th hand-over's. */
	const subjectIn = (stage: number): SubjectId => chain[stage - 1]?.offer.body.subject ?? root.ownerSubject
	const spanIn = (stage: number, device: DeviceId): OwnerSpan | null => {
		const isTheirs = people.subjectOf(device) === subjectIn(stage)
		const to = chain[stage]?.offer
		const end = to === undefined ? Infinity : (cutOf(to.body.from, device) ?? -1)
		const from = chain[stage - 1]
		const begin = from && cutOf(from.offer.body.to, device)
		// Named by the offer, a device is the new owner's though it forgets who it is, but not if it is another's.
		const isNamed =
			begin !== undefined &&
			(device === from?.accept.author || people.subjectOf(device) === subjectOfUnknown(device))
		const isIn = from === undefined ? isTheirs || device === root.ownerDevice : isTheirs || isNamed
		// An offer cannot be cut behind itself: its author would stay owner beside the new one.
		const last = to?.author === device ? Math.min(end, to.seq) : end
		return isIn ? { after: begin ?? -1, to: last } : null
	}

	let open = handOversIn(records)
	while (open.length > 0) {
		const stage = chain.length
		const next = firstOf(
			open.filter(({ offer, accept }) => {
				const span = spanIn(stage, offer.author)
				return (
					span !== null &&
					offer.seq > span.after &&
					offer.body.subject !== subjectIn(stage) &&
					(people.subjectOf(accept.author) === offer.body.subject ||
						cutOf(offer.body.to, accept.author) !== undefined)
				)
			}),
		)
		if (next === undefined) break
		chain.push(next)
		open = open.filter(({ offer }) => !isSameOffer(offer, next.offer))
	}

	const spans = new Map<DeviceId, OwnerSpan[]>()
	const spansOf = (device: DeviceId): readonly OwnerSpan[] => {
		const known = spans.get(device)
		if (known !== undefined) return known
		const found: OwnerSpan[] = []
		for (let stage = 0; stage <= chain.length; stage++) {
			const span = spanIn(stage, device)
			if (span !== null && span.to > span.after) found.push(span)
		}
		spans.set(device, found)
		return found
	}
	const isNow = (device: DeviceId, seq: number): boolean =>
		spansOf(device).some(({ after, to }) => to === Infinity && seq > after)

	const subject = subjectIn(chain.length)
	const offers = records.flatMap((record) => {
		const offer = record.body?.t === 'offer' && record.slot === 0 ? (record as OfferRecord) : null
		return offer && isNow(offer.author, offer.seq) && offer.body.subject !== subject ? [offer] : []
	})
	return {
		spansOf,
		subject,
		chain,
		offer:
			offers
				.filter((offer) => !chain.some((taken) => isSameOffer(taken.offer, offer)))
				.sort(compareRecords)
				.at(-1) ?? null,
	}
}
