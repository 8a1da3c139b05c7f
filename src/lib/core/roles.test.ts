import { describe, expect, it } from 'vitest'
import { can, DEFAULT_SETTINGS, type Action, type Role } from './roles.ts'
import {
	addFilm,
	carry,
	carryBoth,
	createTestRoom,
	fakeToken,
	film,
	gather,
	makeRecord,
	titlesOf,
	type TestRoom,
} from './test-room.ts'
import type { SubjectId } from './units.ts'

const BOB = 'g_bob' as SubjectId

const three = async () => {
	const { rooms, clock, meet, root } = await gather('alice', 'bob', 'carol')
	const [alice, bob, carol] = rooms as [TestRoom, TestRoom, TestRoom]
	return { alice, bob, carol, clock, meet, root }
}
const roleOf = (who: TestRoom, device: TestRoom): Role | undefined =>
	who.room.state().members.find((member) => member.device === device.signer.device)?.role

describe('the table of rights', () => {
	it('[RO1] says what each role may do', () => {
		const allowed = (role: Role): Action[] =>
			(
				[
					'control',
					'add',
					'remove-own',
					'reorder',
					'vote',
					'chat',
					'react',
					'change-settings',
					'rename-room',
					'moderate',
					'grant',
				] as const
			).filter((action) => can(role, action, DEFAULT_SETTINGS))
		expect(allowed('banned')).toEqual([])
		expect(allowed('viewer')).toEqual(['vote', 'react'])
		expect(allowed('member')).toEqual(['control', 'add', 'remove-own', 'reorder', 'vote', 'chat', 'react'])
		expect(allowed('operator')).toHaveLength(10)
		expect(allowed('owner')).toHaveLength(11)
	})

	it('[RO1] narrows to operators what the settings say', () => {
		const strict = { ...DEFAULT_SETTINGS, control: 'operators', add: 'operators', chat: 'operators' } as const
		for (const action of ['control', 'add', 'chat'] as const) {
			expect(can('member', action, strict)).toBe(false)
			expect(can('operator', action, strict)).toBe(true)
		}
		expect(can('member', 'reorder', strict)).toBe(true)
	})
})

describe('who is what', () => {
	it('[RO2] the founding device owns the room, and every device of the founder’s account', async () => {
		const { alice, bob, clock, root } = await three()
		const tablet = createTestRoom('tablet', { root, clock })
		await tablet.room.introduce({ name: 'Alice', token: fakeToken('u_owner', 'Alice', true) })
		await carryBoth(tablet, alice)
		expect([roleOf(alice, alice), roleOf(alice, tablet), roleOf(alice, bob)]).toEqual([
			'owner',
			'owner',
			'member',
		])
		expect(await tablet.room.grant(BOB, 'viewer')).toEqual({ type: 'done' })
		await carryBoth(tablet, alice)
		expect(roleOf(alice, bob)).toBe('viewer')
	})

	it('[RO3] counts grants of the owner only, and nobody makes another owner', async () => {
		const { alice, bob, carol } = await three()
		expect(await bob.room.grant(BOB, 'operator')).toEqual({
			type: 'not-allowed',
			action: 'grant',
			role: 'member',
		})
		const body = { subject: 'g_bob', role: 'operator', devices: [] }
		const { key, bytes } = await makeRecord(bob.signer, 'grant', 0, 50, body)
		expect(await alice.room.ledger.judge(key, bytes)).toEqual({ type: 'accepted' })
		expect(roleOf(alice, bob)).toBe('member')
		expect(await alice.room.grant(BOB, 'owner')).toEqual({ type: 'refused', why: 'hand-over' })
		expect(await alice.room.grant('g_alice' as SubjectId, 'viewer')).toEqual({ type: 'nothing-to-do' })
		expect(await alice.room.grant('g_nobody' as SubjectId, 'viewer')).toEqual({ type: 'nothing-to-do' })
		expect(roleOf(alice, carol)).toBe('member')
	})

	it('[RO4] voids what comes behind the cut, back-dated too, and keeps what came before it', async () => {
		const { alice, bob, meet, clock } = await three()
		await alice.room.grant(BOB, 'operator')
		await meet()
		await bob.room.renameRoom('By Bob')
		await addFilm(bob, 'kept')
		await meet()
		await alice.room.grant(BOB, 'viewer')
		// Bob has not heard of it.
		await addFilm(bob, 'void')
		expect(titlesOf(bob)).toBe('kept void')
		clock.advance(5)
		await meet()
		const seq = 500
		const said = await makeRecord(
			bob.signer,
			'chat',
			9,
			seq,
			{ text: 'back-dated' },
			{ ms: clock.nowMs() - 5_000 },
		)
		for (const who of [alice, bob])
			expect(await who.room.ledger.judge(said.key, said.bytes)).toEqual({ type: 'accepted' })
		for (const who of [alice, bob]) {
			expect(titlesOf(who)).toBe('kept')
			expect(who.room.state().title).toBe('By Bob')
			expect(who.room.state().chat).toEqual([])
		}
		expect(await bob.room.queue.add(film('more'), 'end')).toEqual({
			type: 'not-allowed',
			action: 'add',
			role: 'viewer',
		})
		await alice.room.grant(BOB, 'member')
		await meet()
		await addFilm(bob, 'again')
		await meet()
		expect(titlesOf(alice)).toBe('kept again')
	})

	it('[RO5] a ban lasts though the banned device throws its identity away', async () => {
		const { alice, bob, meet } = await three()
		await alice.room.grant(BOB, 'banned')
		await meet()
		expect(roleOf(alice, bob)).toBe('banned')
		const body = { key: bob.signer.publicKey, name: 'Somebody else', since: 1, first: 1 }
		const { key, bytes } = await makeRecord(bob.signer, 'id', 0, 60, body)
		await alice.room.ledger.judge(key, bytes)
		expect(roleOf(alice, bob)).toBe('banned')
		expect(await bob.room.chat.send('hello')).toMatchObject({ type: 'not-allowed' })
	})

	it('[RO6] a person’s new device has the person’s role', async () => {
		const { alice, meet, clock, root } = await three()
		await alice.room.grant(BOB, 'banned')
		await meet()
		const phone = createTestRoom('bobs-phone', { root, clock })
		await phone.room.introduce({ name: 'Bob', token: fakeToken('g_bob', 'Bob') })
		await addFilm(phone, 'sneaked in')
		await carry(phone, alice)
		expect(roleOf(alice, phone)).toBe('banned')
		expect(titlesOf(alice)).toBe('')
	})

	it('[RO6] taking a role back reaches the devices that came after it was given', async () => {
		const { alice, meet, clock, root } = await three()
		await alice.room.grant(BOB, 'operator')
		await meet()
		const phone = createTestRoom('bobs-phone', { root, clock })
		await phone.room.introduce({ name: 'Bob', token: fakeToken('g_bob', 'Bob') })
		await carryBoth(alice, phone)
		expect(await phone.room.renameRoom('From the phone')).toEqual({ type: 'done' })
		await carryBoth(alice, phone)
		await alice.room.grant(BOB, 'member')
		await carryBoth(alice, phone)
		expect(roleOf(alice, phone)).toBe('member')
		expect(alice.room.state().title).toBe('From the phone')
		expect(await phone.room.renameRoom('Again')).toMatchObject({ type: 'not-allowed' })
	})
})

describe('the rules of the room', () => {
	it('[RO7] narrowing a right leaves what was done before, and voids what comes after', async () => {
		const { alice, bob, meet, clock } = await three()
		await addFilm(bob, 'before')
		await bob.room.chat.send('before')
		await meet()
		clock.advance(1_000)
		await alice.room.changeSettings({ add: 'operators', chat: 'operators' })
		clock.advance(1_000)
		await addFilm(bob, 'after')
		await bob.room.chat.send('after')
		await meet()
		expect(titlesOf(alice)).toBe('before')
		expect(alice.room.state().chat.map(({ text }) => text)).toEqual(['before'])
		clock.advance(1_000)
		await alice.room.changeSettings({ add: 'everyone', chat: 'everyone' })
		clock.advance(1_000)
		await meet()
		await addFilm(bob, 'free again')
		await meet()
		expect(titlesOf(alice)).toBe('before free again')
		expect(titlesOf(bob)).toBe('before free again')
	})

	it('[RO8] taking control from everyone keeps the film where it is', async () => {
		const { alice, bob, meet, clock } = await three()
		const item = await addFilm(bob, 'A')
		await bob.room.queue.playNow(item, clock.nowMs())
		await meet()
		clock.advance(1_000)
		await alice.room.changeSettings({ control: 'operators' })
		clock.advance(1_000)
		await bob.room.playback.set({ positionS: 99, isPlaying: false, rate: 1, atMs: clock.nowMs() })
		await meet()
		for (const who of [alice, bob])
			expect(who.room.state().playback).toMatchObject({ itemId: item, positionS: 0, by: alice.signer.device })
		expect(await bob.room.playback.set({ positionS: 1, isPlaying: true, rate: 1, atMs: 0 })).toMatchObject({
			type: 'not-allowed',
			action: 'control',
		})
	})

	it('[RO8] taking a role away keeps the film where it was seen to be', async () => {
		const { alice, bob, meet, clock } = await three()
		const item = await addFilm(bob, 'A')
		await bob.room.playback.set({
			itemId: item,
			positionS: 7,
			isPlaying: false,
			rate: 1,
			atMs: clock.nowMs(),
		})
		await meet()
		clock.advance(5)
		await alice.room.grant(BOB, 'viewer')
		clock.advance(5)
		await bob.room.playback.set({ positionS: 99, isPlaying: false, rate: 1, atMs: clock.nowMs() })
		await meet()
		for (const who of [alice, bob])
			expect(who.room.state().playback).toMatchObject({ itemId: item, positionS: 7, by: alice.signer.device })
		expect(alice.room.state().activity.filter(({ deed }) => deed.type === 'sought')).toHaveLength(0)
	})

	it('[RO9] counts settings and names of operators only, and the latest of them', async () => {
		const { alice, bob, meet, clock } = await three()
		expect(await bob.room.changeSettings({ control: 'operators' })).toMatchObject({ type: 'not-allowed' })
		expect(await bob.room.renameRoom('Mine')).toMatchObject({ type: 'not-allowed', action: 'rename-room' })
		await alice.room.grant(BOB, 'operator')
		await meet()
		await bob.room.renameRoom('  Bob’s\u202e room ')
		clock.advance(5)
		await alice.room.changeSettings({ waits: false })
		await meet()
		for (const who of [alice, bob]) {
			expect(who.room.state().title).toBe('Bob’s room')
			expect(who.room.state().settings).toEqual({ ...DEFAULT_SETTINGS, waits: false })
		}
		expect(await alice.room.changeSettings({ waits: false })).toEqual({ type: 'nothing-to-do' })
		expect(await alice.room.renameRoom('Bob’s room')).toEqual({ type: 'nothing-to-do' })
		expect(await alice.room.renameRoom('x'.repeat(121))).toEqual({
			type: 'too-big',
			what: 'title',
			limit: 120,
		})
		expect(await alice.room.renameRoom(' \u200b ')).toMatchObject({ type: 'failed' })
	})
})
