/**
 * Somebody opens the link while the others watch: from the opening of the page until the film plays within 40 ms of
 * theirs and goes on doing so.
 */
import type { Browser } from 'playwright-core'
import { joinRoom, type Person } from '../../tests/support/person.ts'
import { looksOf, nowMs, wait } from './pair.ts'
import { differences, IN_STEP_MS } from './readings.ts'
import type { Character, World } from './world.ts'

const STAYS_MS = 300
const WATCH_MS = 7_000

export const measureJoin = async (
	world: World,
	browser: Browser,
	who: Character,
	other: Person,
	link: string,
): Promise<number | null> => {
	const joiner = await world.arrive(browser, who)
	try {
		const before = nowMs()
		await joinRoom(joiner, link)
		await wait(Math.max(0, WATCH_MS - (nowMs() - before)))
		// The page's own beginning, on the machine's scale.
		const openedMs = await joiner.page.evaluate((offset) => performance.timeOrigin - offset, who.offsetMs)
		const mine = await looksOf(joiner, 0)
		const theirs = await looksOf(other, openedMs)
		let sinceMs: number | null = null
		let last = -Infinity
		for (const { atMs, value } of differences(mine, theirs)) {
			const isIn = Math.abs(value) <= IN_STEP_MS
			// A gap means that it did not play for a while.
			if (!isIn || atMs - last > 100) sinceMs = isIn ? atMs : null
			last = atMs
			if (sinceMs !== null && atMs - sinceMs >= STAYS_MS) return sinceMs - openedMs
		}
		return null
	} finally {
		await joiner.close()
	}
}
