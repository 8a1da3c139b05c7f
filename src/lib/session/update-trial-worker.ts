/**
 * The thread beside the page that reads large states (`sync/trial-work.ts`).
 */
import { workOn, type TrialRequest } from '#lib/sync/trial-work.ts'

const scope = globalThis as unknown as {
	onmessage: ((event: MessageEvent<TrialRequest>) => void) | null
	postMessage(message: unknown, transfer?: readonly Transferable[]): void
}

scope.onmessage = ({ data }) => {
	const answer = workOn(data)
	const buffers = answer.type === 'slices' ? answer.slices.map(({ buffer }) => buffer as ArrayBuffer) : []
	scope.postMessage(answer, buffers)
}
scope.postMessage('ready')
