/**
 * Joins this process's hub to those of the others over the bus: who has whom in which room, and parcels between members
 * of different processes. A room that only this process has costs two messages in its life, at its beginning and end.
 *
 * What a process says of a room is numbered, so whoever missed something asks for the whole. After the bus was away
 * everybody says everything again. A process that is silent is gone, but not while it could not be heard.
 */
import { randomBytes } from 'node:crypto'
import type { RoomId } from '#lib/core/units.ts'
import type { HubPublish, Parcel, RemoteEvent, RemoteMember, RemovalNote, RoomNews } from '../elsewhere.ts'
import type { Bus, ProcessId } from './bus.ts'
import { encodeBusFrame, parseBusFrame, type BusContent, type BusFrame } from './frames.ts'

export const BEAT_INTERVAL_MS = 1_000
/** A process not heard of for so long is gone. */
export const PROCESS_GONE_MS = 5 * BEAT_INTERVAL_MS
/** How often one process is asked for one room again. */
const ASK_EVERY_MS = 500
/** Removals that could not be told, for when the bus is back. */
const UNTOLD_MAX = 10_000

export const newProcessId = (): ProcessId => randomBytes(16).toString('base64url') as ProcessId

export interface ExchangeDeps {
	readonly bus: Bus
	readonly self: ProcessId
	readonly nowMs: () => number
	/** Members of our own, those in their grace too. */
	readonly membersOf: (room: RoomId) => readonly RemoteMember[]
	readonly onRemote: (event: RemoteEvent) => void
	/** Told by another process, or missed while the bus was away. */
	readonly onRemoval: (note: RemovalNote) => void
	/** The bus is back after it was away: what others did meanwhile was not heard. */
	readonly onBack: () => void
}

/** Since the process started. */
export interface ExchangeCounts {
	framesOut: number
	framesIn: number
	/** Of another version, or none of ours. */
	badFrames: number
	/** Numbers missing in what a process says of a room; each asked for the whole. */
	gaps: number
	/** Signals and relay frames for members elsewhere that did not get there. */
	undeliverable: number
	processesGone: number
	away: number
}

export type Exchange = ReturnType<typeof createExchange>

interface OpenRoom {
	/** Of the last news of ours that was published. */
	seq: number
	/** Of the last news of each other process that has the room. */
	readonly heard: Map<ProcessId, number>
	readonly askedMs: Map<ProcessId, number>
}

const ALL = 'all'
const roomChannel = (room: RoomId): string => `room:${room}`
const processChannel = (process: ProcessId): string => `process:${process}`

export const createExchange = (deps: ExchangeDeps) => {
	const { bus, self, nowMs } = deps
	const rooms = new Map<RoomId, OpenRoom>()
	/** When each other process was heard last. */
	const processes = new Map<ProcessId, number>()
	const untold: RemovalNote[] = []
	const counts: ExchangeCounts = {
		framesOut: 0,
		framesIn: 0,
		badFrames: 0,
		gaps: 0,
		undeliverable: 0,
		processesGone: 0,
		away: 0,
	}
	let beatMs = -Infinity
	let tickedMs: number | null = null
	/** Said goodbye: whatever happens to our members now is no news. */
	let hasLeft = false

	const publish = (channel: string, content: BusContent, payload?: Uint8Array): Promise<number> => {
		counts.framesOut++
		return bus.publish(channel, encodeBusFrame(self, content, payload))
	}

	// --- telling

	const tellRoster = (room: RoomId, channel: string, wantsAnswer: boolean): void => {
		const seq = rooms.get(room)?.seq
		if (seq === undefined) return
		const members = deps.membersOf(room).map(({ entry, sinceMs, isHere }) => ({ entry, sinceMs, isHere }))
		void publish(channel, { type: 'roster', room, seq, members, wantsAnswer })
	}

	const open = async (room: RoomId): Promise<void> => {
		// A room that is opened again goes on above its old numbers, so that what comes late is seen to be old.
		const opened: OpenRoom = { seq: Math.floor(nowMs()) * 1_000, heard: new Map(), askedMs: new Map() }
		rooms.set(room, opened)
		await bus.subscribe(roomChannel(room))
		// Heard first, then told: of two that open at once, at least the later is answered by the other.
		if (rooms.get(room) === opened) tellRoster(room, roomChannel(room), true)
	}

	const tellNews = (room: RoomId, news: RoomNews): void => {
		if (news.type === 'opened') return void open(room)
		if (news.type === 'closed') {
			rooms.delete(room)
			bus.unsubscribe(roomChannel(room))
			void publish(roomChannel(room), { type: 'closed', room })
			return
		}
		const known = rooms.get(room)
		if (known === undefined) return
		const seq = ++known.seq
		const content: BusContent =
			news.type === 'joined'
				? { type: 'joined', room, seq, member: { ...news.member }, replaces: news.replaces }
				: { type: 'left', room, seq, peer: news.peer, why: news.why }
		void publish(roomChannel(room), content)
	}

	const sendParcel = async (to: ProcessId, parcel: Parcel): Promise<void> => {
		const { kind, room, from, to: peer } = parcel
		const count = await (parcel.kind === 'signal'
			? publish(processChannel(to), { type: 'signal', room, from, to: peer, data: parcel.data })
			: publish(processChannel(to), { type: 'relay', room, from, to: peer }, parcel.frame))
		if (count > 0) return
		counts.undeliverable++
		deps.onRemote({ type: 'remote-undeliverable', room, from, to: peer, kind })
	}

	// --- hearing

	const askFor = (process: ProcessId, room: RoomId, known: OpenRoom): void => {
		if (nowMs() - (known.askedMs.get(process) ?? -Infinity) < ASK_EVERY_MS) return
		known.askedMs.set(process, nowMs())
		void publish(processChannel(process), { type: 'ask', room })
	}

	/** Whether this news of `process` follows what we have of it; asks for the whole where something is missing. */
	const isNext = (process: ProcessId, room: RoomId, seq: number): boolean => {
		const known = rooms.get(room)
		if (known === undefined) return false
		const last = known.heard.get(process)
		if (last !== undefined && seq <= last) return false // older than the whole that we have
		if (last !== undefined && seq === last + 1) {
			known.heard.set(process, seq)
			return true
		}
		// Never heard of: it opened the room while the bus was away. Else something was lost.
		if (last !== undefined) counts.gaps++
		askFor(process, room, known)
		return false
	}

	const hear = ({ process, content, payload }: BusFrame): void => {
		switch (content.type) {
			case 'beat':
				return
			case 'roster': {
				const { room, seq, members, wantsAnswer } = content
				const known = rooms.get(room)
				if (known === undefined || seq < (known.heard.get(process) ?? 0)) return
				known.heard.set(process, seq)
				known.askedMs.delete(process)
				deps.onRemote({ type: 'remote-roster', room, process, members })
				if (wantsAnswer) tellRoster(room, processChannel(process), false)
				return
			}
			case 'joined': {
				const { room, seq, member, replaces } = content
				if (isNext(process, room, seq))
					deps.onRemote({ type: 'remote-joined', room, process, member, replaces })
				return
			}
			case 'left': {
				const { room, seq, peer, why } = content
				if (isNext(process, room, seq)) deps.onRemote({ type: 'remote-left', room, process, peer, why })
				return
			}
			case 'closed': {
				const { room } = content
				if (rooms.get(room)?.heard.delete(process) === true)
					deps.onRemote({ type: 'remote-room-closed', process, room })
				return
			}
			case 'ask':
				return tellRoster(content.room, processChannel(process), false)
			case 'signal': {
				const { room, from, to, data } = content
				return deps.onRemote({ type: 'remote-parcel', process, kind: 'signal', room, from, to, data })
			}
			case 'relay': {
				const { room, from, to } = content
				return deps.onRemote({
					type: 'remote-parcel',
					process,
					kind: 'relay',
					room,
					from,
					to,
					frame: payload,
				})
			}
			case 'undeliverable': {
				const { room, from, to, kind } = content
				counts.undeliverable++
				return deps.onRemote({ type: 'remote-undeliverable', room, from, to, kind })
			}
			case 'removal': {
				const { room, subject, isRemoved } = content
				return deps.onRemoval({ room, subject, isRemoved })
			}
			case 'bye':
				return forget(process)
		}
	}

	const forget = (process: ProcessId): void => {
		processes.delete(process)
		for (const { heard } of rooms.values()) heard.delete(process)
		deps.onRemote({ type: 'remote-process-gone', process })
	}

	const receive = (bytes: Uint8Array): void => {
		const frame = parseBusFrame(bytes)
		if (frame === null) {
			counts.badFrames++
			return
		}
		if (frame.process === self || hasLeft) return
		counts.framesIn++
		processes.set(frame.process, nowMs())
		hear(frame)
	}

	const sayAllAgain = (): void => {
		for (const process of processes.keys()) processes.set(process, nowMs())
		for (const room of rooms.keys()) tellRoster(room, roomChannel(room), true)
		for (const note of untold.splice(0)) void publish(ALL, { type: 'removal', ...note })
		deps.onBack()
	}

	let off: () => void = () => undefined

	return {
		counts: (): Readonly<ExchangeCounts> => counts,
		/** Other processes heard of lately. */
		processCount: (): number => processes.size,

		/** Call once, before there is any socket. */
		async start(): Promise<void> {
			off = bus.on((event) => {
				if (event.type === 'message') receive(event.bytes)
				else if (event.type === 'up') sayAllAgain()
				else counts.away++
			})
			await Promise.all([bus.subscribe(ALL), bus.subscribe(processChannel(self))])
		},

		publish(send: HubPublish): void {
			if (hasLeft) return
			if ('news' in send) tellNews(send.room, send.news)
			else if ('parcel' in send) void sendParcel(send.to, send.parcel)
			else void publish(processChannel(send.to), { type: 'undeliverable', ...send.undeliverable })
		},

		/** Tells every other process, now or once the bus is back. */
		tellRemoval(note: RemovalNote): void {
			if (bus.state() === 'up') return void publish(ALL, { type: 'removal', ...note })
			untold.push(note)
			if (untold.length > UNTOLD_MAX) untold.shift()
		},

		/** Once a second or so. */
		tick(atMs: number): void {
			const lateMs = tickedMs === null ? 0 : atMs - tickedMs - BEAT_INTERVAL_MS
			tickedMs = atMs
			if (hasLeft || bus.state() === 'away') return
			// We stood still ourselves: what others said meanwhile is only read after this, and to them we may be gone.
			if (lateMs > PROCESS_GONE_MS / 2) return sayAllAgain()
			if (atMs - beatMs >= BEAT_INTERVAL_MS / 2) {
				beatMs = atMs
				void publish(ALL, { type: 'beat' })
			}
			for (const [process, heardMs] of processes) {
				if (atMs - heardMs < PROCESS_GONE_MS) continue
				counts.processesGone++
				forget(process)
			}
		},

		/** Says goodbye, once our members have been told to go elsewhere; nothing is told or heard after it. Idempotent. */
		async leave(): Promise<void> {
			if (hasLeft) return
			const told = publish(ALL, { type: 'bye' })
			hasLeft = true
			off()
			await told
		},
	}
}
