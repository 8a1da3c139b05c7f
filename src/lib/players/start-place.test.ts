import { expect, it } from 'vitest'
import { createStartPlace } from './start-place.ts'

it('[PL35] a place kept before the start goes with it, and reports of before mean nothing', () => {
	const place = createStartPlace()
	expect(place.isBefore(0, 0)).toBe(false)
	place.keep(40)
	expect(place.isBefore(0, 100)).toBe(true)
	expect(place.take(1_000)).toBe(40)
	expect(place.isBefore(0, 1_200)).toBe(true)
	place.started(1_500)
	expect(place.isBefore(0.2, 1_600)).toBe(true)
	expect(place.isBefore(40.3, 1_800)).toBe(false)
	expect(place.isBefore(3, 1_900)).toBe(false)
	expect(place.take(2_000)).toBeNull()
})

it('[PL35] a start that lands elsewhere is believed after three seconds of play', () => {
	const place = createStartPlace()
	place.keep(40)
	place.take(0)
	place.started(500)
	expect(place.isBefore(1, 3_000)).toBe(true)
	expect(place.isBefore(1.6, 3_501)).toBe(false)
})

it('[PL35] a start that is there counts before anything says that it plays', () => {
	const place = createStartPlace()
	place.keep(40)
	place.take(0)
	expect(place.isBefore(40, 300)).toBe(false)
	expect(place.isBefore(40.2, 500)).toBe(false)
	place.keep(12)
	expect(place.isBefore(40.2, 600)).toBe(true)
	expect(place.take(700)).toBe(12)
})
