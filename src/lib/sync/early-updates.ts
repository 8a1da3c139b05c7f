/**
 * Updates that came before what they build on. Yjs would keep them too, but at a price that grows with the square of
 * their number, and it would apply their deletions at once; here they wait whole, few, and cheaply.
 */
import { isApplicable, type UpdateShape } from './update-shape.ts'

/** Of one sender; the oldest make room, since asking brings them again. */
export const EARLY_MAX_UPDATES = 64
export const EARLY_MAX_BYTES = 64 * 1024

interface Waiting<Sender> {
	readonly from: Sender
	readonly update: Uint8Array
	readonly shape: UpdateShape
}

export interface EarlyUpdates<Sender> {
	/** True where nothing of this sender was waiting before. */
	add(from: Sender, update: Uint8Array, shape: UpdateShape): boolean
	/** Takes out one whose time has come. */
	next(): { readonly from: Sender; readonly update: Uint8Array; readonly shape: UpdateShape } | null
	hasOf(from: Sender): boolean
	forget(from: Sender): void
}

export const createEarlyUpdates = <Sender>(knownClock: (client: number) => number): EarlyUpdates<Sender> => {
	let waiting: Waiting<Sender>[] = []
	const of = (from: Sender): Waiting<Sender>[] => waiting.filter((one) => one.from === from)

	return {
		add: (from, update, shape) => {
			const before = of(from)
			waiting.push({ from, update: update.slice(), shape })
			let bytes = update.length + before.reduce((sum, one) => sum + one.update.length, 0)
			let count = before.length + 1
			for (const oldest of before) {
				if (count <= EARLY_MAX_UPDATES && bytes <= EARLY_MAX_BYTES) break
				waiting = waiting.filter((one) => one !== oldest)
				bytes -= oldest.update.length
				count--
			}
			return before.length === 0
		},
		next: () => {
			const ready = waiting.find(({ shape }) => isApplicable(shape, knownClock))
			if (ready === undefined) return null
			waiting = waiting.filter((one) => one !== ready)
			return ready
		},
		hasOf: (from) => waiting.some((one) => one.from === from),
		forget: (from) => {
			waiting = waiting.filter((one) => one.from !== from)
		},
	}
}
