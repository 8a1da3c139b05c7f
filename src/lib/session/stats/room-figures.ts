/**
 * Gathers what this device knows of the room beneath its surface (`core/room-figures.ts`). Comes with the commands,
 * and from then on notes everybody's step and delay once a second; all else is read when it is asked for.
 */
import type { LinkFigures, MemberFigures, RoomFigures } from '#lib/core/room-figures.ts'
import type { LedgerStats } from '#lib/core/ledger.ts'
import type { RoomState } from '#lib/core/state.ts'
import type { Millis, PeerId } from '#lib/core/units.ts'
import type { StepStats } from '#lib/core/view.ts'
import type { RoomClockQuality } from '#lib/follow/room-clock.ts'
import type { Timers } from '#lib/follow/timers.ts'
import type { DocSyncStats } from '#lib/sync/doc-sync.ts'
import type { Presence } from '#lib/sync/presence.ts'
import type { Transport } from '#lib/transport/transport.ts'
import { whoWords } from '#lib/words/who.ts'
import { createMemberTrails } from './member-trails.ts'

export interface RoomFiguresDeps {
	readonly state: () => RoomState
	readonly presences: () => readonly Presence[]
	readonly transport: Pick<Transport, 'links' | 'on'>
	readonly clock: () => Pick<RoomClockQuality, 'errorMs' | 'offByMs' | 'nodes' | 'oneWayP95Ms'>
	readonly stats: () => StepStats
	readonly sync: () => DocSyncStats
	readonly ledger: () => LedgerStats
	readonly roomNow: () => Millis
	readonly wallNow: () => Millis
	readonly localNow: () => Millis
	readonly timers: Timers
}

export interface RoomFiguresKeeper {
	figures(): RoomFigures
	/** Idempotent. */
	stop(): void
}

const NOTE_EVERY_MS: Millis = 1_000

const tenth = <T extends number | null>(value: T): T =>
	(value === null ? null : Math.round(value * 10) / 10) as T

export const createRoomFigures = (deps: RoomFiguresDeps): RoomFiguresKeeper => {
	const { transport } = deps
	const trails = createMemberTrails()
	const links = { linksUp: transport.links().length, linksDown: 0, pathChanges: 0 }
	const off = transport.on(({ type }) => {
		if (type === 'peer-up') links.linksUp += 1
		else if (type === 'peer-down') links.linksDown += 1
		else if (type === 'path-changed') links.pathChanges += 1
	})

	const present = (): readonly Presence[] => deps.presences().filter(({ isLeaving }) => !isLeaving)
	let cancel: () => void = () => undefined
	const note = (): void => {
		trails.note(deps.localNow(), present())
		cancel = deps.timers.after(NOTE_EVERY_MS, note)
	}
	note()

	const membersNow = (): {
		readonly peers: readonly PeerId[]
		readonly members: readonly MemberFigures[]
	} => {
		const nowMs = deps.localNow()
		const known = new Map(deps.state().members.map(({ device, name }) => [device, name]))
		const named = present()
			.map((presence) => ({
				presence,
				name: known.get(presence.device) ?? presence.name ?? whoWords().somebody,
			}))
			.toSorted(
				(a, b) =>
					Number(b.presence.path === 'self') - Number(a.presence.path === 'self') ||
					a.name.localeCompare(b.name) ||
					(a.presence.peer < b.presence.peer ? -1 : 1),
			)
		return {
			peers: named.map(({ presence }) => presence.peer),
			members: named.map(({ presence, name }) => ({
				name,
				isMe: presence.path === 'self',
				doing: presence.doing.type,
				isAway: presence.isAway,
				path: presence.path,
				driftMs: tenth(presence.driftMs),
				rttMs: tenth(presence.rttMs),
				startLagMs: tenth(presence.status?.startLagMs ?? null),
				oneWayP95Ms: tenth(presence.status?.oneWayP95Ms ?? null),
				trail: trails.of(presence.peer, nowMs),
			})),
		}
	}

	/** Our own, and who told us of those whom we have no link to. */
	const linksNow = (peers: readonly PeerId[]): readonly LinkFigures[] => {
		const places = new Map(peers.map((peer, at) => [peer, at]))
		const own = transport.links().flatMap(({ peer, path, rttMs }): LinkFigures[] => {
			const to = places.get(peer)
			if (to === undefined) return []
			return [{ from: 0, to, way: path === 'local' ? 'direct' : path, rttMs: tenth(rttMs) }]
		})
		const told = present().flatMap(({ peer, path, toldBy }): LinkFigures[] => {
			const from = toldBy === null ? undefined : places.get(toldBy)
			const to = places.get(peer)
			if (path !== 'through-others' || from === undefined || to === undefined) return []
			return [{ from, to, way: 'through-others', rttMs: null }]
		})
		return [...own, ...told]
	}

	return {
		figures: () => {
			const { peers, members } = membersNow()
			const { errorMs, offByMs, nodes, oneWayP95Ms } = deps.clock()
			const { sent, received, sentBytes, repairs, strikes } = deps.sync()
			const { records, bytes, waiting, quarantined, rejections } = deps.ledger()
			const { player, readings } = deps.stats()
			return {
				members,
				links: linksNow(peers),
				clock: {
					offsetMs: tenth(deps.roomNow() - deps.wallNow()),
					errorMs: tenth(errorMs),
					offByMs: tenth(offByMs),
					neighbours: nodes,
					oneWayP95Ms: tenth(oneWayP95Ms),
				},
				player,
				rates: {
					room: deps.state().playback.rate,
					player: player === null ? null : (readings.at(-1)?.rate ?? null),
				},
				counters: { ...links, sent: { ...sent }, received: { ...received }, sentBytes, repairs, strikes },
				records: { count: records, bytes, waiting, quarantined, rejected: { ...rejections } },
			}
		},
		stop: () => {
			off()
			cancel()
		},
	}
}
