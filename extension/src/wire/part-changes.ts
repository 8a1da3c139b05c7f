/**
 * A model in parts over a port: only what has become different is sent, of lists only the items. Rooms put their model
 * together anew all the time, so what is the same object is the same, and of the rest the text decides.
 */
import { carry, uncarry } from './carried.ts'
import { PARTS, type PanelModel, type PartChange, type PartName } from './panel-messages.ts'

type Parts = Readonly<Partial<Record<PartName, unknown>>>

interface Known {
	readonly source: unknown
	/** Of a list one for each item. */
	readonly texts: readonly string[]
	readonly isList: boolean
}

const textOf = (value: unknown): string => JSON.stringify(carry(value))

/** What leads from `before` to `after`. Runs of items that are others now, or one stretch where their number changed. */
const splices = (
	part: PartName,
	before: readonly string[],
	after: readonly string[],
	items: readonly unknown[],
): PartChange[] => {
	const made: PartChange[] = []
	const put = (at: number, drop: number, count: number) =>
		made.push({ part, at, drop, items: items.slice(at, at + count).map(carry) })
	if (before.length === after.length) {
		for (let at = 0; at < after.length; at++) {
			const from = at
			while (at < after.length && after[at] !== before[at]) at++
			if (at > from) put(from, at - from, at - from)
		}
		return made
	}
	const least = Math.min(before.length, after.length)
	let head = 0
	while (head < least && before[head] === after[head]) head++
	let tail = 0
	while (tail < least - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++
	put(head, before.length - head - tail, after.length - head - tail)
	return made
}

/** For one reader, from the first model on. */
export const createPartSender = (): ((parts: Parts) => PartChange[]) => {
	const known = new Map<PartName, Known>()
	/** The same items come again in another list, where only the list is new. */
	const texts = new WeakMap<object, string>()
	const textOfItem = (item: unknown): string => {
		if (typeof item !== 'object' || item === null) return textOf(item)
		const made = texts.get(item) ?? textOf(item)
		texts.set(item, made)
		return made
	}
	return (parts) =>
		// The model may have more than a panel is sent.
		(Object.keys(PARTS) as PartName[]).flatMap((part): PartChange[] => {
			const source = parts[part]
			const before = known.get(part)
			if (before?.source === source) return []
			const isList = Array.isArray(source)
			const now: Known = { source, isList, texts: isList ? source.map(textOfItem) : [textOf(source)] }
			known.set(part, now)
			if (isList && before?.isList === true) return splices(part, before.texts, now.texts, source)
			if (before?.isList === isList && before.texts[0] === now.texts[0]) return []
			return [{ part, whole: carry(source) }]
		})
}

/**
 * The same parts with what has come; what has not changed is the same object. Null where it does not fit. What is in
 * them is taken on trust: the room's own document is at the other end.
 */
export const readChanges = (
	parts: Partial<PanelModel>,
	changes: readonly PartChange[],
): Partial<PanelModel> | null => {
	const next: Partial<Record<PartName, unknown>> = { ...parts }
	for (const change of changes) {
		if ('whole' in change) {
			next[change.part] = uncarry(change.whole)
			continue
		}
		const { part, at, drop } = change
		const list = next[part]
		if (!Array.isArray(list) || at + drop > list.length) return null
		next[part] = list.slice(0, at).concat(change.items.map(uncarry), list.slice(at + drop))
	}
	return next as Partial<PanelModel>
}
