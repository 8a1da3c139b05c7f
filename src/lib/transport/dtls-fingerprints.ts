/**
 * The channel binding of a WebRTC connection: the fingerprints of both certificates, which the browser itself holds
 * the DTLS handshake to. The same bytes at both ends, and others as soon as anybody sits in the middle.
 */
const FINGERPRINT_LINE = /^a=fingerprint:\s*(\S+)\s+(\S+)\s*$/gim
const SHA_256 = /^(?:[0-9a-f]{2}:){31}[0-9a-f]{2}$/i

/**
 * The one SHA-256 fingerprint of a session description; null where there is none, or more than one (a connection
 * would accept either).
 */
export const fingerprintOf = (sdp: string): Uint8Array | null => {
	const found = new Set<string>()
	for (const [, algorithm = '', value = ''] of sdp.matchAll(FINGERPRINT_LINE)) {
		if (algorithm.toLowerCase() !== 'sha-256' || !SHA_256.test(value)) return null
		found.add(value.toLowerCase())
	}
	const [only] = found
	if (only === undefined || found.size > 1) return null
	return Uint8Array.from(only.split(':'), (hex) => Number.parseInt(hex, 16))
}

/** Both fingerprints, the smaller first: 64 bytes. Null where either is missing or ambiguous. */
export const channelBinding = (localSdp: string, remoteSdp: string): Uint8Array | null => {
	const [a, b] = [fingerprintOf(localSdp), fingerprintOf(remoteSdp)]
	if (a === null || b === null) return null
	const isFirst = compareBytes(a, b) <= 0
	const out = new Uint8Array(a.length + b.length)
	out.set(isFirst ? a : b)
	out.set(isFirst ? b : a, a.length)
	return out
}

const compareBytes = (a: Uint8Array, b: Uint8Array): number => {
	for (let i = 0; i < a.length; i++) {
		const difference = (a[i] ?? 0) - (b[i] ?? 0)
		if (difference !== 0) return difference
	}
	return 0
}
