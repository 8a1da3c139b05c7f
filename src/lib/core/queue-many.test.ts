import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KINDS } from './kinds.ts'
import { duplicateOf, mediaIdentity } from './media-identity.ts'
import type { MediaRef } from './media.ts'
import { playedIn } from './played.ts'
import { exportQueue, parseQueueFile, QUEUE_FILE_MAX_ITEMS } from './queue-file.ts'
import { addFilm, film, gather, titlesOf, type TestRoom } from './test-room.ts'
import type { ItemId } from './units.ts'

const two = async () => {
	const { rooms, clock, meet } = await gather('alice', 'bob')
	const [alice, bob] = rooms as [TestRoom, TestRoom]
	return { alice, bob, clock, meet }
}
const films = (...titles: string[]) => titles.map(film)

describe('several at once', () => {
	it('[QU20] come in their order, at the end or right behind the current one, in one transaction', async () => {
		const { alice, bob, clock, meet } = await two()
		const a = await addFilm(alice, 'A')
		await addFilm(alice, 'Z')
		await alice.room.queue.playNow(a, clock.nowMs())
		await meet()
		let updates = 0
		bob.doc.on('update', () => updates++)
		const outcome = await bob.room.queue.addMany(films('B', 'C', 'D'), 'next')
		expect(outcome).toMatchObject({ type: 'done', left: 0 })
		expect(outcome.type === 'done' && outcome.items).toHaveLength(3)
		expect(updates).toBe(1)
		await bob.room.queue.addMany(films('E', 'F'), 'end')
		await meet()
		expect(titlesOf(alice)).toBe('[A] B C D Z E F')
		await alice.room.queue.addMany(films('G', 'H'), 'next')
		expect(titlesOf(alice)).toBe('[A] G H B C D Z E F')
	})

	it('[QU20] may be 256, and are as many as there are slots for, which is told', async () => {
		const { alice, meet, bob } = await two()
		const many = Array.from({ length: 256 }, (_, i) => film(String(i)))
		expect(await alice.room.queue.addMany([...many, film('x')], 'end')).toEqual({
			type: 'too-big',
			what: 'queue',
			limit: 256,
		})
		await alice.room.queue.addMany(many.slice(0, 200), 'end')
		expect(await alice.room.queue.addMany(many.slice(0, 100), 'next')).toMatchObject({
			type: 'done',
			left: 200 + 100 - KINDS.queue.slots,
		})
		expect(await alice.room.queue.addMany(films('x', 'y'), 'end')).toMatchObject({ type: 'too-big' })
		await meet()
		const titles = titlesOf(bob).split(' ')
		expect(titles).toHaveLength(256)
		expect(titles.slice(0, 56)).toEqual(many.slice(0, 56).map(({ title }) => title))
		expect(titles.slice(56)).toEqual(many.slice(0, 200).map(({ title }) => title))
	})

	it('[QU20] are refused whole where one is no media, and for who may not add', async () => {
		const { alice, bob, meet } = await two()
		const bad = { media: { kind: 'file', url: 'javascript:alert(1)' }, title: 'x' } as const
		expect(await alice.room.queue.addMany([film('A'), bad], 'end')).toMatchObject({ type: 'failed' })
		expect(await alice.room.queue.addMany([], 'end')).toEqual({ type: 'nothing-to-do' })
		expect(titlesOf(alice)).toBe('')
		await alice.room.changeSettings({ add: 'operators' })
		await meet()
		expect(await bob.room.queue.addMany(films('A'), 'end')).toMatchObject({ type: 'not-allowed' })
	})
})

describe('duplicates', () => {
	const same: readonly (readonly [MediaRef, MediaRef])[] = [
		[
			{ kind: 'youtube', id: 'a' },
			{ kind: 'youtube', id: 'a', startS: 90 },
		],
		[
			{ kind: 'bilibili', id: 'BV1', page: 2 },
			{ kind: 'bilibili', id: 'BV1', page: 2, startS: 1 },
		],
		[
			{ kind: 'file', url: 'https://x.example/a.mp4' },
			{ kind: 'file', url: 'https://x.example/a.mp4#t=90' },
		],
		[
			{ kind: 'vimeo', id: '1', hash: 'h' },
			{ kind: 'vimeo', id: '1' },
		],
		[
			{ kind: 'twitch-live', channel: 'Someone' },
			{ kind: 'twitch-live', channel: 'someone' },
		],
	]
	const others: readonly (readonly [MediaRef, MediaRef])[] = [
		[
			{ kind: 'youtube', id: 'a' },
			{ kind: 'dailymotion', id: 'a' },
		],
		[
			{ kind: 'youtube', id: 'a' },
			{ kind: 'youtube', id: 'A' },
		],
		[
			{ kind: 'bilibili', id: 'BV1', page: 2 },
			{ kind: 'bilibili', id: 'BV1', page: 1 },
		],
		[
			{ kind: 'file', url: 'https://x.example/a.mp4?v=1' },
			{ kind: 'file', url: 'https://x.example/a.mp4?v=2' },
		],
		[
			{ kind: 'peertube', origin: 'https://x.example', id: 'a' },
			{ kind: 'peertube', origin: 'https://y.example', id: 'a' },
		],
	]
	it('[QU21] are the same to watch, wherever they start', () => {
		for (const [a, b] of same) expect(mediaIdentity(a)).toBe(mediaIdentity(b))
		for (const [a, b] of others) expect(mediaIdentity(a)).not.toBe(mediaIdentity(b))
	})

	it('[QU21] are found where they stand: what plays and what comes before what is over', async () => {
		const { alice, clock } = await two()
		const first = await addFilm(alice, 'A')
		const b = await addFilm(alice, 'B')
		const again = await addFilm(alice, 'A')
		const { media } = film('A')
		const where = () => {
			const found = duplicateOf(alice.room.state().queue, media)
			return found && [found.where, found.item.id]
		}
		expect(where()).toEqual(['next', first])
		await alice.room.queue.playNow(first, clock.nowMs())
		expect(where()).toEqual(['current', first])
		await alice.room.queue.playNow(b, clock.nowMs())
		expect(where()).toEqual(['next', again])
		await alice.room.queue.remove(again)
		expect(where()).toEqual(['earlier', first])
		expect(duplicateOf(alice.room.state().queue, film('C').media)).toBeNull()
	})
})

describe('what was played', () => {
	it('[QU22] stands there with when it was on, the last first, and can be added again', async () => {
		const { alice, bob, clock, meet } = await two()
		const [a, b, c] = [await addFilm(alice, 'A'), await addFilm(alice, 'B'), await addFilm(alice, 'C')]
		await alice.room.queue.describe(a, { durationS: 60 })
		await alice.room.queue.playNow(a, clock.nowMs())
		await meet()
		const aMs = clock.nowMs()
		clock.advance(60_000)
		await bob.room.queue.advance(a, clock.nowMs(), { type: 'end' })
		const bMs = clock.nowMs()
		clock.advance(60_000)
		await bob.room.queue.advance(b, clock.nowMs(), { type: 'user' })
		await meet()
		for (const who of [alice, bob])
			expect(playedIn(who.room.state()).map(({ item, onAtMs }) => [item.title, onAtMs])).toEqual([
				['B', bMs],
				['A', aMs],
			])
		const outcome = await bob.room.queue.addAgain(a, 'end')
		await meet()
		expect(titlesOf(alice)).toBe('A B [C] A')
		expect(alice.room.state().queue.next[0]).toMatchObject({ durationS: 60, addedBy: bob.signer.device })
		expect(outcome.type === 'done' && outcome.item).not.toBe(a)
		// Taken away, it is still known.
		await alice.room.queue.remove(a)
		expect(await alice.room.queue.addAgain(a, 'next')).toMatchObject({ type: 'done' })
		expect(titlesOf(alice)).toBe('B [C] A A')
		expect(await alice.room.queue.addAgain('x.y' as ItemId, 'end')).toEqual({ type: 'no-such-item' })
		// Nothing tells of it any more.
		for (let i = 0; i < 20; i++)
			for (const { room } of [alice, bob])
				await room.playback.set({ positionS: i, isPlaying: true, rate: 1, atMs: clock.nowMs() })
		await meet()
		expect(playedIn(alice.room.state())).toMatchObject([{ item: { title: 'B' }, onAtMs: null }])
		expect(c).toBeDefined()
	})
})

describe('a queue as a file', () => {
	it('[QU23] can be read again as it was, without who added what', async () => {
		const { alice, clock } = await two()
		const a = await addFilm(alice, 'A')
		await addFilm(alice, 'B “2”')
		await alice.room.queue.add({ media: { kind: 'youtube', id: 'x', startS: 5 }, title: 'C' }, 'end')
		await alice.room.queue.describe(a, { durationS: 61.5 })
		await alice.room.queue.playNow(a, clock.nowMs())
		const text = exportQueue('Film night', alice.room.state().queue)
		expect(text).not.toContain(alice.signer.device)
		const file = parseQueueFile(`\ufeff${text}`)
		expect(file).toMatchObject({ type: 'queue', title: 'Film night', broken: [], leftOut: 0 })
		if (file.type !== 'queue') throw new Error(file.why)
		expect(file.items).toEqual([
			{ ...film('A'), durationS: 61.5 },
			film('B “2”'),
			{ media: { kind: 'youtube', id: 'x', startS: 5 }, title: 'C' },
		])
		expect(await alice.room.queue.addMany(file.items, 'end')).toMatchObject({ type: 'done', left: 0 })
	})

	it('[QU23] says what it is not, and names what is broken in it; the rest can be added', () => {
		expect(parseQueueFile('{')).toEqual({ type: 'no-queue', why: 'not-json' })
		expect(parseQueueFile('[]')).toEqual({ type: 'no-queue', why: 'other-format' })
		expect(parseQueueFile('{"format":"matinee-queue-2","items":[]}')).toEqual({
			type: 'no-queue',
			why: 'other-version',
		})
		expect(parseQueueFile('{"format":"matinee-queue-1"}')).toEqual({ type: 'no-queue', why: 'other-format' })
		expect(parseQueueFile(' '.repeat(1_000_001))).toEqual({ type: 'no-queue', why: 'too-long' })
		const items = [
			film('A'),
			7,
			{ media: { kind: 'file', url: 'javascript:alert(1)' }, title: 'x' },
			{ ...film('B'), title: 'b'.repeat(500), dur: -1 },
			...Array.from({ length: 600 }, () => film('C')),
		]
		const file = parseQueueFile(JSON.stringify({ format: 'matinee-queue-1', title: 7, items }))
		if (file.type !== 'queue') throw new Error(file.why)
		expect(file.broken).toEqual([2, 3])
		expect(file.leftOut).toBe(items.length - QUEUE_FILE_MAX_ITEMS)
		expect(file.items[1]?.title).toHaveLength(120)
		expect(file.items[1]).not.toHaveProperty('durationS')
		expect(file.title).toBe('')
	})

	it('[QU23] never throws, whatever it is given', () => {
		const items = fc.array(
			fc.oneof(fc.anything(), fc.record({ title: fc.anything(), media: fc.anything(), dur: fc.anything() })),
		)
		fc.assert(
			fc.property(items, fc.string(), (list, text) => {
				expect(parseQueueFile(text).type).toBe('no-queue')
				const json = JSON.stringify({ format: 'matinee-queue-1', items: list }, (_, value: unknown) =>
					typeof value === 'bigint' ? null : value,
				)
				expect(parseQueueFile(json).type).toBe('queue')
			}),
		)
	})
})
