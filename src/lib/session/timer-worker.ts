/**
 * Runs in a Worker: answers each `{ id, ms }` with the id after that time.
 */
addEventListener('message', ({ data }: MessageEvent<{ id: number; ms: number }>) => {
	setTimeout(() => postMessage(data.id), data.ms)
})
