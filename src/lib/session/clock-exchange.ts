/**
 * Carries the room clock's questions and answers over links: four stamps a probe, on the lane that never waits.
 */
import type { RoomClock } from '#lib/follow/room-clock.ts'
import type { Timers } from '#lib/follow/timers.ts'
import { encodeRoomFrame, parseRoomFrame } from '#lib/protocol/room-frames.ts'
import type { Transport } from '#lib/transport/transport.ts'
import type { PeerId } from '#lib/core/units.ts'

export interface ClockExchangeDeps {
	readonly transport: Transport
	readonly clock: RoomClock
	readonly local: () => number
	readonly timers: Timers
	/** Paused or hidden: probes are rarer. */
	readonly isIdle: () => boolean
	readonly isPlaying: () => boolean
	/** Room time made a jump: after a sleep, or when two groups met. */
	readonly onJump: () => void
	/** Asks the server for its time, out of turn. */
	readonly probeServer: () => void
}

/** What the room clock calls the server. */
export const SERVER_NODE = 'server'

/** As short as the burst's own pace while there is one, longer afterwards. */
const BUSY_LOOK_MS = 40
const CALM_LOOK_MS = 250
/** A new neighbour's first probes, for whose answers a joiner waits. */
const HASTY_LOOK_MS = 10
const HASTY_FOR_MS = 50
const BUSY_FOR_MS = 1_500
const ID_LIMIT = 0xffff_ffff

export const createClockExchange = (deps: ClockExchangeDeps): { stop(): void } => {
	const { transport, clock, local } = deps
	let lastId = 0
	let busyUntilMs = local() + BUSY_FOR_MS
	let hastyUntilMs = -Infinity
	let cancel: () => void = () => undefined

	const off = transport.on((event) => {
		switch (event.type) {
			case 'peer-up':
				clock.addNode(event.peer, event.path === 'local' ? 'own-tab' : 'member')
				busyUntilMs = local() + BUSY_FOR_MS
				hastyUntilMs = local() + HASTY_FOR_MS
				cancel()
				look()
				return
			case 'path-changed':
				// The round trip is another now: its best answers are not among those that are known.
				hastyUntilMs = local() + HASTY_FOR_MS
				cancel()
				look()
				return
			case 'peer-down':
				clock.removeNode(event.peer)
				return
			case 'frame': {
				const receivedMs = local()
				const frame = parseRoomFrame(event.frame)
				if (frame?.type === 'clock-probe') answer(event.peer, frame, receivedMs)
				else if (frame?.type === 'clock-answer') {
					const stamps = { t0: frame.t0Ms, t1: frame.t1Ms, t2: frame.t2Ms, t3: receivedMs }
					clock.answered(event.peer, stamps, {
						correctionMs: Number.isFinite(frame.errorMs) ? frame.offsetMs : null,
						epoch: frame.epoch,
						members: frame.members,
					})
				}
				return
			}
			case 'drained':
				return
		}
	})

	const answer = (peer: PeerId, probe: { id: number; t0Ms: number }, receivedMs: number) => {
		const { correctionMs, epoch, members } = clock.word()
		const frame = encodeRoomFrame({
			type: 'clock-answer',
			id: probe.id,
			t0Ms: probe.t0Ms,
			t1Ms: receivedMs,
			t2Ms: local(),
			offsetMs: correctionMs ?? 0,
			errorMs: correctionMs === null ? Infinity : (clock.quality().errorMs ?? 0),
			epoch,
			members,
		})
		transport.send(frame, peer, 'lossy')
	}

	const look = () => {
		for (const id of clock.probesDue(deps.isIdle())) {
			if (id === SERVER_NODE) {
				deps.probeServer()
				continue
			}
			lastId = (lastId + 1) % ID_LIMIT
			transport.send(
				encodeRoomFrame({ type: 'clock-probe', id: lastId, t0Ms: local() }),
				id as PeerId,
				'lossy',
			)
		}
		if (clock.step(deps.isPlaying())) deps.onJump()
		if (clock.word().correctionMs === null) busyUntilMs = local() + BUSY_FOR_MS
		const nowMs = local()
		const calmMs = nowMs < busyUntilMs ? BUSY_LOOK_MS : CALM_LOOK_MS
		cancel = deps.timers.after(nowMs < hastyUntilMs ? HASTY_LOOK_MS : calmMs, look)
	}
	look()

	return {
		stop: () => {
			cancel()
			off()
		},
	}
}
