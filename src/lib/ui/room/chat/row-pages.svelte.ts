/**
 * Of a long chat a window is on the page: it moves as the reader scrolls, scrolls along only for who reads the end,
 * and what the reader looks at stays where it is.
 */
import { tick } from 'svelte'
import { earlierRows, grownRows, laterRows, newestRows, rowsAround, type RowWindow } from './row-window.ts'

interface RowPagesDeps<Row> {
	readonly rows: () => readonly Row[]
	/** The element with a child for each row. */
	readonly log: () => HTMLElement | undefined
	readonly isShown: () => boolean
	/** The reader stands at the newest line, or no longer does. */
	readonly onend: (isAtEnd: boolean) => void
}

const NEAR_END_PX = 48
const NEAR_EDGE_PX = 400

export const createRowPages = <Row>({ rows, log, isShown, onend }: RowPagesDeps<Row>) => {
	let scroller = $state<HTMLElement>()
	let isAtEnd = $state(true)
	let isPaging = $state(false)
	let held = $state.raw<{ readonly rows: RowWindow; readonly count: number }>({
		rows: newestRows(0),
		count: 0,
	})
	const shown = $derived(
		isAtEnd ? newestRows(rows().length) : grownRows(held.rows, held.count, rows().length),
	)
	const onPage = $derived(rows().slice(shown.start, shown.end))
	const hold = (next: RowWindow): void => {
		held = { rows: next, count: rows().length }
	}
	const setEnd = (isEnd: boolean): void => {
		isAtEnd = isEnd
		onend(isEnd)
	}

	const toEnd = (): void => {
		if (scroller) scroller.scrollTop = scroller.scrollHeight
	}
	/** Other rows on the page, and what the reader looks at stays where it is. */
	const page = async (next: RowWindow): Promise<void> => {
		if (isPaging || (next.start === shown.start && next.end === shown.end)) return
		// Rows that come back are no news: nobody reads them aloud.
		isPaging = true
		const top = scroller?.getBoundingClientRect().top ?? 0
		const anchor = Array.from(log()?.children ?? []).find((row) => row.getBoundingClientRect().bottom > top)
		const before = anchor?.getBoundingClientRect().top ?? 0
		hold(next)
		await tick()
		if (anchor?.isConnected && scroller) scroller.scrollTop += anchor.getBoundingClientRect().top - before
		isPaging = false
	}

	// The scroll position belongs to the element: it follows after each change of the rows, and when the tab is shown.
	$effect(() => {
		void rows()
		if (isShown() && isAtEnd) void tick().then(toEnd)
	})

	return {
		get onPage() {
			return onPage
		},
		get isAtEnd() {
			return isAtEnd
		},
		get isPaging() {
			return isPaging
		},
		/** The last of all rows, where `index` counts those on the page. */
		isLast: (index: number): boolean => shown.start + index === rows().length - 1,
		/** To be attached to what scrolls. */
		follow: (node: HTMLElement): (() => void) => {
			scroller = node
			if (typeof ResizeObserver === 'undefined') return () => undefined
			// A keyboard that opens, a line that wraps or a chip that comes must not push the newest line away.
			const observer = new ResizeObserver(() => {
				if (isAtEnd) toEnd()
			})
			observer.observe(node)
			for (const child of node.children) observer.observe(child)
			return () => {
				observer.disconnect()
			}
		},
		onscroll: (): void => {
			// A hidden list measures nothing: where the reader was is still where they are.
			if (!scroller || scroller.clientHeight === 0 || isPaging) return
			const above = scroller.scrollTop
			const below = scroller.scrollHeight - above - scroller.clientHeight
			const count = rows().length
			const isEnd = below < NEAR_END_PX && shown.end >= count
			if (isAtEnd && !isEnd) hold(shown)
			setEnd(isEnd)
			if (above < NEAR_EDGE_PX && shown.start > 0) {
				if (isAtEnd) hold(shown)
				if (!isAtEnd) void page(earlierRows(shown))
			} else if (below < NEAR_EDGE_PX && shown.end < count) void page(laterRows(shown, count))
		},
		toNewest: async (): Promise<void> => {
			setEnd(true)
			await tick()
			toEnd()
		},
		/** Has the row at `index` of all on the page. */
		reveal: async (index: number): Promise<void> => {
			if (index >= shown.start && index < shown.end) return
			setEnd(false)
			hold(rowsAround(index, rows().length))
			await tick()
		},
	}
}
