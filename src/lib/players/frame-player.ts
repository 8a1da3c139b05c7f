/**
 * A Player out of what a site's frame reports: where it is, whether it moves, what a person did inside the frame, and
 * what it means that it falls silent. How a site says these things is its dialect (`twitch.ts`, `peertube.ts`…); this
 * part knows no site.
 */
import type { Millis, Seconds } from '#lib/core/units.ts'
import type { EmbedDeps } from './embed-frame.ts'
import { ANSWER_MS, DISTURBED_MS, type EmbedShell } from './embed-shell.ts'
import { POSITION_MAX_S } from './embed-values.ts'
import type { Dialect, FramePlayerOptions, Heard, Playback } from './frame-dialect.ts'
import { createPace } from './frame-pace.ts'
import { createSeekWatch } from './frame-seek.ts'
import { createStarts } from './frame-start.ts'
import { createTrack } from './frame-track.ts'
import type { Player, PlayerSample, PlayerState } from './player.ts'

const CHECK_MS = 250
const IDLE_ASK_MS = 1_000
/** The part of the time between two reports by which it must have moved to have played all along. */
const KEPT_UP = 0.8
/** Players pause of themselves before they end, load or show an ad: a person's pause stays. */
const PERSON_STAYS_MS = 250
/** Many frames do not say how much they have: taken for enough to go on, as long as they do not stall. */
const TAKEN_FOR_BUFFERED_S = 3.5

export const createFramePlayer = (
	shell: EmbedShell,
	options: FramePlayerOptions,
	say: Dialect,
	deps: EmbedDeps,
): { readonly player: Player; readonly heard: Heard } => {
	const { local } = deps
	const document = shell.frame.element.ownerDocument
	const track = createTrack()
	const pace = createPace(local())
	const seeking = createSeekWatch()
	const starts = createStarts()
	let isReady = false
	let isAd = false
	let isStuck = false
	let isBlocked = false
	let hasPlayed = false
	let wantsPlay = false
	let observed: Playback = 'unstarted'
	let keptSeekS: Seconds | null = options.startS ?? null
	let sample: PlayerSample | null = null
	let bufferedS: Seconds | null = null
	let rate = 1
	let volume: { readonly volume: number; readonly isMuted: boolean } | null = null
	let commandMs: Millis = -Infinity
	let askedMs: Millis = -Infinity
	let checkedMs: Millis = local()
	let forgetPause: () => void = () => undefined
	if (options.facts) shell.setFacts(options.facts)

	/* ── State ──────────────────────────────────────────────────────────────────────────────────────────── */

	const stateType = (): Exclude<PlayerState['type'], 'failed'> => {
		if (!isReady) return 'loading'
		if (isAd) return 'ad'
		if (seeking.isPending()) return 'seeking'
		if (isBlocked) return 'blocked'
		const atRest = hasPlayed ? 'paused' : 'ready'
		switch (observed) {
			case 'playing':
				return isStuck ? 'stalled' : 'playing'
			case 'buffering':
				return wantsPlay ? 'stalled' : atRest
			case 'ended':
				return 'ended'
			case 'paused':
			case 'unstarted':
				return atRest
		}
	}
	const update = (): void => shell.setState(stateType())
	/** What comes now may have a cause that is no person. */
	const disturbed = (): void => {
		shell.disturbed()
		forgetPause()
	}
	const isPersons = (): boolean => isReady && !isAd && !seeking.isPending() && shell.isPersons()
	const durationS = (): Seconds => shell.facts().durationS ?? POSITION_MAX_S
	const positionS = (): Seconds => sample?.positionS ?? 0

	/* ── Commands ───────────────────────────────────────────────────────────────────────────────────────── */

	const command = (fn: () => void): void => {
		commandMs = local()
		disturbed()
		if (isReady && !shell.isOver()) fn()
	}
	const clampS = (toS: Seconds): Seconds => Math.min(Math.max(0, toS), durationS())
	const sayPlay = (): void => {
		starts.due(local())
		pace.restart(local())
		say.play(keptSeekS !== null)
	}
	const startSeek = (wantedS: Seconds): void => {
		const toS = clampS(wantedS)
		if (observed === 'ended') observed = 'paused'
		seeking.start(toS, sample?.positionS ?? null, local())
		track.forget()
		say.seek(toS)
		say.ask?.()
		update()
	}
	const landed = (): void => {
		seeking.end()
		pace.restart(local())
		track.forget()
		shell.disturbed()
	}
	const mustKeepSeeks = (): boolean => !isReady || (options.keepsSeeks === true && !hasPlayed)
	const makeKeptSeek = (): void => {
		if (keptSeekS === null || mustKeepSeeks()) return
		const toS = keptSeekS
		keptSeekS = null
		command(() => startSeek(toS))
	}

	/* ── What the frame tells ───────────────────────────────────────────────────────────────────────────── */

	const ready = (): void => {
		if (isReady || shell.isOver()) return
		isReady = true
		// Until it says so itself: it stands where its address put it.
		sample ??= { positionS: options.startS ?? 0, atLocalMs: local(), sigmaMs: 0 }
		disturbed()
		if (volume) say.setVolume(volume.volume, volume.isMuted)
		if (rate !== 1) say.setRate?.(rate)
		// Its address says where it begins: no seek for that.
		if (keptSeekS === options.startS && options.keepsSeeks !== true) keptSeekS = null
		makeKeptSeek()
		if (wantsPlay) sayPlay()
		say.ask?.()
		update()
	}
	const sawPlaying = (before: Playback): void => {
		const isFirst = !hasPlayed
		const isPersonsPlay = !wantsPlay && before !== 'buffering' && isPersons()
		hasPlayed = true
		isBlocked = false
		starts.settle('playing')
		if (isFirst) makeKeptSeek()
		if (isPersonsPlay) {
			wantsPlay = true
			shell.intent('play', positionS())
		}
		// A seek at rest starts some players.
		else if (!wantsPlay && local() - commandMs < DISTURBED_MS) say.pause()
	}
	const sawPause = (): void => {
		forgetPause()
		if (!wantsPlay || durationS() - positionS() <= 1) return
		// If it stays so and nobody did it, the browser did: some players start and are stopped at once.
		starts.due(local())
		if (!isPersons()) return
		forgetPause = shell.after(PERSON_STAYS_MS, () => {
			if (observed !== 'paused' || !isPersons()) return
			wantsPlay = false
			shell.intent('pause', positionS())
		})
	}
	const playback = (next: Playback): void => {
		// What frames say after the end (idle, paused) does not undo it.
		if (shell.isOver() || !isReady || next === observed || (observed === 'ended' && next !== 'playing'))
			return
		const before = observed
		observed = next
		isStuck = false
		pace.restart(local())
		if (next !== 'playing') track.interrupt()
		if (next === 'playing') sawPlaying(before)
		if (next === 'paused' && before === 'playing') sawPause()
		if (next === 'buffering') {
			disturbed()
			if (wantsPlay) starts.settle('playing')
		}
		if (next === 'ended') {
			disturbed()
			seeking.end()
			track.forget()
			const endS = shell.facts().durationS
			if (endS !== null) sample = { positionS: endS, atLocalMs: local(), sigmaMs: 0 }
		} else say.ask?.()
		update()
	}
	/** The frame's own word for it is worth more than what a stall made us doubt; only our own commands are. */
	const isPersonsSeek = (isSaid: boolean): boolean =>
		isPersons() || (isSaid && !isAd && !document.hidden && local() - commandMs >= DISTURBED_MS)
	const place = (saidS: Seconds, atLocalMs: Millis, sigmaMs: Millis, isSaid: boolean): void => {
		if (shell.isOver() || isAd || observed === 'ended' || (keptSeekS !== null && !hasPlayed)) return
		const atS = Math.min(saidS, durationS())
		const isRunning = observed === 'playing'
		if (seeking.isPending()) {
			if (!seeking.hasLanded(atS, isSaid, isRunning || observed === 'buffering', local())) return
			landed()
		}
		const isLeap = track.isLeap(atS, atLocalMs, rate, isRunning)
		if (isLeap) track.forget()
		track.add(atS, atLocalMs, rate)
		if (sample === null || atS > sample.positionS + 0.01 || atS < sample.positionS) {
			const sinceS = ((atLocalMs - (sample?.atLocalMs ?? atLocalMs)) * rate) / 1000
			pace.moved(local(), atS - (sample?.positionS ?? atS) > sinceS * KEPT_UP)
			isStuck = false
		}
		sample = { positionS: atS, atLocalMs, sigmaMs }
		if (isLeap && isPersonsSeek(isSaid)) shell.intent('seek', atS)
		update()
	}
	const blocked = (): void => {
		if (shell.isOver() || !wantsPlay || observed === 'playing') return
		isBlocked = true
		starts.settle('blocked')
		update()
	}

	const heard: Heard = {
		ready,
		playback,
		position: (atS, atLocalMs, sigmaMs) => place(atS, atLocalMs, sigmaMs, false),
		went: (atS, atLocalMs) => place(atS, atLocalMs, 100, true),
		facts: (change) => shell.setFacts(change),
		volume(next, isMuted) {
			// Until it has done as told, it tells what was before.
			if (!isReady || local() - commandMs < DISTURBED_MS) return
			if (volume && Math.abs(volume.volume - next) < 0.015 && volume.isMuted === isMuted) return
			volume = { volume: next, isMuted }
			shell.setVolume(next, isMuted)
		},
		buffered(aheadS) {
			bufferedS = aheadS
		},
		ad(isRunning) {
			if (isAd === isRunning || shell.isOver()) return
			isAd = isRunning
			track.forget()
			disturbed()
			pace.restart(local())
			if (isRunning) starts.settle('playing')
			// The film that follows has been asked for and is on its way.
			else if (wantsPlay && observed !== 'playing') observed = 'buffering'
			update()
		},
		blocked,
	}

	/* ── Time ───────────────────────────────────────────────────────────────────────────────────────────── */

	shell.after(ANSWER_MS, () => {
		if (isReady) return
		void Promise.resolve(options.whyNotReady()).then((failure) => {
			if (!isReady && failure !== null) shell.fail(failure)
		})
	})
	shell.every(CHECK_MS, () => {
		const nowMs = local()
		const wasAsleep = nowMs - checkedMs > 4 * CHECK_MS
		checkedMs = nowMs
		if (!isReady) return
		const isBusy = observed === 'playing' || observed === 'buffering' || seeking.isPending()
		if (isBusy || nowMs - askedMs >= IDLE_ASK_MS) {
			askedMs = nowMs
			say.ask?.()
		}
		// The timers of a page that slept run before the words that came meanwhile are read.
		if (wasAsleep) pace.restart(nowMs)
		if (seeking.isLost(nowMs)) landed()
		isStuck = observed === 'playing' && !isAd && options.can().read !== 'none' && pace.isStuck(nowMs)
		if (isStuck) {
			track.interrupt()
			disturbed()
		}
		const isWaiting = observed === 'unstarted' || observed === 'paused'
		// A hidden page is paused by the browser without being blocked.
		if (document.hidden) starts.hold(nowMs)
		else if (isWaiting && !isAd && starts.isOverdue(nowMs)) blocked()
		update()
	})
	const stopWatching = shell.on((event) => {
		if (event.type !== 'state' || event.state.type !== 'failed') return
		// It may still play behind the words that say why it cannot.
		if (isReady) say.pause()
		starts.settle('failed')
	})

	const player: Player = {
		kind: options.kind,
		get can() {
			return options.can()
		},
		element: shell.frame.element,
		state: () => shell.state(),
		facts: () => shell.facts(),
		play() {
			if (shell.isOver()) return Promise.resolve('failed')
			wantsPlay = true
			isBlocked = false
			command(sayPlay)
			update()
			if (isReady && (observed === 'playing' || isAd)) return Promise.resolve('playing')
			return starts.outcome()
		},
		pause() {
			wantsPlay = false
			isBlocked = false
			starts.settle('failed')
			command(() => say.pause())
			update()
		},
		seek(wantedS) {
			if (options.can().seek === 'none' || shell.isOver() || !Number.isFinite(wantedS)) return
			if (mustKeepSeeks()) keptSeekS = clampS(wantedS)
			else command(() => startSeek(wantedS))
		},
		setRate(next) {
			const ability = options.can().rate
			if (next === rate || ability === 'none' || (ability !== 'fine' && !ability.includes(next))) return
			rate = next
			track.interrupt()
			command(() => say.setRate?.(next))
		},
		setVolume(next, isMuted) {
			volume = { volume: Math.min(1, Math.max(0, next)), isMuted }
			command(() => say.setVolume(Math.min(1, Math.max(0, next)), isMuted))
		},
		sample() {
			if (options.can().read === 'none' || shell.isOver()) return null
			// The site shows 0 until it plays, but this is where it will begin.
			if (keptSeekS !== null && isReady && !hasPlayed)
				return { positionS: keptSeekS, atLocalMs: local(), sigmaMs: 0 }
			return sample
		},
		bufferedAheadS() {
			const { type } = shell.state()
			if (type === 'loading' || type === 'failed' || type === 'stalled') return 0
			return Math.min(Math.max(0, durationS() - positionS()), bufferedS ?? TAKEN_FOR_BUFFERED_S)
		},
		isBuffered: (atS) =>
			bufferedS !== null && sample !== null && atS >= positionS() && atS + 1 <= positionS() + bufferedS,
		on: (fn) => shell.on(fn),
		dispose() {
			stopWatching()
			starts.settle('failed')
			shell.dispose()
		},
	}
	return { player, heard }
}
