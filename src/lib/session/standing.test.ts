import { describe, expect, it, vi } from 'vitest'
import { EMPTY_VECTOR } from '#lib/core/playback.ts'
import { DEFAULT_SETTINGS, type Role } from '#lib/core/roles.ts'
import type { Member, RoomState } from '#lib/core/state.ts'
import type { DeviceId, SubjectId } from '#lib/core/units.ts'
import { createSimClock } from '#lib/transport/sim-clock.ts'
import { createStanding, type RoomEnd } from './standing.ts'

const ana = 'ana' as DeviceId
const bo = 'bo' as DeviceId
const member = (device: DeviceId, role: Role): Member => ({
	device,
	subject: `g_${device}` as SubjectId,
	name: device === ana ? 'Ana' : 'Bo',
	seat: 1,
	role,
	isVerified: false,
	isAccount: false,
	pictureId: null,
	firstSeenAtMs: 0,
})
const state = (boRole: Role, change: Partial<RoomState> = {}): RoomState => ({
	title: 'Film night',
	createdAtMs: 0,
	settings: DEFAULT_SETTINGS,
	me: bo,
	myRole: boRole,
	myRemoval: null,
	removals: [],
	offer: null,
	moved: null,
	members: [member(ana, 'owner'), member(bo, boRole)],
	queue: { earlier: [], current: null, next: [], following: null },
	playback: EMPTY_VECTOR,
	chat: [],
	chatDeletions: [],
	subtitles: [],
	activity: [],
	...change,
})

const setUp = (follow: () => Promise<{ code: string } | null> = async () => ({ code: 'NEW' })) => {
	const clock = createSimClock()
	const ends: RoomEnd[] = []
	const reviewOutcasts = vi.fn()
	const onTrouble = vi.fn()
	const here = { state: state('member'), links: 1 }
	const standing = createStanding({
		state: () => here.state,
		links: () => here.links,
		reviewOutcasts,
		follow,
		onEnd: (end) => ends.push(end),
		onTrouble,
		timers: {
			after: (ms, fn) => {
				const handle = clock.setTimeout(fn, ms)
				return () => clock.clearTimeout(handle)
			},
		},
	})
	return { clock, ends, here, standing, reviewOutcasts, onTrouble }
}

describe('standing', () => {
	it('[SS27] who is removed is told by whom and when, once', () => {
		const { ends, here, standing } = setUp()
		const removal = { subject: 'g_bo' as SubjectId, name: 'Bo', by: ana, atMs: 42, isBan: false }
		here.state = state('banned', { myRemoval: removal, removals: [removal] })
		standing.review()
		standing.review()
		expect(ends).toEqual([{ type: 'removed', by: 'Ana', atMs: 42, isBan: false, title: 'Film night' }])
	})

	it('[SS27] links are reviewed when the list of those kept out changes, and only then', () => {
		const { here, standing, reviewOutcasts } = setUp()
		standing.review()
		expect(reviewOutcasts).not.toHaveBeenCalled()
		const removal = { subject: 'g_cy' as SubjectId, name: 'Cy', by: ana, atMs: 42, isBan: false }
		here.state = state('member', { removals: [removal] })
		standing.review()
		standing.review()
		expect(reviewOutcasts).toHaveBeenCalledTimes(1)
		expect(standing.isOutcast('new device' as DeviceId, 'g_cy' as SubjectId)).toBe(true)
		expect(standing.isOutcast(ana, 'g_ana' as SubjectId)).toBe(false)
	})

	it('[SS27] who asks to be let in again is heard out before the old word counts', async () => {
		const { clock, ends, here, standing } = setUp()
		here.state = state('banned')
		standing.askAgain()
		standing.review()
		await clock.run(9_000)
		expect(ends).toEqual([])
		here.state = state('member')
		standing.review()
		await clock.run(9_000)
		expect(ends).toEqual([])

		const still = setUp()
		still.here.state = state('banned')
		still.standing.askAgain()
		await still.clock.run(11_000)
		expect(still.ends).toMatchObject([{ type: 'removed' }])
	})

	it('[SS28] the server’s refusal ends a room that has no links, and no other', async () => {
		const { clock, ends, here, standing } = setUp()
		standing.refusedByServer()
		await clock.run(10_000)
		expect(ends).toEqual([])
		here.links = 0
		standing.refusedByServer()
		await clock.run(10_000)
		expect(ends).toMatchObject([{ type: 'removed', by: null }])
	})

	it('[SS29] a changed lock leads to the new room, after the word has been passed on', async () => {
		const { clock, ends, here, standing } = setUp()
		here.state = state('member', { moved: { by: ana, atMs: 5 } })
		standing.review()
		await clock.run(500)
		expect(ends).toEqual([])
		await clock.run(1_000)
		expect(ends).toEqual([{ type: 'go', code: 'NEW', by: 'Ana' }])
	})

	it('[SS29] who changed the lock goes there as well, and is not told of it as of somebody else', async () => {
		const { clock, ends, here, standing } = setUp()
		here.state = state('owner', { moved: { by: bo, atMs: 5 } })
		standing.review()
		await clock.run(2_000)
		expect(ends).toEqual([{ type: 'go', code: 'NEW', by: null }])
	})

	it('[SS29] without a note for this device it is told that the lock was changed', async () => {
		const { clock, ends, here, standing } = setUp(async () => null)
		here.state = state('member', { moved: { by: ana, atMs: 5 } })
		standing.review()
		await clock.run(2_000)
		expect(ends).toEqual([{ type: 'moved', by: 'Ana', atMs: 5, title: 'Film night' }])
	})

	it('[SS29] following that fails is told and tried again', async () => {
		let tries = 0
		const { clock, ends, here, standing, onTrouble } = setUp(() =>
			++tries === 1 ? Promise.reject(new Error('disk full')) : Promise.resolve({ code: 'NEW' }),
		)
		here.state = state('member', { moved: { by: ana, atMs: 5 } })
		standing.review()
		await clock.run(2_000)
		expect(onTrouble).toHaveBeenCalledTimes(1)
		await clock.run(10_000)
		expect(ends).toEqual([{ type: 'go', code: 'NEW', by: 'Ana' }])
	})
})
