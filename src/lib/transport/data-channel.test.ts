import { EventEmitter } from 'node:events'
import type SimplePeer from 'simple-peer'
import { describe, expect, it } from 'vitest'
import type { PeerId } from '#lib/core/units.ts'
import type { Channel, ChannelEvent, ChannelRequest } from './channel.ts'
import { createDataChannels } from './data-channel.ts'
import { hideAddress } from './hide-address.ts'
import { createSimClock } from './sim-clock.ts'

const sdpOf = (hex: string) =>
	`v=0\r\na=fingerprint:sha-256 ${Array.from({ length: 32 }, () => hex).join(':')}\r\n`

class FakeDataChannel extends EventTarget {
	readyState = 'open'
	bufferedAmount = 0
	bufferedAmountLowThreshold: number | undefined = 0
	binaryType = 'blob'
	onmessage: ((event: unknown) => void) | null = null
	onbufferedamountlow: (() => void) | null = null
	readonly sent: Uint8Array[] = []
	send(bytes: Uint8Array) {
		this.sent.push(bytes)
	}
}

/** simple-peer as far as data-channel.ts knows it; the test says when things happen. */
const createFakePeer = () => {
	const made: InstanceType<typeof FakePeer>[] = []
	class FakePeer extends EventEmitter {
		destroyed = false
		readonly options: SimplePeer.Options
		readonly signals: unknown[] = []
		readonly _channel = new FakeDataChannel()
		readonly lossy = new FakeDataChannel()
		readonly _pc = {
			iceGatheringState: 'new',
			iceConnectionState: 'new',
			localDescription: { sdp: sdpOf('0A') },
			remoteDescription: { sdp: sdpOf('0B') },
			lossyOptions: null as unknown,
			createDataChannel: (_label: string, options: unknown) => {
				this._pc.lossyOptions = options
				return this.lossy
			},
		}
		constructor(options: SimplePeer.Options) {
			super()
			this.options = options
			made.push(this)
		}
		signal(data: unknown) {
			this.signals.push(data)
		}
		destroy() {
			this.destroyed = true
			this.emit('close')
		}
	}
	return { made, Peer: FakePeer as unknown as typeof SimplePeer }
}

const setUp = (
	role: 'dial' | 'accept' = 'dial',
	isHidden = false,
	isThroughTurn?: () => Promise<boolean | null>,
) => {
	const clock = createSimClock()
	const { made, Peer } = createFakePeer()
	const parcels: (readonly string[])[] = []
	const opened: Channel[] = []
	const failures: string[] = []
	const request: ChannelRequest = {
		self: 'aliceAAAAAAAAAAAAAAAAA' as PeerId,
		peer: 'bobbobAAAAAAAAAAAAAAAA' as PeerId,
		role,
		sendSignals: (signals) => parcels.push(signals),
		onOpen: (channel) => opened.push(channel),
		onFailed: (why) => failures.push(why),
	}
	const maker = createDataChannels({
		timers: clock,
		getIceServers: () => [{ urls: 'turn:turn.example' }],
		hiding: () => (isHidden ? hideAddress : null),
		...(isThroughTurn === undefined ? {} : { isThroughTurn }),
		Peer,
	})
	const attempt = maker.open(request)
	const [peer] = made
	if (peer === undefined) throw new Error('no peer was made')
	const open = () => {
		peer._channel.dispatchEvent(new Event('open'))
		const [channel] = opened
		if (channel === undefined) throw new Error('not open')
		const events: ChannelEvent[] = []
		channel.on((event) => events.push(event))
		return { channel, events }
	}
	return { clock, attempt, peer, parcels, opened, failures, open, maker, request }
}

describe('the connection', () => {
	it('[TR26] always names its own ICE servers and two negotiated channels', () => {
		const { peer } = setUp()
		expect(peer.options).toMatchObject({
			initiator: true,
			channelConfig: { negotiated: true, id: 0, ordered: true },
			config: { iceServers: [{ urls: 'turn:turn.example' }], iceTransportPolicy: 'all' },
		})
		expect(peer._pc.lossyOptions).toEqual({ negotiated: true, id: 1, ordered: false, maxRetransmits: 0 })
	})

	it('[TR36] hides the address in every signal it sends, dialling and answering', async () => {
		for (const role of ['dial', 'accept'] as const) {
			const { peer, clock, parcels } = setUp(role, true)
			const candidates = [
				'candidate:1 1 udp 1 192.0.2.17 5000 typ host',
				'candidate:2 1 udp 1 203.0.113.9 5000 typ srflx raddr 192.0.2.17 rport 5000',
				'candidate:3 1 udp 1 198.51.100.7 6000 typ relay raddr 203.0.113.9 rport 5000',
				'candidate:4 1 udp 1 4f3c1f0a.local 5000 typ host',
			]
			peer.emit('signal', {
				type: role === 'dial' ? 'offer' : 'answer',
				sdp: `v=0\r\no=- 1 2 IN IP4 192.0.2.17\r\nc=IN IP4 203.0.113.9\r\na=${candidates[0] ?? ''}\r\n`,
			})
			for (const candidate of candidates)
				peer.emit('signal', { type: 'candidate', candidate: { candidate, sdpMLineIndex: 0, sdpMid: '0' } })
			await clock.run(1_000)
			const told = parcels.flat()
			expect(told.length).toBe(2)
			expect(told.join(' ')).not.toMatch(/192\.0\.2\.17|203\.0\.113\.9|\.local|typ host|typ srflx/)
			expect(told.join(' ')).toContain('198.51.100.7 6000 typ relay raddr 0.0.0.0 rport 0')
		}
	})

	it('[TR26] may be held to relays, so that no address of this machine leaves', () => {
		expect(setUp('accept', true).peer.options).toMatchObject({
			initiator: false,
			config: { iceTransportPolicy: 'relay' },
		})
	})

	it('[TR26] that cannot be made fails the attempt, after `open` has returned', async () => {
		const clock = createSimClock()
		const failures: string[] = []
		const maker = createDataChannels({
			timers: clock,
			getIceServers: () => [],
			Peer: class {
				constructor() {
					throw new Error('too many connections')
				}
			} as unknown as typeof SimplePeer,
		})
		maker.open({ ...setUp().request, onFailed: (why) => failures.push(why) })
		expect(failures).toEqual([])
		await clock.run(1)
		expect(failures.length).toBe(1)
	})
})

describe('signals', () => {
	it('[TR26] leave in few parcels: what comes together goes together', async () => {
		const { clock, peer, parcels } = setUp()
		peer.emit('signal', { type: 'offer', sdp: 'x' })
		for (let i = 0; i < 4; i++)
			peer.emit('signal', { type: 'candidate', candidate: { candidate: String(i) } })
		await clock.run(100)
		for (let i = 0; i < 4; i++)
			peer.emit('signal', { type: 'candidate', candidate: { candidate: String(i) } })
		peer._pc.iceGatheringState = 'complete'
		peer.emit('iceStateChange')
		expect(parcels.map((signals) => signals.length)).toEqual([5, 4])
	})

	it.each(['dial', 'accept'] as const)(
		'[TR26] a stranger may only describe and offer candidates (%s)',
		(role) => {
			const { attempt, peer } = setUp(role)
			const [good, bad] = role === 'dial' ? ['answer', 'offer'] : ['offer', 'answer']
			attempt.receive([
				'x',
				'null',
				'[]',
				'{"renegotiate":true}',
				'{"type":"transceiverRequest","transceiverRequest":{"kind":"video"}}',
				`{"type":"${bad}","sdp":"s"}`,
				`{"type":"${good}","sdp":5}`,
				`{"type":"candidate","candidate":"c"}`,
				`{"type":"candidate","candidate":{"candidate":"c","sdpMid":"0"},"renegotiate":true}`,
				`{"type":"${good}","sdp":"s","renegotiate":true}`,
			])
			expect(peer.signals).toEqual([
				{ type: 'candidate', candidate: { candidate: 'c', sdpMid: '0', sdpMLineIndex: undefined } },
				{ type: good, sdp: 's' },
			])
		},
	)

	it('[TR26] a cancelled attempt is destroyed and says nothing more', async () => {
		const { clock, attempt, peer, parcels, failures } = setUp()
		peer.emit('signal', { type: 'offer', sdp: 'x' })
		attempt.cancel()
		attempt.receive(['{"type":"answer","sdp":"s"}'])
		await clock.run(1_000)
		expect(peer.destroyed).toBe(true)
		expect([parcels, failures, peer.signals]).toEqual([[], [], []])
	})
})

describe('an open channel', () => {
	it('[TR26] carries both lanes, and closes on anything that is not binary', () => {
		const { peer, open } = setUp()
		const { channel, events } = open()
		channel.send(Uint8Array.of(1), 'ordered')
		channel.send(Uint8Array.of(2), 'lossy')
		expect([peer._channel.sent, peer.lossy.sent]).toEqual([[Uint8Array.of(1)], [Uint8Array.of(2)]])
		peer._channel.onmessage?.({ data: Uint8Array.of(3).buffer })
		peer.lossy.onmessage?.({ data: Uint8Array.of(4).buffer })
		peer._channel.onbufferedamountlow?.()
		peer._channel.onmessage?.({ data: 'text' })
		expect(events).toMatchObject([
			{ type: 'message', lane: 'ordered' },
			{ type: 'message', lane: 'lossy' },
			{ type: 'buffer-low' },
			{ type: 'closed' },
		])
		expect(peer.destroyed).toBe(true)
		expect(channel.send(Uint8Array.of(1), 'ordered')).toBe('closed')
	})

	it('[TR26] a lost path has 5 s to come back', async () => {
		const { clock, peer, open } = setUp()
		const { events } = open()
		const ice = (state: string) => {
			peer._pc.iceConnectionState = state
			peer.emit('iceStateChange')
		}
		ice('disconnected')
		await clock.run(4_900)
		ice('connected')
		await clock.run(60_000)
		expect(events).toEqual([])
		ice('disconnected')
		await clock.run(5_100)
		expect(events).toMatchObject([{ type: 'closed', why: 'the path was lost' }])
	})

	it('[TN11] says that it leads through a TURN server once that is known, and when it changes', async () => {
		const answers: (boolean | null | Error)[] = [null, new Error('not fetched'), true, true, false]
		const { clock, attempt, peer, open } = setUp('dial', false, async () => {
			const answer = answers.shift() ?? null
			if (answer instanceof Error) throw answer
			return answer
		})
		attempt.receive([
			JSON.stringify({
				type: 'candidate',
				candidate: { candidate: 'candidate:1 1 udp 2 192.0.2.1 9 typ relay' },
			}),
		])
		const { events } = open()
		await clock.run(3_000)
		expect(events).toEqual([])
		await clock.run(32_000)
		expect(events).toEqual([{ type: 'route', isTurn: true }])
		for (let change = 0; change < 2; change++) {
			peer.emit('iceStateChange')
			await clock.run(2_000)
		}
		expect(events.slice(1)).toEqual([{ type: 'route', isTurn: false }])
		expect(answers).toEqual([])
	})

	it('[TN11] where neither end named a relay, nobody looks', async () => {
		let looks = 0
		const { clock, peer, open } = setUp('dial', false, async () => (looks++, true))
		const { events } = open()
		peer.emit('iceStateChange')
		await clock.run(60_000)
		expect([events, looks]).toEqual([[], 0])
	})

	it('[TR5] without an event for it, whoever saw a filled buffer is still told when it is low', async () => {
		const { clock, peer, open } = setUp()
		peer._channel.bufferedAmountLowThreshold = undefined
		const { channel, events } = open()
		// As @roamhq/wrtc does it: filled late, and emptied while being looked at.
		const readings = [300_000, 200_000, 0]
		Object.defineProperty(peer._channel, 'bufferedAmount', { get: () => readings.shift() ?? 0 })
		channel.send(Uint8Array.of(1), 'ordered')
		expect(channel.bufferedBytes('ordered')).toBe(300_000)
		await clock.run(100)
		expect(events).toEqual([{ type: 'buffer-low' }])
		expect(clock.pendingCount).toBe(0)
	})

	it('[TR15] does not open without one fingerprint on each side', () => {
		const { peer, opened, failures } = setUp()
		peer._pc.remoteDescription.sdp += sdpOf('0C')
		peer._channel.dispatchEvent(new Event('open'))
		expect(opened).toEqual([])
		expect(failures.length).toBe(1)
	})
})
