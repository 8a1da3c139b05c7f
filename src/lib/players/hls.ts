/**
 * Plays HLS: by hls.js, which is its own chunk, and by the browser itself where that cannot (no Media Source
 * Extensions, a codec, a server without CORS). hls.js comes first because it tells dates and bounds what it loads.
 */
import { playerNotesWords } from '#lib/words/player-notes.ts'
import type HlsJs from 'hls.js'
import type { ErrorData, HlsConfig, LevelDetails, LoadPolicy } from 'hls.js'
import { createDateMap, createLatencyNeed, type DatedPart } from './hls-dates.ts'
import { byNativeHls, isPlainHttp, securedAddress } from './html5.ts'
import { rangeEnd, type Timeline } from './media-element-facts.ts'
import {
	createMediaElementPlayer,
	type Attachment,
	type AttachmentPort,
	type MediaElementDeps,
} from './media-element.ts'
import type { PlayerFailure, PlayerLoader, PlayerQualities } from './player.ts'
import { probeFailure } from './probe-failure.ts'

type HlsClass = typeof HlsJs
/** `full` also plays sound and subtitles that come in playlists of their own; it is half as large again. */
export type LoadHls = (build: 'light' | 'full') => Promise<HlsClass>

const loadHlsJs: LoadHls = async (build) =>
	build === 'light' ? (await import('hls.js/light')).default : (await import('hls.js')).default

const PLAYLIST_MAX_BYTES = 8 * 1024 * 1024
const PART_MAX_BYTES = 128 * 1024 * 1024
/** A request whose answer stops coming for so long is given up and made again. */
const SILENCE_MS = 10_000
/** A live playlist that has not moved for so long has ended, whatever it says. */
const STOPPED_MS = 45_000
const MEDIA_RECOVERY_EACH_MS = 30_000
const DRY_S = 0.3
const DRY_LOOK_MS = 500

const policy = (firstByteMs: number, loadMs: number, retries: number): LoadPolicy => ({
	default: {
		maxTimeToFirstByteMs: firstByteMs,
		maxLoadTimeMs: loadMs,
		timeoutRetry: { maxNumRetry: retries, retryDelayMs: 0, maxRetryDelayMs: 0 },
		errorRetry: { maxNumRetry: retries, retryDelayMs: 1_000, maxRetryDelayMs: 8_000 },
	},
})

const HOUR_MS = 3_600_000
const QUARTER_MS = HOUR_MS / 4
/**
 * Streams whose clock is set to another time zone are whole hours off; `behindMs` says how far their edge seems to be
 * behind now. The same whole number of hours for all members, though their own clocks differ by minutes.
 */
export const zoneShiftMs = (behindMs: number): number =>
	Math.floor((behindMs + QUARTER_MS) / HOUR_MS) * HOUR_MS

/** Of 404, 401 and their like. */
const failureOfStatus = (status: number): PlayerFailure =>
	status === 401 || status === 403 ? { type: 'private', status } : { type: 'not-found', status }

const NEVER_DECODED = [
	'manifestIncompatibleCodecsError',
	'bufferAddCodecError',
	'bufferIncompatibleCodecsError',
]

/** What hls.js calls fatal, told apart; null: it is worth a probe of the address. */
export const failureOf = (data: {
	readonly type: string
	readonly details: string
	readonly response?: { readonly code?: number; readonly data?: unknown } | undefined
}): PlayerFailure | null => {
	const status = data.response?.code
	if (status !== undefined && status >= 400) return failureOfStatus(status)
	if (data.details === 'manifestParsingError' || data.details === 'levelParsingError')
		return data.response?.data === '' ? { type: 'empty' } : { type: 'not-media' }
	if (data.details === 'levelEmptyError') return { type: 'empty' }
	if (data.details === 'fragParsingError') return { type: 'not-media' }
	if (/TimeOut$/.test(data.details)) return { type: 'unreachable' }
	if (data.type === 'keySystemError') return { type: 'codec', detail: playerNotesWords().encrypted }
	if (data.type === 'mediaError') return { type: 'codec', detail: data.details }
	return data.type === 'networkError' ? null : { type: 'unknown', detail: data.details }
}

const partsOf = (details: LevelDetails, shiftMs: number): DatedPart[] =>
	details.fragments.flatMap((fragment) =>
		fragment.programDateTime === null || !Number.isFinite(fragment.programDateTime)
			? []
			: [
					{
						startS: fragment.start,
						durationS: fragment.duration,
						dateMs: fragment.programDateTime + shiftMs,
						run: fragment.cc,
					},
				],
	)

/** What a playlist says of positions: see `PlayerFacts.timeline`. */
const timelineOf = (details: LevelDetails): Timeline['type'] => {
	if (!details.live) return 'media'
	if (details.hasProgramDateTime) return 'date'
	// It grows and loses nothing: its first second is the same for everybody.
	return details.type === 'EVENT' ? 'media' : 'none'
}

/** Of levels that look alike (another codec, another server) the first. */
const qualitiesOf = ({ levels, currentLevel }: HlsJs, chosen: number | null): PlayerQualities | null => {
	const byLook = new Map<string, PlayerQualities['all'][number]>()
	levels.forEach(({ height, bitrate }, id) => {
		const look = height > 0 ? `${String(height)} lines` : `${String(bitrate)} bits`
		if (!byLook.has(look)) byLook.set(look, { id, height: height > 0 ? height : null, bitsPerS: bitrate })
	})
	if (byLook.size < 2) return null
	return {
		all: [...byLook.values()].toSorted((a, b) => b.bitsPerS - a.bitsPerS),
		chosen,
		shown: currentLevel >= 0 ? currentLevel : null,
	}
}

const byHlsJs = (url: string, load: LoadHls, deps: MediaElementDeps): Attachment => {
	let hls: HlsJs | null = null
	let build: 'light' | 'full' = 'light'
	/** Counts attachments: what belongs to an earlier one is not listened to. */
	let turn = 0
	let type: Timeline['type'] = 'media'
	let liveLatencyMs: number | null = null
	let dates = createDateMap()
	let need = createLatencyNeed()
	/** Added to a stream's dates. */
	let shiftMs: number | null = null
	let advancedAtMs = 0
	/** The person's quality; null: by what the line bears. */
	let chosen: number | null = null
	let mediaRecoveredAtMs = -Infinity
	let cancelDry: () => void = () => undefined

	const timeline: Timeline = {
		get type() {
			return type
		},
		get liveLatencyMs() {
			return liveLatencyMs
		},
		toRoom: (mediaS) => (type === 'date' ? dates.dateAt(mediaS) : mediaS),
		toMedia: (roomS) => (type === 'date' ? dates.mediaAt(roomS) : roomS),
	}

	/** What is there is shown to its end before the end is told. */
	const whenDry = (element: HTMLVideoElement, tell: () => void): void => {
		cancelDry()
		const endS = rangeEnd(element.buffered, element.currentTime)
		if (element.paused || endS === null || endS - element.currentTime < DRY_S) tell()
		else cancelDry = deps.setTimer(() => whenDry(element, tell), DRY_LOOK_MS)
	}
	const onPlaylist = (details: LevelDetails, mine: HlsJs, port: AttachmentPort): void => {
		// Once a room watches by dates, it does so to the end: an ENDLIST changes nothing for those who are there.
		if (type !== 'date') type = timelineOf(details)
		if (type === 'date') {
			if (shiftMs === null) {
				dates.update(partsOf(details, 0))
				shiftMs = zoneShiftMs(deps.local() - (dates.edgeMs() ?? deps.local()))
			}
			dates.update(partsOf(details, shiftMs))
			const edgeMs = dates.edgeMs()
			const holdBackMs = 1000 * (mine.targetLatency ?? 3 * details.targetduration)
			if (details.live && details.advanced && edgeMs !== null)
				liveLatencyMs = need.note(deps.local() - edgeMs, holdBackMs)
		}
		port.changed()
	}

	const onFatal = (data: ErrorData, element: HTMLVideoElement, port: AttachmentPort): void => {
		const isLive = type !== 'media'
		const asked = data.frag?.url ?? data.url ?? url
		const status = data.response?.code
		if (isLive && String(data.details) === 'levelLoadError' && (status === 404 || status === 410)) {
			whenDry(element, () => port.fail({ type: 'live-ended' }))
			return
		}
		// Of a live stream single parts go missing; from its newest end it can go on.
		if (isLive && data.frag) {
			port.fail({ type: 'unreachable' })
			return
		}
		const found = failureOf(data)
		if (found) port.fail(found)
		else if (deps.pageIsSecure && isPlainHttp(asked)) port.fail({ type: 'insecure' })
		else
			void probeFailure(asked, '', deps).then((probed) =>
				// It answers now: then it was a moment's trouble.
				port.fail(probed.type === 'codec' ? { type: 'unreachable' } : probed),
			)
	}

	const settings = (port: AttachmentPort): Partial<HlsConfig> => ({
		// One controller is enough: where a live stream is watched is the follow loop's business, not hls.js's.
		maxLiveSyncPlaybackRate: 1,
		lowLatencyMode: false,
		liveDurationInfinity: true,
		backBufferLength: 60,
		manifestLoadPolicy: policy(7_000, 9_000, 1),
		playlistLoadPolicy: policy(7_000, 9_000, 2),
		fragLoadPolicy: policy(7_000, 60_000, 1),
		xhrSetup(xhr, _url, context) {
			const isPlaylist = context?.responseType === 'text'
			const maxBytes = isPlaylist ? PLAYLIST_MAX_BYTES : PART_MAX_BYTES
			let cancel: () => void = () => undefined
			xhr.addEventListener('progress', ({ loaded, lengthComputable, total }) => {
				cancel()
				cancel = deps.setTimer(() => xhr.abort(), SILENCE_MS)
				if (loaded <= maxBytes && !(lengthComputable && total > maxBytes)) return
				xhr.abort()
				port.fail({ type: 'too-big', what: isPlaylist ? 'playlist' : 'part' })
			})
			xhr.addEventListener('loadend', () => cancel())
		},
	})

	const begin = (Hls: HlsClass, element: HTMLVideoElement, port: AttachmentPort): void => {
		const mine = new Hls(settings(port))
		hls = mine
		// None is shown before somebody asks for it: what is shown is chosen from the element's own list.
		if (build === 'full') mine.subtitleDisplay = false
		mine.on(Hls.Events.MANIFEST_LOADED, (_name, { audioTracks, subtitles = [] }) => {
			if (build === 'full' || ![...audioTracks, ...subtitles].some((track) => track.url !== '')) return
			build = 'full'
			start(element, port)
		})
		mine.on(Hls.Events.MANIFEST_PARSED, () => {
			if (chosen !== null) mine.nextLevel = chosen
			port.changed()
		})
		mine.on(Hls.Events.LEVEL_UPDATED, (_name, { details }) => {
			if (details.advanced || !details.live) advancedAtMs = deps.local()
			else if (deps.local() - advancedAtMs > Math.max(STOPPED_MS, 5_000 * details.targetduration))
				whenDry(element, () => port.fail({ type: 'live-ended' }))
			onPlaylist(details, mine, port)
		})
		// Loaded parts know their own times better than the playlist does.
		mine.on(Hls.Events.LEVEL_PTS_UPDATED, (_name, { details }) => {
			if (shiftMs !== null) dates.update(partsOf(details, shiftMs))
		})
		mine.on(Hls.Events.ERROR, (_name, data) => {
			if (!data.fatal) return
			const canRecover =
				data.type === Hls.ErrorTypes.MEDIA_ERROR &&
				!NEVER_DECODED.includes(data.details) &&
				deps.local() - mediaRecoveredAtMs > MEDIA_RECOVERY_EACH_MS
			if (canRecover) {
				mediaRecoveredAtMs = deps.local()
				mine.recoverMediaError()
			} else onFatal(data, element, port)
		})
		mine.loadSource(url)
		mine.attachMedia(element)
	}
	const end = (): void => {
		turn += 1
		cancelDry()
		hls?.destroy()
		hls = null
	}
	const start = (element: HTMLVideoElement, port: AttachmentPort): void => {
		end()
		const mine = turn
		dates = createDateMap()
		need = createLatencyNeed()
		advancedAtMs = deps.local()
		const guarded: AttachmentPort = {
			fail: (found) => {
				if (mine === turn) port.fail(found)
			},
			changed: () => {
				if (mine === turn) port.changed()
			},
		}
		void load(build).then(
			(Hls) => {
				if (mine !== turn) return
				if (Hls.isSupported()) begin(Hls, element, guarded)
				else guarded.fail({ type: 'codec', detail: playerNotesWords().noMediaSource })
			},
			(error: unknown) =>
				guarded.fail({ type: 'unknown', detail: playerNotesWords().hlsDidNotLoad(String(error)) }),
		)
	}

	return {
		watchesItself: true,
		attach: start,
		detach: end,
		timeline: () => timeline,
		qualities: () => (hls === null ? null : qualitiesOf(hls, chosen)),
		setQuality: (id) => {
			chosen = id
			// What plays is played to the end of its part: nothing stalls.
			if (hls !== null) hls.nextLevel = id ?? -1
		},
		beforePlay(element) {
			const [edgeS, holdBackS] = [hls?.liveSyncPosition, hls?.targetLatency]
			if (type !== 'none' || typeof edgeS !== 'number') return
			if (element.currentTime < edgeS - (holdBackS ?? 0)) element.currentTime = edgeS
		},
	}
}

export const createHlsLoader = (deps: MediaElementDeps, loadHls: LoadHls = loadHlsJs): PlayerLoader => ({
	kind: 'hls',
	canPlay: (media) => media.kind === 'hls',
	async load(stage, media) {
		if (media.kind !== 'hls') throw new Error(`hls cannot play ${media.kind}`)
		const url = securedAddress(media.url, deps.pageIsSecure)
		const isNative =
			stage.ownerDocument.createElement('video').canPlayType('application/vnd.apple.mpegurl') !== ''
		const script = byHlsJs(url, loadHls, deps)
		const source = { url, wasPlainHttp: url !== media.url && isPlainHttp(media.url) }
		const ways: [Attachment, ...Attachment[]] = isNative ? [script, byNativeHls(url, deps.local)] : [script]
		return createMediaElementPlayer('hls', stage, source, ways, deps)
	},
})
