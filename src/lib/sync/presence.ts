/**
 * Who is here, and what each of them tells of itself. Three sources: the server's roster, our links, and statuses
 * that travel from neighbour to neighbour (beyond the first link only in rooms too large for everybody to know
 * everybody). Whoever is in none of them leaves, with a grace for those who only lost their network.
 */
import type { DeviceId, Millis, PeerId, SubjectId } from '#lib/core/units.ts'
import type { PersonView } from '#lib/core/view.ts'
import { encodeRoomFrame, parseRoomFrame, STATUS_HOPS_MAX } from '#lib/protocol/room-frames.ts'
import { ROSTER_MAX, type RosterEntry } from '#lib/protocol/signaling.ts'
import type { SignalingEvent } from '#lib/transport/signaling-port.ts'
import type { TimerHandle, Timers } from '#lib/transport/timers.ts'
import type { Lane, LinkView, Transport, TransportEvent } from '#lib/transport/transport.ts'
import { createBucket } from './author-budget.ts'
import { encodeStatus, parseStatus, type MemberStatus, type StatusMessage } from './member-status.ts'

export interface PresenceDeps {
	readonly transport: Transport
	readonly timers: Timers
	readonly self: { readonly peer: PeerId; readonly device: DeviceId }
	/** Asked whenever a status goes out. */
	readonly status: () => MemberStatus
	/** Somebody came, left, or told something new. */
	readonly onChange: () => void
}

/** One open tab or app, ours included. */
export interface Presence {
	readonly peer: PeerId
	readonly device: DeviceId
	readonly subject: SubjectId | null
	/** As the server has it. */
	readonly name: string | null
	readonly isLeaving: boolean
	readonly isAway: boolean
	readonly doing: PersonView['doing']
	readonly isMuted: boolean
	/** + = behind; null when nothing is known. */
	readonly driftMs: Millis | null
	readonly path: PersonView['path']
	readonly rttMs: Millis | null
	/** All it told of itself; null before it said anything. */
	readonly status: MemberStatus | null
}

export interface PresenceKeeper {
	list(): readonly Presence[]
	/** Hand every event of the signaling port in here. */
	signaling(event: SignalingEvent): void
	/** Our own status has changed: told soon, at most four times a second. */
	changed(): void
	/** Tells the neighbours that we leave on purpose, so that they show no grace. */
	sayBye(): void
	/** Idempotent. */
	stop(): void
}

export const STATUS_EVERY_MS: Millis = 2_000
export const STATUS_TTL_MS: Millis = 10_000
export const LEAVING_GRACE_MS: Millis = 10_000
const STATUS_MIN_GAP_MS: Millis = 250
/** In large rooms a status goes beyond our neighbours only so often. */
const FAR_EVERY_MS: Millis = 4_000
/** Of one neighbour, forwarded ones included: a burst, then so many a second. */
const INBOUND_BURST = 400
const INBOUND_PER_S = 200
/** Nobody honest speaks to those beyond its links more often than each 4 s. */
const FORWARD_EVERY_MS: Millis = 2_000
/** Far less than a neighbour takes for a flood, whatever others press on us. */
const FORWARD_BURST = 300
const FORWARD_PER_S = 150
const LOOK_EVERY_MS: Millis = 1_000

interface Known {
	readonly peer: PeerId
	device: DeviceId
	entry: RosterEntry | null
	heard: { readonly message: StatusMessage; readonly atMs: Millis; readonly isDirect: boolean } | null
	/** When the last sign of it was seen; Infinity while there is one now. */
	lastSignMs: Millis
	hasSaidBye: boolean
	/** When a status of its last travelled on through us. */
	forwardedAtMs: Millis
}

const pathOf = (link: LinkView): PersonView['path'] => (link.path === 'relayed' ? 'relayed' : 'direct')

export const createPresence = (deps: PresenceDeps): PresenceKeeper => {
	const { transport, timers, self } = deps
	const known = new Map<PeerId, Known>()
	/** As the server had it when it was last heard. */
	const rostered = new Map<PeerId, DeviceId>()
	const mayForward = createBucket(FORWARD_BURST, FORWARD_PER_S, () => timers.nowMs())
	const budgets = new Map<PeerId, { tokens: number; atMs: Millis }>()
	let isServerUp = false
	let count = 0
	let sentAtMs = -Infinity
	let sentFarAtMs = -Infinity
	let dueTimer: TimerHandle = null
	let isStopped = false

	const linkOf = (peer: PeerId): LinkView | undefined => transport.links().find((link) => link.peer === peer)

	const know = (peer: PeerId, device: DeviceId): Known => {
		const before = known.get(peer)
		if (before !== undefined) return before
		const fresh: Known = {
			peer,
			device,
			entry: null,
			heard: null,
			lastSignMs: timers.nowMs(),
			hasSaidBye: false,
			forwardedAtMs: -Infinity,
		}
		known.set(peer, fresh)
		return fresh
	}

	const isHeard = ({ heard }: Known): boolean => heard !== null && timers.nowMs() - heard.atMs < STATUS_TTL_MS
	const isHere = (one: Known): boolean =>
		!one.hasSaidBye && (linkOf(one.peer) !== undefined || (isServerUp && one.entry !== null) || isHeard(one))

	/** Forgets who has left, and notes when the last sign of the others was. */
	const look = (): void => {
		const nowMs = timers.nowMs()
		let didChange = false
		for (const one of known.values()) {
			if (isHere(one)) {
				one.lastSignMs = nowMs
				continue
			}
			// Kept while its link lasts, so that a status that the goodbye overtook does not bring it back.
			if (one.hasSaidBye && linkOf(one.peer) !== undefined) continue
			if (!one.hasSaidBye && nowMs - one.lastSignMs < LEAVING_GRACE_MS) continue
			known.delete(one.peer)
			budgets.delete(one.peer)
			didChange = true
		}
		if (didChange) deps.onChange()
	}

	// --- out

	/** Somebody is here whom we have no link to: statuses have to travel on. */
	const isLargerThanLinks = (): boolean => known.size > transport.links().length

	const sendTo = (peers: readonly PeerId[], payload: Uint8Array, hops: number, lane: Lane): void => {
		const frame = encodeRoomFrame({ type: 'status', hops, payload })
		// Refused is lost: the next one comes in two seconds.
		for (const peer of peers) transport.send(frame, peer, lane)
	}

	const tell = (peers: readonly PeerId[], lane: Lane): void => {
		const payload = encodeStatus({ ...self, count: count++, status: deps.status() })
		if (payload === null) return
		const nowMs = timers.nowMs()
		const isFar = isLargerThanLinks() && nowMs - sentFarAtMs >= FAR_EVERY_MS
		if (isFar) sentFarAtMs = nowMs
		sendTo(peers, payload, isFar ? STATUS_HOPS_MAX - 1 : 0, lane)
	}

	const tellAll = (lane: Lane): void => {
		timers.clearTimeout(dueTimer)
		sentAtMs = timers.nowMs()
		tell(
			transport.links().map((link) => link.peer),
			lane,
		)
		dueTimer = timers.setTimeout(() => tellAll('lossy'), STATUS_EVERY_MS)
	}

	const tellSoon = (): void => {
		timers.clearTimeout(dueTimer)
		const waitMs = Math.max(0, sentAtMs + STATUS_MIN_GAP_MS - timers.nowMs())
		dueTimer = timers.setTimeout(() => tellAll('ordered'), waitMs)
	}

	// --- in

	const isWithinBudget = (peer: PeerId): boolean => {
		const nowMs = timers.nowMs()
		const budget = budgets.get(peer) ?? { tokens: INBOUND_BURST, atMs: nowMs }
		const earned = ((nowMs - budget.atMs) * INBOUND_PER_S) / 1_000
		budget.tokens = Math.min(INBOUND_BURST, budget.tokens + earned) - 1
		budget.atMs = nowMs
		budgets.set(peer, budget)
		if (budget.tokens >= 0) return true
		budget.tokens = 0
		return false
	}

	/** Whether `from` may say this of `message.peer`: of itself always, of others only what fits the roster. */
	const isCredible = (from: LinkView, message: StatusMessage): boolean => {
		if (message.peer === self.peer) return false
		if (message.peer === from.peer) return message.device === from.device
		if (linkOf(message.peer) !== undefined) return false // we hear it from itself
		const before = known.get(message.peer)
		if (before !== undefined) return before.device === message.device && !before.hasSaidBye
		// Nobody comes by hearsay: with the server away, only those come back who were on its roster.
		return !isServerUp && rostered.get(message.peer) === message.device
	}

	const hear = (from: LinkView, payload: Uint8Array, hops: number): void => {
		if (!isWithinBudget(from.peer) || known.get(from.peer)?.hasSaidBye === true) return
		const message = parseStatus(payload)
		if (message === null || !isCredible(from, message)) return
		const one = know(message.peer, message.device)
		const nowMs = timers.nowMs()
		const isDirect = message.peer === from.peer
		// What it says itself takes the place of hearsay, whatever count somebody gave that.
		const { heard } = one
		if (heard !== null && heard.isDirect === isDirect && message.count <= heard.message.count) return
		one.heard = { message, atMs: nowMs, isDirect }
		one.lastSignMs = nowMs
		if (hops > 0 && nowMs - one.forwardedAtMs >= FORWARD_EVERY_MS) {
			one.forwardedAtMs = nowMs
			const others = transport
				.links()
				.map((link) => link.peer)
				.filter((peer) => peer !== from.peer && peer !== message.peer)
			if (mayForward.take(1)) sendTo(others, payload, hops - 1, 'lossy')
		}
		deps.onChange()
	}

	const noteBye = (peer: PeerId): void => {
		const one = known.get(peer)
		if (one === undefined) return
		one.hasSaidBye = true
		deps.onChange()
	}

	const onTransport = (event: TransportEvent): void => {
		switch (event.type) {
			case 'peer-up': {
				const one = know(event.peer, event.device)
				one.device = event.device // proved, where the roster only claimed
				one.hasSaidBye = false
				tell([event.peer], 'ordered')
				deps.onChange()
				return
			}
			case 'peer-down': {
				const one = known.get(event.peer)
				if (one === undefined) return
				if (one.heard?.isDirect === true) one.heard = null
				one.lastSignMs = timers.nowMs()
				deps.onChange()
				return
			}
			case 'frame': {
				const from = linkOf(event.peer)
				if (from === undefined) return
				const frame = parseRoomFrame(event.frame)
				if (frame?.type === 'status') hear(from, frame.payload, frame.hops)
				else if (frame?.type === 'bye') noteBye(event.peer)
				return
			}
			case 'path-changed':
				deps.onChange()
				return
			case 'drained':
		}
	}

	const setRoster = (roster: readonly RosterEntry[]): void => {
		for (const one of known.values()) one.entry = null
		rostered.clear()
		for (const entry of roster) addEntry(entry)
	}
	const addEntry = (entry: RosterEntry): void => {
		if (entry.peer === self.peer) return
		if (rostered.size < ROSTER_MAX) rostered.set(entry.peer, entry.device)
		const one = know(entry.peer, entry.device)
		one.entry = entry
		one.hasSaidBye = false
		if (linkOf(entry.peer) === undefined) one.device = entry.device
	}

	const off = transport.on(onTransport)
	for (const { peer, device } of transport.links()) know(peer, device)
	tellSoon()
	const scheduleLook = (): TimerHandle =>
		timers.setTimeout(() => {
			look()
			lookTimer = scheduleLook()
		}, LOOK_EVERY_MS)
	let lookTimer = scheduleLook()

	const presenceOf = (one: Known): Presence => {
		const link = linkOf(one.peer)
		const status = isHeard(one) ? (one.heard?.message.status ?? null) : null
		return {
			peer: one.peer,
			device: one.device,
			subject: one.entry?.subject ?? null,
			name: one.entry?.name ?? null,
			isLeaving: !isHere(one),
			isAway: status?.isAway ?? false,
			doing: status?.doing ?? { type: 'unknown' },
			isMuted: status?.isMuted ?? false,
			driftMs: status?.driftMs ?? null,
			path: link === undefined ? 'through-others' : pathOf(link),
			rttMs: link?.rttMs ?? null,
			status,
		}
	}

	return {
		list: () => {
			const status = deps.status()
			const { doing, isAway, isMuted, driftMs } = status
			const me: Presence = {
				...self,
				subject: null,
				name: null,
				isLeaving: false,
				isAway,
				doing,
				isMuted,
				driftMs,
				path: 'self',
				rttMs: null,
				status,
			}
			return [me, ...[...known.values()].filter((one) => !one.hasSaidBye).map(presenceOf)]
		},
		signaling: (event) => {
			switch (event.type) {
				case 'open':
					isServerUp = true
					setRoster(event.roster)
					break
				case 'peer-joined':
					addEntry(event.entry)
					break
				case 'peer-left': {
					const one = known.get(event.peer)
					if (one !== undefined) one.entry = null
					rostered.delete(event.peer)
					break
				}
				case 'closed':
					// Links and statuses say from now on who is here.
					isServerUp = false
					break
				case 'signal':
				case 'bytes':
				case 'undeliverable':
					return
			}
			deps.onChange()
		},
		changed: () => {
			if (!isStopped) tellSoon()
		},
		sayBye: () => {
			const frame = encodeRoomFrame({ type: 'bye' })
			for (const { peer } of transport.links()) transport.send(frame, peer, 'ordered')
		},
		stop: () => {
			if (isStopped) return
			isStopped = true
			off()
			timers.clearTimeout(dueTimer)
			timers.clearTimeout(lookTimer)
			known.clear()
		},
	}
}
