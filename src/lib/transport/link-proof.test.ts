import { describe, expect, it } from 'vitest'
import type { PeerId, RoomId } from '#lib/core/units.ts'
import { channelBinding, fingerprintOf } from './dtls-fingerprints.ts'
import { areSameBytes, proofTranscript, type ProofFacts } from './link-proof.ts'

const end = (fill: number) => ({
	peer: Buffer.from(new Uint8Array(16).fill(fill)).toString('base64url') as PeerId,
	nonce: new Uint8Array(32).fill(fill),
	publicKey: new Uint8Array(32).fill(fill + 100),
})
const facts: ProofFacts = {
	roomId: Buffer.from(new Uint8Array(16).fill(9)).toString('base64url') as RoomId,
	binding: new Uint8Array(64).fill(5),
	dialer: end(1),
	accepter: end(2),
	signedBy: 'dial',
}

describe('what is signed', () => {
	it('[TR15] changes with the room, the channel, either end and the role', () => {
		const variants: ProofFacts[] = [
			facts,
			{ ...facts, signedBy: 'accept' },
			{ ...facts, roomId: 'BBBBBBBBBBBBBBBBBBBBBA' as RoomId },
			{ ...facts, binding: new Uint8Array(64).fill(6) },
			{ ...facts, dialer: facts.accepter, accepter: facts.dialer },
			{ ...facts, dialer: { ...facts.dialer, nonce: new Uint8Array(32) } },
			{ ...facts, accepter: { ...facts.accepter, nonce: new Uint8Array(32) } },
			{ ...facts, accepter: { ...facts.accepter, publicKey: new Uint8Array(32) } },
			{ ...facts, dialer: { ...facts.dialer, peer: end(3).peer } },
			// A field must not be able to lend bytes to its neighbour.
			{ ...facts, binding: new Uint8Array(63).fill(5) },
		]
		const texts = variants.map((variant) => Buffer.from(proofTranscript(variant)).toString('hex'))
		expect(new Set(texts).size).toBe(variants.length)
	})

	it('compares bytes', () => {
		expect(areSameBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true)
		expect(areSameBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false)
		expect(areSameBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2, 3))).toBe(false)
	})
})

describe('DTLS fingerprints', () => {
	const hex = (fill: string) => Array.from({ length: 32 }, () => fill).join(':')
	const sdp = (...lines: string[]) => ['v=0', ...lines, 'a=setup:actpass'].join('\r\n')
	const ours = sdp(`a=fingerprint:sha-256 ${hex('AB')}`)
	const theirs = sdp(`a=fingerprint:SHA-256 ${hex('0c')}`)

	it('[TR15] bind a channel the same way at both ends', () => {
		const binding = channelBinding(ours, theirs)
		expect(binding).toEqual(channelBinding(theirs, ours))
		expect(binding?.length).toBe(64)
		expect(binding).not.toEqual(channelBinding(ours, ours))
	})

	it('[TR15] are refused where there is none, another hash, or more than one to choose from', () => {
		expect(fingerprintOf(sdp())).toBeNull()
		expect(fingerprintOf(sdp(`a=fingerprint:sha-1 ${hex('AB')}`))).toBeNull()
		expect(fingerprintOf(sdp(`a=fingerprint:sha-256 ${hex('AB')}:00`))).toBeNull()
		expect(
			fingerprintOf(sdp(`a=fingerprint:sha-256 ${hex('AB')}`, `a=fingerprint:sha-256 ${hex('CD')}`)),
		).toBeNull()
		expect(
			fingerprintOf(sdp(`a=fingerprint:sha-256 ${hex('AB')}`, `a=fingerprint:sha-256 ${hex('ab')}`)),
		).toEqual(new Uint8Array(32).fill(0xab))
		expect(channelBinding(ours, sdp())).toBeNull()
	})
})
