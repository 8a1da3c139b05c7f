/**
 * The mesh: keeps the links a peer should have (overlay.ts), replaces dead ones, and is the transport over them.
 * It needs signaling to bring links about; links that are open live on without it. Where no channel can be had, links
 * go through the server (relay-paths.ts), and move to a channel when there is one (handover.ts).
 */
import { bytesToBase64url } from '#lib/core/base64url.ts'
import type { RandomSource } from '#lib/core/clock.ts'
import type { Signer, Verifier } from '#lib/core/crypto.ts'
import {
	ID_BYTES,
	type DeviceId,
	type Millis,
	type PeerId,
	type RoomId,
	type SubjectId,
} from '#lib/core/units.ts'
import { OTHERS_MAX, parseSignalMessage, type SignalMessage } from '#lib/protocol/peer.ts'
import type { RosterEntry } from '#lib/protocol/signaling.ts'
import type { ChannelMaker } from './channel.ts'
import { createEmitter } from './emitter.ts'
import type { beginHandover, Handover } from './handover.ts'
import { createLink, type Link, type LinkDeps } from './link.ts'
import type { LinkRole } from './link-proof.ts'
import { desiredNeighbours, LINKS_MAX, type Neighbours } from './overlay.ts'
import type { RelayPaths, RelayView } from './relay-paths.ts'
import { createRetryBook } from './retry-book.ts'
import { drawUnit } from './seeded-random.ts'
import type { Signaling, SignalingEvent } from './signaling-port.ts'
import type { TimerHandle, Timers } from './timers.ts'
import type { LinkPath, LinkView, PeerDownReason, Transport, TransportEvent } from './transport.ts'

const TICK_MS: Millis = 1_000
/** No answer for this long: others are tried meanwhile, so that ghosts in the roster cost seconds. */
const SUSPECT_AFTER_MS: Millis = 3_000
/** How long the higher id waits for a dial that both should want, before it asks for it. */
const CALL_PATIENCE_MS: Millis = 1_500
/** A call unheard for this long has failed. */
const CALL_DEADLINE_MS: Millis = 12_000
/** How long the higher id waits for a channel to be tried again, where it would try. */
const UPGRADE_PATIENCE_MS: Millis = 5_000
/** A peer's calls answered, at most one in this time. */
const CALL_EVERY_MS: Millis = 2_000
/** A link that neither side wants is kept this long: rosters flicker. */
const UNWANTED_GRACE_MS: Millis = 5_000
/** Told that it is full: not before. */
const REDIRECT_WAIT_MS: Millis = 30_000
/** A link lost sooner than this was no success. */
const SETTLED_AFTER_MS: Millis = 10_000
/** Links asked for in vain for this long: others are tried at random, some each tick, until the wishes are met. */
const EXPLORE_AFTER_MS: Millis = 4_000
const EXPLORE_PER_TICK = 3
/** With fewer links than this, peers that others named are tried as well. */
const FEW_LINKS = 2
const HINTS_MAX = 30
/** Attempts seen per peer, so that a replayed offer is known for what it is. */
const SEEN_PER_PEER = 8
const SEEN_PEERS_MAX = 4_000

/** What relayed links need; fetched when the first is. */
export interface RelayParts {
	readonly channels: ChannelMaker
	readonly paths: RelayPaths
	readonly beginHandover: typeof beginHandover
	stop(): void
}

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
	/**
	 * Whether somebody is kept out of the room: asked before each link, and of all open ones by `reviewOutcasts`.
	 * `subject`: as the server's roster has it, null where it does not name the peer.
	 */
	readonly relay?: {
		/** Whether the server there is now relays at all. */
		isOffered(): boolean
		/** The same each time; after a failure, another try. */
		load(): Promise<RelayParts>
	}
	/** False: channels cannot be made here, or would show what the person hides. */
	readonly mayDirect?: () => boolean
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

export interface Mesh extends Transport {
	readonly counts: Readonly<MeshCounts>
	/** Who is kept out has changed: drops links with those who are, and lets others come again. */
	reviewOutcasts(): void
	/** What channels may show has changed: all are made anew, or tried again. */
	redial(): void
}

interface Attempt {
	readonly link: Link
	readonly id: string
	readonly role: LinkRole
	readonly path: Path
	/** The attempt whose link is to move here. */
	readonly over: string | null
	readonly startedAtMs: Millis
	didAnswer: boolean
}

type Path = Exclude<LinkPath, 'local'>

interface OpenLink {
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
	unwantedSinceMs: Millis | null
}

type Parcel = Extract<SignalMessage, { readonly type: 'parcel' }>

interface Wait {
	readonly sinceMs: Millis
	readonly path: Path
	calledAtMs: Millis | null
}

export const createMesh = (deps: MeshDeps): Mesh => {
	const { timers, random, signaling } = deps
	const { emit, on, clear } = createEmitter<TransportEvent>()
	const roster = new Map<PeerId, RosterEntry>()
	const open = new Map<PeerId, OpenLink>()
	const attempts = new Map<PeerId, Attempt>()
	/** Peers with lower ids, whose dial we wait for. */
	const waits = new Map<PeerId, Wait>()
	const retries = createRetryBook(timers, random)
	const hints = new Set<PeerId>()
	const seen = new Map<PeerId, string[]>()
	const calledUsAtMs = new Map<PeerId, Millis>()
	const banned = new Set<DeviceId>()
	const counts: MeshCounts = {
		attempts: 0,
		opened: 0,
		failed: 0,
		proofsFailed: 0,
		redirected: 0,
		ignoredSignals: 0,
		lastFailure: '',
	}
	let self: PeerId | null = null
	let isStopped = false
	let ticker: TimerHandle
	let poke: TimerHandle = null
	let offSignaling: () => void = () => undefined
	let wishes: Neighbours = { mutual: [], long: [] }
	/** Wished links through the server. */
	let relayWishes: readonly PeerId[] = []
	let relay: RelayParts | null = null
	/** For the relay's code, while it is fetched. */
	let relayNotes: ((parts: RelayParts) => void)[] = []
	/** Since when some wished link has not been open; null while all are. */
	let wantingSinceMs: Millis | null = null

	// --- who should be a neighbour

	const isOutcast = (device: DeviceId, subject: SubjectId | null): boolean =>
		banned.has(device) || deps.isOutcast?.(device, subject) === true
	const isBanned = (peer: PeerId): boolean => {
		const entry = roster.get(peer)
		return entry !== undefined && isOutcast(entry.device, entry.subject)
	}

	const mayDirect = () => deps.mayDirect?.() ?? true
	/** Null where there is no relay, or not yet. */
	const paths = (): RelayPaths | null => (deps.relay?.isOffered() === true ? (relay?.paths ?? null) : null)
	/** At once if the relay's code is there, else when it is; never where the server does not relay. */
	const withRelay = (fn: (parts: RelayParts) => void) => {
		if (deps.relay?.isOffered() !== true || isStopped) return
		if (relay !== null) {
			fn(relay)
			return
		}
		relayNotes.push(fn)
		if (relayNotes.length > 1) return
		deps.relay.load().then(
			(parts) => {
				if (isStopped) {
					parts.stop()
					return
				}
				relay = parts
				for (const note of relayNotes.splice(0)) note(parts)
				reconcileSoon()
			},
			(error: unknown) => {
				relayNotes = [] // whatever needs it next tries again
				counts.lastFailure = `the relay's code could not be fetched: ${String(error)}`
			},
		)
	}
	const linkedBy = (path: Path): Set<PeerId> =>
		new Set([...open].flatMap(([peer, openLink]) => (openLink.path === path ? [peer] : [])))

	/** Asked and not heard from yet: the overlay does without it until it answers. */
	const isSuspect = (peer: PeerId): boolean => {
		const attempt = attempts.get(peer)
		if (attempt !== undefined)
			return (
				attempt.role === 'dial' &&
				!attempt.didAnswer &&
				timers.nowMs() - attempt.startedAtMs > SUSPECT_AFTER_MS
			)
		const calledAtMs = waits.get(peer)?.calledAtMs ?? null
		return calledAtMs !== null && timers.nowMs() - calledAtMs > SUSPECT_AFTER_MS
	}

	const computeWishes = (me: PeerId): void => {
		const direct = linkedBy('direct')
		const members = new Set(direct)
		const present = [...open.keys()]
		const relayed = linkedBy('relayed')
		const known = paths()
		const isTryingNone = !mayDirect() || known?.isRelayOnly({ direct, relayed }) === true
		let roomSize = open.size + 1
		for (const peer of roster.keys()) {
			if (isBanned(peer) || open.has(peer)) continue
			roomSize++
			if (isSuspect(peer) || !(attempts.has(peer) || retries.isDue(peer))) continue
			present.push(peer)
			if (!isTryingNone && known?.isUnreached(peer) !== true) members.add(peer)
		}
		wishes = desiredNeighbours(me, members, deps.roomId, roomSize)
		const view: RelayView = {
			self: me,
			salt: deps.roomId,
			present,
			roomSize,
			direct,
			relayed,
			mayDirect: mayDirect(),
		}
		relayWishes = known?.choose(view) ?? []
		// Without channels the relay is needed as soon as there is somebody.
		if (!view.mayDirect && relay === null && roomSize > 1) withRelay(() => undefined)
	}

	const pickOthers = (except: PeerId): PeerId[] =>
		[...open.keys()]
			.filter((peer) => peer !== except)
			.map((peer) => [drawUnit(random), peer] as const)
			.sort((a, b) => a[0] - b[0])
			.slice(0, OTHERS_MAX)
			.map(([, peer]) => peer)

	const takeHints = (others: readonly PeerId[]) => {
		for (const peer of others) if (peer !== self && hints.size < HINTS_MAX) hints.add(peer)
	}

	// --- signals

	const tell = (peer: PeerId, message: SignalMessage): boolean =>
		signaling.send(peer, JSON.stringify(message))

	const redirect = (peer: PeerId) => {
		counts.redirected++
		tell(peer, { type: 'redirect', others: pickOthers(peer) })
	}

	/** False for an id that this peer has used before. */
	const noteAttempt = (peer: PeerId, id: string): boolean => {
		const ids = seen.get(peer) ?? []
		if (ids.includes(id)) return false
		seen.delete(peer)
		seen.set(peer, [...ids, id].slice(-SEEN_PER_PEER))
		if (seen.size > SEEN_PEERS_MAX)
			for (const oldest of seen.keys()) {
				seen.delete(oldest)
				break
			}
		return true
	}

	const receiveSignal = (from: PeerId, data: string) => {
		const message = parseSignalMessage(data)
		if (self === null || message === null || from === self || isBanned(from)) {
			counts.ignoredSignals++
			return
		}
		switch (message.type) {
			case 'parcel': {
				const attempt = attempts.get(from)
				if (attempt?.id === message.id) {
					attempt.didAnswer = true
					attempt.link.receiveSignals(message.signals)
				} else if (from < self && noteAttempt(from, message.id)) acceptParcel(from, message)
				else counts.ignoredSignals++
				return
			}
			case 'call':
				if (from > self) answerCall(from, message.path ?? 'direct')
				else counts.ignoredSignals++
				return
			case 'redirect':
				if (!attempts.has(from) && !waits.has(from)) {
					counts.ignoredSignals++
					return
				}
				takeHints(message.others)
				endAttempt(from)
				waits.delete(from)
				retries.noteFailure(from, REDIRECT_WAIT_MS)
				reconcileSoon()
		}
	}

	const answerCall = (from: PeerId, path: Path) => {
		const nowMs = timers.nowMs()
		const isVain = path === 'relayed' && attempts.get(from)?.path === 'direct'
		if (isVain) {
			// A channel cannot be had there, says who calls.
			endAttempt(from)
			withRelay((parts) => parts.paths.noteFailed(from))
		}
		const lastMs = calledUsAtMs.get(from) ?? -Infinity
		if (attempts.has(from) || (!isVain && nowMs - lastMs < CALL_EVERY_MS)) return
		calledUsAtMs.set(from, nowMs)
		if (calledUsAtMs.size > SEEN_PEERS_MAX) calledUsAtMs.clear() // costs at most one dial more than due
		// Calling while we have a link: the caller has lost it, so a new one is made beside ours and takes its place.
		if (path === 'relayed')
			withRelay(() => {
				if (attempts.has(from)) return
				if (hasRelayRoomFor(from)) dial(from, 'relayed')
				else redirect(from)
			})
		else if (!hasRoomFor(from)) redirect(from)
		else if (mayDirect()) dial(from, 'direct')
	}

	// --- attempts

	const begin = (
		peer: PeerId,
		{ role, path, id, over }: Pick<Attempt, 'role' | 'path' | 'id' | 'over'>,
	): Attempt => {
		const channels = path === 'direct' ? deps.channels : relay?.channels
		if (self === null || channels === undefined) throw new Error('not started')
		counts.attempts++
		const isCarrying = ({ link: own, handover }: OpenLink) => own === link || handover?.from === link
		const current = (): OpenLink | null => {
			const openLink = open.get(peer)
			return openLink !== undefined && isCarrying(openLink) ? openLink : null
		}
		const isThisOne = () => attempts.get(peer)?.link === link || current() !== null
		const told = { ...(path === 'relayed' ? { path } : {}), ...(over === null ? {} : { over }) }
		const linkDeps: LinkDeps = {
			...deps,
			channels,
			path,
			self,
			peer,
			role,
			sendSignals: (signals) => void tell(peer, { type: 'parcel', id, signals: [...signals], ...told }),
			isWelcome: (device) => {
				const claimed = roster.get(peer)
				return !isOutcast(device, claimed?.subject ?? null) && (claimed?.device ?? device) === device
			},
			onOpen: () => enthrone(peer, link),
			onClosed: ({ reason, wasOpen, others, why }) => {
				if (!isThisOne()) return
				takeHints(others)
				if (wasOpen) lose(peer, reason)
				else {
					attempts.delete(peer)
					counts.failed++
					counts.lastFailure = why
					if (reason === 'proof-failed') counts.proofsFailed++
					noteFailedAttempt(peer, attempt, reason)
				}
				reconcileSoon()
			},
			onFrame: (lane, frame) => {
				if (current() !== null) emit({ type: 'frame', peer, lane, frame })
			},
			onDrained: () => {
				if (open.get(peer)?.link === link) emit({ type: 'drained', peer })
			},
			onWant: (isWanted, hasDirect) => {
				const openLink = current()
				if (openLink === null) return
				openLink.isWantedByThem = isWanted
				relay?.paths.noteKind(peer, hasDirect)
			},
			onMove: (step) => {
				const openLink = current()
				if (openLink === null) return
				if (openLink.handover === null) openLink.didTheyMove ||= step === 'moved'
				else if ((step === 'moved') === (openLink.handover.from === link)) openLink.handover.hear(step)
			},
		}
		const link: Link = createLink(linkDeps)
		const attempt: Attempt = {
			link,
			id,
			role,
			path,
			over,
			startedAtMs: timers.nowMs(),
			didAnswer: role === 'accept',
		}
		attempts.set(peer, attempt)
		return attempt
	}

	/** A channel to somebody with a relayed link is made beside it, and takes its frames over. */
	const dial = (peer: PeerId, path: Path) => {
		const before = open.get(peer)
		const isUpgrade = path === 'direct' && before?.path === 'relayed'
		begin(peer, {
			role: 'dial',
			path,
			id: bytesToBase64url(random.bytes(ID_BYTES)),
			over: isUpgrade ? before.id : null,
		})
	}

	const acceptParcel = (peer: PeerId, { id, signals, path, over }: Parcel) => {
		const accept = () => {
			endAttempt(peer) // the dialer has begun anew: what it had before is over
			waits.delete(peer)
			begin(peer, { role: 'accept', path: path ?? 'direct', id, over: over ?? null }).link.receiveSignals(
				signals,
			)
		}
		if (path === 'relayed') withRelay(() => (hasRelayRoomFor(peer) ? accept() : redirect(peer)))
		else if (mayDirect()) {
			if (hasRoomFor(peer)) accept()
			else redirect(peer)
		} else if (!open.has(peer))
			withRelay(() => {
				if (hasRelayRoomFor(peer)) tell(peer, { type: 'call', path: 'relayed' })
				else redirect(peer)
			})
	}

	/** When and how a peer is tried again that an attempt did not reach. */
	const noteFailedAttempt = (peer: PeerId, { path, over, didAnswer }: Attempt, reason: PeerDownReason) => {
		const isUpgrade = over !== null && open.has(peer)
		// A server that lies spoils the proof of a relayed link: a channel is not to wait for that.
		const isNotOne = reason === 'proof-failed' && path === 'direct'
		if (!isUpgrade) retries.noteFailure(peer, isNotOne ? REDIRECT_WAIT_MS : 0)
		const isNoWay = reason === 'error' || (reason === 'timeout' && didAnswer)
		if (path === 'relayed' || (!isNoWay && !isUpgrade)) return
		withRelay((parts) => {
			parts.paths.noteFailed(peer)
			if (!isUpgrade) retries.forget(peer) // the other way, at once
			reconcileSoon()
		})
	}

	const endAttempt = (peer: PeerId) => {
		attempts.get(peer)?.link.close('error')
		attempts.delete(peer)
	}

	/** Up to the cap; what neither side wants gives way to what comes. */
	const hasFreePlace = (exceptFor?: PeerId): boolean => {
		let taken = 0
		for (const { unwantedSinceMs } of open.values()) if (unwantedSinceMs === null) taken++
		for (const [peer, { role }] of attempts)
			if (role === 'accept' && peer !== exceptFor && !open.has(peer)) taken++
		return taken < LINKS_MAX
	}

	const hasRelayRoomFor = (peer: PeerId): boolean => {
		if (open.has(peer) || relayWishes.includes(peer)) return true
		const relayed = linkedBy('relayed')
		for (const [other, { path }] of attempts) if (path === 'relayed' && other !== peer) relayed.add(other)
		return paths()?.hasRoom({ direct: linkedBy('direct'), relayed }) === true
	}

	/** The ring always fits: another link gives way when it opens. */
	const hasRoomFor = (peer: PeerId): boolean =>
		open.has(peer) || wishes.mutual.includes(peer) || hasFreePlace(peer)

	// --- open links

	const enthrone = (peer: PeerId, link: Link) => {
		const state = link.state()
		const attempt = attempts.get(peer)
		if (isStopped || state.type !== 'open' || attempt === undefined) return
		attempts.delete(peer)
		waits.delete(peer)
		hints.delete(peer)
		const before = open.get(peer)
		if (before?.id === attempt.over && before?.handover === null && before.device === state.device) {
			move(peer, before, attempt)
			return
		}
		if (before !== undefined) {
			open.delete(peer)
			closeBoth(before, 'error')
			emit({ type: 'peer-down', peer, reason: 'error' })
			if (isStopped) return
		}
		if (open.size >= LINKS_MAX) makeRoom()
		counts.opened++
		const { id, path } = attempt
		open.set(peer, {
			link,
			id,
			device: state.device,
			path,
			openedAtMs: timers.nowMs(),
			handover: null,
			didTheyMove: false,
			told: null,
			isWantedByThem: true,
			unwantedSinceMs: null,
		})
		if (path === 'direct') relay?.paths.noteOpened(peer)
		emit({ type: 'peer-up', peer, device: state.device, path })
		reconcileSoon()
	}

	/** The frames of an open relayed link go on by a channel; nobody above notices but by being told. */
	const move = (peer: PeerId, before: OpenLink, { link, id, path }: Attempt) => {
		counts.opened++
		const after: OpenLink = { ...before, link, id, path, didTheyMove: false, told: null }
		open.set(peer, after)
		after.handover =
			relay?.beginHandover({
				from: before.link,
				to: link,
				didTheyMove: before.didTheyMove,
				timers,
				onDrained: () => emit({ type: 'drained', peer }),
				onDone: () => {
					after.handover = null
					relay?.paths.noteOpened(peer)
					emit({ type: 'path-changed', peer, path })
					reconcileSoon()
				},
				onLost: () => lose(peer, 'error'),
			}) ?? null
	}

	const closeBoth = ({ link, handover }: OpenLink, reason: PeerDownReason, others?: readonly PeerId[]) => {
		handover?.stop()
		handover?.from.retire()
		link.close(reason, others)
	}

	/** Closes the link that is missed least. */
	const makeRoom = () => {
		const worth = (peer: PeerId, { isWantedByThem }: OpenLink): number =>
			wishes.mutual.includes(peer) || relayWishes.includes(peer)
				? 3
				: wishes.long.includes(peer)
					? 2
					: isWantedByThem
						? 1
						: 0
		const [victim] = [...open]
			.map(([peer, openLink]) => [worth(peer, openLink), -openLink.openedAtMs, peer] as const)
			.sort((a, b) => a[0] - b[0] || a[1] - b[1])
		if (victim !== undefined) dismiss(victim[2], 'redirected')
	}

	const dismiss = (peer: PeerId, reason: PeerDownReason) => {
		const current = open.get(peer)
		if (current === undefined) return
		open.delete(peer)
		if (attempts.get(peer)?.over === current.id) endAttempt(peer)
		closeBoth(current, reason, reason === 'redirected' ? pickOthers(peer) : [])
		if (reason === 'redirected') retries.noteFailure(peer)
		emit({ type: 'peer-down', peer, reason })
	}

	/** The link ended by itself or at the other side. */
	const lose = (peer: PeerId, reason: PeerDownReason) => {
		const lost = open.get(peer)
		if (lost === undefined) return
		open.delete(peer)
		if (attempts.get(peer)?.over === lost.id) endAttempt(peer)
		closeBoth(lost, 'error')
		if (timers.nowMs() - lost.openedAtMs > SETTLED_AFTER_MS) retries.forget(peer)
		retries.noteFailure(peer, reason === 'redirected' ? REDIRECT_WAIT_MS : 0)
		if (lost.path === 'direct' && (reason === 'error' || reason === 'timeout'))
			withRelay((parts) => {
				parts.paths.noteBroken(peer)
				retries.forget(peer) // through the server, at once
			})
		emit({ type: 'peer-down', peer, reason })
	}

	// --- keeping what is in step with what should be

	const reconcileSoon = () => {
		if (poke !== null || isStopped) return
		poke = timers.setTimeout(() => {
			poke = null
			reconcile()
		}, 0)
	}

	const seek = (me: PeerId, peer: PeerId, isMutual: boolean, path: Path = 'direct') => {
		if (open.has(peer) || attempts.has(peer) || !retries.isDue(peer)) return
		if (me < peer) {
			waits.delete(peer)
			if (isMutual || hasRoomFor(peer)) dial(peer, path)
			return
		}
		const patienceMs = isMutual && path === 'direct' ? CALL_PATIENCE_MS : 0
		callAfter(peer, patienceMs, path)
	}

	/** The lower id dials; the higher one waits for that a while, then asks for it. True when it has asked now. */
	const callAfter = (peer: PeerId, patienceMs: Millis, path: Path): boolean => {
		const nowMs = timers.nowMs()
		const known = waits.get(peer)
		const wait = known?.path === path ? known : { sinceMs: nowMs, path, calledAtMs: null }
		waits.set(peer, wait)
		if (wait.calledAtMs !== null || nowMs - wait.sinceMs < patienceMs) return false
		if (!tell(peer, { type: 'call', ...(path === 'relayed' ? { path } : {}) })) return false
		wait.calledAtMs = nowMs
		return true
	}

	/** A channel beside a relayed link, when it is time to try again. */
	const seekUpgrade = (me: PeerId, peer: PeerId, { path, handover }: OpenLink) => {
		const known = paths()
		if (path === 'direct' || handover !== null || attempts.has(peer) || !mayDirect()) return
		if (known?.isDirectDue(peer) !== true) return
		if (me < peer) dial(peer, 'direct')
		else if (callAfter(peer, UPGRADE_PATIENCE_MS, 'direct')) {
			waits.delete(peer)
			known.noteFailed(peer) // unless it opens
		}
	}

	const reviewOpenLink = (
		peer: PeerId,
		openLink: OpenLink,
		{ isWanted, hasDirect, isDear }: { isWanted: boolean; hasDirect: boolean; isDear: boolean },
	) => {
		if (openLink.told?.isWanted !== isWanted || openLink.told.hasDirect !== hasDirect) {
			openLink.told = { isWanted, hasDirect }
			openLink.link.tellWant(isWanted, hasDirect)
		}
		if (isWanted || (openLink.isWantedByThem && !isDear)) openLink.unwantedSinceMs = null
		else {
			openLink.unwantedSinceMs ??= timers.nowMs()
			if (timers.nowMs() - openLink.unwantedSinceMs >= UNWANTED_GRACE_MS) dismiss(peer, 'redirected')
		}
	}

	const reconcile = () => {
		if (isStopped || self === null) return
		computeWishes(self)
		const wanted = new Set([...wishes.mutual, ...wishes.long])
		const missing = [...wanted].filter((peer) => !open.has(peer)).length
		for (const peer of relayWishes) wanted.add(peer)
		wantingSinceMs = missing > 0 ? (wantingSinceMs ?? timers.nowMs()) : null
		// For each wished link that is missing another one stands in; the oldest, which have proved themselves.
		const standIns = [...open]
			.filter(([peer]) => !wanted.has(peer))
			.sort((a, b) => a[1].openedAtMs - b[1].openedAtMs)
		for (const [peer] of standIns.slice(0, missing)) wanted.add(peer)
		const direct = linkedBy('direct')
		const isRelayFull = paths()?.hasTooMany({ direct, relayed: linkedBy('relayed') }) === true
		for (const [peer, openLink] of [...open])
			reviewOpenLink(peer, openLink, {
				isWanted: wanted.has(peer),
				hasDirect: direct.size > 0,
				isDear: isRelayFull && openLink.path === 'relayed',
			})
		if (!signaling.isOpen()) return
		for (const [peer, wait] of [...waits]) {
			if (wait.calledAtMs === null) {
				if (!wanted.has(peer)) waits.delete(peer)
			} else if (timers.nowMs() - wait.calledAtMs >= CALL_DEADLINE_MS) {
				waits.delete(peer)
				retries.noteFailure(peer)
			}
		}
		for (const peer of wishes.mutual) seek(self, peer, true)
		for (const peer of wishes.long) seek(self, peer, false)
		for (const peer of relayWishes)
			if (!mayDirect() || paths()?.isUnreached(peer) === true) seek(self, peer, true, 'relayed')
		for (const [peer, openLink] of [...open]) seekUpgrade(self, peer, openLink)
		if (open.size < FEW_LINKS)
			for (const peer of hints) if (roster.has(peer) && !isBanned(peer)) seek(self, peer, false)
	}

	/** Ghosts may hold every place around us: real peers are found by trying anybody. */
	const explore = () => {
		if (self === null || wantingSinceMs === null || !signaling.isOpen()) return
		if (timers.nowMs() - wantingSinceMs < EXPLORE_AFTER_MS || !hasFreePlace()) return
		const strangers = [...roster.keys()].filter(
			(peer) =>
				!open.has(peer) &&
				!attempts.has(peer) &&
				!waits.has(peer) &&
				!isBanned(peer) &&
				retries.isDue(peer) &&
				paths()?.isUnreached(peer) !== true,
		)
		for (let i = 0; i < EXPLORE_PER_TICK && strangers.length > 0; i++) {
			const [peer] = strangers.splice(Math.floor(drawUnit(random) * strangers.length), 1)
			if (peer !== undefined) seek(self, peer, false)
		}
	}

	const tick = () => {
		ticker = timers.setTimeout(tick, TICK_MS)
		for (const { link } of [...attempts.values(), ...open.values()]) link.tick()
		for (const { handover } of [...open.values()]) handover?.from.tick()
		reconcile()
		explore()
	}

	const receiveSignaling = (event: SignalingEvent) => {
		switch (event.type) {
			case 'open':
				roster.clear()
				for (const entry of event.roster) noteEntry(entry)
				relay?.paths.beginAnew()
				break
			case 'peer-joined':
				noteEntry(event.entry)
				break
			case 'peer-left':
				// An open link lives on: it may be that only its socket to the server is gone.
				roster.delete(event.peer)
				waits.delete(event.peer)
				hints.delete(event.peer)
				if (!open.has(event.peer)) relay?.paths.forget(event.peer)
				break
			case 'undeliverable':
				if (attempts.has(event.peer) || waits.has(event.peer)) {
					endAttempt(event.peer)
					waits.delete(event.peer)
					retries.noteFailure(event.peer)
				}
				break
			case 'bytes':
				return // the relay's
			case 'signal':
				receiveSignal(event.from, event.data)
				return
			case 'closed':
				waits.clear()
				return
		}
		reconcileSoon()
	}
	const noteEntry = (entry: RosterEntry) => {
		if (entry.peer === self) return
		roster.set(entry.peer, entry)
		retries.forget(entry.peer)
	}

	return {
		kind: 'mesh',
		counts,
		start: (peer) => {
			if (self !== null || isStopped) throw new Error('this transport was started before')
			self = peer
			offSignaling = signaling.on(receiveSignaling)
			ticker = timers.setTimeout(tick, TICK_MS)
		},
		send: (frame, to, lane) => open.get(to)?.link.send(frame, lane) ?? 'no-such-peer',
		links: (): readonly LinkView[] =>
			[...open].map(([peer, { link, device, path, handover }]) => ({
				peer,
				device,
				path: handover === null ? path : 'relayed',
				rttMs: link.rttMs(),
			})),
		drop: (peer, reason) => {
			const current = open.get(peer)
			if (current === undefined) return
			if (reason === 'misbehaved') banned.add(current.device)
			retries.noteFailure(peer)
			dismiss(peer, reason)
			reconcileSoon()
		},
		reviewOutcasts: () => {
			for (const [peer, { device }] of [...open])
				if (isOutcast(device, roster.get(peer)?.subject ?? null)) dismiss(peer, 'removed')
			for (const peer of [...attempts.keys()]) if (isBanned(peer)) endAttempt(peer)
			reconcileSoon()
		},
		redial: () => {
			for (const [peer, { path }] of [...open]) if (path === 'direct') dismiss(peer, 'error')
			for (const [peer, { path }] of [...attempts]) if (path === 'direct') endAttempt(peer)
			relay?.paths.retryNow()
			reconcileSoon()
		},
		on,
		stop: () => {
			if (isStopped) return
			isStopped = true
			clear()
			offSignaling()
			timers.clearTimeout(ticker)
			if (poke !== null) timers.clearTimeout(poke)
			for (const peer of [...attempts.keys()]) endAttempt(peer)
			for (const openLink of open.values()) closeBoth(openLink, 'left')
			open.clear()
			relay?.stop()
		},
	}
}
