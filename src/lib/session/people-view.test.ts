import { describe, expect, it } from 'vitest'
import { EMPTY_VECTOR } from '#lib/core/playback.ts'
import { DEFAULT_SETTINGS } from '#lib/core/roles.ts'
import type { Member, RoomState } from '#lib/core/state.ts'
import type { DeviceId, SubjectId } from '#lib/core/units.ts'
import { peopleView, type Presence } from './people-view.ts'

const alice = 'alice' as DeviceId
const bob = 'bob' as DeviceId

const member = (device: DeviceId, name: string): Member => ({
	device,
	subject: `d_${device}` as SubjectId,
	name,
	seat: 3,
	role: 'member',
	isVerified: false,
	isAccount: false,
	pictureId: null,
	firstSeenAtMs: 0,
})
const state: RoomState = {
	title: '',
	createdAtMs: 0,
	settings: DEFAULT_SETTINGS,
	me: bob,
	myRole: 'member',
	myRemoval: null,
	removals: [],
	offer: null,
	moved: null,
	members: [member(alice, 'Alice'), member(bob, 'Bob'), member('gone' as DeviceId, 'Gone')],
	queue: { earlier: [], current: null, next: [], following: null },
	playback: EMPTY_VECTOR,
	chat: [],
	chatDeletions: [],
	subtitles: [],
	activity: [],
}
const here = (device: DeviceId, change: Partial<Presence> = {}): Presence => ({
	device,
	name: null,
	isLeaving: false,
	isAway: false,
	doing: { type: 'playing' },
	isMuted: false,
	driftMs: 40,
	path: 'direct',
	rttMs: 3.4,
	status: null,
	...change,
})

const viewOf = (presences: readonly Presence[]) => peopleView(state, presences, (id) => `/pictures/${id}`)

describe('people', () => {
	it('[SS21] those who are here, the reader first, one entry a device', () => {
		const people = viewOf([
			here(alice, { path: 'through-others' }),
			here(bob, { path: 'self' }),
			here(alice),
			here(bob, { path: 'through-others' }),
		])
		expect(people.map(({ name, isMe, path }) => [name, isMe, path])).toEqual([
			['Bob', true, 'self'],
			['Alice', false, 'direct'],
		])
		expect(people[1]).toMatchObject({ driftS: -0.04, rttMs: 3, presence: 'here' })
	})

	it('[SS21] somebody whose records have not come yet is here all the same', () => {
		const [stranger] = viewOf([here('zoe' as DeviceId, { name: 'Copper Wren', isLeaving: true })])
		expect(stranger).toMatchObject({ name: 'Copper Wren', role: 'member', presence: 'leaving' })
		expect(stranger?.seat).toBeGreaterThanOrEqual(1)
		expect(stranger?.seat).toBeLessThanOrEqual(8)
	})
})
