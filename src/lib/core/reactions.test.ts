import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emojiKey, emojiText, EMOJI_MAX_BYTES } from './emoji.ts'
import { canonicalState } from './fold.ts'
import { KINDS } from './kinds.ts'
import {
	carryBoth,
	createTestRoom,
	fakeToken,
	gather,
	makeRecord,
	testRoot,
	type TestRoom,
} from './test-room.ts'
import type { MessageId, SubjectId } from './units.ts'

const three = async () => {
	const { rooms, clock, meet } = await gather('alice', 'bob', 'carol')
	const [alice, bob, carol] = rooms as [TestRoom, TestRoom, TestRoom]
	const outcome = await alice.room.chat.send('here we go')
	if (outcome.type !== 'done' || outcome.message === undefined) throw new Error('not said')
	await meet()
	clock.advance(10)
	return { alice, bob, carol, clock, meet, id: outcome.message }
}
const shown = ({ room }: TestRoom): string =>
	room
		.state()
		.chat.flatMap(({ reactions }) => reactions)
		.map(({ emoji, by, isMine }) => `${emoji}${by.length}${isMine ? '!' : ''}`)
		.join(' ')

describe('one emoji', () => {
	it.each(['👍', '❤️', '❤', '👍🏽', '👩🏽‍🚀', '👨‍👩‍👧‍👦', '🏳️‍🌈', '🇯🇵', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '1️⃣', '©️', '☕', '🫠', '😂'])(
		'[CH10] is taken: %s',
		(emoji) => {
			expect(emojiText.parse(emoji)).toBe(emoji)
		},
	)
	it.each([
		['nothing', ''],
		['two', '👍👍'],
		['a letter', 'a'],
		['a digit', '1'],
		['words', ':+1:'],
		['a joiner at its end', '👩‍'],
		['half a flag', '🇯'],
		['a skin tone alone', '🏽'],
		['half a character', '\ud83d'],
		['an endless one', '👩' + '‍👩'.repeat(6)],
		['marks upon marks', '👍\u0301\u0301'],
		['a look alone', '\ufe0f'],
		['no text', 7],
	])('[CH10] is not: %s', (_, input) => {
		expect(emojiText.parse(input)).toBeUndefined()
	})

	it('[CH10] fits in 32 bytes and never throws, whatever it is given', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
				const emoji = emojiText.parse(text)
				if (emoji !== undefined) expect(new TextEncoder().encode(emoji).length).toBeLessThanOrEqual(32)
			}),
			{ numRuns: 2_000 },
		)
		expect(EMOJI_MAX_BYTES).toBe(32)
		expect(emojiKey('❤️')).toBe(emojiKey('❤'))
	})
})

describe('reactions', () => {
	it('[CH10] are counted by person, in the order in which they came, and can be taken back', async () => {
		const { alice, bob, carol, clock, meet, id } = await three()
		expect(await bob.room.chat.react(id, '❤️', true)).toEqual({ type: 'done', message: id })
		clock.advance(10)
		await carol.room.chat.react(id, '👍', true)
		clock.advance(10)
		await alice.room.chat.react(id, '❤', true)
		await meet()
		expect(shown(alice)).toBe('❤️2! 👍1')
		expect(shown(carol)).toBe('❤️2 👍1!')
		expect(canonicalState(alice.room.state())).toBe(canonicalState(carol.room.state()))
		expect(alice.room.state().chat[0]?.reactions[0]?.by).toEqual([bob.signer.device, alice.signer.device])
		expect(await bob.room.chat.react(id, '❤', true)).toEqual({ type: 'nothing-to-do' })
		await bob.room.chat.react(id, '❤', false)
		expect(await bob.room.chat.react(id, '👍', false)).toEqual({ type: 'nothing-to-do' })
		await meet()
		expect(shown(bob)).toBe('👍1 ❤1')
		expect(await bob.room.chat.react('nobody.7' as MessageId, '👍', true)).toEqual({ type: 'nothing-to-do' })
		expect(await bob.room.chat.react(id, 'lol', true)).toMatchObject({ type: 'failed' })
	})

	it('[CH10] of one person count once, and the latest word holds, from whichever device', async () => {
		const { alice, bob, clock, meet, id } = await three()
		const phone = createTestRoom('phone', { root: testRoot(alice.signer), clock })
		await phone.room.introduce({ name: 'bob', token: fakeToken('g_bob', 'bob') })
		await carryBoth(phone, alice)
		// Both at one moment, neither knowing of the other.
		await bob.room.chat.react(id, '👍', true)
		await phone.room.chat.react(id, '👍', true)
		await carryBoth(phone, alice)
		await meet()
		expect(shown(alice)).toBe('👍1')
		clock.advance(10)
		await carryBoth(phone, alice)
		expect(await phone.room.chat.react(id, '👍', false)).toMatchObject({ type: 'done' })
		await carryBoth(phone, alice)
		await meet()
		for (const who of [alice, bob, phone]) expect(shown(who)).toBe('')
		clock.advance(10)
		await bob.room.chat.react(id, '👍', true)
		await meet()
		expect(shown(alice)).toBe('👍1')
	})

	it('[CH10] go with the message, and do not count of people who are out or may not react', async () => {
		const { alice, bob, carol, clock, meet, id } = await three()
		await bob.room.chat.react(id, '👍', true)
		await carol.room.chat.react(id, '👍', true)
		await meet()
		expect(shown(alice)).toBe('👍2')
		await alice.room.grant('g_carol' as SubjectId, 'viewer')
		await meet()
		clock.advance(10)
		expect(await carol.room.chat.react(id, '🍿', true)).toMatchObject({ type: 'done' })
		await alice.room.removePerson('g_bob' as SubjectId)
		await meet()
		expect(shown(alice)).toBe('👍1 🍿1')
		expect(await bob.room.chat.react(id, '🎬', true)).toMatchObject({ type: 'not-allowed', action: 'react' })
		await alice.room.letIn('g_bob' as SubjectId)
		expect(shown(alice)).toBe('👍2 🍿1')
		await alice.room.chat.remove(id)
		expect(shown(alice)).toBe('')
	})

	it('[CH10] take 64 slots of a device; of more, those that say nothing any more go first, then the oldest', async () => {
		const { alice, bob, clock, meet } = await three()
		const ids: MessageId[] = []
		for (let i = 0; i <= KINDS.reaction.slots; i++) {
			const outcome = await alice.room.chat.send(`${i}`)
			if (outcome.type === 'done' && outcome.message) ids.push(outcome.message)
		}
		await meet()
		const before = bob.room.ledger.size
		for (const id of ids.slice(0, -1)) {
			clock.advance(1)
			await bob.room.chat.react(id, '👍', true)
		}
		const [first, second] = ids as [MessageId, MessageId]
		await bob.room.chat.react(second, '👍', false)
		await bob.room.chat.react(ids.at(-1) as MessageId, '👍', true)
		expect(bob.room.ledger.size).toBe(before + KINDS.reaction.slots)
		const has = (id: MessageId) =>
			bob.room.state().chat.find((message) => message.id === id)?.reactions.length
		expect([has(first), has(second), has(ids.at(-1) as MessageId)]).toEqual([1, 0, 1])
		await bob.room.chat.react(second, '🎬', true)
		expect([has(first), has(second)]).toEqual([0, 1])
	})

	it('[CH10] on messages that nobody has are carried, and shown to nobody', async () => {
		const { alice, bob } = await three()
		const body = { m: `${alice.signer.device}.999`, e: '👍', on: true }
		const { key, bytes } = await makeRecord(bob.signer, 'reaction', 0, 50, body)
		expect(await alice.room.ledger.judge(key, bytes)).toEqual({ type: 'accepted' })
		expect(shown(alice)).toBe('')
	})
})
