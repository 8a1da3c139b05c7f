import * as Y from 'yjs'
import { describe, expect, it, vi } from 'vitest'
import { GUEST_BUDGET_BYTES } from './budget.ts'
import { createFakeSigner, createMemorySeqSource } from './fake-crypto.ts'
import { canonicalState } from './fold.ts'
import { RECORDS_MAP } from './ledger.ts'
import { parseRecord } from './records.ts'
import {
	addFilm,
	carry,
	carryBoth,
	createTestClock,
	createTestRandom,
	createTestRoom,
	film,
	gather,
	idBody,
	makeRecord,
	testRoot,
	titlesOf,
	type TestRoom,
} from './test-room.ts'

const records = ({ doc }: TestRoom): Y.Map<unknown> => doc.getMap(RECORDS_MAP)
const settle = async (): Promise<void> => {
	for (let i = 0; i < 50; i++) await Promise.resolve()
}
const one = async () => {
	const { rooms, clock, root } = await gather('alice')
	const [alice] = rooms as [TestRoom]
	return { alice, clock, root }
}

describe('commands', () => {
	it('[RC10] write all they write in one transaction that names them', async () => {
		const { alice, clock } = await one()
		const a = await addFilm(alice, 'A')
		const b = await addFilm(alice, 'B')
		await addFilm(alice, 'C')
		await alice.room.queue.playNow(a, clock.nowMs())
		const origins: unknown[] = []
		alice.doc.on('afterTransaction', ({ origin, changed }: Y.Transaction) => {
			if (changed.size > 0) origins.push(origin)
		})
		await alice.room.queue.move(b, null)
		await alice.room.queue.playNow(b, clock.nowMs())
		expect(origins).toEqual([
			{ type: 'local-command', command: 'queue.move' },
			{ type: 'local-command', command: 'queue.play-now' },
		])
		expect(titlesOf(alice)).toBe('A [B] C')
	})

	it('[RC10] run one after the other, in the order they were given, each seeing what came before', async () => {
		const { alice } = await one()
		const outcomes = await Promise.all([
			...['A', 'B', 'C', 'D'].map((title) => alice.room.queue.add(film(title), 'end')),
			alice.room.queue.clear(),
			alice.room.queue.add(film('E'), 'end'),
		])
		expect(outcomes.every(({ type }) => type === 'done')).toBe(true)
		expect(titlesOf(alice)).toBe('E')
		const seqs = [...alice.room.ledger.entries()].map(([, bytes]) => {
			const record = parseRecord(bytes)
			return typeof record === 'string' ? -1 : record.seq
		})
		expect(new Set(seqs).size).toBe(seqs.length)
	})

	it('[RC10] number records above what the room already has of this device', async () => {
		const { alice, clock, root } = await one()
		await addFilm(alice, 'A')
		const fresh = { seqs: createMemorySeqSource(), random: createTestRandom(99) }
		const again = createTestRoom('alice', { root, clock, doc: alice.doc, ...fresh })
		await addFilm(again, 'B')
		expect(titlesOf(again)).toBe('A B')
		expect(again.room.state().members).toHaveLength(1)
	})

	it('[RC13] that cannot be signed or numbered say so, write nothing, and let the next one through', async () => {
		const clock = createTestClock()
		const signer = createFakeSigner('alice')
		let isBroken = true
		const alice = createTestRoom('alice', {
			root: testRoot(signer),
			clock,
			seqs: {
				next: async (above) => {
					if (isBroken) throw new Error('the disk is full')
					return above + 1
				},
			},
		})
		expect(await alice.room.chat.send('hello')).toEqual({ type: 'failed', why: 'the disk is full' })
		expect(records(alice).size).toBe(0)
		isBroken = false
		expect(await alice.room.chat.send('hello')).toMatchObject({ type: 'done' })
		const cutShort = alice.room.chat.send('never said')
		alice.room.dispose()
		alice.room.dispose()
		expect(await cutShort).toEqual({ type: 'failed', why: 'the room is closed' })
		expect(records(alice).size).toBe(1)
		expect(await alice.room.chat.send('hello')).toEqual({ type: 'failed', why: 'the room is closed' })
	})

	it('[RC9] stop at the budget of the device', async () => {
		const { alice } = await one()
		let outcome = await alice.room.chat.send('x')
		for (let i = 0; i < 300 && outcome.type === 'done'; i++)
			outcome = await alice.room.chat.send(`${i} ${'é'.repeat(490)}`)
		expect(outcome).toEqual({ type: 'room-full', limitBytes: GUEST_BUDGET_BYTES })
	})
})

describe('snapshots', () => {
	it('[RC14] are frozen and replaced whole; whoever listens hears of the new one', async () => {
		const { alice } = await one()
		const before = alice.room.state()
		const heard: unknown[] = []
		const stop = alice.room.onChange((state) => heard.push(state))
		await addFilm(alice, 'A')
		await settle()
		expect(heard).toEqual([alice.room.state()])
		expect(before.queue.next).toEqual([])
		expect(alice.room.state()).not.toBe(before)
		for (const part of [
			before,
			before.queue,
			before.queue.next,
			before.members,
			before.chat,
			before.activity,
		])
			expect(Object.isFrozen(part)).toBe(true)
		stop()
		await addFilm(alice, 'B')
		await settle()
		expect(heard).toHaveLength(1)
	})

	it('[RC14] are made once for a heap of records', async () => {
		const { alice, clock, root } = await one()
		for (let i = 0; i < 40; i++) await alice.room.chat.send(`${i}`)
		const bob = createTestRoom('bob', { root, clock })
		let heard = 0
		bob.room.onChange(() => heard++)
		await carry(alice, bob)
		await settle()
		expect(bob.room.state().chat).toHaveLength(40)
		expect(heard).toBe(1)
	})
})

describe('a document from disk', () => {
	it('[RC11] is judged at creation, before any command runs', async () => {
		const { alice, clock, root } = await one()
		await addFilm(alice, 'A')
		const doc = new Y.Doc()
		Y.applyUpdate(doc, Y.encodeStateAsUpdate(alice.doc))
		const again = createTestRoom('bob', { root, clock, doc })
		await addFilm(again, 'B')
		expect(titlesOf(again)).toBe('A B')
	})

	it('[RC11] is mended: what is no record goes, what was lost or replaced comes back', async () => {
		const { alice } = await one()
		await addFilm(alice, 'A')
		await alice.room.chat.send('hello')
		const keys = [...records(alice).keys()]
		const kept = new Map(keys.map((key) => [key, records(alice).get(key)]))
		records(alice).set(keys[0] ?? '', new Uint8Array(7))
		records(alice).delete(keys[1] ?? '')
		records(alice).set('junk', 'x')
		const admission = await alice.room.admitAll()
		expect(admission.rejected.map(({ why }) => why).sort()).toEqual(['bad-record', 'bad-record'])
		expect(admission.mended).toBe(2)
		expect(new Map(records(alice).entries())).toEqual(kept)
	})

	it('[RC12] gets back what it lost while that was waiting for its author', async () => {
		const { alice, clock, root } = await one()
		const bob = createFakeSigner('bob')
		const said = await makeRecord(bob, 'chat', 0, 2, { text: 'early' })
		const carol = createTestRoom('carol', { root, clock })
		records(carol).set(said.key, said.bytes)
		expect((await carol.room.judgeTouched([said.key])).get(said.key)).toEqual({ type: 'waiting' })
		records(carol).delete(said.key)
		expect((await carol.room.judgeTouched([said.key])).get(said.key)).toEqual({ type: 'known' })
		const id = await makeRecord(bob, 'id', 0, 1, idBody(bob, 'Bob'))
		records(carol).set(id.key, id.bytes)
		await carol.room.judgeTouched([id.key])
		await settle()
		expect(carol.room.state().chat.map(({ text }) => text)).toEqual(['early'])
		expect(records(carol).get(said.key)).toEqual(said.bytes)
		expect(alice.room.state().chat).toEqual([])
	})
})

describe('clocks', () => {
	it('[HL4] what was written by a clock that ran ahead is dated again once room time is known', async () => {
		const { rooms, clock, root, meet } = await gather('alice')
		const [alice] = rooms as [TestRoom]
		const wrong = createTestClock(clock.nowMs() + 600_000)
		const bob = createTestRoom('bob', { root, clock: wrong })
		await bob.room.introduce({ name: 'Bob', token: null })
		await addFilm(bob, 'A')
		await bob.room.playback.set({ positionS: 9, isPlaying: false, rate: 1, atMs: wrong.nowMs() })
		await carry(bob, alice)
		expect(alice.room.state().members).toHaveLength(1)
		wrong.set(clock.nowMs())
		bob.room.tick(wrong.nowMs())
		await bob.room.chat.send('now')
		await carryBoth(bob, alice)
		await meet()
		expect(alice.room.state().members.map(({ name }) => name)).toContain('Bob')
		expect(titlesOf(alice)).toBe('A')
		expect(alice.room.state().playback.rev).toBe('')
		expect(canonicalState(alice.room.state())).toBe(canonicalState(bob.room.state()))
	})

	it('[HL3] a record from the future shows when its time has come', async () => {
		const { alice, clock } = await one()
		const bob = createFakeSigner('bob')
		const id = await makeRecord(bob, 'id', 0, 1, idBody(bob, 'Bob'))
		const said = await makeRecord(bob, 'chat', 0, 2, { text: 'later' }, { ms: clock.nowMs() + 120_000 })
		for (const { key, bytes } of [id, said]) await alice.room.ledger.judge(key, bytes)
		expect(alice.room.state().chat).toEqual([])
		clock.advance(60_000)
		alice.room.tick(clock.nowMs())
		expect(alice.room.state().chat.map(({ text }) => text)).toEqual(['later'])
	})
})

describe('a forked device', () => {
	it('[RC8] is found out by whoever sees both sides, and ignored from there on by everybody', async () => {
		const { rooms, meet, clock } = await gather('alice', 'bob', 'carol')
		const [alice, bob, carol] = rooms as [TestRoom, TestRoom, TestRoom]
		const mallory = createFakeSigner('mallory')
		const id = await makeRecord(mallory, 'id', 0, 1, idBody(mallory, 'Mallory'))
		const before = await makeRecord(mallory, 'chat', 0, 2, { text: 'before' })
		const toAlice = await makeRecord(mallory, 'chat', 1, 3, { text: 'to alice' })
		const toBob = await makeRecord(mallory, 'chat', 1, 3, { text: 'to bob' })
		const after = await makeRecord(mallory, 'chat', 2, 4, { text: 'after' })
		for (const [who, split] of [
			[alice, toAlice],
			[bob, toBob],
		] as const)
			for (const { key, bytes } of [id, before, split, after]) {
				records(who).set(key, bytes)
				await who.room.judgeTouched([key])
			}
		expect(bob.room.state().chat.map(({ text }) => text)).toEqual(['before', 'to bob', 'after'])
		// Yjs keeps one of the two; the side that loses sees the other's come in.
		await alice.room.ledger.judge(toBob.key, toBob.bytes)
		await bob.room.ledger.judge(toAlice.key, toAlice.bytes)
		await settle()
		for (let second = 0; second < 16; second++) for (const { room } of rooms) room.tick(clock.nowMs())
		await settle()
		await meet()
		for (const who of [alice, bob, carol]) {
			expect(who.room.state().chat.map(({ text }) => text)).toEqual(['before'])
			expect(who.room.state().members.map(({ name }) => name)).toContain('Mallory')
		}
		const size = alice.room.ledger.size
		await alice.room.ledger.judge(toBob.key, toBob.bytes)
		await settle()
		expect(alice.room.ledger.size).toBe(size)
	})

	/** Five see a fork in the same moment; whoever is first to write may be gone before anybody has it. */
	const witness = async (forker: string, isFirstGone: boolean) => {
		const { rooms, clock } = await gather('alice', 'bob', 'carol', 'dora', 'emil')
		const mallory = createFakeSigner(forker)
		const seen = [
			await makeRecord(mallory, 'id', 0, 1, idBody(mallory, 'Mallory')),
			await makeRecord(mallory, 'chat', 1, 3, { text: 'one' }),
			await makeRecord(mallory, 'chat', 1, 3, { text: 'two' }),
		]
		for (const { room } of rooms) for (const { key, bytes } of seen) await room.ledger.judge(key, bytes)
		await settle()
		const didWrite = ({ room, signer }: TestRoom): boolean =>
			[...room.ledger.entries()].some(([key]) => key.startsWith(`fork/${signer.device}/`))
		expect(rooms.filter(didWrite)).toHaveLength(1)
		const here = rooms.filter((one) => !isFirstGone || !didWrite(one))
		let afterS = isFirstGone ? -1 : 0
		for (let second = 1; second <= 20; second++) {
			for (const from of here) for (const to of here) if (from !== to) await carry(from, to)
			clock.advance(1_000)
			for (const { room } of here) room.tick(clock.nowMs())
			await settle()
			if (afterS < 0 && here.some(didWrite)) afterS = second
		}
		return { count: here.filter(didWrite).length, afterS }
	}

	it('[RC8] that all five see at once has one piece of evidence, written at once', async () => {
		for (let i = 0; i < 10; i++)
			expect(await witness(`mallory ${i}`, false), `${i}`).toEqual({ count: 1, afterS: 0 })
	})

	it('[RC8] whose first witness is gone has the evidence of one other within seconds', async () => {
		for (let i = 0; i < 10; i++)
			expect(await witness(`mallory ${i}`, true), `${i}`).toEqual({ count: 1, afterS: 2 })
	})

	it('[RC18] fetches the planning of commands when the first is given; one that cannot be fetched says so', async () => {
		const { plans } = await import('./plans.ts')
		let isOffline = true
		let fetches = 0
		const root = testRoot(createFakeSigner('alice'))
		const { room } = createTestRoom('alice', {
			root,
			clock: createTestClock(),
			loadPlans: async () => {
				fetches++
				if (isOffline) throw new Error('no network')
				return plans
			},
		})
		await room.preload()
		expect(await room.chat.send('lost?')).toMatchObject({
			type: 'failed',
			why: expect.stringContaining('could not be fetched') as string,
		})
		isOffline = false
		const outcomes = ['one', 'two', 'three'].map((text) => room.chat.send(text))
		const rename = room.renameRoom('After them')
		for (const outcome of [...outcomes, rename]) expect(await outcome).toMatchObject({ type: 'done' })
		expect(room.state().chat.map(({ text }) => text)).toEqual(['one', 'two', 'three'])
		expect(fetches).toBe(3)
	})

	it('[RC19] fetches what tells of deeds with the first one, of whoever; it then knows of all', async () => {
		const { room } = createTestRoom('alice', {
			root: testRoot(createFakeSigner('alice')),
			clock: createTestClock(),
			foldActivity: null,
		})
		await room.introduce({ name: 'Alice', token: null })
		await settle()
		expect(room.state().activity).toEqual([])
		let isTold = false
		room.onChange(({ activity }) => (isTold ||= activity.length > 0))
		await room.renameRoom('Friday')
		await vi.waitUntil(() => isTold)
		const { activity } = room.state()
		expect(activity.map(({ deed }) => deed.type).sort()).toEqual(['opened-room', 'renamed-room'])
		const renaming = activity.find(({ deed }) => deed.type === 'renamed-room')
		expect(room.canUndo(renaming?.id ?? '')).toEqual({ action: 'rename-room', may: true })
	})

	it('[RC19] or on preload, where there is none', async () => {
		const { room } = createTestRoom('alice', {
			root: testRoot(createFakeSigner('alice')),
			clock: createTestClock(),
			foldActivity: null,
		})
		await room.preload()
		expect(room.state().activity.map(({ deed }) => deed.type)).toEqual(['opened-room'])
	})
})
