/**
 * One server as several processes, over a real Redis and a real PostgreSQL: people are spread over them, processes stop
 * and start, Redis dies, stands still and forgets.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { RoomId } from '#lib/core/units.ts'
import { encodeRelayFrame } from '#lib/protocol/relay.ts'
import { SIGNALING_VERSION } from '#lib/protocol/signaling.ts'
import { GOOD_PASSWORD, createAccountClient } from '../support/account-client.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'
import { startBalancer, startProcess, type Balancer, type ServerProcess } from '../support/processes.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'
import {
	ask,
	askTicket,
	audienceOf,
	joinRoom,
	newPeerId,
	newPerson,
	newRoomId,
	newTicket,
	openSocket,
	send,
	type Joined,
	type Person,
} from '../support/ws-client.ts'

const PASSWORD = 'canary-of-redis'
const METRICS_TOKEN = 'a-token-of-the-operator'
/** Whole again within this after Redis is back. */
const WHOLE_MS = 5_000

let redis: TestRedis
let postgres: TestPostgres
let env: Record<string, string>
let processes: ServerProcess[]
let one: ServerProcess
let two: ServerProcess
const cleanups: (() => Promise<unknown>)[] = []

beforeAll(async () => {
	;[redis, postgres] = await Promise.all([startRedis([], PASSWORD), startPostgres()])
	env = {
		DATABASE_URL: await postgres.newDatabase(),
		REDIS_URL: redis.url,
		LOG_LEVEL: 'trace',
		METRICS_TOKEN,
		TRUSTED_PROXIES: '127.0.0.1',
	}
	processes = [await startProcess(env), await startProcess(env)]
	;[one, two] = processes as [ServerProcess, ServerProcess]
}, 120_000)
afterEach(async () => {
	for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
	redis.thaw()
	await redis.start()
})
afterAll(async () => {
	for (const process of processes) await process.close()
	await Promise.all([redis.close(), postgres.close()])
})

const relay = (from: Joined, to: readonly Joined[], text: string): void =>
	from.ws.send(encodeRelayFrame(to.map(({ peer }) => ({ to: peer, bytes: Buffer.from(text) }))))
const heardBy = (member: Joined): string[] =>
	member.deliveries.map(({ bytes }) => Buffer.from(bytes).toString())
const rosterOf = async (url: string, room: RoomId): Promise<string[]> => {
	const looker = await joinRoom(url, room, { name: 'Looker' })
	const names = looker.joined.roster.map(({ name }) => name)
	looker.send({ type: 'leave' })
	await looker.closed
	return names.sort()
}
const sees = (looker: Joined, who: Joined) =>
	expect
		.poll(
			() =>
				looker.joined.roster.some(({ peer }) => peer === who.peer) ||
				looker.inbox.some((message) => message.type === 'peer-joined' && message.entry.peer === who.peer),
			{ timeout: 60_000, interval: 20 },
		)
		.toBe(true)
/** Signal and relay frame, both ways. */
const exchange = async (a: Joined, b: Joined): Promise<void> => {
	for (const [from, to] of [
		[a, b],
		[b, a],
	] as const) {
		const text = newRoomId()
		from.send({ type: 'signal', to: to.peer, data: text })
		expect((await to.next('signal', 10_000)).data).toBe(text)
		relay(from, [to], text)
		await expect.poll(() => heardBy(to), { timeout: 60_000 }).toContain(text)
	}
}
const readiness = (process: ServerProcess) => ask(`${process.url}/readyz`)
const metric = async ({ url }: ServerProcess, name: string): Promise<number> => {
	const text = await (
		await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${METRICS_TOKEN}` } })
	).text()
	return Number(new RegExp(`^${name.replaceAll(/[{}]/g, '\\$&')} (.*)$`, 'm').exec(text)?.[1] ?? NaN)
}
const register = (url: string, owner: Person, room: RoomId) =>
	send(`${url}/api/rooms/${room}`, 'PUT', {
		root: 'c2VhbGVk',
		token: owner.token,
		owner: {
			jwk: owner.jwk,
			subject: owner.subject,
			signature: owner.prove(`matinee-room-owner-1|${room}|${owner.subject}`),
		},
	})
const signOrder = async (url: string, by: Person, room: RoomId, order: unknown) => {
	const atMs = Date.now()
	const text = JSON.stringify(order)
	const proof = by.prove(`matinee-order-1|${await audienceOf(url)}|${room}|${String(atMs)}|${text}`)
	return { token: by.token, atMs, order: text, proof }
}

describe('people at two processes', () => {
	it('[BU11, BU12] see each other, and signals and relay frames arrive', async () => {
		const room = newRoomId()
		const alice = await joinRoom(one.url, room, { name: 'Alice' })
		const bob = await joinRoom(two.url, room, { name: 'Bob' })
		expect((await alice.next('peer-joined')).entry.name).toBe('Bob')
		expect((await bob.next('peer-joined')).entry.name).toBe('Alice')
		await exchange(alice, bob)
		bob.send({ type: 'leave' })
		expect(await alice.next('peer-left')).toMatchObject({ peer: bob.peer, why: 'left' })
		expect(await metric(one, 'matinee_bus_up')).toBe(1)
		expect(await metric(one, 'matinee_bus_processes')).toBe(1)
		expect(await metric(one, 'matinee_joins_total')).toBeGreaterThan(0)
		expect(await metric(one, 'matinee_http_requests_total{status="200"}')).toBeGreaterThan(0)
		expect(await metric(one, 'process_resident_memory_bytes')).toBeGreaterThan(1e7)
	})

	it('[BU8] a ticket of one process is good once, at whichever it is shown', async () => {
		const room = newRoomId()
		const person = await newPerson(one.url)
		const peer = newPeerId()
		const ticket = await newTicket(one.url, person, room, peer)
		const show = async (url: string) => {
			const socket = await openSocket(url)
			socket.send({ type: 'join', v: SIGNALING_VERSION, room, peer, ticket })
			return Promise.race([
				socket.next('joined', 10_000).then(() => 'joined'),
				socket.closed.then(({ code }) => code),
			])
		}
		expect(await show(two.url)).toBe('joined')
		expect([await show(one.url), await show(two.url)]).toEqual([4003, 4003])
	})

	it('[BU14] the same peer coming to another process closes its old socket there', async () => {
		const room = newRoomId()
		const alice = await joinRoom(one.url, room)
		const bob = await joinRoom(one.url, room)
		const again = await joinRoom(two.url, room, { person: bob.person, peer: bob.peer })
		expect((await bob.closed).code).toBe(4006)
		await exchange(alice, again)
		expect(alice.inbox.filter(({ type }) => type === 'peer-left')).toEqual([])
	})

	it('[BU9] wrong passwords count together', async () => {
		await createAccountClient(one.url).signUp('several', GOOD_PASSWORD)
		const statuses: number[] = []
		for (let n = 0; n < 6; n++) {
			const client = createAccountClient((n % 2 === 0 ? one : two).url)
			statuses.push((await client.signIn('several', `not the password ${String(n)}`)).status)
		}
		expect(statuses).toEqual([401, 401, 401, 401, 401, 429])
	}, 60_000)

	it('[BU18] who is removed at one process is closed at the other, and an order counts at one of them', async () => {
		const room = newRoomId()
		const owner = await newPerson(one.url, 'Owner')
		expect((await register(one.url, owner, room)).status).toBe(201)
		const alice = await joinRoom(one.url, room, { person: owner })
		const bob = await joinRoom(two.url, room)
		await alice.next('peer-joined')
		const order = await signOrder(one.url, owner, room, { type: 'remove', subject: bob.person.subject })
		expect((await send(`${one.url}/api/rooms/${room}/orders`, 'POST', order)).status).toBe(200)
		expect((await bob.closed).code).toBe(4010)
		expect(await alice.next('peer-left')).toMatchObject({ peer: bob.peer })
		expect((await askTicket(two.url, bob.person, room, newPeerId())).status).toBe(403)
		const again = await send(`${two.url}/api/rooms/${room}/orders`, 'POST', order)
		expect([again.status, again.body['error']]).toEqual([401, 'bad-proof'])
	})
})

describe('a Redis that', () => {
	it.each([
		['is killed and started again', { begin: () => redis.kill(), end: () => redis.start() }],
		['stands still', { begin: async () => redis.freeze(), end: async () => redis.thaw() }],
	])(
		'[BU4, BU6, BU16] %s ends no process, disturbs no room of one process, and those of two are whole within 5 s',
		async (_what, { begin, end }) => {
			const [room, ownRoom] = [newRoomId(), newRoomId()]
			const [alice, bob] = [
				await joinRoom(one.url, room, { name: 'Alice' }),
				await joinRoom(two.url, room, { name: 'Bob' }),
			]
			const [carol, dave] = [await joinRoom(one.url, ownRoom), await joinRoom(one.url, ownRoom)]
			await sees(alice, bob)
			await sees(bob, alice)
			await exchange(alice, bob)
			const logBefore = processes.map((process) => process.output().length)

			await begin()
			await exchange(carol, dave)
			for (const process of processes)
				await expect
					.poll(() => readiness(process), { timeout: 60_000, interval: 200 })
					.toMatchObject({ status: 503, body: { status: 'not-ready', reasons: ['bus'] } })
			await exchange(carol, dave)
			expect(await metric(one, 'matinee_bus_up')).toBe(0)
			// What cannot cross is refused, so that a link knows.
			relay(alice, [bob], 'lost')
			expect(await alice.next('refused')).toMatchObject({ why: 'no-such-peer', peer: bob.peer })
			// People come, go and come back meanwhile.
			const erin = await joinRoom(one.url, room, { name: 'Erin' })
			expect(alice.isOpen() && bob.isOpen()).toBe(true)

			await end()
			const backMs = performance.now()
			await expect
				.poll(
					() =>
						bob.inbox.some((message) => message.type === 'peer-joined' && message.entry.peer === erin.peer),
					{
						timeout: 60_000,
						interval: 50,
					},
				)
				.toBe(true)
			const tookMs = performance.now() - backMs
			await exchange(alice, bob)
			await exchange(erin, bob)
			expect(tookMs).toBeLessThan(WHOLE_MS)
			expect(await rosterOf(two.url, room)).toEqual(['Alice', 'Bob', 'Erin'])

			for (const [index, process] of processes.entries()) {
				expect(process.isRunning()).toBe(true)
				expect((await readiness(process)).status).toBe(200)
				const lines = process.output().slice(logBefore[index]).split('\n')
				expect(lines.filter((line) => line.includes('Redis is away'))).toHaveLength(1)
				expect(lines.filter((line) => line.includes('Redis is back'))).toHaveLength(1)
			}
			for (const member of [alice, bob, carol, dave])
				expect(member.inbox.filter(({ type }) => type === 'peer-left')).toHaveLength(
					// The looker, seen by the members of its room.
					member === alice || member === bob ? 1 : 0,
				)
		},
		90_000,
	)

	it('[BU6] is flushed changes nothing for anybody', async () => {
		const room = newRoomId()
		const [alice, bob] = [await joinRoom(one.url, room), await joinRoom(two.url, room)]
		await sees(alice, bob)
		await sees(bob, alice)
		await redis.command('FLUSHALL')
		await exchange(alice, bob)
		expect((await readiness(one)).body).toEqual({ status: 'ready' })
	})

	it('[BU18] was away while somebody was removed: it is made up for as soon as it is back', async () => {
		const room = newRoomId()
		const owner = await newPerson(one.url, 'Owner')
		await register(one.url, owner, room)
		const bob = await joinRoom(two.url, room)
		await redis.kill()
		const order = await signOrder(one.url, owner, room, { type: 'remove', subject: bob.person.subject })
		expect((await send(`${one.url}/api/rooms/${room}/orders`, 'POST', order)).status).toBe(200)
		expect(bob.isOpen()).toBe(true)
		await redis.start()
		expect((await bob.closed).code).toBe(4010)
	}, 60_000)
})

it('[BU15] members of a process that is killed come to the other under their own ids, and have never left', async () => {
	const room = newRoomId()
	const third = await startProcess(env)
	cleanups.push(() => third.close())
	const alice = await joinRoom(one.url, room)
	const bob = await joinRoom(third.url, room)
	const carol = await joinRoom(third.url, room)
	await alice.next('peer-joined')
	await alice.next('peer-joined')
	await third.stop('SIGKILL')
	expect((await bob.closed).code).toBe(1006)
	relay(alice, [bob], 'x')
	expect(await alice.next('refused')).toMatchObject({ why: 'no-such-peer', peer: bob.peer })
	const again = await joinRoom(two.url, room, { person: bob.person, peer: bob.peer })
	await sees(alice, again)
	await exchange(alice, again)
	// Nobody brings carol back.
	expect(await alice.next('peer-left', 30_000)).toMatchObject({ peer: carol.peer, why: 'timeout' })
	expect(alice.inbox.filter(({ type }) => type === 'peer-left')).toEqual([])
}, 90_000)

describe('behind nginx, by the example in deploy/', () => {
	const balance = async (members: readonly ServerProcess[]): Promise<Balancer> => {
		const balancer = await startBalancer(members)
		cleanups.push(() => balancer.nginx.close())
		return balancer
	}
	const joinBy = async ({ url }: Balancer, room: RoomId, known?: Joined): Promise<Joined> => {
		const person = known?.person ?? (await newPerson(url))
		const peer = known?.peer ?? newPeerId()
		const ticket = await newTicket(url, person, room, peer)
		const socket = await openSocket(url, `/ws?room=${room.slice(0, 6)}`)
		socket.send({ type: 'join', v: SIGNALING_VERSION, room, peer, ticket })
		const joined = await socket.next('joined', 10_000)
		return { ...socket, peer, room, person, joined, clock: () => Promise.reject(new Error('not here')) }
	}

	it('[BU10, BU13] of four processes each has its rooms whole, and next to nothing crosses', async () => {
		const more = [await startProcess(env), await startProcess(env)]
		cleanups.push(async () => {
			for (const process of more) await process.close()
		})
		const all = [...processes, ...more]
		const balancer = await balance(all)
		const metrics = (name: string) => Promise.all(all.map((process) => metric(process, name)))
		const before = await metrics('matinee_members')
		const splitBefore = await metrics('matinee_rooms_split')
		const rooms = Array.from({ length: 16 }, newRoomId)
		const members = new Map<RoomId, Joined[]>()
		for (const room of rooms) members.set(room, [await joinBy(balancer, room), await joinBy(balancer, room)])
		for (const [a, b] of members.values()) if (a !== undefined && b !== undefined) await exchange(a, b)
		const after = await metrics('matinee_members')
		const share = after.map((count, index) => count - (before[index] ?? 0))
		expect(share.reduce((sum, count) => sum + count, 0)).toBe(32)
		expect(share.filter((count) => count > 0).length).toBeGreaterThan(1)
		// None of these rooms; sockets of the tests before may still be there.
		for (const [index, count] of (await metrics('matinee_rooms_split')).entries())
			expect(count).toBeLessThanOrEqual(splitBefore[index] ?? 0)
		expect(await metrics('matinee_bus_processes')).toEqual([3, 3, 3, 3])
		// Any other way is right too.
		const [room = newRoomId()] = rooms
		const [alice] = members.get(room) ?? []
		for (const process of all) {
			const stray = await joinRoom(process.url, room)
			if (alice === undefined) continue
			await sees(alice, stray)
			await exchange(alice, stray)
		}
	}, 120_000)

	it('[BU19] restarted one after the other: everybody comes back by 1012, and no frame between two who are joined is lost', async () => {
		const balancer = await balance(processes)
		const rooms = Array.from({ length: 6 }, newRoomId)
		/** Who is joined now, for each seat. */
		const seats: { room: RoomId; member: Joined; comings: number; codes: number[] }[] = []
		let isOver = false
		const returns: Promise<void>[] = []
		const strays: RoomId[] = []
		const stayIn = (seat: (typeof seats)[number]): Promise<void> =>
			seat.member.closed.then(async ({ code }) => {
				if (isOver) return
				seat.codes.push(code)
				for (let tries = 0; tries < 100; tries++) {
					const member = await joinBy(balancer, seat.room, seat.member).catch(() => null)
					if (member !== null) {
						seat.member = member
						seat.comings++
						returns.push(stayIn(seat))
						return
					}
					await new Promise((resolve) => setTimeout(resolve, 100))
				}
				strays.push(seat.room)
			})
		for (const room of rooms)
			for (let n = 0; n < 3; n++) {
				const seat = { room, member: await joinBy(balancer, room), comings: 0, codes: [] }
				seats.push(seat)
				returns.push(stayIn(seat))
			}

		/** Each frame with the two sockets it went between. */
		const sent: { text: string; from: Joined; to: Joined; atMs: number }[] = []
		const closedAtMs = new Map<Joined, number>()
		const seen = new Set<Joined>()
		let count = 0
		const talk = setInterval(() => {
			for (const { room, member } of seats) {
				if (!seen.has(member)) {
					seen.add(member)
					void member.closed.then(() => closedAtMs.set(member, performance.now()))
				}
				for (const other of seats) {
					if (other.room !== room || other.member === member || !member.isOpen() || !other.member.isOpen())
						continue
					const text = `${String(++count)}`
					sent.push({ text, from: member, to: other.member, atMs: performance.now() })
					relay(member, [other.member], text)
				}
			}
		}, 100)

		for (const process of processes) {
			const stopping = process.stop()
			const { code, tookMs } = await stopping
			expect(code).toBe(0)
			expect(tookMs).toBeLessThan(5_500)
			await process.start()
			// Whoever restarts processes waits for the next one to be ready, and a moment for people to settle.
			await expect
				.poll(() => seats.every(({ member }) => member.isOpen()), { timeout: 60_000, interval: 100 })
				.toBe(true)
			await new Promise((resolve) => setTimeout(resolve, 1_000))
		}
		clearInterval(talk)
		await new Promise((resolve) => setTimeout(resolve, 2_000))
		isOver = true
		expect(strays).toEqual([])
		expect(new Set(seats.flatMap(({ codes }) => codes))).toEqual(new Set([1012]))

		/** Joined, both, from half a second before until half a second after. */
		const fair = sent.filter(({ from, to, atMs }) =>
			[from, to].every((member) => atMs < (closedAtMs.get(member) ?? Infinity) - 500),
		)
		const refusedTo = (member: Joined): Set<string> =>
			new Set(
				member.inbox.flatMap((message) =>
					message.type === 'refused' && message.peer !== undefined ? [message.peer] : [],
				),
			)
		const lost = fair.filter(
			({ text, from, to }) => !heardBy(to).includes(text) && !refusedTo(from).has(to.peer),
		)
		expect(fair.length).toBeGreaterThan(500)
		expect(lost.map(({ text }) => text)).toEqual([])
		const unheard = fair.filter(({ text, to }) => !heardBy(to).includes(text))
		// A refusal names a peer that the other process has not told of yet: a moment after it came.
		expect(unheard.length / fair.length).toBeLessThan(0.02)
		for (const room of rooms) {
			const [a, b] = seats.filter((seat) => seat.room === room)
			if (a !== undefined && b !== undefined) await exchange(a.member, b.member)
		}
	}, 180_000)
})

describe('a process', () => {
	const fails = async (change: Record<string, string>): Promise<string> => {
		const failure = await startProcess({ ...env, ...change }).catch((error: unknown) => error)
		expect(failure).toBeInstanceOf(Error)
		const [first, ...lines] = (failure as Error).message.trimEnd().split('\n')
		expect(first).toBe('the server ended at once:')
		expect(lines).toHaveLength(1)
		return lines.join('\n')
	}

	it('[BU7] whose Redis cannot be used does not start, and says so in one line without the password', async () => {
		const { host } = new URL(redis.url)
		expect(await fails({ REDIS_URL: 'redis://:canary@127.0.0.1:1' })).toMatch(
			/^REDIS_URL: Redis cannot be used: .*ECONNREFUSED/,
		)
		const refused = await fails({ REDIS_URL: `redis://:canary@${host}` })
		expect(refused).toMatch(/^REDIS_URL: Redis cannot be used: .*WRONGPASS/)
		const wrong = await fails({ REDIS_URL: 'http://:canary@somewhere' })
		expect(wrong).toMatch(/^REDIS_URL is not usable: it must look like redis:/)
		for (const line of [refused, wrong]) expect(line).not.toContain('canary')
	}, 60_000)

	it('[BU20] is ready when store and bus answer; alive all the while', async () => {
		postgres.freeze()
		try {
			await expect
				.poll(() => readiness(one), { timeout: 60_000, interval: 300 })
				.toMatchObject({ status: 503, body: { reasons: ['store'] } })
			expect((await ask(`${one.url}/healthz`)).status).toBe(200)
		} finally {
			postgres.thaw()
		}
		await expect.poll(async () => (await readiness(one)).status, { timeout: 60_000, interval: 300 }).toBe(200)
	}, 60_000)

	it('[SG35] says nothing in all its output that is anybody else’s business', async () => {
		const room = newRoomId()
		const name = 'Canary Name'
		const address = '198.51.100.77'
		const socket = { headers: { 'x-forwarded-for': address } }
		const alice = await joinRoom(one.url, room, { name, socket })
		const bob = await joinRoom(two.url, room, { name, socket })
		await sees(alice, bob)
		await sees(bob, alice)
		const ticket = await newTicket(one.url, alice.person, room, newPeerId())
		await exchange(alice, bob)
		const client = createAccountClient(one.url)
		const password = 'canary of a password'
		await client.signUp('canaryuser', password)
		await client.signIn('canaryuser', `${password} that is wrong`)
		alice.send('canary of nonsense')
		await redis.kill()
		await expect.poll(async () => (await readiness(one)).status, { timeout: 60_000 }).toBe(503)
		await send(`${one.url}/api/tickets`, 'POST', { token: alice.person.token, canary: room })
		await redis.start()
		await expect.poll(async () => (await readiness(one)).status, { timeout: 60_000 }).toBe(200)
		for (const process of processes) {
			const output = process.output()
			expect(output).toContain('Redis is away')
			for (const secret of [room, alice.person.token, ticket, PASSWORD, METRICS_TOKEN, address, alice.peer])
				expect(output).not.toContain(secret)
			for (const word of ['canary', 'Canary', room.slice(0, 6), alice.person.jwk.x])
				expect(output).not.toContain(word)
		}
	}, 60_000)
})
