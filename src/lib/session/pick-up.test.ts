import { describe, expect, it } from 'vitest'
import { EMPTY_VECTOR, type PlaybackVector } from '#lib/core/playback.ts'
import type { ItemId, RoomId } from '#lib/core/units.ts'
import type { VisitedRoom } from '#lib/storage/storage.ts'
import { createPickUp } from './pick-up.ts'

const item = 'a.1' as ItemId
const playing: PlaybackVector = {
	...EMPTY_VECTOR,
	itemId: item,
	isPlaying: true,
	positionS: 5,
	atMs: 1_000,
	rev: '1',
}
const visit: VisitedRoom = {
	roomId: 'r' as RoomId,
	code: 'c',
	title: '',
	visitedAtMs: 60_000,
	lastItem: { id: item, title: 'Film', positionS: 64 },
	queueLength: 0,
	people: [],
	sealedRoot: '',
}
const DAY_MS = 86_400_000

describe('opening a room again', () => {
	it('[SS22] long after everybody left, the film stands where it was last seen, and is set down there', () => {
		const pickUp = createPickUp(visit, playing, DAY_MS)
		expect(pickUp.vector(playing)).toMatchObject({ isPlaying: false, positionS: 64 })
		expect(pickUp.nobodyIsHere(playing)).toEqual({ positionS: 64 })
		expect(pickUp.nobodyIsHere(playing)).toBeNull()
		expect(pickUp.vector(playing)).toBe(playing)
	})

	it('[SS22] with somebody there, or after a reload, the room is as it says', () => {
		const pickUp = createPickUp(visit, playing, DAY_MS)
		pickUp.someoneIsHere()
		expect(pickUp.vector(playing)).toBe(playing)
		expect(pickUp.nobodyIsHere(playing)).toBeNull()
		expect(createPickUp(visit, playing, 65_000).isOpen()).toBe(false)
		expect(createPickUp(null, playing, DAY_MS).isOpen()).toBe(false)
		expect(createPickUp(visit, { ...playing, isPlaying: false }, DAY_MS).isOpen()).toBe(false)
	})

	it('[SS22] an act that came meanwhile is not overwritten', () => {
		const pickUp = createPickUp(visit, playing, DAY_MS)
		const newer = { ...playing, rev: '2', positionS: 90 }
		expect(pickUp.vector(newer)).toBe(newer)
		expect(pickUp.nobodyIsHere(newer)).toBeNull()
	})
})
