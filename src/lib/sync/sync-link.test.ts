import { describe, expect, it, vi } from 'vitest'
import * as Y from 'yjs'
import type { DeviceId, PeerId } from '#lib/core/units.ts'
import {
	createSyncAssembler,
	parseRoomFrame,
	STATE_MAX_BYTES,
	SYNC_PART_BYTES,
	type SyncKind,
	type SyncMessage,
} from '#lib/protocol/room-frames.ts'
import { createSimClock } from '#lib/transport/sim-clock.ts'
import type { SendOutcome } from '#lib/transport/transport.ts'
import { createOutbox, OUTBOX_MAX_BYTES } from './outbox.ts'
import { createSyncLink } from './sync-link.ts'
import { isApplicable, readUpdateShape, STATE_LIMITS } from './update-shape.ts'

const PEER = 'AAAAAAAAAAAAAAAAAAAAAQ' as PeerId
const DEVICE = 'AAAAAAAAAAAAAAAAAAAAAg' as DeviceId

/** Takes `room` frames, then refuses until there is room again. */
const createPipe = (room = Infinity) => {
	const messages: SyncMessage[] = []
	const assembler = createSyncAssembler()
	const pipe = {
		messages,
		kinds: (): SyncKind[] => messages.map(({ kind }) => kind),
		room,
		isGone: false,
		send: (frame: Uint8Array): SendOutcome => {
			if (pipe.isGone) return 'no-such-peer'
			if (pipe.room <= 0) return 'full'
			pipe.room--
			const part = parseRoomFrame(frame)
			if (part?.type !== 'sync') throw new Error('not a sync part')
			const message = assembler.add(part)
			if (message === null) throw new Error('parts do not fit')
			if (message !== 'more') messages.push(message)
			return 'sent'
		},
	}
	return pipe
}

const createLink = (pipe: ReturnType<typeof createPipe>, doc = new Y.Doc()) => {
	const clock = createSimClock()
	const link = createSyncLink({
		peer: PEER,
		device: DEVICE,
		doc,
		transport: pipe,
		timers: clock,
		onSent: () => undefined,
		onSentBytes: () => undefined,
		onTooBig: () => undefined,
		inTurn: (fn) => void fn(),
	})
	return { clock, link, doc }
}

const EMPTY_VECTOR = Y.encodeStateVector(new Y.Doc())

const bytes = (length: number): Uint8Array => new Uint8Array(length).fill(7)

describe('the outbox of a link', () => {
	it('[SY4] sends parts as the link takes them, in order, and nothing twice', () => {
		const pipe = createPipe(2)
		const outbox = createOutbox(pipe, PEER, () => undefined)
		expect(outbox.send('step2', bytes(3 * SYNC_PART_BYTES))).toBe('taken')
		expect(outbox.send('update', bytes(10))).toBe('taken')
		expect(pipe.messages).toEqual([])
		pipe.room = 1
		outbox.drained()
		expect(pipe.kinds()).toEqual(['step2'])
		expect(outbox.isEmpty).toBe(false)
		pipe.room = 5
		outbox.drained()
		expect(pipe.messages.map(({ payload }) => payload.length)).toEqual([3 * SYNC_PART_BYTES, 10])
		expect(outbox.isEmpty).toBe(true)
	})

	it('[SY4] holds 256 KiB of updates and one state for a neighbour that takes nothing, and no more', () => {
		const outbox = createOutbox(createPipe(0), PEER, () => undefined)
		let held = 0
		while (outbox.send('update', bytes(10_000)) === 'taken') held += 10_000
		expect(held).toBeGreaterThan(OUTBOX_MAX_BYTES - 10_000)
		expect(held).toBeLessThanOrEqual(OUTBOX_MAX_BYTES)
		expect(outbox.send('step2', bytes(1_000_000))).toBe('taken')
		expect(outbox.send('step2', bytes(10))).toBe('full')
		expect(outbox.send('update', bytes(65 * 1024))).toBe('too-big')
	})

	it('[SY4] forgets what waits for a link that is gone', () => {
		const pipe = createPipe(0)
		const outbox = createOutbox(pipe, PEER, () => undefined)
		outbox.send('update', bytes(10))
		pipe.isGone = true
		outbox.drained()
		expect(outbox.isEmpty).toBe(true)
	})
})

describe('a sync link', () => {
	it('[SY4] sends no updates before the neighbour has asked for what they build on', () => {
		const pipe = createPipe()
		const { link } = createLink(pipe)
		link.sendUpdate(bytes(10))
		expect(pipe.kinds()).toEqual([])
		link.beAsked(EMPTY_VECTOR)
		link.sendUpdate(bytes(10))
		expect(pipe.kinds()).toEqual(['step2', 'update'])
	})

	it('[SY4] a neighbour that cannot take more gets an exchange afterwards instead of a queue', () => {
		const pipe = createPipe()
		const { link } = createLink(pipe)
		link.beAsked(EMPTY_VECTOR)
		pipe.room = 0
		for (let i = 0; i < 100; i++) link.sendUpdate(bytes(10_000))
		pipe.room = Infinity
		link.drained()
		const kinds = pipe.kinds()
		expect(kinds.filter((kind) => kind === 'update').length).toBeLessThanOrEqual(27)
		expect(kinds.at(-1)).toBe('step1')
		link.sendUpdate(bytes(10))
		expect(pipe.kinds().at(-1)).toBe('update')
	})

	it('[SY4] an update too long for one is left to an exchange', () => {
		const pipe = createPipe()
		const { link } = createLink(pipe)
		link.beAsked(EMPTY_VECTOR)
		link.sendUpdate(bytes(70_000))
		expect(pipe.kinds()).toEqual(['step2', 'step1'])
	})

	it('[SY4] asked again and again, it answers once a second, with the last question', async () => {
		const pipe = createPipe()
		const { link, clock, doc } = createLink(pipe)
		doc.getMap('records').set('k', bytes(100))
		for (let i = 0; i < 20; i++) link.beAsked(EMPTY_VECTOR)
		link.beAsked(Y.encodeStateVector(doc))
		expect(pipe.kinds()).toEqual(['step2'])
		await clock.run(1_100)
		expect(pipe.kinds()).toEqual(['step2', 'step2'])
		expect(pipe.messages[1]?.payload.length).toBeLessThan(20)
	})

	it('[SY4] who asks with more than we have is asked back', () => {
		const pipe = createPipe()
		const { link } = createLink(pipe)
		link.ask()
		link.noteAnswer()
		const other = new Y.Doc()
		other.getMap('records').set('k', bytes(10))
		link.beAsked(Y.encodeStateVector(other))
		expect(pipe.kinds()).toEqual(['step1', 'step2', 'step1'])
	})

	it('[SY4] closed, it sends nothing more', async () => {
		const pipe = createPipe()
		const { link, clock } = createLink(pipe)
		link.beAsked(EMPTY_VECTOR)
		link.beAsked(EMPTY_VECTOR)
		link.close()
		await clock.run(5_000)
		expect(pipe.kinds()).toEqual(['step2'])
	})
})

describe('a document larger than one answer may be', () => {
	/** 200 values of 50 KB, by four writers, some of them written again. */
	const createLarge = (): Y.Doc => {
		const doc = new Y.Doc()
		for (let writer = 0; writer < 4; writer++) {
			const one = new Y.Doc()
			Y.applyUpdate(one, Y.encodeStateAsUpdate(doc))
			for (let n = 0; n < 50; n++)
				one.getMap('records').set(`${String(n % 45)}/${String(writer)}`, bytes(50_000).fill(n))
			one.getMap('records').set('shared', Uint8Array.of(writer))
			Y.applyUpdate(doc, Y.encodeStateAsUpdate(one))
		}
		return doc
	}

	it('[SY21] goes in parts of at most 8 MB, each asked for when the one before is there, at once', async () => {
		const doc = createLarge()
		expect(Y.encodeStateAsUpdate(doc).length).toBeGreaterThan(STATE_MAX_BYTES)
		const pipe = createPipe()
		const { clock, link } = createLink(pipe, doc)
		const joiner = new Y.Doc()
		const began = clock.nowMs()
		let parts = 0
		for (let round = 0; round < 10; round++) {
			pipe.messages.length = 0
			link.beAsked(Y.encodeStateVector(joiner))
			await vi.waitFor(() => expect(pipe.kinds()).toContain('step2'))
			const answer = pipe.messages.find(({ kind }) => kind === 'step2')
			expect(answer?.payload.length ?? 0).toBeLessThanOrEqual(STATE_MAX_BYTES)
			const shape = readUpdateShape(answer?.payload ?? new Uint8Array(), STATE_LIMITS)
			if (typeof shape === 'string') throw new Error(shape)
			expect(isApplicable(shape, (client) => Y.getState(joiner.store, client))).toBe(true)
			Y.applyUpdate(joiner, answer?.payload ?? new Uint8Array())
			parts++
			const theirs = pipe.messages.find(({ kind }) => kind === 'step1')
			// Our question tells it that there is more.
			if (theirs === undefined) break
		}
		expect(parts).toBe(2)
		expect(clock.nowMs() - began).toBe(0)
		expect(Y.encodeStateAsUpdate(joiner)).toEqual(Y.encodeStateAsUpdate(doc))
	})

	it('[SY21] who asks for the first part again and again waits for it', async () => {
		const pipe = createPipe()
		const { clock, link } = createLink(pipe, createLarge())
		link.beAsked(EMPTY_VECTOR)
		await vi.waitFor(() => expect(pipe.kinds()).toContain('step2'))
		link.beAsked(EMPTY_VECTOR)
		await clock.run(10_000)
		expect(pipe.kinds().filter((kind) => kind === 'step2').length).toBe(1)
		await clock.run(15_000)
		await vi.waitFor(() => expect(pipe.kinds().filter((kind) => kind === 'step2').length).toBe(2))
	})
})
