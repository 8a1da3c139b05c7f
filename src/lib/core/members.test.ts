import { describe, expect, it } from 'vitest'
import { createFakeSigner } from './fake-crypto.ts'
import { seatOf } from './members.ts'
import type { IdentityClaims, RoomDeps } from './room.ts'
import {
	carryBoth,
	checkFakeIdentity,
	createTestClock,
	createTestRoom,
	fakeToken,
	testRoot,
	type TestRoom,
} from './test-room.ts'
import type { SubjectId } from './units.ts'

const setUp = (checkIdentity: RoomDeps['checkIdentity'] = checkFakeIdentity) => {
	const clock = createTestClock()
	const root = testRoot(createFakeSigner('alice'))
	const alice = createTestRoom('alice', { root, clock, checkIdentity })
	return { clock, root, alice }
}
const settle = async (): Promise<void> => {
	for (let i = 0; i < 20; i++) await Promise.resolve()
}
const me = ({ room, signer }: TestRoom) => room.state().members.find(({ device }) => device === signer.device)

describe('members', () => {
	it('[MB1] come in under a cleaned name, and say why a name will not do', async () => {
		const { alice } = setUp()
		expect(await alice.room.introduce({ name: ' Al\u202eice ', token: null })).toEqual({ type: 'done' })
		expect(me(alice)?.name).toBe('Alice')
		expect(await alice.room.introduce({ name: 'Alice', token: null })).toEqual({ type: 'nothing-to-do' })
		expect(await alice.room.introduce({ name: '\u200b', token: null })).toMatchObject({ type: 'failed' })
		expect(await alice.room.introduce({ name: 'x'.repeat(33), token: null })).toEqual({
			type: 'too-big',
			what: 'name',
			limit: 32,
		})
	})

	it('[MB2] keep their first coming and their identity over a change of name', async () => {
		const { alice, clock, root } = setUp()
		const bob = createTestRoom('bob', { root, clock })
		await bob.room.introduce({ name: 'Bob', token: fakeToken('g_bob', 'Bob') })
		await settle()
		const before = me(bob)
		const entry = bob.room.state().activity.find(({ deed }) => deed.type === 'came-in')
		clock.advance(86_400_000 * 2)
		await bob.room.introduce({ name: 'Robert', token: null })
		await settle()
		expect(me(bob)).toEqual({ ...before, name: 'Robert' })
		await carryBoth(alice, bob)
		const comings = alice.room.state().activity.filter(({ deed }) => deed.type === 'came-in')
		expect(comings).toEqual([entry])
	})

	it('[MB3] belong to the person their token names; the server vouches for that name only', async () => {
		const { alice, clock, root } = setUp()
		await alice.room.introduce({ name: 'Alice', token: null })
		expect(me(alice)).toMatchObject({ subject: `d_${alice.signer.device}`, isVerified: false })
		const bob = createTestRoom('bob', { root, clock })
		await bob.room.introduce({ name: 'Bob', token: fakeToken('u_1', 'Bob', true) })
		await settle()
		expect(me(bob)).toMatchObject({ subject: 'u_1', isVerified: true })
		await bob.room.introduce({ name: 'Alice', token: null })
		await settle()
		expect(me(bob)).toMatchObject({ subject: 'u_1', isVerified: false })
		const guest = createTestRoom('guest', { root, clock })
		await guest.room.introduce({ name: 'Guest', token: fakeToken('g_2', 'Guest') })
		await settle()
		expect(me(guest)).toMatchObject({ subject: 'g_2', isVerified: false })
	})

	it('[MB4] sit under one of eight covers, the same for a person on every screen', () => {
		const seats = Array.from({ length: 400 }, (_, i) => seatOf(`g_${i}` as SubjectId))
		expect(new Set(seats)).toEqual(new Set([1, 2, 3, 4, 5, 6, 7, 8]))
		expect(seatOf('g_7' as SubjectId)).toBe(seats[7])
	})

	it('[MB5] are known as soon as their token can be checked, and it is checked as of when it was shown', async () => {
		let canCheck = false
		const asked: number[] = []
		const { alice, clock } = setUp(async (token, _device, atMs): Promise<IdentityClaims | null> => {
			asked.push(atMs)
			return canCheck ? checkFakeIdentity(token) : Promise.reject(new Error('no keys yet'))
		})
		const shownAtMs = clock.nowMs()
		await alice.room.introduce({ name: 'Alice', token: fakeToken('g_a', 'Alice') })
		await settle()
		expect(me(alice)?.subject).toBe(`d_${alice.signer.device}`)
		canCheck = true
		clock.advance(1_000)
		alice.room.tick(clock.nowMs())
		await settle()
		expect(asked).toHaveLength(1)
		clock.advance(2_000)
		alice.room.tick(clock.nowMs())
		await settle()
		expect(me(alice)?.subject).toBe('g_a')
		expect(asked).toEqual([shownAtMs, shownAtMs])
	})

	it('[MB7] tell the key to which things are sealed for this device alone, and keep it over a change of name', async () => {
		const { alice, clock, root } = setUp()
		const bob = createTestRoom('bob', { root, clock })
		const boxKey = Uint8Array.from({ length: 32 }, (_, i) => i)
		await bob.room.introduce({ name: 'Bob', token: null })
		expect(bob.room.boxKeyOf(bob.signer.device)).toBeNull()
		expect(await bob.room.introduce({ name: 'Bob', token: null, boxKey })).toEqual({ type: 'done' })
		expect(await bob.room.introduce({ name: 'Bob', token: null, boxKey })).toEqual({ type: 'nothing-to-do' })
		expect(await bob.room.introduce({ name: 'Robert', token: null })).toEqual({ type: 'done' })
		await carryBoth(alice, bob)
		expect(alice.room.boxKeyOf(bob.signer.device)).toEqual(boxKey)
		expect(alice.room.boxKeyOf(alice.signer.device)).toBeNull()
	})

	it('[MB8] show a new picture as soon as the token names it', async () => {
		const { alice, clock, root } = setUp(async (token) => {
			const [subject = '', pictureId = ''] = token.split('.')
			return { subject: subject as SubjectId, name: 'Bob', isAccount: true, pictureId }
		})
		const bob = createTestRoom('bob', { root, clock })
		let changes = 0
		alice.room.onChange(() => changes++)
		const picture = () =>
			alice.room.state().members.find(({ device }) => device === bob.signer.device)?.pictureId
		for (const id of ['one', 'two']) {
			await bob.room.introduce({ name: 'Bob', token: `a_bob.${id}.x` })
			await carryBoth(alice, bob)
			await settle()
			expect(picture()).toBe(id)
		}
		expect(changes).toBeGreaterThan(1)
	})
})
