import { describe, expect, it } from 'vitest'
import type { DeviceId, PeerId } from '#lib/core/units.ts'
import { createRoomClock, SERVER_WORD } from '#lib/follow/room-clock.ts'
import { createVirtualTime } from '#lib/players/virtual-time.ts'
import { encodeRoomFrame, parseRoomFrame, type RoomFrame } from '#lib/protocol/room-frames.ts'
import type { Transport, TransportEvent } from '#lib/transport/transport.ts'
import { createClockExchange, SERVER_NODE } from './clock-exchange.ts'

const BOB = 'bobBBBBBBBBBBBBBBBBBBA' as PeerId

const setUp = () => {
	const time = createVirtualTime(1_800_000_000_000)
	const sent: { readonly frame: RoomFrame | null; readonly lane: string }[] = []
	let emit: (event: TransportEvent) => void = () => undefined
	const transport: Pick<Transport, 'on' | 'send'> = {
		on: (fn) => {
			emit = fn
			return () => (emit = () => undefined)
		},
		send: (frame, _to, lane) => {
			sent.push({ frame: parseRoomFrame(frame), lane })
			return 'sent'
		},
	}
	const wall = { setByMs: 0 }
	const clock = createRoomClock({ local: time.now, wall: () => time.now() + wall.setByMs })
	const asked = { server: 0, jumps: 0 }
	const exchange = createClockExchange({
		transport: transport as Transport,
		clock,
		local: time.now,
		timers: { after: time.after },
		isIdle: () => false,
		isPlaying: () => true,
		onJump: () => asked.jumps++,
		probeServer: () => asked.server++,
	})
	const hear = (frame: RoomFrame) =>
		emit({ type: 'frame', peer: BOB, lane: 'lossy', frame: encodeRoomFrame(frame) })
	const up = (path: 'direct' | 'local' = 'direct') =>
		emit({ type: 'peer-up', peer: BOB, device: 'deviceAAAAAAAAAAAAAAAA' as DeviceId, path })
	/** Answers what was asked since last time, as one whose room time is `offMs` from ours. */
	const answerAll = (offMs: number, epoch: number, errorMs = 1) => {
		for (const { frame } of sent.splice(0))
			if (frame?.type === 'clock-probe')
				hear({
					type: 'clock-answer',
					id: frame.id,
					t0Ms: frame.t0Ms,
					t1Ms: frame.t0Ms,
					t2Ms: frame.t0Ms,
					offsetMs: offMs,
					errorMs,
					epoch,
					members: 4,
				})
	}
	const lastAnswer = () => {
		sent.length = 0
		hear({ type: 'clock-probe', id: 1, t0Ms: 5 })
		const [one] = sent
		if (one?.frame?.type !== 'clock-answer') throw new Error('no answer')
		return one.frame
	}
	return { time, clock, exchange, hear, up, answerAll, lastAnswer, sent, asked, wall }
}

describe('the clock’s exchange over links', () => {
	it('[CK13] tells no time while joining, then the epoch and how many keep to it', async () => {
		const { time, up, lastAnswer, answerAll, clock } = setUp()
		up()
		expect(lastAnswer()).toMatchObject({ errorMs: Infinity, epoch: 0, members: 0, t0Ms: 5 })
		for (let k = 0; k < 10; k++) {
			await time.advance(10)
			answerAll(500, 77)
		}
		expect(clock.nowMs() - time.now()).toBeCloseTo(500, 0)
		expect(lastAnswer()).toMatchObject({ errorMs: Infinity, epoch: 77 })
		await time.advance(3_000)
		const settled = lastAnswer()
		expect(settled).toMatchObject({ epoch: 77, members: 2 })
		expect(settled.offsetMs).toBeCloseTo(500, 0)
		expect(Number.isFinite(settled.errorMs)).toBe(true)
	})
	it('[CK13] an answer from one who knows nothing is no time', async () => {
		const { time, up, answerAll, clock } = setUp()
		up()
		for (let k = 0; k < 20; k++) {
			await time.advance(40)
			answerAll(500, 0, Infinity)
		}
		expect(clock.nowMs()).toBe(time.now())
	})
	it('[CK3] another tab of this browser is believed for all it says', async () => {
		const { time, up, answerAll, clock } = setUp()
		await time.advance(5_000)
		const own = clock.quality().epoch
		up('local')
		for (let k = 0; k < 60; k++) {
			await time.advance(100)
			answerAll(500, own + 1_000)
		}
		expect(clock.quality().epoch).toBe(own + 1_000)
	})
	it('[CK8] a wall clock that jumps has links and the server asked anew at once', async () => {
		const { time, up, answerAll, asked, wall, clock, sent } = setUp()
		clock.addNode(SERVER_NODE, 'server')
		up()
		for (let k = 0; k < 100; k++) {
			await time.advance(100)
			answerAll(0, 77)
			if (k < 20)
				clock.answered(
					SERVER_NODE,
					{ t0: time.now() - 1, t1: time.now(), t2: time.now(), t3: time.now() },
					SERVER_WORD,
				)
		}
		expect(asked.server).toBe(0)
		asked.jumps = 0
		wall.setByMs = 60_000
		await time.advance(1_500)
		expect(asked.server).toBeGreaterThan(3)
		expect(sent.length).toBeGreaterThan(3)
		await time.advance(5_000)
		expect(asked.jumps).toBe(1)
	})
	it('[CK13] stops', async () => {
		const { time, up, exchange, sent } = setUp()
		up()
		exchange.stop()
		sent.length = 0
		await time.advance(5_000)
		expect(sent).toEqual([])
	})
})
