/**
 * What YouTube's embed says, read: JSON texts `{event, info, id, channel}`. Only what we need and can trust to be what
 * it claims is kept.
 */
import type { Seconds } from '#lib/core/units.ts'
import {
	own,
	ownBoolean,
	ownNumber,
	ownObject,
	ownPosition,
	ownText,
	POSITION_MAX_S,
	readMessage,
	readRates,
	type EmbedObject,
} from './embed-values.ts'

/** −1 unstarted, 0 ended, 1 playing, 2 paused, 3 buffering, 5 cued. */
export type YouTubeState = -1 | 0 | 1 | 2 | 3 | 5

/** What may stand in a delivery; each merges into what was said before. */
export interface YouTubeInfo {
	readonly state?: YouTubeState
	readonly positionS?: Seconds
	/** `Date.now()` of the player when the position was true. */
	readonly stampWallMs?: number
	/** Left out where it is not known yet. */
	readonly durationS?: Seconds
	readonly rate?: number
	readonly rates?: readonly number[]
	/** 0 to 1 of the length. */
	readonly loadedFraction?: number
	readonly title?: string
	readonly isLive?: boolean
	/** 0 to 1. */
	readonly volume?: number
	readonly isMuted?: boolean
}

export type YouTubeWord =
	/** It asks to be listened to. */
	| { readonly type: 'asks' }
	| { readonly type: 'ready' }
	| { readonly type: 'info'; readonly info: YouTubeInfo }
	| { readonly type: 'error'; readonly code: number }
	| { readonly type: 'start-refused' }
	/** One of its many other events. */
	| { readonly type: 'other' }

const STATES: readonly unknown[] = [-1, 0, 1, 2, 3, 5]
const isState = (input: unknown): input is YouTubeState => STATES.includes(input)
/** The year 2100, in seconds. */
const STAMP_MAX_S = 4_102_444_800

/** Leaves out what is undefined. */
const present = <T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
	Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
		[K in keyof T]?: Exclude<T[K], undefined>
	}

const readInfo = (info: EmbedObject): YouTubeInfo => {
	const state = own(info, 'playerState')
	const stampS = ownNumber(info, 'currentTimeLastUpdated_', 0, STAMP_MAX_S)
	const volume = ownNumber(info, 'volume', 0, 100)
	const video = ownObject(info, 'videoData')
	const title = ownText(video, 'title')?.trim()
	return present({
		state: isState(state) ? state : undefined,
		positionS: ownPosition(info, 'currentTime'),
		stampWallMs: stampS === undefined ? undefined : stampS * 1000,
		// 0 means not known, or live.
		durationS: ownNumber(info, 'duration', 0.05, POSITION_MAX_S),
		rate: ownNumber(info, 'playbackRate', 0.1, 4),
		rates: readRates(own(info, 'availablePlaybackRates')),
		loadedFraction: ownNumber(info, 'videoLoadedFraction', 0, 1),
		title: title === '' ? undefined : title,
		isLive: ownBoolean(video, 'isLive'),
		volume: volume === undefined ? undefined : volume / 100,
		isMuted: ownBoolean(info, 'muted'),
	})
}

/** Null for what is no word of this embed. */
export const readYouTubeWord = (data: unknown): YouTubeWord | null => {
	const message = typeof data === 'string' ? readMessage(data) : undefined
	const event = own(message, 'event')
	if (message === undefined || typeof event !== 'string') return null
	switch (event) {
		case 'readyToListen':
			return { type: 'asks' }
		case 'onReady':
			return { type: 'ready' }
		case 'initialDelivery':
		case 'infoDelivery': {
			const info = ownObject(message, 'info')
			return info === undefined ? null : { type: 'info', info: readInfo(info) }
		}
		case 'onStateChange': {
			const state = own(message, 'info')
			return isState(state) ? { type: 'info', info: { state } } : null
		}
		case 'onError': {
			const info = own(message, 'info')
			// Some versions send the number as a text.
			const code = typeof info === 'string' && /^\d{1,3}$/.test(info) ? Number(info) : info
			return typeof code === 'number' && Number.isInteger(code) ? { type: 'error', code } : null
		}
		case 'onAutoplayBlocked':
			return { type: 'start-refused' }
		default:
			return /^(?:on[A-Z]|apiInfoDelivery|alreadyInitialized)/.test(event) ? { type: 'other' } : null
	}
}
