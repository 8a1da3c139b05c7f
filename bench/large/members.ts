/**
 * A process full of members without screens, for the benchmark of large rooms: production code over @roamhq/wrtc, or
 * over the server's relay where they are told that no channel can be had.
 */
import * as Y from 'yjs'
import type { MemberStatus } from '#lib/sync/member-status.ts'
import {
	joinAsNode,
	lookUpRoom,
	type FoundRoom,
	type NodeMember,
	type NodeMemberOptions,
} from '../../tests/support/node-member.ts'
import { sleep } from '../../tests/support/wrtc.ts'
import type { FromHost, Job, MemberReport, ToHost } from './job.ts'

const LOOK_EVERY_MS = 50
const JOIN_TRIES = 20
const LIFETIME_MS = 40 * 60_000
const VISIT_LIMIT_MS = 30_000
/** After it has all, whatever is still under way for its links. */
const VISIT_REST_MS = 4_000
/** Status, goodbye and hearsay, by a frame's first byte. */
const PRESENCE_TYPES: ReadonlySet<number> = new Set([2, 5, 8])
const isPresence = (frame: Uint8Array): boolean => PRESENCE_TYPES.has(frame[0] ?? 0)

const tell = (message: FromHost) => process.send?.(message)

interface Seat {
	readonly member: NodeMember
	readonly frames: Map<string, number>
	readonly callers: Set<string>
	readonly presence: { frames: number; bytes: number; allFrames: number; allBytes: number }
	chat: number
	chatAtMs: number
	playbackRev: string
	playbackAtMs: number
	updateSends: number
}

/** As somebody who watches in step: each reading a little other than the one before. */
const statusOf = (number: number): MemberStatus => ({
	doing: { type: 'playing' },
	isMuted: number % 3 === 0,
	isAway: false,
	driftMs: Math.round((Math.random() - 0.5) * 200) / 10,
	stalledForMs: 0,
	isReady: true,
	isExempt: false,
	startLagMs: 74.2,
	liveLatencyMs: null,
	readyFor: null,
	oneWayP95Ms: 12.4,
	deviceName: null,
})

const typeOf = (data: unknown): string => {
	if (typeof data !== 'string') return 'bytes'
	return /^\{"type":"([a-z-]+)"/.exec(data)?.[1] ?? 'other'
}

/** A machine as full as this one lets a request run into its deadline. */
const withPatience = async (
	join: (options: NodeMemberOptions) => Promise<NodeMember>,
	options: NodeMemberOptions,
): Promise<NodeMember> => {
	for (let tries = 1; ; tries++)
		try {
			return await join(options)
		} catch (error) {
			if (tries === JOIN_TRIES) throw error
			await sleep(1_000)
		}
}

const comeIn = async (found: FoundRoom, number: number, isRelayOnly: boolean): Promise<Seat> => {
	const frames = new Map<string, number>()
	const callers = new Set<string>()
	const presence = { frames: 0, bytes: 0, allFrames: 0, allBytes: 0 }
	const join = (options: NodeMemberOptions) => joinAsNode(found, new Y.Doc(), undefined, options)
	const member = await withPatience(join, {
		name: `Wren ${String(number)}`,
		isRelayOnly,
		status: () => statusOf(number),
		onSignalingFrame: (way, data) => {
			const key = `${way} ${typeOf(data)}`
			frames.set(key, (frames.get(key) ?? 0) + 1)
			if (key === 'in signal') callers.add((JSON.parse(String(data)) as { from: string }).from)
		},
		onLinkFrame: (frame) => {
			presence.allFrames++
			presence.allBytes += frame.length
			if (!isPresence(frame)) return
			presence.frames++
			presence.bytes += frame.length
		},
	})
	return {
		member,
		frames,
		callers,
		presence,
		chat: 0,
		chatAtMs: 0,
		playbackRev: '',
		playbackAtMs: 0,
		updateSends: 0,
	}
}

const chatCount = ({ room }: NodeMember): number => room.state().chat.length

/** Cheap where nothing has come. */
const look = (seat: Seat): void => {
	const { room } = seat.member
	const { chat, playback } = room.state()
	if (chat.length !== seat.chat) {
		seat.chat = chat.length
		seat.chatAtMs = Date.now()
	}
	if (playback.rev !== seat.playbackRev) {
		seat.playbackRev = playback.rev
		seat.playbackAtMs = Date.now()
	}
}

let found: FoundRoom | null = null
const seats: Seat[] = []
let firstNumber = 0

const start = async ({ link, from, count, relayOnly }: Job): Promise<void> => {
	found = await lookUpRoom(link)
	firstNumber = from
	for (let i = 0; i < count; i++) seats.push(await comeIn(found, from + i, i < relayOnly))
	const keepLooking = () => {
		for (const seat of seats) look(seat)
		setTimeout(keepLooking, LOOK_EVERY_MS)
	}
	keepLooking()
	tell({ type: 'started' })
}

const reportOf = (seat: Seat): MemberReport => {
	const { member, frames, callers, presence } = seat
	const list = member.presence?.list() ?? []
	return {
		peer: member.self,
		links: member.mesh
			.links()
			.map(({ peer, path }) => ({ peer, path: path === 'relayed' ? 'relayed' : 'direct' })),
		present: list.filter(({ isLeaving }) => !isLeaving).length,
		known: list.filter(({ status }) => status !== null).length,
		chat: seat.chat,
		chatAtMs: seat.chatAtMs,
		playbackRev: seat.playbackRev,
		playbackAtMs: seat.playbackAtMs,
		updateSends: member.sync.stats().sent.update - seat.updateSends,
		signaling: Object.fromEntries(frames),
		callers: [...callers],
		statusFrames: presence.frames,
		statusBytes: presence.bytes,
		linkFrames: presence.allFrames,
		linkBytes: presence.allBytes,
		redirected: member.mesh.counts.redirected,
		attempts: member.mesh.counts.attempts,
		failed: member.mesh.counts.failed,
	}
}

const visit = async (expectedChat: number): Promise<void> => {
	if (found === null) throw new Error('not started')
	const beganMs = performance.now()
	const { member, frames } = await comeIn(found, 9_999, false)
	const dialled = new Set<string>()
	const offMesh = member.mesh.on((event) => {
		if (event.type === 'peer-up') dialled.add(event.peer)
	})
	for (const { peer } of member.mesh.links()) dialled.add(peer)
	let tookMs: number | null = null
	while (tookMs === null && performance.now() - beganMs < VISIT_LIMIT_MS) {
		await sleep(5)
		if (chatCount(member) >= expectedChat) tookMs = performance.now() - beganMs
	}
	await sleep(VISIT_REST_MS)
	offMesh()
	const links = member.mesh.links().length
	member.stop()
	tell({
		type: 'visited',
		peer: member.self,
		frames: Object.fromEntries(frames),
		tookMs,
		dialled: [...dialled],
		links,
	})
}

const obey = async (message: ToHost): Promise<void> => {
	switch (message.type) {
		case 'start':
			return start(message.job)
		case 'say-all': {
			const atMs = Date.now()
			for (const [i, { member }] of seats.entries()) {
				const outcome = await member.room.chat.send(`message ${String(firstNumber + i)}`)
				if (outcome.type !== 'done') throw new Error(`not said: ${outcome.type}`)
			}
			tell({ type: 'said', atMs })
			return
		}
		case 'count':
			for (const seat of seats) {
				seat.frames.clear()
				seat.callers.clear()
				Object.assign(seat.presence, { frames: 0, bytes: 0, allFrames: 0, allBytes: 0 })
				seat.updateSends = seat.member.sync.stats().sent.update
			}
			tell({ type: 'counted' })
			return
		case 'report': {
			const { user, system } = process.cpuUsage()
			tell({
				type: 'report',
				members: seats.map(reportOf),
				rssBytes: process.memoryUsage().rss,
				cpuMs: (user + system) / 1_000,
			})
			return
		}
		case 'visit':
			return visit(message.expectedChat)
	}
}

// Connections that are over hold file descriptors until they are collected.
setInterval(() => globalThis.gc?.(), 3_000).unref()
process.on('message', (message) => void obey(message as ToHost))
process.on('disconnect', () => process.exit(0))
// Should that not reach it: no run takes so long.
setTimeout(() => process.exit(1), LIFETIME_MS).unref()
tell({ type: 'ready' })
