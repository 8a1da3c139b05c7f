import { describe, expect, it } from 'vitest'
import { chooseEpoch, epochBornAt, membersToTell, NO_EPOCH, type EpochWord } from './clock-epoch.ts'

const OLD = 1_000
const YOUNG = 2_000
const says = (epoch: number, members: number, count = 1): EpochWord[] =>
	Array.from({ length: count }, () => ({ epoch, members, isTrusted: false }))

describe('which agreement stays', () => {
	it('[CK1] is named by its birth, so that the older one has the lower name', () => {
		const bornMs = Date.UTC(2026, 10, 21)
		expect(epochBornAt(bornMs)).toBeLessThan(epochBornAt(bornMs + 100))
		expect(epochBornAt(bornMs)).toBeLessThan(2 ** 32)
		// Clocks that are wrong by decades still give a name.
		for (const ms of [0, -1e12, Date.UTC(2026, 0, 1), 1e13]) expect(epochBornAt(ms)).toBeGreaterThan(NO_EPOCH)
	})
	it('[CK2] the one with more members, seen or told of, and of equals the older', () => {
		expect(chooseEpoch(OLD, says(YOUNG, 3, 3), 4)).toBe(YOUNG)
		expect(chooseEpoch(OLD, [...says(OLD, 2), ...says(YOUNG, 2, 2)], 4)).toBe(OLD)
		expect(chooseEpoch(YOUNG, says(OLD, 1), 2)).toBe(OLD)
		// One link between two groups: what it tells of the others counts.
		expect(chooseEpoch(OLD, [...says(OLD, 2), ...says(YOUNG, 5)], 7)).toBe(YOUNG)
	})
	it('[CK2] whoever has none takes any, and what nobody keeps to is nothing', () => {
		expect(chooseEpoch(NO_EPOCH, says(YOUNG, 1), 2)).toBe(YOUNG)
		expect(chooseEpoch(NO_EPOCH, [], 5)).toBe(NO_EPOCH)
		expect(chooseEpoch(OLD, says(NO_EPOCH, 0, 9), 10)).toBe(OLD)
		expect(membersToTell(NO_EPOCH, says(OLD, 3), 4)).toBe(0)
	})
	it('[CK3] a claim is worth no more than there are members whom nobody vouches for', () => {
		const three = says(OLD, 3, 2)
		expect(chooseEpoch(OLD, [...three, ...says(1, 65_535)], 4)).toBe(OLD)
		// Twelve in the room, three of ours seen: nine others may well keep to it.
		expect(chooseEpoch(OLD, [...three, ...says(YOUNG, 9)], 12)).toBe(YOUNG)
	})
	it('[CK3] one neighbour does not move a crowd, whatever it claims', () => {
		const crowd = says(OLD, 12, 9)
		expect(chooseEpoch(OLD, [...crowd, ...says(1, 65_535)], 400)).toBe(OLD)
		expect(chooseEpoch(OLD, [...crowd, ...says(YOUNG, 14, 5)], 400)).toBe(YOUNG)
	})
	it('[CK3] the memory of a group that shrank dies out', () => {
		let told = 12
		for (let k = 0; k < 12; k++) told = membersToTell(OLD, says(OLD, told), 12)
		expect(told).toBe(2)
	})
	it('[CK3] another tab of this browser is believed', () => {
		const leading = { epoch: YOUNG, members: 7, isTrusted: true }
		expect(chooseEpoch(OLD, [leading], 2)).toBe(YOUNG)
	})
})
