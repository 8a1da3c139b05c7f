import { describe, expect, it } from 'vitest'
import { replayOf } from './chat.ts'
import { KINDS } from './kinds.ts'
import { parseRecord } from './records.ts'
import { addFilm, carry, gather, type TestRoom } from './test-room.ts'
import type { MessageId, SubjectId } from './units.ts'

const two = async () => {
	const { rooms, clock, meet } = await gather('alice', 'bob')
	const [alice, bob] = rooms as [TestRoom, TestRoom]
	return { alice, bob, clock, meet }
}
const texts = ({ room }: TestRoom): string[] => room.state().chat.map(({ text }) => text)
const say = async ({ room }: TestRoom, text: string): Promise<MessageId> => {
	const outcome = await room.chat.send(text)
	if (outcome.type !== 'done' || outcome.message === undefined) throw new Error(`not said: ${outcome.type}`)
	return outcome.message
}

describe('chat', () => {
	it('[CH1] reads the same for everybody, in the order it was said', async () => {
		const { alice, bob, clock, meet } = await two()
		for (let i = 0; i < 3; i++) {
			await say(alice, `a${i}`)
			clock.advance(10)
			await say(bob, `b${i}`)
			clock.advance(10)
		}
		await meet()
		expect(texts(alice)).toEqual(['a0', 'b0', 'a1', 'b1', 'a2', 'b2'])
		expect(texts(bob)).toEqual(texts(alice))
	})

	it('[CH2] takes 500 characters, says so beyond, and sends nothing empty', async () => {
		const { alice } = await two()
		expect(await alice.room.chat.send('x'.repeat(500))).toMatchObject({ type: 'done' })
		expect(await alice.room.chat.send('x'.repeat(501))).toEqual({ type: 'too-big', what: 'text', limit: 500 })
		expect(await alice.room.chat.send('漢'.repeat(400))).toEqual({
			type: 'too-big',
			what: 'record',
			limit: 1_024,
		})
		expect(await alice.room.chat.send(' \n ')).toEqual({ type: 'nothing-to-do' })
		expect(texts(alice)).toHaveLength(1)
	})

	it('[CH3] lets people take back their own words, and moderators anybody’s', async () => {
		const { alice, bob, meet } = await two()
		const [one, other] = [await say(bob, 'one'), await say(bob, 'other')]
		const hers = await say(alice, 'hers')
		await meet()
		expect(await bob.room.chat.remove(hers)).toMatchObject({ type: 'not-allowed', action: 'moderate' })
		expect(await bob.room.chat.remove(one)).toEqual({ type: 'done', message: one })
		expect(await alice.room.chat.remove(other)).toEqual({ type: 'done', message: other })
		await meet()
		for (const who of [alice, bob]) expect(texts(who)).toEqual(['hers'])
		expect(await bob.room.chat.remove(one)).toEqual({ type: 'nothing-to-do' })
	})

	it('[CH3] ignores a moderator’s hand that is none', async () => {
		const { alice, bob, meet } = await two()
		const hers = await say(alice, 'hers')
		await alice.room.grant('g_bob' as SubjectId, 'operator')
		await meet()
		await alice.room.grant('g_bob' as SubjectId, 'member')
		await bob.room.chat.remove(hers)
		expect(texts(bob)).toEqual([])
		await meet()
		expect(texts(bob)).toEqual(['hers'])
	})

	it('[CH4] keeps the last 256 messages of a device', async () => {
		const { alice } = await two()
		const before = alice.room.ledger.size
		for (let i = 0; i < KINDS.chat.slots + 10; i++) await say(alice, `${i}`)
		expect(alice.room.ledger.size).toBe(before + KINDS.chat.slots)
		expect(texts(alice)).toHaveLength(KINDS.chat.slots)
		expect(texts(alice)[0]).toBe('10')
		expect(texts(alice).at(-1)).toBe('265')
	})

	it('[CH5] marks as late what is first seen here over two minutes after it was said', async () => {
		const { alice, bob, clock } = await two()
		clock.advance(1_000)
		await say(bob, 'in the tunnel')
		clock.advance(121_000)
		await say(bob, 'out again')
		await carry(bob, alice)
		expect(alice.room.state().chat.map(({ isLate }) => isLate)).toEqual([true, false])
		expect(bob.room.state().chat.map(({ isLate }) => isLate)).toEqual([false, false])
	})

	it('[CH5] does not call late what was said before the room was opened here', async () => {
		const { alice, bob, clock } = await two()
		await say(bob, 'long ago')
		clock.advance(3_600_000)
		const { createTestRoom, testRoot } = await import('./test-room.ts')
		const carol = createTestRoom('carol', { root: testRoot(alice.signer), clock })
		await carry(bob, carol)
		expect(carol.room.state().chat.map(({ isLate }) => isLate)).toEqual([false])
	})

	it('[CH6] remembers the place in the film and what it answers', async () => {
		const { alice, clock } = await two()
		const item = await addFilm(alice, 'A')
		await alice.room.queue.playNow(item, clock.nowMs())
		const first = await say(alice, 'look')
		await alice.room.chat.send('where?', { positionS: 12.5, replyTo: first })
		expect(alice.room.state().chat).toMatchObject([
			{ text: 'look', item: null, positionS: null, replyTo: null },
			{ text: 'where?', item, positionS: 12.5, replyTo: first },
		])
	})

	it('[CH7] slow mode asks for a pause between two messages of one person, and says how long', async () => {
		const { alice, bob, clock, meet } = await two()
		clock.advance(1_000)
		await alice.room.changeSettings({ chatEveryS: 30 })
		clock.advance(10)
		await meet()
		await say(bob, 'one')
		clock.advance(12_500)
		expect(await bob.room.chat.send('two')).toEqual({ type: 'too-soon', waitS: 18 })
		clock.advance(17_500)
		await say(bob, 'two')
		// The owner is not bound by it.
		await say(alice, 'a')
		await say(alice, 'b')
		await meet()
		for (const who of [alice, bob]) expect(texts(who).sort()).toEqual(['a', 'b', 'one', 'two'])
		clock.advance(10)
		await alice.room.changeSettings({ chatEveryS: 0 })
		clock.advance(10)
		await meet()
		await say(bob, 'three')
		await say(bob, 'four')
		expect(texts(bob)).toHaveLength(6)
	})

	it('[CH7] what comes too soon counts for nobody, from either device of a person, under the rule that stood', async () => {
		const { alice, bob, clock, meet } = await two()
		const { createTestRoom, testRoot, fakeToken, makeRecord, carryBoth } = await import('./test-room.ts')
		await say(bob, 'before a')
		await say(bob, 'before b')
		clock.advance(1_000)
		await meet()
		await alice.room.changeSettings({ chatEveryS: 10 })
		const startMs = clock.nowMs() + 10_000
		const phone = createTestRoom('phone', { root: testRoot(alice.signer), clock })
		await phone.room.introduce({ name: 'bob', token: fakeToken('g_bob', 'bob') })
		await carryBoth(phone, alice)
		clock.advance(60_000)
		const write = async (by: TestRoom, slot: number, atS: number) => {
			const ms = startMs + atS * 1_000
			const { key, bytes } = await makeRecord(
				by.signer,
				'chat',
				slot,
				100 + slot,
				{ text: `at ${atS}` },
				{ ms },
			)
			await alice.room.ledger.judge(key, bytes)
		}
		await write(bob, 10, 0)
		await write(phone, 11, 5)
		await write(bob, 12, 9.999)
		await write(phone, 13, 10)
		await write(bob, 14, 19)
		await write(bob, 15, 20.5)
		expect(texts(alice)).toEqual(['before a', 'before b', 'at 0', 'at 10', 'at 20.5'])
		// Taken out of sight, it was still said.
		const at10 = alice.room.state().chat.find(({ text }) => text === 'at 10')
		if (at10) await alice.room.chat.remove(at10.id)
		expect(texts(alice)).toEqual(['before a', 'before b', 'at 0', 'at 20.5'])
	})

	it('[CH7] an edit is something said: it waits its turn, and too soon it counts for nobody', async () => {
		const { alice, bob, clock, meet } = await two()
		const { makeRecord } = await import('./test-room.ts')
		clock.advance(1_000)
		await alice.room.changeSettings({ chatEveryS: 30 })
		clock.advance(10)
		await meet()
		const id = await say(bob, 'teh end')
		const saidMs = clock.nowMs()
		await meet()
		clock.advance(5_000)
		expect(await bob.room.chat.edit(id, 'the end')).toEqual({ type: 'too-soon', waitS: 25 })
		const early = { text: 'THE END', edit: id }
		const { key, bytes } = await makeRecord(bob.signer, 'chat', 9, 90, early, { ms: saidMs + 4_000 })
		await alice.room.ledger.judge(key, bytes)
		expect(texts(alice)).toEqual(['teh end'])
		clock.advance(25_000)
		expect(await bob.room.chat.edit(id, 'the end')).toEqual({ type: 'done', message: id })
		expect(await bob.room.chat.send('?')).toEqual({ type: 'too-soon', waitS: 30 })
		await meet()
		for (const who of [alice, bob]) expect(texts(who)).toEqual(['the end'])
	})

	it('[CH7] takes whole seconds up to an hour', async () => {
		const { alice } = await two()
		for (const chatEveryS of [-1, 0.5, 3_601, NaN])
			expect(await alice.room.changeSettings({ chatEveryS })).toMatchObject({ type: 'failed' })
		expect(await alice.room.changeSettings({ chatEveryS: 0 })).toEqual({ type: 'nothing-to-do' })
		for (let i = 1; i < 12; i++) {
			expect(await alice.room.changeSettings({ chatEveryS: i % 2 ? 3_600 : i })).toEqual({ type: 'done' })
		}
		expect(alice.room.state().settings.chatEveryS).toBe(3_600)
	})
})

describe('editing', () => {
	it('[CH8] shows a message as its author last wrote it, where it was said, and since when', async () => {
		const { alice, bob, clock, meet } = await two()
		const id = await say(bob, 'teh end')
		clock.advance(1_000)
		await say(alice, 'already?')
		await meet()
		const size = bob.room.ledger.size
		clock.advance(1_000)
		await bob.room.chat.edit(id, 'the edn')
		clock.advance(1_000)
		const editedAtMs = clock.nowMs()
		expect(await bob.room.chat.edit(id, ' the end ')).toEqual({ type: 'done', message: id })
		await meet()
		for (const who of [alice, bob]) {
			expect(texts(who)).toEqual(['the end', 'already?'])
			expect(who.room.state().chat[0]).toMatchObject({ id, editedAtMs })
			expect(who.room.state().chat[1]).toMatchObject({ editedAtMs: null })
		}
		// However often it is edited, it takes one slot more.
		expect(bob.room.ledger.size).toBe(size + 1)
		expect(await bob.room.chat.edit(id, 'the end')).toEqual({ type: 'nothing-to-do' })
		expect(await bob.room.chat.edit(id, ' ')).toEqual({ type: 'nothing-to-do' })
		expect(await bob.room.chat.edit(id, 'x'.repeat(501))).toMatchObject({ type: 'too-big', what: 'text' })
	})

	it('[CH8] is for the author’s person alone, on any of their devices, while they may write', async () => {
		const { alice, bob, clock, meet } = await two()
		const { carryBoth, createTestRoom, fakeToken, makeRecord, testRoot } = await import('./test-room.ts')
		const id = await say(bob, 'one')
		await meet()
		expect(await alice.room.chat.edit(id, 'two')).toEqual({ type: 'nothing-to-do' })
		const forged = await makeRecord(alice.signer, 'chat', 9, 90, { text: 'two', edit: id })
		await bob.room.ledger.judge(forged.key, forged.bytes)
		expect(texts(bob)).toEqual(['one'])
		const phone = createTestRoom('phone', { root: testRoot(alice.signer), clock })
		await phone.room.introduce({ name: 'bob', token: fakeToken('g_bob', 'bob') })
		await carryBoth(phone, alice)
		clock.advance(10)
		expect(await phone.room.chat.edit(id, 'three')).toEqual({ type: 'done', message: id })
		await carryBoth(phone, alice)
		expect(texts(alice)).toEqual(['three'])
		clock.advance(10)
		await alice.room.changeSettings({ chat: 'operators' })
		clock.advance(10)
		await meet()
		expect(await bob.room.chat.edit(id, 'four')).toMatchObject({ type: 'not-allowed', action: 'chat' })
		const late = await makeRecord(
			bob.signer,
			'chat',
			9,
			90,
			{ text: 'four', edit: id },
			{ ms: clock.nowMs() },
		)
		await alice.room.ledger.judge(late.key, late.bytes)
		expect(texts(alice)).toEqual(['three'])
	})

	it('[CH8] an edit of nothing, of an edit, or of what was taken back shows nothing', async () => {
		const { alice, bob, meet } = await two()
		const { makeRecord } = await import('./test-room.ts')
		const id = await say(bob, 'one')
		await bob.room.chat.edit(id, 'two')
		const plant = async (slot: number, edit: string) => {
			const { key, bytes } = await makeRecord(bob.signer, 'chat', slot, 90 + slot, { text: 'x', edit })
			await bob.room.ledger.judge(key, bytes)
		}
		const editSeq = bob.room.ledger.size
		for (let seq = 0; seq <= editSeq; seq++)
			if (`${bob.signer.device}.${seq}` !== id) await plant(100 + seq, `${bob.signer.device}.${seq}`)
		expect(texts(bob)).toEqual(['two'])
		await alice.room.preload()
		await meet()
		await alice.room.chat.remove(id)
		await meet()
		for (const who of [alice, bob]) expect(texts(who)).toEqual([])
	})

	it('[CH8] never costs the message itself its slot, however full the ring is', async () => {
		const { bob } = await two()
		const first = await say(bob, '0')
		for (let i = 1; i < KINDS.chat.slots; i++) await say(bob, `${i}`)
		await bob.room.chat.edit(first, 'still the first')
		expect(texts(bob)).toHaveLength(KINDS.chat.slots - 1)
		expect(texts(bob).slice(0, 2)).toEqual(['still the first', '2'])
	})
})

describe('what was taken back', () => {
	it('[CH9] is gone with its edits, and everybody sees by whom; what answers it says so', async () => {
		const { alice, bob, clock, meet } = await two()
		const id = await say(bob, 'one')
		await bob.room.chat.edit(id, 'two')
		await meet()
		await alice.room.chat.send('really?', { positionS: 0, replyTo: id })
		await meet()
		expect(alice.room.state().chat[1]).toMatchObject({ replyTo: id, replyDeletedBy: null })
		clock.advance(1_000)
		await bob.room.chat.remove(id)
		await meet()
		for (const who of [alice, bob]) {
			expect(who.room.state().chat).toMatchObject([{ text: 'really?', replyDeletedBy: bob.signer.device }])
			expect(who.room.state().chatDeletions).toEqual([
				{ id, from: bob.signer.device, by: bob.signer.device, atMs: clock.nowMs() },
			])
			// Nothing is left of the words themselves.
			const held = [...who.room.ledger.entries()].filter(([key]) =>
				key.startsWith(`chat/${bob.signer.device}`),
			)
			expect(held.map(([, bytes]) => parseRecord(bytes))).toMatchObject([{ body: null }, { body: null }])
		}
		// Own words are no deed of moderation.
		expect(alice.room.state().activity.some(({ deed }) => deed.type === 'hid-message')).toBe(false)
	})

	it('[CH9] is told to have been taken back by the operator who did it', async () => {
		const { alice, bob, meet } = await two()
		const id = await say(bob, 'one')
		await meet()
		await alice.room.chat.remove(id)
		await meet()
		expect(bob.room.state().chatDeletions).toMatchObject([{ id, by: alice.signer.device }])
		expect(bob.room.state().activity[0]?.deed).toEqual({ type: 'hid-message', from: bob.signer.device })
	})

	it('[CH9] can be taken back from another device of its author’s', async () => {
		const { alice, bob, clock, meet } = await two()
		const { carryBoth, createTestRoom, fakeToken, testRoot } = await import('./test-room.ts')
		const id = await say(bob, 'one')
		await meet()
		const phone = createTestRoom('phone', { root: testRoot(alice.signer), clock })
		await phone.room.introduce({ name: 'bob', token: fakeToken('g_bob', 'bob') })
		await carryBoth(phone, alice)
		clock.advance(10)
		expect(await phone.room.chat.remove(id)).toEqual({ type: 'done', message: id })
		await carryBoth(phone, alice)
		expect(texts(alice)).toEqual([])
		expect(alice.room.state().chatDeletions).toMatchObject([{ id, by: phone.signer.device }])
	})
})

describe('the replay', () => {
	it('[CH12] tells what was said at one item by the film’s time, with its reactions', async () => {
		const { alice, bob, clock, meet } = await two()
		const [a, b] = [await addFilm(alice, 'A'), await addFilm(alice, 'B')]
		await alice.room.queue.playNow(a, clock.nowMs())
		await meet()
		await alice.room.chat.send('before the film', undefined)
		for (const [who, text, positionS] of [
			[bob, 'the end', 5_000],
			[alice, 'the start', 3],
			[bob, 'the start too', 3],
		] as const) {
			clock.advance(10)
			await who.room.chat.send(text, { positionS })
		}
		await meet()
		const [start] = replayOf(bob.room.state().chat, a)
		await alice.room.queue.playNow(b, clock.nowMs())
		await alice.room.chat.send('another film', { positionS: 4 })
		if (start) await bob.room.chat.react(start.id, '🎬', true)
		await meet()
		const replay = replayOf(alice.room.state().chat, a)
		expect(replay.map(({ text }) => text)).toEqual(['the start', 'the start too', 'the end'])
		expect(replay[0]?.reactions).toMatchObject([{ emoji: '🎬' }])
	})
})
