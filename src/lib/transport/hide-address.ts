/**
 * "Hide my address": of the signals that bring a channel about, only candidates of a TURN server leave, and nothing in
 * them or in a description names another address of this machine.
 */
import { isPlainObject } from '#lib/protocol/schema.ts'

const NOWHERE = '0.0.0.0'

/**
 * `candidate:1 1 udp 2 198.51.100.7 3478 typ relay raddr 192.0.2.1 rport 5000 …`: null unless it is a relay's; where
 * the relay saw us from is left out.
 */
const hideInCandidate = (line: string): string | null => {
	const words = line.trim().split(/\s+/)
	if (words[6] !== 'typ' || words[7] !== 'relay') return null
	for (let at = 8; at + 1 < words.length; at += 2) {
		if (words[at] === 'raddr') words[at + 1] = NOWHERE
		else if (words[at] === 'rport') words[at + 1] = '0'
	}
	return words.join(' ')
}

/** Without candidates but a relay's, and without the machine's address as origin and default. */
export const hideInDescription = (sdp: string): string =>
	sdp
		.split(/\r\n|\r|\n/)
		.flatMap((line): readonly string[] => {
			if (/^a=candidate:/i.test(line)) {
				const hidden = hideInCandidate(line.slice(2))
				return hidden === null ? [] : [`a=${hidden}`]
			}
			if (/^a=(remote-candidates|rtcp):/i.test(line)) return []
			if (/^c=/i.test(line)) return [`c=IN IP4 ${NOWHERE}`]
			if (/^o=/i.test(line)) return [line.replace(/ IN IP[46] \S+\s*$/i, ` IN IP4 ${NOWHERE}`)]
			return [line]
		})
		.join('\r\n')

/** What may be told of a signal of simple-peer's; null where it is to be kept. */
export const hideAddress = (signal: unknown): object | null => {
	if (!isPlainObject(signal)) return null
	const { type, sdp, candidate } = signal
	if ((type === 'offer' || type === 'answer') && typeof sdp === 'string')
		return { type, sdp: hideInDescription(sdp) }
	if (type !== 'candidate' || !isPlainObject(candidate) || typeof candidate['candidate'] !== 'string')
		return null
	const hidden = hideInCandidate(candidate['candidate'])
	if (hidden === null) return null
	const { sdpMLineIndex, sdpMid } = candidate
	return { type, candidate: { candidate: hidden, sdpMLineIndex, sdpMid } }
}
