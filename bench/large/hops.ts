/**
 * How far the members of a room are from each other, by the links that they report.
 */

interface Linked {
	readonly peer: string
	readonly links: readonly { readonly peer: string }[]
}

/** From a few members, everybody else; links count where either end has them, so that pages are in the graph too. */
export const hopsOf = (
	members: readonly Linked[],
): { readonly reached: number; readonly max: number; readonly average: number } => {
	const graph = new Map<string, Set<string>>()
	const link = (from: string, to: string) => {
		const known = graph.get(from) ?? new Set()
		graph.set(from, known.add(to))
	}
	for (const { peer, links } of members)
		for (const other of links) {
			link(peer, other.peer)
			link(other.peer, peer)
		}
	let max = 0
	let total = 0
	let count = 0
	let reached = 0
	const starts = members.filter((_, i) => i % Math.ceil(members.length / 20) === 0)
	for (const { peer } of starts) {
		const hops = new Map([[peer, 0]])
		for (const [at, distance] of hops)
			for (const next of graph.get(at) ?? []) if (!hops.has(next)) hops.set(next, distance + 1)
		reached = reached === 0 ? hops.size : Math.min(reached, hops.size)
		for (const distance of hops.values()) {
			max = Math.max(max, distance)
			total += distance
			count++
		}
	}
	return { reached, max, average: Math.round((total / Math.max(1, count)) * 100) / 100 }
}
