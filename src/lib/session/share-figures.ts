/**
 * Sends how well this device keeps step to the server, once a minute, for people who agreed to it. Fetched with the
 * consent. A server that is away or wants nothing of it loses that minute: figures are not worth a second try.
 */
import { APPLY, DRIFT, ROUND_TRIP, tally, type FiguresReport } from '#lib/protocol/figures.ts'
import { object } from '#lib/protocol/schema.ts'
import type { Timers } from '#lib/follow/timers.ts'
import type { Millis } from '#lib/core/units.ts'
import type { Device } from './device.ts'

export const SHARE_EVERY_MS: Millis = 60_000

export interface ShareFiguresDeps {
	readonly device: {
		readonly api: Pick<Device['api'], 'call'>
		readonly identity: { token(name: string): Promise<{ readonly token: string } | null> }
		readonly name: Device['name']
	}
	readonly timers: Timers
	/** Since the last call. */
	readonly takeDrifts: () => readonly Millis[]
	/** How long acts of others took until they were carried out here, since the last call. */
	readonly takeApplied: () => readonly Millis[]
	readonly roundTripsMs: () => readonly Millis[]
	/** Links open now, by their way. */
	readonly links?: () => NonNullable<FiguresReport['links']>
}

/** Begins now; the returned function ends it. */
export const keepSharingFigures = (deps: ShareFiguresDeps): (() => void) => {
	let cancel: () => void = () => undefined
	let isStopped = false
	// What was seen before the consent is not part of it.
	deps.takeDrifts()
	deps.takeApplied()

	const share = async () => {
		const drifts = deps.takeDrifts()
		const applied = deps.takeApplied()
		const trips = deps.roundTripsMs()
		if (drifts.length + applied.length + trips.length === 0) return
		const { api, identity, name } = deps.device
		const token = await identity.token(await name())
		if (token === null || isStopped) return
		const body: FiguresReport = {
			token: token.token,
			drift: tally(drifts, DRIFT),
			roundTrip: tally(trips, ROUND_TRIP),
			apply: tally(applied, APPLY),
			...(deps.links === undefined ? {} : { links: { ...deps.links() } }),
		}
		const answer = await api.call('/api/figures', object({}), { method: 'POST', body })
		if (answer.type !== 'ok') console.debug('The server did not take the figures.', answer)
	}
	const wait = () => {
		cancel = deps.timers.after(SHARE_EVERY_MS, () => {
			wait()
			share().catch((error: unknown) => console.warn('The figures could not be shared.', error))
		})
	}
	wait()
	return () => {
		isStopped = true
		cancel()
	}
}
