/**
 * Whether this browser opens the app with no network, and why not. Asking also mends: what is missing is fetched.
 */
import { ask, parseHowWord, parseWorkerWord, type WhyNotKept } from '#lib/shell/worker-words.ts'
import type { OfflineView } from '#lib/core/view.ts'

export interface AppOfflineDeps {
	/** Null where the browser has none, or hides it, as in private windows. */
	readonly workers: ServiceWorkerContainer | null
	readonly scriptUrl: string
	readonly wait: (ms: number) => Promise<void>
}

const KEEP_PATIENCE_MS = 60_000
const WORD_PATIENCE_MS = 500
const TRIES = 2
const NOT_KEPT: Readonly<Record<WhyNotKept, OfflineView>> = {
	full: { type: 'not-ready', why: 'full' },
	'not-fetched': { type: 'not-ready', why: 'not-fetched' },
	mixed: { type: 'not-ready', why: 'not-fetched' },
	refused: { type: 'not-ready', why: 'refused' },
}

/** Asks once, which may take as long as fetching the app; never rejects. */
export const readOffline = async ({ workers, scriptUrl, wait }: AppOfflineDeps): Promise<OfflineView> => {
	if (workers === null) return { type: 'not-ready', why: 'unsupported' }
	let told = null as WhyNotKept | null
	const onMessage = ({ data }: MessageEvent<unknown>) => {
		const word = parseWorkerWord(data)
		if (word?.type === 'matinee-not-kept') told = word.why
	}
	workers.addEventListener('message', onMessage)
	workers.startMessages()
	try {
		for (let tries = 1; tries <= TRIES; tries++) {
			const { active, installing, waiting } = await workers.register(scriptUrl)
			if (active !== null) {
				const how = await ask(active, { type: 'matinee-how' }, parseHowWord, wait, KEEP_PATIENCE_MS)
				if (how === null) return NOT_KEPT['not-fetched']
				return how.why === null ? { type: 'ready' } : NOT_KEPT[how.why]
			}
			const worker = installing ?? waiting
			const end = worker && (await Promise.race([whenDecided(worker), wait(KEEP_PATIENCE_MS)]))
			if (end === 'activated') return { type: 'ready' }
			// Why comes as a message of its own, perhaps a moment later.
			if (told === null) await wait(WORD_PATIENCE_MS)
			if (told !== null) return NOT_KEPT[told]
			// One that was under way before failed without our hearing why: another try of our own tells.
		}
		return NOT_KEPT['not-fetched']
	} catch (error) {
		console.warn('This browser keeps no app of this address.', error)
		// Without a network the script is not to be had; a refusal has another name.
		const isRefused = error instanceof Error && error.name === 'SecurityError'
		return NOT_KEPT[isRefused ? 'refused' : 'not-fetched']
	} finally {
		workers.removeEventListener('message', onMessage)
	}
}

const whenDecided = (worker: ServiceWorker): Promise<'activated' | 'redundant'> =>
	new Promise((resolve) => {
		const look = () => {
			if (worker.state === 'activated' || worker.state === 'redundant') resolve(worker.state)
		}
		worker.addEventListener('statechange', look)
		look()
	})
