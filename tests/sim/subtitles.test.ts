/**
 * The largest thing that a member can give to all, through real document sync: sixteen records of 15 KiB at once.
 */
import { expect, it } from 'vitest'
import { SUBTITLE_PART_BYTES } from '#lib/core/kinds.ts'
import { film } from '#lib/core/test-room.ts'
import { findDivergence } from './invariants.ts'
import { createSwarm } from './swarm.ts'

it('[SB1] a file of subtitles as large as may be reaches everybody, also over a network that loses things, and is no strike', async () => {
	const swarm = createSwarm(6, { delayMs: 40, jitterMs: 30, lossRate: 0.02 })
	const members = ['alice', 'bob', 'charlie'].map((name) => swarm.addMember(name))
	const [alice, bob, charlie] = members
	if (!alice || !bob || !charlie) throw new Error('nobody')
	await alice.start()
	await bob.start()
	await swarm.clock.run(2_000)
	const added = await alice.on().room.queue.add(film('A'), 'end')
	await swarm.clock.run(2_000)
	if (added.type !== 'done' || added.item === undefined) throw new Error('not added')
	const packed = swarm.random.bytes(13 * SUBTITLE_PART_BYTES)
	const given = { item: added.item, name: 'x', language: 'en', format: 'srt', packed, size: 2 ** 20 } as const
	const outcome = await bob.on().room.subtitles.share(given)
	expect(outcome).toMatchObject({ type: 'done' })
	await swarm.clock.run(5_000)
	await charlie.start()
	for (let round = 0; round < 6; round++) {
		swarm.resync()
		await swarm.clock.run(3_000)
	}
	expect(findDivergence(members)).toEqual([])
	for (const member of members) {
		const [file] = member.on().room.state().subtitles
		expect(file).toMatchObject({ isWhole: true, bytes: packed.length, parts: 13 })
		expect(file && member.on().room.subtitles.read(file.id)).toEqual(packed)
		expect(member.strikes).toEqual([])
	}
	swarm.stop()
})
