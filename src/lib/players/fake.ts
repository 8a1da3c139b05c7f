/**
 * A simulated player of any abilities: lags, jitter, what keeping pitch loses, stalls, ads, a crystal of its own,
 * refusal to start. Runs the same contract as the real ones and stands in for them in simulations; figures from
 * measured Chromium.
 */
import type { Seconds } from '#lib/core/units.ts'
import { createEmitter } from './emitter.ts'
import type {
	Player,
	PlayerAbilities,
	PlayerFacts,
	PlayerFailure,
	PlayerSample,
	PlayerState,
} from './player.ts'

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
	/** What it can do; a `<video>` if left out. */
	readonly can?: Partial<PlayerAbilities>
	/** It may be long before a player knows of its sound track. */
	readonly knowsAudioAfterMs?: number
	/** `reports` only: how often, by how much that varies, and how stale the position is by then, at most. */
	readonly reportEveryMs?: number
	readonly reportJitterMs?: number
	readonly reportStaleMs?: number
	/** Until it moves it says that it has no data, as embeds do at every start and seek. */
	readonly showsBuffering?: boolean
	/** `reload` only: from the command to the film moving. */
	readonly reloadLagMs?: number
	/** Live, and how its positions are to be read. */
	readonly timeline?: 'date' | 'none'
	/** `date` only: the newest second there is, in Unix seconds. */
	readonly liveEdgeS?: () => Seconds
	readonly liveLatencyMs?: number
}

/** What a test may do to it. */
export interface FakePlayer extends Player {
	/** No data for so long; then it goes on by itself. */
	stall(ms: number): void
	/** Falls behind at once, as a glitch of the sound device does. */
	setBack(ms: number): void
	/** Another crystal from now on, in millionths. */
	skew(ppm: number): void
	/** The browser pauses it by itself. */
	pauseByBrowser(): void
	/** A person uses its own controls. */
	useControls(intent: 'play' | 'pause' | 'seek'): void
	/** A click: from now on it may start. */
	gesture(): void
	fail(failure: PlayerFailure): void
	/** An advertisement runs for so long. */
	ad(ms: number): void
	/** Silent players pause some 55 ms after the page was hidden, and play on when it is shown. */
	setHidden(isHidden: boolean): void
	/** A length that turns out to be another one. */
	setDuration(durationS: Seconds | null): void
	/** The site's player has been heard, and can do less. */
	narrow(can: Partial<PlayerAbilities>): void
	/** What `sample()` answers from now on, whatever is true; undefined ends that. */
	claim(sample: PlayerSample | null | undefined): void
	/** The true position, without the noise of reading it. */
	trueS(): Seconds
	readonly counts: { seeks: number; plays: number; pauses: number; rates: number; loads: number }
	rate(): number
	isMuted(): boolean
}

/** Chromium's position moves on a little before the sound does, then waits for it. */
const HOP_FROM_MS = 50
const HOP_MS = 12
const HIDE_MS = 55

/** What a list of rates makes of a wish: the next one towards 1. */
const listedRate = (rates: readonly number[], wanted: number): number => {
	const towards = rates.filter((rate) =>
		wanted >= 1 ? rate >= 1 && rate <= wanted : rate <= 1 && rate >= wanted,
	)
	return wanted >= 1 ? Math.max(1, ...towards) : Math.min(1, ...towards)
}

/** Normally distributed, mean 0, deviation 1 (Box and Muller). */
const gauss = (random: () => number): number =>
	Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

export const createFakePlayer = (options: FakeOptions): FakePlayer => {
	const { local, after, random } = options
	const hasAudio = options.hasAudio ?? true
	const isLive = options.timeline !== undefined
	let lengthS = isLive ? Infinity : (options.durationS ?? 120)
	let can: PlayerAbilities = { rate: 'fine', seek: 'direct', read: 'clock', volume: true, ...options.can }
	const startLagMs = options.startLagMs ?? (hasAudio ? 75 : 1)
	const seekLagMs = options.seekLagMs ?? (hasAudio ? 90 : 10)
	const sigmaMs = options.lagSigmaMs ?? 8
	let speed = 1 + (options.skewPpm ?? 0) / 1e6

	const events = createEmitter()
	const counts = { seeks: 0, plays: 0, pauses: 0, rates: 0, loads: 0 }
	let facts: PlayerFacts = {
		durationS: null,
		title: null,
		isLive,
		hasAudio: null,
		...(isLive && { timeline: options.timeline, liveLatencyMs: options.liveLatencyMs ?? null }),
	}
	let isAd = false
	let isHidden = false
	let wasPausedByHiding = false
	let report: PlayerSample | null = null
	let claimed: PlayerSample | null | undefined
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
		if (isAd) return { type: 'ad' }
		if (isSeeking) return { type: 'seeking' }
		if (positionS() >= lengthS) return { type: 'ended' }
		// Like a media element: 'playing' from the call on, though the first picture moves a lag later.
		if (wantsPlay)
			return { type: isStalled || (options.showsBuffering === true && !isMoving) ? 'stalled' : 'playing' }
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
		if (can.read === 'reports') later(2, takeReport)
	}
	const takeReport = (): void => {
		const staleMs = isMoving ? (options.reportStaleMs ?? 30) * random() : 0
		report = { positionS: positionS() - (staleMs * rate) / 1000, atLocalMs: local(), sigmaMs: 20 }
	}
	const reportOn = (): void => {
		takeReport()
		const jitterMs = options.reportJitterMs ?? 10
		later((options.reportEveryMs ?? 250) + jitterMs * (2 * random() - 1), reportOn)
	}
	let cancelMove = (): void => undefined
	const mayMove = (): boolean => wantsPlay && !isSeeking && !isStalled && !isAd && !isMoving
	const move = (): void => {
		if (!mayMove()) return
		sinceMs = local()
		isMoving = true
		update()
	}
	/** Starts moving after `ms`, if nothing came in between. A long wait has a hop in it, as Chromium's has. */
	const moveAfter = (ms: number): void => {
		cancelMove()
		if (ms < HOP_FROM_MS) {
			cancelMove = later(ms, move)
			return
		}
		cancelMove = later(ms / 4, () => {
			if (!mayMove()) return
			fromS = Math.min(lengthS, fromS + (HOP_MS * rate) / 1000)
			cancelMove = later((ms * 3) / 4 + HOP_MS, move)
		})
	}
	const halt = (): void => {
		cancelMove()
		rebase()
		isMoving = false
	}
	let cancelSeek = (): void => undefined

	const tellFacts = (news: Partial<PlayerFacts>): void => {
		facts = { ...facts, ...news }
		events.emit({ type: 'facts', facts })
	}

	/** All that was told in one go is one load. */
	let cancelReload: (() => void) | null = null
	const reload = (toS: Seconds): void => {
		const grainS = can.seekGrainS ?? 1
		halt()
		cancelReload?.()
		fromS = Math.floor(Math.min(lengthS, Math.max(0, toS)) / grainS) * grainS
		sinceMs = local()
		cancelReload = later(0, () => {
			cancelReload = null
			counts.loads += 1
			if (wantsPlay) {
				cancelMove()
				cancelMove = later(lag(options.reloadLagMs ?? 2_500), move)
			}
			update()
		})
	}

	const element = (globalThis.document?.createElement('video') ?? {}) as HTMLElement
	later(options.loadMs ?? 0, () => {
		isLoaded = true
		if (options.timeline === 'date')
			fromS = (options.liveEdgeS?.() ?? 0) - (options.liveLatencyMs ?? 3_000) / 1000
		const knowsAudio = options.knowsAudioAfterMs === undefined
		tellFacts({ durationS: isLive ? null : lengthS, hasAudio: knowsAudio ? hasAudio : null })
		if (!knowsAudio) later(options.knowsAudioAfterMs ?? 0, () => tellFacts({ hasAudio }))
		if (can.read === 'reports') reportOn()
		if (wantsPlay) moveAfter(lag(startLagMs))
		update()
	})

	return {
		kind: 'fake',
		get can() {
			return can
		},
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
			const wasPlaying = wantsPlay
			wantsPlay = true
			wasPausedByHiding = false
			if (can.seek === 'reload') {
				if (!wasPlaying && cancelReload === null) reload(fromS)
			} else if (isLoaded && !isMoving) moveAfter(lag(startLagMs))
			update()
			return 'playing'
		},
		pause() {
			counts.pauses += 1
			wantsPlay = false
			isBlocked = false
			if (can.pause === 'reload') reload(positionS())
			else halt()
			update()
		},
		seek(toS) {
			counts.seeks += 1
			if (can.seek === 'none') return
			if (can.seek === 'reload') {
				reload(toS)
				update()
				return
			}
			halt()
			cancelSeek()
			fromS = Math.min(options.liveEdgeS?.() ?? lengthS, Math.max(0, toS))
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
		setRate(wanted, lets) {
			if (can.rate === 'none') return
			const isListed = can.rate !== 'fine'
			const next = can.rate === 'fine' ? wanted : listedRate(can.rate, wanted)
			const keepPitch = lets || isListed
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
			claimed !== undefined
				? claimed
				: can.read === 'reports'
					? report
					: isLoaded && !failure && can.read === 'clock'
						? {
								positionS:
									positionS() + (isMoving ? ((options.readSigmaMs ?? 0.1) * gauss(random)) / 1000 : 0),
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
		skew(ppm) {
			rebase()
			speed = 1 + ppm / 1e6
			update()
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
		ad(ms) {
			halt()
			isAd = true
			update()
			later(ms, () => {
				isAd = false
				if (wantsPlay) moveAfter(lag(startLagMs))
				update()
			})
		},
		setHidden(next) {
			isHidden = next
			if (next && (!hasAudio || isMuted))
				later(HIDE_MS, () => {
					if (!isHidden || !wantsPlay) return
					wasPausedByHiding = true
					wantsPlay = false
					halt()
					update()
				})
			if (next || !wasPausedByHiding) return
			wasPausedByHiding = false
			wantsPlay = true
			moveAfter(lag(startLagMs))
			update()
		},
		setDuration(durationS) {
			if (durationS === null || durationS > 0) lengthS = durationS ?? Infinity
			tellFacts({ durationS })
			update()
		},
		narrow(less) {
			can = { ...can, ...less }
			if (less.read === 'reports') reportOn()
		},
		claim(sample) {
			claimed = sample
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
