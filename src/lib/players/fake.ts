/**
 * A simulated player: lags, jitter, what keeping pitch loses, stalls, a crystal of its own, refusal to start. Runs the
 * same contract as the real ones and stands in for them in simulations; figures from measured Chromium.
 */
import type { Seconds } from '#lib/core/units.ts'
import { createEmitter } from './emitter.ts'
import type { Player, PlayerFacts, PlayerFailure, PlayerState } from './player.ts'

export interface FakeOptions {
	/** Local clock in milliseconds. */
	readonly local: () => number
	readonly after: (ms: number, fn: () => void) => () => void
	/** 0 to 1. */
	readonly random: () => number
	readonly durationS?: Seconds
	readonly hasAudio?: boolean
	/** From play() to moving. */
	readonly startLagMs?: number
	/** From seek() to standing there; playing goes on from the place sought. */
	readonly seekLagMs?: number
	/** One standard deviation of both lags. */
	readonly lagSigmaMs?: number
	/** Lost each time pitch-keeping leaves rate 1. */
	readonly wsolaLossMs?: number
	/** One standard deviation of what `sample()` reports. */
	readonly readSigmaMs?: number
	/** The sound card's clock against the computer's, in millionths. */
	readonly skewPpm?: number
	readonly loadMs?: number
	/** The browser refuses to start it with sound, or at all, until a gesture. */
	readonly autoplay?: 'allowed' | 'muted-only' | 'refused'
	readonly bufferAheadS?: Seconds
}

/** What a test may do to it. */
export interface FakePlayer extends Player {
	/** No data for so long; then it goes on by itself. */
	stall(ms: number): void
	/** Falls behind at once, as a glitch of the sound device does. */
	setBack(ms: number): void
	/** The browser pauses it by itself. */
	pauseByBrowser(): void
	/** A person uses its own controls. */
	useControls(intent: 'play' | 'pause' | 'seek'): void
	/** A click: from now on it may start. */
	gesture(): void
	fail(failure: PlayerFailure): void
	/** The true position, without the noise of reading it. */
	trueS(): Seconds
	readonly counts: { seeks: number; plays: number; pauses: number; rates: number }
	rate(): number
	isMuted(): boolean
}

/** Normally distributed, mean 0, deviation 1 (Box and Muller). */
const gauss = (random: () => number): number =>
	Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

export const createFakePlayer = (options: FakeOptions): FakePlayer => {
	const { local, after, random } = options
	const hasAudio = options.hasAudio ?? true
	const lengthS = options.durationS ?? 120
	const startLagMs = options.startLagMs ?? (hasAudio ? 75 : 1)
	const seekLagMs = options.seekLagMs ?? (hasAudio ? 90 : 10)
	const sigmaMs = options.lagSigmaMs ?? 8
	const speed = 1 + (options.skewPpm ?? 0) / 1e6

	const events = createEmitter()
	const counts = { seeks: 0, plays: 0, pauses: 0, rates: 0 }
	let facts: PlayerFacts = { durationS: null, title: null, isLive: false, hasAudio: null }
	let isLoaded = false
	let failure: PlayerFailure | null = null
	let wantsPlay = false
	let isMoving = false
	let isSeeking = false
	let isStalled = false
	let isBlocked = false
	let hasPlayed = false
	let hasGesture = false
	let isMuted = false
	let isDisposed = false
	let rate = 1
	let isPitchKept = true
	/** Position `fromS` was true at local time `sinceMs`. */
	let fromS = 0
	let sinceMs = local()
	let told: PlayerState['type'] = 'loading'
	const pending = new Set<() => void>()

	const lag = (meanMs: number): number => Math.max(0, meanMs + sigmaMs * gauss(random))
	const later = (ms: number, fn: () => void): (() => void) => {
		const cancel = after(ms, () => {
			pending.delete(cancel)
			fn()
		})
		pending.add(cancel)
		return () => {
			pending.delete(cancel)
			cancel()
		}
	}
	const positionS = (): Seconds =>
		isMoving ? Math.min(lengthS, fromS + ((local() - sinceMs) * rate * speed) / 1000) : fromS
	const rebase = (): void => {
		fromS = positionS()
		sinceMs = local()
	}
	const state = (): PlayerState => {
		if (failure) return { type: 'failed', failure }
		if (!isLoaded) return { type: 'loading' }
		if (isBlocked) return { type: 'blocked' }
		if (isSeeking) return { type: 'seeking' }
		if (positionS() >= lengthS) return { type: 'ended' }
		// Like a media element: 'playing' from the call on, though the first picture moves a lag later.
		if (wantsPlay) return { type: isStalled ? 'stalled' : 'playing' }
		return { type: hasPlayed ? 'paused' : 'ready' }
	}
	let cancelEnd = (): void => undefined
	const update = (): void => {
		if (isDisposed) return
		cancelEnd()
		if (isMoving) cancelEnd = later(((lengthS - positionS()) * 1000) / (rate * speed) + 0.01, update)
		const next = state()
		if (next.type === told) return
		if (next.type === 'ended') {
			rebase()
			isMoving = false
			wantsPlay = false
		}
		told = next.type
		events.emit({ type: 'state', state: next })
	}
	let cancelMove = (): void => undefined
	/** Starts moving after `ms`, if nothing came in between. */
	const moveAfter = (ms: number): void => {
		cancelMove()
		cancelMove = later(ms, () => {
			if (!wantsPlay || isSeeking || isStalled || isMoving) return
			fromS = positionS()
			sinceMs = local()
			isMoving = true
			update()
		})
	}
	const halt = (): void => {
		cancelMove()
		rebase()
		isMoving = false
	}
	let cancelSeek = (): void => undefined

	const element = (globalThis.document?.createElement('video') ?? {}) as HTMLElement
	later(options.loadMs ?? 0, () => {
		isLoaded = true
		facts = { durationS: lengthS, title: null, isLive: false, hasAudio }
		events.emit({ type: 'facts', facts })
		if (wantsPlay) moveAfter(lag(startLagMs))
		update()
	})

	return {
		kind: 'fake',
		can: { rate: 'fine', seek: 'direct', read: 'clock', volume: true },
		element,
		counts,
		state,
		facts: () => facts,
		async play() {
			if (failure || isDisposed) return 'failed'
			counts.plays += 1
			const mayStart =
				hasGesture ||
				(options.autoplay ?? 'allowed') === 'allowed' ||
				(options.autoplay === 'muted-only' && isMuted)
			if (!mayStart) {
				isBlocked = true
				update()
				return 'blocked'
			}
			isBlocked = false
			hasPlayed = true
			if (positionS() >= lengthS) {
				fromS = 0
				sinceMs = local()
			}
			wantsPlay = true
			if (isLoaded && !isMoving) moveAfter(lag(startLagMs))
			update()
			return 'playing'
		},
		pause() {
			counts.pauses += 1
			wantsPlay = false
			isBlocked = false
			halt()
			update()
		},
		seek(toS) {
			counts.seeks += 1
			halt()
			cancelSeek()
			fromS = Math.min(lengthS, Math.max(0, toS))
			sinceMs = local()
			if (!isLoaded) return
			isSeeking = true
			// Half of the lag to stand there, half to move again.
			const half = lag(seekLagMs) / 2
			cancelSeek = later(half, () => {
				isSeeking = false
				if (wantsPlay) moveAfter(half)
				update()
			})
			update()
		},
		setRate(next, keepPitch) {
			if (next === rate && keepPitch === isPitchKept) return
			counts.rates += 1
			rebase()
			const entersWsola = keepPitch && next !== 1 && (rate === 1 || !isPitchKept)
			if (entersWsola && isMoving && hasAudio)
				fromS -= ((options.wsolaLossMs ?? 22) + 3 * gauss(random)) / 1000
			// Too near 1 for WSOLA: silently ignored, as Chromium does.
			rate = keepPitch && Math.abs(next - 1) < 1 / 960 ? 1 : next
			isPitchKept = keepPitch
			update()
		},
		setVolume(volume, muted) {
			isMuted = muted
			events.emit({ type: 'volume', volume, isMuted: muted })
		},
		sample: () =>
			isLoaded && !failure
				? {
						positionS: positionS() + (isMoving ? ((options.readSigmaMs ?? 0.1) * gauss(random)) / 1000 : 0),
						atLocalMs: local(),
						sigmaMs: options.readSigmaMs ?? 0.1,
					}
				: null,
		bufferedAheadS: () => (isStalled ? 0 : Math.min(options.bufferAheadS ?? 30, lengthS - positionS())),
		isBuffered: (atS) => !isStalled && Math.abs(atS - positionS()) <= (options.bufferAheadS ?? 30),
		on: (fn) => events.on(fn),
		dispose() {
			if (isDisposed) return
			isDisposed = true
			events.clear()
			for (const cancel of [...pending]) cancel()
			pending.clear()
			if (typeof element.remove === 'function') element.remove()
		},
		stall(ms) {
			halt()
			isStalled = true
			update()
			later(ms, () => {
				isStalled = false
				if (wantsPlay) moveAfter(0)
				update()
			})
		},
		setBack(ms) {
			rebase()
			fromS -= ms / 1000
		},
		pauseByBrowser() {
			wantsPlay = false
			halt()
			update()
		},
		useControls(intent) {
			events.emit({ type: 'user-intent', intent, positionS: positionS() })
		},
		gesture() {
			hasGesture = true
		},
		fail(found) {
			failure = found
			halt()
			update()
		},
		trueS: positionS,
		rate: () => rate,
		isMuted: () => isMuted,
	}
}
