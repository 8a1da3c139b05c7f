/**
 * A Player around a `<video>` element: what html5 and HLS have in common. The element plays sound files too, over a
 * quiet background. It has no controls of its own, so nothing it does is ever a person's intent.
 */
import type { Seconds } from '#lib/core/units.ts'
import { createEmitter } from './emitter.ts'
import {
	HAVE_CURRENT_DATA,
	HAVE_FUTURE_DATA,
	HAVE_METADATA,
	isSeekable,
	rangeEnd,
	readFacts,
	type QuirkyVideo,
	type Timeline,
} from './media-element-facts.ts'
import { createSensor } from './media-element-sensor.ts'
import { createSilenceWatch } from './media-element-watch.ts'
import type {
	Player,
	PlayerAbilities,
	PlayerFacts,
	PlayerFailure,
	PlayerQualities,
	PlayerState,
} from './player.ts'
import { hasRanges, isFileUrl, probeFailure, type ProbeDeps } from './probe-failure.ts'
import { tryPlay } from './try-play.ts'

export interface MediaElementDeps extends ProbeDeps {
	/** performance.timeOrigin + performance.now(). */
	readonly local: () => number
	readonly setTimer: (fn: () => void, ms: number) => () => void
	readonly pageIsSecure: boolean
}

export interface MediaAddress {
	/** As it is asked for. */
	readonly url: string
	/** As given it was plain http, which this page may not load. */
	readonly wasPlainHttp: boolean
}

export interface AttachmentPort {
	/** Why it cannot go on. `unreachable` in mid-film is retried; the rest is final. */
	fail(failure: PlayerFailure): void
	/** The timeline, or what is asked of it, changed. */
	changed(): void
}

/** One way of getting media into the element; a player may have several and tries them in turn. */
export interface Attachment {
	/** Starts loading. Called again to recover after the network came back. */
	attach(element: HTMLVideoElement, port: AttachmentPort): void
	detach(element: HTMLVideoElement): void
	/** What positions mean; null or left out: seconds from the beginning. */
	timeline?(): Timeline | null
	/** Before a start: back to the living end of what cannot be sought. */
	beforePlay?(element: HTMLVideoElement): void
	/** As `Player` has them. */
	qualities?(): PlayerQualities | null
	setQuality?(id: number | null): void
	/** Has time-outs of its own for every request. */
	readonly watchesItself?: boolean
}

const NETWORK_ERROR = 2
const DECODE_ERROR = 3
/** Firefox, without loudspeakers: it plays a film mute then, but no sound file. */
const NO_OUTPUT = /MEDIASINK|CUBEB/
/** After the network failed in mid-film: how long until the next attempt; about two minutes in all, then it is told. */
const recoveryDelayMs = (attempt: number): number => Math.min(5_000, 1_000 * (attempt + 1))
const RECOVERY_ATTEMPTS = 26
const RECOVERY_MAX_MS = 120_000
/** A film that has played on for so long has got over it. */
const RECOVERED_S = 1
/** A film that ends so much too early was broken off; sound files only guess their length. */
const BROKEN_OFF_S = 3
/** Two decoding errors so near to each other are the file's fault. */
const SAME_PLACE_S = 5
const WATCHED =
	'loadstart loadedmetadata loadeddata durationchange canplay canplaythrough playing waiting stalled seeking seeked play pause ended emptied timeupdate progress'.split(
		' ',
	)
/** Failures of one way of playing that another may not share. */
const isWorthAnotherWay = ({ type }: PlayerFailure): boolean => type === 'codec' || type === 'cors'

const DIRECT: PlayerAbilities = { rate: 'fine', seek: 'direct', read: 'clock', volume: true }
/** Only sent from the beginning on. */
const FORWARD_ONLY: PlayerAbilities = { ...DIRECT, seek: 'none' }
/** A live stream without dates: it plays, and nobody can say where it is. */
const UNPLACED: PlayerAbilities = { ...DIRECT, seek: 'none', read: 'none' }

export const createMediaElementPlayer = (
	kind: string,
	stage: HTMLElement,
	source: MediaAddress,
	attachments: readonly [Attachment, ...Attachment[]],
	deps: MediaElementDeps,
): Player => {
	const element: QuirkyVideo = stage.ownerDocument.createElement('video')
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
	let recoversSinceMs: number | null = null
	let resumeAtS: Seconds | null = null
	let cancelRecovery: (() => void) | null = null
	/** What was found out about a server that does not answer. */
	let suspected: PlayerFailure | null = null
	/** The last place at which it was seen to play, and where it ended although it said it was longer. */
	let seenAtS: Seconds = 0
	let endedAtS: Seconds | null = null
	let playingFromS: Seconds = 0
	let isUnmeasured = false
	let hasDecoded = false
	let damagedAtS: Seconds | null = null
	let told: PlayerState = { type: 'loading' }
	let facts: PlayerFacts = { durationS: null, title: null, isLive: false, hasAudio: null }
	const sensor = createSensor(element, deps.setTimer)

	const timeline = (): Timeline | null => attachments[attachment]?.timeline?.() ?? null
	const toRoom = (mediaS: Seconds): Seconds | null => {
		const now = timeline()
		return now ? now.toRoom(mediaS) : mediaS
	}

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
	const updateFacts = (): void => {
		if (element.readyState < HAVE_METADATA) return
		const next = readFacts(element, { known: facts, hasPlayed, timeline: timeline(), endedAtS, isUnmeasured })
		if (next === facts) return
		facts = next
		events.emit({ type: 'facts', facts })
	}
	const update = (): void => {
		if (isDisposed) return
		if (!element.paused && !element.seeking && !element.ended && element.readyState >= HAVE_FUTURE_DATA) {
			seenAtS = element.currentTime
			if (seenAtS > playingFromS + RECOVERED_S) {
				recoveries = 0
				recoversSinceMs = null
			}
		}
		updateFacts()
		const next = state()
		if (next.type === told.type) return
		told = next
		events.emit({ type: 'state', state: next })
	}

	/** Read from the element itself, so a moment ahead of its events; then ours follow at once. */
	const readState = (): PlayerState => {
		const now = state()
		if (now.type !== told.type) queueMicrotask(update)
		return now
	}

	/* ── Failures, and the ways back from them ───────────────────────────────────────────────────────────── */

	const fail = (found: PlayerFailure): void => {
		if (isDisposed || failure) return
		attachments[attachment]?.detach(element)
		if (attachment + 1 < attachments.length && isWorthAnotherWay(found)) {
			attachment += 1
			attach()
			return
		}
		// Where the same address over https does not answer either, it is the http that stands in the way.
		const isInsecure = found.type === 'unreachable' && source.wasPlainHttp && !hasPlayed
		failure = isInsecure ? { type: 'insecure' } : found
		watch.dispose()
		cancelRecovery?.()
		cancelRecovery = null
		update()
	}
	const giveUp = (): void =>
		fail(suspected && suspected.type !== 'codec' ? suspected : { type: 'unreachable' })
	/** The network went away in mid-film: keep the place and try again, told as a stall. */
	const recover = (): void => {
		if (isDisposed || failure) return
		recoversSinceMs ??= deps.local()
		if (recoveries >= RECOVERY_ATTEMPTS || deps.local() - recoversSinceMs >= RECOVERY_MAX_MS) {
			fail({ type: 'unreachable' })
			return
		}
		const waitMs = recoveryDelayMs(recoveries)
		recoveries += 1
		playingFromS = Infinity
		// A live stream goes on where the room is by then.
		if (facts.timeline === undefined || facts.timeline === 'media') resumeAtS ??= element.currentTime
		cancelRecovery?.()
		cancelRecovery = deps.setTimer(() => {
			cancelRecovery = null
			attach()
			if (wantsPlay) void element.play().catch(() => undefined) // told by the element's own events
			update()
		}, waitMs)
		update()
	}
	/** A film that was shown already has no unknown format: its decoder had an accident, or the file is damaged here. */
	const onDecodeError = (detail: string): void => {
		if (!hasDecoded) fail({ type: 'codec', ...(detail === '' ? {} : { detail }) })
		else if (damagedAtS !== null && Math.abs(seenAtS - damagedAtS) < SAME_PLACE_S)
			fail({ type: 'broken-off', atS: seenAtS })
		else {
			damagedAtS = seenAtS
			recover()
		}
	}
	const onError = (): void => {
		const error = element.error
		if (!error || isDisposed || failure) return
		const detail = error.message
		if (NO_OUTPUT.test(detail)) {
			fail({ type: 'no-output' })
			return
		}
		if (error.code === DECODE_ERROR) {
			onDecodeError(detail)
			return
		}
		if (error.code === NETWORK_ERROR && isFileUrl(source.url)) {
			// No network lies between: the file itself is gone, or the disk had a hiccup.
			void probeFailure(source.url, detail, deps).then((found) =>
				found.type === 'file-gone' ? fail(found) : recover(),
			)
			return
		}
		if (error.code === NETWORK_ERROR || recoveries > 0) {
			recover()
			return
		}
		void probeFailure(source.url, detail, deps).then(fail)
	}
	/** Of an attachment that has been given up nothing is heard any more. */
	const portOf = (mine: number): AttachmentPort => ({
		fail(found) {
			if (mine !== attachment) return
			if (found.type === 'unreachable' && (element.readyState >= HAVE_METADATA || recoveries > 0)) recover()
			else fail(found)
		},
		changed: () => {
			if (mine === attachment) update()
		},
	})
	const watch = createSilenceWatch(element, {
		local: deps.local,
		setTimer: deps.setTimer,
		onQuietStart() {
			void probeFailure(source.url, '', deps).then((found) => {
				suspected = found
			})
		},
		onNoAnswer: () => (recoveries > 0 ? recover() : giveUp()),
		onNoBeginning: () => fail({ type: 'no-beginning' }),
		onSilence: recover,
	})
	const attach = (): void => {
		const mine = attachments[attachment]
		mine?.attach(element, portOf(attachment))
		if (!mine?.watchesItself) watch.begin()
	}
	const onMetadata = (): void => {
		// A radio, or a recording that was never told its length: browsers say the same of both.
		if (element.duration === Infinity && !timeline())
			void hasRanges(source.url, deps).then((isRanged) => {
				isUnmeasured = isRanged
				update()
			})
		if (resumeAtS !== null) element.currentTime = timeline()?.toMedia(resumeAtS) ?? resumeAtS
		resumeAtS = null
		if (element.videoWidth === 0) {
			element.dataset['soundOnly'] = 'true'
			element.style.background = 'radial-gradient(circle at 50% 45%, #3a2f2a, #171214 70%)'
		}
	}
	/** Browsers do not say so when a file ends in the midst of what it promised: they just end. */
	const onEnded = (): void => {
		if (!Number.isFinite(element.duration) || element.duration - seenAtS <= BROKEN_OFF_S) return
		endedAtS = seenAtS
		if (element.dataset['soundOnly'] !== 'true') fail({ type: 'broken-off', atS: seenAtS })
	}
	const onPlaying = (): void => {
		sensor.started()
		hasPlayed = true
		isBlocked = false
		playingFromS = element.currentTime
	}
	const onDecoded = (): void => {
		hasDecoded = true
	}
	const onVolume = (): void => events.emit({ type: 'volume', volume: element.volume, isMuted: element.muted })

	element.addEventListener('loadedmetadata', onMetadata)
	element.addEventListener('loadeddata', onDecoded)
	element.addEventListener('ended', onEnded)
	element.addEventListener('playing', onPlaying)
	element.addEventListener('volumechange', onVolume)
	element.addEventListener('error', onError)
	for (const name of WATCHED) element.addEventListener(name, update)
	stage.append(element)
	attach()

	return {
		kind,
		get can() {
			if (facts.timeline === 'none') return UNPLACED
			if (facts.timeline === 'date' || element.readyState < HAVE_METADATA) return DIRECT
			return isSeekable(element) ? DIRECT : FORWARD_ONLY
		},
		element,
		state: readState,
		facts: () => facts,
		async play() {
			if (failure || isDisposed) return 'failed'
			wantsPlay = true
			attachments[attachment]?.beforePlay?.(element)
			const outcome = await tryPlay(element)
			if (outcome === 'failed') return outcome
			isBlocked = outcome === 'blocked'
			update()
			return outcome
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
			if (element.readyState < HAVE_METADATA) {
				resumeAtS = toS
				return
			}
			const now = timeline()
			const mediaS = now ? now.toMedia(toS) : toS
			// Where one cannot seek, browsers go back to the beginning instead.
			const isOutOfReach = !now && !isSeekable(element) && rangeEnd(element.seekable, toS) === null
			if (mediaS === null || isOutOfReach) return
			element.currentTime = mediaS
			seenAtS = mediaS
			update()
		},
		setRate(rate, isPitchKept) {
			if (element.preservesPitch !== isPitchKept) {
				element.preservesPitch = isPitchKept
				if ('webkitPreservesPitch' in element) element.webkitPreservesPitch = isPitchKept
			}
			if (element.playbackRate !== rate) element.playbackRate = rate
		},
		setVolume(volume, isMuted) {
			element.volume = Math.min(1, Math.max(0, volume))
			element.muted = isMuted
		},
		sample() {
			if (element.readyState < HAVE_METADATA || facts.timeline === 'none') return null
			const atLocalMs = deps.local()
			const positionS = toRoom(sensor.read(atLocalMs))
			return positionS === null ? null : { positionS, atLocalMs, sigmaMs: sensor.sigmaMs() }
		},
		bufferedAheadS() {
			const end = rangeEnd(element.buffered, element.currentTime)
			return end === null ? 0 : Math.max(0, end - element.currentTime)
		},
		isBuffered(positionS) {
			const now = timeline()
			const mediaS = now ? now.toMedia(positionS) : positionS
			if (mediaS === null) return false
			const lastS = facts.durationS ?? Infinity
			const end = rangeEnd(element.buffered, Math.max(0, mediaS - 1))
			return end !== null && end >= Math.min(mediaS + 1, lastS - 0.1)
		},
		qualities: () => attachments[attachment]?.qualities?.() ?? null,
		setQuality: (id) => attachments[attachment]?.setQuality?.(id),
		on: (fn) => events.on(fn),
		dispose() {
			if (isDisposed) return
			isDisposed = true
			cancelRecovery?.()
			cancelRecovery = null
			sensor.dispose()
			watch.dispose()
			events.clear()
			for (const name of WATCHED) element.removeEventListener(name, update)
			element.removeEventListener('loadedmetadata', onMetadata)
			element.removeEventListener('loadeddata', onDecoded)
			element.removeEventListener('ended', onEnded)
			element.removeEventListener('playing', onPlaying)
			element.removeEventListener('volumechange', onVolume)
			element.removeEventListener('error', onError)
			element.pause()
			attachments[attachment]?.detach(element)
			element.remove()
		},
	}
}
