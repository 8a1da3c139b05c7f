/**
 * Yjs updates and record bodies as no honest program writes them, byte by byte.
 */
import * as encoding from 'lib0/encoding'
import * as Y from 'yjs'
import { RECORDS_MAP } from '#lib/core/ledger.ts'
import { HEAD_BYTES, signedMessage, withSignature } from '#lib/core/records.ts'
import { KINDS, type Kind } from '#lib/core/kinds.ts'
import { base64urlToBytes } from '#lib/core/base64url.ts'
import { makeHlc } from '#lib/core/hlc.ts'
import type { Signer } from '#lib/core/crypto.ts'
import type { DeviceId, RoomId } from '#lib/core/units.ts'

const build = (fn: (encoder: encoding.Encoder) => void): Uint8Array<ArrayBuffer> => {
	const encoder = encoding.createEncoder()
	fn(encoder)
	return encoding.toUint8Array(encoder)
}
const uints = (...values: readonly number[]): Uint8Array<ArrayBuffer> =>
	build((encoder) => {
		for (const value of values) encoding.writeVarUint(encoder, value)
	})

/** Twelve bytes: `length` clocks of `client` from `clock` on were used, and it is gone what they held. */
export const gcStruct = (client: number, clock: number, length: number): Uint8Array =>
	uints(1, 1, client, clock, 0, length, 0)

/** The same as a deleted item under a key. */
export const deletedItem = (client: number, clock: number, length: number, key: string): Uint8Array =>
	build((encoder) => {
		for (const value of [1, 1, client, clock]) encoding.writeVarUint(encoder, value)
		encoding.writeUint8(encoder, 0x20 | 1)
		encoding.writeVarUint(encoder, 1)
		encoding.writeVarString(encoder, RECORDS_MAP)
		encoding.writeVarString(encoder, key)
		encoding.writeVarUint(encoder, length)
		encoding.writeVarUint(encoder, 0)
	})

/** About ten bytes: those clocks are deleted. No author is named. */
export const deleteRange = (client: number, clock: number, length: number): Uint8Array =>
	uints(0, 1, client, 1, clock, length)

/** An item with a value, under any client id and clock, with nothing before it. */
export const item = (client: number, clock: number, key: string, value: Uint8Array): Uint8Array =>
	build((encoder) => {
		for (const one of [1, 1, client, clock]) encoding.writeVarUint(encoder, one)
		writeItem(encoder, key, value)
		encoding.writeVarUint(encoder, 0)
	})

const writeItem = (encoder: encoding.Encoder, key: string, value: Uint8Array): void => {
	encoding.writeUint8(encoder, 0x20 | 3)
	encoding.writeVarUint(encoder, 1)
	encoding.writeVarString(encoder, RECORDS_MAP)
	encoding.writeVarString(encoder, key)
	encoding.writeVarUint8Array(encoder, value)
}

/** Many clients with an item each, all for one place. */
export const rivals = (count: number, key: string, value: Uint8Array, from = 1): Uint8Array =>
	build((encoder) => {
		encoding.writeVarUint(encoder, count)
		for (let i = 0; i < count; i++) {
			for (const one of [1, from + count - i, 0]) encoding.writeVarUint(encoder, one)
			writeItem(encoder, key, value)
		}
		encoding.writeVarUint(encoder, 0)
	})

/** One client with `count` items, all for one place. */
export const crowd = (client: number, count: number, key: string, value: Uint8Array): Uint8Array =>
	build((encoder) => {
		for (const one of [1, count, client, 0]) encoding.writeVarUint(encoder, one)
		for (let i = 0; i < count; i++) writeItem(encoder, key, value)
		encoding.writeVarUint(encoder, 0)
	})

/** Claims `count` structs or clients and brings none. */
export const structBomb = (count: number): Uint8Array => uints(1, count, 7, 0)
export const clientBomb = (count: number): Uint8Array => uints(count, 1, 7, 0)
/** 22 bytes in the V2 format that hang a thread: four billion collected structs in a run. */
export const V2_BOMB: Uint8Array = Uint8Array.from(
	Buffer.from('00000000000000000101010a80c8afa00f00000000', 'hex'),
)

/** A document of its own that holds what `write` puts there, as one update. */
export const updateOf = (write: (doc: Y.Doc) => void, clientId?: number): Uint8Array => {
	const doc = new Y.Doc()
	if (clientId !== undefined) doc.clientID = clientId
	write(doc)
	return Y.encodeStateAsUpdate(doc)
}

export const setOf = (values: Iterable<readonly [string, unknown]>, clientId?: number): Uint8Array =>
	updateOf((doc) => {
		doc.transact(() => {
			for (const [key, value] of values) doc.getMap(RECORDS_MAP).set(key, value)
		})
	}, clientId)

/** A withheld first update, and `count` that build on it. */
export const orphans = (count: number): Uint8Array[] => {
	const doc = new Y.Doc()
	const updates: Uint8Array[] = []
	doc.on('update', (update: Uint8Array) => updates.push(update))
	for (let i = 0; i <= count; i++) doc.getMap(RECORDS_MAP).set('chat/x/1', Uint8Array.of(i & 255, i >> 8))
	return updates.slice(1)
}

export interface RawRecord {
	readonly kind: Kind
	readonly slot: number
	readonly seq: number
	readonly ms: number
	readonly body: Uint8Array
	readonly author?: DeviceId
	readonly kindNumber?: number
	readonly version?: number
	readonly flags?: number
	readonly roomId: RoomId
}

/** A record with any bytes for a body, truly signed: what is wrong with it is wrong inside. */
export const signRaw = async (signer: Signer, raw: RawRecord): Promise<Uint8Array<ArrayBuffer>> => {
	const unsigned = new Uint8Array(HEAD_BYTES + raw.body.length)
	const view = new DataView(unsigned.buffer)
	view.setUint8(0, raw.version ?? 1)
	view.setUint8(1, raw.kindNumber ?? KINDS[raw.kind].number)
	view.setUint16(2, raw.slot)
	view.setUint16(4, Math.floor(raw.seq / 2 ** 32))
	view.setUint32(6, raw.seq % 2 ** 32)
	view.setBigUint64(10, makeHlc(raw.ms))
	unsigned.set(base64urlToBytes(raw.author ?? signer.device) ?? [], 18)
	view.setUint16(34, raw.body.length)
	view.setUint16(36, raw.flags ?? 0)
	unsigned.set(raw.body, HEAD_BYTES)
	return withSignature(unsigned, await signer.sign(signedMessage(raw.roomId, unsigned)))
}

/** lib0's own spelling of a value, canonical or not: keys in any order, `__proto__` among them, NaN and -0. */
export const anyBytes = (value: unknown): Uint8Array =>
	build((encoder) => encoding.writeAny(encoder, value as never))

/** An object whose entries are written as they are told, without any rule. */
export const objectBytes = (entries: readonly (readonly [string, Uint8Array])[]): Uint8Array =>
	build((encoder) => {
		encoding.writeUint8(encoder, 118)
		encoding.writeVarUint(encoder, entries.length)
		for (const [key, value] of entries) {
			encoding.writeVarString(encoder, key)
			encoding.writeUint8Array(encoder, value)
		}
	})

/** A list in a list in a list. */
export const nested = (depth: number): Uint8Array =>
	build((encoder) => {
		for (let i = 0; i < depth; i++) {
			encoding.writeUint8(encoder, 117)
			encoding.writeVarUint(encoder, 1)
		}
		encoding.writeUint8(encoder, 126)
	})
