/**
 * Whether there is a place for one link more, who gives way when there is none, and whom to try instead.
 */
import type { RandomSource } from '#lib/core/clock.ts'
import type { PeerId } from '#lib/core/units.ts'
import { OTHERS_MAX } from '#lib/protocol/peer.ts'
import type { MeshState, OpenLink } from './mesh-state.ts'
import { LINKS_MAX } from './overlay.ts'
import { drawUnit } from './seeded-random.ts'

/** Up to the cap; what neither side wants gives way to what comes. */
export const hasFreePlace = ({ open, attempts }: MeshState, exceptFor?: PeerId): boolean => {
	let taken = 0
	for (const { unwantedSinceMs } of open.values()) if (unwantedSinceMs === null) taken++
	for (const [peer, { role }] of attempts)
		if (role === 'accept' && peer !== exceptFor && !open.has(peer)) taken++
	return taken < LINKS_MAX
}

/** The ring always fits: another link gives way when it opens. */
export const hasRoomFor = (state: MeshState, peer: PeerId): boolean =>
	state.open.has(peer) || state.wishes.mutual.includes(peer) || hasFreePlace(state, peer)

/** The link that is missed least; undefined where there is none. */
export const leastMissed = ({ open, wishes, relayWishes }: MeshState): PeerId | undefined => {
	const worth = (peer: PeerId, { isWantedByThem }: OpenLink): number =>
		wishes.mutual.includes(peer) || relayWishes.includes(peer)
			? 3
			: wishes.long.includes(peer)
				? 2
				: isWantedByThem
					? 1
					: 0
	const [victim] = [...open]
		.map(([peer, openLink]) => [worth(peer, openLink), -openLink.openedAtMs, peer] as const)
		.sort((a, b) => a[0] - b[0] || a[1] - b[1])
	return victim?.[2]
}

/** Some of our neighbours, for somebody whom we cannot take. */
export const pickOthers = ({ open }: MeshState, random: RandomSource, except: PeerId): PeerId[] =>
	[...open]
		.filter(([peer]) => peer !== except)
		// Whoever reaches others leads furthest.
		.map(([peer, { reachesOthers }]) => [drawUnit(random) + Number(!reachesOthers), peer] as const)
		.sort((a, b) => a[0] - b[0])
		.slice(0, OTHERS_MAX)
		.map(([, peer]) => peer)
