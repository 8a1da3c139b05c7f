/**
 * What both ends of a link sign and authenticate: everything that makes this link this one. A machine in the middle
 * has two channels with two bindings, so neither end's proof fits the other; the role keeps a proof from being
 * played back to its maker.
 */
import { base64urlToBytes } from '#lib/core/base64url.ts'
import type { PeerId, RoomId } from '#lib/core/units.ts'

export type LinkRole = 'dial' | 'accept'

export interface LinkEnd {
	readonly peer: PeerId
	readonly nonce: Uint8Array
	readonly publicKey: Uint8Array
}

export interface ProofFacts {
	readonly roomId: RoomId
	readonly binding: Uint8Array
	readonly dialer: LinkEnd
	readonly accepter: LinkEnd
	/** Whose proof this is. */
	readonly signedBy: LinkRole
}

const LABEL = new TextEncoder().encode('matinee-link-1')
const LENGTH_BYTES = 2

/** `label | room | binding | dialer's peer, nonce, key | accepter's | role`, each with its length before it. */
export const proofTranscript = (facts: ProofFacts): Uint8Array<ArrayBuffer> => {
	const idBytes = (id: string): Uint8Array => {
		const bytes = base64urlToBytes(id)
		if (bytes === null) throw new Error('ids are parsed before they get here')
		return bytes
	}
	const fields = [
		LABEL,
		idBytes(facts.roomId),
		facts.binding,
		idBytes(facts.dialer.peer),
		facts.dialer.nonce,
		facts.dialer.publicKey,
		idBytes(facts.accepter.peer),
		facts.accepter.nonce,
		facts.accepter.publicKey,
		Uint8Array.of(facts.signedBy === 'dial' ? 0 : 1),
	]
	const out = new Uint8Array(fields.reduce((sum, field) => sum + LENGTH_BYTES + field.length, 0))
	let at = 0
	for (const field of fields) {
		out[at] = field.length >> 8
		out[at + 1] = field.length & 0xff
		out.set(field, at + LENGTH_BYTES)
		at += LENGTH_BYTES + field.length
	}
	return out
}

/** In time that does not depend on where they differ. */
export const areSameBytes = (a: Uint8Array, b: Uint8Array): boolean => {
	if (a.length !== b.length) return false
	let difference = 0
	for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0)
	return difference === 0
}
