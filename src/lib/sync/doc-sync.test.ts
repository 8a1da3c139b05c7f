/**
 * Document sync on real rooms over a simulated network. Hostile members speak the protocol through the same code with
 * a ledger that lets everything pass, or push frames of their own making.
 */
import { describe, expect, it, vi } from 'vitest'
import * as Y from 'yjs'
import { RECORDS_MAP } from '#lib/core/ledger.ts'
import { film, makeRecord } from '#lib/core/test-room.ts'
import { encodeSyncPart, type SyncKind } from '#lib/protocol/room-frames.ts'
import type { Transport, TransportEvent } from '#lib/transport/transport.ts'
import type { PeerId } from '#lib/core/units.ts'
import { createDocSync } from './doc-sync.ts'
import { findDivergence } from '../../../tests/sim/invariants.ts'
import { createSwarm, credulousLedger, recordsOf, type Member } from '../../../tests/sim/swarm.ts'

const gather = async (seed: number, ...names: string[]) => {
	const swarm = createSwarm(seed)
	const members = names.map((name) => swarm.addMember(name))
	for (const member of members) await member.start()
	await swarm.clock.run(1_000)
	return { swarm, members, all: members as [Member, Member, ...Member[]] }
}

/** One who lets everything pass, and may write anything. */
const addVandal = async (swarm: ReturnType<typeof createSwarm>): Promise<Member> => {
	const vandal = swarm.addMember('vandal', { ledger: credulousLedger })
	await vandal.start()
	await swarm.clock.run(1_000)
	return vandal
}

const titles = (member: Member): string[] => {
	const { earlier, current, next } = member.on().room.state().queue
	return [...earlier, ...(current ? [current] : []), ...next].map((item) => item.title)
}

const addFilms = async (member: Member, count: number): Promise<void> => {
	for (let i = 0; i < count; i++) await member.on().room.queue.add(film(`Film ${i}`), 'end')
}

const strikesOf = (member: Member, by: Member): string[] =>
	member.strikes.flatMap((event) =>
		event.type === 'strike' && event.device === by.device ? [event.why] : [],
	)

const linkedDevices = (member: Member): string[] =>
	member
		.on()
		.transport.links()
		.map((link) => link.device)

const FAKE_PEER = 'AAAAAAAAAAAAAAAAAAAAAQ' as PeerId

/** A transport whose links are what a test says they are; `drop` does not end them. */
const createFakeTransport = () => {
	let listener: (event: TransportEvent) => void = () => undefined
	const dropped: PeerId[] = []
	const transport: Transport = {
		kind: 'memory',
		start: () => undefined,
		stop: () => undefined,
		links: () => [],
		send: () => 'sent',
		drop: (peer) => dropped.push(peer),
		on: (fn) => {
			listener = fn
			return () => undefined
		},
	}
	return { transport, dropped, emit: (event: TransportEvent) => listener(event) }
}

/** Sends bytes as one sync message, past our own sync. */
const pushMessage = (
	transport: Transport,
	to: Member,
	kind: SyncKind,
	message: Uint8Array,
): ReturnType<Transport['send']> =>
	transport.send(encodeSyncPart(kind, 1, message, 0), to.on().peer, 'ordered')

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
		await addFilms(all[0], 30)
		await swarm.clock.run(500)
		const sentBytes = () => members.reduce((sum, member) => sum + member.on().sync.stats().sentBytes, 0)
		const before = sentBytes()
		const dora = swarm.addMember('dora')
		await dora.start()
		await swarm.clock.run(2_000)
		expect(titles(dora)).toHaveLength(30)
		expect(findDivergence([...members, dora])).toEqual([])
		expect(sentBytes() - before).toBeLessThan(1.6 * Y.encodeStateAsUpdate(dora.on().doc).length)
		swarm.stop()
	})

	it('[SY3] each record crosses a link once, or twice where both ends sent it at the same time', async () => {
		const { swarm, members, all } = await gather(3, 'alice', 'bob', 'charlie', 'dora')
		const updates = () => members.reduce((sum, member) => sum + member.on().sync.stats().sent.update, 0)
		const before = updates()
		await all[0].on().room.chat.send('one record')
		await swarm.clock.run(1_000)
		expect(updates() - before).toBeLessThanOrEqual(3 * 3)
		swarm.stop()
	})

	it('[SY4] a document of 600 KB reaches a joiner whole', { timeout: 30_000 }, async () => {
		const { swarm, members, all } = await gather(4, 'alice', 'bob')
		const { doc } = all[0].on()
		for (let device = 0; device < 7; device++) {
			const writer = swarm.addMember(`writer ${device}`)
			await writer.start()
			await swarm.clock.run(500)
			for (let i = 0; i < 150; i++) await writer.on().room.chat.send(`${i} `.padEnd(500, 'x'))
			await swarm.clock.run(2_000)
			writer.leave()
		}
		expect(Y.encodeStateAsUpdate(doc).length).toBeGreaterThan(600_000)
		const joiner = swarm.addMember('joiner')
		await joiner.start()
		const isThere = () => joiner.on().room.state().chat.length >= 1_000
		expect(await swarm.clock.runUntil(isThere, 5_000)).toBe(true)
		await swarm.clock.run(1_000)
		expect(findDivergence([...members, joiner])).toEqual([])
		swarm.stop()
	})

	it('[SY4] behind a slow link everything arrives, if late', async () => {
		const { swarm, members, all } = await gather(5, 'alice', 'bob')
		swarm.network.setConditions({ bytesPerMs: 1 })
		for (let i = 0; i < 200; i++) {
			await all[0].on().room.playback.set({ positionS: i, isPlaying: false, rate: 1, atMs: i })
			await all[0].on().room.chat.send(`${i} `.padEnd(500, 'x'))
			await swarm.clock.run(5)
		}
		expect(all[1].on().room.state().chat.length).toBeLessThan(200)
		await swarm.clock.run(300_000)
		expect(all[1].on().room.state().playback.positionS).toBe(199)
		expect(findDivergence(members)).toEqual([])
		expect(all[1].strikes).toEqual([])
		swarm.stop()
	})

	it('[SY5] what got lost comes with the next exchange of state vectors, within 40 s', async () => {
		const { swarm, members, all } = await gather(6, 'alice', 'bob', 'charlie')
		swarm.setFaults({ drop: 1, duplicate: 0, delay: 0 })
		await addFilms(all[0], 5)
		await swarm.clock.run(1_000)
		swarm.setFaults({ drop: 0, duplicate: 0, delay: 0 })
		expect(titles(all[1])).toHaveLength(0)
		await swarm.clock.run(40_000)
		expect(titles(all[1])).toHaveLength(5)
		expect(findDivergence(members)).toEqual([])
		swarm.stop()
	})

	it('[SY5] an update that comes before what it builds on waits, and its sender is asked', async () => {
		const { swarm, members, all } = await gather(7, 'alice', 'bob')
		swarm.setFaults({ drop: 1, duplicate: 0, delay: 0 })
		await all[0].on().room.chat.send('lost')
		await swarm.clock.run(100)
		swarm.setFaults({ drop: 0, duplicate: 0, delay: 0 })
		await all[0].on().room.chat.send('early')
		await swarm.clock.run(500)
		expect(all[1].on().room.state().chat).toHaveLength(0)
		expect(all[1].on().doc.store.pendingStructs).toBeNull()
		await swarm.clock.run(1_500)
		expect(
			all[1]
				.on()
				.room.state()
				.chat.map(({ text }) => text),
		).toEqual(['lost', 'early'])
		expect(all[1].strikes).toEqual([])
		expect(findDivergence(members)).toEqual([])
		swarm.stop()
	})

	it('[SY5] events say when the first neighbour and each of them is complete', async () => {
		const swarm = createSwarm(8)
		const [alice, bob] = [swarm.addMember('alice'), swarm.addMember('bob')]
		await alice.start()
		const events: string[] = []
		alice.on().sync.on((event) => events.push(event.type))
		await bob.start()
		expect(alice.on().sync.isComplete(bob.on().peer)).toBe(false)
		await swarm.clock.run(1_000)
		expect(events).toEqual(['synced', 'first-sync'])
		expect(alice.on().sync.isComplete(bob.on().peer)).toBe(true)
		swarm.stop()
	})

	it('[SY5] stopped, it sends and takes nothing more', async () => {
		const { swarm, all } = await gather(9, 'alice', 'bob')
		const { sync, room } = all[0].on()
		sync.stop()
		sync.stop()
		const before = sync.stats()
		await room.chat.send('alone')
		await all[1].on().room.chat.send('unheard')
		await swarm.clock.run(40_000)
		expect(sync.stats()).toEqual(before)
		expect(room.state().chat.map(({ text }) => text)).toEqual(['alone'])
		swarm.stop()
	})

	it('[SY5] what storage brings late is judged, and then sent on', async () => {
		const { swarm, all } = await gather(10, 'alice', 'bob')
		const [alice, bob] = all
		const stored = new Y.Doc()
		const { key, bytes } = await makeRecord(alice.signer, 'chat', 9, 900, {
			text: 'from disk',
		})
		stored.getMap(RECORDS_MAP).set(key, bytes)
		stored.getMap(RECORDS_MAP).set('nonsense', Uint8Array.of(1))
		Y.applyUpdate(alice.on().doc, Y.encodeStateAsUpdate(stored), { type: 'a store' })
		await swarm.clock.run(3_000)
		for (const member of [alice, bob]) {
			expect(recordsOf(member).has('nonsense')).toBe(false)
			expect(member.strikes).toEqual([])
		}
		expect(findDivergence([alice, bob])).toEqual([])
		swarm.stop()
	})
})

describe('the gate', () => {
	it('[SY6] what somebody deletes of others is put back, at every member and for joiners', async () => {
		const { swarm, members, all } = await gather(11, 'alice', 'bob', 'charlie')
		await addFilms(all[0], 4)
		await swarm.clock.run(500)
		const vandal = await addVandal(swarm)
		const records = recordsOf(vandal)
		const key = [...records.keys()].find((one) => one.startsWith('queue/')) ?? ''
		records.delete(key)
		await swarm.clock.run(1_000)
		for (const member of members) {
			expect(recordsOf(member).has(key)).toBe(true)
			expect(titles(member)).toHaveLength(4)
		}
		expect(findDivergence(members)).toEqual([])
		expect(recordsOf(vandal).has(key), 'it is told the better value too').toBe(true)
		const dora = swarm.addMember('dora')
		await dora.start()
		await swarm.clock.run(2_000)
		expect(titles(dora)).toHaveLength(4)
		swarm.stop()
	})

	it('[SY6] who deletes everything again and again loses its links, and nobody else is struck', async () => {
		const { swarm, members, all } = await gather(12, 'alice', 'bob', 'charlie')
		await addFilms(all[0], 12)
		await swarm.clock.run(500)
		const vandal = await addVandal(swarm)
		for (let round = 0; round < 15 && linkedDevices(vandal).length > 0; round++) {
			vandal.on().doc.transact(() => {
				for (const key of recordsOf(vandal).keys()) recordsOf(vandal).delete(key)
			})
			await swarm.clock.run(1_000)
		}
		for (const member of members) {
			expect(strikesOf(member, vandal).length).toBe(3)
			expect(linkedDevices(member)).not.toContain(vandal.device)
			expect(linkedDevices(member)).toHaveLength(2)
			expect(member.strikes.length).toBe(3)
			expect(titles(member)).toHaveLength(12)
		}
		expect(findDivergence(members)).toEqual([])
		swarm.stop()
	})

	it('[SY6] what the document has lost in any other way is put back within half a minute', async () => {
		const { swarm, members, all } = await gather(22, 'alice', 'bob')
		await addFilms(all[0], 3)
		await swarm.clock.run(1_000)
		const { doc, sync } = all[1].on()
		sync.stop()
		const records = recordsOf(all[1])
		doc.transact(() => {
			for (const key of records.keys()) records.delete(key)
		})
		const { room, transport } = all[1].on()
		const again = createDocSync({
			doc,
			ledger: room.ledger,
			transport,
			timers: swarm.clock,
			random: swarm.random,
		})
		await swarm.clock.run(35_000)
		expect(findDivergence(members)).toEqual([])
		again.stop()
		swarm.stop()
	})

	it('[SY6] a newcomer that hands on deletions it could not judge is no vandal', async () => {
		const { swarm, all } = await gather(21, 'alice')
		const [alice] = all
		await addFilms(alice, 12)
		const vandal = await addVandal(swarm)
		swarm.network.partition([alice.on().peer], [vandal.on().peer])
		vandal.on().doc.transact(() => {
			for (const key of recordsOf(vandal).keys()) recordsOf(vandal).delete(key)
		})
		const bob = swarm.addMember('bob')
		await bob.start()
		swarm.network.partition([alice.on().peer], [vandal.on().peer, bob.on().peer])
		await swarm.clock.run(2_000)
		swarm.network.partition([alice.on().peer, bob.on().peer], [vandal.on().peer])
		await swarm.clock.run(4_000)
		expect(alice.strikes).toEqual([])
		expect(titles(bob)).toHaveLength(12)
		expect(findDivergence([alice, bob])).toEqual([])
		swarm.stop()
	})

	it('[SY6] a forged record is taken out and is a strike; three of them end the link for good', async () => {
		const { swarm, members, all } = await gather(13, 'alice', 'bob')
		await all[0].on().room.chat.send('mine')
		await swarm.clock.run(500)
		const vandal = await addVandal(swarm)
		const forge = async (seq: number) => {
			const { key, bytes } = await makeRecord(all[0].signer, 'chat', 1, seq, { text: 'forged' })
			recordsOf(vandal).set(
				key,
				bytes.map((byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte)),
			)
			await swarm.clock.run(1_000)
		}
		await forge(100)
		expect(strikesOf(all[0], vandal)).toEqual(['bad-record'])
		expect(strikesOf(all[1], vandal)).toEqual(['bad-record'])
		await forge(101)
		await forge(102)
		await swarm.clock.run(10_000)
		for (const member of members) {
			expect(linkedDevices(member)).not.toContain(vandal.device)
			expect(
				member
					.on()
					.room.state()
					.chat.map(({ text }) => text),
			).toEqual(['mine'])
		}
		expect(findDivergence(members)).toEqual([])
		swarm.stop()
	})

	it('[SY6] an older record put over a newer one is set back, and is no strike', async () => {
		const { swarm, members, all } = await gather(14, 'alice', 'bob')
		await all[0].on().room.renameRoom('First')
		const key = [...recordsOf(all[0]).keys()].find((one) => one.startsWith('settings/')) ?? ''
		const old = recordsOf(all[0]).get(key)
		await all[0].on().room.renameRoom('Second')
		await swarm.clock.run(500)
		const vandal = await addVandal(swarm)
		recordsOf(vandal).set(key, old)
		await swarm.clock.run(1_000)
		for (const member of members) expect(member.on().room.state().title).toBe('Second')
		expect(findDivergence(members)).toEqual([])
		expect(strikesOf(all[0], vandal)).toEqual([])
		swarm.stop()
	})

	it('[SY6] a record whose author is not known yet stays, and counts once the author is', async () => {
		const { swarm, all } = await gather(15, 'alice', 'bob')
		const vandal = await addVandal(swarm)
		const stranger = swarm.addMember('stranger')
		await stranger.start()
		const idKey = [...recordsOf(stranger).keys()].find((one) => one.includes(stranger.device)) ?? ''
		const id = recordsOf(stranger).get(idKey)
		const { key, bytes } = await makeRecord(stranger.signer, 'chat', 0, 50, { text: 'first' })
		stranger.crash()
		recordsOf(vandal).set(key, bytes)
		await swarm.clock.run(500)
		expect(recordsOf(all[1]).has(key)).toBe(true)
		expect(all[1].on().room.ledger.get(key)).toBeUndefined()
		recordsOf(vandal).set(idKey, id)
		await swarm.clock.run(500)
		expect(all[1].on().room.ledger.get(key)).toEqual(bytes)
		expect(all[1].strikes).toEqual([])
		swarm.stop()
	})

	it('[SY7] texts, nested types, other roots and V2 updates are turned away unread, each a strike', async () => {
		const foreign: readonly ((doc: Y.Doc) => void)[] = [
			(doc) => doc.getText('notes').insert(0, 'hello'),
			(doc) => doc.getMap(RECORDS_MAP).set('k', 'a string'),
			(doc) => doc.getMap(RECORDS_MAP).set('k', new Y.Map()),
			(doc) => doc.getMap('elsewhere').set('k', Uint8Array.of(1)),
			(doc) => doc.getArray(RECORDS_MAP).push([Uint8Array.of(1)]),
		]
		const { swarm, all } = await gather(16, 'alice', 'bob')
		const [alice] = all
		const before = Y.encodeStateVector(alice.on().doc)
		for (const [index, write] of foreign.entries()) {
			const vandal = swarm.addMember(`vandal ${index}`, { ledger: credulousLedger })
			await vandal.start()
			await swarm.clock.run(1_000)
			const doc = new Y.Doc()
			write(doc)
			pushMessage(vandal.on().transport, alice, 'update', Y.encodeStateAsUpdate(doc))
			await swarm.clock.run(200)
			expect(strikesOf(alice, vandal)).toEqual(['foreign'])
			vandal.leave()
		}
		const bomber = await addVandal(swarm)
		// 22 bytes that would hang a thread if they were read as V2.
		const bomb = Uint8Array.from(
			Buffer.from('00000000000000000101010a80c8afa00f0000000000000000'.slice(0, 44), 'hex'),
		)
		pushMessage(bomber.on().transport, alice, 'update', bomb)
		await swarm.clock.run(200)
		expect(strikesOf(alice, bomber)).toHaveLength(1)
		expect(Y.encodeStateVector(alice.on().doc)).toEqual(before)
		expect([...alice.on().doc.share.keys()]).toEqual([RECORDS_MAP])
		swarm.stop()
	})

	it('[SY7] frames that are none, parts out of order and state vectors that are none are strikes', async () => {
		const { swarm, all } = await gather(17, 'alice', 'bob')
		const [alice] = all
		const vandal = await addVandal(swarm)
		const { transport } = vandal.on()
		transport.send(Uint8Array.of(99), alice.on().peer, 'ordered')
		pushMessage(transport, alice, 'step1', Uint8Array.of(200, 200, 200))
		const state = new Uint8Array(200_000)
		transport.send(encodeSyncPart('step2', 7, state, 1), alice.on().peer, 'ordered')
		await swarm.clock.run(1_000)
		expect(strikesOf(alice, vandal).toSorted()).toEqual(['bad-frame', 'bad-parts', 'bad-vector'])
		expect(linkedDevices(alice)).not.toContain(vandal.device)
		swarm.stop()
	})

	it('[SY7] a flood is cut off, and the page is let go on in between', async () => {
		const { swarm, all } = await gather(18, 'alice', 'bob')
		const fake = createFakeTransport()
		let readings = 0
		const pauses: (() => void)[] = []
		const timers = {
			nowMs: () => (readings += 1), // every look at the clock costs a millisecond
			setTimeout: (fn: () => void, delayMs: number) => (delayMs === 0 ? pauses.push(fn) : 0),
			clearTimeout: () => undefined,
		}
		const { doc, room } = all[0].on()
		const sync = createDocSync({
			doc,
			ledger: room.ledger,
			transport: fake.transport,
			timers,
			random: swarm.random,
		})
		const strikes: string[] = []
		sync.on((event) => (event.type === 'strike' ? strikes.push(event.why) : undefined))
		fake.emit({ type: 'peer-up', peer: FAKE_PEER, device: all[1].device, path: 'direct' })
		const update = Y.encodeStateAsUpdate(all[1].on().doc)
		for (let i = 0; i < 600; i++)
			fake.emit({
				type: 'frame',
				peer: FAKE_PEER,
				lane: 'ordered',
				frame: encodeSyncPart('update', i, update, 0),
			})
		expect(strikes.slice(0, 3)).toEqual(['flood', 'flood', 'flood'])
		expect(fake.dropped).toContain(FAKE_PEER)
		let isIdle = false
		void sync.whenIdle().then(() => (isIdle = true))
		let paused = 0
		for (let i = 0; i < 100_000 && !isIdle; i++) {
			await Promise.resolve()
			const resume = pauses.shift()
			if (resume === undefined) continue
			paused++
			resume()
		}
		expect(isIdle).toBe(true)
		expect(paused).toBeGreaterThan(50)
		expect(sync.stats().received.update).toBe(512)
		sync.stop()
		swarm.stop()
	})

	it('[SY8] who finds its own client id used by somebody else writes its records again', async () => {
		const said = vi.spyOn(console, 'log').mockImplementation(() => undefined) // Yjs tells of a new client id
		const { swarm, members, all } = await gather(19, 'alice', 'bob')
		const [alice, bob] = all
		const vandal = await addVandal(swarm)
		const squatted = alice.on().doc.clientID
		await alice.on().room.chat.send('before')
		await swarm.clock.run(1_000)
		const squatter = new Y.Doc()
		Y.applyUpdate(squatter, Y.encodeStateAsUpdate(vandal.on().doc))
		squatter.clientID = squatted
		const before = Y.encodeStateVector(squatter)
		squatter.getMap(RECORDS_MAP).set('junk', Uint8Array.of(1))
		pushMessage(vandal.on().transport, bob, 'update', Y.encodeStateAsUpdate(squatter, before))
		await swarm.clock.run(1_000)
		const rewritten = alice.on().doc.store.clients.get(alice.on().doc.clientID) ?? []
		expect(rewritten.length, 'her name and her message').toBeGreaterThanOrEqual(2)
		await alice.on().room.chat.send('after')
		await swarm.clock.run(1_000)
		expect(
			bob
				.on()
				.room.state()
				.chat.map(({ text }) => text),
		).toEqual(['before', 'after'])
		expect(alice.on().doc.clientID).not.toBe(squatted)
		expect(findDivergence(members)).toEqual([])
		said.mockRestore()
		swarm.stop()
	})

	it('[SY9] two tabs with one key write under different numbers, and nobody sees a fork', async () => {
		const { swarm, all } = await gather(20, 'alice', 'bob')
		const tab = swarm.addMember('alice again', { tabOf: all[0] })
		await tab.start()
		await swarm.clock.run(2_000)
		const writes = Array.from({ length: 10 }, (_, i) => [
			all[0].on().room.chat.send(`left ${i}`),
			tab.on().room.playback.set({ positionS: i, isPlaying: false, rate: 1, atMs: 0 }),
		]).flat()
		await Promise.all(writes)
		await swarm.clock.run(3_000)
		swarm.resync()
		await swarm.clock.run(3_000)
		const keys = [...all[1].on().room.ledger.entries()].map(([key]) => key)
		expect(keys.filter((key) => key.startsWith('fork/'))).toEqual([])
		expect(all[1].on().room.state().chat).toHaveLength(10)
		expect(all[1].on().room.state().playback.positionS).toBe(9)
		expect(findDivergence([all[0], all[1], tab])).toEqual([])
		swarm.stop()
	})
})

describe('a whole state that no neighbour sent', () => {
	/** What reads it is fetched in real time, what applies it goes by the swarm's clock. */
	const take = async (swarm: Awaited<ReturnType<typeof gather>>['swarm'], by: Member, state: Uint8Array) => {
		let answer: { readonly fault: string | null } | null = null
		void by
			.on()
			.sync.takeState(state)
			.then((fault) => (answer = { fault }))
		while (answer === null) await swarm.clock.run(100)
		return (answer as { readonly fault: string | null }).fault
	}

	it('[HK14] is taken in and passed on to the neighbours', async () => {
		const elsewhere = await gather(61, 'zoe', 'alice')
		await addFilms(elsewhere.all[0], 40)
		await elsewhere.all[0].on().room.chat.send('from before')
		const state = Y.encodeStateAsUpdate(elsewhere.all[0].on().doc)
		elsewhere.swarm.stop()
		const { swarm, members, all } = await gather(62, 'bob', 'charlie')
		expect(await take(swarm, all[0], state)).toBeNull()
		await swarm.clock.run(2_000)
		expect(findDivergence(members)).toEqual([])
		for (const member of members) expect(titles(member)).toHaveLength(40)
		swarm.stop()
	})

	it('[HK14] what is no record in it is left out and put right, all else is in, and nobody is struck', async () => {
		const { swarm, members, all } = await gather(63, 'alice', 'bob')
		await addFilms(all[0], 5)
		await swarm.clock.run(500)
		const bent = new Y.Doc()
		Y.applyUpdate(bent, Y.encodeStateAsUpdate(all[0].on().doc))
		const map = bent.getMap<unknown>(RECORDS_MAP)
		const [first = ''] = map.keys()
		map.delete(first)
		map.set('queue/AAAAAAAAAAAAAAAAAAAAAA/0', new Uint8Array([1, 2, 3]))
		map.set('nonsense', new Uint8Array(1))
		expect(await take(swarm, all[1], Y.encodeStateAsUpdate(bent))).toBe('bad-record')
		await swarm.clock.run(3_000)
		expect(findDivergence(members)).toEqual([])
		for (const member of members) {
			expect(titles(member)).toHaveLength(5)
			expect(recordsOf(member).has('nonsense')).toBe(false)
			expect(recordsOf(member).get(first)).toBeInstanceOf(Uint8Array)
			expect(member.strikes).toEqual([])
		}
		swarm.stop()
	})

	it('[HK14] what is none of ours, waits for something or cannot be read is refused with the reason', async () => {
		const { swarm, all } = await gather(64, 'alice', 'bob')
		const { doc } = all[0].on()
		const before = Y.encodeStateAsUpdate(doc)
		const foreign = new Y.Doc()
		foreign.getText('x').insert(0, 'text')
		const late = new Y.Doc()
		const updates: Uint8Array[] = []
		late.on('update', (update: Uint8Array) => updates.push(update))
		late.getMap(RECORDS_MAP).set('a', new Uint8Array(1))
		late.getMap(RECORDS_MAP).set('b', new Uint8Array(1))
		const answers: unknown[] = []
		for (const update of [
			Y.encodeStateAsUpdate(foreign),
			updates[1] ?? new Uint8Array(),
			new Uint8Array([1, 2, 3, 255]),
			new Uint8Array(),
			new Uint8Array(1_000).fill(255),
		])
			answers.push(await take(swarm, all[0], update))
		expect(answers).toEqual(['foreign', 'pending', 'malformed', 'malformed', 'malformed'])
		expect(Y.encodeStateAsUpdate(doc)).toEqual(before)
		swarm.stop()
	})
})
