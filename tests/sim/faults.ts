/**
 * A transport whose incoming updates get lost, come twice or overtake one another, as no ordered lane should let
 * them: what is left must still converge. Only whole sync messages are touched; parts of one belong together.
 */
import { parseRoomFrame } from '#lib/protocol/room-frames.ts'
import type { SeededRandom } from '#lib/transport/seeded-random.ts'
import type { Timers } from '#lib/transport/timers.ts'
import type { Transport, TransportEvent } from '#lib/transport/transport.ts'

export interface FaultRates {
	readonly drop: number
	readonly duplicate: number
	/** Held back for up to two seconds. */
	readonly delay: number
}

export const NO_FAULTS: FaultRates = { drop: 0, duplicate: 0, delay: 0 }
const DELAY_MAX_MS = 2_000

const isWholeUpdate = (frame: Uint8Array): boolean => {
	const parsed = parseRoomFrame(frame)
	return parsed?.type === 'sync' && parsed.total === 1 && parsed.kind === 'update'
}

/** `rates` is asked anew for each frame. */
export const withFaults = (
	transport: Transport,
	rates: () => FaultRates,
	random: SeededRandom,
	timers: Timers,
): Transport => ({
	...transport,
	on: (fn) => {
		let isOff = false
		const deliver = (event: TransportEvent) => {
			if (!isOff) fn(event)
		}
		const off = transport.on((event) => {
			const { drop, duplicate, delay } = rates()
			if (drop + duplicate + delay === 0 || event.type !== 'frame' || !isWholeUpdate(event.frame)) {
				deliver(event)
				return
			}
			const draw = random.unit()
			if (draw < drop) return
			if (draw < drop + duplicate) deliver(event)
			if (draw < drop + duplicate + delay)
				timers.setTimeout(() => deliver(event), random.unit() * DELAY_MAX_MS)
			else deliver(event)
		})
		return () => {
			isOff = true
			off()
		}
	},
})
