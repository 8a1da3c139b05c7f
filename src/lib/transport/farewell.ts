/**
 * What an ended link is called at both ends: the reason we give, and what the other side makes of it.
 */
import type { ByeReason } from '#lib/protocol/peer.ts'
import type { PeerDownReason } from './transport.ts'

export const byeReasonOf = (reason: PeerDownReason): ByeReason => {
	switch (reason) {
		case 'stopped':
			return 'left'
		case 'timeout':
			return 'error'
		case 'left':
		case 'error':
		case 'proof-failed':
		case 'redirected':
		case 'misbehaved':
		case 'removed':
			return reason
	}
}

/** `misbehaved` would be a charge against the one who said it; whom it is said to notes an error. */
export const downReasonOf = (reason: ByeReason): PeerDownReason =>
	reason === 'misbehaved' ? 'error' : reason
