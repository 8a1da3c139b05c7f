import { beforeEach, expect, it } from 'vitest'
import { EMPTY_VECTOR, type PlaybackVector } from '#lib/core/playback.ts'
import type { DeviceId, ItemId } from '#lib/core/units.ts'
import { createApplyLatency, type ApplyLatency, type FilmNow } from './apply-latency.ts'

const ALICE = 'alice' as DeviceId
const BOB = 'bob' as DeviceId
const ITEM = 'item' as ItemId

let nowMs: number
let acts: number
let latency: ApplyLatency
let vector: PlaybackVector
beforeEach(() => {
	nowMs = 100_000
	acts = 0
	latency = createApplyLatency({ me: ALICE, roomNow: () => nowMs })
	vector = {
		...EMPTY_VECTOR,
		itemId: ITEM,
		isPlaying: true,
		atMs: nowMs,
		rev: 'first',
		by: BOB,
		actedMs: nowMs,
	}
	latency.look(vector, { state: 'playing', positionS: 0 })
})

const act = (change: Partial<PlaybackVector>, film: FilmNow | null) => {
	vector = { ...vector, atMs: nowMs, by: BOB, actedMs: nowMs, rev: `act ${String(++acts)}`, ...change }
	latency.look(vector, film)
}
const playing = (positionS: number | null): FilmNow => ({ state: 'playing', positionS })
const still = (positionS: number | null): FilmNow => ({ state: 'still', positionS })
const later = (ms: number, film: FilmNow | null) => {
	nowMs += ms
	latency.look(vector, film)
}

it('[FG9] a pause counts from the act of another, on its way too, until the film stands', () => {
	act({ isPlaying: false, positionS: 10, actedMs: nowMs - 70 }, playing(10))
	later(20, playing(10.02))
	expect(latency.take()).toEqual([])
	later(10, still(10.1))
	later(500, still(10))
	expect(latency.take()).toEqual([100])
	expect(latency.take()).toEqual([])
})

it('[FG9] an announced start counts from the act, not from the moment announced', () => {
	act({ isPlaying: false, positionS: 10 }, still(10))
	act({ isPlaying: true, positionS: 10, atMs: nowMs + 300 }, still(10))
	later(290, still(10))
	later(10, still(10))
	later(40, playing(10.04))
	expect(latency.take()).toEqual([340])
})

it('[FG9] a jump counts until the film runs at the new place; where that cannot be read, nothing is asked of it', () => {
	act({ positionS: 500 }, playing(3))
	later(50, { state: 'other', positionS: 500 })
	later(150, playing(500.1))
	expect(latency.take()).toEqual([200])
	act({ positionS: 900 }, playing(null))
	later(200, playing(null))
	expect(latency.take()).toEqual([])
})

it('[FG9] one’s own acts, what the room does by itself and what was found on coming in do not count', () => {
	act({ isPlaying: false, by: ALICE }, playing(5))
	later(50, still(5))
	act({ isPlaying: true, cause: { type: 'resume' } }, still(5))
	later(50, playing(5))
	act({ itemId: 'other' as ItemId }, playing(5))
	later(50, playing(0))
	const newcomer = createApplyLatency({ me: ALICE, roomNow: () => nowMs })
	newcomer.look({ ...vector, actedMs: nowMs - 60_000 }, still(0))
	newcomer.look(vector, playing(0))
	expect([...latency.take(), ...newcomer.take()]).toEqual([])
})

it('[FG9] an act that was overtaken, or lost its player, is not counted; the one that overtook it is', () => {
	act({ positionS: 500 }, playing(0))
	nowMs += 100
	act({ positionS: 700 }, playing(0))
	later(30, playing(700))
	act({ isPlaying: false, positionS: 800 }, null)
	later(30, still(800))
	expect(latency.take()).toEqual([30])
})

it('[FG9] of very many the last thousand are kept', () => {
	for (let n = 0; n < 1_010; n++) {
		act({ isPlaying: false, positionS: 1 }, playing(1))
		later(n, still(1))
	}
	expect(latency.take()).toEqual(Array.from({ length: 1_000 }, (_, n) => n + 10))
})
