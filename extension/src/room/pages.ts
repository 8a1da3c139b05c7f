/**
 * The pages whose script has called: one a tab, the newest. One of them plays the room's film.
 */
import { fromPage, type FromPage, type PageIs, type ToPage } from '../wire/page-messages.ts'
import { createLine, tabOf, type Line, type RawPort } from '../wire/port.ts'

export interface KnownPage {
	readonly tab: number
	readonly line: Line<FromPage, ToPage>
	/** Null until it has told. */
	readonly is: PageIs | null
}

export interface Pages {
	/** False for a port that is no page's script of ours; it is closed. */
	take(port: RawPort): boolean
	get(tab: number): KnownPage | null
	/** The page of this tab, once it has told what it is; null if it does not within `ms`. */
	whenKnown(tab: number, ms: number): Promise<KnownPage | null>
	closeAll(): void
}

export interface PagesDeps {
	readonly ownId: string
	readonly setTimer: (fn: () => void, ms: number) => () => void
	readonly onChange: (tab: number) => void
	/** A word for a panel on this page; null where none may stand there. */
	readonly wordFor: (line: KnownPage['line']) => string | null
	/** The page takes the panel away again and again. */
	readonly onPanelLost: (tab: number) => void
}

export const createPages = ({ ownId, setTimer, onChange, wordFor, onPanelLost }: PagesDeps): Pages => {
	const pages = new Map<number, KnownPage>()
	const waiting = new Set<{ readonly tab: number; readonly settle: (page: KnownPage | null) => void }>()
	return {
		take(port) {
			const tab = tabOf(port, ownId)
			if (tab === null) {
				port.disconnect()
				return false
			}
			const line = createLine<FromPage, ToPage>(port, fromPage)
			// A page that was loaded anew calls again, perhaps before the old one's end is told.
			const before = pages.get(tab)
			pages.set(tab, { tab, line, is: null })
			before?.line.close()
			line.on((message) => {
				if (pages.get(tab)?.line !== line) return
				if (message.type === 'panel-word') line.send({ type: 'panel-word', word: wordFor(line) })
				if (message.type === 'panel-lost') onPanelLost(tab)
				if (message.type !== 'page') return
				const page = { tab, line, is: message }
				pages.set(tab, page)
				for (const one of [...waiting]) if (one.tab === tab) one.settle(page)
				onChange(tab)
			})
			line.onClose(() => {
				if (pages.get(tab)?.line !== line) return
				pages.delete(tab)
				onChange(tab)
			})
			onChange(tab)
			return true
		},
		get: (tab) => pages.get(tab) ?? null,
		whenKnown(tab, ms) {
			const known = pages.get(tab)
			if (known !== undefined && known.is !== null) return Promise.resolve(known)
			return new Promise((resolve) => {
				const one = {
					tab,
					settle: (page: KnownPage | null) => {
						waiting.delete(one)
						cancel()
						resolve(page)
					},
				}
				const cancel = setTimer(() => one.settle(null), ms)
				waiting.add(one)
			})
		},
		closeAll() {
			for (const { line } of [...pages.values()]) line.close()
		},
	}
}
