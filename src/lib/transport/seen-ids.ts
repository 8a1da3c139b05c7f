/**
 * Attempts seen of each peer, so that a replayed offer is known for what it is. Bounded: the peers that were quiet
 * longest are forgotten first.
 */
import type { PeerId } from '#lib/core/units.ts'

const SEEN_PER_PEER = 8
const SEEN_PEERS_MAX = 4_000

export interface SeenIds {
	/** False for an id that this peer has used before. */
	note(peer: PeerId, id: string): boolean
}

export const createSeenIds = (): SeenIds => {
	const seen = new Map<PeerId, string[]>()
	return {
		note: (peer, id) => {
			const ids = seen.get(peer) ?? []
			if (ids.includes(id)) return false
			seen.delete(peer)
			seen.set(peer, [...ids, id].slice(-SEEN_PER_PEER))
			const [oldest] = seen.keys()
			if (seen.size > SEEN_PEERS_MAX && oldest !== undefined) seen.delete(oldest)
			return true
		},
	}
}
