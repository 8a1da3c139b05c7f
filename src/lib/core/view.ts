/**
 * What screens show beside the room's own state: people present, links, the player, one status line, toasts.
 * Made by `session/`, drawn by `ui/`; plain data, so that either side can be tested without the other.
 */
import type { Role } from './roles.ts'
import type { NewItem } from './room.ts'
import type { Cue } from './subtitles/cues.ts'
import type { DeviceId, ItemId, Millis, Seconds, SubjectId, SubtitleId } from './units.ts'

export interface PersonView {
	readonly device: DeviceId
	readonly name: string
	/** 1 to 8, the seat cover. */
	readonly seat: number
	readonly subject: SubjectId
	readonly role: Role
	readonly isMe: boolean
	readonly isVerified: boolean
	/** Signed in; otherwise a guest. */
	readonly isAccount: boolean
	readonly pictureUrl: string | null
	readonly presence: 'here' | 'away' | 'leaving'
	readonly doing:
		| { readonly type: 'unknown' }
		| { readonly type: 'idle' }
		| { readonly type: 'playing' }
		| { readonly type: 'paused' }
		| { readonly type: 'buffering'; readonly percent: number }
		| { readonly type: 'blocked' }
		/** `no-file`: there is nothing to play it with here: no copy of the file yet, or its own site plays it alone. */
		| { readonly type: 'failed'; readonly why?: 'no-file' }
		| { readonly type: 'ad' }
	readonly isMuted: boolean
	/** Behind the room's moment is negative, ahead positive; null when nothing is known or nothing plays. */
	readonly driftS: Seconds | null
	/** `relayed`: through our server; `turn`: through a TURN server. */
	readonly path: 'self' | 'direct' | 'relayed' | 'turn' | 'through-others'
	readonly rttMs: number | null
	/** In a ready check: has said yes. Null outside of one. */
	readonly isReady: boolean | null
	/** Chat, queue and controls beside another screen. */
	readonly isRemote?: boolean
	/** What is on plays from a file of their own, where others may play it by its link. */
	readonly hasOwnCopy?: boolean
}

/** The browser's extension, which has answered on this page. */
export interface ExtensionView {
	/** Older than what rooms hold today: it can do nothing here before its update. */
	readonly isOld: boolean
}

export interface ConnectionView {
	readonly state: 'connecting' | 'ready' | 'alone' | 'offline'
	readonly direct: number
	readonly relayed: number
	/** How many of the relayed ones go through a TURN server. */
	readonly turn?: number
	/** Median round trip over open links. */
	readonly rttMs: number | null
	readonly server: 'up' | 'connecting' | 'away'
	/** This tab follows another tab of the same browser. */
	readonly isFollower: boolean
	/** Others are here and none is reached: no channel opens and the server relays nothing, or no address may be shown. */
	readonly whyNone?: 'no-relay' | 'hidden'
	/** The server lets this program in no more: it speaks another version than this one. */
	readonly serverVersion?: 'newer' | 'older'
}

export interface PlayerView {
	/** `none`: the queue holds nothing to play. */
	readonly state:
		| 'none'
		| 'loading'
		| 'ready'
		| 'playing'
		| 'paused'
		| 'stalled'
		| 'ended'
		| 'blocked'
		| 'failed'
		| 'ad'
		/** It plays from everybody's own copy; this device has none yet: see `asked`. */
		| 'needs-file'
		/** Its own site alone plays it: nothing does here. */
		| 'on-site'
	readonly isPlaying: boolean
	readonly positionS: Seconds
	readonly durationS: Seconds | null
	readonly bufferedToS: Seconds
	readonly rate: number
	readonly volume: number
	readonly isMuted: boolean
	readonly isLive: boolean
	/** Each control that this source or the room's rules refuse, with the reason in words. */
	readonly disabled: Partial<Record<'play' | 'seek' | 'rate' | 'volume' | 'next', string>>
	/** When `failed`: what happened, in a sentence or two, and where to look at it instead. */
	readonly failure: {
		readonly title: string
		readonly detail: string
		readonly openUrl: string | null
	} | null
	/** When `needs-file`: of which file a copy is asked for. */
	readonly asked?: AskedFile
	/** What this source cannot do, one sentence each; empty for most. */
	readonly limits: readonly string[]
	/** Its position cannot be read: the person says how far off it is (`correct`). */
	readonly canCorrect: boolean
	/** Room time of the next start that all make together, while it is ahead. */
	readonly startsAtMs: Millis | null
	/** Of a stream that comes in several. `chosen` null: by what the line bears; `shown` then is what it plays. */
	readonly quality?: {
		readonly all: readonly QualityView[]
		readonly chosen: number | null
		readonly shown: number | null
	}
}

/** A file that everybody has on the own disk, as the one who added it has it. */
export interface AskedFile {
	readonly name: string
	/** In bytes. */
	readonly size: number
	readonly durationS: Seconds | null
}

/** One at a time on the stage; polite. `action` is the button's words. */
export interface StatusView {
	readonly kind:
		| 'waiting'
		| 'join'
		| 'reconnecting'
		| 'resync'
		| 'alone'
		| 'server-away'
		| 'storage'
		| 'quiet'
		/** A ready check goes on; the action says "I am ready". */
		| 'ready'
		/** All have answered, or need not: 3, 2, 1. */
		| 'countdown'
		| 'ad'
	readonly text: string
	readonly action: string | null
	/** 0 to 1, for the waiting meter. */
	readonly progress: number | null
}

export interface ToastView {
	readonly id: string
	readonly text: string
	/** What is named in the text, shown stronger. */
	readonly subject: string | null
	readonly action: { readonly label: string; readonly kind: 'undo' | 'copy' } | null
	readonly tone: 'plain' | 'problem'
}

/** One look at the player, as the panel plots it. */
export interface StepReading {
	/** performance.timeOrigin + now. */
	readonly atMs: Millis
	/** + = behind; null while it means nothing. */
	readonly driftMs: Millis | null
	/** What the player was told to run at. */
	readonly rate: number
	readonly mark: 'seek' | 'stall' | null
}

/** All there is to know of how well this device keeps step; also what "Copy as JSON" copies. */
export interface StepStats {
	readonly nowMs: Millis
	/** The last minute, oldest first. */
	readonly readings: readonly StepReading[]
	readonly player: {
		readonly kind: string
		/** What the follow loop is about: "tracking", "stalled" … */
		readonly doing: string
		readonly law: string | null
		readonly startLagMs: Millis
		readonly seekLagMs: Millis
		readonly bufferedS: Seconds
		/** Since the film was put on. */
		readonly seeks: number
		readonly stalls: number
	} | null
	readonly clock: {
		/** Room time is known to within this; null with nobody to compare with. */
		readonly errorMs: Millis | null
		/** What the neighbours' clocks say, less ours. */
		readonly offByMs: Millis
		readonly neighbours: number
		readonly oneWayP95Ms: Millis
	}
	readonly people: readonly {
		readonly name: string
		readonly isMe: boolean
		/** + = behind. */
		readonly driftMs: Millis | null
		readonly rttMs: Millis | null
		readonly path: PersonView['path']
	}[]
}

/** What this person has set for this device alone. */
export interface OwnSettings {
	/** The sound comes so much later than the picture's time says (−500 to 500): the film is played earlier by it. */
	readonly soundDelayMs: Millis
	/** Figures of how well it keeps step go to the server. */
	readonly doesShareFigures: boolean
	/** Nobody in a room learns this device's network address; the server's is what they see. */
	readonly hidesAddress: boolean
	/** Up to here it may be off before its speed is changed so that one may hear it (40 to 400). */
	readonly toleranceMs: Millis
}

/** A video that a search found; `item` is what is added when it is chosen. */
export interface FoundVideoView {
	readonly item: NewItem
	readonly title: string
	readonly author: string | null
	readonly durationS: Seconds | null
	readonly thumbnailUrl: string | null
	readonly isLive: boolean
}

/** What came of words in the add field that are no link. */
export type VideoSearch =
	| { readonly type: 'results'; readonly results: readonly FoundVideoView[] }
	/** An address is added, not searched for. */
	| { readonly type: 'is-link' }
	/** This server has none, or the room keeps its links to itself. */
	| { readonly type: 'not-offered' }
	| { readonly type: 'refused'; readonly message: string }

/** What came of a file of subtitles for what is on; `message` says it in a sentence. */
export type SubtitlesAdded =
	| {
			readonly type: 'added'
			readonly subtitles: SubtitleId
			/** As `TextDecoder` calls it. */
			readonly encoding: string
			readonly message: string
	  }
	| { readonly type: 'refused'; readonly message: string }

/** Subtitles that somebody gave to all, to be drawn. */
export type SubtitlesRead =
	| { readonly type: 'read'; readonly cues: readonly Cue[] }
	| { readonly type: 'refused'; readonly message: string }

/** One picture quality of several that a stream comes in. */
export interface QualityView {
	readonly id: number
	/** Lines of the picture; null where only the rate is known. */
	readonly height: number | null
	readonly bitsPerS: number
}

/** What came of text put into the add field. `kept` is put back so that nothing typed is lost. */
export type AddResult =
	| {
			readonly type: 'added'
			readonly item: ItemId
			readonly title: string
			/** Where the same was already. */
			readonly twin?: 'current' | 'next'
	  }
	| { readonly type: 'refused'; readonly message: string }

/** What a text of many lines, a playlist or a queue file holds. */
export interface ListReading {
	readonly items: readonly NewItem[]
	/** For each item the line that it stands on, from 1; empty for a queue file, which has entries. */
	readonly lines: readonly number[]
	/** What is no video: its line (or entry) from 1, its beginning, and why. */
	readonly broken: readonly { readonly line: number; readonly text: string; readonly why: string }[]
	/** Lines beyond the limit. */
	readonly leftOut: number
	readonly limit: number
	/** It is no list at all: why. */
	readonly problem: string | null
}

/** What came of several items put into the queue at once; `left`: how many of the last of them were not added. */
export type AddManyResult =
	| { readonly type: 'added'; readonly count: number; readonly left: number }
	| { readonly type: 'refused'; readonly message: string }

export interface VisitedRoomView {
	readonly roomId: string
	readonly href: string
	readonly title: string
	/** "The Four-Ten to Saltmarsh, 12 minutes in. Yesterday" */
	readonly summary: string
	readonly people: readonly { readonly name: string; readonly seat: number }[]
	readonly visitedAtMs: Millis
}

/** Whether the app opens on this device with no network. */
export type OfflineView =
	| { readonly type: 'looking' }
	| { readonly type: 'ready' }
	| { readonly type: 'not-ready'; readonly why: 'unsupported' | 'refused' | 'full' | 'not-fetched' }
