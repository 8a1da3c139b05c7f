/**
 * Large states: cut into slices that end as the whole would, and stopped where they take too long.
 */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { RECORDS_MAP } from '#lib/core/ledger.ts'
import { createSimClock } from '#lib/transport/sim-clock.ts'
import { createBucket, createBuckets } from './author-budget.ts'
import { workOn, type TrialAnswer, type TrialRequest } from './trial-work.ts'
import { sliceUpdate, SLICE_MAX_BYTES, SLICE_MAX_STRUCTS } from './update-slices.ts'
import { createUpdateTrial, trialLimitMs, type TrialThread } from './update-trial.ts'
import { readUpdateShape, STATE_LIMITS } from './update-shape.ts'

const EMPTY_VECTOR = Y.encodeStateVector(new Y.Doc())

/** Several writers over one another's keys, in step now and then. */
const writeRandomly = (writers: readonly Y.Doc[], steps: readonly number[]): void => {
	for (const step of steps) {
		const doc = writers[step % writers.length] as Y.Doc
		const other = writers[(step >> 3) % writers.length] as Y.Doc
		const map = doc.getMap(RECORDS_MAP)
		const key = `key ${(step >> 6) % 9}`
		if (step % 11 === 0) map.delete(key)
		else if (step % 5 === 0) Y.applyUpdate(other, Y.encodeStateAsUpdate(doc, Y.encodeStateVector(other)))
		else map.set(key, Uint8Array.of(step & 255, step >> 8))
	}
}
const mapOf = (doc: Y.Doc): unknown => doc.getMap(RECORDS_MAP).toJSON()

describe('large states', () => {
	it('[SY16] the slices of any state end as the whole does, each applicable when its turn comes', () => {
		fc.assert(
			fc.property(fc.array(fc.nat(65_535), { maxLength: 400 }), fc.nat(200), (steps, known) => {
				const writers = [1, 2, 3, 4].map((client) => {
					const doc = new Y.Doc()
					doc.clientID = client
					return doc
				})
				const reader = new Y.Doc()
				writeRandomly(writers, steps.slice(0, known))
				Y.applyUpdate(reader, Y.encodeStateAsUpdate(writers[0] as Y.Doc))
				writeRandomly(writers, steps.slice(known))
				const source = new Y.Doc()
				for (const doc of writers) Y.applyUpdate(source, Y.encodeStateAsUpdate(doc))
				const update = Y.encodeStateAsUpdate(source, Y.encodeStateVector(reader))
				const slices = sliceUpdate(update, (client) => Y.getState(reader.store, client)) ?? []
				for (const slice of slices) {
					Y.applyUpdate(reader, slice)
					expect(reader.store.pendingStructs).toBeNull()
					expect(reader.store.pendingDs).toBeNull()
				}
				expect(mapOf(reader)).toEqual(mapOf(source))
				expect(Y.encodeStateVector(reader).length).toBe(Y.encodeStateVector(source).length)
			}),
			{ numRuns: 200 },
		)
	})

	it('[SY16] no slice holds more than 512 structs or much more than 64 KiB', () => {
		const doc = new Y.Doc()
		for (let i = 0; i < 5_000; i++) doc.getMap(RECORDS_MAP).set(`key ${i}`, new Uint8Array(300))
		const slices = sliceUpdate(Y.encodeStateAsUpdate(doc), () => 0) ?? []
		expect(slices.length).toBeGreaterThan(9)
		for (const slice of slices) {
			const shape = readUpdateShape(slice, STATE_LIMITS)
			expect(typeof shape === 'object' && shape.structs <= SLICE_MAX_STRUCTS).toBe(true)
			expect(slice.length).toBeLessThan(SLICE_MAX_BYTES + 1_024)
		}
	})

	it('[SY16] structs that wait for one another in a circle are refused', () => {
		// client 1 stands behind client 2, client 2 behind client 1
		const circle = Uint8Array.of(2, 1, 2, 0, 0x81, 1, 0, 1, 1, 1, 0, 0x81, 2, 0, 1, 0)
		expect(workOn({ update: circle, vector: EMPTY_VECTOR, maxClients: 100 })).toEqual({
			type: 'fault',
			why: 'pending',
		})
	})

	it('[SY16] what is no state, lacks its beginning or brings too many clients is told apart', () => {
		const doc = new Y.Doc()
		doc.getMap(RECORDS_MAP).set('k', Uint8Array.of(1))
		const middle = Y.encodeStateVector(doc)
		doc.getMap(RECORDS_MAP).set('k', Uint8Array.of(2))
		const whyOf = (update: Uint8Array, maxClients = 100): string => {
			const answer = workOn({ update, vector: EMPTY_VECTOR, maxClients })
			return answer.type === 'fault' ? answer.why : answer.type
		}
		expect(whyOf(Uint8Array.of(9, 9, 9))).toBe('malformed')
		expect(whyOf(Y.encodeStateAsUpdate(doc, middle))).toBe('pending')
		expect(whyOf(Y.encodeStateAsUpdate(doc), 0)).toBe('too-many-clients')
		expect(whyOf(Y.encodeStateAsUpdate(doc))).toBe('slices')
	})
})

describe('the thread beside the page', () => {
	const request: TrialRequest = { update: new Uint8Array(100_000), vector: EMPTY_VECTOR, maxClients: 10 }
	const answer: TrialAnswer = { type: 'slices', slices: [] }

	const setUp = (options: { readonly startsAfterMs: number; readonly takesMs: number }) => {
		const clock = createSimClock()
		let terminated = 0
		let tell: (message: 'ready' | TrialAnswer) => void = () => undefined
		const startThread = (): TrialThread => ({
			post: () => clock.setTimeout(() => tell(answer), options.takesMs),
			onMessage: (fn) => {
				tell = fn
				clock.setTimeout(() => fn('ready'), options.startsAfterMs)
			},
			onFailure: () => undefined,
			terminate: () => terminated++,
		})
		return { clock, trial: createUpdateTrial({ startThread, timers: clock }), terminated: () => terminated }
	}

	it('[SY17] a state that is read in time is answered, and the thread ended', async () => {
		const { clock, trial, terminated } = setUp({ startsAfterMs: 3_000, takesMs: 200 })
		const outcome = trial(request)
		await clock.run(5_000)
		expect(await outcome).toEqual(answer)
		expect(terminated()).toBe(1)
	})

	it('[SY17] one that takes more than 250 ms and a millisecond a KiB is too slow; starting does not count', async () => {
		const limitMs = trialLimitMs(request.update.length)
		expect(Math.round(limitMs)).toBe(348)
		for (const [takesMs, expected] of [
			[limitMs - 1, 'slices'],
			[limitMs + 1, 'fault'],
		] as const) {
			const { clock, trial, terminated } = setUp({ startsAfterMs: 4_000, takesMs })
			const outcome = trial(request)
			await clock.run(10_000)
			expect((await outcome).type).toBe(expected)
			expect(terminated()).toBe(1)
		}
	})

	it('[SY17] where no thread starts, the page does the work itself', async () => {
		const doc = new Y.Doc()
		doc.getMap(RECORDS_MAP).set('k', Uint8Array.of(1))
		const update = Y.encodeStateAsUpdate(doc)
		const { clock, trial } = setUp({ startsAfterMs: 1e9, takesMs: 0 })
		const slow = trial({ ...request, update })
		await clock.run(6_000)
		expect((await slow).type).toBe('slices')
		const none = createUpdateTrial({
			startThread: () => {
				throw new Error('no threads here')
			},
			timers: clock,
		})
		expect((await none({ ...request, update })).type).toBe('slices')
	})
})

describe('budgets', () => {
	it('[SY18] a bucket gives its burst at once, then so many a second, and is never fuller than its burst', () => {
		let nowMs = 0
		const bucket = createBucket(10, 2, () => nowMs)
		expect(bucket.take(10)).toBe(true)
		expect(bucket.take(1)).toBe(false)
		nowMs = 500
		expect(bucket.take(1)).toBe(true)
		expect(bucket.take(1)).toBe(false)
		nowMs = 1e9
		expect(bucket.take(11)).toBe(false)
		expect(bucket.take(10)).toBe(true)
	})

	it('[SY18] each author has one of its own', () => {
		const take = createBuckets<string>(3, 1, () => 0)
		expect([take('a', 3), take('a', 1), take('b', 3)]).toEqual([true, false, true])
	})
})
