/**
 * What the hub does about members that other processes have. Of one peer id at two places the later one stays, as with
 * two sockets of one process; of two devices under one peer id the earlier one. Every process judges by the same
 * times, so all come to the same end. Pure.
 */
import type { RosterEntry } from '#lib/protocol/signaling.ts'
import type { ProcessId } from './bus/bus.ts'
import type { RemoteEvent, RemoteMember } from './elsewhere.ts'
import { processOf, type HubBook, type Member, type Place, type Room } from './hub-book.ts'
import {
	close,
	closeIfEmpty,
	isToldGone,
	message,
	noSuchPeer,
	refuseOtherDevice,
	remove,
	tellNewcomers,
	type HubSend,
} from './hub-sends.ts'

/** A lost socket's peer counts as present this long, so that a reconnect is no coming and going. */
export const LEAVE_GRACE_MS = 10_000

type RoomEvent = Exclude<RemoteEvent, { type: 'remote-process-gone' | 'remote-parcel' }>

const NOTHING: readonly HubSend[] = []

export const createHubRemote = (book: HubBook, self: ProcessId) => {
	/** Whether the one at `process` joined after `mine`. Of one instant, by the processes' ids. */
	const isLater = (theirs: RemoteMember, process: ProcessId, mine: Member): boolean =>
		theirs.sinceMs === mine.sinceMs ? process > (processOf(mine) ?? self) : theirs.sinceMs > mine.sinceMs

	const isTakenOver = (
		before: Member,
		theirs: RemoteMember,
		process: ProcessId,
		replaces: ProcessId | null,
	): boolean => {
		const at = processOf(before) ?? self
		if (at === process || replaces === at) return true
		if (before.entry.device !== theirs.entry.device) return !isLater(theirs, process, before)
		if (!theirs.isHere) return false
		return before.place.type === 'grace' || isLater(theirs, process, before)
	}

	/** Who is new, for those who are here; and what becomes of a socket of ours that it takes the place of. */
	const take = (
		room: Room,
		process: ProcessId,
		theirs: RemoteMember,
		replaces: ProcessId | null,
	): { readonly newcomer: RosterEntry | null; readonly sends: readonly HubSend[] } => {
		const { entry, sinceMs, isHere } = theirs
		const before = room.members.get(entry.peer)
		const place: Place = isHere
			? { type: 'elsewhere', process }
			: { type: 'grace', process, endsMs: Infinity }
		if (before === undefined) {
			book.add(room, entry, sinceMs, place)
			return { newcomer: isHere ? entry : null, sends: NOTHING }
		}
		if (!isTakenOver(before, theirs, process, replaces)) return { newcomer: null, sends: NOTHING }
		const wasKnown = before.place.type === 'elsewhere' && before.place.process === process
		const { place: old } = before
		book.add(room, entry, sinceMs, place)
		if (!isHere || (wasKnown && before.sinceMs === sinceMs)) return { newcomer: null, sends: NOTHING }
		if (old.type !== 'here') return { newcomer: entry, sends: NOTHING }
		return {
			newcomer: entry,
			sends:
				before.entry.device === entry.device
					? [close(old.socket, 'replaced')]
					: refuseOtherDevice(old.socket),
		}
	}

	const takeAll = (
		room: Room,
		process: ProcessId,
		members: readonly RemoteMember[],
		replaces: ProcessId | null,
	): HubSend[] => {
		room.processes.add(process)
		const newcomers: RosterEntry[] = []
		const sends: HubSend[] = []
		for (const theirs of members) {
			const taken = take(room, process, theirs, replaces)
			sends.push(...taken.sends)
			if (taken.newcomer !== null) newcomers.push(taken.newcomer)
		}
		return [...sends, ...tellNewcomers(room, newcomers), ...closeIfEmpty(book, room)]
	}

	const membersAt = (room: Room, process: ProcessId): Member[] =>
		[...room.members.values()].filter((member) => processOf(member) === process)

	const processGone = (process: ProcessId, nowMs: number): readonly HubSend[] => {
		for (const room of book.rooms()) {
			if (!room.processes.delete(process)) continue
			// They may come back to another process, or here.
			for (const member of membersAt(room, process))
				book.move(member, { type: 'grace', process, endsMs: nowMs + LEAVE_GRACE_MS })
		}
		return NOTHING
	}

	const parcel = (event: Extract<RemoteEvent, { type: 'remote-parcel' }>): readonly HubSend[] => {
		const { room, from, to, kind } = event
		const place = book.room(room)?.members.get(to)?.place
		if (place?.type !== 'here')
			return [{ type: 'publish', to: event.process, undeliverable: { room, from, to, kind } }]
		// A relay frame names its sender itself.
		return event.kind === 'signal'
			? [message(place.socket, { type: 'signal', from, data: event.data })]
			: [{ type: 'bytes', socket: place.socket, bytes: event.frame }]
	}

	const inRoom = (event: RoomEvent, room: Room, nowMs: number): readonly HubSend[] => {
		switch (event.type) {
			case 'remote-roster': {
				const listed = new Set(event.members.map(({ entry }) => entry.peer))
				const missing = membersAt(room, event.process).filter(({ entry }) => !listed.has(entry.peer))
				return [
					...missing.flatMap((member) => remove(book, member, 'timeout')),
					...takeAll(room, event.process, event.members, null),
				]
			}
			case 'remote-joined':
				return takeAll(room, event.process, [event.member], event.replaces)
			case 'remote-left': {
				const member = room.members.get(event.peer)
				// Meanwhile it is somewhere else.
				if (member === undefined || processOf(member) !== event.process) return NOTHING
				if (event.why !== 'lost') return remove(book, member, event.why)
				book.move(member, { type: 'grace', process: event.process, endsMs: Infinity })
				return NOTHING
			}
			case 'remote-room-closed':
				room.processes.delete(event.process)
				return membersAt(room, event.process).flatMap((member) => remove(book, member, 'timeout'))
			case 'remote-undeliverable': {
				const sender = room.members.get(event.from)
				if (sender?.place.type !== 'here') return NOTHING
				if (event.kind === 'relay' && !isToldGone(sender, event.to, nowMs)) return NOTHING
				return [noSuchPeer(sender.place.socket, event.to)]
			}
		}
	}

	return (event: RemoteEvent, nowMs: number): readonly HubSend[] => {
		if (event.type === 'remote-process-gone') return processGone(event.process, nowMs)
		if (event.type === 'remote-parcel') return parcel(event)
		const room = book.room(event.room)
		return room === undefined ? NOTHING : inRoom(event, room, nowMs)
	}
}
