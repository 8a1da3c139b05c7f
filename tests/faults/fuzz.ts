/**
 * Frames nobody should send, drawn from a seed: known messages bent in structure and in bytes, and frames and bytes
 * broken on the wire. What is drawn is near enough to the real thing to get past the first check.
 */
import { encodeRelayFrame } from '#lib/protocol/relay.ts'
import type { PeerId } from '#lib/core/units.ts'
import { createSeededRandom, type SeededRandom } from '#lib/transport/seeded-random.ts'
import { rawFrame } from '../support/ws-raw.ts'

export type Message = Record<string, unknown>
type Several<T> = readonly [T, ...T[]]

export const AN_ID = 'AAAAAAAAAAAAAAAAAAAAAA'

export const NASTY = [
	null,
	true,
	0,
	-1,
	-0,
	1.5,
	2 ** 53,
	1e308,
	'',
	'x',
	'\u0000',
	'\ud800',
	'\u202e',
	'__proto__',
	'constructor',
	AN_ID,
	'x'.repeat(3_000),
	[],
	[[]],
	{},
	{ __proto__: { isHost: true } },
	{ constructor: { prototype: { isHost: true } } },
	{ toString: null, valueOf: 1 },
	Array(100).fill(null),
] as const satisfies readonly unknown[]

export interface Fuzz {
	readonly random: SeededRandom
	chance(odds: number): boolean
	pick<T>(values: Several<T>): T
	/** JSON text of one of `samples`, mostly no longer what it was. */
	text(samples: Several<Message>): string
	/** Bytes of `sample`, changed: flipped, cut, doubled, extended. */
	bytes(sample: Uint8Array): Uint8Array
	/** A WebSocket frame with something wrong in its header or its bytes. */
	frame(text: string): Buffer
	/** A relay frame to some of `peers`, mostly broken. */
	relay(peers: Several<PeerId>): Uint8Array
}

export const createFuzz = (seed: number): Fuzz => {
	const random = createSeededRandom(seed)
	const below = (limit: number): number => random.integer(limit)
	const chance = (odds: number): boolean => random.unit() < odds
	const pick = <T>(values: Several<T>): T => values[below(values.length)] ?? values[0]

	/** Some change of structure: a field of the wrong kind, one too few, one too many, an unknown type. */
	const bend = (message: Message): Message => {
		const copy: Message = { ...message }
		const keys = Object.keys(copy) as [string, ...string[]]
		switch (below(5)) {
			case 0:
				delete copy[pick(keys)]
				return copy
			case 1:
				copy[pick(['admin', '__proto__', 'constructor', 'then', 'toJSON', 'length'])] = pick<unknown>([
					...NASTY,
				])
				return copy
			case 2:
				copy['type'] = pick<unknown>(['', 'JOIN', 'joined', 'toString', '__proto__', ...NASTY])
				return copy
			default: {
				const key = pick(keys)
				const value = copy[key]
				const isNested = typeof value === 'object' && value !== null && !Array.isArray(value)
				copy[key] = isNested && chance(0.7) ? bend(value as Message) : pick<unknown>([...NASTY])
				return copy
			}
		}
	}

	/** Some change of text: bytes flipped, cut, doubled, or something else altogether. */
	const garble = (text: string): string => {
		const at = below(text.length + 1)
		switch (below(6)) {
			case 0:
				return text.slice(0, at)
			case 1:
				return text.slice(at)
			case 2:
				return text.slice(0, at) + String.fromCharCode(below(0x3000)) + text.slice(at + 1)
			case 3:
				return text + text
			case 4:
				return pick(['[', '{"a":', '"', '-', '\\u', ' ']).repeat(below(2_000))
			default:
				return Buffer.from(random.bytes(below(200))).toString('latin1')
		}
	}

	const bytes = (sample: Uint8Array): Uint8Array => {
		const out = sample.slice()
		const at = below(sample.length + 1)
		switch (below(7)) {
			case 0:
				return out.subarray(0, at)
			case 1:
				return out.subarray(at)
			case 2:
				return Buffer.concat([out, random.bytes(1 + below(40))])
			case 3:
				return Buffer.concat([out.subarray(0, at), random.bytes(1 + below(4)), out.subarray(at)])
			case 4:
				return random.bytes(below(200))
			default: {
				// One to three bytes, among them those that numbers and lengths love least.
				for (let n = 1 + below(3); n > 0 && out.length > 0; n--)
					out[below(out.length)] = pick([0, 1, 0x7f, 0x80, 0xff, below(256)])
				return out
			}
		}
	}

	return {
		random,
		chance,
		pick,
		bytes,
		text: (samples) => {
			const message = pick(samples)
			if (chance(0.1)) return JSON.stringify(message)
			const text = JSON.stringify(chance(0.6) ? bend(message) : message)
			return chance(0.4) ? garble(text) : text
		},
		frame: (text) => {
			const frame = rawFrame(chance(0.3) ? Buffer.from(random.bytes(below(300))) : text, {
				opcode: chance(0.5) ? 1 : below(16),
				isFinal: chance(0.8),
				reservedBits: chance(0.8) ? 0 : below(8),
				isMasked: chance(0.9),
				...(chance(0.9) ? {} : { claimedLength: BigInt(below(2 ** 31)) << BigInt(below(32)) }),
			})
			if (chance(0.3)) frame[below(frame.length)] = below(256)
			return chance(0.1) ? frame.subarray(0, below(frame.length)) : frame
		},
		relay: (peers) => {
			const parcels = Array.from({ length: 1 + below(4) }, () => ({
				to: pick(peers),
				bytes: random.bytes(1 + below(60)),
			}))
			const frame = encodeRelayFrame(parcels)
			return chance(0.1) ? frame : bytes(frame)
		},
	}
}
