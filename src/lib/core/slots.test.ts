import { describe, expect, it } from 'vitest'
import { createFakeSigner, createMemorySeqSource } from './fake-crypto.ts'
import {
	addFilm,
	carryBoth,
	createTestClock,
	createTestRandom,
	createTestRoom,
	testRoot,
	titlesOf,
} from './test-room.ts'

describe('slots', () => {
	it('[RC17] a device that lost its last records to a crash writes beside them, not over them', async () => {
		const clock = createTestClock()
		const root = testRoot(createFakeSigner('alice'))
		const alice = createTestRoom('alice', { root, clock })
		await alice.room.introduce({ name: 'Alice', token: null })
		for (let life = 0; life < 12; life++) {
			// The numbers were kept, the document was not: it is opened empty, each time.
			const bob = createTestRoom('bob', {
				root,
				clock,
				seqs: createMemorySeqSource(1_000 + life * 20),
				random: createTestRandom(life),
			})
			await bob.room.introduce({ name: 'Bob', token: null })
			for (let i = 0; i < 5; i++) await addFilm(bob, `${life}.${i}`)
			await bob.room.chat.send(`${life}`)
			clock.advance(10)
			await carryBoth(bob, alice)
		}
		expect(titlesOf(alice).split(' ')).toHaveLength(12 * 5)
		expect(alice.room.state().chat.map(({ text }) => text)).toEqual(
			Array.from({ length: 12 }, (_, i) => `${i}`),
		)
	})

	it('[RC17] finds the last free slot, wherever it is', async () => {
		const clock = createTestClock()
		const alice = createTestRoom('alice', { root: testRoot(createFakeSigner('alice')), clock })
		for (let i = 0; i < 256; i++) await addFilm(alice, `${i}`)
		expect(titlesOf(alice).split(' ')).toHaveLength(256)
		expect(
			await alice.room.queue.add({ media: { kind: 'youtube', id: 'x' }, title: 'x' }, 'end'),
		).toMatchObject({
			type: 'too-big',
			what: 'queue',
		})
	})
})
