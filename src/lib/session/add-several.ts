/**
 * A list, put into the queue in its order as far as the queue takes it.
 */
import type { NewItem } from '#lib/core/room.ts'
import type { AddResult } from '#lib/core/view.ts'
import { linksWords } from '#lib/words/links.ts'

export interface SeveralDeps {
	readonly addItem: (item: NewItem, where: 'end' | 'next') => Promise<AddResult>
	readonly tell: (text: string) => void
}

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
			tell(linksWords().restNotAdded(result.message))
			break
		}
		first ??= result
		count++
	}
	if (first?.type !== 'added') return { type: 'refused', message: linksWords().emptyPlaylist }
	if (left > 0 && count === items.length) tell(linksWords().missingOfPlaylist(left))
	return { ...first, title: linksWords().videos(count) }
}
