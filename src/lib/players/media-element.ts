/**
 * A Player around a `<video>` element: what html5 and HLS have in common. The element plays sound files too, over a
 * quiet background. It has no controls of its own, so nothing it does is ever a person's intent.
 */
import type { Seconds } from '#lib/core/units.ts'
import { createEmitter } from './emitter.ts'
import type { Player, PlayerFacts, PlayerFailure, PlayerState } from './player.ts'
import { probeFailure, type ProbeDeps } from './probe-failure.ts'
import { createSteppedClock, isStepped } from './stepped-clock.ts'

export interface MediaElementDeps extends ProbeDeps {
	/** performance.timeOrigin + performance.now(). */
	readonly local: () => number
	readonly setTimer: (fn: () => void, ms: number) => () => void
	readonly pageIsSecure: boolean
}

/** One way of getting media into the element; a player may have several and tries them in turn. */
export interface Attachment {
	/** Starts loading. Called again to recover after the network came back. */
	attach(element: HTMLVideoElement, report: (failure: PlayerFailure) => void): void
	detach(element: HTMLVideoElement): void
}

interface Quirks {
	webkitPreservesPitch?: boolean
	webkitAudioDecodedByteCount?: number
	mozHasAudio?: boolean
	audioTracks?: { readonly length: number }
}

const HAVE_METADATA = 1
const HAVE_CURRENT_DATA = 2
const HAVE_FUTURE_DATA = 3
const NETWORK_ERROR = 2
const DECODE_ERROR = 3
/** After the network failed in mid-film: how long until the next attempt; about two minutes in all, then it is told. */
const recoveryDelayMs = (attempt: number): number => Math.min(5_000, 1_000 * (attempt + 1))
const RECOVERY_ATTEMPTS = 26
/** Right after the first picture positions are still rough: then ten readings, 4 ms apart, tell how they move. */
const LOOK_AFTER_MS = 300
const LOOK_EACH_MS = 4
const LOOKS = 10
const WATCHED =
	'loadstart loadedmetadata loadeddata durationchange canplay canplaythrough playing waiting stalled seeking seeked play pause ended emptied timeupdate progress'.split(
		' ',
	)

const sameState = (a: PlayerState, b: PlayerState): boolean => a.type === b.type

export const createMediaElementPlayer = (
	kind: string,
	stage: HTMLElement,
	url: string,
	attachments: readonly [Attachment, ...Attachment[]],
	deps: MediaElementDeps,
): Player => {
	const element = stage.ownerDocument.createElement('video')
	const quirks = element as HTMLVideoElement & Quirks
	element.dataset['testid'] = 'player'
	element.playsInline = true
	element.setAttribute('playsinline', '')
	element.preload = 'auto'
	element.controls = false
	element.disableRemotePlayback = true

	const events = createEmitter()
	let attachment = 0
	let failure: PlayerFailure | null = null
	let wantsPlay = false
	let isBlocked = false
	let hasPlayed = false
	let isDisposed = false
	let recoveries = 0
	let resumeAtS: Seconds | null = null
	let cancelRecovery: (() => void) | null = null
	let told: PlayerState = { type: 'loading' }
	let facts: PlayerFacts = { durationS: null, title: null, isLive: false, hasAudio: null }

	const state = (): PlayerState => {
		if (failure) return { type: 'failed', failure }
		if (cancelRecovery) return { type: 'stalled' }
		if (element.readyState < HAVE_METADATA) return { type: 'loading' }
		if (isBlocked) return { type: 'blocked' }
		if (element.ended) return { type: 'ended' }
		if (element.seeking) return { type: 'seeking' }
		if (!element.paused)
			return element.readyState < HAVE_FUTURE_DATA ? { type: 'stalled' } : { type: 'playing' }
		if (element.readyState < HAVE_CURRENT_DATA) return { type: 'loading' }
		return { type: hasPlayed ? 'paused' : 'ready' }
	}

	/** Null until something is known: Firefox and Safari say so, Chromium only counts decoded bytes. */
	const hasAudio = (): boolean | null => {
		if (typeof quirks.mozHasAudio === 'boolean') return quirks.mozHasAudio
		if (quirks.webkitAudioDecodedByteCount !== undefined) {
			if (quirks.webkitAudioDecodedByteCount > 0) return true
			// Nothing decoded after a second of playing: there is no sound track.
			return hasPlayed && element.currentTime > 1 && element.played.length > 0 ? false : facts.hasAudio
		}
		return quirks.audioTracks ? quirks.audioTracks.length > 0 : null
	}
	const updateFacts = (): void => {
		if (element.readyState < HAVE_METADATA) return
		const isLive = element.duration === Infinity
		const next: PlayerFacts = {
			durationS: Number.isFinite(element.duration) ? element.duration : null,
			title: null,
			isLive,
			hasAudio: hasAudio(),
		}
		if (
			next.durationS === facts.durationS &&
			next.hasAudio === facts.hasAudio &&
			next.isLive === facts.isLive
		)
			return
		facts = next
		events.emit({ type: 'facts', facts })
	}
	const update = (): void => {
		if (isDisposed) return
		updateFacts()
		const next = state()
		if (sameState(next, told)) return
		told = next
		events.emit({ type: 'state', state: next })
	}

	const fail = (found: PlayerFailure): void => {
		if (isDisposed || failure) return
		attachments[attachment]?.detach(element)
		if (attachment + 1 < attachments.length && (found.type === 'codec' || found.type === 'cors')) {
			attachment += 1
			attach()
			return
		}
		failure = found
		update()
	}
	/** The network went away in mid-film: keep the place and try again, told as a stall. */
	const recover = (): void => {
		if (recoveries >= RECOVERY_ATTEMPTS) {
			fail({ type: 'unreachable' })
			return
		}
		const waitMs = recoveryDelayMs(recoveries)
		recoveries += 1
		resumeAtS ??= element.currentTime
		cancelRecovery?.()
		cancelRecovery = deps.setTimer(() => {
			cancelRecovery = null
			attach()
			if (wantsPlay) void element.play().catch(() => undefined) // told by the element's own events
			update()
		}, waitMs)
		update()
	}
	const onError = (): void => {
		const error = element.error
		if (!error || isDisposed || failure) return
		const detail = error.message
		if (error.code === DECODE_ERROR) {
			fail({ type: 'codec', ...(detail === '' ? {} : { detail }) })
			return
		}
		if (error.code === NETWORK_ERROR || recoveries > 0) {
			recover()
			return
		}
		void probeFailure(url, detail, deps).then(fail)
	}
	const attach = (): void => {
		attachments[attachment]?.attach(element, (found) => {
			if (found.type === 'unreachable' && element.readyState >= HAVE_METADATA) recover()
			else fail(found)
		})
	}
	const onMetadata = (): void => {
		if (resumeAtS !== null) element.currentTime = resumeAtS
		resumeAtS = null
		if (element.videoWidth === 0) {
			element.dataset['soundOnly'] = 'true'
			element.style.background = 'radial-gradient(circle at 50% 45%, #3a2f2a, #171214 70%)'
		}
	}
	const stepped = createSteppedClock()
	let looks: Seconds[] | null = null
	let doesStep = false
	let cancelLook: () => void = () => undefined
	const look = (): void => {
		if (!looks || element.paused || element.seeking) {
			looks = null
			return
		}
		looks.push(element.currentTime)
		if (looks.length === LOOKS) doesStep = isStepped(looks)
		else cancelLook = deps.setTimer(look, LOOK_EACH_MS)
	}
	const onPlaying = (): void => {
		if (!looks) {
			looks = []
			cancelLook = deps.setTimer(look, LOOK_AFTER_MS)
		}
		hasPlayed = true
		isBlocked = false
		recoveries = 0
	}
	const onVolume = (): void => events.emit({ type: 'volume', volume: element.volume, isMuted: element.muted })

	element.addEventListener('loadedmetadata', onMetadata)
	element.addEventListener('playing', onPlaying)
	element.addEventListener('volumechange', onVolume)
	element.addEventListener('error', onError)
	for (const name of WATCHED) element.addEventListener(name, update)
	stage.append(element)
	attach()

	const inBuffer = (positionS: Seconds): number | null => {
		for (let i = 0; i < element.buffered.length; i++)
			if (element.buffered.start(i) <= positionS + 0.05 && element.buffered.end(i) >= positionS)
				return element.buffered.end(i)
		return null
	}

	return {
		kind,
		can: { rate: 'fine', seek: 'direct', read: 'clock', volume: true },
		element,
		state,
		facts: () => facts,
		async play() {
			if (failure || isDisposed) return 'failed'
			wantsPlay = true
			try {
				await element.play()
				isBlocked = false
				update()
				return 'playing'
			} catch (error) {
				if (error instanceof DOMException && error.name === 'NotAllowedError') {
					isBlocked = true
					update()
					return 'blocked'
				}
				// AbortError: a later pause or load took its place. Unplayable media is told by the error event.
				return 'failed'
			}
		},
		pause() {
			wantsPlay = false
			isBlocked = false
			element.pause()
			update()
		},
		seek(positionS) {
			const lastS = facts.durationS ?? Infinity
			const toS = Math.min(Math.max(0, positionS), lastS)
			if (element.readyState < HAVE_METADATA) resumeAtS = toS
			else element.currentTime = toS
			update()
		},
		setRate(rate, isPitchKept) {
			if (element.preservesPitch !== isPitchKept) {
				element.preservesPitch = isPitchKept
				if ('webkitPreservesPitch' in element) quirks.webkitPreservesPitch = isPitchKept
			}
			if (element.playbackRate !== rate) element.playbackRate = rate
		},
		setVolume(volume, isMuted) {
			element.volume = Math.min(1, Math.max(0, volume))
			element.muted = isMuted
		},
		sample() {
			if (element.readyState < HAVE_METADATA) return null
			const [positionS, atLocalMs] = [element.currentTime, deps.local()]
			if (!doesStep || element.paused || element.seeking) {
				stepped.reset()
				return { positionS, atLocalMs, sigmaMs: 0.2 }
			}
			return { positionS: stepped.read(positionS, atLocalMs, element.playbackRate), atLocalMs, sigmaMs: 4 }
		},
		bufferedAheadS() {
			const end = inBuffer(element.currentTime)
			return end === null ? 0 : Math.max(0, end - element.currentTime)
		},
		isBuffered(positionS) {
			const lastS = facts.durationS ?? Infinity
			const end = inBuffer(Math.max(0, positionS - 1))
			return end !== null && end >= Math.min(positionS + 1, lastS - 0.1)
		},
		on: (fn) => events.on(fn),
		dispose() {
			if (isDisposed) return
			isDisposed = true
			cancelRecovery?.()
			cancelRecovery = null
			cancelLook()
			events.clear()
			for (const name of WATCHED) element.removeEventListener(name, update)
			element.removeEventListener('loadedmetadata', onMetadata)
			element.removeEventListener('playing', onPlaying)
			element.removeEventListener('volumechange', onVolume)
			element.removeEventListener('error', onError)
			element.pause()
			attachments[attachment]?.detach(element)
			element.remove()
		},
	}
}
