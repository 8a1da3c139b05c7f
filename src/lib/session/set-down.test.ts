import { describe, expect, it } from 'vitest'
import { EMPTY_VECTOR, type PlaybackVector } from '#lib/core/playback.ts'
import { LEFT_AFTER_MS, setDown } from './set-down.ts'

const START_MS = 1_800_000_000_000
const MINUTE_MS = 60_000
const playing: PlaybackVector = {
	...EMPTY_VECTOR,
	positionS: 100,
	rate: 1,
	isPlaying: true,
	atMs: START_MS,
}
/** The server last heard of it ten minutes in; somebody comes alone an hour later. */
const facts = {
	isAlone: true,
	mayControl: true,
	atMs: START_MS + 10 * MINUTE_MS,
	nowMs: START_MS + 70 * MINUTE_MS,
}

describe('a film that ran when everybody left', () => {
	it('[HK13] is set down where it was when the server last heard of it', () => {
		expect(setDown(playing, facts)).toEqual({
			positionS: 700,
			isPlaying: false,
			rate: 1,
			atMs: facts.nowMs,
		})
	})
	it('[HK13] by its own speed, which stays', () => {
		expect(setDown({ ...playing, rate: 1.5 }, facts)).toMatchObject({ positionS: 1_000, rate: 1.5 })
	})
	it('[HK13] at its start, where that came after the last word', () => {
		const late = { ...playing, atMs: facts.atMs + MINUTE_MS }
		expect(setDown(late, facts)).toMatchObject({ positionS: 100 })
	})
	it.each([
		['somebody is there, who watches it', { isAlone: false }],
		['whoever came may not control it', { mayControl: false }],
		['it was left for no longer than a reload takes', { nowMs: facts.atMs + LEFT_AFTER_MS - 1 }],
	])('[HK13] is left alone where %s', (_why, change) => {
		expect(setDown(playing, { ...facts, ...change })).toBeNull()
	})
	it('[HK13] one that stood already is left alone', () => {
		expect(setDown({ ...playing, isPlaying: false }, facts)).toBeNull()
	})
	it('[HK13] twenty seconds after the last word it is set down', () => {
		expect(setDown(playing, { ...facts, nowMs: facts.atMs + LEFT_AFTER_MS })).not.toBeNull()
	})
})
