/**
 * Who is here, and what each of them tells of itself. Three sources: the server's roster, our links, and statuses,
 * which neighbours tell each other and, in rooms too large for everybody to be linked with everybody, pass on as
 * hearsay. Whoever is in none of them leaves, with a grace for those who only lost their network.
 */
import { base64urlToBytes } from '#lib/core/base64url.ts'
import type { DeviceId, Millis, PeerId, SubjectId } from '#lib/core/units.ts'
import type { PersonView } from '#lib/core/view.ts'
import { encodeRoomFrame, parseRoomFrame } from '#lib/protocol/room-frames.ts'
import { ROSTER_MAX, type RosterEntry } from '#lib/protocol/signaling.ts'
import type { SignalingEvent } from '#lib/transport/signaling-port.ts'
import type { TimerHandle, Timers } from '#lib/transport/timers.ts'
import type { Lane, LinkView, Transport, TransportEvent } from '#lib/transport/transport.ts'
import type { createHearsay, Hearsay } from './hearsay.ts'
import { encodeStatus, parseStatus, type MemberStatus } from './member-status.ts'

export interface PresenceDeps {
	readonly transport: Transport
	readonly timers: Timers
	readonly self: { readonly peer: PeerId; readonly device: DeviceId }
	/** Asked whenever a status goes out. */
	readonly status: () => MemberStatus
	/** Somebody came, left, or told something new. */
	readonly onChange: () => void
	/** Comes when the room is too large for links to all; simulations have it at hand. */
	readonly loadHearsay?: () => Promise<typeof createHearsay>
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
	/** The neighbour by whom we heard of it last; null where it tells us itself. */
	readonly toldBy: PeerId | null
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
export const STATUS_TTL_MS: Millis = 16_000
export const LEAVING_GRACE_MS: Millis = 10_000
const STATUS_MIN_GAP_MS: Millis = 250
/** In larger rooms neighbours tell each other less often, this much for each member up to twice the time. */
const STATUS_EVERY_PER_MEMBER_MS: Millis = 100
const STATUS_EVERY_MAX_MS: Millis = 5_000
/** What changes is told beyond the neighbours at most so often. */
const FAR_MIN_GAP_MS: Millis = 4_000
/** What does not change, so much for each member: the room as a whole tells three a second, whatever its size. */
const FAR_EVERY_PER_MEMBER_MS: Millis = 300
/** Hearsay counts for so many of these times: some of it gets lost. */
const FAR_TTL_TIMES = 2.5
/** Of one neighbour: a burst, then so many a second. */
const INBOUND_BURST = 400
const INBOUND_PER_S = 200
/** News waits so long for more of it, and so does what did not fit. */
const HEARSAY_EVERY_MS: Millis = 2_000
/** What has not changed waits longer: a quarter of the time after which it is told anew, up to so long. */
const HEARSAY_REST_SHARE = 0.25
const HEARSAY_REST_MAX_MS: Millis = 6_000
/** A new neighbour is told of so many at first; the others come with their next news. */
const NEWCOMER_MAX = 200
const RELOAD_AFTER_MS: Millis = 30_000
const LOOK_EVERY_MS: Millis = 1_000

interface Known {
	readonly peer: PeerId
	device: DeviceId
	entry: RosterEntry | null
	heard: {
		readonly count: number
		readonly status: MemberStatus
		readonly atMs: Millis
		/** From itself. */
		readonly isDirect: boolean
		readonly by: PeerId
	} | null
	/** When the last sign of it was seen; Infinity while there is one now. */
	lastSignMs: Millis
	hasSaidBye: boolean
}

/** Those beyond the neighbours hear at once when this changes. */
const newsIn = ({
	doing,
	isMuted,
	isAway,
	isReady,
	isExempt,
	readyFor,
	liveLatencyMs,
}: MemberStatus): string =>
	[doing.type, isMuted, isAway, isReady, isExempt, readyFor, liveLatencyMs].join(' ')

const isNewsOf = ({ heard }: Known, status: MemberStatus): boolean =>
	heard === null || newsIn(heard.status) !== newsIn(status)

const pathOf = ({ path }: LinkView): PersonView['path'] => (path === 'local' ? 'direct' : path)

export const createPresence = (deps: PresenceDeps): PresenceKeeper => {
	const { transport, timers, self } = deps
	const known = new Map<PeerId, Known>()
	/** As the server had it when it was last heard. */
	const rostered = new Map<PeerId, DeviceId>()
	const budgets = new Map<PeerId, { tokens: number; atMs: Millis }>()
	let isServerUp = false
	let count = 0
	let sentAtMs = -Infinity
	let sentFarAtMs = -Infinity
	let sentFar = ''
	/** After news, which many may have had at once, each waits differently long, so that they do not go on as one. */
	const turn = (base64urlToBytes(self.peer)?.[0] ?? 0) / 256
	let farPace = 1
	let sentNews = ''
	let dueTimer: TimerHandle = null
	let hearsay: Hearsay | null = null
	let hearsayTimer: TimerHandle = null
	let hearsayDueMs = Infinity
	let loadAtMs = -Infinity
	let isStopped = false

	/** Our links, and whose device is at the other end. */
	const linked = new Map<PeerId, DeviceId>()
	const linksByPeer = (): ReadonlyMap<PeerId, LinkView> =>
		new Map(transport.links().map((link) => [link.peer, link]))

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
		}
		known.set(peer, fresh)
		return fresh
	}

	const farEveryMs = (): Millis => Math.max(FAR_MIN_GAP_MS, known.size * FAR_EVERY_PER_MEMBER_MS)
	const isHeard = ({ heard }: Known): boolean =>
		heard !== null &&
		timers.nowMs() - heard.atMs < (heard.isDirect ? STATUS_TTL_MS : FAR_TTL_TIMES * farEveryMs())
	const isHere = (one: Known): boolean =>
		!one.hasSaidBye && (linked.has(one.peer) || (isServerUp && one.entry !== null) || isHeard(one))

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
			if (one.hasSaidBye && linked.has(one.peer)) continue
			if (!one.hasSaidBye && nowMs - one.lastSignMs < LEAVING_GRACE_MS) continue
			known.delete(one.peer)
			budgets.delete(one.peer)
			didChange = true
		}
		if (didChange) deps.onChange()
		if (hearsay === null && isLargerThanLinks()) fetchHearsay()
	}

	// --- out

	/** Somebody is here whom we have no link to: statuses have to travel on. */
	const isLargerThanLinks = (): boolean => known.size > linked.size

	const tell = (peers: readonly PeerId[], lane: Lane, isFar = false): void => {
		const payload = encodeStatus({ ...self, count: count++, status: deps.status() })
		if (payload === null) return
		const frame = encodeRoomFrame({ type: 'status', hops: isFar ? 1 : 0, payload })
		// Refused is lost: the next one comes in some seconds.
		for (const peer of peers) transport.send(frame, peer, lane)
	}

	/** Whether those beyond our neighbours are to hear of us now. */
	const isFarDue = (nowMs: Millis): boolean => {
		if (!isLargerThanLinks()) return false
		const news = newsIn(deps.status())
		const isSame = news === sentFar
		if (nowMs - sentFarAtMs < (isSame ? farPace * farEveryMs() : FAR_MIN_GAP_MS)) return false
		farPace = isSame ? 1 : 0.5 + turn
		sentFarAtMs = nowMs
		sentFar = news
		return true
	}

	const neighbours = (): PeerId[] => [...linked.keys()]

	const tellAll = (lane: Lane): void => {
		timers.clearTimeout(dueTimer)
		sentAtMs = timers.nowMs()
		sentNews = newsIn(deps.status())
		tell(neighbours(), lane, isFarDue(sentAtMs))
		const everyMs = Math.max(STATUS_EVERY_MS, known.size * STATUS_EVERY_PER_MEMBER_MS)
		dueTimer = timers.setTimeout(() => tellAll('lossy'), Math.min(STATUS_EVERY_MAX_MS, everyMs))
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

	const hear = (from: PeerId, payload: Uint8Array, isFar: boolean): void => {
		if (!isWithinBudget(from) || known.get(from)?.hasSaidBye === true) return
		const message = parseStatus(payload)
		// Of itself, and of nobody else.
		if (message?.peer !== from || message.device !== linked.get(from)) return
		const one = know(message.peer, message.device)
		const nowMs = timers.nowMs()
		// What it says itself takes the place of hearsay, whatever count somebody gave that.
		if (one.heard?.isDirect === true && message.count <= one.heard.count) return
		const isNews = isNewsOf(one, message.status)
		one.heard = { count: message.count, status: message.status, atMs: nowMs, isDirect: true, by: from }
		one.lastSignMs = nowMs
		if (isFar) passOn(from, from, isNews)
		deps.onChange()
	}

	// --- hearsay

	const fetchHearsay = (): void => {
		if (timers.nowMs() - loadAtMs < RELOAD_AFTER_MS) return
		loadAtMs = timers.nowMs()
		const load = deps.loadHearsay ?? (async () => (await import('./hearsay.ts')).createHearsay)
		load().then(
			(create) => {
				if (!isStopped) hearsay ??= create()
			},
			(error: unknown) => {
				// Those beyond our neighbours are on the roster all the same; tried again later.
				console.warn('What tells of members far off could not be fetched.', error)
			},
		)
	}

	/** News of `about`, for all our neighbours but those it is from. */
	const passOn = (about: PeerId, teller: PeerId, isNews: boolean): void => {
		if (hearsay === null) return
		hearsay.note(about, teller, neighbours())
		const restMs = Math.min(HEARSAY_REST_SHARE * farEveryMs(), HEARSAY_REST_MAX_MS)
		tellHearsayIn(isNews ? HEARSAY_EVERY_MS : Math.max(HEARSAY_EVERY_MS, restMs))
	}
	const tellHearsayIn = (waitMs: Millis): void => {
		const dueMs = timers.nowMs() + waitMs
		if (hearsay?.isWaiting() !== true || dueMs >= hearsayDueMs) return
		timers.clearTimeout(hearsayTimer)
		hearsayDueMs = dueMs
		hearsayTimer = timers.setTimeout(tellHearsay, waitMs)
	}
	const tellHearsay = (): void => {
		hearsayTimer = null
		hearsayDueMs = Infinity
		if (hearsay === null || isStopped) return
		for (const to of neighbours()) {
			const rumours = hearsay.take(to).flatMap((peer) => {
				const one = known.get(peer)
				if (one === undefined || one.heard === null || !isHeard(one) || one.hasSaidBye) return []
				return { peer, count: one.heard.count, status: one.heard.status }
			})
			const { payloads, rest } = hearsay.encode(rumours)
			for (const payload of payloads)
				transport.send(encodeRoomFrame({ type: 'hearsay', payload }), to, 'lossy')
			for (const peer of rest) hearsay.note(peer, self.peer, [to])
		}
		tellHearsayIn(HEARSAY_EVERY_MS)
	}

	/** Nobody comes by hearsay: with the server away, only those come back who were on its roster. */
	const knowByHearsay = (peer: PeerId): Known | null => {
		const before = known.get(peer)
		if (before !== undefined) return before.hasSaidBye ? null : before
		const device = isServerUp ? undefined : rostered.get(peer)
		return device === undefined ? null : know(peer, device)
	}

	const hearOfOthers = (from: PeerId, payload: Uint8Array): void => {
		if (!isWithinBudget(from) || known.get(from)?.hasSaidBye === true || hearsay === null) return
		const nowMs = timers.nowMs()
		let didChange = false
		for (const { peer, count: told, status } of hearsay.parse(payload) ?? []) {
			if (peer === self.peer || linked.has(peer)) continue // it tells us itself
			const one = knowByHearsay(peer)
			if (one === null) continue
			if (isServerUp && one.entry === null) continue
			if (one.heard !== null && isHeard(one) && told <= one.heard.count) {
				if (told === one.heard.count) hearsay.noteKnown(from, peer)
				continue
			}
			const isNews = isNewsOf(one, status)
			one.heard = { count: told, status, atMs: nowMs, isDirect: false, by: from }
			one.lastSignMs = nowMs
			passOn(peer, from, isNews)
			didChange = true
		}
		if (didChange) deps.onChange()
	}

	/** A new neighbour is told of those whom it has no link to. */
	const tellNewcomer = (to: PeerId): void => {
		if (hearsay === null || !isLargerThanLinks()) return
		const abouts = [...known.values()].filter((one) => isHeard(one)).slice(0, NEWCOMER_MAX)
		for (const { peer } of abouts) hearsay.note(peer, self.peer, [to])
		tellHearsayIn(HEARSAY_EVERY_MS)
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
				linked.set(event.peer, event.device)
				const one = know(event.peer, event.device)
				one.device = event.device // proved, where the roster only claimed
				one.hasSaidBye = false
				tell([event.peer], 'ordered')
				tellNewcomer(event.peer)
				deps.onChange()
				return
			}
			case 'peer-down': {
				linked.delete(event.peer)
				hearsay?.forget(event.peer)
				const one = known.get(event.peer)
				if (one === undefined) return
				// Kept so that the same by hearsay is no news; of itself it counts no more.
				if (one.heard?.isDirect === true) one.heard = { ...one.heard, isDirect: false, atMs: -Infinity }
				one.lastSignMs = timers.nowMs()
				deps.onChange()
				return
			}
			case 'frame': {
				if (!linked.has(event.peer)) return
				const frame = parseRoomFrame(event.frame)
				if (frame?.type === 'status') hear(event.peer, frame.payload, frame.hops > 0)
				else if (frame?.type === 'hearsay') hearOfOthers(event.peer, frame.payload)
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
		if (!linked.has(entry.peer)) one.device = entry.device
	}

	/** Nor does what others say of it, which may be long on its way: until it is back only a link of ours is a sign. */
	const leaveRoster = (one: Known): void => {
		one.entry = null
		if (one.heard?.isDirect === false) one.heard = { ...one.heard, atMs: -Infinity }
	}

	const off = transport.on(onTransport)
	for (const { peer, device } of transport.links()) {
		linked.set(peer, device)
		know(peer, device)
	}
	tellSoon()
	const scheduleLook = (): TimerHandle =>
		timers.setTimeout(() => {
			look()
			// What changed by itself, as when the film has come: nobody said so.
			if (newsIn(deps.status()) !== sentNews) tellSoon()
			lookTimer = scheduleLook()
		}, LOOK_EVERY_MS)
	let lookTimer = scheduleLook()

	const presenceOf = (one: Known, links: ReadonlyMap<PeerId, LinkView>): Presence => {
		const link = links.get(one.peer)
		const status = isHeard(one) ? (one.heard?.status ?? null) : null
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
			toldBy: one.heard?.isDirect === false ? one.heard.by : null,
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
				toldBy: null,
				status,
			}
			const links = linksByPeer()
			const others = [...known.values()].filter((one) => !one.hasSaidBye)
			return [me, ...others.map((one) => presenceOf(one, links))]
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
					if (one !== undefined) leaveRoster(one)
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
			if (isStopped) return
			// Where many would hear of it, what only goes up and down a little waits for its turn.
			if (!isLargerThanLinks() || newsIn(deps.status()) !== sentNews) tellSoon()
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
			timers.clearTimeout(hearsayTimer)
			known.clear()
		},
	}
}
