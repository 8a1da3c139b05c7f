/**
 * What every transport keeps, as one suite: the in-memory one, the tabs of a browser, the mesh over memory and over
 * real data channels run it. A rig gives two transports that will find each other once started.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DeviceId, Millis, PeerId } from '#lib/core/units.ts'
import {
	FRAME_MAX_BYTES,
	LOSSY_FRAME_MAX_BYTES,
	type Lane,
	type Transport,
	type TransportEvent,
} from './transport.ts'

export interface RigParty {
	readonly peer: PeerId
	readonly device: DeviceId
	readonly transport: Transport
}

export interface TransportRig {
	readonly alice: RigParty
	readonly bob: RigParty
	/** Lets time pass until `isDone`, at most `limitMs` of the rig's own time; whether it was. */
	waitUntil(isDone: () => boolean, limitMs: Millis): Promise<boolean>
	/** Lets time pass. */
	pass(forMs: Millis): Promise<void>
	close(): Promise<void>
}

export interface ContractOptions {
	/** The pipe below is slower than the sender, so that 8 MB at once must meet `full`. */
	readonly hasBackPressure: boolean
	/** How long two peers may take to find each other, and anything else to happen. */
	readonly patienceMs: Millis
}

interface Watched {
	readonly events: TransportEvent[]
	of<Type extends TransportEvent['type']>(type: Type): Extract<TransportEvent, { type: Type }>[]
}

const watch = (transport: Transport): Watched => {
	const events: TransportEvent[] = []
	transport.on((event) => events.push(event))
	return {
		events,
		of: <Type extends TransportEvent['type']>(type: Type) =>
			events.filter((event): event is Extract<TransportEvent, { type: Type }> => event.type === type),
	}
}

const frameOf = (size: number, salt: number): Uint8Array =>
	Uint8Array.from({ length: size }, (_, i) => (i * 7 + salt * 13) & 0xff)

const areSame = (a: Uint8Array | undefined, b: Uint8Array): boolean =>
	a?.length === b.length && a.every((byte, i) => byte === b[i])

export const describeTransportContract = (
	name: string,
	createRig: () => Promise<TransportRig>,
	{ hasBackPressure, patienceMs }: ContractOptions,
): void => {
	describe(`the transport contract: ${name}`, () => {
		let rig: TransportRig
		let atAlice: Watched
		let atBob: Watched

		const expectSoon = async (isDone: () => boolean) =>
			expect(await rig.waitUntil(isDone, patienceMs)).toBe(true)
		const meet = () => expectSoon(() => atAlice.of('peer-up').length > 0 && atBob.of('peer-up').length > 0)
		const framesAt = (watched: Watched, lane: Lane) =>
			watched.of('frame').filter((event) => event.lane === lane)

		beforeEach(async () => {
			rig = await createRig()
			atAlice = watch(rig.alice.transport)
			atBob = watch(rig.bob.transport)
			rig.alice.transport.start(rig.alice.peer)
			rig.bob.transport.start(rig.bob.peer)
		})
		afterEach(async () => {
			rig.alice.transport.stop()
			rig.bob.transport.stop()
			await rig.close()
		})

		it('[TR1] two peers find each other, once, each told the device of the other', async () => {
			await meet()
			expect(atAlice.of('peer-up')).toMatchObject([{ peer: rig.bob.peer, device: rig.bob.device }])
			expect(atBob.of('peer-up')).toMatchObject([{ peer: rig.alice.peer, device: rig.alice.device }])
			expect(rig.alice.transport.links()).toMatchObject([{ peer: rig.bob.peer, device: rig.bob.device }])
		})

		it('[TR2] frames go both ways and keep their order on the ordered lane', async () => {
			await meet()
			for (let i = 0; i < 50; i++) {
				rig.alice.transport.send(frameOf(10 + i * 40, i), rig.bob.peer, 'ordered')
				rig.bob.transport.send(frameOf(5 + i, i + 100), rig.alice.peer, 'ordered')
			}
			await expectSoon(
				() => framesAt(atBob, 'ordered').length >= 50 && framesAt(atAlice, 'ordered').length >= 50,
			)
			framesAt(atBob, 'ordered').forEach((event, i) => {
				expect(event.peer).toBe(rig.alice.peer)
				expect(areSame(event.frame, frameOf(10 + i * 40, i))).toBe(true)
			})
			framesAt(atAlice, 'ordered').forEach((event, i) =>
				expect(areSame(event.frame, frameOf(5 + i, i + 100))).toBe(true),
			)
		})

		it('[TR4] frames of 0 and of 64 KiB arrive whole, also several at once', async () => {
			await meet()
			for (const [i, size] of [FRAME_MAX_BYTES, 0, FRAME_MAX_BYTES, 1, 16_384].entries())
				expect(['sent', 'queued']).toContain(
					rig.alice.transport.send(frameOf(size, i), rig.bob.peer, 'ordered'),
				)
			await expectSoon(() => framesAt(atBob, 'ordered').length >= 5)
			expect(framesAt(atBob, 'ordered').map((event) => event.frame.length)).toEqual([
				FRAME_MAX_BYTES,
				0,
				FRAME_MAX_BYTES,
				1,
				16_384,
			])
			expect(areSame(framesAt(atBob, 'ordered')[2]?.frame, frameOf(FRAME_MAX_BYTES, 2))).toBe(true)
		})

		it('[TR4] a frame too big for its lane is refused and nothing of it arrives', async () => {
			await meet()
			expect(rig.alice.transport.send(new Uint8Array(FRAME_MAX_BYTES + 1), rig.bob.peer, 'ordered')).toBe(
				'too-big',
			)
			expect(rig.alice.transport.send(new Uint8Array(LOSSY_FRAME_MAX_BYTES + 1), rig.bob.peer, 'lossy')).toBe(
				'too-big',
			)
			rig.alice.transport.send(Uint8Array.of(1), rig.bob.peer, 'ordered')
			await expectSoon(() => atBob.of('frame').length > 0)
			expect(atBob.of('frame').map((event) => event.frame.length)).toEqual([1])
		})

		it('[TR3] a frame to somebody who is not linked is refused', async () => {
			const nobody = 'AAAAAAAAAAAAAAAAAAAAAA' as PeerId
			expect(rig.alice.transport.send(Uint8Array.of(1), nobody, 'ordered')).toBe('no-such-peer')
			await meet()
			expect(rig.alice.transport.send(Uint8Array.of(1), nobody, 'lossy')).toBe('no-such-peer')
		})

		it('[TR6] the lossy lane carries datagrams up to 1,100 bytes', async () => {
			await meet()
			let salt = 0
			const send = () => {
				rig.alice.transport.send(frameOf(LOSSY_FRAME_MAX_BYTES, salt++), rig.bob.peer, 'lossy')
				return framesAt(atBob, 'lossy').length >= 3
			}
			await expectSoon(send)
			for (const event of framesAt(atBob, 'lossy')) expect(event.frame.length).toBe(LOSSY_FRAME_MAX_BYTES)
		})

		it('[TR7] a dropped peer is gone at both ends; dropped for misbehaving it does not come back', async () => {
			await meet()
			rig.alice.transport.drop(rig.bob.peer, 'misbehaved')
			expect(atAlice.of('peer-down')).toMatchObject([{ peer: rig.bob.peer, reason: 'misbehaved' }])
			expect(rig.alice.transport.send(Uint8Array.of(1), rig.bob.peer, 'ordered')).toBe('no-such-peer')
			await expectSoon(() => atBob.of('peer-down').length > 0)
			await rig.pass(Math.min(patienceMs, 8_000))
			expect(atAlice.of('peer-up').length).toBe(1)
		})

		it('[TR8] a stopped transport says nothing more and its peer hears that it left', async () => {
			await meet()
			rig.alice.transport.stop()
			rig.alice.transport.stop()
			const heard = atAlice.events.length
			expect(rig.alice.transport.send(Uint8Array.of(1), rig.bob.peer, 'ordered')).toBe('no-such-peer')
			expect(rig.alice.transport.links()).toEqual([])
			await expectSoon(() => atBob.of('peer-down').length > 0)
			rig.bob.transport.send(Uint8Array.of(1), rig.alice.peer, 'ordered')
			await rig.pass(100)
			expect(atAlice.events.length).toBe(heard)
		})

		it('[TR5] 8 MB pushed at once arrive whole and in order; who was refused is told when to go on', async () => {
			await meet()
			const frames = Array.from({ length: 128 }, (_, i) => frameOf(FRAME_MAX_BYTES, i))
			let next = 0
			let refusals = 0
			const push = () => {
				for (let frame = frames[next]; frame !== undefined; frame = frames[next]) {
					const outcome = rig.alice.transport.send(frame, rig.bob.peer, 'ordered')
					if (outcome === 'full') {
						refusals++
						return
					}
					expect(['sent', 'queued']).toContain(outcome)
					next++
				}
			}
			rig.alice.transport.on((event) => {
				if (event.type === 'drained') push()
			})
			push()
			await expectSoon(() => framesAt(atBob, 'ordered').length >= frames.length)
			if (hasBackPressure) expect(refusals).toBeGreaterThan(0)
			expect(atAlice.of('drained').length).toBe(refusals)
			framesAt(atBob, 'ordered').forEach((event, i) =>
				expect(areSame(event.frame, frames[i] ?? new Uint8Array())).toBe(true),
			)
		})

		it('[TR1] a listener that unsubscribes hears nothing more', async () => {
			const heard: TransportEvent[] = []
			const off = rig.alice.transport.on((event) => heard.push(event))
			off()
			await meet()
			expect(heard).toEqual([])
		})
	})
}
