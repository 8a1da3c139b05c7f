import { expect, it } from 'vitest'
import { APPLY, DRIFT, ROUND_TRIP, tally } from '#lib/protocol/figures.ts'
import { createFigures } from './figures.ts'

it('[FG4] reports are added up, and no one of them can be told from the sum', () => {
	const figures = createFigures()
	figures.add({
		drift: tally([3, 3, 700], DRIFT),
		roundTrip: tally([], ROUND_TRIP),
		links: { direct: 2, relayed: 1 },
		apply: tally([70], APPLY),
	})
	figures.add({
		drift: tally([4], DRIFT),
		roundTrip: tally([30, 2_000], ROUND_TRIP),
		links: { direct: 1, relayed: 0 },
		apply: tally([90, 1_000], APPLY),
	})
	const both = {
		reports: 2,
		drift: tally([3, 3, 700, 4], DRIFT),
		roundTrip: tally([30, 2_000], ROUND_TRIP),
		links: { direct: 3, relayed: 1, turn: 0 },
		apply: tally([70, 90, 1_000], APPLY),
	}
	expect(figures.all()).toEqual(both)
	// What was handed out before does not change behind anybody's back.
	const before = figures.all()
	figures.add({ drift: tally([1], DRIFT), roundTrip: tally([], ROUND_TRIP) })
	expect(before).toEqual(both)
})

it('[FG4] a report that holds more than its figures leaves no trace of it', () => {
	const figures = createFigures()
	const report = { token: 'a.b.c', drift: tally([3], DRIFT), roundTrip: tally([], ROUND_TRIP) }
	figures.add(report)
	expect(JSON.stringify(figures.all())).not.toContain('a.b.c')
})
