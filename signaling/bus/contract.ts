/**
 * What every bus must do. The harness gives two or more ways to one and the same bus, and can take it away.
 */
import { afterEach, expect, it } from 'vitest'
import type { Bus, BusEvent } from './bus.ts'

export interface BusHarness {
	connect(): Promise<Bus>
	/** From now on the bus does not work for anybody. */
	interrupt(): Promise<void> | void
	restore(): Promise<void> | void
}

/** Longer than a bus takes to see that it is away, or back. */
const CHANGE_MS = 12_000

export const busContract = (harness: BusHarness): void => {
	const buses: Bus[] = []
	let isInterrupted = false
	let names = 0
	/** Nobody else's. */
	const newName = (): string => `test-${String(++names)}-${Math.random().toString(36).slice(2)}`

	const connect = async () => {
		const bus = await harness.connect()
		buses.push(bus)
		const events: BusEvent[] = []
		bus.on((event) => events.push(event))
		return {
			bus,
			events,
			heard: (channel: string): string[] =>
				events.flatMap((event) =>
					event.type === 'message' && event.channel === channel
						? [Buffer.from(event.bytes).toString('latin1')]
						: [],
				),
		}
	}
	const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1')
	const interrupt = async () => {
		isInterrupted = true
		await harness.interrupt()
		await expect.poll(() => buses.map((bus) => bus.state()), { timeout: CHANGE_MS }).not.toContain('up')
	}
	const restore = async () => {
		isInterrupted = false
		await harness.restore()
		await expect.poll(() => buses.map((bus) => bus.state()), { timeout: CHANGE_MS }).not.toContain('away')
	}

	afterEach(async () => {
		for (const bus of buses.splice(0)) await bus.close()
		if (isInterrupted) await harness.restore()
		isInterrupted = false
	})

	it('[BU1] brings bytes to every subscriber of a channel, in order, and to nobody else', async () => {
		const [alice, bob, carol] = [await connect(), await connect(), await connect()]
		const [room, other] = [newName(), newName()]
		await Promise.all([alice.bus.subscribe(room), bob.bus.subscribe(room), carol.bus.subscribe(other)])
		const all = String.fromCharCode(...Array.from({ length: 256 }, (_, code) => code))
		const sent = [all, '', ...Array.from({ length: 200 }, (_, n) => String(n))]
		const counts = await Promise.all(sent.map((text) => alice.bus.publish(room, bytes(text))))
		expect(new Set(counts)).toEqual(new Set([2]))
		await expect.poll(() => bob.heard(room)).toEqual(sent)
		await expect.poll(() => alice.heard(room)).toEqual(sent)
		expect(carol.events).toEqual([])
	})

	it('[BU1] keeps the order of one sender over several channels, and takes big payloads', async () => {
		const [alice, bob] = [await connect(), await connect()]
		const channels = [newName(), newName()]
		for (const channel of channels) await bob.bus.subscribe(channel)
		const big = 'x'.repeat(300_000)
		const sent = Array.from({ length: 20 }, (_, n) => ({
			channel: channels[n % 2] ?? '',
			text: `${String(n)}${big}`,
		}))
		for (const { channel, text } of sent) void alice.bus.publish(channel, bytes(text))
		const heard = () =>
			bob.events.flatMap((event) =>
				event.type === 'message' ? [[event.channel, event.bytes.byteLength]] : [],
			)
		await expect
			.poll(heard, { timeout: 5_000 })
			.toEqual(sent.map(({ channel, text }) => [channel, text.length]))
	})

	it('[BU1] what nobody subscribes to, or not any more, reaches nobody, and says so', async () => {
		const [alice, bob] = [await connect(), await connect()]
		const room = newName()
		expect(await alice.bus.publish(room, bytes('a'))).toBe(0)
		await bob.bus.subscribe(room)
		expect(await alice.bus.publish(room, bytes('b'))).toBe(1)
		await expect.poll(() => bob.heard(room)).toEqual(['b'])
		bob.bus.unsubscribe(room)
		await expect.poll(() => alice.bus.publish(room, bytes('c'))).toBe(0)
		expect(bob.heard(room)).toEqual(['b'])
	})

	it('[BU2] a claim is given once, whoever asks and however many at once, and again when its time is over', async () => {
		const [alice, bob] = [await connect(), await connect()]
		const key = newName()
		const answers = await Promise.all(
			Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? alice : bob).bus.claim(key, 300)),
		)
		expect(answers.filter((answer) => answer === 'first')).toHaveLength(1)
		expect(new Set(answers)).toEqual(new Set(['first', 'taken']))
		expect(await alice.bus.claim(newName(), 300)).toBe('first')
		await expect.poll(() => bob.bus.claim(key, 300), { interval: 50, timeout: 2_000 }).toBe('first')
	})

	it('[BU3] one bucket is taken from by all together, refills, and takes back what did not count', async () => {
		const [alice, bob] = [await connect(), await connect()]
		const key = newName()
		const rate = { perSecond: 1 / 60, burst: 3 }
		for (const { bus } of [alice, bob, alice]) expect(await bus.take(key, rate)).toBe(0)
		const waitMs = (await bob.bus.take(key, rate)) ?? 0
		expect(waitMs).toBeGreaterThan(55_000)
		expect(waitMs).toBeLessThanOrEqual(60_000)
		expect(await alice.bus.take(newName(), rate)).toBe(0)
		await bob.bus.giveBack(key, rate)
		expect(await alice.bus.take(key, rate)).toBe(0)
		expect(await alice.bus.take(key, rate)).toBeGreaterThan(0)

		const quick = newName()
		const fast = { perSecond: 20, burst: 1 }
		expect(await alice.bus.take(quick, fast)).toBe(0)
		expect(await bob.bus.take(quick, fast)).toBeGreaterThan(0)
		await expect.poll(() => bob.bus.take(quick, fast), { interval: 20 }).toBe(0)
		// A full bucket does not overflow.
		for (let n = 0; n < 5; n++) await alice.bus.giveBack(key, { perSecond: 1 / 60, burst: 3 })
		let taken = 0
		while ((await alice.bus.take(key, rate)) === 0) taken++
		expect(taken).toBe(3)
	})

	it('[BU3] a mark is seen by all until its time is over', async () => {
		const [alice, bob] = [await connect(), await connect()]
		const key = newName()
		expect(await bob.bus.isMarked(key)).toBe(false)
		await alice.bus.mark(key, 300)
		expect(await bob.bus.isMarked(key)).toBe(true)
		await expect.poll(() => bob.bus.isMarked(key), { interval: 50, timeout: 2_000 }).toBe(false)
	})

	it('[BU4] while it is away every call answers so at once; back, all is subscribed to again', async () => {
		const [alice, bob] = [await connect(), await connect()]
		const [room, late] = [newName(), newName()]
		await bob.bus.subscribe(room)
		await interrupt()
		expect(alice.events.map(({ type }) => type)).toEqual(['away'])
		const startedMs = performance.now()
		expect(await alice.bus.publish(room, bytes('lost'))).toBe(0)
		expect(await alice.bus.claim('k', 1_000)).toBe('away')
		expect(await alice.bus.take('k', { perSecond: 1, burst: 1 })).toBeNull()
		expect(await alice.bus.isMarked('k')).toBe(false)
		await Promise.all([alice.bus.mark('k', 1), alice.bus.giveBack('k', { perSecond: 1, burst: 1 })])
		await bob.bus.subscribe(late)
		expect(performance.now() - startedMs).toBeLessThan(200)

		await restore()
		expect(alice.events.map(({ type }) => type)).toEqual(['away', 'up'])
		for (const channel of [room, late]) {
			expect(await alice.bus.publish(channel, bytes('again'))).toBe(1)
			await expect.poll(() => bob.heard(channel)).toEqual(['again'])
		}
	}, 40_000)

	it('[BU5] closed, it is silent, and closing again is nothing', async () => {
		const [alice, bob] = [await connect(), await connect()]
		const room = newName()
		await bob.bus.subscribe(room)
		await bob.bus.close()
		await bob.bus.close()
		await expect.poll(() => alice.bus.publish(room, bytes('x'))).toBe(0)
		expect(bob.events).toEqual([])
	})
}
