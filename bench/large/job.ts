/**
 * What the benchmark of large rooms and its processes full of members say to each other.
 */

export interface Job {
	/** The room's link. */
	readonly link: string
	/** Of the members here, the first is number `from` in the room. */
	readonly from: number
	readonly count: number
	/** Of these, so many can have no channel: all their links go through the server. */
	readonly relayOnly: number
}

export type ToHost =
	| { readonly type: 'start'; readonly job: Job }
	/** Every member here says one thing, numbered from `from`. */
	| { readonly type: 'say-all' }
	/** From here on frames and bytes are counted anew. */
	| { readonly type: 'count' }
	| { readonly type: 'report' }
	/** One more member comes, is measured, and leaves. */
	| { readonly type: 'visit'; readonly expectedChat: number }

/** Of one member, since the last `count`. */
export interface MemberReport {
	readonly peer: string
	readonly links: readonly { readonly peer: string; readonly path: 'direct' | 'relayed' }[]
	/** Who is here, as it sees it. */
	readonly present: number
	/** Of whom of these it knows what they do. */
	readonly known: number
	readonly chat: number
	/** Of the room's playback: what moved it last. */
	readonly playbackRev: string
	readonly playbackAtMs: number
	/** When the last of the chat was here, by this machine's clock. */
	readonly chatAtMs: number
	readonly updateSends: number
	readonly signaling: Readonly<Record<string, number>>
	/** Who sent it signals. */
	readonly callers: readonly string[]
	readonly statusFrames: number
	readonly statusBytes: number
	readonly linkFrames: number
	readonly linkBytes: number
	readonly redirected: number
	readonly attempts: number
	readonly failed: number
}

export interface Visit {
	readonly peer: string
	readonly frames: Readonly<Record<string, number>>
	/** From the first request until all of the chat was here, ms. */
	readonly tookMs: number | null
	readonly dialled: readonly string[]
	readonly links: number
}

export type FromHost =
	| { readonly type: 'ready' }
	| { readonly type: 'started' }
	| { readonly type: 'counted' }
	| { readonly type: 'said'; readonly atMs: number }
	| {
			readonly type: 'report'
			readonly members: readonly MemberReport[]
			readonly rssBytes: number
			readonly cpuMs: number
	  }
	| ({ readonly type: 'visited' } & Visit)
