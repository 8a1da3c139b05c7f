import { describe, expect, it } from 'vitest'
import { KINDS, SUBTITLE_PART_BYTES } from './kinds.ts'
import {
	addFilm,
	carryBoth,
	createTestRoom,
	createTestRandom,
	fakeToken,
	gather,
	makeRecord,
	testRoot,
	type TestRoom,
} from './test-room.ts'
import type { ItemId, SubjectId, SubtitleId } from './units.ts'

const bytes = (length: number): Uint8Array => createTestRandom(length).bytes(length)
const two = async () => {
	const { rooms, clock, meet } = await gather('alice', 'bob')
	const [alice, bob] = rooms as [TestRoom, TestRoom]
	const [a, b] = [await addFilm(alice, 'A'), await addFilm(alice, 'B')]
	await meet()
	clock.advance(10)
	return { alice, bob, clock, meet, a, b }
}
const share = async (
	{ room }: TestRoom,
	item: ItemId,
	name: string,
	packed: Uint8Array = bytes(100),
	language: string | null = null,
): Promise<SubtitleId> => {
	const given = { item, name, language, format: 'srt', packed, size: 3 * packed.length } as const
	const outcome = await room.subtitles.share(given)
	if (outcome.type !== 'done' || outcome.subtitles === undefined) throw new Error(outcome.type)
	return outcome.subtitles
}
const names = ({ room }: TestRoom): string =>
	room
		.state()
		.subtitles.map(({ name }) => name)
		.join(' ')

describe('subtitles for all', () => {
	it('[SB1] come to everybody as they were given, in as many parts as they take', async () => {
		const { alice, bob, clock, meet, a } = await two()
		const packed = bytes(2.5 * SUBTITLE_PART_BYTES)
		const id = await share(bob, a, 'saltmarsh.srt', packed, 'zh-Hans')
		await meet()
		for (const who of [alice, bob]) {
			expect(who.room.state().subtitles).toEqual([
				{
					...{ id, item: a, name: 'saltmarsh.srt', language: 'zh-Hans', format: 'srt' },
					...{ by: bob.signer.device, atMs: clock.nowMs(), bytes: packed.length, size: 3 * packed.length },
					...{ parts: 3, isWhole: true },
				},
			])
			expect(who.room.subtitles.read(id)).toEqual(packed)
		}
		expect(alice.room.subtitles.read('x.y' as SubtitleId)).toBeNull()
	})

	it('[SB1] are not whole, and cannot be read, while parts are missing', async () => {
		const { alice, bob, a } = await two()
		const packed = bytes(2 * SUBTITLE_PART_BYTES + 7)
		const id = await share(bob, a, 'x', packed)
		const parts = [...bob.room.ledger.entries()].filter(([key]) => key.startsWith('subtitle/'))
		for (const [key, value] of parts.slice(1)) await alice.room.ledger.judge(key, value)
		// Only the first part says what it is.
		expect(names(alice)).toBe('')
		const [first, second] = parts
		if (first) await alice.room.ledger.judge(...first)
		expect(alice.room.state().subtitles).toMatchObject([{ isWhole: true, bytes: packed.length }])
		const carol = createTestRoom('carol', { root: testRoot(alice.signer), clock: { nowMs: () => Infinity } })
		for (const [key, value] of bob.room.ledger.entries())
			if (key !== second?.[0]) await carol.room.ledger.judge(key, value)
		expect(carol.room.state().subtitles).toMatchObject([{ isWhole: false, bytes: SUBTITLE_PART_BYTES + 7 }])
		expect(carol.room.subtitles.read(id)).toBeNull()
	})

	it('[SB2] of a person the newest for an item and a language count, from whichever device', async () => {
		const { alice, bob, clock, meet, a, b } = await two()
		await share(bob, a, 'en-1', bytes(3 * SUBTITLE_PART_BYTES), 'en')
		await share(bob, a, 'zh', bytes(100), 'zh')
		await share(bob, b, 'other', bytes(100), 'en')
		await share(alice, a, 'hers', bytes(100), 'en')
		clock.advance(10)
		const size = bob.room.ledger.size
		const again = await share(bob, a, 'en-2', bytes(100), 'en')
		expect(bob.room.ledger.size).toBe(size)
		await meet()
		expect(names(alice).split(' ').sort()).toEqual(['en-2', 'hers', 'other', 'zh'])
		expect(names(alice).split(' ')[0]).toBe('en-2')
		const phone = createTestRoom('phone', { root: testRoot(alice.signer), clock })
		await phone.room.introduce({ name: 'bob', token: fakeToken('g_bob', 'bob') })
		await carryBoth(phone, alice)
		clock.advance(10)
		await share(phone, a, 'en-3', bytes(100), 'en')
		await carryBoth(phone, alice)
		expect(names(alice).split(' ').sort()).toEqual(['en-3', 'hers', 'other', 'zh'])
		expect(alice.room.subtitles.read(again)).toBeNull()
	})

	it('[SB3] are taken back by their giver, from any device, or by an operator, and by nobody else', async () => {
		const { alice, bob, clock, meet, a, b } = await two()
		const one = await share(bob, a, 'one')
		const other = await share(bob, b, 'two')
		const hers = await share(alice, a, 'hers')
		await meet()
		expect(await bob.room.subtitles.remove(hers)).toMatchObject({ type: 'not-allowed', action: 'moderate' })
		expect(await bob.room.subtitles.remove(one)).toEqual({ type: 'done', subtitles: one })
		expect(await bob.room.subtitles.remove(one)).toEqual({ type: 'nothing-to-do' })
		await meet()
		expect(names(alice).split(' ').sort()).toEqual(['hers', 'two'])
		clock.advance(10)
		expect(await alice.room.subtitles.remove(other)).toEqual({ type: 'done', subtitles: other })
		await meet()
		for (const who of [alice, bob]) {
			expect(names(who)).toBe('hers')
			// It was no message.
			expect(who.room.state().chatDeletions).toEqual([])
			expect(who.room.state().activity.some(({ deed }) => deed.type === 'hid-message')).toBe(false)
		}
		const third = await share(bob, b, 'three')
		const phone = createTestRoom('phone', { root: testRoot(alice.signer), clock })
		await phone.room.introduce({ name: 'bob', token: fakeToken('g_bob', 'bob') })
		await meet()
		await carryBoth(phone, alice)
		expect(await phone.room.subtitles.remove(third)).toEqual({ type: 'done', subtitles: third })
		await carryBoth(phone, alice)
		expect(names(alice)).toBe('hers')
	})

	it('[SB4] have 16 parts and 1 MiB unpacked at most, slots of what nobody sees any more are used again', async () => {
		const { alice, bob, meet, a, b } = await two()
		const limit = KINDS.subtitle.slots * SUBTITLE_PART_BYTES
		const given = { item: a, name: 'x', language: 'not a tag', format: 'vtt' } as const
		expect(await alice.room.subtitles.share({ ...given, packed: bytes(limit + 1), size: 5 })).toEqual({
			type: 'too-big',
			what: 'subtitles',
			limit,
		})
		expect(await alice.room.subtitles.share({ ...given, packed: bytes(5), size: 2 ** 20 + 1 })).toMatchObject(
			{ type: 'too-big', limit: 2 ** 20 },
		)
		expect(await alice.room.subtitles.share({ ...given, packed: new Uint8Array(0), size: 1 })).toEqual({
			type: 'nothing-to-do',
		})
		expect(
			await alice.room.subtitles.share({ ...given, item: 'x.y' as ItemId, packed: bytes(5), size: 5 }),
		).toEqual({ type: 'no-such-item' })
		await share(bob, a, 'ten', bytes(10 * SUBTITLE_PART_BYTES))
		await expect(share(bob, b, 'seven', bytes(7 * SUBTITLE_PART_BYTES))).rejects.toThrow('too-big')
		await share(bob, b, 'six', bytes(6 * SUBTITLE_PART_BYTES))
		await meet()
		expect(names(alice)).toBe('six ten')
		await bob.room.queue.remove(a)
		await share(bob, b, 'twelve', bytes(12 * SUBTITLE_PART_BYTES))
		await meet()
		expect(names(alice)).toBe('twelve')
		expect(alice.room.state().subtitles[0]).toMatchObject({ isWhole: true, language: null })
		await alice.room.changeSettings({ add: 'operators' })
		await meet()
		const packed = bytes(5)
		expect(await bob.room.subtitles.share({ ...given, packed, size: 5 })).toMatchObject({
			type: 'not-allowed',
			action: 'add',
		})
	})

	it('[SB4] shows 6 MiB of them, the newest', async () => {
		const { rooms, clock } = await gather('alice')
		const [alice] = rooms as [TestRoom]
		const item = await addFilm(alice, 'A')
		const { createFakeSigner } = await import('./fake-crypto.ts')
		const { idBody } = await import('./test-room.ts')
		for (let i = 0; i < 28; i++) {
			const signer = createFakeSigner(`member ${i}`)
			const id = await makeRecord(signer, 'id', 0, 0, idBody(signer, `M ${i}`))
			await alice.room.ledger.judge(id.key, id.bytes)
			for (let part = 0; part < 16; part++) {
				const head = part === 0 ? { name: String(i), form: 'vtt', size: 9 } : {}
				const data = new Uint8Array(SUBTITLE_PART_BYTES)
				const body = { f: 'aaaaaaaa', item, i: part, n: 16, data, ...head }
				const made = await makeRecord(signer, 'subtitle', part, part + 1, body, {
					ms: clock.nowMs() - 100 + i,
				})
				await alice.room.ledger.judge(made.key, made.bytes)
			}
		}
		const shown = alice.room.state().subtitles
		expect(shown).toHaveLength(Math.floor((6 * 1024 * 1024) / (16 * SUBTITLE_PART_BYTES)))
		expect(shown[0]?.name).toBe('27')
	})

	it('[SB3] of somebody whom the room has put out stay as they were, and new ones count for nobody', async () => {
		const { alice, bob, clock, meet, a, b } = await two()
		await share(bob, a, 'before')
		await meet()
		await alice.room.removePerson('g_bob' as SubjectId)
		clock.advance(10)
		await share(bob, b, 'after')
		expect(names(bob)).toBe('after before')
		await meet()
		for (const who of [alice, bob]) expect(names(who)).toBe('before')
	})
})
