/**
 * Faults of neighbours, counted by device: coming back does not wash them off. The third ends the link for good.
 */
import type { DeviceId, PeerId } from '#lib/core/units.ts'
import type { Transport } from '#lib/transport/transport.ts'
import type { UpdateFault } from './update-shape.ts'

export const STRIKES_MAX = 3

export type StrikeReason =
	| 'bad-frame'
	| 'bad-parts'
	| 'bad-vector'
	| 'flood'
	| 'unreadable'
	| 'pending'
	| 'bad-record'
	| 'too-slow'
	| UpdateFault

export interface StrikeEvent {
	readonly type: 'strike'
	readonly peer: PeerId
	readonly device: DeviceId
	readonly why: StrikeReason
	readonly count: number
}

interface Struck {
	readonly link: { readonly peer: PeerId; readonly device: DeviceId }
}

export interface Strikes {
	add(neighbour: Struck, why: StrikeReason): void
	readonly total: number
}

export const createStrikes = (
	transport: Pick<Transport, 'drop'>,
	onStrike: (event: StrikeEvent) => void,
): Strikes => {
	const counts = new Map<DeviceId, number>()
	let total = 0
	return {
		add: ({ link: { peer, device } }, why) => {
			const count = (counts.get(device) ?? 0) + 1
			counts.set(device, count)
			total++
			onStrike({ type: 'strike', peer, device, why, count })
			if (count >= STRIKES_MAX) transport.drop(peer, 'misbehaved')
		},
		get total() {
			return total
		},
	}
}
