import { describe, expect, it } from 'vitest'
import type { BodyValue } from './body.ts'
import type { Kind } from './kinds.ts'
import type { Role } from './roles.ts'
import type { Deed } from './state.ts'
import {
	addFilm,
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

const subjectOf = ({ name }: TestRoom): SubjectId => `g_${name}` as SubjectId
const roleOf = (who: TestRoom, device: TestRoom): Role | undefined =>
	who.room.state().members.find((member) => member.device === device.signer.device)?.role
const said = ({ room }: TestRoom): string[] => room.state().chat.map(({ text }) => text)
/** The slots of a kind that somebody wrote. */
const slotsOf = ({ room, signer }: TestRoom, kind: Kind): number[] =>
	[...room.ledger.entries()].flatMap(([key]) =>
		key.startsWith(`${kind}/${signer.device}/`) ? [Number(key.split('/')[2])] : [],
	)
const deeds = ({ room }: TestRoom): Deed['type'][] => room.state().activity.map(({ deed }) => deed.type)

/** Alice owns; Bob and Oscar are operators, Carol and Dave are members. */
const five = async () => {
	const { rooms, clock, meet, root } = await gather('alice', 'bob', 'oscar', 'carol', 'dave')
	const [alice, bob, oscar, carol, dave] = rooms as [TestRoom, TestRoom, TestRoom, TestRoom, TestRoom]
	for (const one of [bob, oscar]) await alice.room.grant(subjectOf(one), 'operator')
	const sync = async () => {
		clock.advance(5)
		await meet()
		clock.advance(5)
	}
	await sync()
	/** A record by hand, brought to everybody. */
	const forge = async (by: TestRoom, kind: Kind, slot: number, seq: number, body: BodyValue, ms?: number) => {
		const { key, bytes } = await makeRecord(by.signer, kind, slot, seq, body, { ms: ms ?? clock.nowMs() })
		for (const { room } of rooms) expect((await room.ledger.judge(key, bytes)).type).toBe('accepted')
	}
	return { alice, bob, oscar, carol, dave, clock, sync, root, forge, rooms }
}

describe('people put out', () => {
	it('[RO10] voids what they write behind the cut, back-dated too, keeps what came before, until they are let in', async () => {
		const { alice, bob, carol, oscar, clock, sync, forge } = await five()
		await addFilm(carol, 'before')
		await sync()
		expect(await bob.room.removePerson(subjectOf(carol))).toEqual({ type: 'done' })
		// Carol has not heard of it.
		await addFilm(carol, 'behind')
		await sync()
		await forge(carol, 'chat', 9, 500, { text: 'back-dated' }, clock.nowMs() - 60_000)
		for (const who of [alice, bob, carol]) {
			expect(titlesOf(who)).toBe('before')
			expect(said(who)).toEqual([])
			expect(roleOf(who, carol)).toBe('banned')
			expect(who.room.state().removals).toMatchObject([
				{ subject: 'g_carol', name: 'carol', by: bob.signer.device, isBan: false },
			])
		}
		expect(carol.room.state().myRemoval).toMatchObject({ by: bob.signer.device, isBan: false })
		expect(alice.room.state().myRemoval).toBeNull()
		expect(await carol.room.chat.send('hello')).toMatchObject({ type: 'not-allowed', role: 'banned' })
		expect(await bob.room.removePerson(subjectOf(carol))).toEqual({ type: 'nothing-to-do' })

		// Another operator may take it back.
		expect(await oscar.room.letIn(subjectOf(carol))).toEqual({ type: 'done' })
		await sync()
		expect(roleOf(alice, carol)).toBe('member')
		expect(alice.room.state().removals).toEqual([])
		expect(await carol.room.chat.send('back')).toMatchObject({ type: 'done' })
		expect(await oscar.room.letIn(subjectOf(carol))).toEqual({ type: 'nothing-to-do' })
	})

	it('[RO10] holds for a device of theirs that nobody had seen, and under another name', async () => {
		const { alice, bob, carol, clock, sync, root, forge } = await five()
		await bob.room.removePerson(subjectOf(carol))
		await sync()
		const phone = createTestRoom('carols-phone', { root, clock })
		await phone.room.introduce({ name: 'Carol', token: fakeToken('g_carol', 'Carol') })
		await addFilm(phone, 'sneaked in')
		await carryBoth(phone, alice)
		expect(roleOf(alice, phone)).toBe('banned')
		expect(titlesOf(alice)).toBe('')
		await forge(carol, 'id', 0, 600, { key: carol.signer.publicKey, name: 'Somebody', since: 1, first: 1 })
		expect(roleOf(alice, carol)).toBe('banned')
		expect(carol.room.state().myRemoval).toMatchObject({ subject: 'g_carol' })
	})

	it('[RO10] keeps the film where it was, though the removed writes over it', async () => {
		const { alice, bob, carol, clock, sync } = await five()
		const item = await addFilm(carol, 'A')
		await carol.room.playback.set({
			itemId: item,
			positionS: 7,
			isPlaying: false,
			rate: 1,
			atMs: clock.nowMs(),
		})
		await sync()
		await bob.room.removePerson(subjectOf(carol))
		for (let i = 0; i < 9; i++)
			await carol.room.playback.set({ positionS: 90 + i, isPlaying: false, rate: 1, atMs: clock.nowMs() })
		await sync()
		for (const who of [alice, carol])
			expect(who.room.state().playback).toMatchObject({ positionS: 7, by: bob.signer.device })
	})

	it('[RO11] nobody reaches up: operators remove neither operators nor the owner', async () => {
		const { alice, bob, oscar, carol, sync, forge } = await five()
		expect(await bob.room.removePerson(subjectOf(oscar))).toEqual({ type: 'refused', why: 'operator' })
		expect(await bob.room.removePerson(subjectOf(alice))).toEqual({ type: 'refused', why: 'owner' })
		expect(await bob.room.removePerson(subjectOf(bob))).toEqual({ type: 'refused', why: 'yourself' })
		expect(await bob.room.removePerson('g_nobody' as SubjectId)).toEqual({
			type: 'refused',
			why: 'no-such-person',
		})
		expect(await carol.room.removePerson(subjectOf(bob))).toMatchObject({
			type: 'not-allowed',
			action: 'remove-person',
		})
		await oscar.room.chat.send('still here')
		await sync()
		const cut = (who: TestRoom, s: number) => ({ d: who.signer.device, s })
		await forge(bob, 'mod', 1, 700, { t: 'out', subject: 'g_oscar', cuts: [cut(oscar, 0)] })
		await forge(bob, 'mod', 2, 701, { t: 'out', subject: 'g_oscar', cuts: [] })
		await forge(bob, 'mod', 3, 702, { t: 'out', subject: 'g_alice', cuts: [cut(alice, 0)] })
		// Under somebody else's name, and under nobody's.
		await forge(bob, 'mod', 4, 703, { t: 'out', subject: 'g_dave', cuts: [cut(alice, 0), cut(oscar, 0)] })
		await forge(bob, 'mod', 5, 704, { t: 'out', subject: 'g_x', cuts: [cut(oscar, 0)] })
		await forge(carol, 'mod', 1, 700, { t: 'out', subject: 'g_dave', cuts: [] })
		for (const who of [alice, carol]) {
			expect(roleOf(who, oscar)).toBe('operator')
			expect(roleOf(who, alice)).toBe('owner')
			expect(who.room.state().removals).toEqual([])
			expect(said(who)).toEqual(['still here'])
		}
	})

	it('[RO11] a member who was operator keeps what they did as one, whatever cut an operator names', async () => {
		const { alice, bob, oscar, sync, forge } = await five()
		await oscar.room.renameRoom('By Oscar')
		await sync()
		await alice.room.grant(subjectOf(oscar), 'member')
		await sync()
		await forge(bob, 'mod', 1, 700, {
			t: 'out',
			subject: 'g_oscar',
			cuts: [{ d: oscar.signer.device, s: 0 }],
		})
		expect(roleOf(alice, oscar)).toBe('member')
		expect(alice.room.state().title).toBe('By Oscar')
		expect(await bob.room.removePerson(subjectOf(oscar))).toEqual({ type: 'done' })
		await sync()
		expect(roleOf(alice, oscar)).toBe('banned')
		expect(alice.room.state().title).toBe('By Oscar')
	})

	it('[RO11] the owner removes an operator, who cannot let himself in, nor be let in by another', async () => {
		const { alice, bob, oscar, carol, sync, forge, clock } = await five()
		await alice.room.removePerson(subjectOf(oscar))
		await sync()
		expect(roleOf(bob, oscar)).toBe('banned')
		expect(await oscar.room.letIn(subjectOf(oscar))).toMatchObject({ type: 'not-allowed', role: 'banned' })
		expect(await bob.room.letIn(subjectOf(oscar))).toEqual({ type: 'refused', why: 'operator-in' })
		await forge(oscar, 'mod', 1, 700, { t: 'in', subject: 'g_oscar' })
		await forge(oscar, 'mod', 2, 701, { t: 'out', subject: 'g_carol', cuts: [] }, clock.nowMs() - 9_000)
		await forge(bob, 'mod', 1, 700, { t: 'in', subject: 'g_oscar' })
		for (const who of [alice, bob, carol]) {
			expect(roleOf(who, oscar)).toBe('banned')
			expect(roleOf(who, carol)).toBe('member')
		}
		await alice.room.letIn(subjectOf(oscar))
		await sync()
		expect(roleOf(bob, oscar)).toBe('operator')
	})

	it('[RO12] only the owner takes back a ban', async () => {
		const { alice, bob, carol, sync, forge } = await five()
		await bob.room.removePerson(subjectOf(carol))
		await sync()
		await alice.room.grant(subjectOf(carol), 'banned')
		await sync()
		expect(alice.room.state().removals).toMatchObject([
			{ subject: 'g_carol', isBan: true, by: alice.signer.device },
		])
		expect(carol.room.state().myRemoval).toMatchObject({ isBan: true })
		expect(await bob.room.letIn(subjectOf(carol))).toEqual({ type: 'refused', why: 'banned' })
		await forge(bob, 'mod', 0, 700, { t: 'in', subject: 'g_carol' })
		expect(roleOf(alice, carol)).toBe('banned')
		expect(await alice.room.letIn(subjectOf(carol))).toEqual({ type: 'done' })
		await sync()
		for (const who of [alice, bob, carol]) {
			expect(roleOf(who, carol)).toBe('member')
			expect(who.room.state().removals).toEqual([])
		}
	})

	it('[RO13] who loses a right cannot take along what others rest on', async () => {
		const { alice, bob, carol, dave, sync, forge, clock } = await five()
		await bob.room.removePerson(subjectOf(carol))
		await bob.room.changeSettings({ chat: 'operators' })
		await bob.room.renameRoom('Quiet room')
		await sync()
		await alice.room.grant(subjectOf(bob), 'member')
		await sync()
		// Bob's device empties his slots, as only he can.
		for (const slot of slotsOf(bob, 'mod')) await forge(bob, 'mod', slot, 800 + slot, null)
		for (const slot of slotsOf(bob, 'settings')) await forge(bob, 'settings', slot, 1_810 + slot, null)
		clock.advance(1_000)
		for (const who of [alice, dave]) {
			expect(roleOf(who, carol)).toBe('banned')
			expect(who.room.state().settings.chat).toBe('operators')
			expect(who.room.state().title).toBe('Quiet room')
		}
		// What is said again is no deed.
		expect(deeds(alice).filter((type) => type === 'put-out')).toHaveLength(0)
		expect(deeds(alice).filter((type) => type === 'changed-settings')).toHaveLength(0)
		expect(await dave.room.queue.add(film('on'), 'end')).toMatchObject({ type: 'done' })
	})

	it('[RO13] hiding many messages does not let anybody in', async () => {
		const { alice, bob, carol, dave, sync } = await five()
		await bob.room.removePerson(subjectOf(carol))
		for (let i = 0; i < 257; i++) {
			const sent = await dave.room.chat.send(`${i}`)
			await carryBoth(dave, bob)
			if (sent.type === 'done' && sent.message) await bob.room.chat.remove(sent.message)
		}
		await sync()
		expect(roleOf(alice, carol)).toBe('banned')
	})
})
