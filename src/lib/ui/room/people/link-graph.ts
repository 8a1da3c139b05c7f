/**
 * Where the members stand in the picture of the links: the reader in the middle, those with a link of theirs around,
 * those who are only told of further out, near whoever tells of them. Pure.
 */
import type { LinkFigures, MemberFigures } from '#lib/core/room-figures.ts'

/** More would be a blot; the table has everybody. */
export const NODES_MAX = 40

export interface GraphNode {
	/** Its place in the list of members. */
	readonly at: number
	readonly x: number
	readonly y: number
}
export interface GraphEdge extends LinkFigures {
	readonly x1: number
	readonly y1: number
	readonly x2: number
	readonly y2: number
}
export interface LinkGraph {
	readonly nodes: readonly GraphNode[]
	readonly edges: readonly GraphEdge[]
}

const INNER = 0.56
const OUTER = 0.94

/** Coordinates from −1 to 1. Members beyond `NODES_MAX`, and their links, are left out. */
export const linkGraph = (members: readonly MemberFigures[], links: readonly LinkFigures[]): LinkGraph => {
	const shown = Math.min(members.length, NODES_MAX)
	const own = links.filter(({ from, to }) => from === 0 && to < shown)
	const told = links.filter(({ from, to }) => from !== 0 && from < shown && to < shown)
	const nodes = new Map<number, GraphNode & { readonly angle: number }>([
		[0, { at: 0, x: 0, y: 0, angle: 0 }],
	])
	const put = (at: number, angle: number, radius: number): void => {
		if (!nodes.has(at))
			nodes.set(at, { at, x: Math.sin(angle) * radius, y: -Math.cos(angle) * radius, angle })
	}
	const near = own.length > 0 && told.length > 0 ? INNER : OUTER
	const whole = 2 * Math.PI
	own.forEach(({ to }, i) => {
		// The first to the right: two people make a line, not a tower.
		put(to, whole / 4 + (i / own.length) * whole, near)
	})
	// Beside whoever tells of them, as far as the circle has room; people whom nobody is known to tell of come last.
	const told1 = told.toSorted((a, b) => (nodes.get(a.from)?.angle ?? 0) - (nodes.get(b.from)?.angle ?? 0))
	const rest = Array.from({ length: shown }, (_, at) => at).filter(
		(at) => !nodes.has(at) && !told1.some(({ to }) => to === at),
	)
	const outer = [...told1.map(({ to }) => to), ...rest]
	outer.forEach((at, i) => {
		put(at, ((i + 0.5) / outer.length) * whole, OUTER)
	})
	const edges = [...own, ...told].flatMap((link): GraphEdge[] => {
		const a = nodes.get(link.from)
		const b = nodes.get(link.to)
		return a === undefined || b === undefined ? [] : [{ ...link, x1: a.x, y1: a.y, x2: b.x, y2: b.y }]
	})
	return { nodes: [...nodes.values()].map(({ at, x, y }) => ({ at, x, y })), edges }
}
