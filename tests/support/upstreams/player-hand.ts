/**
 * What tests of embeds do to the player in the lab's page, what they read of it, and a person's hand in its frame.
 */
import { expect } from '@playwright/test'
import type { Frame, Page } from 'playwright-core'
import type { MediaRef } from '#lib/core/media.ts'
import type { PlayerState } from '#lib/players/player.ts'
import { evaluateUntouched } from './player-lab.ts'

export interface PlayerHand {
	/** Opens the player and waits for a state, 15 s at most; the state it is in then. */
	open(media: MediaRef, until?: PlayerState['type']): Promise<PlayerState>
	play(): Promise<string>
	/** False if it never was in that state. */
	become(type: PlayerState['type'], mostMs?: number): Promise<boolean>
	positionS(): Promise<number>
	/** Acts of a person that the player told. */
	intents(): Promise<readonly string[]>
	states(): Promise<readonly string[]>
	/** The embed's own frame. */
	inside(): Frame
	/** A person's hand inside the frame, in the fake's own words. */
	hand(what: string): Promise<unknown>
	/** A click on the film pauses it, another starts it, and a seek by the embed's own bar is one: each is told once. */
	touchInside(): Promise<void>
}

/** `page`: the one that the test is at; `frameUrl`: a part of the embed's address. */
export const createPlayerHand = (page: () => Page, frameUrl: string): PlayerHand => {
	const eventsOf = (kind: 'user-intent' | 'state') =>
		page().evaluate(
			(wanted) =>
				window.lab.events.flatMap((event) =>
					event.type !== wanted
						? []
						: event.type === 'user-intent'
							? [event.intent]
							: event.type === 'state'
								? [event.state.type]
								: [],
				),
			kind,
		)
	const inside = (): Frame => {
		const frame = page()
			.frames()
			.find((one) => one.url().includes(frameUrl))
		if (!frame) throw new Error('no embed')
		return frame
	}
	const intents = () => eventsOf('user-intent')
	return {
		open: (media, until = 'ready') =>
			page().evaluate(
				async ([ref, type]) => {
					const player = await window.lab.open(ref)
					await window.lab.until(() => player.state().type === type, 15_000)
					return player.state()
				},
				[media, until] as const,
			),
		play: () => page().evaluate(() => window.lab.player?.play() ?? 'none'),
		become: (type, mostMs = 10_000) =>
			page().evaluate(
				([wanted, ms]) => window.lab.until(() => window.lab.player?.state().type === wanted, ms),
				[type, mostMs] as const,
			),
		positionS: () => page().evaluate(() => window.lab.player?.sample()?.positionS ?? -1),
		intents,
		states: () => eventsOf('state'),
		inside,
		hand: (what) => inside().evaluate(`hand.${what}`),
		async touchInside() {
			await inside().locator('video').click()
			await expect.poll(intents).toEqual(['pause'])
			await page().waitForTimeout(800)
			await inside().locator('video').click()
			await expect.poll(intents).toEqual(['pause', 'play'])
			await page().waitForTimeout(1_500)
			await inside().evaluate('hand.seek(40)')
			await expect.poll(intents).toEqual(['pause', 'play', 'seek'])
			await page().waitForTimeout(1_000)
		},
	}
}

/** From opening to the refusal and the start without sound, on a page that nobody has touched. */
export const startUntouched = async (page: Page, media: MediaRef): Promise<void> => {
	const run = (expression: string): Promise<unknown> => evaluateUntouched(page, expression)
	await run(`lab.open(${JSON.stringify(media)}).then((p) => lab.until(() => p.state().type === 'ready'))`)
	expect(await run('navigator.userActivation.hasBeenActive')).toBe(false)
	expect(await run('lab.player.play()')).toBe('blocked')
	expect(await run('lab.player.state().type')).toBe('blocked')
	await run('lab.player.setVolume(1, true)')
	expect(await run('lab.player.play()')).toBe('playing')
	expect(await run(`lab.until(() => lab.player.state().type === 'playing')`)).toBe(true)
	expect(await run(`lab.events.filter(({ type }) => type === 'user-intent').length`)).toBe(0)
}
