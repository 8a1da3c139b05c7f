/**
 * Rooms, who is in them, and what is to be sent to whom. Pure: no sockets, no timers, no time of its own.
 * It never sees more of a room than its id, the roster and sealed signals.
 */
import type { PeerId, RoomId, SubjectId } from '#lib/core/units.ts'
import type { CloseName } from '#lib/protocol/close-codes.ts'
import type { RelayDelivery } from '#lib/protocol/relay.ts'
import type { Refusal, RosterEntry, ServerMessage } from '#lib/protocol/signaling.ts'

/** A socket, for as long as the process lives. */
export type SocketId = number

/** A lost socket's peer counts as present this long, so that a reconnect is no coming and going. */
export const LEAVE_GRACE_MS = 10_000
/** Roster entries in one `joined` frame: 120 of the longest stay under 64 KiB. */
export const ROSTER_PART = 120
/** A member is told once in this time that relay frames to a peer go nowhere, of so many peers at most. */
export const TELL_GONE_EVERY_MS = 1_000
const TELL_GONE_PEERS = 16

export type HubEvent =
	| { readonly type: 'join'; readonly socket: SocketId; readonly room: RoomId; readonly entry: RosterEntry }
	| { readonly type: 'leave'; readonly socket: SocketId }
	/** `lost`: it may come back. `closed`: the server closed it for cause. */
	| { readonly type: 'gone'; readonly socket: SocketId; readonly why: 'lost' | 'closed' }
	| { readonly type: 'signal'; readonly socket: SocketId; readonly to: PeerId; readonly data: string }
	/** Sealed frames, ready to be sent to whom they are for. */
	| { readonly type: 'relay'; readonly socket: SocketId; readonly deliveries: readonly RelayDelivery[] }
	| {
			readonly type: 'clock'
			readonly socket: SocketId
			readonly id: number
			readonly t0: number
			readonly receivedMs: number
	  }
	/** Whatever `subject` has open in `room` is closed, and has left. */
	| { readonly type: 'expel'; readonly room: RoomId; readonly subject: SubjectId }
	| { readonly type: 'tick' }

export type HubSend =
	| { readonly type: 'message'; readonly to: readonly SocketId[]; readonly message: ServerMessage }
	| { readonly type: 'bytes'; readonly socket: SocketId; readonly bytes: Uint8Array }
	| { readonly type: 'close'; readonly socket: SocketId; readonly close: CloseName }

interface Member {
	readonly entry: RosterEntry
	readonly room: Room
	/** Null while in grace. */
	socket: SocketId | null
	/** When the grace ends; 0 while there is a socket. */
	graceEndsMs: number
	/** Whom relay frames could not be brought to, and when the member was told so last. */
	readonly toldGone: Map<PeerId, number>
}

interface Room {
	readonly id: RoomId
	readonly members: Map<PeerId, Member>
	live: number
}

export interface HubLimits {
	readonly rosterEntries: number
	readonly socketsPerSubject: number
}

export type Hub = ReturnType<typeof createHub>

const NOTHING: readonly HubSend[] = []

export const createHub = (limits: HubLimits) => {
	const rooms = new Map<RoomId, Room>()
	const bySocket = new Map<SocketId, Member>()
	const socketsBySubject = new Map<SubjectId, number>()
	/** In the order in which their grace ends. */
	const inGrace = new Set<Member>()

	const message = (to: SocketId, content: ServerMessage): HubSend => ({
		type: 'message',
		to: [to],
		message: content,
	})
	const refuse = (to: SocketId, why: Refusal, text: string, peer?: PeerId): HubSend =>
		message(to, { type: 'refused', why, message: text, ...(peer === undefined ? {} : { peer }) })

	const noSuchPeer = (to: SocketId, peer: PeerId): HubSend =>
		refuse(to, 'no-such-peer', 'Nobody is connected under this peer id.', peer)

	const others = (room: Room, but: PeerId): SocketId[] => {
		const sockets: SocketId[] = []
		for (const member of room.members.values())
			if (member.socket !== null && member.entry.peer !== but) sockets.push(member.socket)
		return sockets
	}
	const tellOthers = (room: Room, but: PeerId, content: ServerMessage): HubSend[] => {
		const to = others(room, but)
		return to.length === 0 ? [] : [{ type: 'message', to, message: content }]
	}

	const addToSubject = (subject: SubjectId, change: 1 | -1): void => {
		const count = (socketsBySubject.get(subject) ?? 0) + change
		if (count <= 0) socketsBySubject.delete(subject)
		else socketsBySubject.set(subject, count)
	}

	/** Takes the socket from the member; the member stays in the roster. */
	const detach = (member: Member): void => {
		if (member.socket === null) return
		bySocket.delete(member.socket)
		addToSubject(member.entry.subject, -1)
		member.socket = null
		member.room.live--
	}

	/** Takes the member out of the room and tells the others. */
	const remove = (member: Member, why: 'left' | 'timeout' | 'closed'): HubSend[] => {
		const { room, entry } = member
		detach(member)
		inGrace.delete(member)
		room.members.delete(entry.peer)
		if (room.members.size === 0) rooms.delete(room.id)
		return tellOthers(room, entry.peer, { type: 'peer-left', peer: entry.peer, why })
	}

	const rosterMessages = (socket: SocketId, self: RosterEntry, room: Room): HubSend[] => {
		const entries: RosterEntry[] = []
		for (const member of room.members.values())
			if (member.socket !== null && member.entry.peer !== self.peer) entries.push(member.entry)
		const sends: HubSend[] = []
		for (let at = 0; at === 0 || at < entries.length; at += ROSTER_PART)
			sends.push(message(socket, { type: 'joined', self, roster: entries.slice(at, at + ROSTER_PART) }))
		return sends
	}

	const join = (event: Extract<HubEvent, { type: 'join' }>): readonly HubSend[] => {
		const { socket, entry } = event
		if (bySocket.has(socket))
			return [refuse(socket, 'already-joined', 'This connection is in a room already; open another one.')]

		const known = rooms.get(event.room)
		const before = known?.members.get(entry.peer)
		if (before !== undefined && before.entry.device !== entry.device)
			return [
				refuse(socket, 'bad-ticket', 'Another device is in the room under this peer id.'),
				{ type: 'close', socket, close: 'badTicket' },
			]
		const takesOver = before !== undefined && before.socket !== null
		if (!takesOver && (known?.live ?? 0) >= limits.rosterEntries)
			return [
				refuse(socket, 'room-full', `The room is full: ${String(limits.rosterEntries)} people are in it.`),
				{ type: 'close', socket, close: 'roomFull' },
			]
		const subjectSockets = socketsBySubject.get(entry.subject) ?? 0
		const replacesOwn = takesOver && before.entry.subject === entry.subject
		if (subjectSockets - (replacesOwn ? 1 : 0) >= limits.socketsPerSubject)
			return [
				refuse(
					socket,
					'too-many-sockets',
					`You are in ${String(limits.socketsPerSubject)} rooms or tabs at once; close one.`,
				),
				{ type: 'close', socket, close: 'rateLimited' },
			]

		const sends: HubSend[] = []
		if (before !== undefined) {
			if (before.socket !== null) sends.push({ type: 'close', socket: before.socket, close: 'replaced' })
			detach(before)
			inGrace.delete(before)
		}
		const room = known ?? { id: event.room, members: new Map<PeerId, Member>(), live: 0 }
		rooms.set(event.room, room)
		const member: Member = { entry, room, socket, graceEndsMs: 0, toldGone: new Map() }
		room.members.set(entry.peer, member)
		room.live++
		bySocket.set(socket, member)
		addToSubject(entry.subject, 1)
		return [
			...sends,
			...rosterMessages(socket, entry, room),
			...tellOthers(room, entry.peer, { type: 'peer-joined', entry }),
		]
	}

	const gone = (member: Member, why: 'lost' | 'closed', nowMs: number): readonly HubSend[] => {
		if (why === 'closed') return remove(member, 'closed')
		detach(member)
		member.graceEndsMs = nowMs + LEAVE_GRACE_MS
		inGrace.add(member)
		// Coming and going with ever new peer ids must not pile up members that are not there.
		const { room } = member
		if (room.members.size - room.live <= limits.rosterEntries) return NOTHING
		for (const oldest of inGrace) if (oldest.room === room) return remove(oldest, 'timeout')
		return NOTHING
	}

	const expel = (roomId: RoomId, subject: SubjectId): readonly HubSend[] => {
		const room = rooms.get(roomId)
		const gone = [...(room?.members.values() ?? [])].filter(({ entry }) => entry.subject === subject)
		const sends = gone.flatMap(({ socket }): HubSend[] =>
			socket === null
				? []
				: [
						refuse(socket, 'removed', 'You have been removed from this room.'),
						{ type: 'close', socket, close: 'removed' },
					],
		)
		// All of them first: who is removed is told nothing more of the others.
		for (const member of gone) detach(member)
		for (const member of gone) sends.push(...remove(member, 'closed'))
		return sends
	}

	const tick = (nowMs: number): readonly HubSend[] => {
		const sends: HubSend[] = []
		for (const member of inGrace) {
			if (member.graceEndsMs > nowMs) break
			sends.push(...remove(member, 'timeout'))
		}
		return sends
	}

	const signal = (from: Member, to: PeerId, data: string): readonly HubSend[] => {
		const target = from.room.members.get(to)
		if (from.socket === null) return NOTHING
		if (target === undefined || target.socket === null || target === from)
			return [noSuchPeer(from.socket, to)]
		return [message(target.socket, { type: 'signal', from: from.entry.peer, data })]
	}

	/** Whether the member is to hear, now, that `peer` cannot be reached. */
	const isToldGone = ({ toldGone }: Member, peer: PeerId, nowMs: number): boolean => {
		for (const [told, atMs] of toldGone) if (nowMs - atMs >= TELL_GONE_EVERY_MS) toldGone.delete(told)
		if (toldGone.has(peer) || toldGone.size >= TELL_GONE_PEERS) return false
		toldGone.set(peer, nowMs)
		return true
	}

	const relay = (from: Member, deliveries: readonly RelayDelivery[], nowMs: number): readonly HubSend[] => {
		const { socket, room } = from
		if (socket === null) return NOTHING
		const sends: HubSend[] = []
		for (const { to, frame } of deliveries) {
			const target = room.members.get(to)
			if (target !== undefined && target.socket !== null && target !== from)
				sends.push({ type: 'bytes', socket: target.socket, bytes: frame })
			else if (isToldGone(from, to, nowMs)) sends.push(noSuchPeer(socket, to))
		}
		return sends
	}

	/** Deterministic: the same events at the same times give the same sends. */
	const handle = (event: HubEvent, nowMs: number): readonly HubSend[] => {
		if (event.type === 'tick') return tick(nowMs)
		if (event.type === 'join') return join(event)
		if (event.type === 'expel') return expel(event.room, event.subject)
		const member = bySocket.get(event.socket)
		if (member === undefined)
			return event.type === 'gone' || event.type === 'leave'
				? NOTHING
				: [refuse(event.socket, 'not-joined', 'Join a room first.')]
		switch (event.type) {
			case 'leave':
				return remove(member, 'left')
			case 'gone':
				return gone(member, event.why, nowMs)
			case 'signal':
				return signal(member, event.to, event.data)
			case 'relay':
				return relay(member, event.deliveries, nowMs)
			case 'clock': {
				const { id, t0, receivedMs: t1 } = event
				return [message(event.socket, { type: 'clock', id, t0, t1, t2: nowMs })]
			}
		}
	}

	return {
		handle,
		isJoined: (socket: SocketId): boolean => bySocket.has(socket),
		stats: () => ({ rooms: rooms.size, joined: bySocket.size, inGrace: inGrace.size }),
	}
}
