/** Where a dragged row would land. Pure: the rows' boxes come in, the place goes out. */
export interface RowBox {
	readonly top: number
	readonly bottom: number
}

/** The gap nearest to `y`: 0 is above the first row, `boxes.length` below the last. */
export const gapAt = (boxes: readonly RowBox[], y: number): number =>
	boxes.filter((box) => y > (box.top + box.bottom) / 2).length

/** True where dropping row `from` into `gap` changes nothing. */
export const isSamePlace = (from: number, gap: number): boolean => gap === from || gap === from + 1
