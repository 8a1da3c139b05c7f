/**
 * Fetches the relay's part when a mesh first needs it, and keeps what is to be done with it until it is there. The
 * server may be dead just then: it is tried again, ever more rarely, for as long as something waits.
 */
import type { Millis } from '#lib/core/units.ts'
import type { MeshCore, MeshDeps, RelayParts, RelayWays } from './mesh-state.ts'
import type { TimerHandle, Timers } from './timers.ts'

const RETRY_FIRST_MS: Millis = 1_000
const RETRY_MAX_MS: Millis = 30_000
/** What waits is a peer to be called, answered or noted; each of them comes again by itself. */
const WAITING_MAX = 256

export interface RelayLoader {
	/** Null until it is there. */
	parts(): RelayParts | null
	/** Also null while the server there is now does not relay. */
	ways(): RelayWays | null
	/** At once if it is there, else when it is; never where the server does not relay. */
	use(fn: (ways: RelayWays) => void): void
	/** For notes that make no sense before it is there. */
	note(fn: (ways: RelayWays) => void): void
	/** Idempotent. */
	stop(): void
}

export interface RelayLoaderDeps {
	readonly relay: MeshDeps['relay']
	readonly timers: Timers
	readonly core: MeshCore
	readonly onFailed: (why: string) => void
}

export const createRelayLoader = ({ relay, timers, core, onFailed }: RelayLoaderDeps): RelayLoader => {
	let parts: RelayParts | null = null
	let ways: RelayWays | null = null
	let waiting: ((ways: RelayWays) => void)[] = []
	let isLoading = false
	let retryMs = RETRY_FIRST_MS
	let retry: TimerHandle = null
	let isStopped = false

	const isOffered = () => relay?.isOffered() === true

	const load = () => {
		if (relay === undefined || isLoading || isStopped) return
		isLoading = true
		timers.clearTimeout(retry)
		relay.load().then(
			(loaded) => {
				if (isStopped) return loaded.stop()
				parts = loaded
				const joined = (ways = loaded.join(core))
				for (const fn of waiting.splice(0)) fn(joined)
				core.repairSoon()
			},
			(error: unknown) => {
				isLoading = false
				onFailed(`the relay's code could not be fetched: ${String(error)}`)
				if (!isStopped) retry = timers.setTimeout(load, retryMs)
				retryMs = Math.min(2 * retryMs, RETRY_MAX_MS)
			},
		)
	}

	return {
		parts: () => parts,
		ways: () => (isOffered() ? ways : null),
		use: (fn) => {
			if (!isOffered() || isStopped) return
			if (ways !== null) return fn(ways)
			waiting.push(fn)
			if (waiting.length > WAITING_MAX) waiting.shift()
			load()
		},
		note: (fn) => {
			if (ways !== null) fn(ways)
		},
		stop: () => {
			if (isStopped) return
			isStopped = true
			waiting = []
			timers.clearTimeout(retry)
			parts?.stop()
		},
	}
}
