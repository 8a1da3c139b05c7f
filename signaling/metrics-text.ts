/**
 * Lines of Prometheus' text exposition format 0.0.4. Base units are seconds and bytes.
 */
import type { Scale, Tally } from '#lib/protocol/figures.ts'

type Type = 'counter' | 'gauge' | 'histogram'

export const head = (name: string, type: Type, help: string): string[] => [
	`# HELP ${name} ${help}`,
	`# TYPE ${name} ${type}`,
]

export const single = (name: string, type: 'counter' | 'gauge', help: string, value: number): string[] => [
	...head(name, type, help),
	`${name} ${String(value)}`,
]

/** One sample for each value of one label. Values hold no quotes, backslashes or line ends. */
export const labelled = (
	name: string,
	type: 'counter' | 'gauge',
	help: string,
	label: string,
	values: Iterable<readonly [string, number]>,
): string[] => [
	...head(name, type, help),
	...Array.from(values, ([value, count]) => `${name}{${label}="${value}"} ${String(count)}`),
]

/** Each bucket counts all below it too. */
export const histogram = (
	name: string,
	help: string,
	{ boundsMs }: Scale,
	{ counts, sumMs }: Tally,
): string[] => {
	let below = 0
	const buckets = counts.map((count, bucket) => {
		below += count
		const boundMs = boundsMs[bucket]
		const le = boundMs === undefined ? '+Inf' : String(boundMs / 1000)
		return `${name}_bucket{le="${le}"} ${String(below)}`
	})
	return [
		...head(name, 'histogram', help),
		...buckets,
		`${name}_sum ${String(sumMs / 1000)}`,
		`${name}_count ${String(below)}`,
	]
}
