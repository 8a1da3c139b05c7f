/**
 * The page's side of keeping the app on the device: has it kept, looks for a new version now and then, says when one is
 * ready, and lets it in when the person says so. It never reloads a page by itself.
 */
import {
	ask,
	parseVersionWord,
	parseWorkerWord,
	type PageWord,
	type VersionWord,
} from '#lib/shell/worker-words.ts'
import type { Timers } from './platform.ts'

export type UpdateState =
	| { readonly type: 'none' }
	/** A reload brings it. */
	| { readonly type: 'ready' }
	/** A part of this page was wanted and is gone from the server, which has a newer version. */
	| { readonly type: 'part-gone' }

export interface AppUpdateDeps {
	/** Null where the browser has none: then there is only what the server says. */
	readonly workers: ServiceWorkerContainer | null
	readonly scriptUrl: string
	/** Of this page. */
	readonly version: string
	/** The version that the server has; null when it does not say. */
	readonly readServerVersion: () => Promise<string | null>
	/** `online`, and `vite:preloadError` when a part could not be fetched. */
	readonly page: EventTarget
	readonly timers: Timers
	readonly reload: () => void
}

const LOOK_EVERY_MS = 60 * 60_000
const ANSWER_PATIENCE_MS = 1_000
const TAKE_OVER_PATIENCE_MS = 3_000
const FETCH_PATIENCE_MS = 20_000

export type AppUpdate = ReturnType<typeof createAppUpdate>

export const createAppUpdate = (deps: AppUpdateDeps) => {
	const { workers, timers } = deps
	const wait = (ms: number): Promise<void> =>
		new Promise((resolve) => {
			timers.setTimeout(resolve, ms)
		})
	const listeners = new Set<(state: UpdateState) => void>()
	let state: UpdateState = { type: 'none' }
	let isStopped = false
	/** Said "Later" to: not offered again by this page. */
	const declined = new Set<string>()
	let offered: string | null = null

	const become = (next: UpdateState) => {
		if (isStopped || next.type === state.type) return
		state = next
		for (const fn of [...listeners]) fn(state)
	}
	const offer = (version: string | null, type: 'ready' | 'part-gone') => {
		if (version === null || version === deps.version || (type === 'ready' && declined.has(version))) return
		offered = version
		become({ type })
	}

	const registered = async () => (await workers?.getRegistration()) ?? null

	/** The newest worker there is, if it is of another version than this page. */
	const review = async (): Promise<void> => {
		const registration = await registered()
		const newest = registration?.waiting ?? registration?.active
		if (!newest) return
		const answer = await ask(newest, WHICH, parseVersionWord, wait, ANSWER_PATIENCE_MS)
		offer(answer?.version ?? null, 'ready')
	}
	const reviewSoon = () => {
		review().catch((error: unknown) => {
			console.warn('Whether there is a new version could not be found out.', error)
		})
	}

	const watchInstalling = (registration: ServiceWorkerRegistration) => {
		const { installing } = registration
		installing?.addEventListener('statechange', () => {
			if (installing.state === 'installed' || installing.state === 'activated') reviewSoon()
		})
	}

	const look = async (): Promise<void> => {
		try {
			await (await registered())?.update()
		} catch {
			return // no network, or no server: later
		}
	}
	const lookAgain = () => {
		void look()
		timer = timers.setTimeout(lookAgain, LOOK_EVERY_MS)
	}
	let timer = timers.setTimeout(lookAgain, LOOK_EVERY_MS)

	const onMessage = ({ data, ports }: MessageEvent<unknown>) => {
		const [port] = ports
		if (parseWorkerWord(data)?.type === 'matinee-which')
			port?.postMessage({ version: deps.version } satisfies VersionWord)
	}
	const onPartMissing = () => {
		deps.readServerVersion().then(
			(version) => {
				offer(version, 'part-gone')
			},
			() => undefined, // offline: what was wanted says so itself
		)
		void look()
	}
	const onOnline = () => void look()

	const begin = async (): Promise<void> => {
		const registration = await workers?.register(deps.scriptUrl)
		if (registration === undefined || isStopped) return
		registration.addEventListener('updatefound', () => {
			watchInstalling(registration)
		})
		watchInstalling(registration)
		registration.active?.postMessage({ type: 'matinee-here' } satisfies PageWord)
		reviewSoon()
	}

	workers?.addEventListener('message', onMessage)
	workers?.startMessages()
	workers?.addEventListener('controllerchange', reviewSoon)
	deps.page.addEventListener('vite:preloadError', onPartMissing)
	deps.page.addEventListener('online', onOnline)
	begin().catch((error: unknown) => {
		// The page is as it was; the settings say what is missing (app-offline.ts).
		console.warn('The app could not be kept on this device.', error)
	})

	/** The newer version is on the server only: without it here, a reload would bring the page that is kept. */
	const fetchNewer = async (registration: ServiceWorkerRegistration): Promise<void> => {
		await look()
		const { installing } = registration
		if (installing === null) return
		const fetched = new Promise<void>((resolve) => {
			installing.addEventListener('statechange', () => {
				resolve()
			})
		})
		await Promise.race([fetched, wait(FETCH_PATIENCE_MS)])
	}
	const takeOver = async (): Promise<void> => {
		const registration = await registered()
		if (registration === null) return
		if (state.type === 'part-gone' && registration.waiting === null) await fetchNewer(registration)
		const { waiting } = registration
		if (waiting === null) return
		const done = new Promise<void>((resolve) => {
			waiting.addEventListener('statechange', () => {
				if (waiting.state === 'activated' || waiting.state === 'redundant') resolve()
			})
		})
		waiting.postMessage({ type: 'matinee-take-over' } satisfies PageWord)
		await Promise.race([done, wait(TAKE_OVER_PATIENCE_MS)])
	}

	return {
		state: (): UpdateState => state,
		onChange: (fn: (state: UpdateState) => void): (() => void) => {
			listeners.add(fn)
			return () => listeners.delete(fn)
		},
		/** Lets the new version in and loads the page anew with it; other pages go on as they are. */
		reload: async (): Promise<void> => {
			try {
				await takeOver()
			} finally {
				deps.reload()
			}
		},
		/** Not offered again by this page until there is a still newer one. */
		later: (): void => {
			if (offered !== null) declined.add(offered)
			become({ type: 'none' })
		},
		stop: (): void => {
			isStopped = true
			timers.clearTimeout(timer)
			listeners.clear()
			workers?.removeEventListener('message', onMessage)
			workers?.removeEventListener('controllerchange', reviewSoon)
			deps.page.removeEventListener('vite:preloadError', onPartMissing)
			deps.page.removeEventListener('online', onOnline)
		},
	}
}

const WHICH = { type: 'matinee-which' } as const
