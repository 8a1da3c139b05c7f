import { describe, expect, it } from 'vitest'
import { combineVotes, type ClockVote } from './clock-vote.ts'

const member = (offMs: number, rttMs = 40): ClockVote => ({ offMs, rttMs, isServer: false })
const server = (offMs: number, rttMs = 40): ClockVote => ({ offMs, rttMs, isServer: true })

describe('the middle of what neighbours say', () => {
	it('[CK4] is the mean of those who agree, near ones weighing more', () => {
		expect(combineVotes([], true)).toBeNull()
		expect(combineVotes([member(4), member(-4)], true)).toBeCloseTo(0)
		expect(combineVotes([member(3, 4), member(-3, 80)], true)).toBeGreaterThan(2)
	})
	it('[CK4] one who is far from the rest has no say', () => {
		const honest = combineVotes([member(2), member(-1)], true) ?? Number.NaN
		for (const lie of [25, -60, 5_000, -1e9])
			expect(combineVotes([member(2), member(-1), member(lie)], true)).toBeCloseTo(honest, 0)
		// However near it is, or seems.
		expect(Math.abs(combineVotes([member(2), member(-1), member(300, 0.2)], true) ?? 99)).toBeLessThan(2)
	})
	it('[CK4] one who is alone with his time goes to the others', () => {
		expect(combineVotes([member(101), member(99), member(100)], true)).toBeCloseTo(100, 0)
	})
	it('[CK4] of two who differ nobody knows who is wrong', () => {
		expect(combineVotes([member(700)], true)).toBe(700)
		expect(combineVotes([member(700), member(-700)], true)).toBe(0)
	})
	it('[CK5] the server pulls by at most 20 ms, and not at all where it is more than a second away', () => {
		const pulled = combineVotes([member(0), member(0), server(900)], true) ?? Number.NaN
		expect(combineVotes([member(0), member(0), server(60_000)], true)).toBeCloseTo(0)
		expect(pulled).toBeGreaterThan(1)
		expect(pulled).toBeLessThan(20)
		expect(combineVotes([server(60_000)], true)).toBeLessThanOrEqual(20)
		expect(combineVotes([server(60_000)], false)).toBeCloseTo(60_000)
	})
})
