/**
 * One attack: what it does, and what must be true of its links afterwards. `standUp` plays it and reads the outcome.
 */
import { expect } from 'vitest'
import type { Millis } from '#lib/core/units.ts'
import { setStage, type FaultOptions, type Stage, type StageOptions } from './stage.ts'

export interface Attack {
	readonly name: string
	readonly stage?: Omit<StageOptions, 'seed'>
	run(stage: Stage): Promise<void>
	/** `dropped`: its neighbours end their links; `kept`: it can be anybody's doing, so they do not. */
	readonly links: 'dropped' | 'kept'
	readonly faults?: FaultOptions
	/** Sim time until all must be well again: three comparisons of digests. */
	readonly healMs?: Millis
	check?(stage: Stage): void
}

const HEAL_MS: Millis = 100_000

export const standUp = async (attack: Attack, seed: number, isBehindForwarder = false): Promise<void> => {
	const stage = await setStage({ seed, isBehindForwarder, ...attack.stage })
	await attack.run(stage)
	await stage.speak('during')
	await stage.run(attack.healMs ?? HEAL_MS)
	expect(stage.faults(attack.faults), 'what must hold').toEqual([])
	const linked = stage.targets().filter((member) => stage.isLinked(member, stage.mallory))
	const strikes = stage.strikesAgainst(stage.mallory.device)
	if (attack.links === 'dropped')
		expect(
			linked.map(({ name }) => name),
			strikes.join(' '),
		).toEqual([])
	else expect(linked.length, strikes.join(' ')).toBe(stage.targets().length)
	attack.check?.(stage)
	await stage.speak('after')
	await stage.run(10_000)
	expect(stage.faults(attack.faults), 'and afterwards').toEqual([])
	stage.stop()
}
