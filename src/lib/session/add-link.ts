/**
 * From text in the add field to what stands in the queue. Fetched with the first link.
 */
import type { NewItem } from '#lib/core/room.ts'
import type { AddResult } from '#lib/core/view.ts'
import { addSeveral } from './add-several.ts'
import { readLink, type LinkHelp } from './read-link.ts'

export interface AddLinkDeps {
	readonly pageUrl: URL
	readonly help: () => Promise<LinkHelp>
	/** Other sites' pages count as something to watch. */
	readonly takesPages?: boolean
	readonly addItem: (item: NewItem, where: 'end' | 'next') => Promise<AddResult>
	readonly tell: (text: string) => void
}

export const addLink = async (deps: AddLinkDeps, text: string, where: 'end' | 'next'): Promise<AddResult> => {
	const read = await readLink(text, deps.pageUrl, deps.help, deps.takesPages)
	switch (read.type) {
		case 'problem':
			return { type: 'refused', message: read.message }
		case 'items':
			return addSeveral(deps, read.items, read.left, where)
		case 'item': {
			const result = await deps.addItem(read.item, where)
			if (result.type === 'added' && read.note !== undefined) deps.tell(read.note)
			return result
		}
	}
}
