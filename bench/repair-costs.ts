/**
 * What keeping the carrier honest costs, on a simulated network: digests in a quiet room, and the mending after
 * somebody has deleted a thousand records of others. Run by `npm run bench:verify-fold`, or by itself.
 */
import * as Y from 'yjs'
import { encodeSyncPart } from '#lib/protocol/room-frames.ts'
import { createSwarm, credulousLedger, recordsOf, type Member } from '../tests/sim/swarm.ts'
import { findDivergence } from '../tests/sim/invariants.ts'
import { deleteRange } from '../tests/hostile/bytes.ts'

const gather = async (seed: number, count: number) => {
	const swarm = createSwarm(seed)
	const members = Array.from({ length: count }, (_, i) => swarm.addMember(`member ${String(i)}`))
	for (const member of members) await member.start()
	await swarm.clock.run(5_000)
	return { swarm, members }
}

const sumOf = (members: readonly Member[], read: (member: Member) => number): number =>
	members.reduce((sum, member) => sum + read(member), 0)

/** Digest frames and bytes a minute, each member. */
export const quietRoom = async (count: number) => {
	const { swarm, members } = await gather(count, count)
	await swarm.clock.run(120_000)
	const frames = () => sumOf(members, (member) => member.on().sync.stats().digests?.frames ?? 0)
	const bytes = () => sumOf(members, (member) => member.on().sync.stats().digests?.bytes ?? 0)
	const before = { frames: frames(), bytes: bytes() }
	const minutes = 10
	await swarm.clock.run(minutes * 60_000)
	const perMember = (value: number) => Math.round((10 * value) / minutes / count) / 10
	const costs = {
		members: count,
		'frames/min a member': perMember(frames() - before.frames),
		'bytes/min a member': perMember(bytes() - before.bytes),
	}
	swarm.stop()
	return costs
}

/** A thousand records deleted with eleven bytes each, among five. */
export const deletedThousand = async () => {
	const { swarm, members } = await gather(3, 5)
	for (let i = 0; i < 250; i++) {
		for (const member of members.slice(0, 4)) await member.on().room.chat.send(`message ${String(i)}`)
		if (i % 10 === 0) await swarm.clock.run(1_000)
	}
	await swarm.clock.run(60_000)
	const vandal = swarm.addMember('vandal', { ledger: credulousLedger })
	await vandal.start()
	await swarm.clock.run(20_000)
	const stateBytes = Y.encodeStateAsUpdate((members[0] as Member).on().doc).length
	const sent = () =>
		sumOf(members, (member) => {
			const { sentBytes, digests } = member.on().sync.stats()
			return sentBytes + (digests?.bytes ?? 0)
		})
	const before = sent()
	const records = recordsOf(members[0] as Member).size
	for (const victim of members.slice(0, 4)) {
		const { doc } = victim.on()
		const bytes = deleteRange(doc.clientID, 0, Y.getState(doc.store, doc.clientID))
		for (const to of members)
			vandal.on().transport.send(encodeSyncPart('update', 1, bytes, 0), to.on().peer, 'ordered')
	}
	const beganMs = swarm.clock.nowMs()
	const isHealed = () => findDivergence(members).length === 0
	await swarm.clock.run(30)
	await swarm.clock.runUntil(isHealed, 60_000)
	const healMs = swarm.clock.nowMs() - beganMs
	await swarm.clock.run(60_000)
	const after = {
		records,
		'state before (bytes)': stateBytes,
		'sent by five (bytes)': sent() - before,
		'healed after (ms)': Math.round(healMs),
		'state after (bytes)': Y.encodeStateAsUpdate((members[0] as Member).on().doc).length,
		'still the same': isHealed(),
	}
	swarm.stop()
	return after
}

export const printRepairCosts = async (): Promise<unknown> => {
	const quiet = [await quietRoom(5), await quietRoom(20)]
	const deleted = await deletedThousand()
	console.log('Digests in a quiet room:')
	console.table(quiet)
	console.log('A thousand records of others deleted, five honest members:')
	console.table([deleted])
	return { quiet, deleted }
}

if (process.argv[1] === import.meta.filename) await printRepairCosts()
