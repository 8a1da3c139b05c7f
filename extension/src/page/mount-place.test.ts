import { describe, expect, it } from 'vitest'
import { MARGIN, placeOf, spotOf } from './mount-place.ts'

const WINDOW = { width: 1280, height: 800 }
const BAR = { width: 300, height: 44 }
const PANEL = { width: 380, height: 600 }

describe('where the panel lies', () => {
	it('[XT26] the panel keeps its distance to the edges it is nearest to when it or the window changes', () => {
		const place = placeOf({ left: 940, top: 700 }, BAR, WINDOW)
		expect(place).toEqual({ isAtEnd: true, x: 40, isAtFoot: true, y: 56 })
		expect(spotOf(place, BAR, WINDOW)).toEqual({ left: 940, top: 700 })
		expect(spotOf(place, PANEL, WINDOW)).toEqual({ left: 860, top: 144 })
		expect(spotOf(place, BAR, { width: 900, height: 500 })).toEqual({ left: 560, top: 400 })
	})

	it('[XT26] the panel never leaves the window, and what is larger than it begins at its edge', () => {
		expect(placeOf({ left: -400, top: -50 }, BAR, WINDOW)).toEqual({
			isAtEnd: false,
			x: MARGIN,
			isAtFoot: false,
			y: MARGIN,
		})
		const far = placeOf({ left: 9_000, top: 9_000 }, BAR, WINDOW)
		expect(spotOf(far, BAR, WINDOW)).toEqual({ left: 1280 - 300 - MARGIN, top: 800 - 44 - MARGIN })
		expect(spotOf(far, PANEL, { width: 320, height: 300 })).toEqual({ left: MARGIN, top: MARGIN })
	})
})
