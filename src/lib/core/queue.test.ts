import { describe, expect, it } from 'vitest'
import { KINDS } from './kinds.ts'
import { canonicalState } from './fold.ts'
import { addFilm, carry, carryBoth, film, gather, titlesOf, type TestRoom } from './test-room.ts'
import type { ItemId } from './units.ts'

const two = async () => {
	const { rooms, clock, meet } = await gather('alice', 'bob')
	const [alice, bob] = rooms as [TestRoom, TestRoom]
	return { alice, bob, clock, meet }
}
/** A, B, C by alice with A playing. */
const playing = async () => {
	const { alice, bob, clock, meet } = await two()
	const a = await addFilm(alice, 'A')
	const b = await addFilm(alice, 'B')
	const c = await addFilm(alice, 'C')
	await alice.room.queue.playNow(a, clock.nowMs())
	await meet()
	clock.advance(1_000)
	return { alice, bob, clock, meet, a, b, c }
}

describe('adding', () => {
	it('[QU1] shows everybody the same order, also of what was added at one moment', async () => {
		const { alice, bob, meet } = await two()
		for (const title of ['A', 'B', 'C']) await addFilm(alice, title)
		for (const title of ['D', 'E']) await addFilm(bob, title)
		await meet()
		expect(titlesOf(alice)).toBe(titlesOf(bob))
		expect(titlesOf(alice).split(' ').sort()).toEqual(['A', 'B', 'C', 'D', 'E'])
		expect(canonicalState(alice.room.state())).toBe(canonicalState(bob.room.state()))
	})

	it('[QU2] appends, or puts right behind the current item', async () => {
		const { bob } = await playing()
		await addFilm(bob, 'D')
		await addFilm(bob, 'E', 'next')
		await addFilm(bob, 'F', 'next')
		expect(titlesOf(bob)).toBe('[A] F E B C D')
	})

	it('[QU2] appends behind the film’s place when everything behind it is gone', async () => {
		const { alice, bob, meet, b, c, clock } = await playing()
		await alice.room.queue.playNow(c, clock.nowMs())
		await alice.room.queue.remove(c)
		await alice.room.queue.remove(b)
		for (const title of ['D', 'E', 'F']) await addFilm(alice, title)
		await meet()
		expect(bob.room.state().queue.next.map(({ title }) => title)).toContain('F')
		expect(alice.room.state().queue.earlier.map(({ title }) => title)).not.toContain('D')
		expect(titlesOf(alice)).toBe(titlesOf(bob))
	})

	it('[QU16] refuses what is no media, shortens long titles and drops a thumbnail that is no address', async () => {
		const { alice } = await two()
		const bad = { media: { kind: 'file', url: 'javascript:alert(1)' }, title: 'x' } as const
		expect(await alice.room.queue.add(bad, 'end')).toMatchObject({ type: 'failed' })
		await alice.room.queue.add(
			{ ...film('A'), title: `${'long '.repeat(50)}\u202e`, thumbnailUrl: 'data:x', durationS: NaN },
			'end',
		)
		const [item] = alice.room.state().queue.next
		expect(item?.title).toHaveLength(120)
		expect(item).toMatchObject({ thumbnailUrl: null, durationS: null })
	})

	it('[QU16] says so when a link does not fit into a record', async () => {
		const { alice } = await two()
		const media = { kind: 'file', url: `https://x.example/${'é'.repeat(600)}` } as const
		expect(await alice.room.queue.add({ media, title: 'x' }, 'end')).toEqual({
			type: 'too-big',
			what: 'record',
			limit: 1_024,
		})
	})

	it('[QU13] reuses the slots of what is gone, and says when a device has no slot left', async () => {
		const { alice } = await two()
		const ids: ItemId[] = []
		for (let i = 0; i < KINDS.queue.slots; i++) ids.push(await addFilm(alice, `${i}`))
		expect(await alice.room.queue.add(film('one more'), 'end')).toEqual({
			type: 'too-big',
			what: 'queue',
			limit: KINDS.queue.slots,
		})
		await alice.room.queue.remove(ids[7] as ItemId)
		await addFilm(alice, 'one more')
		expect(alice.room.state().queue.next).toHaveLength(KINDS.queue.slots)
		expect(alice.room.state().queue.next.at(-1)?.title).toBe('one more')
		expect(alice.room.ledger.size).toBeLessThan(KINDS.queue.slots + 5)
	})
})

describe('taking away', () => {
	it('[QU4] removes an item for everybody, anybody’s where all may reorder', async () => {
		const { alice, bob, meet, b } = await playing()
		expect(await bob.room.queue.remove(b)).toEqual({ type: 'done', item: b })
		await meet()
		expect(titlesOf(alice)).toBe('[A] C')
		expect(await bob.room.queue.remove(b)).toEqual({ type: 'no-such-item' })
	})

	it('[QU4] moves on when the current item is removed, and stops where nothing follows', async () => {
		const { alice, bob, meet, a, b, c } = await playing()
		await bob.room.queue.remove(a)
		await meet()
		expect(titlesOf(alice)).toBe('[B] C')
		expect(alice.room.state().playback).toMatchObject({ itemId: b, isPlaying: true, positionS: 0 })
		await alice.room.queue.remove(b)
		await alice.room.queue.remove(c)
		expect(alice.room.state().playback).toMatchObject({ itemId: null, isPlaying: false })
		await addFilm(bob, 'D')
		await meet()
		expect(titlesOf(alice)).toBe('D')
	})

	it('[QU4] leaves earlier items earlier when the last one is removed', async () => {
		const { alice, clock, a, b, c } = await playing()
		await alice.room.queue.advance(a, clock.nowMs(), { type: 'end' })
		await alice.room.queue.remove(c)
		await alice.room.queue.remove(b)
		expect(alice.room.state().queue.earlier.map(({ title }) => title)).toEqual(['A'])
		expect(alice.room.state().queue.next).toEqual([])
		await addFilm(alice, 'D', 'next')
		expect(alice.room.state().queue.next.map(({ title }) => title)).toEqual(['D'])
	})

	it('[QU5] keeps what plays in sight until the room moves on, whoever removed it meanwhile', async () => {
		const { alice, bob, clock, meet, b } = await playing()
		await alice.room.queue.remove(b)
		await bob.room.queue.playNow(b, clock.nowMs())
		await meet()
		expect(titlesOf(alice)).toBe('A [B] C')
		await alice.room.queue.advance(b, clock.nowMs(), { type: 'end' })
		await meet()
		expect(titlesOf(bob)).toBe('A [C]')
	})

	it('[QU7] clears all but the current item, and spares what was added meanwhile', async () => {
		const { alice, bob, meet } = await playing()
		await addFilm(bob, 'D')
		await carry(bob, alice)
		await addFilm(bob, 'E')
		expect(await alice.room.queue.clear()).toEqual({ type: 'done' })
		expect(titlesOf(alice)).toBe('[A]')
		await meet()
		expect(titlesOf(alice)).toBe('[A] E')
		expect(titlesOf(bob)).toBe('[A] E')
		await bob.room.queue.clear()
		expect(await bob.room.queue.clear()).toEqual({ type: 'nothing-to-do' })
	})

	it('[QU7] clears what many people added, in as many records as it takes', async () => {
		const names = Array.from({ length: 25 }, (_, i) => `person${i}`)
		const { rooms } = await gather('alice')
		const [alice] = rooms as [TestRoom]
		const { createTestRoom, createTestClock } = await import('./test-room.ts')
		const { createFakeSigner } = await import('./fake-crypto.ts')
		const { testRoot } = await import('./test-room.ts')
		for (const name of names) {
			const other = createTestRoom(name, {
				root: testRoot(createFakeSigner('alice')),
				clock: createTestClock(),
			})
			await other.room.introduce({ name, token: null })
			await addFilm(other, name)
			await carry(other, alice)
		}
		expect(alice.room.state().queue.next).toHaveLength(25)
		await alice.room.queue.clear()
		expect(alice.room.state().queue.next).toEqual([])
		const cleared = alice.room.state().activity.filter(({ deed }) => deed.type === 'cleared')
		expect(cleared).toHaveLength(1)
		await alice.room.undo(cleared[0]?.id ?? '')
		expect(alice.room.state().queue.next).toHaveLength(25)
	})
})

describe('order', () => {
	it('[QU6] moves an item before another, or last', async () => {
		const { alice, bob, meet, a, b, c } = await playing()
		await bob.room.queue.move(c, b)
		await meet()
		expect(titlesOf(alice)).toBe('[A] C B')
		await alice.room.queue.move(c, null)
		expect(titlesOf(alice)).toBe('[A] B C')
		expect(await alice.room.queue.move(c, null)).toEqual({ type: 'nothing-to-do' })
		expect(await alice.room.queue.move(b, c)).toEqual({ type: 'nothing-to-do' })
		expect(await alice.room.queue.move(a, null)).toEqual({ type: 'nothing-to-do' })
		expect(await alice.room.queue.move('x.y' as ItemId, null)).toEqual({ type: 'no-such-item' })
		await alice.room.queue.move(c, a)
		expect(titlesOf(alice)).toBe('C [A] B')
	})

	it('[QU6] lets the later of two moves win, and a move loses nothing', async () => {
		const { alice, bob, clock, meet, b, c } = await playing()
		const d = await addFilm(alice, 'D')
		await meet()
		await alice.room.queue.move(b, null)
		clock.advance(5)
		await bob.room.queue.move(b, d)
		await bob.room.queue.move(c, null)
		await meet()
		expect(titlesOf(alice)).toBe(titlesOf(bob))
		expect(titlesOf(alice)).toBe('[A] B D C')
	})

	it('[QU6] keeps what is moved to the front of next in next, also with nothing current', async () => {
		const { alice, b, c } = await playing()
		await alice.room.queue.clear()
		await alice.room.queue.remove(alice.room.state().queue.current?.id as ItemId)
		expect(titlesOf(alice)).toBe('')
		const [d, e] = [await addFilm(alice, 'D'), await addFilm(alice, 'E')]
		await alice.room.queue.move(e, d)
		expect(alice.room.state().queue.next.map(({ title }) => title)).toEqual(['E', 'D'])
		expect(alice.room.state().queue.earlier).toEqual([])
		expect(await alice.room.queue.move(b, c)).toEqual({ type: 'no-such-item' })
	})

	it('[QU8] shuffles what is next, the same for everybody, and leaves later additions alone', async () => {
		const { alice, bob, clock, meet } = await playing()
		for (const title of ['D', 'E', 'F', 'G', 'H']) await addFilm(alice, title)
		await meet()
		clock.advance(10)
		expect(await bob.room.queue.shuffle()).toEqual({ type: 'done' })
		clock.advance(10)
		await addFilm(bob, 'Z')
		await meet()
		const order = titlesOf(alice)
		expect(order).toBe(titlesOf(bob))
		expect(order.startsWith('[A] ')).toBe(true)
		expect(order.endsWith(' Z')).toBe(true)
		expect(order).not.toBe('[A] B C D E F G H Z')
		expect(order.split(' ').slice(1).sort().join('')).toBe('BCDEFGHZ')
	})

	it('[QU8] has nothing to shuffle in one item', async () => {
		const { alice } = await two()
		await addFilm(alice, 'A')
		expect(await alice.room.queue.shuffle()).toEqual({ type: 'nothing-to-do' })
	})
})

describe('playing on', () => {
	it('[QU3] plays an item now: pulled right behind the current one, which becomes earlier', async () => {
		const { alice, bob, clock, meet, c } = await playing()
		const atMs = clock.nowMs() + 400
		expect(await bob.room.queue.playNow(c, atMs)).toEqual({ type: 'done', item: c })
		await meet()
		expect(titlesOf(alice)).toBe('A [C] B')
		expect(alice.room.state().playback).toMatchObject({ itemId: c, positionS: 0, isPlaying: true, atMs })
		expect(await bob.room.queue.playNow('x.y' as ItemId, atMs)).toEqual({ type: 'no-such-item' })
	})

	it('[QU3] starts an item where its link says', async () => {
		const { alice, clock } = await two()
		const outcome = await alice.room.queue.add(
			{ media: { kind: 'youtube', id: 'abc', startS: 42 }, title: 'Clip' },
			'end',
		)
		if (outcome.type !== 'done' || outcome.item === undefined) throw new Error('not added')
		await alice.room.queue.playNow(outcome.item, clock.nowMs())
		expect(alice.room.state().playback.positionS).toBe(42)
	})

	it('[QU9] advances once, however many ask at the same time', async () => {
		const { alice, bob, clock, meet, a, b } = await playing()
		await alice.room.queue.advance(a, clock.nowMs(), { type: 'end' })
		clock.advance(3)
		await bob.room.queue.advance(a, clock.nowMs(), { type: 'end' })
		await meet()
		for (const { room } of [alice, bob]) {
			expect(room.state().queue.current?.id).toBe(b)
			expect(room.state().playback.by).toBe(alice.signer.device)
		}
		expect(await alice.room.queue.advance(a, clock.nowMs(), { type: 'end' })).toEqual({
			type: 'nothing-to-do',
		})
	})

	it('[QU9] advances once also when one had not seen what the other added next', async () => {
		const { alice, bob, clock, meet, a } = await playing()
		await addFilm(bob, 'X', 'next')
		await bob.room.queue.advance(a, clock.nowMs(), { type: 'end' })
		clock.advance(3)
		await alice.room.queue.advance(a, clock.nowMs(), { type: 'end' })
		await meet()
		expect(titlesOf(alice)).toBe('A [X] B C')
		expect(titlesOf(bob)).toBe('A [X] B C')
	})

	it('[QU10] stops at the end of the last item, which stays current until something follows', async () => {
		const { alice, bob, clock, a, b, c } = await playing()
		await alice.room.queue.describe(c, { durationS: 90 })
		for (const from of [a, b]) await alice.room.queue.advance(from, clock.nowMs(), { type: 'end' })
		expect(await alice.room.queue.advance(c, clock.nowMs(), { type: 'end' })).toEqual({ type: 'done' })
		expect(alice.room.state().playback).toMatchObject({ itemId: c, isPlaying: false, positionS: 90 })
		expect(await alice.room.queue.advance(c, clock.nowMs(), { type: 'end' })).toEqual({
			type: 'nothing-to-do',
		})
		await addFilm(alice, 'D')
		expect(titlesOf(alice)).toBe('A B [C] D')
		await carryBoth(alice, bob)
		expect(await bob.room.queue.advance(c, clock.nowMs(), { type: 'user' })).toMatchObject({ type: 'done' })
		expect(titlesOf(bob)).toBe('A B C [D]')
	})

	it('[QU11] never lets a late advance undo what a person chose', async () => {
		const { alice, bob, clock, meet, a, c } = await playing()
		await alice.room.queue.playNow(c, clock.nowMs())
		clock.advance(60_000)
		await bob.room.queue.advance(a, clock.nowMs(), { type: 'end' })
		expect(titlesOf(bob)).toBe('A [B] C')
		await meet()
		for (const who of [alice, bob]) expect(who.room.state().queue.current?.id).toBe(c)
	})

	it('[QU11] lets an advance stand when others only sought or paused in the same item', async () => {
		const { alice, bob, clock, meet, a, b } = await playing()
		await alice.room.playback.set({ positionS: 30, isPlaying: false, rate: 1, atMs: clock.nowMs() })
		clock.advance(5)
		await bob.room.queue.advance(a, clock.nowMs(), { type: 'end' })
		await meet()
		for (const who of [alice, bob]) expect(who.room.state().queue.current?.id).toBe(b)
	})
})

describe('votes and facts', () => {
	it('[QU14] counts one vote a person and takes it back', async () => {
		const { alice, bob, meet, b } = await playing()
		await alice.room.queue.vote(b, true)
		await bob.room.queue.vote(b, true)
		expect(await bob.room.queue.vote(b, true)).toEqual({ type: 'nothing-to-do' })
		await meet()
		expect(alice.room.state().queue.next[0]).toMatchObject({ votes: 2, didIVote: true })
		await bob.room.queue.vote(b, false)
		await meet()
		expect(alice.room.state().queue.next[0]).toMatchObject({ votes: 1, didIVote: true })
		expect(bob.room.state().queue.next[0]?.didIVote).toBe(false)
	})

	it('[QU15] takes the latest facts for each field, from whoever may reorder or added it', async () => {
		const { alice, bob, clock, meet, b } = await playing()
		await bob.room.queue.describe(b, { durationS: 120, thumbnailUrl: 'https://x.example/a.jpg' })
		clock.advance(5)
		await alice.room.queue.describe(b, { title: 'Better title' })
		await bob.room.queue.describe(b, { durationS: 121 })
		await meet()
		for (const who of [alice, bob])
			expect(who.room.state().queue.next[0]).toMatchObject({
				title: 'Better title',
				durationS: 121,
				thumbnailUrl: 'https://x.example/a.jpg',
			})
		expect(await bob.room.queue.describe(b, { durationS: 121 })).toEqual({ type: 'nothing-to-do' })
		expect(await bob.room.queue.describe('x.y' as ItemId, {})).toEqual({ type: 'no-such-item' })
	})
})
