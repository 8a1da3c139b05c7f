/**
 * F14: everything that decodes what a neighbour sent, fed with bytes bent from real ones, from a seed. Nothing throws
 * past its guard, nothing takes long, nothing that comes out reaches into a prototype, and what is taken for good is
 * written again as the same bytes. Repeat a run with DECODER_SEED; DECODER_INPUTS is its length.
 */
import * as Y from 'yjs'
import { expect, it } from 'vitest'
import { decodeBody, encodeBody, type BodyValue } from '#lib/core/body.ts'
import {
	encodeUnsigned,
	HEAD_BYTES,
	keyOf,
	parseKey,
	parseRecord,
	signaturePart,
	withSignature,
} from '#lib/core/records.ts'
import { encodeLinkMessage, parseLinkMessage, parseSignalMessage } from '#lib/protocol/peer.ts'
import { encodeRelayFrame, forwardRelayFrame, parseRelayDelivery } from '#lib/protocol/relay.ts'
import { encodeRoomFrame, parseRoomFrame } from '#lib/protocol/room-frames.ts'
import { parseServerMessage } from '#lib/protocol/signaling.ts'
import { encodeDigest, parseDigest } from '#lib/sync/digest-message.ts'
import { parseStatus } from '#lib/sync/member-status.ts'
import { isStateVector, readUpdateShape, UPDATE_LIMITS } from '#lib/sync/update-shape.ts'
import type { PeerId } from '#lib/core/units.ts'
import { AN_ID, createFuzz, NASTY, type Message } from './fuzz.ts'
import { bentBody, collectSamples, many } from './samples.ts'
import { seedOf, sizeOf } from './sizes.ts'
import { createVerdict } from './verdict.ts'

const INPUTS = sizeOf('DECODER_INPUTS', 100_000, 2_000_000)
const SEED = seedOf('DECODER_SEED')
const HANG_MS = 50

/** One decoder: `run` says null for refused, or whether what was taken is written again as it came. */
interface Target {
	readonly name: string
	readonly run: (bytes: Uint8Array) => boolean | null
	readonly draw: () => Uint8Array
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8')
const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'utf8')

/** Everything in it is plain: own keys of plain objects, as a schema names them. */
const isPlain = (value: unknown): boolean => {
	if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return true
	if (Array.isArray(value)) return value.every(isPlain)
	if (value instanceof Map || value instanceof Set) return true
	const prototype: unknown = Object.getPrototypeOf(value)
	if (prototype !== Object.prototype && prototype !== null) return false
	return !('isHost' in value) && !Object.hasOwn(value, '__proto__') && Object.values(value).every(isPlain)
}

it(`[FA14, TR18, SY1] ${String(INPUTS)} bent inputs find every decoder of a neighbour's bytes in order`, async () => {
	const fuzz = createFuzz(SEED)
	const samples = await collectSamples()
	const prototypeKeys = Object.getOwnPropertyNames(Object.prototype).toSorted().join()
	let impure = 0
	const pure = <T>(value: T): T => {
		if (!isPlain(value)) impure++
		return value
	}
	/** JSON has many spellings: what counts is that writing and reading again changes nothing. */
	const isStableJson = (value: unknown, parse: (text: string) => unknown): boolean => {
		const text = JSON.stringify(value)
		return JSON.stringify(parse(text)) === text
	}
	const bend = (values: readonly [Uint8Array, ...Uint8Array[]]): Uint8Array =>
		fuzz.chance(0.1) ? fuzz.pick(values) : fuzz.bytes(fuzz.pick(values))

	const runRecord = (bytes: Uint8Array): boolean | null => {
		const record = parseRecord(bytes)
		if (typeof record === 'string') return null
		pure(record)
		const body = record.isDeleted ? null : decodeBody(bytes.subarray(HEAD_BYTES, bytes.length - 64))
		// Kinds that only carry bytes have no body to read; they are written again as they are.
		if (!record.isDeleted && record.body === null) return true
		return (
			body !== undefined && isSame(withSignature(encodeUnsigned(record, body), signaturePart(bytes)), bytes)
		)
	}
	const nasty: readonly BodyValue[] = [
		...NASTY.filter((value) => typeof value !== 'object' || value === null),
		2 ** 40,
		[[[[[[[[[[1]]]]]]]]]],
		new Uint8Array(300),
		'\u202eecila',
		'x'.repeat(40_000),
	] as readonly BodyValue[]

	const runUpdate = (bytes: Uint8Array): boolean | null => {
		const shape = readUpdateShape(bytes, UPDATE_LIMITS)
		if (typeof shape === 'string') return null
		// What the reader lets pass Yjs takes, and the document is still one that can be read and written.
		const doc = new Y.Doc()
		Y.applyUpdate(doc, bytes)
		doc.getMap('records').set('after', 1)
		const again = new Y.Doc()
		Y.applyUpdate(again, Y.encodeStateAsUpdate(doc))
		const isUsable = again.getMap('records').has('after') || doc.store.pendingStructs !== null
		doc.destroy()
		again.destroy()
		return isUsable
	}

	const toPeer: [Message, ...Message[]] = [
		{ type: 'parcel', id: AN_ID, signals: ['{"type":"offer","sdp":"v=0"}', 'candidate'] },
		{ type: 'call' },
		{ type: 'redirect', others: [AN_ID] },
	]
	const entry = { peer: AN_ID, device: AN_ID, subject: 'g_x', name: 'Robin' }
	const fromServer: [Message, ...Message[]] = [
		{ type: 'joined', self: entry, roster: [entry, entry] },
		{ type: 'peer-joined', entry },
		{ type: 'peer-left', peer: AN_ID, why: 'left' },
		{ type: 'signal', from: AN_ID, data: 'c2VhbGVk' },
		{ type: 'clock', id: 1, t0: 1, t1: 2, t2: 3 },
		{ type: 'refused', why: 'room-full', message: 'Full', retryAfterMs: 5 },
	]
	const statuses = many(samples.statuses.map((bytes) => JSON.parse(textOf(bytes)) as Message))
	const deliveries = many([Buffer.concat([Uint8Array.of(1), new Uint8Array(16), new Uint8Array(40)])])
	const relayed = many([
		encodeRelayFrame([
			{ to: AN_ID as PeerId, bytes: new Uint8Array(30) },
			{ to: AN_ID as PeerId, bytes: new Uint8Array(3) },
		]),
	])

	const targets: readonly Target[] = [
		{ name: 'record', draw: () => bend(samples.records), run: runRecord },
		{
			// Well-formed but for what it says: only the kind's schema stands between it and the room.
			name: 'body',
			draw: () => {
				const { kind, body } = fuzz.pick(samples.bodies)
				const value = nasty[fuzz.random.integer(nasty.length)] ?? null
				const bent = bentBody(body, (values) => fuzz.pick(values), value)
				const head = samples.records.find((bytes) => {
					const record = parseRecord(bytes)
					return typeof record !== 'string' && record.kind === kind
				})
				const out = Buffer.concat([
					(head ?? new Uint8Array(HEAD_BYTES)).subarray(0, HEAD_BYTES),
					bent,
					new Uint8Array(64),
				])
				if (bent.length < 0x10000) out.writeUInt16BE(bent.length, 34)
				return out
			},
			run: runRecord,
		},
		{
			name: 'any body',
			draw: () => bend(many(samples.records.map((bytes) => bytes.subarray(HEAD_BYTES, bytes.length - 64)))),
			run: (bytes) => {
				const value = decodeBody(bytes)
				return value === undefined ? null : isSame(encodeBody(pure(value)), bytes)
			},
		},
		{
			name: 'key',
			draw: () => fuzz.bytes(bytesOf(fuzz.pick(samples.keys))),
			run: (bytes) => {
				const key = textOf(bytes)
				const parsed = parseKey(key)
				return typeof parsed === 'string' ? null : keyOf(parsed.kind, parsed.author, parsed.slot) === key
			},
		},
		{ name: 'update', draw: () => bend(samples.updates), run: runUpdate },
		{ name: 'state vector', draw: () => bend(samples.vectors), run: (b) => (isStateVector(b) ? true : null) },
		{
			name: 'link message',
			draw: () => bend(samples.linkMessages),
			run: (bytes) => {
				const message = parseLinkMessage(bytes)
				return message === null ? null : isSame(encodeLinkMessage(pure(message)), bytes)
			},
		},
		{
			name: 'room frame',
			draw: () => bend(samples.roomFrames),
			run: (bytes) => {
				const frame = parseRoomFrame(bytes)
				return frame === null ? null : isSame(encodeRoomFrame(pure(frame)), bytes)
			},
		},
		{
			name: 'digest',
			draw: () => bend(samples.digests),
			run: (bytes) => {
				const message = parseDigest(bytes)
				return message === null ? null : isSame(encodeDigest(pure(message)), bytes)
			},
		},
		{
			name: 'status',
			draw: () => (fuzz.chance(0.5) ? bend(samples.statuses) : bytesOf(fuzz.text(statuses))),
			run: (bytes) => {
				const status = parseStatus(bytes)
				return status === null ? null : isStableJson(pure(status), (text) => parseStatus(bytesOf(text)))
			},
		},
		{
			name: 'signal',
			draw: () => bytesOf(fuzz.text(toPeer)),
			run: (bytes) => {
				const message = parseSignalMessage(textOf(bytes))
				return message === null ? null : isStableJson(pure(message), parseSignalMessage)
			},
		},
		{
			name: 'server message',
			draw: () => bytesOf(fuzz.text(fromServer)),
			run: (bytes) => {
				const message = parseServerMessage(textOf(bytes))
				return message === null ? null : isStableJson(pure(message), parseServerMessage)
			},
		},
		{
			name: 'relay frame',
			draw: () => bend(relayed),
			run: (bytes) => {
				// A Buffer's own `slice` is a view, and this is written into.
				const frame = Uint8Array.from(bytes)
				const parcels = forwardRelayFrame(frame, new Uint8Array(16))
				if (parcels === null) return isSame(frame, bytes) ? null : false
				const again = parcels.map(({ to, frame: part }) => ({ to, bytes: part.subarray(17) }))
				return isSame(encodeRelayFrame(again), bytes)
			},
		},
		{
			name: 'relay delivery',
			draw: () => bend(deliveries),
			run: (bytes) => (parseRelayDelivery(bytes) === null ? null : true),
		},
	]

	let throws = 0
	let changed = 0
	let hangs = 0
	let worstMs = 0
	const taken = new Map(targets.map(({ name }) => [name, 0]))
	const firstFaults: string[] = []
	const note = (what: string, bytes: Uint8Array) => {
		if (firstFaults.length < 5)
			firstFaults.push(`${what}: ${Buffer.from(bytes).toString('hex').slice(0, 400)}`)
	}
	const timed = (target: Target, bytes: Uint8Array): number => {
		const beganMs = performance.now()
		target.run(bytes)
		return performance.now() - beganMs
	}
	for (let i = 0; i < INPUTS; i++) {
		const target = targets[i % targets.length]
		if (target === undefined) break
		const bytes = target.draw()
		const beganMs = performance.now()
		try {
			const result = target.run(bytes)
			if (result !== null) taken.set(target.name, (taken.get(target.name) ?? 0) + 1)
			if (result === false) {
				changed++
				note(`${target.name} is not written again as it was`, bytes)
			}
		} catch (error) {
			throws++
			note(`${target.name} throws ${String(error)}`, bytes)
			continue
		}
		let tookMs = performance.now() - beganMs
		// Others may have had the processor: what lasts is slow every time.
		for (let n = 0; n < 3 && tookMs > HANG_MS / 2; n++) tookMs = Math.min(tookMs, timed(target, bytes))
		worstMs = Math.max(worstMs, tookMs)
		if (tookMs > HANG_MS) {
			hangs++
			note(`${target.name} takes ${String(tookMs)} ms`, bytes)
		}
	}

	const verdict = createVerdict(`F14 what neighbours send, bent (seed ${String(SEED)})`)
	verdict.note('inputs', INPUTS)
	verdict.note('decoders', targets.length)
	verdict.is('thrown past a guard', throws, 0)
	verdict.is(`over ${String(HANG_MS)} ms`, hangs, 0)
	verdict.note('slowest', `${worstMs.toFixed(1)} ms`)
	verdict.is('written again otherwise', changed, 0)
	verdict.is('not plain', impure, 0)
	verdict.is(
		'prototypes changed',
		Object.getOwnPropertyNames(Object.prototype).toSorted().join() === prototypeKeys ? 0 : 1,
		0,
	)
	verdict.note('taken for good', [...taken].map(([name, count]) => `${name} ${String(count)}`).join(', '))
	expect(verdict.end(), firstFaults.join('\n')).toEqual([])
	expect(firstFaults).toEqual([])
	// Each decoder was fed with good ones too, or nothing was tried.
	expect([...taken].filter(([, count]) => count === 0)).toEqual([])
}, 3_600_000)
