/**
 * The film of a room, as one chunk: its players and what makes them follow, what the room does by itself while it
 * runs, what is said of it, and how well it keeps step.
 */
import type { PlaybackVector } from '#lib/core/playback.ts'
import { can } from '#lib/core/roles.ts'
import type { Room } from '#lib/core/room.ts'
import type { DeviceId, Millis } from '#lib/core/units.ts'
import type { OwnSettings, PersonView, StepStats } from '#lib/core/view.ts'
import type { UserIntent } from '#lib/follow/follower.ts'
import type { RoomClockQuality } from '#lib/follow/room-clock.ts'
import type { Timers } from '#lib/follow/timers.ts'
import { browserDeps, createBrowserLoaders, createRegistry } from '#lib/players/registry.ts'
import type { Device } from './device.ts'
import { createFiguresConsent } from './figures-consent.ts'
import { filmStatus, RESYNC_OFFER_S, type FilmStatus } from './film-status.ts'
import { openLagStore } from './lag-store.ts'
import type { OwnCopies } from './local-file/port.ts'
import { createNextItem } from './next-item.ts'
import { TOLERANCE_MIN_MS } from './own-settings.ts'
import { createPlaybackDriver, type PlaybackDriver, type Volume } from './playback-driver.ts'
import { filmWords } from '#lib/words/film.ts'
import { createTogether, type TogetherMember } from './together.ts'

export interface FilmDeps {
	readonly room: Room
	readonly device: Device
	/** The room's vector, or what stands in for it while it is not known whether anybody is here. */
	readonly vector: () => PlaybackVector
	/** It is not known yet: the room does nothing by itself. */
	readonly isVectorOpen: () => boolean
	readonly roomNow: () => Millis
	/** Resolves when room time is known, or nobody is there to tell it. */
	readonly whenTimeIsKnown: () => Promise<void>
	readonly timers: Timers
	readonly isHidden: () => boolean
	readonly volume: Volume
	readonly onVolume: (volume: Volume) => void
	readonly own: () => OwnSettings
	readonly liveLatencyMs: () => Millis | null
	readonly ownCopy: OwnCopies['ownCopy']
	readonly onIntent: (intent: UserIntent) => void
	readonly startDelayMs: () => Millis
	readonly turnDelayMs: () => Millis
	readonly members: () => readonly TogetherMember[]
	/** Those too who are just out of reach. */
	readonly here: () => readonly DeviceId[]
	readonly people: () => readonly PersonView[]
	readonly clock: () => RoomClockQuality
	readonly roundTripsMs: () => readonly Millis[]
	readonly onChange: () => void
}

export interface Film extends Omit<PlaybackDriver, 'stats' | 'takeDrifts' | 'takeApplied'> {
	/** What the room does by itself; called twice a second. */
	act(): void
	/** The one thing to say of the film now. */
	line(people: readonly PersonView[]): FilmStatus | null
	stats(): StepStats | null
	/** The person's own settings were changed. */
	ownChanged(): void
}

/** Rejects where what was learned of players cannot be read at all. */
export const createFilm = async (deps: FilmDeps): Promise<Film> => {
	const { room, device, roomNow } = deps
	const driver = createPlaybackDriver({
		...deps,
		me: device.signer.device,
		registry: createRegistry(device.players ?? createBrowserLoaders(browserDeps(window))),
		local: device.localNowMs,
		lagStore: await openLagStore(device.store),
		userDelayMs: () => deps.own().soundDelayMs,
		toleranceMs: () => {
			const { toleranceMs } = deps.own()
			return toleranceMs > TOLERANCE_MIN_MS ? toleranceMs : 0
		},
	})

	/* ── What the room does by itself ────────────────────────────────────────────────────────────────────── */

	const nextItem = createNextItem({
		preload: async (media) => {
			const { preloadNext } = await import('./preload-next.ts')
			return preloadNext({ document, fetch: (url, init) => fetch(url, init) }, media)
		},
	})
	const lookAhead = () => {
		const { current, following } = room.state().queue
		nextItem.look({ current, following, ...driver.view() })
	}

	const together = createTogether()
	const act = () => {
		const { playback, settings, queue } = room.state()
		lookAhead()
		if (playback.itemId === null || deps.isVectorOpen()) return
		const step = together.step({
			nowMs: roomNow(),
			me: device.signer.device,
			vector: playback,
			settings,
			members: deps.members(),
			here: deps.here(),
			startDelayMs: deps.startDelayMs(),
			hasNext: queue.next.length > 0 || (settings.loop === 'all' && queue.earlier.length > 0),
		})
		if (step.type === 'write') void room.playback.set(step.change)
		else if (step.type === 'go-on') void room.queue.advance(step.from, step.atMs, { type: 'end' }, true)
	}

	/* ── What is said of it ──────────────────────────────────────────────────────────────────────────────── */

	let driftingSinceMs: number | null = null
	const line = (people: readonly PersonView[]): FilmStatus | null => {
		const status = driver.status()
		const { members, myRole, settings } = room.state()
		const driftS = status?.driftMs === null || status === null ? null : status.driftMs / 1000
		if (driftS !== null && Math.abs(driftS) > RESYNC_OFFER_S) driftingSinceMs ??= device.localNowMs()
		else driftingSinceMs = null
		return filmStatus({
			vector: deps.vector(),
			nowMs: roomNow(),
			people,
			nameOf: (id) => members.find((member) => member.device === id)?.name ?? filmWords().somebody,
			mayControl: can(myRole, 'control', settings),
			isBlocked: status?.doing.type === 'blocked',
			isSoundOff: status?.isMutedByBrowser === true,
			isInAd: status?.doing.type === 'ad',
			driftS,
			driftingForMs: driftingSinceMs === null ? 0 : device.localNowMs() - driftingSinceMs,
			startsAtMs: status?.startsAtMs ?? null,
			leavesAtMs: together.leavesDeadItemAtMs(),
		})
	}

	const stats = (): StepStats => {
		const { errorMs, offByMs, nodes, oneWayP95Ms } = deps.clock()
		return {
			nowMs: device.localNowMs(),
			...driver.stats(),
			clock: { errorMs, offByMs, neighbours: nodes, oneWayP95Ms },
			people: deps.people().map(({ name, isMe, driftS, rttMs, path }) => ({
				name,
				isMe,
				driftMs: driftS === null ? null : -driftS * 1000,
				rttMs,
				path,
			})),
		}
	}

	/* ── Figures, with the person's consent and only as long as it holds ──────────────────────────────────── */

	const consent = createFiguresConsent({
		isGiven: () => deps.own().doesShareFigures,
		fetch: async () => {
			const { keepSharingFigures } = await import('./share-figures.ts')
			const linksBy = (way: 'direct' | 'relayed' | 'turn') =>
				deps.people().filter(({ path }) => path === way).length
			const links = () => ({ direct: linksBy('direct'), relayed: linksBy('relayed'), turn: linksBy('turn') })
			const { takeDrifts, takeApplied } = driver
			return () => keepSharingFigures({ ...deps, takeDrifts, takeApplied, links })
		},
	})
	consent.changed()

	return {
		...driver,
		act,
		line,
		stats,
		ownChanged: consent.changed,
		dispose: () => {
			consent.dispose()
			nextItem.dispose()
			driver.dispose()
		},
	}
}
