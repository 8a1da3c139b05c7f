import { describe, expect, it } from 'vitest'
import { canonicalState } from './fold.ts'
import { parseRecord } from './records.ts'
import { DEFAULT_SETTINGS, type Settings } from './roles.ts'
import { addFilm, carry, gather, makeRecord, titlesOf, type TestRoom } from './test-room.ts'
import type { ItemId, SubjectId } from './units.ts'

/** A, B, C, D by alice with A playing, under `rules`; bob and carol are there. */
const playing = async (rules: Partial<Settings>) => {
	const { rooms, clock, meet } = await gather('alice', 'bob', 'carol')
	const [alice, bob, carol] = rooms as [TestRoom, TestRoom, TestRoom]
	const ids: ItemId[] = []
	for (const title of ['A', 'B', 'C', 'D']) ids.push(await addFilm(alice, title))
	const [a, b, c, d] = ids as [ItemId, ItemId, ItemId, ItemId]
	clock.advance(10)
	await alice.room.changeSettings(rules)
	await alice.room.queue.playNow(a, clock.nowMs())
	await meet()
	clock.advance(1_000)
	return { alice, bob, carol, clock, meet, a, b, c, d }
}
const following = ({ room }: TestRoom) => room.state().queue.following?.title ?? null
const END = { type: 'end' } as const

describe('the order of the queue', () => {
	it('[QU17] with most votes next the item that most people voted for comes next, of as many the first of the list', async () => {
		const { alice, bob, carol, clock, meet, a, c, d } = await playing({ order: 'votes' })
		expect(following(alice)).toBe('B')
		await bob.room.queue.vote(d, true)
		await meet()
		expect(titlesOf(alice)).toBe('[A] D B C')
		await carol.room.queue.vote(c, true)
		await meet()
		expect(titlesOf(alice)).toBe('[A] C D B')
		await bob.room.queue.vote(c, true)
		await meet()
		for (const who of [alice, bob, carol]) expect(following(who)).toBe('C')
		clock.advance(10)
		expect(await bob.room.queue.advance(a, clock.nowMs(), END)).toEqual({ type: 'done', item: c })
		await meet()
		// Nothing that was passed over is lost.
		for (const who of [alice, bob, carol]) expect(titlesOf(who)).toBe('A [C] D B')
		expect(canonicalState(alice.room.state())).toBe(canonicalState(bob.room.state()))
		expect(alice.room.state().activity[0]?.deed).toMatchObject({ type: 'went-on', title: 'C' })
	})

	it('[QU17] goes on once where members see different votes, and keeps what the other had chosen', async () => {
		for (const first of ['bob', 'carol']) {
			const { alice, bob, carol, clock, meet, a, c, d } = await playing({ order: 'votes' })
			await bob.room.queue.vote(c, true)
			await carol.room.queue.vote(d, true)
			const [one, other] = first === 'bob' ? [bob, carol] : [carol, bob]
			await one.room.queue.advance(a, clock.nowMs(), END)
			clock.advance(3)
			await other.room.queue.advance(a, clock.nowMs(), END)
			await meet()
			const expected = first === 'bob' ? 'A [C] D B' : 'A [D] C B'
			for (const who of [alice, bob, carol]) expect(titlesOf(who)).toBe(expected)
		}
	})

	it('[QU17] works for whoever may control, also where only operators reorder, and gives them no more than that', async () => {
		const { alice, bob, clock, meet, a, b, d } = await playing({ order: 'votes', reorder: 'operators' })
		await bob.room.queue.vote(d, true)
		expect(await bob.room.queue.move(d, b)).toMatchObject({ type: 'not-allowed', action: 'reorder' })
		expect(await bob.room.queue.advance(a, clock.nowMs(), END)).toEqual({ type: 'done', item: d })
		await meet()
		expect(titlesOf(alice)).toBe('A [D] B C')
		// Putting off what is next is not pulling forward.
		const plant = async (slot: number, body: object) => {
			const whole = { t: 'pos', item: b, from: 'V', ...body }
			const made = await makeRecord(bob.signer, 'qmod', slot, 90 + slot, whole, { ms: clock.nowMs() })
			await alice.room.ledger.judge(made.key, made.bytes)
		}
		await plant(50, { pos: 'zzzz', turn: true })
		await plant(51, { pos: '1' })
		expect(titlesOf(alice)).toBe('A [D] B C')
		clock.advance(10)
		await alice.room.changeSettings({ control: 'operators' })
		clock.advance(10)
		await plant(52, { pos: '1', turn: true })
		expect(titlesOf(alice)).toBe('A [D] B C')
	})

	it('[QU17] holds for what is played by hand, for what comes after a removal, and for what is put next', async () => {
		const { alice, bob, carol, clock, meet, a, c, d } = await playing({
			order: 'votes',
			reorder: 'operators',
		})
		await bob.room.queue.vote(d, true)
		expect(await bob.room.queue.playNow(c, clock.nowMs())).toMatchObject({ type: 'not-allowed' })
		expect(await bob.room.queue.playNow(d, clock.nowMs())).toEqual({ type: 'done', item: d })
		await meet()
		expect(titlesOf(alice)).toBe('A [D] B C')
		await carol.room.queue.vote(c, true)
		await meet()
		clock.advance(10)
		await alice.room.queue.remove(d)
		await meet()
		expect(titlesOf(bob)).toBe('A [C] B')
		await alice.room.changeSettings({ order: 'list' })
		await addFilm(alice, 'E', 'next')
		expect(titlesOf(alice)).toBe('A [C] E B')
		expect(a).toBeDefined()
	})

	it('[QU17] does not count the votes of people who are out', async () => {
		const { alice, bob, carol, meet, c, d } = await playing({ order: 'votes' })
		await bob.room.queue.vote(d, true)
		await carol.room.queue.vote(c, true)
		await alice.room.queue.vote(c, true)
		await meet()
		await alice.room.queue.vote(c, false)
		await alice.room.removePerson('g_carol' as SubjectId)
		await meet()
		expect(titlesOf(alice)).toBe('[A] D B C')
		expect(bob.room.state().queue.next.map(({ votes }) => votes)).toEqual([1, 0, 0])
		await alice.room.letIn('g_carol' as SubjectId)
		await meet()
		expect(titlesOf(bob)).toBe('[A] C D B')
	})
})

describe('loops', () => {
	it('[QU18] one item starts over, once, however many say that it is over, and however late', async () => {
		const { alice, bob, carol, clock, meet, a } = await playing({ loop: 'one' })
		expect(following(bob)).toBe('A')
		clock.advance(60_000)
		const startMs = clock.nowMs()
		await bob.room.queue.advance(a, startMs, END)
		clock.advance(300)
		await carol.room.queue.advance(a, clock.nowMs(), END)
		await meet()
		for (const { room } of [alice, bob, carol])
			expect(room.state().playback).toMatchObject({
				itemId: a,
				positionS: 0,
				isPlaying: true,
				atMs: startMs,
				by: bob.signer.device,
			})
		expect(alice.room.state().activity[0]?.deed).toMatchObject({ type: 'went-on', item: a, isSkip: false })
		// Somebody whose player is slow, and who has seen that it started over.
		clock.advance(1_500)
		expect(await alice.room.queue.advance(a, clock.nowMs(), END)).toEqual({ type: 'nothing-to-do' })
		clock.advance(60_000)
		expect(await alice.room.queue.advance(a, clock.nowMs(), END)).toEqual({ type: 'done', item: a })
		await meet()
		expect(bob.room.state().playback.by).toBe(alice.signer.device)
	})

	it('[QU18] a very short item starts over too', async () => {
		const { alice, clock, a } = await playing({ loop: 'one' })
		await alice.room.queue.describe(a, { durationS: 4 })
		for (let i = 0; i < 3; i++) {
			clock.advance(4_000)
			expect(await alice.room.queue.advance(a, clock.nowMs(), END)).toEqual({ type: 'done', item: a })
		}
	})

	it('[QU18] skipping goes past the one that loops, and so does what plays for nobody', async () => {
		const { alice, bob, clock, meet, a, b, c } = await playing({ loop: 'one' })
		expect(await alice.room.queue.advance(a, clock.nowMs(), { type: 'user' })).toEqual({
			type: 'done',
			item: b,
		})
		expect(await alice.room.queue.advance(b, clock.nowMs(), END, true)).toEqual({ type: 'done', item: c })
		await meet()
		expect(titlesOf(bob)).toBe('A B [C] D')
	})

	it('[QU18] the whole queue begins again behind its last, with most votes first where votes decide', async () => {
		const { alice, bob, carol, clock, meet, a, b, c, d } = await playing({ loop: 'all' })
		for (const from of [a, b, c]) await alice.room.queue.advance(from, clock.nowMs(), END)
		await meet()
		expect(following(bob)).toBe('A')
		clock.advance(10)
		await bob.room.queue.advance(d, clock.nowMs(), END)
		clock.advance(3)
		await carol.room.queue.advance(d, clock.nowMs(), END)
		await meet()
		for (const who of [alice, bob, carol]) expect(titlesOf(who)).toBe('[A] B C D')
		expect(alice.room.state().playback.by).toBe(bob.signer.device)

		clock.advance(10)
		await alice.room.changeSettings({ order: 'votes' })
		await bob.room.queue.vote(c, true)
		await carol.room.queue.vote(d, true)
		await meet()
		clock.advance(10)
		const played: (string | undefined)[] = []
		for (let i = 0; i < 8; i++) {
			const { current } = alice.room.state().queue
			played.push(current?.title)
			clock.advance(60_000)
			if (current) await alice.room.queue.advance(current.id, clock.nowMs(), END)
		}
		expect(played.join('')).toBe('ACDBCDAB')
		await meet()
		expect(titlesOf(bob)).toBe(titlesOf(alice))
	})

	it('[QU18] an item that is alone starts over; one that plays for nobody stops', async () => {
		const { rooms, clock } = await gather('alice')
		const [alice] = rooms as [TestRoom]
		const a = await addFilm(alice, 'A')
		await alice.room.changeSettings({ loop: 'all' })
		await alice.room.queue.playNow(a, clock.nowMs())
		clock.advance(60_000)
		expect(await alice.room.queue.advance(a, clock.nowMs(), END)).toEqual({ type: 'done', item: a })
		clock.advance(60_000)
		await alice.room.queue.advance(a, clock.nowMs(), END, true)
		expect(alice.room.state().playback).toMatchObject({ itemId: a, isPlaying: false })
	})

	it('[QU18] a late advance of the round before changes nothing', async () => {
		const { alice, bob, clock, meet, a, b, c, d } = await playing({ loop: 'all' })
		// Bob is away and believes that A has just ended.
		clock.advance(10)
		await bob.room.queue.advance(a, clock.nowMs(), END)
		for (const from of [a, b, c, d]) {
			clock.advance(1_000)
			await alice.room.queue.advance(from, clock.nowMs(), END)
		}
		await carry(bob, alice)
		// Bob's came first: alice's own, from the same moment on, fall behind it.
		await meet()
		expect(titlesOf(alice)).toBe(titlesOf(bob))
		expect(alice.room.state().queue.current?.id).toBe(a)
	})
})

describe('the rules of the queue', () => {
	it('[QU19] are by the list and without a loop unless set, for operators to change, told and undone like others', async () => {
		const { rooms, clock, meet } = await gather('alice', 'bob')
		const [alice, bob] = rooms as [TestRoom, TestRoom]
		expect(DEFAULT_SETTINGS).toMatchObject({ order: 'list', loop: 'off' })
		expect(await bob.room.changeSettings({ loop: 'all' })).toMatchObject({
			type: 'not-allowed',
			action: 'change-settings',
		})
		await alice.room.grant('g_bob' as SubjectId, 'operator')
		await meet()
		clock.advance(10)
		expect(await bob.room.changeSettings({ order: 'votes', loop: 'one' })).toEqual({ type: 'done' })
		await meet()
		const deed = alice.room.state().activity[0]
		expect(deed?.deed).toEqual({
			type: 'changed-settings',
			changes: [
				{ what: 'order', from: 'list', to: 'votes' },
				{ what: 'loop', from: 'off', to: 'one' },
			],
		})
		expect(await alice.room.changeSettings({ loop: 'one' })).toEqual({ type: 'nothing-to-do' })
		clock.advance(10)
		// Another rule, and the name, leave them alone.
		await alice.room.renameRoom('Other')
		await alice.room.changeSettings({ waits: false })
		expect(alice.room.state().settings).toMatchObject({ order: 'votes', loop: 'one', waits: false })
		clock.advance(10)
		await alice.room.changeSettings({ loop: 'all' })
		await meet()
		const [last] = alice.room.state().activity
		expect(last?.deed).toMatchObject({ changes: [{ what: 'loop', from: 'one', to: 'all' }] })
		expect(await bob.room.undo(last?.id ?? '')).toEqual({ type: 'done' })
		await meet()
		expect(alice.room.state().settings).toMatchObject({ order: 'votes', loop: 'one' })
		// Rules outlast the operator who set them.
		clock.advance(10)
		await alice.room.grant('g_bob' as SubjectId, 'member')
		await meet()
		for (const who of [alice, bob])
			expect(who.room.state().settings).toMatchObject({ order: 'votes', loop: 'one' })
	})

	it('[QU19] are not written where they are the default, so that older versions read the record as ever', async () => {
		const { rooms } = await gather('alice')
		const [alice] = rooms as [TestRoom]
		await alice.room.changeSettings({ waits: false })
		const bytes = [...alice.room.ledger.entries()].find(([key]) => key.startsWith('settings/'))?.[1]
		const record = parseRecord(bytes ?? new Uint8Array(0))
		if (typeof record === 'string' || record.kind !== 'settings' || record.body === null)
			throw new Error('none')
		for (const part of [record.body, record.body.prev])
			for (const key of ['order', 'loop']) expect(Object.keys(part)).not.toContain(key)
	})
})
