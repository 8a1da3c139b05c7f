import { describe, expect, it } from 'vitest'
import { EMPTY_VECTOR } from '#lib/core/playback.ts'
import { DEFAULT_SETTINGS, type Role } from '#lib/core/roles.ts'
import type { RoomRoot } from '#lib/core/room.ts'
import type { Member, RoomState } from '#lib/core/state.ts'
import type { DeviceId, SubjectId } from '#lib/core/units.ts'
import type { RoomOrder } from '#lib/protocol/orders.ts'
import { createSimClock } from '#lib/transport/sim-clock.ts'
import { createRoomOrders } from './room-orders.ts'
import type { ApiOutcome } from './server-api.ts'

const ana = 'ana' as DeviceId
const bo = 'bo' as DeviceId
const subject = (device: DeviceId) => `g_${device}` as SubjectId

const member = (device: DeviceId, role: Role): Member => ({
	device,
	subject: subject(device),
	name: device,
	seat: 1,
	role,
	isVerified: false,
	isAccount: false,
	pictureId: null,
	firstSeenAtMs: 0,
})
const stateWith = (myRole: Role, boRole: Role): RoomState => ({
	title: '',
	createdAtMs: 0,
	settings: DEFAULT_SETTINGS,
	me: ana,
	myRole,
	myRemoval: null,
	removals: [],
	offer: null,
	moved: null,
	members: [member(ana, myRole), member(bo, boRole)],
	queue: { earlier: [], current: null, next: [], following: null },
	playback: EMPTY_VECTOR,
	chat: [],
	chatDeletions: [],
	subtitles: [],
	activity: [],
})
const rootOf = (owner: DeviceId): RoomRoot => ({
	v: 1,
	ownerDevice: owner,
	ownerSubject: subject(owner),
	title: '',
	createdAtMs: 0,
})

const setUp = (first: RoomState, root = rootOf(ana)) => {
	const clock = createSimClock()
	const sent: RoomOrder[] = []
	const server = {
		answer: { type: 'ok', value: {} } as ApiOutcome<unknown> | null,
		refuse: new Set<string>(),
	}
	let state = first
	let kept: unknown = null
	const open = () =>
		createRoomOrders({
			root,
			state: () => state,
			send: async (text) => {
				const order = JSON.parse(text) as RoomOrder
				if (server.answer?.type === 'ok') sent.push(order)
				if (server.refuse.has(order.type))
					return { type: 'refused', status: 403, error: { error: 'not-allowed', message: 'no' } }
				return server.answer
			},
			kept: {
				get: async () => kept,
				set: async (value) => {
					kept = structuredClone(value)
				},
			},
			wallNowMs: () => clock.nowMs(),
			timers: {
				after: (ms, fn) => {
					const handle = clock.setTimeout(fn, ms)
					return () => clock.clearTimeout(handle)
				},
			},
		})
	return { clock, sent, server, open, change: (next: RoomState) => (state = next) }
}

describe('orders to the server', () => {
	it('[SS25] the owner tells who the operators are, when that changes and not again', async () => {
		const { clock, sent, open, change } = setUp(stateWith('owner', 'member'))
		const orders = open()
		await clock.run(5_000)
		expect(sent).toEqual([])
		change(stateWith('owner', 'operator'))
		orders.review()
		await clock.run(5_000)
		expect(sent).toMatchObject([{ type: 'operators', subjects: ['g_bo'] }])
		orders.review()
		await clock.run(5_000)
		expect(sent).toHaveLength(1)
		change(stateWith('owner', 'member'))
		orders.review()
		await clock.run(5_000)
		expect(sent.at(-1)).toMatchObject({ type: 'operators', subjects: [] })
		orders.stop()
	})

	it('[SS25] an operator tells nothing of that', async () => {
		const { clock, sent, open } = setUp(stateWith('operator', 'operator'))
		const orders = open()
		orders.review()
		await clock.run(5_000)
		expect(sent).toEqual([])
		orders.stop()
	})

	it('[SS26] what was ordered while the server was away is given when it is back, after a reload too, and the last of one thing only', async () => {
		const { clock, sent, server, open } = setUp(stateWith('operator', 'member'))
		server.answer = { type: 'unreachable' }
		const orders = open()
		await clock.run(100)
		orders.give({ type: 'remove', subject: subject(bo) })
		await clock.run(10_000)
		orders.give({ type: 'let-in', subject: subject(bo) })
		await clock.run(10_000)
		orders.stop()
		server.answer = { type: 'ok', value: {} }
		const again = open()
		await clock.run(10_000)
		expect(sent).toEqual([{ type: 'let-in', subject: subject(bo) }])
		again.stop()
	})

	it('[HK12] to keep a history and to drop it are orders about one thing: the last is given', async () => {
		const { clock, sent, server, open } = setUp(stateWith('operator', 'member'))
		server.answer = { type: 'unreachable' }
		const orders = open()
		orders.give({ type: 'keep-history', verifier: 'v'.repeat(43) })
		await clock.run(10_000)
		orders.give({ type: 'drop-history' })
		server.answer = { type: 'ok', value: {} }
		await clock.run(120_000)
		expect(sent).toEqual([{ type: 'drop-history' }])
		orders.stop()
	})

	it('[SS26] whoever took the room over says so first, and goes on asking while the server does not know why', async () => {
		const { clock, sent, server, open } = setUp(stateWith('owner', 'operator'), rootOf(bo))
		server.refuse.add('take-over')
		const orders = open()
		await clock.run(10_000)
		expect(sent.map(({ type }) => type)).toContain('take-over')
		expect(sent.map(({ type }) => type)).not.toContain('operators')
		server.refuse.clear()
		await clock.run(120_000)
		const types = sent.map(({ type }) => type)
		expect(types.slice(-2)).toEqual(['take-over', 'operators'])
		orders.stop()
	})
})
