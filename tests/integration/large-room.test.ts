/**
 * A room too large for a full mesh, of real members: production code over real data channels and, for some, over the
 * server's relay alone.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { FULL_MESH_MAX, LINKS_MAX } from '#lib/transport/overlay.ts'
import type { MemberStatus } from '#lib/sync/member-status.ts'
import { startApp, type AppServer } from '../support/app.ts'
import { hopsOf } from '../../bench/large/hops.ts'
import { foundRoom, UNLIMITED } from '../faults/real-rooms.ts'
import { joinAsNode, lookUpRoom, type FoundRoom, type NodeMember } from '../support/node-member.ts'
import { waitUntil } from '../support/wrtc.ts'

const MEMBERS = 24
const RELAY_ONLY = 2
const LIMIT_MS = 180_000
const SPREAD_MS = 60_000

const WATCHING: MemberStatus = {
	doing: { type: 'playing' },
	isMuted: false,
	isAway: false,
	driftMs: 4,
	stalledForMs: 0,
	isReady: true,
	isExempt: false,
	startLagMs: 70,
	liveLatencyMs: null,
	readyFor: null,
	oneWayP95Ms: 12,
	deviceName: null,
}

interface Seat {
	readonly member: NodeMember
	/** Frames on its socket, by way and type, without clock probes. */
	readonly frames: Map<string, number>
	/** Who sent it signals. */
	readonly callers: Set<string>
}

let app: AppServer
let found: FoundRoom
const seats: Seat[] = []

const typeOf = (data: unknown): string =>
	typeof data === 'string' ? (/^\{"type":"([a-z-]+)"/.exec(data)?.[1] ?? 'other') : 'bytes'

const comeIn = async (isRelayOnly: boolean): Promise<Seat> => {
	const frames = new Map<string, number>()
	const callers = new Set<string>()
	const member = await joinAsNode(found, new Y.Doc(), undefined, {
		name: `Wren ${String(seats.length)}`,
		isRelayOnly,
		status: () => WATCHING,
		onSignalingFrame: (way, data) => {
			const key = `${way} ${typeOf(data)}`
			if (key === 'in signal') callers.add((JSON.parse(String(data)) as { from: string }).from)
			if (!key.endsWith('clock')) frames.set(key, (frames.get(key) ?? 0) + 1)
		},
	})
	const seat = { member, frames, callers }
	seats.push(seat)
	return seat
}

const linkedOf = () => seats.map(({ member }) => ({ peer: member.self, links: member.mesh.links() }))

beforeAll(async () => {
	app = await startApp({ MATINEE_CLIENT: 'none', LOG_LEVEL: 'error', ...UNLIMITED })
	found = await lookUpRoom(await foundRoom(app.url))
	for (let i = 0; i < MEMBERS; i++) await comeIn(i < RELAY_ONLY)
}, LIMIT_MS)
afterAll(async () => {
	for (const { member } of seats) member.stop()
	await app.close()
})

describe(`${String(MEMBERS)} real members in a room`, () => {
	it(
		'[TR40] are all linked with one another by few links each, over the relay where there is no channel',
		async () => {
			const isWhole = () =>
				hopsOf(linkedOf()).reached === MEMBERS &&
				seats.every(({ member }) => member.presence?.list().length === MEMBERS)
			expect(await waitUntil(isWhole, LIMIT_MS)).toBe(true)
			expect(MEMBERS).toBeGreaterThan(FULL_MESH_MAX)
			for (const { links } of linkedOf()) expect(links.length).toBeLessThanOrEqual(LINKS_MAX)
			expect(hopsOf(linkedOf()).max).toBeLessThanOrEqual(5)
			for (const { member } of seats.slice(0, RELAY_ONLY))
				expect(member.mesh.links().every(({ path }) => path === 'relayed')).toBe(true)
		},
		LIMIT_MS,
	)

	it(
		'[TR40] all have what each of them says, and a change of playback',
		async () => {
			await Promise.all(seats.map(({ member }, i) => member.room.chat.send(`message ${String(i)}`)))
			const hasAll = ({ member }: Seat) =>
				new Set(member.room.state().chat.map(({ text }) => text)).size === MEMBERS
			expect(await waitUntil(() => seats.every(hasAll), SPREAD_MS)).toBe(true)
			const [first] = seats
			const pause = { positionS: 12, isPlaying: false, rate: 1, atMs: Date.now() } as const
			expect((await first?.member.room.playback.set(pause))?.type).toBe('done')
			const isThere = ({ member }: Seat) => member.room.state().playback.positionS === 12
			expect(await waitUntil(() => seats.every(isThere), SPREAD_MS)).toBe(true)
		},
		LIMIT_MS,
	)

	it(
		'[TR40] know what those do whom they have no link to',
		async () => {
			const knowsAll = ({ member }: Seat) =>
				member.presence?.list().every(({ doing }) => doing.type === 'playing') === true
			expect(await waitUntil(() => seats.every(knowsAll), SPREAD_MS)).toBe(true)
		},
		LIMIT_MS,
	)

	it(
		'[TR40] hear of who joins by a name alone, but for the few who are dialled; the joiner needs at most 60 frames',
		async () => {
			for (const { frames } of seats) frames.clear()
			const joiner = await comeIn(false)
			const hasAll = () => joiner.member.room.state().chat.length === MEMBERS
			expect(await waitUntil(hasAll, SPREAD_MS)).toBe(true)
			await waitUntil(() => joiner.member.mesh.links().length >= 6, 5_000)
			const frames = [...joiner.frames.values()].reduce((sum, count) => sum + count, 0)
			expect(frames).toBeLessThanOrEqual(60)
			const called = seats.filter(({ callers }) => callers.has(joiner.member.self)).length
			expect(called).toBeGreaterThan(0)
			expect(called).toBeLessThanOrEqual(LINKS_MAX)
			for (const seat of seats) {
				if (seat === joiner) continue
				expect(seat.frames.get('in peer-joined')).toBe(1)
				expect(seat.frames.get('in joined') ?? 0).toBe(0)
			}
		},
		LIMIT_MS,
	)
})
