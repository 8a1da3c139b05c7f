/**
 * Which neighbours a peer should have: everybody in a small room; in a larger one a ring with shortcuts, so that a
 * frame reaches all in a few hops while nobody carries more than a handful of links. Pure.
 */
import type { PeerId } from '#lib/core/units.ts'

/** With us: up to here everybody has a link to everybody. */
export const FULL_MESH_MAX = 12
/** Links of one peer, those asked for by others included. */
export const LINKS_MAX = 14
/** The ring's neighbours on each side. */
const RING_REACH = 2
/** Rooms above this take one more long link each. */
const LARGE_ROOM = 200
const LONG_LINKS = 2
const LONG_LINKS_LARGE = 3

export interface Neighbours {
	/** The other side wants these links as well: everybody in a small room, else the ring. */
	readonly mutual: readonly PeerId[]
	/** Shortcuts that this peer alone asks for. */
	readonly long: readonly PeerId[]
}

/**
 * A number for a text, spread over 53 bits (cyrb53, a mix of two multiplicative hashes). Not secret: whoever picks
 * ids can pick a place on the ring, but the long links differ for every peer.
 */
const hash = (text: string): number => {
	let a = 0xdeadbeef
	let b = 0x41c6ce57
	for (let i = 0; i < text.length; i++) {
		const code = text.charCodeAt(i)
		a = Math.imul(a ^ code, 0x9e3779b1)
		b = Math.imul(b ^ code, 0x5f356495)
	}
	a = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35)
	b = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2ae35)
	return 0x100000000 * (b & 0x1fffff) + (a >>> 0)
}

const byRank = (a: readonly [number, PeerId], b: readonly [number, PeerId]): number =>
	a[0] - b[0] || (a[1] < b[1] ? -1 : 1)

/** `members` in the order of the room's ring. */
export const ringOf = (members: readonly PeerId[], salt: string): readonly PeerId[] =>
	members
		.map((peer) => [hash(`${salt} ${peer}`), peer] as const)
		.sort(byRank)
		.map(([, peer]) => peer)

/**
 * The neighbours of `self` among `members` (which may or may not hold `self`). Every peer of a room that sees the
 * same members comes to fitting answers; `salt` is the room's id. A member more or less changes few of them.
 * `roomSize` decides between full mesh and ring where some members are left out because they do not answer: counting
 * them out would make a room of thirteen flicker between the two.
 */
export const desiredNeighbours = (
	self: PeerId,
	members: Iterable<PeerId>,
	salt: string,
	roomSize?: number,
): Neighbours => {
	const others = new Set(members)
	others.delete(self)
	const size = roomSize ?? others.size + 1
	if (size <= FULL_MESH_MAX || others.size <= 2 * RING_REACH) return { mutual: [...others], long: [] }

	const ring = ringOf([...others, self], salt)
	const place = ring.indexOf(self)
	const mutual: PeerId[] = []
	for (let step = 1; step <= RING_REACH; step++)
		for (const at of [place - step, place + step]) {
			const peer = ring[(at + ring.length) % ring.length]
			if (peer !== undefined) mutual.push(peer)
		}

	// Rendezvous hashing: each peer draws its own shortcuts, and keeps them while they are there.
	const longCount = size > LARGE_ROOM ? LONG_LINKS_LARGE : LONG_LINKS
	const long: (readonly [number, PeerId])[] = []
	for (const peer of others) {
		if (mutual.includes(peer)) continue
		long.push([hash(`${salt} ${self} ${peer}`), peer])
		long.sort(byRank)
		if (long.length > longCount) long.pop()
	}
	return { mutual, long: long.map(([, peer]) => peer) }
}
