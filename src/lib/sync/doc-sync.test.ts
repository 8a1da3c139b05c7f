import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { RECORDS_MAP } from '#lib/core/ledger.ts'
import { film } from '#lib/core/test-room.ts'
import { findDivergence } from '../../../tests/sim/invariants.ts'
import { createSwarm, credulousLedger, recordsOf, type Member } from '../../../tests/sim/swarm.ts'

const gather = async (seed: number, ...names: string[]) => {
	const swarm = createSwarm(seed)
	const members = names.map((name) => swarm.addMember(name))
	for (const member of members) await member.start()
	await swarm.clock.run(1_000)
	return { swarm, members, all: members as [Member, Member, ...Member[]] }
}

const titles = (member: Member): string[] => {
	const { earlier, current, next } = member.on().room.state().queue
	return [...earlier, ...(current ? [current] : []), ...next].map((item) => item.title)
}

describe('document sync', () => {
	it('[SY3] what one member does is on all others, and each has heard all of each', async () => {
		const { swarm, members, all } = await gather(1, 'alice', 'bob', 'charlie')
		const [alice, bob] = all
		await alice.on().room.queue.add(film('One'), 'end')
		await bob.on().room.chat.send('hello')
		await swarm.clock.run(500)
		expect(findDivergence(members)).toEqual([])
		for (const member of members) {
			expect(titles(member)).toEqual(['One'])
			expect(
				member
					.on()
					.room.state()
					.chat.map((message) => message.text),
			).toEqual(['hello'])
			for (const other of members)
				if (other !== member) expect(member.on().sync.isComplete(other.on().peer)).toBe(true)
		}
		swarm.stop()
	})

	it('[SY3] a late joiner gets everything from the first neighbour it asks, and the others send what is new', async () => {
		const { swarm, members, all } = await gather(2, 'alice', 'bob', 'charlie')
		for (let i = 0; i < 30; i++) await all[0].on().room.queue.add(film(`Film ${i}`), 'end')
		await swarm.clock.run(500)
		const before = members.reduce((sum, member) => sum + member.on().sync.stats().sentBytes, 0)
		const dora = swarm.addMember('dora')
		await dora.start()
		await swarm.clock.run(2_000)
		expect(titles(dora)).toHaveLength(30)
		expect(findDivergence([...members, dora])).toEqual([])
		const size = Y.encodeStateAsUpdate(dora.on().doc).length
		const sent = members.reduce((sum, member) => sum + member.on().sync.stats().sentBytes, 0) - before
		expect(sent).toBeLessThan(1.6 * size)
		swarm.stop()
	})
})
void RECORDS_MAP
void credulousLedger
void recordsOf
