import { beforeEach, describe, expect, it } from 'vitest'
import { createRefusals, type Refusals } from './refusals.ts'

let nowMs = 0
let refusals: Refusals
beforeEach(() => {
	nowMs = 0
	refusals = createRefusals(() => nowMs)
})
const seek = (toS: number, landsS: number, afterMs = 100) => {
	refusals.told('seek', toS)
	nowMs += afterMs
	refusals.landed(landsS)
	nowMs += 1_000
}
const play = (stopsAfterMs: number) => {
	refusals.told('play')
	nowMs += stopsAfterMs
	refusals.stopped()
	nowMs += 5_000
}

describe('a player that undoes what it is told', () => {
	it('[XT60] is said to refuse once it has done so twice in a row', () => {
		seek(60, 3)
		expect(refusals.now()).toBeNull()
		seek(60, 4)
		expect(refusals.now()).toBe('seek')
		refusals.forget()
		expect(refusals.now()).toBeNull()
		play(200)
		expect(refusals.now()).toBeNull()
		play(200)
		expect(refusals.now()).toBe('play')
	})
	it('[XT60] but not one that obeyed in between, nor one that stopped long after', () => {
		seek(60, 3)
		seek(60, 59.9)
		seek(60, 3)
		expect(refusals.now()).toBeNull()
		play(200)
		play(4_000)
		play(200)
		expect(refusals.now()).toBeNull()
	})
	it('[XT60] what lands late, or unasked, is no answer', () => {
		seek(60, 3, 5_000)
		seek(60, 3, 5_000)
		refusals.landed(7)
		refusals.stopped()
		refusals.stopped()
		expect(refusals.now()).toBeNull()
	})
})
