/**
 * Keeps a room's history at the server while the room wants it: one member at a time writes, the others only where
 * that one does not. What comes back from there is a stranger's word, and is merged like a neighbour's state. Knows
 * when to ask and to write; how bytes are sealed, sent and judged is told.
 */
import type { RandomSource } from '#lib/core/clock.ts'
import { isHigh, type Role } from '#lib/core/roles.ts'
import type { Millis } from '#lib/core/units.ts'
import type { Timers } from '#lib/follow/timers.ts'
import type { HistoryApi, HistoryRefusal, ReadyWrite } from './history-api.ts'
import type { HistorySeal } from './history-seal.ts'
import { historyWords } from '#lib/words/history.ts'

export interface HistoryKeeperDeps {
	readonly document: {
		encode(): Uint8Array
		/** `fn` runs with each change, whoever's. Returns its undo. */
		onChange(fn: () => void): () => void
		/** Tries and judges a state as if a neighbour had sent it; what was wrong with it, or null. */
		take(update: Uint8Array): Promise<string | null>
	}
	readonly room: () => {
		readonly keepsHistory: boolean
		readonly myRole: Role
		/** A film runs: then the place it has come to is worth keeping too. */
		readonly isPlaying: boolean
		/** Nothing of anybody else is on this device. */
		readonly isBlank: boolean
	}
	/** The room has changed. Returns its undo. */
	readonly onRoom: (fn: () => void) => () => void
	/** 0: it is on this member to write; 1: the next one, and so on. */
	readonly rank: () => number
	readonly api: HistoryApi
	readonly seal: HistorySeal
	/** Has the server keep a history, or no longer, where this member may say so. */
	readonly order: (type: 'keep-history' | 'drop-history') => void
	/** For the first time the document holds what the server had, as it was at `atMs`, room time. */
	readonly onRestored: (atMs: Millis) => void
	readonly tell: (message: string) => void
	/** Whether the room kept a history when this device last looked. */
	readonly kept: { get(): Promise<unknown>; set(value: boolean): Promise<void> }
	readonly timers: Timers
	/** Monotonic. */
	readonly nowMs: () => Millis
	readonly roomNow: () => Millis
	readonly random: RandomSource
	/** Of one sealed history. */
	readonly maxBytes: number
}

export interface HistoryKeeper {
	/** The page goes: sends what was made ready for that, if it is little enough. */
	pageGoes(): void
	/** This member leaves, the page stays: what is not written yet is. Idempotent. */
	stop(): void
}

export const QUIET_MS: Millis = 5_000
export const WRITE_EVERY_MS: Millis = 30_000
/** While a film runs and nothing else happens. */
export const PLACE_EVERY_MS: Millis = 180_000
/** The next in rank looks whether nobody has written, after so long. */
export const RANK_PATIENCE_MS: Millis = 180_000
/** Further members never write: of three somebody is able to. */
const RANK_MAX = 2
const TICK_MS: Millis = 2_000
const JITTER_MS: Millis = 500
const READY_AFTER_MS: Millis = 1_000
const READY_EVERY_MS: Millis = 20_000
/** Larger ones cannot be sent by a page that goes. */
const READY_MAX_BYTES = 60 * 1024
const TRIES_MAX = 6
const RETRY_MS: Millis = 5_000
const RETRY_MAX_MS: Millis = 60_000
const ORDER_EVERY_MS: Millis = 30_000
const ORDER_TAKES_MS: Millis = 2_500
const GIVE_UP_MS: Millis = 300_000
/** A rule that is off for a moment only, while records come in, takes nothing off the server. */
const OFF_FOR_MS: Millis = 2_000

const isSame = (a: Uint8Array, b: Uint8Array): boolean =>
	a.length === b.length && a.every((byte, at) => byte === b[at])

export const createHistoryKeeper = (deps: HistoryKeeperDeps): HistoryKeeper => {
	const { document, api, seal, timers, nowMs, maxBytes } = deps
	/** The version at the server that this document holds; null: not looked yet. */
	let known: number | null = null
	/** Counts changes of the document; what the server has of them. */
	let revision = 0
	let savedRevision = -1
	let changedAtMs = nowMs()
	let changedSinceMs = nowMs()
	let wroteAtMs = -WRITE_EVERY_MS
	let waitUntilMs = 0
	let retryMs = RETRY_MS
	let orderedAtMs = -Infinity
	let wasOn = false
	/** It was on us when we last looked: what is known of the server is then what we wrote there. */
	let wasFirst = false
	let isStarted = false
	let isRestored = false
	let isBusy = false
	/** Nothing more is to be had from this server, for this member. */
	let isOver = false
	let isStopped = false
	const told = new Set<string>()
	let cancelTick: () => void = () => undefined
	let cancelReady: () => void = () => undefined
	let ready: { readonly write: ReadyWrite; readonly base: number; readonly revision: number } | null = null
	let lastBytes = 0

	const isOn = (): boolean => deps.room().keepsHistory && deps.room().myRole !== 'banned'
	const isDirty = (): boolean => revision !== savedRevision
	const tellOnce = (message: string): void => {
		if (told.has(message)) return
		told.add(message)
		deps.tell(message)
	}
	const tellOperators = (message: string): void => {
		if (isHigh(deps.room().myRole)) tellOnce(message)
	}
	const draw = (maxMs: Millis): Millis => ((deps.random.bytes(1)[0] ?? 0) / 256) * maxMs
	const pause = (ms: Millis): Promise<void> =>
		new Promise((resolve) => {
			timers.after(ms, resolve)
		})

	/* ── When ────────────────────────────────────────────────────────────────────────────────────────────── */

	const dueAtMs = (): Millis => {
		const rank = deps.rank()
		if (known === null || (rank === 0 && !wasFirst)) return waitUntilMs
		if (rank > RANK_MAX) return Infinity
		if (!isDirty()) {
			const isMoving = rank === 0 && deps.room().isPlaying
			return isMoving ? Math.max(waitUntilMs, wroteAtMs + PLACE_EVERY_MS) : Infinity
		}
		const soon = Math.min(changedAtMs + QUIET_MS, changedSinceMs + WRITE_EVERY_MS)
		return Math.max(waitUntilMs, wroteAtMs + WRITE_EVERY_MS, soon) + rank * RANK_PATIENCE_MS
	}

	function schedule(): void {
		cancelTick()
		if (isStopped || isOver || !isOn()) return
		// Who is there, and whose turn it is, changes without a word to us.
		const waitMs = Math.min(TICK_MS, Math.max(0, dueAtMs() - nowMs()))
		cancelTick = timers.after(waitMs + draw(JITTER_MS), () => void run())
	}

	async function run(): Promise<void> {
		if (isBusy || isStopped || isOver || !isOn()) return
		if (nowMs() >= dueAtMs()) {
			isBusy = true
			try {
				// Not our turn, or not until now: perhaps it was written all the same.
				if (known === null || !wasFirst || deps.rank() > 0) await look()
				if (known !== null && !isOver && isOn() && nowMs() >= dueAtMs()) await write()
			} catch (error) {
				console.warn('The history was not kept this time.', error) // a fault of ours; the room goes on
				waitUntilMs = nowMs() + RETRY_MAX_MS
			}
			isBusy = false
		}
		if (deps.rank() > 0) wasFirst = false
		if (isWorthKeeping() && (ready?.revision !== revision || ready.base !== known)) makeReadySoon(0)
		schedule()
	}

	/* ── What the server has ─────────────────────────────────────────────────────────────────────────────── */

	const waitLonger = (atLeastMs: Millis): void => {
		waitUntilMs = nowMs() + Math.max(atLeastMs, retryMs)
		retryMs = Math.min(RETRY_MAX_MS, retryMs * 2)
	}
	const settle = (refusal: HistoryRefusal): void => {
		switch (refusal.type) {
			case 'none':
				known = null
				if (!isOn()) return
				if (isHigh(deps.room().myRole) && nowMs() - orderedAtMs >= ORDER_EVERY_MS) {
					orderedAtMs = nowMs()
					deps.order('keep-history')
					waitUntilMs = nowMs() + ORDER_TAKES_MS
				} else waitLonger(0) // somebody who may say so has perhaps only just come
				return
			case 'removed':
				isOver = true
				return
			case 'not-offered':
				isOver = true
				if (isOn()) tellOperators(historyWords().notOffered)
				return
			case 'too-big':
				return giveUp(historyWords().tooBig(lastBytes, maxBytes))
			case 'full':
				return giveUp(historyWords().full)
			case 'later':
				waitLonger(refusal.afterMs)
		}
	}
	/** The server keeps the last one that it took. */
	const giveUp = (message: string): void => {
		tellOperators(message)
		waitUntilMs = nowMs() + GIVE_UP_MS
	}

	const merge = async (sealed: Uint8Array<ArrayBuffer>, version: number): Promise<void> => {
		const opened = await seal.open(sealed, version)
		if (opened.type === 'newer') {
			// Writing over it would lose what only the later version can read.
			tellOnce(historyWords().newer)
			isOver = true
			return
		}
		const { content } = opened.type === 'opened' ? opened : { content: null }
		const fault = content === null ? 'damaged' : await document.take(content.update)
		if (fault === 'too-slow') {
			// Perhaps it is only this machine: nothing is written over it.
			waitUntilMs = nowMs() + GIVE_UP_MS
			return tellOnce(historyWords().damaged)
		}
		known = version
		savedRevision = content !== null && isSame(content.update, document.encode()) ? revision : -1
		// Single records that are none were left out, like a neighbour's; all else is in.
		if (content === null || (fault !== null && fault !== 'bad-record')) tellOnce(historyWords().damaged)
		else if (!isRestored) deps.onRestored(content.atMs)
		// Whoever wrote it counts: thirty seconds from then.
		if (content !== null)
			wroteAtMs = Math.max(wroteAtMs, nowMs() - Math.max(0, deps.roomNow() - content.atMs))
		isRestored = true
	}

	const look = async (): Promise<void> => {
		const isFirst = deps.rank() === 0
		const outcome = await api.read(known ?? 0)
		if (isStopped) return
		wasFirst = isFirst && (outcome.type === 'read' || outcome.type === 'nothing-new')
		switch (outcome.type) {
			case 'read':
				retryMs = RETRY_MS
				return merge(outcome.sealed, outcome.version)
			case 'nothing-new':
				retryMs = RETRY_MS
				// Never written yet, or begun anew: whatever we have is news there.
				if (known !== outcome.version) savedRevision = -1
				known = outcome.version
				return
			default:
				return settle(outcome)
		}
	}

	const write = async (): Promise<void> => {
		for (let tries = 0; tries < TRIES_MAX && known !== null; tries++) {
			const [base, written] = [known, revision]
			const content = { update: document.encode(), atMs: Math.round(deps.roomNow()) }
			const sealed = await seal.seal(content, base + 1, maxBytes)
			lastBytes = sealed.length
			if (lastBytes > maxBytes) return settle({ type: 'too-big' })
			const request = await api.makeReady(base, sealed)
			const outcome = request === null ? ({ type: 'later', afterMs: 0 } as const) : await request.send()
			if (outcome.type === 'written') {
				known = outcome.version
				savedRevision = written
				changedSinceMs = changedAtMs
				wroteAtMs = nowMs()
				waitUntilMs = 0
				retryMs = RETRY_MS
				ready = null
				makeReadySoon(READY_AFTER_MS)
				return
			}
			if (outcome.type !== 'stale') return settle(outcome)
			// Each of several who write at once waits a different while, and longer each time.
			if (isStopped) return
			await pause(draw(JITTER_MS * (tries + 1)))
			await look()
			if (isStopped || !isDirty()) return
		}
		// Somebody was faster each time: they have it, and what is ours waits.
		waitUntilMs = Math.max(waitUntilMs, nowMs() + RETRY_MAX_MS)
	}

	/* ── Leaving ─────────────────────────────────────────────────────────────────────────────────────────── */

	const isWorthKeeping = (): boolean =>
		!isOver && isOn() && known !== null && deps.rank() === 0 && (isDirty() || deps.room().isPlaying)

	function makeReadySoon(ms: Millis): void {
		cancelReady()
		if (isStopped) return
		cancelReady = timers.after(ms, () => {
			makeReady().catch((error: unknown) => {
				console.warn('What a page that goes would send is not ready.', error)
			})
		})
	}
	const makeReady = async (): Promise<void> => {
		if (deps.room().isPlaying) makeReadySoon(READY_EVERY_MS)
		if (!isWorthKeeping() || known === null || lastBytes > READY_MAX_BYTES) return
		const [base, made] = [known, revision]
		const content = { update: document.encode(), atMs: Math.round(deps.roomNow()) }
		const sealed = await seal.seal(content, base + 1, maxBytes)
		lastBytes = sealed.length
		if (lastBytes > READY_MAX_BYTES) return
		const write = await api.makeReady(base, sealed)
		if (write !== null && known === base) ready = { write, base, revision: made }
	}

	/* ── The room ────────────────────────────────────────────────────────────────────────────────────────── */

	let cancelDrop: () => void = () => undefined
	const drop = (): void => {
		if (isStopped || isOn()) return
		wasOn = false
		void deps.kept.set(false)
		known = null
		ready = null
		if (isHigh(deps.room().myRole)) deps.order('drop-history')
	}
	const review = (): void => {
		if (!isStarted || isStopped) return
		cancelDrop()
		if (isOn() === wasOn) return
		if (wasOn) {
			if (!deps.room().keepsHistory) cancelDrop = timers.after(OFF_FOR_MS, drop)
			return
		}
		wasOn = true
		void deps.kept.set(true)
		waitUntilMs = 0
		retryMs = RETRY_MS
		schedule()
	}

	const off = [
		document.onChange(() => {
			if (!isDirty()) changedSinceMs = nowMs()
			revision++
			changedAtMs = nowMs()
			if (!isOn()) return
			if (!isBusy) schedule()
			makeReadySoon(READY_AFTER_MS)
		}),
		deps.onRoom(review),
	]
	const start = async (): Promise<void> => {
		wasOn = (await deps.kept.get()) === true
		if (isStopped) return
		isStarted = true
		review()
		// Whoever comes with nothing cannot know whether the room keeps a history.
		isBusy = true
		while (!isStopped && !isOver && !isOn() && deps.room().isBlank) {
			waitUntilMs = 0
			await look()
			if (waitUntilMs === 0) break
			await pause(waitUntilMs - nowMs())
		}
		isBusy = false
		review()
		schedule()
	}
	start().catch((error: unknown) => {
		console.warn('What the server keeps of this room could not be looked up.', error)
		isBusy = false
	})

	return {
		pageGoes: () => {
			if (ready !== null && ready.base === known && isWorthKeeping()) ready.write.sendAndForget()
		},
		stop: () => {
			if (isStopped) return
			const isLast = isWorthKeeping() && !isBusy
			isStopped = true
			for (const fn of off) fn()
			cancelTick()
			cancelReady()
			cancelDrop()
			if (!isLast) return
			write().catch((error: unknown) => {
				console.warn('The server was not given the last of this room.', error)
			})
		},
	}
}
