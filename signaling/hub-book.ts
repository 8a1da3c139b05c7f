/**
 * The hub's book: rooms, their members, and where each of them is. Every change of place goes through here, so the
 * counts are right by construction. Pure.
 */
import type { PeerId, RoomId, SubjectId } from '#lib/core/units.ts'
import type { RosterEntry } from '#lib/protocol/signaling.ts'
import type { ProcessId } from './bus/bus.ts'

/** A socket, for as long as the process lives. */
export type SocketId = number

export type Place =
	| { readonly type: 'here'; readonly socket: SocketId }
	| { readonly type: 'elsewhere'; readonly process: ProcessId }
	/**
	 * Lost its socket and may come back. `process`: where it was, null for ours. `endsMs`: infinite while another
	 * process sees to its end.
	 */
	| { readonly type: 'grace'; readonly process: ProcessId | null; readonly endsMs: number }

export interface Member {
	readonly entry: RosterEntry
	readonly room: Room
	/** When it joined, by the clock of the process it joined at. */
	readonly sinceMs: number
	readonly place: Place
	/** Whom relay frames could not be brought to, and when the member was told so last. From the first time on. */
	toldGone: Map<PeerId, number> | null
}

export interface Room {
	readonly id: RoomId
	readonly members: ReadonlyMap<PeerId, Member>
	/** Other processes that have members of it. */
	readonly processes: Set<ProcessId>
	/** Members with a socket, wherever. */
	readonly live: number
	/** Members of this process, those in their grace too: without any the room is none of ours. */
	readonly own: number
}

type Changing<T> = { -readonly [K in keyof T]: T[K] }
interface OpenRoom extends Changing<Room> {
	members: Map<PeerId, Member>
}

export const isOwn = ({ place }: Member): boolean =>
	place.type === 'here' || (place.type === 'grace' && place.process === null)
export const isConnected = ({ place }: Member): boolean => place.type !== 'grace'
/** Where it is or was; null for here. */
export const processOf = ({ place }: Member): ProcessId | null =>
	place.type === 'here' ? null : place.process

export type HubBook = ReturnType<typeof createHubBook>

export const createHubBook = () => {
	const rooms = new Map<RoomId, OpenRoom>()
	const bySocket = new Map<SocketId, Member>()
	const socketsBySubject = new Map<SubjectId, number>()
	/** In the order in which their grace ends, as far as that is seen to here. */
	const inGrace = new Set<Member>()

	const openRoomOf = (member: Member): OpenRoom => member.room as OpenRoom

	const addToSubject = (subject: SubjectId, change: 1 | -1): void => {
		const count = (socketsBySubject.get(subject) ?? 0) + change
		if (count <= 0) socketsBySubject.delete(subject)
		else socketsBySubject.set(subject, count)
	}

	/** The member with its place counted, or not any more. */
	const count = (member: Member, change: 1 | -1): void => {
		const { place } = member
		const room = openRoomOf(member)
		if (isConnected(member)) room.live += change
		if (isOwn(member)) room.own += change
		if (place.type === 'here') {
			addToSubject(member.entry.subject, change)
			if (change > 0) bySocket.set(place.socket, member)
			else bySocket.delete(place.socket)
		} else if (change < 0) inGrace.delete(member)
		else if (place.type === 'grace' && place.endsMs < Infinity) inGrace.add(member)
	}

	return {
		room: (id: RoomId): Room | undefined => rooms.get(id),
		rooms: (): Iterable<Room> => rooms.values(),
		bySocket: (socket: SocketId): Member | undefined => bySocket.get(socket),
		socketsOf: (subject: SubjectId): number => socketsBySubject.get(subject) ?? 0,
		/** Whose grace is seen to here, first to end first. */
		inGrace: (): Iterable<Member> => inGrace,

		open(id: RoomId): Room {
			const room: OpenRoom = { id, members: new Map(), processes: new Set(), live: 0, own: 0 }
			rooms.set(id, room)
			return room
		},
		/** In the place of whoever had this peer id. */
		add(room: Room, entry: RosterEntry, sinceMs: number, place: Place): Member {
			const before = room.members.get(entry.peer)
			if (before !== undefined) count(before, -1)
			const member: Member = { entry, room, sinceMs, place, toldGone: null }
			openRoomOf(member).members.set(entry.peer, member)
			count(member, 1)
			return member
		},
		move(member: Member, place: Place): void {
			count(member, -1)
			;(member as Changing<Member>).place = place
			count(member, 1)
		},
		drop(member: Member): void {
			count(member, -1)
			openRoomOf(member).members.delete(member.entry.peer)
		},
		/** Forgets the room with whomever other processes have in it. */
		close(room: Room): void {
			for (const member of room.members.values()) inGrace.delete(member)
			rooms.delete(room.id)
		},
		stats: () => ({ rooms: rooms.size, joined: bySocket.size, inGrace: inGrace.size }),
	}
}
