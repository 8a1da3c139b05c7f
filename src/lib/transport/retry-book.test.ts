import { expect, it } from 'vitest'
import type { PeerId } from '#lib/core/units.ts'
import { createRetryBook } from './retry-book.ts'
import { createSeededRandom } from './seeded-random.ts'
import { createSimClock } from './sim-clock.ts'

const PEER = 'peer' as PeerId

it('[TR13] the first try again comes after 2 to 5 s, later ones ever later, none more than a minute apart', async () => {
	for (let seed = 0; seed < 30; seed++) {
		const clock = createSimClock()
		const book = createRetryBook(clock, createSeededRandom(seed))
		const waits: number[] = []
		for (let i = 0; i < 8; i++) {
			book.noteFailure(PEER)
			let waitedMs = 0
			while (!book.isDue(PEER)) {
				await clock.run(500)
				waitedMs += 500
			}
			waits.push(waitedMs)
		}
		expect(waits[0]).toBeGreaterThanOrEqual(2_000)
		expect(waits[0]).toBeLessThanOrEqual(5_500)
		expect(waits[2]).toBeGreaterThanOrEqual(8_000)
		expect(Math.max(...waits)).toBeLessThanOrEqual(60_500)
		expect(waits.at(-1)).toBeGreaterThanOrEqual(30_000)
	}
})

it('[TR13] a peer that shows up anew is due at once and starts from the beginning', async () => {
	const clock = createSimClock()
	const book = createRetryBook(clock, createSeededRandom(1))
	for (let i = 0; i < 6; i++) book.noteFailure(PEER)
	book.forget(PEER)
	expect(book.isDue(PEER)).toBe(true)
	book.noteFailure(PEER)
	await clock.run(5_000)
	expect(book.isDue(PEER)).toBe(true)
})

it('waits at least as long as the caller says', async () => {
	const clock = createSimClock()
	const book = createRetryBook(clock, createSeededRandom(1))
	book.noteFailure(PEER, 30_000)
	await clock.run(29_000)
	expect(book.isDue(PEER)).toBe(false)
	await clock.run(1_000)
	expect(book.isDue(PEER)).toBe(true)
})
