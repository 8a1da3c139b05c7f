/**
 * People who watch one room, and what a phase needs of them: their looks, their acts with the moment at which each
 * was made, and the line on which the room wants them.
 */
import { expect } from '@playwright/test'
import type { Person } from '../../tests/support/person.ts'
import type { RigWindow } from '../page/rig.ts'
import { FILM_S } from './film-server.ts'
import { toLooks, type Line, type Look } from './readings.ts'

/** The machine's own time, as the pages' probes have it. */
export const nowMs = (): number => performance.timeOrigin + performance.now()
export const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** The frame that holds the film itself: the page, or the embed in it. */
const filmFrame = ({ page }: Person) => {
	const frames = page.frames().filter((frame) => frame !== page.mainFrame())
	return frames.find((frame) => /embed|player/.test(frame.url())) ?? page.mainFrame()
}

export const looksOf = async (person: Person, fromMs: number, toMs = Infinity): Promise<Look[]> => {
	const rows = await filmFrame(person).evaluate(
		([from]) => {
			const all = (globalThis as RigWindow).rig.rows
			let first = all.length
			while (first >= 5 && (all[first - 5] ?? 0) >= (from ?? 0)) first -= 5
			// NaN does not travel: it comes out as null.
			return all.slice(first)
		},
		[fromMs],
	)
	return toLooks(rows).filter(({ atMs }) => atMs <= toMs)
}

/** When something first happened there at or after `fromMs`: to the page itself, or to its film. */
export const stampOf = async (
	person: Person,
	name: string,
	fromMs: number,
	where: 'page' | 'film',
	timeoutMs = 3_000,
): Promise<number | null> => {
	const deadline = nowMs() + timeoutMs
	const frame = where === 'page' ? person.page.mainFrame() : filmFrame(person)
	for (;;) {
		const found = await frame.evaluate(
			([wanted, from]) =>
				(globalThis as RigWindow).rig.stamps.find(({ name: is, atMs }) => is === wanted && atMs >= from)
					?.atMs ?? null,
			[name, fromMs] as const,
		)
		if (found !== null || nowMs() > deadline) return found
		await wait(50)
	}
}

/** The room's line by the tap: the page's own vector, by the page's own clock brought to the machine's. */
export const roomLine = async ({ page }: Person): Promise<Line | null> =>
	page.evaluate(() => {
		const { tap } = (globalThis as RigWindow).rig
		if (tap === null) return null
		const { atMs, positionS, rate, isPlaying } = tap.vector()
		return { atMs: atMs - tap.xMs(), positionMs: positionS * 1000, rate, isPlaying }
	})

export const useRule = async (people: readonly Person[], rule: string): Promise<void> => {
	for (const { page } of people)
		await page.evaluate((name) => (globalThis as RigWindow).rig.tap?.use(name), rule)
}

/** Does something to the page and gives the moment at which the page noticed, by the machine's clock. */
const act = async (person: Person, event: string, deed: () => Promise<void>): Promise<number> => {
	const fromMs = nowMs() - 5
	await deed()
	const at = await stampOf(person, event, fromMs, 'page')
	if (at === null) throw new Error(`the page saw no ${event}`)
	return at
}

/** A click on the seek bar. */
export const seek = async (person: Person, toS: number): Promise<number> => {
	const box = await person.page.getByRole('slider', { name: 'Seek' }).boundingBox()
	if (box === null) throw new Error('the seek bar is not on the screen')
	return act(person, 'pointerdown', () =>
		person.page.mouse.click(box.x + (box.width * toS) / FILM_S, box.y + 4),
	)
}

/** K plays and pauses. */
export const toggle = (person: Person): Promise<number> =>
	act(person, 'keydown', () => person.page.keyboard.press('k'))

/** Sets somebody's film back behind the app's back, as a stall does; the moment by the machine's clock. */
export const setBack = (person: Person, byS: number): Promise<number> =>
	filmFrame(person).evaluate((by) => {
		const media = document.querySelector('video')
		if (media === null) throw new Error('there is no film')
		media.currentTime -= by
		return (globalThis as RigWindow).rig.trueNow()
	}, byS)

export const isPlaying = async (person: Person): Promise<boolean> => {
	const looks = await looksOf(person, nowMs() - 400)
	return looks.length > 5 && looks.every(({ isGood }) => isGood)
}
export const waitUntilAllPlay = async (people: readonly Person[], timeout = 30_000): Promise<void> => {
	for (const person of people) await expect.poll(() => isPlaying(person), { timeout }).toBe(true)
}
