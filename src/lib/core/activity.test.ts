import { describe, expect, it } from 'vitest'
import { ACTIVITY_MAX } from './activity.ts'
import type { ActivityEntry, Deed } from './state.ts'
import { DEFAULT_SETTINGS } from './roles.ts'
import { addFilm, gather, makeRecord, titlesOf, type TestRoom } from './test-room.ts'
import type { SubjectId } from './units.ts'

const two = async () => {
	const { rooms, clock, meet } = await gather('alice', 'bob')
	const [alice, bob] = rooms as [TestRoom, TestRoom]
	return { alice, bob, clock, meet }
}
const three = async () => {
	const { alice, bob, clock, meet } = await two()
	const a = await addFilm(alice, 'A')
	const b = await addFilm(alice, 'B')
	const c = await addFilm(alice, 'C')
	await meet()
	clock.advance(1_000)
	return { alice, bob, clock, meet, a, b, c }
}
const last = ({ room }: TestRoom, type: Deed['type']): ActivityEntry => {
	const entry = room.state().activity.find(({ deed }) => deed.type === type)
	if (entry === undefined) throw new Error(`nobody ${type}`)
	return entry
}
const types = ({ room }: TestRoom): string[] => room.state().activity.map(({ deed }) => deed.type)

describe('activity', () => {
	it('[AC1] tells who did what and when, newest first, the same to everybody', async () => {
		const { alice, bob, clock, meet, a, b, c } = await three()
		const steps = [
			() => bob.room.queue.playNow(a, clock.nowMs()),
			() => bob.room.playback.set({ positionS: 4, isPlaying: false, rate: 1, atMs: clock.nowMs() }),
			() => bob.room.playback.set({ positionS: 4, isPlaying: true, rate: 1, atMs: clock.nowMs() }),
			() => bob.room.playback.set({ positionS: 9, isPlaying: true, rate: 1, atMs: clock.nowMs() }),
			() => bob.room.playback.set({ positionS: 9, isPlaying: true, rate: 2, atMs: clock.nowMs() }),
			() => bob.room.queue.move(c, b),
			() => bob.room.queue.remove(b),
			() => bob.room.queue.advance(a, clock.nowMs(), { type: 'end' }),
		]
		for (const step of steps) {
			clock.advance(10)
			expect(await step()).toMatchObject({ type: 'done' })
		}
		await meet()
		expect(alice.room.state().activity).toEqual(bob.room.state().activity)
		const expected = ['went-on', 'removed', 'moved', 'set-speed', 'sought', 'played', 'paused', 'started']
		expect(types(alice).slice(0, 8)).toEqual(expected)
		expect(last(alice, 'removed')).toMatchObject({
			by: bob.signer.device,
			deed: { type: 'removed', item: b, title: 'B' },
		})
		expect(types(alice).slice(8).sort()).toEqual(['added', 'added', 'added', 'came-in', 'opened-room'])
	})

	it('[AC1] shows the latest 200', async () => {
		const { alice, clock } = await two()
		for (let i = 0; i < ACTIVITY_MAX + 5; i++) {
			clock.advance(1)
			await addFilm(alice, `${i}`)
		}
		expect(alice.room.state().activity).toHaveLength(ACTIVITY_MAX)
		expect(alice.room.state().activity[0]?.deed).toMatchObject({ title: '204' })
	})

	it('[AC1] has one entry an id, whatever ids records claim', async () => {
		const { alice, bob, meet } = await three()
		await addFilm(bob, 'D')
		const added = last(bob, 'added')
		const first = Number(added.id.split('.')[1])
		const body = { key: bob.signer.publicKey, name: 'Bob', since: 1, first }
		const { key, bytes } = await makeRecord(bob.signer, 'id', 0, 77, body)
		await meet()
		await alice.room.ledger.judge(key, bytes)
		const ids = alice.room.state().activity.map(({ id }) => id)
		expect(new Set(ids).size).toBe(ids.length)
		expect(last(alice, 'added').id).toBe(added.id)
	})
})

describe('what is done to people and rules', () => {
	it('[AC6] tells roles, removals, hidden messages, rules from and to, the new owner and the new lock', async () => {
		const { alice, bob, clock, meet, a, b } = await three()
		const BOB = 'g_bob' as SubjectId
		const ALICE = 'g_alice' as SubjectId
		const said = await bob.room.chat.send('spoiler')
		await bob.room.chat.send('another')
		await meet()
		if (said.type !== 'done' || said.message === undefined) throw new Error('not said')
		const { message } = said
		const steps = [
			() => alice.room.chat.remove(message),
			() => alice.room.changeSettings({ control: 'operators', chatEveryS: 30, add: 'everyone' }),
			() => alice.room.grant(BOB, 'viewer'),
			() => alice.room.removePerson(BOB),
			() => alice.room.letIn(BOB),
			() => alice.room.queue.playNow(a, clock.nowMs()),
			() => alice.room.queue.advance(a, clock.nowMs(), { type: 'user' }),
			() => alice.room.queue.advance(b, clock.nowMs(), { type: 'end' }),
			() => alice.room.offerRoom(BOB),
		]
		for (const step of steps) {
			clock.advance(10)
			expect(await step()).toMatchObject({ type: 'done' })
		}
		await meet()
		clock.advance(10)
		expect(await bob.room.acceptRoom()).toEqual({ type: 'done' })
		await meet()
		expect(alice.room.state().activity).toEqual(bob.room.state().activity)
		expect(
			alice.room
				.state()
				.activity.slice(0, 9)
				.map(({ deed }) => deed),
		).toMatchObject([
			{ type: 'handed-over', subject: BOB },
			{ type: 'went-on', title: 'C', isSkip: false },
			{ type: 'went-on', title: 'B', isSkip: true },
			{ type: 'started', title: 'A' },
			{ type: 'let-in', subject: BOB },
			{ type: 'put-out', subject: BOB },
			{ type: 'granted', subject: BOB, role: 'viewer' },
			{
				type: 'changed-settings',
				changes: [
					{ what: 'control', from: 'everyone', to: 'operators' },
					{ what: 'chatEveryS', from: 0, to: 30 },
				],
			},
			{ type: 'hid-message', from: bob.signer.device },
		])
		expect(bob.room.state().members.map(({ subject, role }) => [subject, role])).toEqual([
			[ALICE, 'member'],
			[BOB, 'owner'],
		])
	})
})

describe('undo', () => {
	it('[AC11] tells of subtitles given and taken back by name, also when their own records are gone', async () => {
		const { alice, bob, clock, meet, a } = await three()
		const share = async (who: TestRoom, name: string) => {
			clock.advance(10)
			const packed = Uint8Array.of(1, 2, 3)
			const outcome = await who.room.subtitles.share({
				...{ item: a, name, language: name, format: 'srt', packed, size: 9 },
			})
			if (outcome.type !== 'done' || outcome.subtitles === undefined) throw new Error(outcome.type)
			return outcome.subtitles
		}
		const told = (who: TestRoom) =>
			who.room
				.state()
				.activity.flatMap(({ deed, by }) =>
					deed.type === 'shared-subtitles' || deed.type === 'removed-subtitles'
						? [`${by === alice.signer.device ? 'alice' : 'bob'} ${deed.type} ${deed.name}`]
						: [],
				)
		const english = await share(bob, 'en')
		await share(bob, 'de')
		await meet()
		expect(told(alice)).toEqual(['bob shared-subtitles de', 'bob shared-subtitles en'])
		clock.advance(10)
		expect(await bob.room.subtitles.remove(english)).toMatchObject({ type: 'done' })
		await meet()
		for (const who of [alice, bob])
			expect(told(who)).toEqual(['bob removed-subtitles en', 'bob shared-subtitles de'])

		// Undo takes it back: by whoever gave it, or may moderate.
		await share(alice, 'fr')
		await meet()
		expect(await bob.room.undo(last(bob, 'shared-subtitles').id)).toMatchObject({ type: 'not-allowed' })
		const german = bob.room
			.state()
			.activity.find(({ deed }) => deed.type === 'shared-subtitles' && deed.name === 'de')
		clock.advance(10)
		expect(await alice.room.undo(german?.id ?? '')).toMatchObject({ type: 'done' })
		await meet()
		for (const who of [alice, bob]) {
			expect(told(who).slice(0, 2)).toEqual(['alice removed-subtitles de', 'alice shared-subtitles fr'])
			expect(who.room.state().subtitles.map(({ name }) => name)).toEqual(['fr'])
			expect(who.room.state().chatDeletions).toEqual([])
		}
	})

	it('[AC11] of a message that is called subtitles nothing is hidden', async () => {
		const { alice, bob, meet } = await two()
		const said = await bob.room.chat.send('hello')
		await meet()
		if (said.type !== 'done' || said.message === undefined) throw new Error(said.type)
		const body = { t: 'hide', message: said.message, sub: 'x' }
		const { key, bytes } = await makeRecord(alice.signer, 'mod', 9, 90, body)
		expect(await bob.room.ledger.judge(key, bytes)).toEqual({ type: 'accepted' })
		expect(bob.room.state().chat.map(({ text }) => text)).toEqual(['hello'])
	})

	it('[AC2] takes back an addition, a removal and a move, for whoever may', async () => {
		const { alice, bob, clock, meet, b, c } = await three()
		const added = last(bob, 'added')
		expect(added.isUndoable).toBe(true)
		expect(await bob.room.undo(added.id)).toEqual({ type: 'done', item: c })
		expect(titlesOf(bob)).toBe('A B')
		expect(last(bob, 'added')).toMatchObject({ id: added.id, isUndoable: false, undoneBy: bob.signer.device })

		await meet()
		clock.advance(10)
		await alice.room.queue.remove(b)
		await meet()
		await bob.room.undo(last(bob, 'removed').id)
		await meet()
		expect(titlesOf(alice)).toBe('A B')
		expect(last(alice, 'removed').undoneBy).toBe(bob.signer.device)

		clock.advance(10)
		await alice.room.queue.move(b, alice.room.state().queue.next[0]?.id ?? null)
		expect(titlesOf(alice)).toBe('B A')
		await alice.room.undo(last(alice, 'moved').id)
		expect(titlesOf(alice)).toBe('A B')
		expect(last(alice, 'moved').undoneBy).toBe(alice.signer.device)
		expect(await alice.room.undo(last(alice, 'moved').id)).toEqual({ type: 'nothing-to-do' })
		expect(await alice.room.undo('no-such-entry')).toEqual({ type: 'nothing-to-do' })
	})

	it('[AC2] tells a deed that its doer took back as undone, though its record is gone', async () => {
		const { bob, b } = await three()
		await bob.room.queue.remove(b)
		const { id, atMs } = last(bob, 'removed')
		await bob.room.undo(id)
		expect(last(bob, 'removed')).toMatchObject({
			id,
			atMs,
			by: bob.signer.device,
			undoneBy: bob.signer.device,
		})
		expect(types(bob).filter((type) => type === 'removed')).toHaveLength(1)
	})

	it('[AC2] takes back a clear and a shuffle of somebody else', async () => {
		const { alice, bob, clock, meet } = await three()
		await alice.room.queue.shuffle()
		await meet()
		await bob.room.undo(last(bob, 'shuffled').id)
		expect(titlesOf(bob)).toBe('A B C')
		clock.advance(10)
		await alice.room.queue.clear()
		await meet()
		expect(last(bob, 'cleared').deed).toEqual({ type: 'cleared', count: 3 })
		expect(titlesOf(bob)).toBe('')
		await bob.room.undo(last(bob, 'cleared').id)
		await meet()
		expect(titlesOf(alice)).toBe('A B C')
		expect(last(alice, 'cleared')).toMatchObject({ isUndoable: false, undoneBy: bob.signer.device })
	})

	it('[AC2] asks for the right that the deed itself needs', async () => {
		const { alice, bob, meet, b } = await three()
		await alice.room.queue.remove(b)
		await alice.room.grant('g_bob' as SubjectId, 'viewer')
		await meet()
		expect(await bob.room.undo(last(bob, 'removed').id)).toMatchObject({
			type: 'not-allowed',
			action: 'reorder',
		})
	})

	it('[AC3] takes the film back to where it was when it was sought, paused or changed', async () => {
		const { alice, bob, clock, meet, a, b } = await three()
		await alice.room.queue.playNow(a, clock.nowMs())
		clock.advance(30_000)
		await meet()
		await bob.room.playback.set({ positionS: 500, isPlaying: true, rate: 1, atMs: clock.nowMs() })
		clock.advance(5_000)
		await bob.room.undo(last(bob, 'sought').id)
		expect(bob.room.state().playback).toMatchObject({ isPlaying: true, atMs: clock.nowMs() })
		expect(bob.room.state().playback.positionS).toBeCloseTo(30, 1)
		expect(last(bob, 'sought').undoneBy).toBe(bob.signer.device)
		clock.advance(1_000)
		await bob.room.queue.playNow(b, clock.nowMs())
		await meet()
		await alice.room.undo(last(alice, 'started').id)
		expect(alice.room.state().playback.itemId).toBe(a)
	})

	it('[AC3] is not offered for what others have changed since', async () => {
		const { alice, clock, a } = await three()
		await alice.room.queue.playNow(a, clock.nowMs())
		clock.advance(10)
		await alice.room.playback.set({ positionS: 50, isPlaying: true, rate: 1, atMs: clock.nowMs() })
		clock.advance(10)
		await alice.room.playback.set({ positionS: 50, isPlaying: false, rate: 1, atMs: clock.nowMs() })
		expect(last(alice, 'sought').isUndoable).toBe(false)
		expect(last(alice, 'paused').isUndoable).toBe(true)
	})

	it('[AC4] takes back a name and a rule of the room', async () => {
		const { alice } = await two()
		await alice.room.renameRoom('Other')
		await alice.room.undo(last(alice, 'renamed-room').id)
		expect(alice.room.state().title).toBe('Film night')
		await alice.room.changeSettings({ chat: 'operators', waits: false })
		await alice.room.undo(last(alice, 'changed-settings').id)
		expect(alice.room.state().settings).toEqual(DEFAULT_SETTINGS)
	})

	it('[AC5] is not believed of a record that takes nothing back', async () => {
		const { alice, bob, meet, a, b } = await three()
		await alice.room.queue.remove(b)
		await meet()
		const { id, atMs } = last(alice, 'removed')
		const body = { t: 'rm', item: a, is: false, undo: { id, at: atMs } }
		const { key, bytes } = await makeRecord(bob.signer, 'qmod', 200, 90, body)
		expect(await alice.room.ledger.judge(key, bytes)).toEqual({ type: 'accepted' })
		expect(last(alice, 'removed')).toMatchObject({ undoneBy: null, isUndoable: true })
		expect(types(alice).filter((type) => type === 'removed')).toHaveLength(1)
	})

	it('[AC7] takes back a role to the one before, and a removal, once', async () => {
		const { alice, bob, clock, meet } = await two()
		const BOB = 'g_bob' as SubjectId
		const roleOfBob = () => alice.room.state().members.find(({ name }) => name === 'bob')?.role
		await alice.room.grant(BOB, 'operator')
		clock.advance(10)
		await alice.room.grant(BOB, 'viewer')
		const { id } = last(alice, 'granted')
		expect(alice.room.canUndo(id)).toEqual({ action: 'grant', may: true })
		expect(await alice.room.undo(id)).toEqual({ type: 'done' })
		expect(roleOfBob()).toBe('operator')
		expect(last(alice, 'granted')).toMatchObject({
			id,
			isUndoable: false,
			undoneBy: alice.signer.device,
			deed: { role: 'viewer', subject: BOB },
		})
		expect(await alice.room.undo(id)).toEqual({ type: 'nothing-to-do' })

		clock.advance(10)
		await alice.room.removePerson(BOB)
		await meet()
		const out = last(bob, 'put-out')
		expect(bob.room.canUndo(out.id)).toEqual({ action: 'remove-person', may: false })
		expect(await bob.room.undo(out.id)).toMatchObject({ type: 'not-allowed', action: 'remove-person' })
		expect(await alice.room.undo(out.id)).toEqual({ type: 'done' })
		expect(roleOfBob()).toBe('operator')
		expect(last(alice, 'put-out')).toMatchObject({ id: out.id, undoneBy: alice.signer.device })
		expect(types(alice)).not.toContain('let-in')
	})

	it('[AC8] says which right each needs, the one that is missing first', async () => {
		const { alice, bob, clock, meet, a, c } = await three()
		await alice.room.queue.playNow(a, clock.nowMs())
		await addFilm(bob, 'D')
		await meet()
		const entryOf = (item: string) =>
			bob.room.state().activity.find(({ deed }) => deed.type === 'added' && deed.item === item)?.id ?? ''
		const mine = last(bob, 'added').id
		expect(bob.room.canUndo(mine)).toEqual({ action: 'remove-own', may: true })
		expect(bob.room.canUndo(entryOf(c))).toEqual({ action: 'reorder', may: true })
		expect(bob.room.canUndo('no-such-entry')).toBeNull()
		await alice.room.renameRoom('New')
		await meet()
		expect(bob.room.canUndo(last(bob, 'renamed-room').id)).toEqual({ action: 'rename-room', may: false })
		clock.advance(10)
		await alice.room.changeSettings({ control: 'operators' })
		await meet()
		expect(bob.room.canUndo(last(bob, 'changed-settings').id)).toEqual({
			action: 'change-settings',
			may: false,
		})
		// What plays is taken away only by who may move the room on.
		expect(bob.room.canUndo(entryOf(a))).toEqual({ action: 'control', may: false })
		expect(await bob.room.undo(entryOf(a))).toMatchObject({ type: 'not-allowed', action: 'control' })
	})

	it('[AC9] tells of roles given and rules changed before, not only of those that hold', async () => {
		const { alice, bob, clock, meet } = await two()
		const person = bob.room.state().members.find(({ device }) => device === bob.signer.device)
		const subject = person?.subject as SubjectId
		for (const role of ['operator', 'viewer', 'member'] as const) {
			clock.advance(10)
			await alice.room.grant(subject, role)
		}
		for (const control of ['operators', 'everyone'] as const) {
			clock.advance(10)
			await alice.room.changeSettings({ control })
		}
		await meet()
		const told = bob.room
			.state()
			.activity.map(({ deed }) =>
				deed.type === 'granted' ? deed.role : deed.type === 'changed-settings' ? deed.changes[0]?.to : null,
			)
			.filter((word) => word !== null)
		expect(told).toEqual(['everyone', 'operators', 'member', 'viewer', 'operator'])
		// What holds can be taken back, what it took the place of cannot.
		const grants = bob.room.state().activity.filter(({ deed }) => deed.type === 'granted')
		expect(grants.map(({ isUndoable }) => isUndoable)).toEqual([true, false, false])
	})

	it('[AC9] of very many roles given the oldest words make room', async () => {
		const { alice, bob } = await two()
		const subject = bob.room.state().members.find(({ device }) => device === bob.signer.device)
			?.subject as SubjectId
		for (let i = 0; i < 80; i++)
			expect(await alice.room.grant(subject, i % 2 === 0 ? 'operator' : 'viewer')).toMatchObject({
				type: 'done',
			})
		const slots = [...alice.room.ledger.entries()].filter(([key]) => key.startsWith('grant/'))
		expect(slots.length).toBeLessThanOrEqual(34)
		expect(alice.room.state().members.find((member) => member.subject === subject)?.role).toBe('viewer')
	})
})
