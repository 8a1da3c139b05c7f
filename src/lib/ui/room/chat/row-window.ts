/**
 * Which of many rows are on the page: some screens around the reader, moved in pages as they scroll.
 */
export interface RowWindow {
	readonly start: number
	/** The first row that is not on the page. */
	readonly end: number
}

export const PAGE_ROWS = 40
/** On the page at most, while somebody scrolls. */
export const WINDOW_ROWS = 160

/** Following the newest. */
export const newestRows = (count: number): RowWindow => ({
	start: Math.max(0, count - 2 * PAGE_ROWS),
	end: count,
})

export const earlierRows = ({ start, end }: RowWindow): RowWindow => {
	const from = Math.max(0, start - PAGE_ROWS)
	return { start: from, end: Math.min(end, from + WINDOW_ROWS) }
}

export const laterRows = ({ start, end }: RowWindow, count: number): RowWindow => {
	const to = Math.min(count, end + PAGE_ROWS)
	return { start: Math.max(start, to - WINDOW_ROWS), end: to }
}

export const rowsAround = (index: number, count: number): RowWindow => ({
	start: Math.max(0, index - PAGE_ROWS),
	end: Math.min(count, index + PAGE_ROWS),
})

/** There are other rows now, and the reader stays where they are: what comes at the end is added while there is room. */
export const grownRows = ({ start, end }: RowWindow, before: number, count: number): RowWindow => {
	const wasAtEnd = end >= before
	const to = wasAtEnd ? Math.min(count, start + WINDOW_ROWS) : Math.min(end, count)
	return { start: Math.max(0, Math.min(start, to - 1)), end: to }
}
