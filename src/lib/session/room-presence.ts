/**
 * What this device tells of itself, and what the room's machinery needs to know of the others: who is here, who
 * stalls, how late messages and starts are, and whose turn it is to write what everybody notices.
 */
import { can } from '#lib/core/roles.ts'
import type { Room } from '#lib/core/room.ts'
import type { DeviceId, Millis, PeerId } from '#lib/core/units.ts'
import type { RoomClock } from '#lib/follow/room-clock.ts'
import type { MemberStatus } from '#lib/sync/member-status.ts'
import { createPresence, type PresenceKeeper } from '#lib/sync/presence.ts'
import type { Timers } from '#lib/transport/timers.ts'
import type { Transport } from '#lib/transport/transport.ts'
import type { FilmGate } from './film-gate.ts'
import type { TogetherMember } from './together.ts'

export interface RoomPresenceDeps {
	readonly room: Room
	readonly transport: Transport
	readonly driver: FilmGate
	readonly clock: RoomClock
	readonly self: { readonly peer: PeerId; readonly device: DeviceId }
	readonly timers: Timers
	readonly isHidden: () => boolean
	/** Nothing plays here. */
	readonly isRemote?: boolean
	/** What is on plays here from a file of this person's own. */
	readonly hasOwnCopy?: () => boolean
	/** The ready check that this person has said yes to. */
	readonly readyFor: () => string | null
	readonly onChange: () => void
}

export interface RoomPresence extends PresenceKeeper {
	playbacks(): readonly TogetherMember[]
	/** Those too who are just out of reach. */
	here(): readonly DeviceId[]
	/** One-way times that others measured, ms. */
	oneWayMs(): readonly Millis[]
	startLagsMs(): readonly Millis[]
	/** The furthest behind the present that anybody has to stay. */
	liveLatencyMs(): Millis | null
	/** 0: this device writes first what all notice; 1: it comes second, and so on. */
	turn(): number
	isAnybodyLeaving(): boolean
}

/** How full the buffer is that a stalled film needs before it goes on. */
const BUFFER_WANTED_S = 3

const doingOf = (driver: FilmGate): MemberStatus['doing'] => {
	const doing = driver.status()?.doing
	switch (doing?.type) {
		case undefined: {
			const { state } = driver.view()
			if (state === 'needs-file' || state === 'on-site') return { type: 'failed', why: 'no-file' }
			return state === 'failed' ? { type: 'failed' } : { type: 'idle' }
		}
		case 'idle':
		case 'ended':
			return { type: 'idle' }
		case 'loading':
		case 'stalled':
			return {
				type: 'buffering',
				percent: Math.min(99, Math.round((driver.bufferedAheadS() / BUFFER_WANTED_S) * 100)),
			}
		case 'paused':
		case 'parked':
			return { type: 'paused' }
		case 'waiting':
		case 'settling':
		case 'tracking':
			return { type: 'playing' }
		case 'ad':
			return { type: 'ad' }
		case 'blocked':
			return { type: 'blocked' }
		case 'failed':
			return { type: 'failed' }
	}
}

export const createRoomPresence = (deps: RoomPresenceDeps): RoomPresence => {
	const { room, driver, isHidden, self } = deps

	const status = (): MemberStatus => {
		const follow = driver.status()
		const type = follow?.doing.type
		return {
			doing: doingOf(driver),
			isMuted: driver.view().isMuted,
			isAway: isHidden(),
			driftMs: follow?.driftMs ?? null,
			stalledForMs: follow?.doing.type === 'stalled' ? follow.doing.forMs : 0,
			isReady: driver.isReady(),
			isExempt:
				isHidden() ||
				follow === null ||
				type === 'blocked' ||
				type === 'ad' ||
				type === 'failed' ||
				type === 'idle',
			startLagMs: follow?.startLagMs ?? 0,
			liveLatencyMs: driver.liveLatencyMs(),
			readyFor: deps.readyFor(),
			oneWayP95Ms: deps.clock.quality().oneWayP95Ms,
			deviceName: null,
			...(deps.isRemote && { isRemote: true }),
			...(deps.hasOwnCopy?.() === true && { hasOwnCopy: true }),
		}
	}

	const presence = createPresence({
		transport: deps.transport,
		timers: deps.timers,
		self,
		status,
		onChange: deps.onChange,
	})

	const present = () => presence.list().filter(({ isLeaving }) => !isLeaving)

	return {
		...presence,
		playbacks: () => {
			const { members, settings } = room.state()
			const roles = new Map(members.map((member) => [member.device, member.role]))
			return present().flatMap(({ device, status: told }) => {
				if (told === null) return []
				const role = roles.get(device) ?? 'member'
				const { stalledForMs, isReady, isExempt, readyFor } = told
				const mayControl = can(role, 'control', settings)
				// Whoever has no copy of a file may be looking for it, and a page plays for others: nobody is hurried on.
				const hasFailed = told.doing.type === 'failed' && told.doing.why === undefined
				return [{ device, mayControl, stalledForMs, isReady, isExempt, readyFor, hasFailed }]
			})
		},
		here: () => presence.list().map(({ device }) => device),
		oneWayMs: () => present().flatMap(({ status: told }) => told?.oneWayP95Ms ?? []),
		startLagsMs: () => present().flatMap(({ status: told }) => told?.startLagMs ?? []),
		liveLatencyMs: () => {
			const needed = present().flatMap(({ status: told }) => told?.liveLatencyMs ?? [])
			return needed.length === 0 ? null : Math.max(...needed)
		},
		turn: () => {
			const devices = [
				...new Set(
					present()
						.filter(({ isAway }) => !isAway)
						.map(({ device }) => device),
				),
			].toSorted()
			return Math.max(0, devices.indexOf(self.device))
		},
		isAnybodyLeaving: () => presence.list().some(({ isLeaving }) => isLeaving),
	}
}
