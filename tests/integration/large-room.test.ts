/**
 * A room too large for a full mesh, of real members: production code over real data channels and, for some, over the
 * server's relay alone. The members are in processes of their own (bench/large/host.ts says why).
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { FULL_MESH_MAX, LINKS_MAX } from '#lib/transport/overlay.ts'
import type { MemberStatus } from '#lib/sync/member-status.ts'
import { startApp, type AppServer } from '../support/app.ts'
import { createHost, type MemberHost } from '../../bench/large/host.ts'
import { hopsOf } from '../../bench/large/hops.ts'
import type { MemberReport } from '../../bench/large/job.ts'
import { foundRoom, UNLIMITED } from '../faults/real-rooms.ts'
import { joinAsNode, lookUpRoom, type NodeMember } from '../support/node-member.ts'

const HOSTS = 4
const PER_HOST = 6
/** With the one here, who is over the relay alone. */
const MEMBERS = HOSTS * PER_HOST + 1
const LIMIT_MS = 300_000
const FRAMES_MAX = 60

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

let app: AppServer
let here: NodeMember
let hosts: MemberHost[] = []

beforeEach(async () => {
	app = await startApp({ MATINEE_CLIENT: 'none', LOG_LEVEL: 'error', ...UNLIMITED })
	const link = await foundRoom(app.url)
	here = await joinAsNode(await lookUpRoom(link), new Y.Doc(), undefined, {
		name: 'Heron',
		isRelayOnly: true,
		status: () => WATCHING,
	})
	for (let i = 0; i < HOSTS; i++) {
		const host = await createHost()
		hosts.push(host)
		await host.start({ link, from: i * PER_HOST, count: PER_HOST, relayOnly: i === 0 ? 1 : 0 })
	}
}, LIMIT_MS)
afterEach(async () => {
	here.stop()
	for (const host of hosts) host.end()
	hosts = []
	await app.close()
})

const report = async (): Promise<MemberReport[]> =>
	(await Promise.all(hosts.map((host) => host.report()))).flatMap(({ members }) => members)
/** Looked at twice a second: each look asks every process. */
const whenAll = (isSo: (member: MemberReport) => boolean) =>
	expect
		.poll(async () => (await report()).filter((member) => !isSo(member)).length, {
			timeout: 60_000,
			interval: 500,
		})
		.toBe(0)

describe(`${String(MEMBERS)} real members in a room`, () => {
	it(
		'[TR40] are linked by few links each, have what each says and know what each does; one more costs little',
		async () => {
			const ownLinks = () => ({ peer: here.self, links: here.mesh.links() })
			const linked = async () => [ownLinks(), ...(await report())]
			await expect
				.poll(async () => hopsOf(await linked()).reached, { timeout: 180_000, interval: 500 })
				.toBe(MEMBERS)
			await whenAll(({ present }) => present === MEMBERS)
			expect(MEMBERS).toBeGreaterThan(FULL_MESH_MAX)
			const members = await linked()
			for (const { links } of members) expect(links.length).toBeLessThanOrEqual(LINKS_MAX)
			expect(hopsOf(members).max).toBeLessThanOrEqual(5)
			const overRelay = [here.mesh.links(), members[1]?.links ?? []]
			for (const links of overRelay) {
				expect(links.length).toBeGreaterThan(0)
				expect(links.every(({ path }) => path === 'relayed')).toBe(true)
			}

			await Promise.all(hosts.map((host) => host.sayAll()))
			await whenAll(({ chat }) => chat === MEMBERS - 1)
			await expect.poll(() => here.room.state().chat.length, { timeout: 60_000 }).toBe(MEMBERS - 1)
			const pause = { positionS: 12, isPlaying: false, rate: 1, atMs: Date.now() } as const
			expect((await here.room.playback.set(pause)).type).toBe('done')
			const { rev } = here.room.state().playback
			await whenAll(({ playbackRev }) => playbackRev === rev)
			await whenAll(({ known }) => known === MEMBERS)

			for (const host of hosts) await host.count()
			const visit = await hosts[1]?.visit(MEMBERS - 1)
			expect(visit?.tookMs).not.toBeNull()
			const counted = Object.entries(visit?.frames ?? {}).filter(([key]) => !/ (clock|bytes)$/.test(key))
			expect(counted.reduce((sum, [, count]) => sum + count, 0)).toBeLessThanOrEqual(FRAMES_MAX)
			const after = await report()
			expect(after.map(({ signaling }) => signaling['in peer-joined'])).toEqual(after.map(() => 1))
			const called = after.filter(({ callers }) => callers.includes(visit?.peer ?? '')).length
			expect(called).toBeGreaterThan(0)
			expect(called).toBeLessThanOrEqual(LINKS_MAX)
		},
		LIMIT_MS,
	)
})
