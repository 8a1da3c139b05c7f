/**
 * When the history keeper asks, writes, merges and tells, on a clock of the test's own against a server in memory.
 */
import { describe, expect, it } from 'vitest'
import type { Role } from '#lib/core/roles.ts'
import * as Y from 'yjs'
import type { HistoryApi, HistoryRefusal, HistoryWritten } from './history-api.ts'
import type { HistorySeal } from './history-seal.ts'
import { historyWords } from '#lib/words/history.ts'
import { createHistoryKeeper, PLACE_EVERY_MS, RANK_PATIENCE_MS, WRITE_EVERY_MS } from './keep-history.ts'

const settle = async () => {
	for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve))
}

const createClock = () => {
	let now = 1_800_000_000_000
	let tasks: { atMs: number; fn: () => void }[] = []
	return {
		nowMs: () => now,
		timers: {
			after: (ms: number, fn: () => void) => {
				const task = { atMs: now + ms, fn }
				tasks.push(task)
				return () => void (tasks = tasks.filter((other) => other !== task))
			},
		},
		run: async (ms: number) => {
			const endMs = now + ms
			await settle()
			for (;;) {
				const [next] = tasks.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)
				if (next === undefined) break
				tasks = tasks.filter((task) => task !== next)
				now = Math.max(now, next.atMs)
				next.fn()
				await settle()
			}
			now = endMs
		},
	}
}

/** Bytes in clear: version, time, state. What is sealed in earnest has tests of its own. */
const seal: HistorySeal = {
	key: 'key',
	verifier: 'verifier',
	seal: async ({ update, atMs }, version) => {
		const out = new Uint8Array(16 + update.length)
		const view = new DataView(out.buffer)
		view.setFloat64(0, version)
		view.setFloat64(8, atMs)
		out.set(update, 16)
		return out
	},
	open: async (sealed, version) => {
		if (sealed[0] === 255) return { type: 'newer' }
		const view = new DataView(sealed.buffer)
		if (sealed.length < 16 || view.getFloat64(0) !== version) return { type: 'damaged' }
		return { type: 'opened', content: { update: sealed.slice(16), atMs: view.getFloat64(8) } }
	},
}

const createWorld = () => {
	const clock = createClock()
	const server = {
		isKept: true,
		version: 100,
		blob: null as Uint8Array<ArrayBuffer> | null,
		refusal: null as HistoryRefusal | null,
		/** Who did what and when, from the start. */
		log: [] as { who: string; what: string; atMs: number }[],
		beacons: [] as { who: string; bytes: number; base: number }[],
		/** Runs before a write is decided. */
		beforeWrite: () => undefined as void,
	}
	const startMs = clock.nowMs()
	const note = (who: string, what: string) => server.log.push({ who, what, atMs: clock.nowMs() - startMs })
	const apiOf = (who: string): HistoryApi => ({
		read: async (have) => {
			note(who, 'read')
			if (server.refusal !== null) return server.refusal
			if (!server.isKept) return { type: 'none' }
			return server.blob === null || have === server.version
				? { type: 'nothing-new', version: server.version }
				: { type: 'read', version: server.version, sealed: server.blob.slice() }
		},
		makeReady: async (base, sealed) => ({
			bytes: sealed.length,
			send: async (): Promise<HistoryWritten> => {
				server.beforeWrite()
				if (server.refusal !== null) return server.refusal
				if (!server.isKept) return { type: 'none' }
				if (base !== server.version) {
					note(who, 'stale')
					return { type: 'stale' }
				}
				note(who, 'wrote')
				server.version++
				server.blob = sealed
				return { type: 'written', version: server.version }
			},
			sendAndForget: () => {
				server.beacons.push({ who, bytes: sealed.length, base })
				return true
			},
		}),
	})
	const members: ReturnType<typeof addMember>[] = []
	const addMember = (
		who: string,
		change: Partial<{ myRole: Role; isOn: boolean; maxBytes: number }> = {},
	) => {
		const doc = new Y.Doc()
		const room = {
			keepsHistory: change.isOn ?? true,
			myRole: change.myRole ?? 'owner',
			isPlaying: false,
			isBlank: false,
		}
		const told: string[] = []
		const orders: string[] = []
		const restored: number[] = []
		const listeners = new Set<() => void>()
		const me = {
			who,
			doc,
			room,
			told,
			orders,
			restored,
			isHere: true,
			fault: null as string | null,
			kept: undefined as unknown,
			/** What takeState is made to answer. */
			write: (key: string, value = who) => void doc.getMap('records').set(key, value),
			changeRoom: (next: Partial<typeof room>) => {
				Object.assign(room, next)
				for (const fn of listeners) fn()
			},
			start: () => {
				members.push(me)
				keeper = createHistoryKeeper({
					document: {
						encode: () => Y.encodeStateAsUpdate(doc),
						onChange: (fn) => {
							doc.on('update', fn)
							return () => doc.off('update', fn)
						},
						take: async (update) => {
							if (me.fault === null) Y.applyUpdate(doc, update)
							return me.fault
						},
					},
					room: () => room,
					onRoom: (fn) => {
						listeners.add(fn)
						return () => listeners.delete(fn)
					},
					rank: () =>
						members
							.filter(({ isHere }) => isHere)
							.map((member) => member.who)
							.sort()
							.indexOf(who),
					api: apiOf(who),
					seal,
					order: (type) => {
						orders.push(type)
						server.isKept = type === 'keep-history'
					},
					onRestored: (atMs) => restored.push(atMs),
					tell: (message) => told.push(message),
					kept: {
						get: async () => me.kept,
						set: async (value) => {
							me.kept = value
						},
					},
					timers: clock.timers,
					nowMs: clock.nowMs,
					roomNow: clock.nowMs,
					random: { bytes: (count) => new Uint8Array(count).fill(128) },
					maxBytes: change.maxBytes ?? 1024 * 1024,
				})
				return me
			},
			leave: () => {
				keeper.stop()
				me.isHere = false
			},
			pageGoes: () => keeper.pageGoes(),
		}
		let keeper: ReturnType<typeof createHistoryKeeper>
		return me
	}
	const serverDoc = (): Record<string, unknown> => {
		const doc = new Y.Doc()
		if (server.blob !== null) Y.applyUpdate(doc, server.blob.slice(16))
		return doc.getMap('records').toJSON()
	}
	/** What one member writes is at all others at once. */
	const link = (...linked: ReturnType<typeof addMember>[]) => {
		for (const from of linked)
			from.doc.on('update', (update: Uint8Array, origin: unknown) => {
				if (origin === 'link') return
				for (const to of linked)
					if (to !== from && to.isHere && from.isHere) Y.applyUpdate(to.doc, update, 'link')
			})
	}
	const writes = (who?: string) =>
		server.log.filter((entry) => entry.what === 'wrote' && (who === undefined || entry.who === who))
	return { clock, server, addMember, serverDoc, link, writes }
}

describe('one member writes', () => {
	it('[HK7] five seconds after the last change, at most each thirty, and only what is new', async () => {
		const { clock, addMember, writes, serverDoc } = createWorld()
		const alice = addMember('alice').start()
		await clock.run(1_000)
		alice.write('a')
		await clock.run(4_500)
		expect(writes()).toHaveLength(0)
		await clock.run(2_000)
		expect(writes()).toHaveLength(1)
		expect(serverDoc()).toEqual({ a: 'alice' })
		await clock.run(600_000)
		expect(writes()).toHaveLength(1)
		for (let i = 0; i < 120; i++) {
			alice.write(`k${String(i)}`)
			await clock.run(1_000)
		}
		const times = writes().map(({ atMs }) => atMs)
		expect(times.length).toBeGreaterThanOrEqual(4)
		expect(times.length).toBeLessThanOrEqual(6)
		const gaps = times.slice(2).map((atMs, i) => atMs - times[i + 1]!)
		for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(WRITE_EVERY_MS)
		await clock.run(60_000)
		expect(Object.keys(serverDoc())).toHaveLength(121)
	})

	it('[HK7] and the next one when it has left, without writing anew what is there', async () => {
		const { clock, addMember, writes, link, serverDoc } = createWorld()
		const [alice, bob, charlie] = [
			addMember('alice').start(),
			addMember('bob').start(),
			addMember('charlie').start(),
		]
		link(alice, bob, charlie)
		alice.write('a')
		await clock.run(60_000)
		expect(writes().map(({ who }) => who)).toEqual(['alice'])
		alice.leave()
		bob.write('b')
		await clock.run(60_000)
		expect(writes().map(({ who }) => who)).toEqual(['alice', 'bob'])
		expect(serverDoc()).toEqual({ a: 'alice', b: 'bob' })
	})

	it('[HK7] or when that one is here and does not write for minutes', async () => {
		const { clock, addMember, writes, link } = createWorld()
		const [alice, bob, charlie] = [addMember('alice'), addMember('bob').start(), addMember('charlie').start()]
		link(bob, charlie)
		// Here, by an app that keeps no history.
		alice.room.keepsHistory = false
		alice.start()
		await clock.run(10_000)
		bob.write('b')
		await clock.run(RANK_PATIENCE_MS - 10_000)
		expect(writes()).toHaveLength(0)
		await clock.run(60_000)
		expect(writes().map(({ who }) => who)).toEqual(['bob'])
	})

	it('[HK7] the place of a running film each three minutes, from the first in rank alone', async () => {
		const { clock, addMember, writes, link } = createWorld()
		const [alice, bob] = [addMember('alice').start(), addMember('bob').start()]
		link(alice, bob)
		alice.write('a')
		for (const member of [alice, bob]) member.changeRoom({ isPlaying: true })
		await clock.run(10_000)
		const before = writes().length
		await clock.run(3 * PLACE_EVERY_MS + 30_000)
		expect(writes('alice').length - before).toBe(3)
		expect(writes('bob')).toHaveLength(0)
	})

	it('[HK7] nobody writes in a room that does not keep its history, nor somebody who is out', async () => {
		const { clock, addMember, server } = createWorld()
		const alice = addMember('alice', { isOn: false }).start()
		const bob = addMember('bob', { myRole: 'banned' }).start()
		alice.write('a')
		bob.write('b')
		await clock.run(600_000)
		expect(server.log).toEqual([])
	})
})

describe('leaving', () => {
	it('[HK8] the room: what is new is written at once', async () => {
		const { clock, addMember, serverDoc } = createWorld()
		const alice = addMember('alice').start()
		await clock.run(10_000)
		alice.write('a')
		await clock.run(500)
		alice.leave()
		alice.doc.destroy()
		await settle()
		expect(serverDoc()).toEqual({ a: 'alice' })
	})

	it('[HK8] the page: what was made ready is sent, if there is something new and it is little', async () => {
		const { clock, addMember, server } = createWorld()
		const alice = addMember('alice').start()
		await clock.run(10_000)
		alice.pageGoes()
		expect(server.beacons).toEqual([])
		alice.write('a')
		await clock.run(1_200)
		alice.pageGoes()
		expect(server.beacons).toMatchObject([{ who: 'alice', base: server.version }])
		await clock.run(60_000)
		alice.write('b', 'x'.repeat(64 * 1024))
		await clock.run(1_200)
		alice.pageGoes()
		expect(server.beacons).toHaveLength(1)
	})

	it('[HK8] the page: also of whom it has only just come to, in place of what the one before wrote', async () => {
		const { clock, addMember, server, link } = createWorld()
		const [alice, bob] = [addMember('alice').start(), addMember('bob').start()]
		link(alice, bob)
		alice.write('a')
		await clock.run(60_000)
		alice.leave()
		await clock.run(4_000)
		bob.write('b')
		await clock.run(1_200)
		bob.pageGoes()
		expect(server.beacons).toMatchObject([{ who: 'bob', base: server.version }])
	})

	it('[HK8] who is not first in rank sends nothing', async () => {
		const { clock, addMember, server, writes, link } = createWorld()
		const [alice, bob] = [addMember('alice').start(), addMember('bob').start()]
		link(alice, bob)
		await clock.run(10_000)
		bob.write('b')
		await clock.run(1_200)
		bob.pageGoes()
		bob.leave()
		await settle()
		expect(server.beacons).toEqual([])
		expect(writes('bob')).toEqual([])
	})
})

describe('somebody else wrote meanwhile', () => {
	it('[HK9] theirs is merged, and both are written', async () => {
		const { clock, addMember, serverDoc, server } = createWorld()
		// Two who do not see each other: each is first.
		const alice = addMember('alice').start()
		await clock.run(10_000)
		alice.leave()
		const bob = addMember('bob').start()
		await clock.run(10_000)
		alice.isHere = false
		bob.write('b')
		const theirs = new Y.Doc()
		theirs.getMap('records').set('z', 'zoe')
		server.blob = await seal.seal({ update: Y.encodeStateAsUpdate(theirs), atMs: 1 }, server.version + 1, 1e6)
		server.version++
		await clock.run(60_000)
		expect(server.log.filter(({ what }) => what === 'stale')).toHaveLength(1)
		expect(serverDoc()).toEqual({ b: 'bob', z: 'zoe' })
		expect(bob.doc.getMap('records').toJSON()).toEqual({ b: 'bob', z: 'zoe' })
	})

	it('[HK9] for ever: it gives up for now, and tries again', async () => {
		const { clock, addMember, server, serverDoc } = createWorld()
		const alice = addMember('alice').start()
		await clock.run(10_000)
		server.beforeWrite = () => {
			server.version++
			server.blob = null
		}
		alice.write('a')
		await clock.run(50_000)
		const stale = server.log.filter(({ what }) => what === 'stale').length
		expect(stale).toBeGreaterThan(1)
		expect(stale).toBeLessThan(20)
		server.beforeWrite = () => undefined
		await clock.run(120_000)
		expect(serverDoc()).toEqual({ a: 'alice' })
	})
})

describe('what does not open', () => {
	const withBlob = (world: ReturnType<typeof createWorld>, ...bytes: number[]) => {
		world.server.blob = new Uint8Array([...bytes, ...new Uint8Array(40)])
	}
	it('[HK10] damaged: it is told once, nothing is lost, and ours takes its place', async () => {
		const world = createWorld()
		const { clock, addMember, serverDoc } = world
		withBlob(world, 1)
		const alice = addMember('alice').start()
		alice.write('a')
		await clock.run(300_000)
		expect(alice.told).toEqual([historyWords().damaged])
		expect(serverDoc()).toEqual({ a: 'alice' })
		expect(alice.restored).toEqual([])
	})

	it('[HK10] of a newer version: it is told, and never written over', async () => {
		const world = createWorld()
		const { clock, addMember, writes } = world
		withBlob(world, 255)
		const alice = addMember('alice').start()
		alice.write('a')
		await clock.run(600_000)
		expect(alice.told).toEqual([historyWords().newer])
		expect(writes()).toEqual([])
	})

	it('[HK10] too slow for this machine: it is told, and not written over', async () => {
		const { clock, addMember, server, writes } = createWorld()
		const theirs = new Y.Doc()
		theirs.getMap('records').set('z', 'zoe')
		server.blob = await seal.seal({ update: Y.encodeStateAsUpdate(theirs), atMs: 1 }, server.version, 1e6)
		const alice = addMember('alice')
		alice.fault = 'too-slow'
		alice.start()
		alice.write('a')
		await clock.run(250_000)
		expect(alice.told).toEqual([historyWords().damaged])
		expect(writes()).toEqual([])
		alice.fault = null
		await clock.run(400_000)
		expect(alice.doc.getMap('records').toJSON()).toEqual({ a: 'alice', z: 'zoe' })
	})
})

describe('what does not fit', () => {
	it('[HK11] of one room: operators are told once, with the sizes; the last that fitted stays', async () => {
		const { clock, addMember, serverDoc, link } = createWorld()
		const [alice, bob] = [
			addMember('alice', { maxBytes: 100_000 }).start(),
			addMember('bob', { maxBytes: 100_000, myRole: 'member' }).start(),
		]
		link(alice, bob)
		alice.write('a')
		await clock.run(60_000)
		alice.write('b', 'x'.repeat(200_000))
		await clock.run(1_200_000)
		expect(alice.told).toEqual([expect.stringMatching(/0\.2 MB sealed, 0\.1 MB fit/)])
		expect(bob.told).toEqual([])
		expect(serverDoc()).toEqual({ a: 'alice' })
		alice.doc.getMap('records').delete('b')
		await clock.run(400_000)
		alice.write('c')
		await clock.run(400_000)
		expect(serverDoc()).toEqual({ a: 'alice', c: 'alice' })
	})

	it('[HK11] of all together, or at a server that keeps none: told once, in words', async () => {
		for (const [type, words] of [
			['full', historyWords().full],
			['not-offered', historyWords().notOffered],
		] as const) {
			const { clock, addMember, server } = createWorld()
			const alice = addMember('alice').start()
			await clock.run(10_000)
			server.refusal = { type }
			alice.write('a')
			await clock.run(1_200_000)
			expect(alice.told).toEqual([words])
		}
	})

	it('[HK11] a server that is away is asked again, ever more seldom, and then has it', async () => {
		const { clock, addMember, server, serverDoc } = createWorld()
		server.refusal = { type: 'later', afterMs: 0 }
		const alice = addMember('alice').start()
		alice.write('a')
		await clock.run(600_000)
		expect(server.log.length).toBeLessThan(18)
		expect(alice.told).toEqual([])
		server.refusal = null
		await clock.run(120_000)
		expect(serverDoc()).toEqual({ a: 'alice' })
	})
})

describe('the rule', () => {
	it('[HK12] switched on, the server is told to keep a history by whoever may say so', async () => {
		const { clock, addMember, server, serverDoc } = createWorld()
		server.isKept = false
		const bob = addMember('bob', { isOn: false, myRole: 'member' }).start()
		await clock.run(1_000)
		bob.write('b')
		bob.changeRoom({ keepsHistory: true })
		await clock.run(120_000)
		expect(bob.orders).toEqual([])
		bob.leave()
		const alice = addMember('alice', { isOn: false, myRole: 'operator' }).start()
		alice.write('a')
		alice.changeRoom({ keepsHistory: true })
		await clock.run(20_000)
		expect(alice.orders).toEqual(['keep-history'])
		expect(serverDoc()).toEqual({ a: 'alice' })
	})

	it('[HK12] switched off, it is told to drop it at once, also where that happened while one was away', async () => {
		const { clock, addMember, writes } = createWorld()
		const alice = addMember('alice').start()
		alice.write('a')
		await clock.run(60_000)
		alice.changeRoom({ keepsHistory: false })
		await clock.run(3_000)
		expect(alice.orders).toEqual(['drop-history'])
		const count = writes().length
		alice.write('b')
		await clock.run(60_000)
		expect(writes()).toHaveLength(count)
		const bob = addMember('bob', { isOn: false, myRole: 'operator' })
		bob.kept = true
		bob.start()
		await clock.run(3_000)
		expect(bob.orders).toEqual(['drop-history'])
		expect(bob.kept).toBe(false)
	})

	it('[HK12] switched off, only who may say so orders it, and nobody sends what was made ready', async () => {
		const { clock, addMember, server, writes, link } = createWorld()
		const alice = addMember('alice', { myRole: 'member' }).start()
		const bob = addMember('bob', { myRole: 'operator' }).start()
		link(alice, bob)
		alice.write('a')
		await clock.run(60_000)
		alice.write('b')
		await clock.run(1_200)
		// At the same moment for both, before the order has gone out.
		for (const member of [alice, bob]) member.changeRoom({ keepsHistory: false })
		alice.pageGoes()
		expect(server.beacons).toEqual([])
		const count = writes().length
		await clock.run(600_000)
		expect([alice.orders, bob.orders]).toEqual([[], ['drop-history']])
		alice.pageGoes()
		alice.leave()
		bob.leave()
		await settle()
		expect(server.beacons).toEqual([])
		expect(writes()).toHaveLength(count)
	})

	it('[HK12] a write under way while it is dropped finds none, and does not bring it back', async () => {
		const { clock, addMember, server, writes } = createWorld()
		const alice = addMember('alice').start()
		await clock.run(40_000)
		server.beforeWrite = () => {
			// Dropped by an operator elsewhere, between what was made ready and its arrival.
			server.isKept = false
			alice.changeRoom({ keepsHistory: false })
		}
		const count = writes().length
		alice.write('a')
		await clock.run(120_000)
		expect(writes()).toHaveLength(count)
		expect(alice.orders).toEqual(['drop-history'])
		expect(server.isKept).toBe(false)
	})

	it('[HK12] off for a moment only, while records come in, takes nothing off the server', async () => {
		const { clock, addMember } = createWorld()
		const alice = addMember('alice').start()
		await clock.run(10_000)
		alice.changeRoom({ keepsHistory: false })
		await clock.run(1_000)
		alice.changeRoom({ keepsHistory: true })
		await clock.run(60_000)
		expect(alice.orders).toEqual([])
	})
})

describe('coming alone', () => {
	it('[HK13] with nothing, one asks, merges what is there, and learns when it was kept', async () => {
		const { clock, addMember, server } = createWorld()
		const theirs = new Y.Doc()
		theirs.getMap('records').set('z', 'zoe')
		server.blob = await seal.seal({ update: Y.encodeStateAsUpdate(theirs), atMs: 77 }, server.version, 1e6)
		const alice = addMember('alice', { isOn: false, myRole: 'member' })
		alice.room.isBlank = true
		alice.start()
		await clock.run(100)
		expect(alice.doc.getMap('records').toJSON()).toEqual({ z: 'zoe' })
		expect(alice.restored).toEqual([77])
	})

	it('[HK13] in a room that keeps none one asks once', async () => {
		const { clock, addMember, server } = createWorld()
		server.isKept = false
		const alice = addMember('alice', { isOn: false, myRole: 'member' })
		alice.room.isBlank = true
		alice.start()
		await clock.run(600_000)
		expect(server.log.map(({ what }) => what)).toEqual(['read'])
		expect(alice.told).toEqual([])
	})

	it('[HK13] while the server is busy one asks again, until somebody came', async () => {
		const { clock, addMember, server } = createWorld()
		server.refusal = { type: 'later', afterMs: 7_000 }
		const alice = addMember('alice', { isOn: false, myRole: 'member' })
		alice.room.isBlank = true
		alice.start()
		await clock.run(20_000)
		const asked = server.log.length
		expect(asked).toBeGreaterThan(1)
		alice.changeRoom({ isBlank: false })
		await clock.run(300_000)
		expect(server.log.length).toBeLessThanOrEqual(asked + 1)
	})
})
