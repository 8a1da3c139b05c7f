/**
 * What a hub answers with, and the words it is put in. Pure.
 */
import type { PeerId } from '#lib/core/units.ts'
import type { CloseName } from '#lib/protocol/close-codes.ts'
import type { Refusal, RosterEntry, ServerMessage } from '#lib/protocol/signaling.ts'
import type { HubPublish, RoomNews } from './elsewhere.ts'
import { isConnected, isOwn, type HubBook, type Member, type Room, type SocketId } from './hub-book.ts'

export type HubSend =
	| { readonly type: 'message'; readonly to: readonly SocketId[]; readonly message: ServerMessage }
	| { readonly type: 'bytes'; readonly socket: SocketId; readonly bytes: Uint8Array }
	| { readonly type: 'close'; readonly socket: SocketId; readonly close: CloseName }
	| HubPublish

/** Roster entries in one `joined` frame: 120 of the longest stay under 64 KiB. */
export const ROSTER_PART = 120
/** A member is told once in this time that relay frames to a peer go nowhere, of so many peers at most. */
export const TELL_GONE_EVERY_MS = 1_000
const TELL_GONE_PEERS = 16
/** Newcomers that are told of one by one; more come as parts of a roster. */
const NEWCOMERS_ONE_BY_ONE = 8

export const message = (to: SocketId, content: ServerMessage): HubSend => ({
	type: 'message',
	to: [to],
	message: content,
})
export const close = (socket: SocketId, name: CloseName): HubSend => ({ type: 'close', socket, close: name })
export const refuse = (to: SocketId, why: Refusal, text: string, peer?: PeerId): HubSend =>
	message(to, { type: 'refused', why, message: text, ...(peer === undefined ? {} : { peer }) })
export const noSuchPeer = (to: SocketId, peer: PeerId): HubSend =>
	refuse(to, 'no-such-peer', 'Nobody is connected under this peer id.', peer)
export const refuseOtherDevice = (socket: SocketId): HubSend[] => [
	refuse(socket, 'bad-ticket', 'Another device is in the room under this peer id.'),
	close(socket, 'badTicket'),
]

/** Whether the member is to hear, now, that `peer` cannot be reached. */
export const isToldGone = (member: Member, peer: PeerId, nowMs: number): boolean => {
	const toldGone = (member.toldGone ??= new Map<PeerId, number>())
	for (const [told, atMs] of toldGone) if (nowMs - atMs >= TELL_GONE_EVERY_MS) toldGone.delete(told)
	if (toldGone.has(peer) || toldGone.size >= TELL_GONE_PEERS) return false
	toldGone.set(peer, nowMs)
	return true
}

/** To everybody in the room with a socket of ours, but one. */
export const tellOthers = (room: Room, but: PeerId, content: ServerMessage): HubSend[] => {
	const to: SocketId[] = []
	for (const { place, entry } of room.members.values())
		if (place.type === 'here' && entry.peer !== but) to.push(place.socket)
	return to.length === 0 ? [] : [{ type: 'message', to, message: content }]
}

/** To the other processes that have the room, where there are any. */
export const news = (room: Room, content: RoomNews): HubSend[] =>
	room.processes.size === 0 ? [] : [{ type: 'publish', to: 'room', room: room.id, news: content }]

const rosterParts = (socket: SocketId, self: RosterEntry, roster: readonly RosterEntry[]): HubSend[] => {
	const sends: HubSend[] = []
	for (let at = 0; at === 0 || at < roster.length; at += ROSTER_PART)
		sends.push(message(socket, { type: 'joined', self, roster: roster.slice(at, at + ROSTER_PART) }))
	return sends
}

/** Who is in the room, to somebody who just came into it. */
export const rosterFor = (socket: SocketId, self: RosterEntry, room: Room): HubSend[] => {
	const roster: RosterEntry[] = []
	for (const member of room.members.values())
		if (isConnected(member) && member.entry.peer !== self.peer) roster.push(member.entry)
	return rosterParts(socket, self, roster)
}

/** Everybody of ours is told of people who came to other processes. */
export const tellNewcomers = (room: Room, newcomers: readonly RosterEntry[]): HubSend[] => {
	if (newcomers.length <= NEWCOMERS_ONE_BY_ONE)
		return newcomers.flatMap((entry) => tellOthers(room, entry.peer, { type: 'peer-joined', entry }))
	return [...room.members.values()].flatMap(({ place, entry }) =>
		place.type === 'here' ? rosterParts(place.socket, entry, newcomers) : [],
	)
}

/** Forgets a room that nobody of ours is in any more. */
export const closeIfEmpty = (book: HubBook, room: Room): HubSend[] => {
	if (room.own > 0) return []
	book.close(room)
	return [{ type: 'publish', to: 'room', room: room.id, news: { type: 'closed' } }]
}

/** Takes the member out of the room and tells everybody whom it concerns. */
export const remove = (book: HubBook, member: Member, why: 'left' | 'timeout' | 'closed'): HubSend[] => {
	const { room, entry } = member
	const wasOwn = isOwn(member)
	book.drop(member)
	return [
		...tellOthers(room, entry.peer, { type: 'peer-left', peer: entry.peer, why }),
		...(wasOwn ? news(room, { type: 'left', peer: entry.peer, why }) : []),
		...closeIfEmpty(book, room),
	]
}
