/**
 * How long to wait, for people to read.
 */
export const waitWords = (ms: number): string => {
	const seconds = Math.max(1, Math.ceil(ms / 1000))
	if (seconds === 1) return 'in a second'
	if (seconds < 90) return `in ${String(seconds)} seconds`
	return `in ${String(Math.ceil(seconds / 60))} minutes`
}
