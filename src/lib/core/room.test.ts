import { describe, expect, it } from 'vitest'
import { canonicalState } from './fold.ts'
import { createFakeSigner } from './fake-crypto.ts'
import type { NewItem } from './room.ts'
import { carryBoth, createTestClock, createTestRoom, testRoot, type TestRoom } from './test-room.ts'
import type { ItemId } from './units.ts'

const film = (title: string): NewItem => ({
	media: { kind: 'file', url: `https://films.example/${encodeURIComponent(title)}.mp4` },
	title,
})

export const twoRooms = () => {
	const clock = createTestClock()
	const root = testRoot(createFakeSigner('alice'))
	const alice = createTestRoom('alice', { root, clock })
	const bob = createTestRoom('bob', { root, clock })
	return { clock, alice, bob }
}

const add = async ({ room }: TestRoom, title: string, where: 'end' | 'next' = 'end'): Promise<ItemId> => {
	const outcome = await room.queue.add(film(title), where)
	if (outcome.type !== 'done' || outcome.item === undefined) throw new Error(`not added: ${outcome.type}`)
	return outcome.item
}

const titles = ({ room }: TestRoom): string[] => room.state().queue.next.map(({ title }) => title)

describe('a room of two', () => {
	it('[QU1] shows both the same queue, current item, playback and chat', async () => {
		const { clock, alice, bob } = twoRooms()
		expect(await alice.room.introduce({ name: 'Alice', token: null })).toEqual({ type: 'done' })
		expect(await bob.room.introduce({ name: 'Bob', token: null })).toEqual({ type: 'done' })
		await carryBoth(alice, bob)
		const first = await add(alice, 'One')
		await add(bob, 'Two')
		await carryBoth(alice, bob)
		await add(bob, 'Three', 'next')
		clock.advance(1000)
		expect((await bob.room.queue.playNow(first, clock.nowMs() + 300)).type).toBe('done')
		const said = await bob.room.chat.send('hello')
		expect(said).toMatchObject({ type: 'done' })
		await carryBoth(alice, bob)
		expect(canonicalState(alice.room.state())).toBe(canonicalState(bob.room.state()))
		expect(alice.room.state().queue.current?.title).toBe('One')
		expect(alice.room.state().playback).toMatchObject({
			itemId: first,
			isPlaying: true,
			by: bob.signer.device,
		})
		expect(alice.room.state().chat.map(({ text }) => text)).toEqual(['hello'])
		expect(titles(alice).sort()).toEqual(['Three', 'Two'])
		expect(alice.room.state().members.map(({ name, role }) => [name, role])).toEqual(
			expect.arrayContaining([
				['Alice', 'owner'],
				['Bob', 'member'],
			]),
		)
	})
})
