/**
 * F1 and F2: the signaling server is killed in mid-room, or restarted in order, again and again, under members over
 * real data channels. Nothing said in the meantime is lost or doubled, no channel is dropped, and everybody is back.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startApp, type AppServer } from '../support/app.ts'
import { sleep, waitUntil } from '../support/wrtc.ts'
import { openRealRoom, UNLIMITED, type RealRoom } from './real-rooms.ts'
import { sizeOf } from './sizes.ts'
import { createVerdict, percentile, stretch } from './verdict.ts'

/** Servers side by side, each with rooms of its own: mostly they are waited for. */
const SERVERS = sizeOf('FAULT_SERVERS', 5, 3)
const ROOMS = sizeOf('FAULT_ROOMS', 1, 2)
const MEMBERS = sizeOf('FAULT_MEMBERS', 6, 6)
const KILLS = sizeOf('FAULT_KILLS', 30, 300)
const RESTARTS = sizeOf('FAULT_RESTARTS', 20, 100)
const BACK_P95_MS = 3_000
const WHOLE_MS = 10_000
const DRAIN_MS = 5_000
const DOWN_MS = 200
const EVERYBODY_HAS_IT_MS = 30_000

interface Place {
	readonly app: AppServer
	readonly rooms: readonly RealRoom[]
}
let places: Place[] = []

beforeAll(async () => {
	const env = { MATINEE_CLIENT: 'none', LOG_LEVEL: 'error', ...UNLIMITED }
	// One that ends in order leaves its compiled code to the fifty starts that follow.
	const first = await startApp(env)
	await first.stop()
	await first.close()
	places = await Promise.all(
		Array.from({ length: SERVERS }, async () => {
			const app = await startApp(env)
			const rooms = await Promise.all(Array.from({ length: ROOMS }, () => openRealRoom(app, MEMBERS)))
			return { app, rooms }
		}),
	)
}, 180_000)
afterAll(async () => {
	for (const { app, rooms } of places) {
		for (const room of rooms) room.stop()
		await app.close()
	}
})

const membersOf = (place: Place) => place.rooms.flatMap(({ members }) => members)

interface Outage {
	/** From the server's return to each member's, in ms. */
	readonly backMs: number[]
	/** Until every room of the server was whole. */
	readonly wholeMs: number
}

/** `end` ends the server; people go on talking until it is back, and after. */
const outage = async (place: Place, end: () => Promise<unknown>): Promise<Outage> => {
	const members = membersOf(place)
	const isNoted = members.map(() => false)
	await end()
	// They have all noticed: nobody's old socket counts for the new server.
	await waitUntil(() => members.every(({ signaling }) => !signaling.isOpen()), WHOLE_MS)
	await Promise.all(place.rooms.map((room) => room.sayAll()))
	await sleep(DOWN_MS)
	await place.app.restart()
	const upMs = performance.now()
	const backMs: number[] = []
	await waitUntil(() => {
		for (const [i, { signaling }] of members.entries())
			if (isNoted[i] === false && signaling.isOpen()) {
				isNoted[i] = true
				backMs.push(performance.now() - upMs)
			}
		return isNoted.every(Boolean)
	}, 60_000)
	await waitUntil(() => place.rooms.every((room) => room.isWhole()), 60_000)
	return { backMs, wholeMs: performance.now() - upMs }
}

/** `count` outages in all, the servers side by side. */
const runOutages = async (count: number, end: (place: Place) => Promise<unknown>): Promise<Outage[]> => {
	let left = count
	const outages: Outage[] = []
	await Promise.all(
		places.map(async (place) => {
			while (left-- > 0) outages.push(await outage(place, () => end(place)))
		}),
	)
	return outages
}

const rooms = () => places.flatMap((place) => place.rooms)
const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0)

/** What holds of every room after whatever happened to the server. */
const judgeRooms = async (verdict: ReturnType<typeof createVerdict>) => {
	const missing = () => rooms().map((room) => room.missing())
	await waitUntil(() => missing().every(({ lost }) => lost === 0), EVERYBODY_HAS_IT_MS)
	verdict.note('operations', sum(rooms().map((room) => room.said())))
	verdict.is('lost', sum(missing().map(({ lost }) => lost)), 0)
	verdict.is('doubled', sum(missing().map(({ doubled }) => doubled)), 0)
	verdict.is('channels dropped', sum(rooms().map((room) => room.linksDropped())), 0)
}
const judgeOutages = (verdict: ReturnType<typeof createVerdict>, outages: readonly Outage[]) => {
	const back = outages.flatMap(({ backMs }) => backMs)
	const inTime = outages.filter(({ wholeMs }) => wholeMs <= WHOLE_MS * stretch()).length
	verdict.is('members back', back.length, outages.length * ROOMS * MEMBERS)
	verdict.within('p95 back', percentile(back, 0.95), BACK_P95_MS)
	verdict.note('p50', `${String(Math.round(percentile(back, 0.5)))} ms`)
	verdict.is(`rooms whole in ${String(WHOLE_MS / 1000)} s, outages`, inTime, outages.length)
}

it(`[FA1, TR14, TR23] the server is killed ${String(KILLS)} times in mid-room: nothing is lost, no channel drops, all are back`, async () => {
	const outages = await runOutages(KILLS, ({ app }) => app.kill())
	const verdict = createVerdict('F1 signaling killed in mid-room')
	verdict.is('kills', outages.length, KILLS)
	verdict.note('rooms × members', `${String(SERVERS * ROOMS)} × ${String(MEMBERS)}`)
	await judgeRooms(verdict)
	judgeOutages(verdict, outages)
	expect(verdict.end()).toEqual([])
}, 3_600_000)

it(`[FA2, SG31] the server is restarted in order ${String(RESTARTS)} times: 1012 for everybody, gone within 5 s, nothing lost`, async () => {
	const closedBefore = places.flatMap(membersOf).map(({ closeCodes }) => closeCodes.length)
	const stops: { code: number | null; tookMs: number }[] = []
	const outages = await runOutages(RESTARTS, async ({ app }) => stops.push(await app.stop()))
	const codes = places
		.flatMap(membersOf)
		.flatMap(({ closeCodes }, i) => closeCodes.slice(closedBefore[i] ?? 0))
		// A try while the server is away fails with the code of no server at all.
		.filter((code) => code !== 1006)
	const verdict = createVerdict('F2 signaling restarted in order')
	verdict.is('restarts', outages.length, RESTARTS)
	verdict.is('exit codes other than 0', stops.filter(({ code }) => code !== 0).length, 0)
	verdict.within('slowest drain', Math.max(...stops.map(({ tookMs }) => tookMs)), DRAIN_MS)
	verdict.is('closed with 1012', codes.filter((code) => code === 1012).length, RESTARTS * ROOMS * MEMBERS)
	const others = codes.filter((code) => code !== 1012)
	verdict.is(`with another code${others.length > 0 ? ` (${others.join(', ')})` : ''}`, others.length, 0)
	await judgeRooms(verdict)
	judgeOutages(verdict, outages)
	expect(verdict.end()).toEqual([])

	// Who comes now finds everything.
	const [first] = rooms()
	await first?.addMember()
	expect(await waitUntil(() => first?.missing().lost === 0, EVERYBODY_HAS_IT_MS)).toBe(true)
}, 3_600_000)
