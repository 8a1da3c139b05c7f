/**
 * From one film to the next: how long nobody sees a picture move, at a film's end and when somebody goes on in
 * mid-film, for each of two people.
 */
import type { Browser } from 'playwright-core'
import {
	addToQueue,
	expectInStep,
	meet,
	openTab,
	seekTo,
	waitForPlaying,
	type Person,
} from '../../tests/support/person.ts'
import { quantile } from './interactions.ts'

/** The sample film's length. */
const FILM_S = 120
/** Before the end, when it is sought to: the next is fetched ahead 20 s before it. */
const LEFT_S = 12
const CHANGE_LIMIT_S = 20
const ROUNDS = 3

interface Change {
	/** By one scale for pages of one machine. */
	readonly stoodAtMs: number
	readonly playedAtMs: number
}

/** Resolves when a film other than the one that is on now has begun to play. */
const watchChange = ({ page }: Person): Promise<Change> =>
	page.evaluate(
		(limitMs) =>
			new Promise<Change>((resolve, reject) => {
				const now = () => performance.timeOrigin + performance.now()
				const film = () => document.querySelector<HTMLVideoElement>('[data-testid="player"]')
				const before = film()?.currentSrc ?? ''
				const beganMs = now()
				let stoodAtMs = beganMs
				let lastS = -1
				const timer = setInterval(() => {
					const video = film()
					const positionS = video?.currentTime ?? -1
					if (video?.currentSrc === before) {
						if (positionS !== lastS) stoodAtMs = now()
					} else if (video !== null && !video.paused && positionS > lastS && lastS >= 0) {
						clearInterval(timer)
						resolve({ stoodAtMs, playedAtMs: now() })
					}
					const isNext = video !== null && video.currentSrc !== before && !video.paused
					lastS = video?.currentSrc === before || isNext ? positionS : -1
					if (now() - beganMs > limitMs) {
						clearInterval(timer)
						reject(new Error('the next film did not play'))
					}
				}, 4)
			}),
		(LEFT_S + CHANGE_LIMIT_S) * 1000,
	)

export interface ChangeOver {
	readonly name: string
	readonly count: number
	readonly medianMs: number
	readonly worstMs: number
}

const told = (name: string, each: readonly number[]): ChangeOver => ({
	name,
	count: each.length,
	medianMs: Math.round(quantile(each, 0.5)),
	worstMs: Math.round(Math.max(...each)),
})

export const measureChangeOver = async (browser: Browser, url: string): Promise<readonly ChangeOver[]> => {
	const { people } = await meet(browser, url, `${url}/film/saltmarsh.webm`, 2)
	const [alice, bob] = people as [Person, Person]
	try {
		await openTab(alice, 'Queue')
		// Each by an address of its own: fetched anew.
		for (let n = 0; n < 2 * ROUNDS; n++)
			await addToQueue(alice, `${url}/film/saltmarsh.${n % 2 === 0 ? 'mp4' : 'webm'}?${String(n)}`)
		const atEnd: number[] = []
		const byHand: number[] = []
		for (let round = 0; round < ROUNDS; round++) {
			await settle(alice, bob)
			await seekTo(alice, 1 - LEFT_S / FILM_S)
			const changes = await Promise.all(people.map(watchChange))
			atEnd.push(...changes.map(({ stoodAtMs, playedAtMs }) => playedAtMs - stoodAtMs))
			await settle(alice, bob)
			const watched = Promise.all(people.map(watchChange))
			const pressedMs = performance.timeOrigin + performance.now()
			await alice.page.getByRole('button', { name: 'Next', exact: true }).click()
			byHand.push(...(await watched).map(({ playedAtMs }) => playedAtMs - pressedMs))
		}
		return [told('at the end of a film', atEnd), told('by hand in mid-film', byHand)]
	} finally {
		for (const person of people) await person.close()
	}
}

const settle = async (alice: Person, bob: Person): Promise<void> => {
	for (const person of [alice, bob]) await waitForPlaying(person)
	await expectInStep(alice, bob)
	await alice.page.waitForTimeout(2_000)
}
