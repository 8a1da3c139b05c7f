/**
 * Signaling for a mesh that is not there yet: holds what comes until the mesh listens, then tells it who is here and
 * what they sent meanwhile.
 */
import type { RosterEntry } from '#lib/protocol/signaling.ts'
import type { Signaling, SignalingEvent } from '#lib/transport/signaling-port.ts'

/** More than the offers of a full mesh; older ones are sent again by whoever wants a link. */
const HELD_MAX = 64

export interface HeldSignaling extends Signaling {
	stop(): void
}

export const holdSignaling = (signaling: Signaling, roster: () => readonly RosterEntry[]): HeldSignaling => {
	let held: SignalingEvent[] = []
	let isHeard = false
	const off = signaling.on((event) => {
		if (!isHeard && event.type === 'signal' && held.length < HELD_MAX) held.push(event)
	})
	return {
		isOpen: () => signaling.isOpen(),
		send: (to, data) => signaling.send(to, data),
		sendBytes: (frame) => signaling.sendBytes(frame),
		bufferedBytes: () => signaling.bufferedBytes(),
		on: (fn) => {
			const offNew = signaling.on(fn)
			isHeard = true
			if (signaling.isOpen()) fn({ type: 'open', roster: roster() })
			for (const event of held) fn(event)
			held = []
			return offNew
		},
		stop: off,
	}
}
