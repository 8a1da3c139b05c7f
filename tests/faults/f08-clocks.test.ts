/**
 * F8: clocks that are wrong or jump: the server's by an hour or a year, a member's by a day, by 200 ppm, or set anew
 * while the film plays. No film is sought for it, no answer comes before what it answers, nobody is signed out.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { carryBoth, createTestRoom, testRoot, TEST_START_MS } from '#lib/core/test-room.ts'
import { createFakeSigner } from '#lib/core/fake-crypto.ts'
import { createWebCryptoVerifier } from '#lib/core/web-crypto.ts'
import type { PeerId, RoomId } from '#lib/core/units.ts'
import { createWorld, type World } from '#lib/follow/clock-sim.ts'
import { createServerApi } from '#lib/session/server-api.ts'
import { checkToken, readKeySet } from '#lib/session/token-check.ts'
import { createDevice, newId } from '../support/wrtc.ts'
import { startServer, type TestServer } from '../support/ws-server.ts'
import { sizeOf } from './sizes.ts'
import { createVerdict } from './verdict.ts'

const SEEDS = sizeOf('FAULT_CLOCK_SEEDS', 3, 50)
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const YEAR_MS = 365 * DAY_MS
/** A film further off than this is sought. */
const SEEK_MS = 350
const IN_STEP_MS = 40
const SETTLE_MS = 20_000
const WATCH_MS = 60_000

const WORLD = { oneWayMs: 40, asymmetryMs: 5, jitterMs: 3, loss: 0.02, ppm: 40, hasServer: true }

interface Case {
	readonly name: string
	readonly happens: (world: World) => void
}
const CASES: readonly Case[] = [
	{ name: 'the server an hour ahead', happens: (world) => world.server('up', HOUR_MS) },
	{ name: 'the server an hour behind', happens: (world) => world.server('up', -HOUR_MS) },
	{ name: 'the server a year behind', happens: (world) => world.server('up', -YEAR_MS) },
	{ name: 'a member a day ahead comes in', happens: (world) => void world.add({ offsetMs: DAY_MS }) },
	{ name: 'a member of 200 ppm comes in', happens: (world) => void world.add({ ppm: 200 }) },
	{ name: 'a wall clock set an hour ahead', happens: ({ machines }) => machines[0]?.setWall(HOUR_MS) },
	{ name: 'a wall clock set a year back', happens: ({ machines }) => machines[0]?.setWall(-YEAR_MS) },
	{
		name: 'every wall clock set, each otherwise',
		happens: ({ machines }) => {
			for (const [i, machine] of machines.entries()) machine.setWall((i - 1) * HOUR_MS)
		},
	},
]

interface Outcome {
	/** Of a member who was there before: how far its room time went from where it was, beyond any slew. */
	readonly movedMs: number
	readonly spreadMs: number
}

const run = ({ happens }: Case, seed: number): Outcome => {
	const world = createWorld({ ...WORLD, seed })
	for (let n = 0; n < 3; n++) world.add()
	world.run(SETTLE_MS)
	const present = [...world.machines]
	const before = present.map(({ clock }) => clock.nowMs() - world.nowMs())
	happens(world)
	let movedMs = 0
	world.run(WATCH_MS, () => {
		for (const [i, { clock }] of present.entries())
			movedMs = Math.max(movedMs, Math.abs(clock.nowMs() - world.nowMs() - (before[i] ?? 0)))
	})
	return { movedMs, spreadMs: world.spreadMs() }
}

it('[FA8, CK5, CK8] clocks wrong by an hour, a day, a year or 200 ppm, or set anew in play: no film is sought', () => {
	const results = CASES.flatMap((one) =>
		Array.from({ length: SEEDS }, (_, i) => ({ name: one.name, ...run(one, i + 1) })),
	)
	const sought = results.filter(({ movedMs }) => movedMs > SEEK_MS)
	const apart = results.filter(({ spreadMs }) => spreadMs > IN_STEP_MS)
	const verdict = createVerdict('F8 clocks that are wrong or jump')
	verdict.note('cases × seeds', `${String(CASES.length)} × ${String(SEEDS)}`)
	verdict.is('films sought', sought.length, 0)
	verdict.note('room time moved at most', `${Math.max(...results.map((one) => one.movedMs)).toFixed(0)} ms`)
	verdict.is('rooms out of step', apart.length, 0)
	expect(verdict.end(), JSON.stringify([...sought, ...apart])).toEqual([])
})

it('[FA8, HL1] what answers comes after what it answers, with room times up to a minute apart', async () => {
	let reordered = 0
	let talks = 0
	for (const skewMs of [-59_000, -30_000, -1_000, -10, 10, 1_000, 30_000, 59_000]) {
		let nowMs = TEST_START_MS
		const root = testRoot(createFakeSigner('alice'))
		const alice = createTestRoom('alice', { root, clock: { nowMs: () => nowMs } })
		const bob = createTestRoom('bob', { root, clock: { nowMs: () => nowMs + skewMs } })
		for (const { room, name } of [alice, bob]) await room.introduce({ name, token: null })
		await carryBoth(alice, bob)
		const said: string[] = []
		for (let n = 0; n < 20; n++) {
			nowMs += 500
			const speaker = n % 2 === 0 ? alice : bob
			said.push(`line ${String(n)}`)
			await speaker.room.chat.send(`line ${String(n)}`)
			await carryBoth(alice, bob)
		}
		// A clock ahead of us: what it wrote is due in a minute at the latest.
		nowMs += 60_000
		for (const { room } of [alice, bob]) room.tick(nowMs)
		for (const { room } of [alice, bob]) {
			talks++
			const lines = room.state().chat.map(({ text }) => text)
			if (JSON.stringify(lines) !== JSON.stringify(said)) reordered++
		}
	}
	const verdict = createVerdict('F8 the order of what people say')
	verdict.note('talks', talks)
	verdict.is('out of order', reordered, 0)
	expect(verdict.end()).toEqual([])
})

let server: TestServer
beforeAll(async () => {
	server = await startServer()
})
afterAll(() => server.close())

it('[FA8] a device whose wall clock is off by up to a minute gets in and stays in', async () => {
	let refused = 0
	let signedOut = 0
	const skews = [-60_000, -30_000, 0, 30_000, 60_000]
	for (const skewMs of skews) {
		const api = createServerApi({
			fetch: (path, init) => fetch(new URL(path as string, server.url), init),
			pageOrigin: server.url,
			wallNowMs: () => Date.now() + skewMs,
		})
		const signer = await createDevice()
		const identity = await api.identity(signer, 'Robin')
		if (identity.type !== 'ok') {
			refused++
			continue
		}
		const { token } = identity.value
		const ticket = await api.ticket(signer, token, newId() as RoomId, newId() as PeerId)
		if (ticket.type !== 'ok') refused++
		const keys = readKeySet(await (await fetch(`${server.url}/.well-known/jwks.json`)).json())
		const verifier = createWebCryptoVerifier(crypto.subtle)
		const isGood = (atMs: number) =>
			keys === null ? Promise.resolve(null) : checkToken(token, keys, verifier, atMs + skewMs)
		// At once, and a minute before it ends.
		const endsMs = Date.now() + DAY_MS - 60_000
		if ((await isGood(Date.now())) === null || (await isGood(endsMs)) === null) signedOut++
	}
	const verdict = createVerdict('F8 identities of devices with another time')
	verdict.note('devices', skews.length)
	verdict.is('refused', refused, 0)
	verdict.is('signed out', signedOut, 0)
	expect(verdict.end()).toEqual([])
})
