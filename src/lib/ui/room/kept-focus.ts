/**
 * Moving a row takes the focus away from its buttons, and the move itself comes back from the room a little later.
 * This remembers which button of which item was pressed and gives it the focus again.
 */
const KEPT_MS = 3_000

export const createKeptFocus = (list: () => HTMLElement | undefined) => {
	let wanted: { readonly item: string; readonly act: string } | null = null
	let timer: ReturnType<typeof setTimeout> | undefined
	return {
		/** Call before the row is asked to move. */
		keep(item: string): void {
			const focused = document.activeElement
			const act = focused instanceof HTMLElement ? focused.dataset['act'] : undefined
			if (act === undefined) return
			wanted = { item, act }
			clearTimeout(timer)
			timer = setTimeout(() => (wanted = null), KEPT_MS)
		},
		/** Call after the rows have changed; does nothing where the focus went elsewhere meanwhile. */
		restore(): void {
			const at = document.activeElement
			if (wanted === null || (at !== null && at !== document.body)) return
			for (const row of list()?.querySelectorAll<HTMLElement>('[data-item]') ?? [])
				if (row.dataset['item'] === wanted.item)
					row.querySelector<HTMLElement>(`[data-act="${wanted.act}"]`)?.focus()
		},
	}
}
