/**
 * Hubs of several processes over one bus: what people in a room are told, and what that costs between processes.
 */
import { afterEach, describe, expect, it } from 'vitest'
import type { DeviceId, PeerId, RoomId, SubjectId } from '#lib/core/units.ts'
import type { RosterEntry, ServerMessage } from '#lib/protocol/signaling.ts'
import { createHub, LEAVE_GRACE_MS, type HubEvent, type HubSend } from '../hub.ts'
import type { RemovalNote } from '../elsewhere.ts'
import { BEAT_INTERVAL_MS, createExchange, PROCESS_GONE_MS } from './exchange.ts'
import { createMemoryBroker, type MemoryBroker } from './memory.ts'
import type { Bus, ProcessId } from './bus.ts'

const idOf = (name: string, last = 'A'): string => `${name.padEnd(21, '_')}${last}`
const room = idOf('room') as RoomId
const entry = (name: string, change: Partial<RosterEntry> = {}): RosterEntry => ({
	peer: idOf(name) as PeerId,
	device: idOf(`${name}-device`) as DeviceId,
	subject: `g_${name}` as SubjectId,
	name,
	...change,
})
const alice = entry('alice')
const bob = entry('bob')
const charlie = entry('charlie')

interface Sight {
	readonly messages: ServerMessage[]
	readonly frames: string[]
	closed: string | null
}

let nowMs = 1_000_000
const settle = async () => {
	// Publishing, hearing and answering are some turns of their own each.
	for (let n = 0; n < 40; n++) await Promise.resolve()
}

const newWorld = (limits = { rosterEntries: 100, socketsPerSubject: 20 }) => {
	const broker = createMemoryBroker(() => nowMs, true)
	/** What went over the bus, by channel; beats left out. */
	const wire: { channel: string; text: string }[] = []
	let lose: (channel: string, text: string) => boolean = () => false

	const watched = (bus: Bus): Bus => ({
		...bus,
		publish: (channel, bytes) => {
			const text = Buffer.from(bytes).toString('latin1')
			if (!text.includes('"type":"beat"')) wire.push({ channel, text })
			return lose(channel, text) ? Promise.resolve(1) : bus.publish(channel, bytes)
		},
	})

	let sockets = 0
	const newProcess = async (name: string) => {
		const self = idOf(name) as ProcessId
		const hub = createHub(limits, self)
		const bus = watched(broker.connect())
		const sights = new Map<number, Sight>()
		const removals: RemovalNote[] = []
		let backs = 0
		const dispatch = (sends: readonly HubSend[]): void => {
			for (const send of sends) {
				if (send.type === 'publish') exchange.publish(send)
				else if (send.type === 'message')
					for (const socket of send.to) sights.get(socket)?.messages.push(send.message)
				else if (send.type === 'bytes')
					sights.get(send.socket)?.frames.push(Buffer.from(send.bytes).toString('latin1'))
				else {
					const sight = sights.get(send.socket)
					if (sight !== undefined) sight.closed = send.close
					dispatch(hub.handle({ type: 'gone', socket: send.socket, why: 'closed' }, nowMs))
				}
			}
		}
		const exchange = createExchange({
			bus,
			self,
			nowMs: () => nowMs,
			membersOf: hub.membersOf,
			onRemote: (event) => dispatch(hub.handle(event, nowMs)),
			onRemoval: (note) => {
				removals.push(note)
				if (note.isRemoved)
					dispatch(hub.handle({ type: 'expel', room: note.room, subject: note.subject }, nowMs))
			},
			onBack: () => void backs++,
		})
		await exchange.start()
		let isDead = false
		let isFrozen = false
		const process = {
			self,
			hub,
			exchange,
			removals,
			backs: () => backs,
			do: async (event: HubEvent) => {
				dispatch(hub.handle(event, nowMs))
				await settle()
			},
			join: async (who: RosterEntry) => {
				const socket = ++sockets
				const sight: Sight = { messages: [], frames: [], closed: null }
				sights.set(socket, sight)
				await process.do({ type: 'join', socket, room, entry: who })
				return {
					socket,
					...sight,
					closed: () => sight.closed,
					/** Who is there, by all that was said so far. */
					sees: (): string[] => {
						const there = new Set<string>()
						for (const message of sight.messages) {
							if (message.type === 'joined') for (const { name } of message.roster) there.add(name)
							if (message.type === 'peer-joined') there.add(message.entry.name)
							if (message.type === 'peer-left')
								for (const { peer, name } of [alice, bob, charlie, ...extras])
									if (peer === message.peer) there.delete(name)
						}
						return [...there].sort()
					},
					signal: (to: RosterEntry, data: string) =>
						process.do({ type: 'signal', socket, to: to.peer, data }),
					relay: (to: RosterEntry, text: string) =>
						process.do({
							type: 'relay',
							socket,
							deliveries: [{ to: to.peer, frame: Buffer.from(text, 'latin1') }],
						}),
					lose: () => process.do({ type: 'gone', socket, why: 'lost' }),
					leave: () => process.do({ type: 'leave', socket }),
				}
			},
			tick: () => {
				if (isDead || isFrozen) return
				exchange.tick(nowMs)
				dispatch(hub.handle({ type: 'tick' }, nowMs))
			},
			/** Its timers do not run; what it hears it would hear late. */
			freeze: (is: boolean) => void (isFrozen = is),
			/** As a SIGKILL: nothing more comes from it. */
			die: async () => {
				isDead = true
				await bus.close()
			},
		}
		processes.push(process)
		return process
	}
	const processes: { tick(): void }[] = []
	const extras: RosterEntry[] = []
	return {
		broker,
		wire,
		extras,
		newProcess,
		loseWhen: (fn: typeof lose) => void (lose = fn),
		pass: async (ms: number) => {
			for (const endMs = nowMs + ms; nowMs < endMs;) {
				nowMs = Math.min(endMs, nowMs + BEAT_INTERVAL_MS)
				for (const { tick } of processes) tick()
				await settle()
			}
		},
	}
}
const refusals = (messages: readonly ServerMessage[]) =>
	messages.flatMap((message) => (message.type === 'refused' ? [[message.why, message.peer]] : []))

let broker: MemoryBroker | null = null
afterEach(() => broker?.setState('up'))

describe('a room at two processes', () => {
	it('[BU11] everybody sees everybody, whoever came first, and who leaves is gone everywhere', async () => {
		const world = newWorld()
		const [one, two] = [await world.newProcess('one'), await world.newProcess('two')]
		const a = await one.join(alice)
		const b = await two.join(bob)
		const c = await one.join(charlie)
		expect([a.sees(), b.sees(), c.sees()]).toEqual([
			['bob', 'charlie'],
			['alice', 'charlie'],
			['alice', 'bob'],
		])
		await c.leave()
		expect([a.sees(), b.sees()]).toEqual([['bob'], ['alice']])
		expect(b.messages.at(-1)).toEqual({ type: 'peer-left', peer: charlie.peer, why: 'left' })
	})

	it('[BU11] who loses the socket may come back within 10 s, to the same process or another, and has never left', async () => {
		const world = newWorld()
		const [one, two] = [await world.newProcess('one'), await world.newProcess('two')]
		const a = await one.join(alice)
		let b = await two.join(bob)
		for (const process of [two, one, two]) {
			await b.lose()
			// Meanwhile it is out of reach and hidden from newcomers, but has not left.
			await a.signal(bob, 'x')
			expect(refusals(a.messages).at(-1)).toEqual(['no-such-peer', bob.peer])
			const late = await one.join(charlie)
			expect(late.sees()).toEqual(['alice'])
			await late.leave()
			await world.pass(LEAVE_GRACE_MS - 2_000)
			b = await process.join(bob)
			expect(a.sees()).toEqual(['bob'])
			await a.signal(bob, 'again')
			expect(b.messages.at(-1)).toEqual({ type: 'signal', from: alice.peer, data: 'again' })
		}
		expect(a.messages.filter(({ type }) => type === 'peer-left')).toHaveLength(3) // charlie's
		await b.lose()
		await world.pass(LEAVE_GRACE_MS + 1_000)
		expect(a.messages.at(-1)).toEqual({ type: 'peer-left', peer: bob.peer, why: 'timeout' })
	})

	it('[BU11] a large part of a room comes to those at another process in parts of a roster', async () => {
		const world = newWorld()
		const [one, two] = [await world.newProcess('one'), await world.newProcess('two')]
		for (let n = 0; n < 90; n++) {
			const guest = entry(`guest${String(n)}`)
			world.extras.push(guest)
			await one.join(guest)
		}
		const b = await two.join(bob)
		expect(b.sees()).toHaveLength(90)
		expect(b.messages.length).toBeLessThanOrEqual(2)
	})

	it('[BU12] signals and relay frames go to the one process that has the recipient', async () => {
		const world = newWorld()
		const [one, two, three] = [
			await world.newProcess('one'),
			await world.newProcess('two'),
			await world.newProcess('three'),
		]
		const [a, b, c] = [await one.join(alice), await two.join(bob), await three.join(charlie)]
		world.wire.length = 0
		const bytes = String.fromCharCode(...Array.from({ length: 256 }, (_, code) => code))
		await a.signal(bob, 'hello')
		await a.relay(bob, bytes)
		await b.relay(charlie, 'x')
		expect(b.messages.at(-1)).toEqual({ type: 'signal', from: alice.peer, data: 'hello' })
		expect([a.frames, b.frames, c.frames]).toEqual([[], [bytes], ['x']])
		expect(world.wire.map(({ channel }) => channel)).toEqual([
			`process:${two.self}`,
			`process:${two.self}`,
			`process:${three.self}`,
		])
	})

	it('[BU12] what cannot be brought is refused to its sender: gone meanwhile, process dead, bus away', async () => {
		const world = newWorld()
		broker = world.broker
		const [one, two] = [await world.newProcess('one'), await world.newProcess('two')]
		const [a, b] = [await one.join(alice), await two.join(bob)]
		// The news of it is lost, so one still takes bob for there.
		world.loseWhen((_channel, text) => text.includes('"type":"left"'))
		await b.lose()
		await a.signal(bob, 'x')
		expect(refusals(a.messages)).toEqual([['no-such-peer', bob.peer]])
		await a.relay(bob, 'x')
		await a.relay(bob, 'x') // told once a second
		expect(refusals(a.messages)).toHaveLength(2)

		await two.die()
		nowMs += 1_000
		await a.relay(bob, 'x')
		expect(refusals(a.messages)).toHaveLength(3)
		world.broker.setState('away')
		await a.signal(bob, 'x')
		expect(refusals(a.messages)).toHaveLength(4)
		expect(one.exchange.counts().undeliverable).toBeGreaterThanOrEqual(4)
	})

	it('[BU13] alone at one process it costs two messages in its life', async () => {
		const world = newWorld()
		const [one, two] = [await world.newProcess('one'), await world.newProcess('two')]
		const [a, b, c] = [await one.join(alice), await one.join(bob), await one.join(charlie)]
		await a.signal(bob, 'x')
		await a.relay(bob, 'x')
		await b.lose()
		await world.pass(LEAVE_GRACE_MS + 1_000)
		for (const member of [a, c]) await member.leave()
		expect(world.wire.map(({ text }) => /"type":"(\w+)"/.exec(text)?.[1])).toEqual(['roster', 'closed'])
		expect(two.exchange.counts().framesIn).toBeLessThan(20) // beats
		expect(one.hub.splitRooms()).toBe(0)
	})

	it('[BU13] is alone again, and silent, once the other process has nobody in it', async () => {
		const world = newWorld()
		const [one, two] = [await world.newProcess('one'), await world.newProcess('two')]
		await one.join(alice)
		const b = await two.join(bob)
		expect(one.hub.splitRooms()).toBe(1)
		await b.leave()
		expect(one.hub.splitRooms()).toBe(0)
		world.wire.length = 0
		await one.join(charlie)
		expect(world.wire).toEqual([])
	})
})

describe('one peer', () => {
	it('[BU14] joining at another process takes the place of its old socket; the others are told its entry again', async () => {
		const world = newWorld()
		const [one, two] = [await world.newProcess('one'), await world.newProcess('two')]
		const a = await one.join(alice)
		const before = await one.join(bob)
		await two.join(charlie)
		nowMs += 5
		const after = await two.join(bob)
		expect([before.closed(), after.closed()]).toEqual(['replaced', null])
		expect(a.messages.filter(({ type }) => type === 'peer-left')).toEqual([])
		expect(a.messages.at(-1)).toEqual({ type: 'peer-joined', entry: bob })
		await a.signal(bob, 'x')
		expect(after.messages.at(-1)).toMatchObject({ type: 'signal', data: 'x' })
		expect(one.hub.stats().joined + two.hub.stats().joined).toBe(3)
	})

	it('[BU14] of two sockets that join at once at two processes the later stays', async () => {
		const world = newWorld()
		broker = world.broker
		const [one, two] = [await world.newProcess('one'), await world.newProcess('two')]
		await one.join(alice)
		await two.join(charlie)
		world.broker.setState('away')
		const first = await one.join(bob)
		nowMs += 1
		const second = await two.join(bob)
		world.broker.setState('up')
		await settle()
		expect([first.closed(), second.closed()]).toEqual(['replaced', null])
		await world.pass(3_000)
		expect(one.hub.stats().joined + two.hub.stats().joined).toBe(3)
	})

	it('[BU14] of two sockets in one and the same millisecond one stays, and one alone', async () => {
		const world = newWorld()
		broker = world.broker
		const [one, two] = [await world.newProcess('one'), await world.newProcess('two')]
		await one.join(alice)
		await two.join(charlie)
		world.broker.setState('away')
		const both = [await one.join(bob), await two.join(bob)]
		world.broker.setState('up')
		await settle()
		expect(both.map(({ closed }) => closed()).sort()).toEqual([null, 'replaced'])
	})

	it('[BU14] another device cannot take the peer id at another process, and of two at once the earlier keeps it', async () => {
		const world = newWorld()
		broker = world.broker
		const [one, two] = [await world.newProcess('one'), await world.newProcess('two')]
		await two.join(charlie)
		const b = await one.join(bob)
		const thief = entry('mallory', { peer: bob.peer })
		const refused = await two.join(thief)
		expect([refused.closed(), b.closed()]).toEqual(['badTicket', null])
		await b.leave()
		await one.join(alice)

		world.broker.setState('away')
		const owner = await one.join(bob)
		nowMs += 1
		const late = await two.join(thief)
		expect(late.closed()).toBeNull()
		world.broker.setState('up')
		await settle()
		expect([owner.closed(), late.closed()]).toEqual([null, 'badTicket'])
	})
})

describe('a process that ends', () => {
	it('[BU15] with a goodbye leaves its members 10 s to come to another one', async () => {
		const world = newWorld()
		const [one, two] = [await world.newProcess('one'), await world.newProcess('two')]
		const a = await one.join(alice)
		await two.join(bob)
		await two.join(charlie)
		await two.exchange.leave()
		await two.die()
		await settle()
		await a.relay(bob, 'x')
		expect(refusals(a.messages)).toEqual([['no-such-peer', bob.peer]])
		await world.pass(2_000)
		const b = await one.join(bob)
		await a.relay(bob, 'y')
		expect(b.frames).toEqual(['y'])
		expect(a.sees()).toEqual(['bob', 'charlie'])
		await world.pass(LEAVE_GRACE_MS)
		expect(a.sees()).toEqual(['bob'])
		expect(a.messages.at(-1)).toEqual({ type: 'peer-left', peer: charlie.peer, why: 'timeout' })
	})

	it('[BU15] without one is found out by its silence, and its members have 10 s from then on', async () => {
		const world = newWorld()
		const [one, two] = [await world.newProcess('one'), await world.newProcess('two')]
		const a = await one.join(alice)
		await two.join(bob)
		await world.pass(2_000)
		await two.die()
		await world.pass(PROCESS_GONE_MS + LEAVE_GRACE_MS - 2_000)
		expect(a.sees()).toEqual(['bob'])
		await world.pass(4_000)
		expect(a.sees()).toEqual([])
		expect(one.exchange.counts().processesGone).toBe(1)
		expect(one.exchange.processCount()).toBe(0)
	})

	it('[BU15] one that could not be heard because the bus was away keeps its members', async () => {
		const world = newWorld()
		broker = world.broker
		const [one, two] = [await world.newProcess('one'), await world.newProcess('two')]
		const [a, b] = [await one.join(alice), await two.join(bob)]
		world.broker.setState('away')
		await world.pass(60_000)
		world.broker.setState('up')
		await world.pass(PROCESS_GONE_MS + LEAVE_GRACE_MS)
		for (const member of [a, b])
			expect(member.messages.filter(({ type }) => type === 'peer-left')).toEqual([])
		await a.signal(bob, 'x')
		expect(b.messages.at(-1)).toMatchObject({ type: 'signal' })
		expect(one.exchange.counts()).toMatchObject({ away: 1, processesGone: 0 })
		expect(one.backs()).toBe(1)
	})
})

it('[BU15] a process that stood still itself takes nobody for gone, and tells everybody that it is there', async () => {
	const world = newWorld()
	const [one, two] = [await world.newProcess('one'), await world.newProcess('two')]
	const [a, b] = [await one.join(alice), await two.join(bob)]
	await world.pass(3_000)
	two.freeze(true)
	await world.pass(PROCESS_GONE_MS + LEAVE_GRACE_MS + 2_000)
	expect([a.sees(), b.sees()]).toEqual([[], ['alice']])
	two.freeze(false)
	await world.pass(1_000)
	expect([a.sees(), b.sees()]).toEqual([['bob'], ['alice']])
	await b.signal(alice, 'x')
	expect(a.messages.at(-1)).toMatchObject({ type: 'signal' })
	expect(two.exchange.counts().processesGone).toBe(0)
})

describe('what was missed', () => {
	it('[BU16] a lost piece of news is seen by the next one, and the whole is asked for', async () => {
		const world = newWorld()
		const [one, two] = [await world.newProcess('one'), await world.newProcess('two')]
		const a = await one.join(alice)
		const b = await two.join(bob)
		world.loseWhen((_channel, text) => text.includes('"type":"joined"') && text.includes('lost'))
		const lost = entry('lost')
		world.extras.push(lost)
		await two.join(lost)
		expect(a.sees()).toEqual(['bob'])
		await two.join(charlie)
		expect(a.sees()).toEqual(['bob', 'charlie', 'lost'])
		expect(one.exchange.counts().gaps).toBe(1)
		expect(b.sees()).toEqual(['alice', 'charlie', 'lost'])
	})

	it('[BU16] a process whose beginning was missed is asked too', async () => {
		const world = newWorld()
		const [one, two] = [await world.newProcess('one'), await world.newProcess('two')]
		const a = await one.join(alice)
		// Its first word arrives, the answer too; but what it says of itself does not.
		world.loseWhen((channel, text) => channel.startsWith('room:') && text.includes('"type":"roster"'))
		await two.join(bob)
		expect(a.sees()).toEqual([])
		world.loseWhen(() => false)
		world.broker.setState('away')
		world.broker.setState('up')
		await settle()
		expect(a.sees()).toEqual(['bob'])
	})

	it('[BU16] after the bus was away both sides are whole: who came, who went, who moved', async () => {
		const world = newWorld()
		broker = world.broker
		const [one, two] = [await world.newProcess('one'), await world.newProcess('two')]
		const a = await one.join(alice)
		const b = await two.join(bob)
		const dave = entry('dave')
		const erin = entry('erin')
		world.extras.push(dave, erin)
		const c = await two.join(charlie)
		world.broker.setState('away')
		await world.pass(20_000)
		await c.leave()
		await two.join(dave)
		await one.join(erin)
		world.broker.setState('up')
		await settle()
		expect(a.sees()).toEqual(['bob', 'dave', 'erin'])
		expect(b.sees()).toEqual(['alice', 'dave', 'erin'])
	})

	it('[BU16] frames of another version, and of nobody, are counted and left alone', async () => {
		const world = newWorld()
		const one = await world.newProcess('one')
		await one.join(alice)
		const stranger = world.broker.connect()
		const frame = (head: unknown) => Buffer.concat([Buffer.of(1), Buffer.from(JSON.stringify(head))])
		const process = idOf('stranger')
		const firstVersion = Buffer.from(JSON.stringify({ v: 1, process, content: { type: 'beat' } }))
		const bad = [
			Buffer.alloc(0),
			Buffer.from('x'),
			Buffer.from([255, 255, 255, 255, 1]),
			Buffer.from([1, 0x7b]),
			Buffer.alloc(64, 2), // a relay frame without its last id
			Buffer.concat([Buffer.of(0, 0, 0, firstVersion.length), firstVersion]),
			frame({ v: 3, process, content: { type: 'beat' } }),
			frame({ v: 2, process, content: { type: 'unheard-of' } }),
			frame({ v: 2, process: 'short', content: { type: 'bye' } }),
			frame({ v: 2, process, content: { type: 'joined', room, seq: 1 } }),
			frame({ v: 2, process, content: { type: 'relay', room, from: process, to: process } }),
		]
		for (const bytes of bad) await stranger.publish(`room:${room}`, bytes)
		await settle()
		expect(one.exchange.counts().badFrames).toBe(bad.length)
		expect(one.exchange.processCount()).toBe(0)
	})
})

it('[BU17] places count over all processes, and a member comes back into a full room', async () => {
	const world = newWorld({ rosterEntries: 2, socketsPerSubject: 20 })
	const [one, two] = [await world.newProcess('one'), await world.newProcess('two')]
	await one.join(alice)
	const b = await two.join(bob)
	expect((await one.join(charlie)).closed()).toBe('roomFull')
	expect((await one.join(bob)).closed()).toBeNull()
	expect(b.closed()).toBe('replaced')
})

describe('removals', () => {
	it('[BU18] are carried out at every process at once', async () => {
		const world = newWorld()
		const [one, two] = [await world.newProcess('one'), await world.newProcess('two')]
		const a = await one.join(alice)
		const b = await two.join(bob)
		one.exchange.tellRemoval({ room, subject: bob.subject, isRemoved: true })
		await settle()
		expect(b.closed()).toBe('removed')
		expect(refusals(b.messages)).toEqual([['removed', undefined]])
		expect(a.sees()).toEqual([])
		one.exchange.tellRemoval({ room, subject: bob.subject, isRemoved: false })
		await settle()
		expect(two.removals.map(({ isRemoved }) => isRemoved)).toEqual([true, false])
	})

	it('[BU18] while the bus is away are told as soon as it is back', async () => {
		const world = newWorld()
		broker = world.broker
		const [one, two] = [await world.newProcess('one'), await world.newProcess('two')]
		await one.join(alice)
		const b = await two.join(bob)
		world.broker.setState('away')
		one.exchange.tellRemoval({ room, subject: bob.subject, isRemoved: true })
		await settle()
		expect(b.closed()).toBeNull()
		world.broker.setState('up')
		await settle()
		expect(b.closed()).toBe('removed')
	})
})
