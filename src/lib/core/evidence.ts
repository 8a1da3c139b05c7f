/**
 * Records that carry other records, whole: the proof that a device forked, an offer of the room that was accepted,
 * how an earlier owner came to it. Each proves itself or is refused, whoever brings it.
 */
import type { Verifier } from './crypto.ts'
import type { Bodies } from './kinds.ts'
import { compareBytes, parseRecord, unsignedPart, type ParsedRecord } from './records.ts'

type Handover = Bodies['handover']
type OfferBody = Extract<Handover, { t: 'offer' }>
type AcceptBody = Extract<Handover, { t: 'accept' }>
export type OfferRecord = ParsedRecord & { readonly kind: 'handover'; readonly body: OfferBody }
export type AcceptRecord = ParsedRecord & { readonly kind: 'handover'; readonly body: AcceptBody }

/** The offer in a record's bytes; null where there is none. The signature is not looked at. */
export const offerIn = (bytes: Uint8Array): OfferRecord | null => {
	const record = parseRecord(bytes)
	return typeof record !== 'string' && record.kind === 'handover' && record.body?.t === 'offer'
		? (record as OfferRecord)
		: null
}

/** As `offerIn`, for what says that an offer was accepted. */
export const acceptIn = (bytes: Uint8Array): AcceptRecord | null => {
	const record = parseRecord(bytes)
	return typeof record !== 'string' && record.kind === 'handover' && record.body?.t === 'accept'
		? (record as AcceptRecord)
		: null
}

export interface EvidenceDeps {
	readonly verifier: Verifier
	/** Whether a record's signature holds in this room or, `isAnywhere`, whatever its kind, in one that this was before. */
	readonly isSigned: (publicKey: Uint8Array, record: ParsedRecord, isAnywhere?: boolean) => Promise<boolean>
}

/** Whether what is inside a record is what it says. True for records that carry no others. */
export const createEvidenceCheck = ({ verifier, isSigned }: EvidenceDeps) => {
	const isBy = async (key: Uint8Array, record: ParsedRecord, isAnywhere = false): Promise<boolean> =>
		(await verifier.deviceOf(key)) === record.author && (await isSigned(key, record, isAnywhere))

	const isFork = async ({ key, a: first, b: second }: Bodies['fork']): Promise<boolean> => {
		const [a, b] = [parseRecord(first), parseRecord(second)]
		if (typeof a === 'string' || typeof b === 'string') return false
		if (
			a.author !== b.author ||
			a.seq !== b.seq ||
			compareBytes(unsignedPart(a.bytes), unsignedPart(b.bytes)) === 0
		)
			return false
		// Who forked in the old room has forked: that the records themselves do not carry over changes nothing.
		return (await isBy(key, a, true)) && (await isBy(key, b, true))
	}

	const isAccepted = async ({ key, offer }: AcceptBody): Promise<boolean> => {
		const offered = offerIn(offer)
		return offered !== null && (await isBy(key, offered))
	}

	const isHandover = async (body: Handover): Promise<boolean> => {
		if (body.t === 'offer') return true
		if (body.t === 'accept') return isAccepted(body)
		const accept = acceptIn(body.accept)
		return accept !== null && (await isBy(body.key, accept)) && isAccepted(accept.body)
	}

	return async (record: ParsedRecord): Promise<boolean> => {
		if (record.isDeleted) return true
		if (record.kind === 'fork') return record.body !== null && isFork(record.body)
		if (record.kind === 'handover') return record.body !== null && isHandover(record.body)
		return true
	}
}
