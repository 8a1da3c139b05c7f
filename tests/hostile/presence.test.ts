/**
 * Attacks on who is here and what they do: statuses are signed by nobody, so what counts is who may say what of whom,
 * and how often. Each is run with the server's roster at hand and without, by a neighbour of all five and through one.
 */
import { describe, expect, it } from 'vitest'
import type { DeviceId, PeerId, SubjectId } from '#lib/core/units.ts'
import { bytesToBase64url } from '#lib/core/base64url.ts'
import { encodeRoomFrame, STATUS_MAX_BYTES } from '#lib/protocol/room-frames.ts'
import { encodeHearsay, type Rumour } from '#lib/sync/hearsay.ts'
import type { MemberStatus } from '#lib/sync/member-status.ts'
import { setStage, type Stage } from './stage.ts'

interface Attack {
	readonly name: string
	readonly links: 'dropped' | 'kept'
	run(stage: Stage): Promise<void>
}

const LIE: MemberStatus = {
	doing: { type: 'failed' },
	isMuted: true,
	isAway: true,
	driftMs: 9_000,
	stalledForMs: 50_000,
	isReady: false,
	isExempt: false,
	startLagMs: 9_000,
	liveLatencyMs: null,
	readyFor: null,
	oneWayP95Ms: 9_000,
	deviceName: 'a lie',
}

/** The longest that a status has to stand before nothing of it is left. */
const OVER_MS = 25_000

const statusFrame = (message: unknown, hops = 0): Uint8Array =>
	encodeRoomFrame({ type: 'status', hops, payload: new TextEncoder().encode(JSON.stringify(message)) })

const hearsayFrame = (rumours: readonly Rumour[]): Uint8Array =>
	encodeRoomFrame({ type: 'hearsay', payload: encodeHearsay(rumours).payloads[0] ?? new Uint8Array(1) })

const sendAll = (stage: Stage, frame: Uint8Array): void => {
	for (const to of stage.targets()) stage.raw(to, frame)
}

/** What somebody honest must not see. */
const presenceFaults = (stage: Stage): string[] => {
	const real = new Set([...stage.honest, stage.mallory].map((member) => member.on().peer))
	const found: string[] = []
	for (const member of stage.honest) {
		const list = stage.presence(member).list()
		if (list.length > real.size) found.push(`${member.name} holds ${list.length} presences`)
		for (const { peer } of list) if (!real.has(peer)) found.push(`${member.name} sees a ghost`)
		for (const other of stage.honest) {
			const seen = list.find(({ peer }) => peer === other.on().peer)
			if (seen === undefined) found.push(`${member.name} does not see ${other.name}`)
			else if (seen.device !== other.device || seen.isLeaving || seen.status?.deviceName !== other.name)
				found.push(`${member.name} sees of ${other.name}: ${JSON.stringify(seen)}`)
		}
	}
	return found
}

const expectReal = (stage: Stage): void => expect(presenceFaults(stage)).toEqual([])

/** Every honest member changes what it does, and all see it within a second. */
const expectChange = async (stage: Stage, doing: MemberStatus['doing']): Promise<void> => {
	for (const member of stage.honest) stage.tell(member, { doing })
	await stage.run(1_000)
	expectReal(stage)
	for (const member of stage.honest)
		for (const other of stage.honest) {
			const seen = stage
				.presence(member)
				.list()
				.find(({ peer }) => peer === other.on().peer)
			expect(seen, `${member.name} of ${other.name}`).toMatchObject({ doing, isMuted: false, isAway: false })
		}
}

const forgedAs = (stage: Stage, count: number): unknown[] => {
	const me = { peer: stage.mallory.on().peer, device: stage.mallory.device }
	return stage.honest.flatMap((victim) => {
		const { peer } = victim.on()
		return [
			{ peer, device: victim.device, count, status: LIE },
			{ peer, device: me.device, count, status: LIE },
			{ peer: me.peer, device: victim.device, count, status: LIE },
		]
	})
}

const ghost = (stage: Stage): unknown => ({
	peer: bytesToBase64url(stage.swarm.random.bytes(16)) as PeerId,
	device: bytesToBase64url(stage.swarm.random.bytes(16)) as DeviceId,
	count: 1,
	status: LIE,
})

const ATTACKS: readonly Attack[] = [
	{
		name: 'statuses in the name of others, by peer, by device or both',
		links: 'kept',
		run: async (stage) => {
			for (let i = 0; i < 20; i++) {
				for (const message of forgedAs(stage, 100_000 + i)) sendAll(stage, statusFrame(message, i % 3))
				await stage.run(250)
				expectReal(stage)
			}
		},
	},
	{
		name: 'statuses of others with the highest count there is, which would lock them out',
		links: 'kept',
		run: async (stage) => {
			for (const count of [2 ** 52, Number.MAX_SAFE_INTEGER, 2 ** 53, 1e300])
				for (const message of forgedAs(stage, count))
					for (const hops of [0, 1, 2]) sendAll(stage, statusFrame(message, hops))
			await stage.run(500)
		},
	},
	{
		name: '10,000 ghosts in as many frames',
		links: 'dropped',
		run: async (stage) => {
			for (let i = 0; i < 10_000; i++) {
				sendAll(stage, statusFrame(ghost(stage), i % 3))
				if (i % 500 !== 0) continue
				await stage.run(50)
				expectReal(stage)
			}
		},
	},
	{
		name: 'ghosts so slowly that it is no flood, also of devices that are members',
		links: 'kept',
		run: async (stage) => {
			for (let i = 0; i < 300; i++) {
				const made = ghost(stage) as object
				const { device } = stage.honest[i % 5] ?? stage.mallory
				sendAll(stage, statusFrame(i % 2 === 0 ? made : { ...made, device }, i % 3))
				await stage.run(50)
				if (i % 20 === 0) expectReal(stage)
			}
		},
	},
	{
		name: 'statuses that are too large, or would cross too many links',
		links: 'dropped',
		run: async (stage) => {
			const frame = new Uint8Array(2 + STATUS_MAX_BYTES + 1)
			frame[0] = 2
			for (const bytes of [frame, new Uint8Array(60_000).fill(2), Uint8Array.of(2), Uint8Array.of(2, 3, 123)])
				sendAll(stage, bytes)
			await stage.run(500)
		},
	},
	{
		name: 'statuses that are none',
		links: 'kept',
		run: async (stage) => {
			const me = { peer: stage.mallory.on().peer, device: stage.mallory.device, count: 9_000 }
			const messages: unknown[] = [
				null,
				[],
				'status',
				me,
				{ ...me, status: { ...LIE, doing: { type: 'dancing' } } },
				{ ...me, status: { ...LIE, more: 1 } },
				{ ...me, status: { ...LIE, driftMs: 1e300 } },
				{ ...me, status: { ...LIE, deviceName: 'x'.repeat(400) } },
				{ ...me, peer: '../../x', status: LIE },
				{ ...me, count: -1, status: LIE },
			]
			for (const message of messages) sendAll(stage, statusFrame(message, 2))
			for (const text of ['{"__proto__":{"isAway":true}}', '['.repeat(990), '\u0000', '{"peer":'])
				sendAll(stage, encodeRoomFrame({ type: 'status', hops: 0, payload: new TextEncoder().encode(text) }))
			sendAll(stage, Uint8Array.of(2, 0, 0xff, 0xfe))
			await stage.run(500)
			expect(Reflect.get({}, 'isAway')).toBeUndefined()
			for (const member of stage.targets())
				expect(
					stage
						.presence(member)
						.list()
						.find(({ peer }) => peer === me.peer)?.status ?? null,
				).toBeNull()
		},
	},
	{
		name: 'everything that was said, again',
		links: 'kept',
		run: async (stage) => {
			const kept: Uint8Array[] = []
			const off = stage.mallory.on().transport.on((event) => {
				if (event.type === 'frame' && event.frame[0] === 2) kept.push(event.frame.slice())
			})
			for (const member of stage.honest) stage.tell(member, { isMuted: true })
			await stage.run(3_000)
			for (const member of stage.honest) stage.tell(member, {})
			await stage.run(1_000)
			off()
			expect(kept.length).toBeGreaterThan(0)
			for (let i = 0; i < 10; i++) {
				for (const frame of kept)
					for (const hops of [0, 2]) {
						frame[1] = hops
						sendAll(stage, frame.slice())
					}
				await stage.run(200)
			}
			for (const member of stage.honest)
				expect(
					stage
						.presence(member)
						.list()
						.filter(({ isMuted }) => isMuted),
				).toEqual([])
		},
	},
	{
		name: 'hearsay about neighbours, about itself, about ghosts, and about who hears it',
		links: 'kept',
		run: async (stage) => {
			for (let i = 0; i < 40; i++) {
				const about = [...stage.honest, stage.mallory].map((member) => member.on().peer)
				const made = bytesToBase64url(stage.swarm.random.bytes(16)) as PeerId
				sendAll(
					stage,
					hearsayFrame([...about, made].map((peer) => ({ peer, count: 90_000 + i, status: LIE }))),
				)
				await stage.run(250)
				expectReal(stage)
			}
		},
	},
	{
		name: 'hearsay that is none',
		links: 'kept',
		run: async (stage) => {
			for (let i = 0; i < 100; i++) {
				const payload = stage.swarm.random.bytes(1 + (i % 60))
				sendAll(stage, encodeRoomFrame({ type: 'hearsay', payload }))
				await stage.run(20)
			}
		},
	},
	{
		name: '6,000 frames of hearsay',
		links: 'dropped',
		run: async (stage) => {
			const { peer } = stage.honest[0]?.on() ?? stage.mallory.on()
			for (let i = 0; i < 6_000; i++) {
				sendAll(stage, hearsayFrame([{ peer, count: i, status: LIE }]))
				if (i % 500 === 0) await stage.run(50)
			}
			await stage.run(500)
		},
	},
	{
		name: '6,000 statuses of its own',
		links: 'dropped',
		run: async (stage) => {
			const { device } = stage.mallory
			const { peer } = stage.mallory.on()
			for (let i = 0; i < 6_000; i++) {
				sendAll(stage, statusFrame({ peer, device, count: 10 + i, status: LIE }, 2))
				if (i % 500 === 0) await stage.run(100)
			}
			await stage.run(500)
		},
	},
	{
		name: '6,000 clock probes',
		links: 'dropped',
		run: async (stage) => {
			for (let i = 0; i < 6_000; i++) sendAll(stage, encodeRoomFrame({ type: 'clock-probe', id: i, t0Ms: i }))
			await stage.run(500)
		},
	},
	{
		name: '6,000 answers to clock probes that nobody sent',
		links: 'dropped',
		run: async (stage) => {
			for (let i = 0; i < 6_000; i++)
				sendAll(
					stage,
					encodeRoomFrame({
						type: 'clock-answer',
						id: i,
						t0Ms: 0,
						t1Ms: 1e12,
						t2Ms: 1e12,
						offsetMs: 1e12,
						errorMs: 0,
						epoch: 0,
						members: 9,
					}),
				)
			await stage.run(500)
		},
	},
]

const standUp = async (
	attack: Attack,
	seed: number,
	isBehindForwarder: boolean,
	hasServer: boolean,
): Promise<void> => {
	const stage = await setStage({ seed, isBehindForwarder })
	if (hasServer) {
		const roster = [...stage.honest, stage.mallory].map((member) => ({
			peer: member.on().peer,
			device: member.device,
			subject: `g_${member.name}` as SubjectId,
			name: member.name,
		}))
		for (const member of stage.honest) stage.presence(member).signaling({ type: 'open', roster })
		await stage.run(5_000)
	}
	expectReal(stage)
	await attack.run(stage)
	expectReal(stage)
	await expectChange(stage, { type: 'playing' })
	const linked = stage.targets().filter((member) => stage.isLinked(member, stage.mallory))
	const strikes = stage.strikesAgainst(stage.mallory.device).join(' ')
	expect(linked.length, strikes).toBe(attack.links === 'dropped' ? 0 : stage.targets().length)
	await stage.run(OVER_MS)
	await expectChange(stage, { type: 'paused' })
	expect(stage.faults()).toEqual([])
	stage.stop()
}

describe('presence and a modified member', () => {
	for (const [index, attack] of ATTACKS.entries())
		for (const hasServer of [true, false])
			for (const isBehindForwarder of [false, true]) {
				const where = `${hasServer ? 'with' : 'without'} a server, ${isBehindForwarder ? 'through one' : 'beside all'}`
				it(`[HO13] ${attack.name}: ${where}`, { timeout: 60_000 }, () =>
					standUp(attack, 1_300 + index, isBehindForwarder, hasServer),
				)
			}
})
