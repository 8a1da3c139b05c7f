/**
 * A list, put into the queue in its order as far as the queue takes it.
 */
import type { NewItem } from '#lib/core/room.ts'
import type { AddResult } from '#lib/core/view.ts'

export interface SeveralDeps {
	readonly addItem: (item: NewItem, where: 'end' | 'next') => Promise<AddResult>
	readonly tell: (text: string) => void
}

const videos = (count: number): string => (count === 1 ? '1 video' : `${String(count)} videos`)

/** `left`: how many of the list are not among `items`. */
export const addSeveral = async (
	{ addItem, tell }: SeveralDeps,
	items: readonly NewItem[],
	left: number,
	where: 'end' | 'next',
): Promise<AddResult> => {
	let first: AddResult | null = null
	let count = 0
	// "Next" puts each right behind what plays: the last one goes first.
	for (const item of where === 'end' ? items : items.toReversed()) {
		const result = await addItem(item, where)
		if (result.type === 'refused') {
			if (first === null) return result
			tell(`The rest of the playlist was not added. ${result.message}`)
			break
		}
		first ??= result
		count++
	}
	if (first?.type !== 'added') return { type: 'refused', message: 'There is nothing in that playlist.' }
	if (left > 0 && count === items.length)
		tell(
			`${videos(left)} of the playlist ${left === 1 ? 'is' : 'are'} not in the queue: private, or beyond the first 50.`,
		)
	return { ...first, title: videos(count) }
}
