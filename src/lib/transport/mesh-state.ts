/**
 * What a mesh knows, in one record that its parts share: who is there, which links are open, tried or waited for. The
 * parts beside it say what is done with that.
 */
import type { RandomSource } from '#lib/core/clock.ts'
import type { Signer, Verifier } from '#lib/core/crypto.ts'
import type { DeviceId, Millis, PeerId, RoomId, SubjectId } from '#lib/core/units.ts'
import type { SignalMessage } from '#lib/protocol/peer.ts'
import type { RosterEntry } from '#lib/protocol/signaling.ts'
import type { ChannelMaker } from './channel.ts'
import type { Handover } from './handover.ts'
import type { Link } from './link.ts'
import { createLateness, type Lateness } from './lateness.ts'
import type { LinkRole } from './link-proof.ts'
import { createOverlay, type Neighbours, type Overlay } from './overlay.ts'
import { createRetryBook, type RetryBook } from './retry-book.ts'
import type { Signaling } from './signaling-port.ts'
import { TICK_MS } from './repair-timer.ts'
import type { Timers } from './timers.ts'
import type { LinkPath, PeerDownReason } from './transport.ts'

/** Told that it is full: not before. */
export const REDIRECT_WAIT_MS: Millis = 30_000
const HINTS_MAX = 30

export interface MeshDeps {
	readonly signaling: Signaling
	readonly channels: ChannelMaker
	readonly signer: Signer
	readonly verifier: Verifier
	readonly roomId: RoomId
	/** As `RoomSecrets.mac` (seal.ts). */
	readonly mac: (message: Uint8Array) => Promise<Uint8Array>
	readonly timers: Timers
	readonly random: RandomSource
	readonly relay?: {
		/** Whether the server there is now relays at all. */
		isOffered(): boolean
		/** The same each time; after a failure, another try. */
		load(): Promise<RelayParts>
	}
	/** False: channels cannot be made here, or would show what the person hides. */
	readonly mayDirect?: () => boolean
	/**
	 * Whether somebody is kept out of the room: asked before each link, and of all open ones by `reviewOutcasts`.
	 * `subject`: as the server's roster has it, null where it does not name the peer.
	 */
	readonly isOutcast?: (device: DeviceId, subject: SubjectId | null) => boolean
}

export interface MeshCounts {
	attempts: number
	opened: number
	failed: number
	proofsFailed: number
	redirected: number
	/** Signals that were no message, or not from whom they should be. */
	ignoredSignals: number
	/** The newest reason for a failure, in words, for the room inspector. */
	lastFailure: string
}

/** Nothing in it, and by the relay: whoever sends it makes no channels. */
export const isDeclining = ({ path, signals }: Parcel): boolean => path === 'relayed' && signals.length === 0

/** How the mesh itself goes: it opens a channel, or asks the server. Other tabs have a transport of their own. */
export type Path = Extract<LinkPath, 'direct' | 'relayed'>
export type Parcel = Extract<SignalMessage, { readonly type: 'parcel' }>

/** A link that is not open yet. */
export interface Attempt {
	readonly link: Link
	readonly id: string
	readonly role: LinkRole
	readonly path: Path
	/** The attempt whose link is to move here. */
	readonly over: string | null
	readonly startedAtMs: Millis
	didAnswer: boolean
}

export interface OpenLink {
	readonly link: Link
	/** Of the attempt that it came from. */
	readonly id: string
	readonly device: DeviceId
	readonly path: Path
	readonly openedAtMs: Millis
	/** While the frames move here from a relayed link. */
	handover: Handover | null
	/** Frames end on this channel, says the other side, whose new one is not open here yet. */
	didTheyMove: boolean
	/** What was told last; null until told. */
	told: { readonly isWanted: boolean; readonly hasDirect: boolean } | null
	isWantedByThem: boolean
	/** Has links that no server carries, as far as is known. */
	reachesOthers: boolean
	unwantedSinceMs: Millis | null
}

/** For the dial of a peer with a lower id. */
export interface Wait {
	readonly sinceMs: Millis
	readonly path: Path
	calledAtMs: Millis | null
}

export interface MeshState {
	readonly deps: MeshDeps
	readonly counts: MeshCounts
	readonly roster: Map<PeerId, RosterEntry>
	readonly open: Map<PeerId, OpenLink>
	readonly attempts: Map<PeerId, Attempt>
	readonly waits: Map<PeerId, Wait>
	readonly retries: RetryBook
	/** Peers that others named. */
	readonly hints: Set<PeerId>
	readonly banned: Set<DeviceId>
	readonly lateness: Lateness
	/** Null until the mesh is started. */
	self: PeerId | null
	isStopped: boolean
	readonly overlay: Overlay
	wishes: Neighbours
	/** Wished links through the server. */
	relayWishes: readonly PeerId[]
	/** Since when some wished link has not been open; null while all are. */
	wantingSinceMs: Millis | null
}

/** What the relay's part does once it is there (relay-ways.ts). */
export interface RelayWays {
	/** Of the links that there should be through the server. */
	choose(present: readonly PeerId[], roomSize: number): readonly PeerId[]
	isRelayOnly(): boolean
	/** Not to be reached by a channel now. */
	isUnreached(peer: PeerId): boolean
	/** How many relayed links there are above what is borne for others. */
	excess(): number
	/** Somebody asks to be dialled through the server. */
	answer(peer: PeerId): void
	/** Somebody dials through the server. */
	accept(peer: PeerId, parcel: Parcel): void
	/** Somebody dials directly, by the attempt `id`, or asks to be dialled so, which is not to be had here. */
	decline(peer: PeerId, id: string | null): void
	/** Relayed links that are missing, and channels to take the place of relayed ones. */
	seek(): void
	/** The frames of an open relayed link go on by a channel. */
	move(peer: PeerId, before: OpenLink, attempt: Attempt): void
	/** A step of a move, on the channel of `link`. */
	hear(open: OpenLink, link: Link, step: 'moved' | 'arrived'): void
	/**
	 * No channel opened, although the peer answered. `isUpgrade`: there is a link through the server. `isAtOnce`: not
	 * by silence.
	 */
	noteFailed(peer: PeerId, how: { readonly isUpgrade: boolean; readonly isAtOnce?: boolean }): void
	/** It says that it makes no channels. */
	noteNone(peer: PeerId): void
	/** It has come anew, and says so no more. */
	noteSome(peer: PeerId): void
	noteBroken(peer: PeerId): void
	noteOpened(peer: PeerId): void
	noteKind(peer: PeerId, hasDirect: boolean): void
	beginAnew(): void
	retryNow(): void
	forget(peer: PeerId): void
}

/** What the relay's part needs of the mesh. */
export interface MeshCore {
	readonly state: MeshState
	tell(peer: PeerId, message: SignalMessage): boolean
	redirect(peer: PeerId): void
	dial(peer: PeerId, path: Path): void
	accept(peer: PeerId, parcel: Parcel): void
	seek(peer: PeerId, isMutual: boolean, path: Path): void
	callAfter(peer: PeerId, patienceMs: Millis, path: Path): boolean
	/** A link that was open is lost. */
	lose(peer: PeerId, reason: PeerDownReason): void
	tellDrained(peer: PeerId): void
	tellMoved(peer: PeerId, path: LinkPath): void
	repairSoon(): void
}

/** What relayed links need; fetched when the first is. */
export interface RelayParts {
	readonly channels: ChannelMaker
	/** Once a mesh. */
	join(core: MeshCore): RelayWays
	stop(): void
}

export const createMeshState = (deps: MeshDeps): MeshState => ({
	deps,
	counts: {
		attempts: 0,
		opened: 0,
		failed: 0,
		proofsFailed: 0,
		redirected: 0,
		ignoredSignals: 0,
		lastFailure: '',
	},
	roster: new Map(),
	open: new Map(),
	attempts: new Map(),
	waits: new Map(),
	retries: createRetryBook(deps.timers, deps.random),
	hints: new Set(),
	banned: new Set(),
	lateness: createLateness(TICK_MS, deps.timers.nowMs()),
	self: null,
	isStopped: false,
	overlay: createOverlay(deps.roomId),
	wishes: { mutual: [], long: [] },
	relayWishes: [],
	wantingSinceMs: null,
})

export const isOutcast = (
	{ deps, banned }: MeshState,
	device: DeviceId,
	subject: SubjectId | null,
): boolean => banned.has(device) || deps.isOutcast?.(device, subject) === true

/** By what the roster says of them. */
export const isBanned = (state: MeshState, peer: PeerId): boolean => {
	const entry = state.roster.get(peer)
	return entry !== undefined && isOutcast(state, entry.device, entry.subject)
}

/** By its own word it makes no channels. */
export const saysRelayOnly = ({ roster }: MeshState, peer: PeerId): boolean =>
	roster.get(peer)?.relayOnly === true

/** It has shown that it makes channels after all. */
export const forgetRelayOnly = ({ roster }: MeshState, peer: PeerId): void => {
	const entry = roster.get(peer)
	if (entry?.relayOnly !== true) return
	const { relayOnly: _, ...rest } = entry
	roster.set(peer, rest)
}

export const mayDirect = ({ deps }: MeshState): boolean => deps.mayDirect?.() ?? true

export const linkedBy = ({ open }: MeshState, path: Path): Set<PeerId> =>
	new Set([...open].flatMap(([peer, link]) => (link.path === path ? [peer] : [])))

export const takeHints = ({ hints, self }: MeshState, others: readonly PeerId[]): void => {
	for (const peer of others) {
		if (peer === self) continue
		hints.delete(peer)
		hints.add(peer)
		if (hints.size <= HINTS_MAX) continue
		for (const oldest of hints) {
			hints.delete(oldest)
			break
		}
	}
}

export const endAttempt = ({ attempts }: MeshState, peer: PeerId): void => {
	attempts.get(peer)?.link.close('error')
	attempts.delete(peer)
}
