import { describe, expect, it } from 'vitest'
import { hideAddress, hideInDescription } from './hide-address.ts'

/** What stands in for this machine's addresses; none of it may be seen in what leaves. */
const OWN = [
	'192.0.2.17',
	'10.1.2.3',
	'203.0.113.9',
	'2001:db8::17',
	'fd00::1234',
	'4f3c1f0a-7a9d-4c0e-9a53-0d8f1d1f7a77.local',
	'::ffff:192.0.2.17',
]
const TURN = '198.51.100.7'
const lines = OWN.flatMap((own, i) => [
	`candidate:${String(i)} 1 udp 2122260223 ${own} 51820 typ host generation 0 ufrag abcd network-id 1`,
	`candidate:${String(i)} 1 udp 1686052607 ${own} 51820 typ srflx raddr ${own} rport 51820 generation 0`,
	`candidate:${String(i)} 1 udp 1686052607 ${own} 51820 typ prflx raddr ${own} rport 51820`,
	`candidate:${String(i)} 1 tcp 1518280447 ${own} 9 typ host tcptype active generation 0`,
	`candidate:${String(i)} 1 udp 41885439 ${TURN} 60000 typ relay raddr ${own} rport 51820 generation 0 ufrag abcd`,
	`candidate:${String(i)} 1 udp 1 ${own} 9 typ Relay`,
	`candidate:${String(i)} 1 udp 1 ${own} 9 typ host typ relay`,
])

const descriptions = OWN.flatMap((own) =>
	['\r\n', '\n'].map((end) =>
		[
			'v=0',
			`o=- 46117317 2 IN ${own.includes(':') ? 'IP6' : 'IP4'} ${own}`,
			's=-',
			't=0 0',
			'm=application 51820 UDP/DTLS/SCTP webrtc-datachannel',
			`c=IN ${own.includes(':') ? 'IP6' : 'IP4'} ${own}`,
			...lines.map((line) => `a=${line}`),
			`a=rtcp:9 IN IP4 ${own}`,
			`a=remote-candidates:1 ${own} 51820`,
			'a=ice-ufrag:abcd',
			'a=ice-pwd:0123456789abcdefghijkl',
			`a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`,
			'a=setup:actpass',
			'a=mid:0',
			'a=sctp-port:5000',
			'',
		].join(end),
	),
)

const expectNoOwn = (told: unknown) => {
	const text = JSON.stringify(told)
	for (const own of OWN) expect(text).not.toContain(own)
	expect(text).not.toMatch(/typ (host|srflx|prflx)|raddr (?!0\.0\.0\.0)/)
}

describe('a hidden address', () => {
	it('[TR36] is in no candidate that leaves, of any kind and spelling', () => {
		for (const candidate of lines) {
			const told = hideAddress({ type: 'candidate', candidate: { candidate, sdpMLineIndex: 0, sdpMid: '0' } })
			expectNoOwn(told)
			expect(told !== null).toBe(candidate.includes(`${TURN} 60000 typ relay`))
		}
	})

	it('[TR36] is in no offer and no answer; what a relay needs is still in them', () => {
		for (const type of ['offer', 'answer'])
			for (const sdp of descriptions) {
				const told = hideAddress({ type, sdp })
				expectNoOwn(told)
				const text = JSON.stringify(told)
				for (const kept of [`${TURN} 60000 typ relay`, 'a=fingerprint:sha-256 AB', 'a=ice-pwd:', 'a=mid:0'])
					expect(text).toContain(kept)
			}
	})

	it('[TR36] what is no description and no candidate does not leave at all', () => {
		for (const signal of [
			null,
			'x',
			{},
			{ type: 'renegotiate', renegotiate: true },
			{ type: 'offer' },
			{ type: 'candidate', candidate: {} },
			{ type: 'candidate', candidate: { candidate: '' } },
			{ type: 'pranswer', sdp: descriptions[0] },
		])
			expect(hideAddress(signal)).toBeNull()
	})

	it('[TR36] hiding twice changes nothing more', () => {
		for (const sdp of descriptions) {
			const once = hideInDescription(sdp)
			expect(hideInDescription(once)).toBe(once)
		}
	})
})
