/**
 * Stats for nerds: what this device knows of everybody's step, of the links, of the clock and of what it keeps. Meant
 * to be shown and to be copied as JSON, so there is nothing in it that opens a room or finds a person: no codes, keys,
 * ids or addresses. Members stand for themselves by their place in the list.
 */
import type { Millis, Seconds } from './units.ts'
import type { PersonView, StepStats } from './view.ts'

export interface MemberPoint {
	/** Seconds before the figures were read. */
	readonly agoS: Seconds
	/** + = behind; null while it means nothing. */
	readonly driftMs: Millis | null
	/** Round trip; null for oneself and where there is no link. */
	readonly rttMs: Millis | null
}

export interface MemberFigures {
	readonly name: string
	readonly isMe: boolean
	readonly doing: PersonView['doing']['type']
	readonly isAway: boolean
	readonly path: PersonView['path']
	readonly driftMs: Millis | null
	readonly rttMs: Millis | null
	/** As it told of itself; null before its first word. */
	readonly startLagMs: Millis | null
	readonly oneWayP95Ms: Millis | null
	/** The last two minutes, once a second, oldest first. */
	readonly trail: readonly MemberPoint[]
}

export interface LinkFigures {
	/** Places in the list of members. */
	readonly from: number
	readonly to: number
	/** `through-others`: no link of ours, but `from` told us last of `to`. */
	readonly way: 'direct' | 'relayed' | 'turn' | 'through-others'
	readonly rttMs: Millis | null
}

export interface RoomFigures {
	/** The reader first, then by name. */
	readonly members: readonly MemberFigures[]
	readonly links: readonly LinkFigures[]
	readonly clock: {
		/** Room time less what this device's clock says. */
		readonly offsetMs: Millis
		/** Room time is known to within this; null with nobody to compare with. */
		readonly errorMs: Millis | null
		/** What the neighbours' clocks say, less ours. */
		readonly offByMs: Millis
		readonly neighbours: number
		readonly oneWayP95Ms: Millis
	}
	readonly player: StepStats['player']
	readonly rates: { readonly room: number; readonly player: number | null }
	/** Since the room was opened here. */
	readonly counters: {
		readonly linksUp: number
		readonly linksDown: number
		readonly pathChanges: number
		readonly sent: Readonly<Record<string, number>>
		readonly received: Readonly<Record<string, number>>
		readonly sentBytes: number
		readonly repairs: number
		readonly strikes: number
	}
	readonly records: {
		readonly count: number
		readonly bytes: number
		readonly waiting: number
		readonly quarantined: number
		readonly rejected: Readonly<Record<string, number>>
	}
}

export type FiguresResult =
	| { readonly type: 'figures'; readonly figures: RoomFigures }
	| { readonly type: 'refused'; readonly message: string }
