import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeLinkMessage, LINK_MESSAGE_MAX_BYTES, parseLinkMessage } from '#lib/protocol/peer.ts'
import type { Channel } from './channel.ts'
import {
	CHANNEL_BUFFER_HIGH_BYTES,
	createFrameSender,
	createReassembler,
	cutFrame,
	QUEUE_MAX_BYTES,
	type FramePart,
	type Reassembly,
} from './chunks.ts'
import { FRAME_MAX_BYTES, LOSSY_FRAME_MAX_BYTES } from './transport.ts'

const partOf = (message: Uint8Array): FramePart => {
	const parsed = parseLinkMessage(message)
	if (parsed?.type !== 'whole' && parsed?.type !== 'first' && parsed?.type !== 'more')
		throw new Error('not a part of a frame')
	return parsed
}

/** A channel whose buffer drains only when told to. */
const createHeldChannel = () => {
	const sent: Uint8Array[] = []
	let bufferedBytes = 0
	let isClosed = false
	const channel: Channel = {
		binding: new Uint8Array(1),
		send: (bytes) => {
			if (isClosed) return 'closed'
			sent.push(bytes)
			bufferedBytes += bytes.length
			return 'sent'
		},
		bufferedBytes: () => bufferedBytes,
		on: () => () => undefined,
		close: () => (isClosed = true),
	}
	return { channel, sent, drain: () => (bufferedBytes = 0) }
}

describe('cutting and putting together', () => {
	it('[TR4] a frame of any size up to 64 KiB comes out as it went in, in messages of at most 16 KiB', () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: FRAME_MAX_BYTES }), fc.integer(), (size, salt) => {
				const frame = Uint8Array.from({ length: size }, (_, i) => (i * 31 + salt) & 0xff)
				const reassembler = createReassembler()
				let last: Reassembly = { type: 'pending' }
				for (const message of cutFrame(frame)) {
					expect(message.length).toBeLessThanOrEqual(LINK_MESSAGE_MAX_BYTES)
					expect(last.type).toBe('pending')
					last = reassembler.take(partOf(message))
				}
				expect(last).toEqual({ type: 'frame', frame })
			}),
			{ numRuns: 60 },
		)
	})

	it('[TR4] a frame announced as more than 64 KiB is refused before room is made for it', () => {
		const reassembler = createReassembler()
		const payload = new Uint8Array(10)
		expect(reassembler.take({ type: 'first', totalBytes: FRAME_MAX_BYTES + 1, payload }).type).toBe('broken')
		expect(reassembler.take({ type: 'first', totalBytes: 0xffff_ffff, payload }).type).toBe('broken')
	})

	it('[TR4] parts out of place are refused: no beginning, a frame inside another, more than announced', () => {
		const payload = new Uint8Array(10)
		expect(createReassembler().take({ type: 'more', payload }).type).toBe('broken')
		const nested = createReassembler()
		nested.take({ type: 'first', totalBytes: 100, payload })
		expect(nested.take({ type: 'whole', payload }).type).toBe('broken')
		const overfull = createReassembler()
		overfull.take({ type: 'first', totalBytes: 15, payload })
		expect(overfull.take({ type: 'more', payload }).type).toBe('broken')
	})

	it('hands out frames that do not share memory with the message they came in', () => {
		const message = encodeLinkMessage({ type: 'whole', payload: Uint8Array.of(1, 2, 3) })
		const result = createReassembler().take(partOf(message))
		message.fill(9)
		expect(result).toEqual({ type: 'frame', frame: Uint8Array.of(1, 2, 3) })
	})
})

describe('sending', () => {
	it('[TR5] fills the channel to its high mark, queues up to 4 MiB, refuses the rest and says when it can go on', () => {
		const held = createHeldChannel()
		const sender = createFrameSender(held.channel)
		const frame = new Uint8Array(FRAME_MAX_BYTES)
		const outcomes = Array.from({ length: 80 }, () => sender.send(frame, 'ordered'))
		const sentCount = outcomes.filter((outcome) => outcome === 'sent').length
		expect(sentCount).toBe(CHANNEL_BUFFER_HIGH_BYTES / FRAME_MAX_BYTES - 1)
		expect(outcomes.indexOf('full')).toBeGreaterThan(QUEUE_MAX_BYTES / FRAME_MAX_BYTES)
		expect(sender.queuedBytes).toBeLessThanOrEqual(QUEUE_MAX_BYTES)

		let drainedCount = 0
		for (let i = 0; i < 40; i++) {
			held.drain()
			if (sender.pump()) drainedCount++
		}
		expect(drainedCount).toBe(1)
		expect(sender.queuedBytes).toBe(0)
		const taken = outcomes.filter((outcome) => outcome !== 'full').length
		const reassembler = createReassembler()
		const whole = held.sent.filter((message) => reassembler.take(partOf(message)).type === 'frame')
		expect(whole.length).toBe(taken)
	})

	it('[TR4] refuses frames above 64 KiB and datagrams above 1,100 bytes without sending anything', () => {
		const held = createHeldChannel()
		const sender = createFrameSender(held.channel)
		expect(sender.send(new Uint8Array(FRAME_MAX_BYTES + 1), 'ordered')).toBe('too-big')
		expect(sender.send(new Uint8Array(LOSSY_FRAME_MAX_BYTES + 1), 'lossy')).toBe('too-big')
		expect(held.sent).toEqual([])
	})

	it('drops datagrams rather than buffering them behind a slow channel', () => {
		const held = createHeldChannel()
		const sender = createFrameSender(held.channel)
		const outcomes = Array.from({ length: 100 }, () =>
			sender.send(new Uint8Array(LOSSY_FRAME_MAX_BYTES), 'lossy'),
		)
		expect(outcomes[0]).toBe('sent')
		expect(outcomes.at(-1)).toBe('full')
	})

	it('queues a copy: the caller may use its buffer again', () => {
		const held = createHeldChannel()
		const sender = createFrameSender(held.channel)
		while (sender.send(new Uint8Array(FRAME_MAX_BYTES), 'ordered') === 'sent');
		const frame = Uint8Array.of(1, 2, 3)
		sender.send(frame, 'ordered')
		frame.fill(9)
		for (let i = 0; i < 10; i++) {
			held.drain()
			sender.pump()
		}
		expect(held.sent.at(-1)?.subarray(1)).toEqual(Uint8Array.of(1, 2, 3))
	})
})
