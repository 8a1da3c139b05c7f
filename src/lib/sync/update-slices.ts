/**
 * Cuts a large Yjs V1 update into small ones that can be applied one after the other with pauses in between: each
 * builds only on what is known and on those before it. Runs beside the page where it can (`trial-work.ts`).
 */
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'

export const SLICE_MAX_STRUCTS = 256
export const SLICE_MAX_BYTES = 64 * 1024

export interface SliceLimits {
	/** One more struct may go beyond it. */
	readonly maxStructs: number
	readonly maxBytes: number
}
const SMALL: SliceLimits = { maxStructs: SLICE_MAX_STRUCTS, maxBytes: SLICE_MAX_BYTES }
const SLICE_MAX_RANGES = 512
/** Clocks deleted in one slice. */
const SLICE_MAX_DELETED = 4_096

const CONTENT_MASK = 0b1_1111
const HAS_RIGHT_ORIGIN = 0x40
const HAS_ORIGIN = 0x80
const CONTENT = { gc: 0, deleted: 1 } as const

interface Struct {
	/** Up to where in the bytes it reaches; it begins where the one before ends. */
	readonly end: number
	/** The clock behind it. */
	readonly toClock: number
	/** Pairs of client and clock that must be there before. */
	readonly needs: readonly number[]
}

interface Block {
	readonly client: number
	readonly clock: number
	readonly begin: number
	readonly structs: readonly Struct[]
	/** The next struct that is in no slice yet. */
	next: number
	/** The first struct that is in this slice. */
	first: number
}

/** Of an update that `readUpdateShape` let pass: the grammar is not checked again. */
const readBlocks = (decoder: decoding.Decoder): Block[] => {
	const blocks: Block[] = []
	const clientCount = decoding.readVarUint(decoder)
	for (let i = 0; i < clientCount; i++) {
		const structCount = decoding.readVarUint(decoder)
		const client = decoding.readVarUint(decoder)
		const clock = decoding.readVarUint(decoder)
		const begin = decoder.pos
		const structs: Struct[] = []
		let toClock = clock
		for (let j = 0; j < structCount; j++) {
			const info = decoding.readUint8(decoder)
			const content = info & CONTENT_MASK
			const needs: number[] = []
			if (content === CONTENT.gc) toClock += decoding.readVarUint(decoder)
			else {
				const pairs = (info & HAS_ORIGIN ? 1 : 0) + (info & HAS_RIGHT_ORIGIN ? 1 : 0)
				for (let n = 0; n < 2 * pairs; n++) needs.push(decoding.readVarUint(decoder))
				if (pairs === 0) {
					decoding.readVarUint(decoder)
					decoding.readVarString(decoder)
					decoding.readVarString(decoder)
				}
				if (content === CONTENT.deleted) toClock += decoding.readVarUint(decoder)
				else {
					decoding.readVarUint8Array(decoder)
					toClock++
				}
			}
			structs.push({ end: decoder.pos, toClock, needs })
		}
		blocks.push({ client, clock, begin, structs, next: 0, first: 0 })
	}
	return blocks
}

/** Deletions alone, a few at a time. */
const sliceDeletions = (decoder: decoding.Decoder): Uint8Array[] => {
	const slices: Uint8Array[] = []
	let ranges: [client: number, clock: number, length: number][] = []
	let clocks = 0
	const flush = (): void => {
		if (ranges.length === 0) return
		const encoder = encoding.createEncoder()
		encoding.writeVarUint(encoder, 0)
		encoding.writeVarUint(encoder, ranges.length)
		// One client several times is as good as once, and shorter to write down here.
		for (const range of ranges) {
			const [client, clock, length] = range
			for (const value of [client, 1, clock, length]) encoding.writeVarUint(encoder, value)
		}
		slices.push(encoding.toUint8Array(encoder))
		ranges = []
		clocks = 0
	}
	const clientCount = decoding.readVarUint(decoder)
	for (let i = 0; i < clientCount; i++) {
		const client = decoding.readVarUint(decoder)
		const rangeCount = decoding.readVarUint(decoder)
		for (let j = 0; j < rangeCount; j++) {
			const clock = decoding.readVarUint(decoder)
			const length = decoding.readVarUint(decoder)
			// What was long ago collected is one struct, however many clocks it has.
			if (length > 0) ranges.push([client, clock, length])
			clocks += length
			if (ranges.length >= SLICE_MAX_RANGES || clocks >= SLICE_MAX_DELETED) flush()
		}
	}
	flush()
	return slices
}

/**
 * The slices of `update`, which must be applicable to a document with these clocks; null where its structs wait for
 * one another in a circle. Deletions come last.
 */
export const sliceUpdate = (
	update: Uint8Array,
	knownClock: (client: number) => number,
	{ maxStructs, maxBytes }: SliceLimits = SMALL,
): readonly Uint8Array[] | null => {
	const decoder = decoding.createDecoder(update)
	const blocks = readBlocks(decoder)
	const byClient = new Map(blocks.map((block) => [block.client, block]))
	const slices: Uint8Array[] = []
	let count = 0
	let bytes = 0
	let touched = new Set<Block>()

	const flush = (): void => {
		if (touched.size === 0) return
		const encoder = encoding.createEncoder()
		encoding.writeVarUint(encoder, touched.size)
		for (const block of touched) {
			const { structs, first, next } = block
			const before = structs[first - 1]
			encoding.writeVarUint(encoder, next - first)
			encoding.writeVarUint(encoder, block.client)
			encoding.writeVarUint(encoder, before?.toClock ?? block.clock)
			encoding.writeUint8Array(
				encoder,
				update.subarray(before?.end ?? block.begin, structs[next - 1]?.end ?? block.begin),
			)
			block.first = next
		}
		encoding.writeVarUint(encoder, 0)
		slices.push(encoding.toUint8Array(encoder))
		touched = new Set()
		count = 0
		bytes = 0
	}
	/** The clock up to which a client's structs are known or sliced. */
	const reach = (client: number): number => {
		const block = byClient.get(client)
		if (block === undefined) return knownClock(client)
		const last = block.structs[block.next - 1]
		return Math.max(knownClock(client), last?.toClock ?? 0)
	}
	const take = (block: Block, struct: Struct): void => {
		const before = block.structs[block.next - 1]?.end ?? block.begin
		touched.add(block)
		block.next++
		count++
		bytes += struct.end - before
		if (count >= maxStructs || bytes >= maxBytes) flush()
	}

	for (const root of blocks) {
		// A stack of our own: a chain through ten thousand clients must not be one through ten thousand calls.
		const stack: { block: Block; untilClock: number }[] = [{ block: root, untilClock: Infinity }]
		const onStack = new Set<Block>([root])
		for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
			const { block, untilClock } = top
			const struct = block.structs[block.next]
			if (struct === undefined || reach(block.client) >= untilClock) {
				stack.pop()
				onStack.delete(block)
				continue
			}
			let missing: { block: Block; untilClock: number } | null = null
			for (let i = 0; i < struct.needs.length; i += 2) {
				const [client = 0, clock = 0] = struct.needs.slice(i, i + 2)
				if (reach(client) > clock) continue
				const other = byClient.get(client)
				if (other === undefined || onStack.has(other)) return null
				missing = { block: other, untilClock: clock + 1 }
			}
			if (missing === null) take(block, struct)
			else {
				stack.push(missing)
				onStack.add(missing.block)
			}
		}
	}
	flush()
	slices.push(...sliceDeletions(decoder))
	return slices
}
