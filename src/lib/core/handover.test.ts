import { describe, expect, it } from 'vitest'
import type { BodyValue } from './body.ts'
import type { Kind } from './kinds.ts'
import type { Role } from './roles.ts'
import {
	createTestRoom,
	fakeToken,
	carryBoth,
	gather,
	makeRecord,
	titlesOf,
	addFilm,
	type TestRoom,
} from './test-room.ts'
import type { SubjectId } from './units.ts'

const subjectOf = ({ name }: TestRoom): SubjectId => `g_${name}` as SubjectId
const roleOf = (who: TestRoom, device: TestRoom): Role | undefined =>
	who.room.state().members.find((member) => member.device === device.signer.device)?.role
/** The slots of a kind that somebody wrote. */
const slotsOf = ({ room, signer }: TestRoom, kind: Kind): number[] =>
	[...room.ledger.entries()].flatMap(([key]) =>
		key.startsWith(`${kind}/${signer.device}/`) ? [Number(key.split('/')[2])] : [],
	)
const rolesOf = (who: TestRoom, ...devices: TestRoom[]) => devices.map((device) => roleOf(who, device))

const four = async () => {
	const { rooms, clock, meet, root } = await gather('alice', 'bob', 'carol', 'dave')
	const [alice, bob, carol, dave] = rooms as [TestRoom, TestRoom, TestRoom, TestRoom]
	const sync = async () => {
		clock.advance(5)
		await meet()
		clock.advance(5)
	}
	const record = (by: TestRoom, kind: Kind, slot: number, seq: number, body: BodyValue, ms?: number) =>
		makeRecord(by.signer, kind, slot, seq, body, { ms: ms ?? clock.nowMs() })
	const bring = async (made: { key: string; bytes: Uint8Array }, to: readonly TestRoom[] = rooms) =>
		Promise.all(to.map(async ({ room }) => (await room.ledger.judge(made.key, made.bytes)).type))
	/** A record by hand, brought to everybody. */
	const forge = async (by: TestRoom, kind: Kind, slot: number, seq: number, body: BodyValue, ms?: number) => {
		expect(new Set(await bring(await record(by, kind, slot, seq, body, ms)))).toEqual(new Set(['accepted']))
	}
	const handOver = async (from: TestRoom, to: TestRoom) => {
		expect(await from.room.offerRoom(subjectOf(to))).toEqual({ type: 'done' })
		await sync()
		expect(await to.room.acceptRoom()).toEqual({ type: 'done' })
		await sync()
	}
	const offerBody = (from: TestRoom, to: TestRoom, at = 1_000): BodyValue => ({
		t: 'offer',
		subject: subjectOf(to),
		from: [{ d: from.signer.device, s: at }],
		to: [{ d: to.signer.device, s: 0 }],
	})
	return { alice, bob, carol, dave, clock, sync, root, record, bring, forge, handOver, offerBody, rooms }
}

describe('handing the room over', () => {
	it('[RO14] takes an offer of the owner and the word of who is named; the rights change hands at the cuts', async () => {
		const { alice, bob, carol, dave, sync } = await four()
		await alice.room.grant(subjectOf(carol), 'operator')
		await alice.room.renameRoom('Alice’s')
		await sync()
		expect(await alice.room.offerRoom(subjectOf(bob))).toEqual({ type: 'done' })
		await sync()
		for (const who of [alice, bob, carol])
			expect(who.room.state().offer).toMatchObject({ to: 'g_bob', by: alice.signer.device })
		expect(roleOf(bob, alice)).toBe('owner')
		expect(await carol.room.acceptRoom()).toEqual({ type: 'refused', why: 'no-offer' })
		expect(await bob.room.acceptRoom()).toEqual({ type: 'done' })
		// Alice has not heard of it.
		expect(await alice.room.grant(subjectOf(dave), 'banned')).toEqual({ type: 'done' })
		await sync()
		for (const who of [alice, bob, carol]) {
			expect(rolesOf(who, alice, bob, carol, dave)).toEqual(['member', 'owner', 'operator', 'member'])
			expect(who.room.state().offer).toBeNull()
			expect(who.room.state().title).toBe('Alice’s')
			expect(who.room.state().activity.find(({ deed }) => deed.type === 'handed-over')).toMatchObject({
				by: alice.signer.device,
				deed: { subject: 'g_bob' },
			})
		}
		expect(await alice.room.grant(subjectOf(bob), 'viewer')).toMatchObject({ type: 'not-allowed' })
		expect(await alice.room.offerRoom(subjectOf(carol))).toMatchObject({ action: 'hand-over' })
		expect(await bob.room.grant(subjectOf(alice), 'viewer')).toEqual({ type: 'done' })
		await sync()
		expect(roleOf(carol, alice)).toBe('viewer')
	})

	it('[RO14] gives the new owner’s later devices the room, and the old owner’s none', async () => {
		const { alice, bob, carol, clock, root, handOver } = await four()
		await handOver(alice, bob)
		const enter = async (name: string, token: string) => {
			const device = createTestRoom(name, { root, clock })
			await device.room.introduce({ name, token })
			for (const who of [carol, alice]) await carryBoth(device, who)
			return device
		}
		const laptop = await enter('bobs-laptop', fakeToken('g_bob', 'Bob'))
		const tablet = await enter('alices-tablet', fakeToken('u_owner', 'Alice', true))
		expect(rolesOf(carol, laptop, tablet)).toEqual(['owner', 'member'])
		expect(await tablet.room.renameRoom('Mine')).toMatchObject({ type: 'not-allowed' })
		expect(await laptop.room.renameRoom('Bob’s')).toEqual({ type: 'done' })
	})

	it('[RO14] goes on from owner to owner, and back', async () => {
		const { alice, bob, carol, sync, handOver } = await four()
		await handOver(alice, bob)
		await bob.room.grant(subjectOf(carol), 'viewer')
		await sync()
		await handOver(bob, alice)
		expect(rolesOf(carol, alice, bob, carol)).toEqual(['owner', 'member', 'viewer'])
		await handOver(alice, bob)
		await handOver(bob, carol)
		for (const who of [alice, bob, carol])
			expect(rolesOf(who, alice, bob, carol)).toEqual(['member', 'member', 'owner'])
		expect(carol.room.state().activity.filter(({ deed }) => deed.type === 'handed-over')).toHaveLength(4)
	})

	it('[RO14] an offer can be withdrawn while nobody has taken it', async () => {
		const { alice, bob, carol, clock, root, sync } = await four()
		expect(await alice.room.withdrawOffer()).toEqual({ type: 'nothing-to-do' })
		await alice.room.offerRoom(subjectOf(bob))
		expect(await alice.room.offerRoom(subjectOf(bob))).toEqual({ type: 'nothing-to-do' })
		await sync()
		const tablet = createTestRoom('tablet', { root, clock })
		await tablet.room.introduce({ name: 'Alice', token: fakeToken('u_owner', 'Alice', true) })
		await carryBoth(tablet, alice)
		expect(await tablet.room.withdrawOffer()).toEqual({ type: 'refused', why: 'other-device' })
		expect(await alice.room.withdrawOffer()).toEqual({ type: 'done' })
		await sync()
		expect(bob.room.state().offer).toBeNull()
		expect(await bob.room.acceptRoom()).toEqual({ type: 'refused', why: 'no-offer' })
		// To somebody else instead.
		await alice.room.offerRoom(subjectOf(bob))
		await alice.room.offerRoom(subjectOf(carol))
		await sync()
		expect(await bob.room.acceptRoom()).toEqual({ type: 'refused', why: 'no-offer' })
		expect(await carol.room.acceptRoom()).toEqual({ type: 'done' })
	})

	it('[RO15] nothing the old owner does afterwards takes the room back', async () => {
		const { alice, bob, carol, sync, forge, offerBody, handOver } = await four()
		await alice.room.grant(subjectOf(carol), 'banned')
		await handOver(alice, bob)
		const isBobs = () => {
			for (const who of [alice, bob]) {
				expect(rolesOf(who, alice, bob)).toEqual(['member', 'owner'])
				// What stood by Alice's word stands by Bob's.
				expect(roleOf(who, carol)).toBe('banned')
			}
		}
		isBobs()
		await forge(alice, 'handover', 0, 2_000, null)
		isBobs()
		await forge(alice, 'handover', 0, 2_001, offerBody(alice, carol, 5_000))
		for (const slot of slotsOf(alice, 'grant')) await forge(alice, 'grant', slot, 2_100 + slot, null)
		await forge(alice, 'grant', 200, 2_400, { subject: 'g_bob', role: 'banned', devices: [] })
		await forge(alice, 'mod', 0, 2_404, { t: 'out', subject: 'g_bob', cuts: [] })
		await forge(alice, 'moved', 0, 2_405, { e: new Uint8Array(32), notes: [] })
		await forge(alice, 'settings', 0, 2_406, null)
		await sync()
		isBobs()
		expect(alice.room.state().moved).toBeNull()
		// Its own key, found to have signed twice.
		const a = await makeRecord(alice.signer, 'chat', 1, 1, { text: 'a' })
		const b = await makeRecord(alice.signer, 'chat', 2, 1, { text: 'b' })
		await forge(alice, 'fork', 0, 2_407, { key: alice.signer.publicKey, a: a.bytes, b: b.bytes })
		isBobs()
	})

	it('[RO15] an owner in between cannot take it back either', async () => {
		const { alice, bob, carol, forge, handOver } = await four()
		await handOver(alice, bob)
		await handOver(bob, carol)
		for (const slot of slotsOf(bob, 'handover')) await forge(bob, 'handover', slot, 3_000 + slot, null)
		await forge(bob, 'id', 0, 3_100, { key: bob.signer.publicKey, name: 'nobody', since: 1, first: 1 })
		for (const who of [alice, bob, carol])
			expect(rolesOf(who, alice, bob, carol)).toEqual(['member', 'member', 'owner'])
	})

	it('[RO15] an offer that names devices of others makes nobody else owner', async () => {
		const { alice, bob, carol, dave, forge, record } = await four()
		const body: BodyValue = {
			t: 'offer',
			subject: 'g_bob',
			from: [{ d: alice.signer.device, s: 60 }],
			to: [bob, carol].map(({ signer }) => ({ d: signer.device, s: 0 })),
		}
		const { bytes } = await record(alice, 'handover', 0, 60, body)
		await forge(bob, 'handover', 1, 100, { t: 'accept', key: alice.signer.publicKey, offer: bytes })
		expect(rolesOf(dave, alice, bob, carol)).toEqual(['member', 'owner', 'member'])
	})

	it('[RO15] what somebody offered before the room was theirs does not count when it is', async () => {
		const { alice, bob, carol, dave, record, bring, forge, offerBody, handOver } = await four()
		const early = await record(bob, 'handover', 0, 50, offerBody(bob, carol, 50))
		await bring(early)
		await forge(carol, 'handover', 1, 60, { t: 'accept', key: bob.signer.publicKey, offer: early.bytes })
		await handOver(alice, bob)
		expect(rolesOf(dave, alice, bob, carol)).toEqual(['member', 'owner', 'member'])
	})

	it('[RO15] a new owner whose device is found to have signed twice does not give the room back by that', async () => {
		const { alice, bob, dave, forge, handOver } = await four()
		await handOver(alice, bob)
		const a = await makeRecord(bob.signer, 'chat', 1, 1, { text: 'a' })
		const b = await makeRecord(bob.signer, 'chat', 2, 1, { text: 'b' })
		await forge(alice, 'fork', 0, 2_000, { key: bob.signer.publicKey, a: a.bytes, b: b.bytes })
		expect(rolesOf(dave, alice, bob)).toEqual(['member', 'owner'])
	})

	it('[RO15] of two offers taken, the one with the lower number holds, whatever came first', async () => {
		const { alice, bob, carol, dave, record, bring, offerBody } = await four()
		const key = alice.signer.publicKey
		const toBob = await record(alice, 'handover', 0, 100, offerBody(alice, bob, 100))
		const toCarol = await record(alice, 'handover', 0, 101, offerBody(alice, carol, 101))
		const byBob = await record(bob, 'handover', 1, 100, { t: 'accept', key, offer: toBob.bytes })
		const byCarol = await record(carol, 'handover', 1, 100, { t: 'accept', key, offer: toCarol.bytes })
		await bring(byCarol)
		expect(roleOf(dave, carol)).toBe('owner')
		await bring(byBob)
		for (const who of [alice, dave])
			expect(rolesOf(who, alice, bob, carol)).toEqual(['member', 'owner', 'member'])
	})

	it('[RO15] an offer counts only from an owner, and only for the person it names', async () => {
		const { alice, bob, carol, dave, record, bring, offerBody } = await four()
		const accept = (by: TestRoom, from: TestRoom, offer: Uint8Array) =>
			record(by, 'handover', 1, 300, { t: 'accept', key: from.signer.publicKey, offer })
		const own = await record(bob, 'handover', 0, 50, offerBody(bob, carol))
		expect(await bring(await accept(carol, bob, own.bytes), [alice])).toEqual(['accepted'])
		expect(rolesOf(alice, alice, bob, carol)).toEqual(['owner', 'member', 'member'])

		const toBob = await record(alice, 'handover', 0, 60, offerBody(alice, bob, 60))
		await bring(await accept(dave, alice, toBob.bytes))
		expect(rolesOf(alice, alice, bob, dave)).toEqual(['owner', 'member', 'member'])
	})

	it('[RO15] an offer made behind the cut of its maker is void', async () => {
		const { alice, bob, dave, record, forge, offerBody, handOver } = await four()
		await handOver(alice, bob)
		const late = await record(alice, 'handover', 0, 4_000, offerBody(alice, dave, 5_000))
		await forge(dave, 'handover', 2, 400, { t: 'accept', key: alice.signer.publicKey, offer: late.bytes })
		expect(rolesOf(alice, alice, bob, dave)).toEqual(['member', 'owner', 'member'])
	})

	it('[RO15] an offer that would leave its maker owner is cut at itself, and a clear one is asked for', async () => {
		const { alice, bob, carol, forge, offerBody, sync } = await four()
		await forge(alice, 'handover', 0, 70, offerBody(alice, bob, 9_999))
		expect(await bob.room.acceptRoom()).toEqual({ type: 'refused', why: 'bad-offer' })
		const offer = alice.room.ledger.get(`handover/${alice.signer.device}/0`) ?? new Uint8Array(0)
		await forge(bob, 'handover', 1, 300, { t: 'accept', key: alice.signer.publicKey, offer })
		await forge(alice, 'grant', 0, 71, { subject: 'g_carol', role: 'banned', devices: [] })
		await sync()
		expect(rolesOf(carol, alice, bob, carol)).toEqual(['member', 'owner', 'member'])
	})

	it('[RO16] says which offers cannot be', async () => {
		const { alice, bob, carol, sync } = await four()
		expect(await bob.room.offerRoom(subjectOf(carol))).toMatchObject({
			type: 'not-allowed',
			action: 'hand-over',
		})
		expect(await alice.room.offerRoom(subjectOf(alice))).toEqual({ type: 'refused', why: 'yourself' })
		expect(await alice.room.offerRoom('g_x' as SubjectId)).toEqual({ type: 'refused', why: 'no-such-person' })
		await alice.room.removePerson(subjectOf(bob))
		await sync()
		expect(await alice.room.offerRoom(subjectOf(bob))).toEqual({ type: 'refused', why: 'is-out' })
		await alice.room.offerRoom(subjectOf(carol))
		await sync()
		await alice.room.grant(subjectOf(carol), 'banned')
		await sync()
		expect(await carol.room.acceptRoom()).toEqual({ type: 'refused', why: 'is-out' })
	})

	it('[RO17] nobody but the owner moves the room, grants or hands over, whatever they write', async () => {
		const { alice, bob, carol, dave, forge, offerBody, sync } = await four()
		await alice.room.grant(subjectOf(bob), 'operator')
		await alice.room.grant(subjectOf(carol), 'viewer')
		await addFilm(alice, 'A')
		await sync()
		for (const who of [bob, carol, dave]) {
			const moved = { e: new Uint8Array(32), notes: [{ d: alice.signer.device, c: new Uint8Array(28) }] }
			await forge(who, 'moved', 0, 900, moved)
			await forge(who, 'grant', 0, 901, { subject: subjectOf(who), role: 'operator', devices: [] })
			await forge(who, 'handover', 0, 902, offerBody(who, who))
		}
		for (const who of [carol, dave])
			await forge(who, 'mod', 0, 903, { t: 'out', subject: 'g_alice', cuts: [] })
		for (const who of [alice, dave]) {
			expect(who.room.state()).toMatchObject({ moved: null, offer: null, removals: [] })
			expect(rolesOf(who, alice, bob, carol, dave)).toEqual(['owner', 'operator', 'viewer', 'member'])
			expect(titlesOf(who)).toBe('A')
		}
		await forge(alice, 'moved', 0, 950, { e: new Uint8Array(32), notes: [] })
		expect(dave.room.state().moved).toMatchObject({ by: alice.signer.device })
		expect(dave.room.state().activity[0]?.deed).toEqual({ type: 'changed-lock' })
	})

	it('[RC16] an acceptance proves the offer inside it, or is refused', async () => {
		const { alice, bob, carol, record, bring, offerBody } = await four()
		const key = alice.signer.publicKey
		const real = await record(alice, 'handover', 0, 60, offerBody(alice, bob, 60))
		const accepts = async (body: BodyValue) => {
			const made = await record(bob, 'handover', 2, 200, body)
			return (await alice.room.ledger.judge(made.key, made.bytes)).type
		}
		const forged = real.bytes.map((byte, i) => (i === 60 ? byte ^ 1 : byte))
		const emptied = await record(alice, 'handover', 0, 61, null)
		const other = await record(alice, 'chat', 0, 62, { text: 'x' })
		const elsewhere = await makeRecord(alice.signer, 'handover', 0, 60, offerBody(alice, bob, 60), {
			roomId: 'AAAAAAAAAAAAAAAAAAAAAQ' as never,
		})
		for (const offer of [forged, emptied.bytes, other.bytes, elsewhere.bytes, new Uint8Array(10)])
			expect(await accepts({ t: 'accept', key, offer })).toBe('rejected')
		expect(await accepts({ t: 'accept', key: bob.signer.publicKey, offer: real.bytes })).toBe('rejected')
		const accept = await record(bob, 'handover', 1, 201, { t: 'accept', key, offer: real.bytes })
		const bad = await record(bob, 'handover', 1, 202, { t: 'accept', key, offer: forged })
		const kept = (by: TestRoom, bytes: Uint8Array) =>
			accepts({ t: 'kept', key: by.signer.publicKey, accept: bytes })
		expect(await kept(bob, bad.bytes)).toBe('rejected')
		expect(await kept(carol, accept.bytes)).toBe('rejected')
		expect(await kept(bob, accept.bytes)).toBe('accepted')
		expect(roleOf(alice, bob)).toBe('owner')
		await bring(accept)
		expect(roleOf(carol, bob)).toBe('owner')
	})
})
