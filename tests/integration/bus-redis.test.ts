/**
 * The bus over a real Redis that is killed, frozen, flushed or not what it should be.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../support/app.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'
import { BusRefused, type Bus } from '../../signaling/bus/bus.ts'
import { busContract } from '../../signaling/bus/contract.ts'
import { openRedisBus } from '../../signaling/bus/redis.ts'

describe('the bus over Redis', () => {
	let redis: TestRedis
	const prefix = 'matinee-test'
	beforeAll(async () => {
		redis = await startRedis()
	})
	afterAll(() => redis.close())

	describe('that is killed', () => {
		busContract({
			connect: () => openRedisBus(redis.url, { prefix }),
			interrupt: () => redis.kill(),
			restore: () => redis.start(),
		})
	})

	describe('that stands still', () => {
		busContract({
			connect: () => openRedisBus(redis.url, { prefix }),
			interrupt: () => redis.freeze(),
			restore: () => redis.thaw(),
		})
	})

	const buses: Bus[] = []
	const open = async (url = redis.url) => {
		const bus = await openRedisBus(url, { prefix })
		buses.push(bus)
		return bus
	}
	afterEach(async () => {
		for (const bus of buses.splice(0)) await bus.close()
	})

	it('[BU6] subscriptions that Redis forgets while the connection stays are found out and made again', async () => {
		const bus = await open()
		const heard: string[] = []
		bus.on((event) => heard.push(event.type === 'message' ? Buffer.from(event.bytes).toString() : event.type))
		await bus.subscribe('room')
		await redis.command('CLIENT KILL TYPE pubsub')
		await expect.poll(() => heard, { timeout: 60_000 }).toEqual(['away', 'up'])
		expect(await bus.publish('room', Buffer.from('again'))).toBe(1)
		await expect.poll(() => heard).toContain('again')
	}, 20_000)

	it('[BU6] a Redis that is flushed keeps every subscription', async () => {
		const bus = await open()
		await bus.subscribe('room')
		expect(await bus.claim('ticket', 60_000)).toBe('first')
		await redis.command('FLUSHALL')
		expect(await bus.publish('room', Buffer.from('x'))).toBe(1)
		expect(bus.state()).toBe('up')
		expect(await bus.claim('ticket', 60_000)).toBe('first')
	})

	it('[BU6] a claim asked of a Redis that just stood still is answered within a second', async () => {
		const bus = await open()
		redis.freeze()
		try {
			const startedMs = performance.now()
			expect(await bus.claim('x', 1_000)).toBe('away')
			expect(await bus.take('y', { perSecond: 1, burst: 1 })).toBeNull()
			expect(performance.now() - startedMs).toBeLessThan(2_000)
			const lost = bus.publish('room', Buffer.from('x'))
			await expect.poll(() => bus.state(), { timeout: 60_000 }).toBe('away')
			expect(await lost).toBe(0)
		} finally {
			redis.thaw()
		}
		await expect.poll(() => bus.state(), { timeout: 60_000 }).toBe('up')
	}, 20_000)

	it('[BU7] nobody there, or a password that is wrong, is refused within seconds; the password is not said', async () => {
		await expect(open(`redis://:canary@127.0.0.1:${String(await freePort())}`)).rejects.toThrow(
			/ECONNREFUSED/,
		)
		const locked = await startRedis([], 'sesame')
		try {
			for (const password of ['canary', '']) {
				const refusal = await open(`redis://:${password}@127.0.0.1:${String(locked.port)}`).catch(
					(error: unknown) => error,
				)
				expect(refusal).toBeInstanceOf(BusRefused)
				expect((refusal as Error).message).toMatch(/WRONGPASS|NOAUTH/)
				expect((refusal as Error).message).not.toContain('canary')
			}
			expect((await open(locked.url)).state()).toBe('up')
		} finally {
			await locked.close()
		}
	})

	it('[BU7] a Redis that stands still at the start is refused after five seconds', async () => {
		redis.freeze()
		try {
			await expect(open()).rejects.toThrow(BusRefused)
		} finally {
			redis.thaw()
		}
	}, 15_000)
})
