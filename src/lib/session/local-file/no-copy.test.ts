/**
 * How the room treats somebody who has no copy of what is on: told to the others, and waited for by nobody.
 */
import { describe, expect, it } from 'vitest'
import { createTestClock, createTestRoom, testRoot, TEST_START_MS } from '#lib/core/test-room.ts'
import { createFakeSigner } from '#lib/core/fake-crypto.ts'
import type { DeviceId, PeerId } from '#lib/core/units.ts'
import type { PlayerView } from '#lib/core/view.ts'
import type { RoomClock } from '#lib/follow/room-clock.ts'
import { encodeHearsay, parseHearsay } from '#lib/sync/hearsay.ts'
import { encodeStatus, parseStatus, type MemberStatus } from '#lib/sync/member-status.ts'
import type { Transport } from '#lib/transport/transport.ts'
import type { FilmGate } from '../film-gate.ts'
import { peopleView } from '../people-view.ts'
import { createRoomPresence } from '../room-presence.ts'
import { createTogether, DEAD_ITEM_MS } from '../together.ts'

const ALICE = createFakeSigner('alice')
const PEER = 'AAAAAAAAAAAAAAAAAAAAAQ' as PeerId
const NEIGHBOUR = 'AAAAAAAAAAAAAAAAAAAAAg' as PeerId

const createPresenceOf = (state: PlayerView['state']) => {
	const { room } = createTestRoom('alice', { root: testRoot(ALICE), clock: createTestClock(), signer: ALICE })
	const transport: Transport = {
		kind: 'memory',
		start: () => undefined,
		send: () => 'sent',
		links: () => [{ peer: NEIGHBOUR, device: 'bob' as DeviceId, path: 'direct', rttMs: 1 }],
		drop: () => undefined,
		on: () => () => undefined,
		stop: () => undefined,
	}
	const presence = createRoomPresence({
		room,
		transport,
		driver: {
			status: () => null,
			view: () => ({ state, isMuted: false }),
			isReady: () => false,
			bufferedAheadS: () => 0,
			liveLatencyMs: () => null,
		} as unknown as FilmGate,
		clock: { quality: () => ({ oneWayP95Ms: 0 }) } as unknown as RoomClock,
		self: { peer: PEER, device: ALICE.device },
		timers: { nowMs: () => 0, setTimeout: () => 0, clearTimeout: () => undefined },
		isHidden: () => false,
		isRemote: false,
		readyFor: () => null,
		onChange: () => undefined,
	})
	return { room, presence }
}

describe('somebody without a copy of what is on', () => {
	it('[LF14] is shown to the others as having none, holds nobody up and is no reason to leave the item', () => {
		const { presence, room } = createPresenceOf('needs-file')
		expect(presence.list()[0]?.doing).toEqual({ type: 'failed', why: 'no-file' })
		expect(presence.playbacks()).toMatchObject([{ device: ALICE.device, isExempt: true, hasFailed: false }])
		expect(peopleView(room.state(), presence.list(), () => '')[0]?.doing).toEqual({
			type: 'failed',
			why: 'no-file',
		})
		presence.stop()
		const failed = createPresenceOf('failed').presence
		expect(failed.playbacks()).toMatchObject([{ hasFailed: true }])
		failed.stop()
	})

	it('[XT47] who is not on the site that alone plays what is on holds nobody up either', () => {
		const { presence } = createPresenceOf('on-site')
		expect(presence.list()[0]?.doing).toEqual({ type: 'failed', why: 'no-file' })
		expect(presence.playbacks()).toMatchObject([{ device: ALICE.device, isExempt: true, hasFailed: false }])
		presence.stop()
	})

	it('[LF14] the room stays with an item of which nobody has a copy', () => {
		const together = createTogether()
		const { presence, room } = createPresenceOf('needs-file')
		const { settings, playback } = room.state()
		const inputs = {
			me: ALICE.device,
			vector: { ...playback, itemId: 'x.1' as never, isPlaying: true, atMs: TEST_START_MS },
			settings,
			members: presence.playbacks(),
			here: [ALICE.device],
			startDelayMs: 200,
			hasNext: true,
		}
		expect(together.step({ ...inputs, nowMs: TEST_START_MS })).toEqual({ type: 'nothing' })
		expect(together.step({ ...inputs, nowMs: TEST_START_MS + DEAD_ITEM_MS + 1 })).toEqual({ type: 'nothing' })
		presence.stop()
	})

	const status: MemberStatus = {
		doing: { type: 'failed', why: 'no-file' },
		isMuted: false,
		isAway: false,
		driftMs: null,
		stalledForMs: 0,
		isReady: false,
		isExempt: true,
		startLagMs: 0,
		liveLatencyMs: null,
		readyFor: null,
		oneWayP95Ms: null,
		deviceName: null,
	}
	it('[LF14] says so to its neighbours, and they say it on', () => {
		const bytes = encodeStatus({ peer: PEER, device: ALICE.device, count: 1, status })
		expect(bytes === null ? null : parseStatus(bytes)?.status).toEqual(status)
		const { payloads } = encodeHearsay([{ peer: PEER, count: 1, status }])
		expect(
			payloads.flatMap((payload) => parseHearsay(payload)?.map((rumour) => rumour.status.doing) ?? []),
		).toEqual([{ type: 'failed', why: 'no-file' }])
	})
})
