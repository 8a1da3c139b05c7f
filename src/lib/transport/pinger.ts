/**
 * Whether the other end of an open link still lives, and how far away it is.
 */
import type { Millis } from '#lib/core/units.ts'
import type { LinkMessage } from '#lib/protocol/peer.ts'
import type { Timers } from './timers.ts'

export const PING_EVERY_MS: Millis = 5_000
/** While there are other words, one is enough so often: it measures the way. */
const MEASURE_EVERY_MS: Millis = 20_000
/** As much longer than `PING_EVERY_MS` as ticks are apart, so that words every 5 s need no pings between. */
const QUIET_MS: Millis = PING_EVERY_MS + 1_000
/** No word for this long: the peer is gone. */
export const SILENCE_LIMIT_MS: Millis = 3 * PING_EVERY_MS
/** Round trips older than this no longer count. */
const RTT_WINDOW_MS: Millis = 60_000
/** A tick this late means that we were asleep, not that the peer was silent. */
const SLEEP_MS: Millis = 5_000
/** Of a tick that is late but not so much, this counts as silence. */
const LATE_TICK_MS: Millis = 1_500
/** What a peer may ask of us in a second, against one ping every 5 s of ours. */
const PINGS_PER_SECOND_MAX = 20
const IDS = 2 ** 32

export interface Pinger {
	/** Something arrived from the other end. */
	hear(): void
	takePong(id: number): void
	/** The other end pings us. */
	countPing(): 'fine' | 'too-many'
	/** About once a second; pings when it is time. */
	tick(): 'alive' | 'silent'
	/** Smallest of the last minute. */
	rttMs(): Millis | null
}

export const createPinger = (timers: Timers, send: (ping: LinkMessage) => void): Pinger => {
	let heardAtMs = timers.nowMs()
	let tickedAtMs = timers.nowMs()
	let pingedAtMs: Millis = -Infinity
	let nextId = 0
	const sentAtMs = new Map<number, Millis>()
	let trips: { readonly atMs: Millis; readonly rttMs: Millis }[] = []
	let second = { startMs: timers.nowMs(), pings: 0 }

	return {
		hear: () => {
			heardAtMs = timers.nowMs()
		},
		takePong: (id) => {
			const sent = sentAtMs.get(id)
			if (sent === undefined || !sentAtMs.delete(id)) return
			trips.push({ atMs: timers.nowMs(), rttMs: timers.nowMs() - sent })
		},
		countPing: () => {
			if (timers.nowMs() - second.startMs >= 1_000) second = { startMs: timers.nowMs(), pings: 0 }
			return ++second.pings > PINGS_PER_SECOND_MAX ? 'too-many' : 'fine'
		},
		tick: () => {
			const nowMs = timers.nowMs()
			// After a sleep the peer's words may still be in the queue: give it one more ping's time.
			if (nowMs - tickedAtMs > SLEEP_MS)
				heardAtMs = Math.max(heardAtMs, nowMs - SILENCE_LIMIT_MS + PING_EVERY_MS)
			// Late, we have heard less than was said.
			else heardAtMs = Math.min(nowMs, heardAtMs + Math.max(0, nowMs - tickedAtMs - LATE_TICK_MS))
			tickedAtMs = nowMs
			if (nowMs - heardAtMs >= SILENCE_LIMIT_MS) return 'silent'
			trips = trips.filter((trip) => nowMs - trip.atMs < RTT_WINDOW_MS)
			const isQuiet = nowMs - heardAtMs >= QUIET_MS
			if (nowMs >= pingedAtMs + (isQuiet ? PING_EVERY_MS : MEASURE_EVERY_MS)) {
				pingedAtMs = nowMs
				for (const [id, atMs] of sentAtMs) if (nowMs - atMs > SILENCE_LIMIT_MS) sentAtMs.delete(id)
				sentAtMs.set(nextId, nowMs)
				send({ type: 'ping', id: nextId })
				nextId = (nextId + 1) % IDS
			}
			return 'alive'
		},
		rttMs: () => (trips.length === 0 ? null : Math.min(...trips.map((trip) => trip.rttMs))),
	}
}
