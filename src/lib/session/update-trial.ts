/**
 * The browser's thread for large states. Loaded when the first one comes.
 */
import { createUpdateTrial, type TrialThread, type UpdateTrial } from '#lib/sync/update-trial.ts'
import type { TrialAnswer } from '#lib/sync/trial-work.ts'
import { createSystemTimers } from '#lib/transport/timers.ts'

const startThread = (): TrialThread => {
	const worker = new Worker(new URL('./update-trial-worker.ts', import.meta.url), { type: 'module' })
	return {
		post: (request) => worker.postMessage(request),
		onMessage: (fn) => {
			worker.onmessage = ({ data }: MessageEvent<'ready' | TrialAnswer>) => fn(data)
		},
		onFailure: (fn) => {
			worker.onerror = fn
		},
		terminate: () => worker.terminate(),
	}
}

export const updateTrial: UpdateTrial = createUpdateTrial({
	startThread,
	timers: createSystemTimers(globalThis),
})
