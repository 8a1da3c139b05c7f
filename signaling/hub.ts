/**
 * Rooms, who is in them, and what is to be sent to whom. Pure: no sockets, no timers, no time of its own.
 * It never sees more of a room than its id, the roster and sealed signals.
 */
import type { PeerId, RoomId, SubjectId } from '#lib/core/units.ts'
import type { RelayDelivery } from '#lib/protocol/relay.ts'
import type { RosterEntry } from '#lib/protocol/signaling.ts'
import type { ProcessId } from './bus/bus.ts'
import type { RemoteEvent, RemoteMember } from './elsewhere.ts'
import { createHubBook, isConnected, isOwn, processOf, type Member, type SocketId } from './hub-book.ts'
import { createHubRemote, LEAVE_GRACE_MS } from './hub-remote.ts'
import {
	close,
	isToldGone,
	message,
	news,
	noSuchPeer,
	refuse,
	refuseOtherDevice,
	remove,
	rosterFor,
	tellOthers,
	type HubSend,
} from './hub-sends.ts'

export type { SocketId } from './hub-book.ts'
export type { HubSend } from './hub-sends.ts'
export { ROSTER_PART, TELL_GONE_EVERY_MS } from './hub-sends.ts'
export { LEAVE_GRACE_MS } from './hub-remote.ts'

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
	| RemoteEvent

export interface HubLimits {
	/** Over all processes, as far as each has heard of the others: several joins in one instant can pass it. */
	readonly rosterEntries: number
	/** Of this process. */
	readonly socketsPerSubject: number
}

export type Hub = ReturnType<typeof createHub>

const NOTHING: readonly HubSend[] = []
/** Where there is one process only. */
const ALONE = '' as ProcessId

export const createHub = (limits: HubLimits, self: ProcessId = ALONE) => {
	const book = createHubBook()
	const handleRemote = createHubRemote(book, self)

	const join = (event: Extract<HubEvent, { type: 'join' }>, nowMs: number): readonly HubSend[] => {
		const { socket, entry } = event
		if (book.bySocket(socket) !== undefined)
			return [refuse(socket, 'already-joined', 'This connection is in a room already; open another one.')]

		const known = book.room(event.room)
		const before = known?.members.get(entry.peer)
		if (before !== undefined && before.entry.device !== entry.device) return refuseOtherDevice(socket)
		const takesOver = before !== undefined && isConnected(before)
		if (!takesOver && (known?.live ?? 0) >= limits.rosterEntries)
			return [
				refuse(socket, 'room-full', `The room is full: ${String(limits.rosterEntries)} people are in it.`),
				close(socket, 'roomFull'),
			]
		const replacesOwn = before?.place.type === 'here' && before.entry.subject === entry.subject
		if (book.socketsOf(entry.subject) - (replacesOwn ? 1 : 0) >= limits.socketsPerSubject)
			return [
				refuse(
					socket,
					'too-many-sockets',
					`You are in ${String(limits.socketsPerSubject)} rooms or tabs at once; close one.`,
				),
				close(socket, 'rateLimited'),
			]

		const replaced = before?.place.type === 'here' ? [close(before.place.socket, 'replaced')] : []
		const replaces = before === undefined ? null : processOf(before)
		const room = known ?? book.open(event.room)
		book.add(room, entry, nowMs, { type: 'here', socket })
		return [
			...replaced,
			...rosterFor(socket, entry, room),
			...tellOthers(room, entry.peer, { type: 'peer-joined', entry }),
			...(known === undefined
				? [{ type: 'publish', to: 'room', room: room.id, news: { type: 'opened' } } as const]
				: news(room, { type: 'joined', member: { entry, sinceMs: nowMs, isHere: true }, replaces })),
		]
	}

	const gone = (member: Member, why: 'lost' | 'closed', nowMs: number): readonly HubSend[] => {
		if (why === 'closed') return remove(book, member, 'closed')
		const { room, entry } = member
		book.move(member, { type: 'grace', process: null, endsMs: nowMs + LEAVE_GRACE_MS })
		const sends = news(room, { type: 'left', peer: entry.peer, why: 'lost' })
		// Coming and going with ever new peer ids must not pile up members that are not there.
		if (room.members.size - room.live <= limits.rosterEntries) return sends
		for (const oldest of book.inGrace())
			if (oldest.room === room) return [...sends, ...remove(book, oldest, 'timeout')]
		return sends
	}

	const expel = (roomId: RoomId, subject: SubjectId): readonly HubSend[] => {
		const expelled = [...(book.room(roomId)?.members.values() ?? [])].filter(
			({ entry }) => entry.subject === subject,
		)
		const sends: HubSend[] = []
		// All of them first: who is removed is told nothing more of the others.
		for (const member of expelled) {
			const { place } = member
			if (place.type !== 'here') continue
			sends.push(refuse(place.socket, 'removed', 'You have been removed from this room.'))
			sends.push(close(place.socket, 'removed'))
			book.move(member, { type: 'grace', process: null, endsMs: 0 })
		}
		for (const member of expelled) sends.push(...remove(book, member, 'closed'))
		return sends
	}

	const tick = (nowMs: number): readonly HubSend[] => {
		const sends: HubSend[] = []
		for (const member of book.inGrace()) {
			if (member.place.type === 'grace' && member.place.endsMs > nowMs) break
			sends.push(...remove(book, member, 'timeout'))
		}
		return sends
	}

	const signal = (from: Member, socket: SocketId, to: PeerId, data: string): readonly HubSend[] => {
		const { room, entry } = from
		const place = to === entry.peer ? undefined : room.members.get(to)?.place
		if (place === undefined || place.type === 'grace') return [noSuchPeer(socket, to)]
		if (place.type === 'here') return [message(place.socket, { type: 'signal', from: entry.peer, data })]
		const parcel = { kind: 'signal', room: room.id, from: entry.peer, to, data } as const
		return [{ type: 'publish', to: place.process, parcel }]
	}

	const relay = (
		from: Member,
		socket: SocketId,
		deliveries: readonly RelayDelivery[],
		nowMs: number,
	): readonly HubSend[] => {
		const { room, entry } = from
		const sends: HubSend[] = []
		for (const { to, frame } of deliveries) {
			const place = to === entry.peer ? undefined : room.members.get(to)?.place
			if (place?.type === 'here') sends.push({ type: 'bytes', socket: place.socket, bytes: frame })
			else if (place?.type === 'elsewhere') {
				const parcel = { kind: 'relay', room: room.id, from: entry.peer, to, frame } as const
				sends.push({ type: 'publish', to: place.process, parcel })
			} else if (isToldGone(from, to, nowMs)) sends.push(noSuchPeer(socket, to))
		}
		return sends
	}

	/** Deterministic: the same events at the same times give the same sends. */
	const handle = (event: HubEvent, nowMs: number): readonly HubSend[] => {
		switch (event.type) {
			case 'tick':
				return tick(nowMs)
			case 'join':
				return join(event, nowMs)
			case 'expel':
				return expel(event.room, event.subject)
			case 'leave':
			case 'gone':
			case 'signal':
			case 'relay':
			case 'clock':
				break
			default:
				return handleRemote(event, nowMs)
		}
		const { socket } = event
		const member = book.bySocket(socket)
		if (member === undefined)
			return event.type === 'gone' || event.type === 'leave'
				? NOTHING
				: [refuse(socket, 'not-joined', 'Join a room first.')]
		switch (event.type) {
			case 'leave':
				return remove(book, member, 'left')
			case 'gone':
				return gone(member, event.why, nowMs)
			case 'signal':
				return signal(member, socket, event.to, event.data)
			case 'relay':
				return relay(member, socket, event.deliveries, nowMs)
			case 'clock': {
				const { id, t0, receivedMs: t1 } = event
				return [message(socket, { type: 'clock', id, t0, t1, t2: nowMs })]
			}
		}
	}

	return {
		handle,
		isJoined: (socket: SocketId): boolean => book.bySocket(socket) !== undefined,
		stats: book.stats,
		/** Who of a room is at this process, for the others. */
		membersOf: (room: RoomId): RemoteMember[] =>
			[...(book.room(room)?.members.values() ?? [])]
				.filter(isOwn)
				.map((member) => ({ entry: member.entry, sinceMs: member.sinceMs, isHere: isConnected(member) })),
		/** Who is in which room, at this process. */
		people: (): { readonly room: RoomId; readonly subject: SubjectId }[] =>
			[...book.rooms()].flatMap(({ id, members }) =>
				[...new Set([...members.values()].filter(isOwn).map(({ entry }) => entry.subject))].map(
					(subject) => ({
						room: id,
						subject,
					}),
				),
			),
		/** Rooms that other processes have members of, too. */
		splitRooms: (): number => [...book.rooms()].filter(({ processes }) => processes.size > 0).length,
	}
}
