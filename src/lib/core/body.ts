/**
 * The canonical encoding of record bodies: lib0's `any` format with keys in order, one spelling per value.
 * The reader is our own, because lib0's recurses without a limit and lets a `__proto__` key change the prototype; the
 * writer is, because lib0's brings along what bodies never hold.
 */
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'

export type BodyValue =
	| null
	| boolean
	| number
	| string
	| Uint8Array
	| readonly BodyValue[]
	| { readonly [key: string]: BodyValue | undefined }

/** Bodies are flat things; the deepest of ours has four levels. */
export const BODY_DEPTH_MAX = 8

// Type bytes of lib0's `any` (lib0/encoding writeAny).
const BYTES = 116
const ARRAY = 117
const OBJECT = 118
const STRING = 119
const TRUE = 120
const FALSE = 121
const FLOAT64 = 123
const FLOAT32 = 124
const INTEGER = 125
const NULL = 126

const isBytes = (value: BodyValue): value is Uint8Array => value instanceof Uint8Array
const isList = (value: BodyValue): value is readonly BodyValue[] => Array.isArray(value)

const INTEGER_MAX = 2 ** 31 - 1

const writeNumber = (encoder: encoding.Encoder, value: number): void => {
	if (Number.isInteger(value) && Math.abs(value) <= INTEGER_MAX) {
		encoding.writeUint8(encoder, INTEGER)
		encoding.writeVarInt(encoder, value === 0 ? 0 : value) // never -0, which has a spelling of its own
	} else if (Math.fround(value) === value) {
		encoding.writeUint8(encoder, FLOAT32)
		encoding.writeFloat32(encoder, value)
	} else {
		encoding.writeUint8(encoder, FLOAT64)
		encoding.writeFloat64(encoder, value)
	}
}

const write = (encoder: encoding.Encoder, value: BodyValue): void => {
	if (typeof value === 'number') {
		if (!Number.isFinite(value)) throw new Error('a body holds finite numbers only')
		writeNumber(encoder, value)
	} else if (typeof value === 'string') {
		encoding.writeUint8(encoder, STRING)
		encoding.writeVarString(encoder, value)
	} else if (typeof value !== 'object' || value === null) {
		encoding.writeUint8(encoder, value === null ? NULL : value ? TRUE : FALSE)
	} else if (isBytes(value)) {
		encoding.writeUint8(encoder, BYTES)
		encoding.writeVarUint8Array(encoder, value)
	} else if (isList(value)) {
		encoding.writeUint8(encoder, ARRAY)
		encoding.writeVarUint(encoder, value.length)
		for (const part of value) write(encoder, part)
	} else {
		const keys = Object.keys(value)
			.filter((key) => value[key] !== undefined)
			.sort()
		encoding.writeUint8(encoder, OBJECT)
		encoding.writeVarUint(encoder, keys.length)
		for (const key of keys) {
			encoding.writeVarString(encoder, key)
			write(encoder, value[key] ?? null)
		}
	}
}

/** Keys holding `undefined` are left out. Throws on a number that is not finite: a bug, not input. */
export const encodeBody = (value: BodyValue): Uint8Array<ArrayBuffer> => {
	const encoder = encoding.createEncoder()
	write(encoder, value)
	return encoding.toUint8Array(encoder)
}

class BadBody extends Error {}

const read = (decoder: decoding.Decoder, depth: number): BodyValue => {
	if (depth > BODY_DEPTH_MAX) throw new BadBody()
	switch (decoding.readUint8(decoder)) {
		case NULL:
			return null
		case TRUE:
			return true
		case FALSE:
			return false
		case INTEGER:
			return decoding.readVarInt(decoder)
		case FLOAT32:
			return decoding.readFloat32(decoder)
		case FLOAT64:
			return decoding.readFloat64(decoder)
		case STRING:
			return decoding.readVarString(decoder)
		case BYTES:
			return decoding.readVarUint8Array(decoder).slice()
		case ARRAY: {
			const count = decoding.readVarUint(decoder)
			const list: BodyValue[] = []
			// A count larger than what follows ends in a throw at the last byte, not in a large allocation.
			for (let i = 0; i < count; i++) list.push(read(decoder, depth + 1))
			return list
		}
		case OBJECT: {
			const count = decoding.readVarUint(decoder)
			// Without a prototype `__proto__` is a key like any other, and no schema names it.
			const object = Object.create(null) as Record<string, BodyValue>
			for (let i = 0; i < count; i++) {
				const key = decoding.readVarString(decoder)
				object[key] = read(decoder, depth + 1)
			}
			return object
		}
		default:
			throw new BadBody()
	}
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean => {
	if (a.length !== b.length) return false
	for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
	return true
}

/** `undefined` for anything that `encodeBody` would not have written exactly so. */
export const decodeBody = (bytes: Uint8Array): BodyValue | undefined => {
	try {
		// A copy of its own, so that a length beyond the end cannot reach into what follows the body.
		const decoder = decoding.createDecoder(bytes.slice())
		const value = read(decoder, 0)
		return isSame(encodeBody(value), bytes) ? value : undefined
	} catch {
		return undefined // whatever the reader stumbles over, the answer is the same: not a body
	}
}
