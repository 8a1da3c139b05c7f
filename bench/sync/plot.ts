/**
 * The picture of a run: for each rule how far apart the two players were over the same script, ours in every panel
 * for comparison. A logarithmic scale, because between ours and some rivals lie three powers of ten.
 */
import { median, round, type Point } from './readings.ts'
import type { RuleResult } from './rules.ts'

const WIDTH = 860
const LEFT = 58
const GAP = 44
const PANEL_W = (WIDTH - LEFT - GAP - 14) / 2
const PANEL_H = 118
const ROW_H = PANEL_H + 62
const TOP = 94
const LOW_MS = 0.1
const HIGH_MS = 2_000
const BIN_MS = 200
const TICKS = [0.1, 1, 10, 100, 1_000] as const
/** A frame at 25 fps. */
const FRAME_MS = 40
/** Looks further apart than this belong to two lines: in between a player was seeking. */
const BREAK_MS = 2 * BIN_MS

const escape = (text: string): string =>
	text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const binned = (points: readonly Point[]): Point[] => {
	const bins = new Map<number, number[]>()
	for (const { atMs, value } of points) {
		const bin = Math.floor(atMs / BIN_MS)
		bins.set(bin, [...(bins.get(bin) ?? []), value])
	}
	return [...bins].map(([bin, values]) => ({ atMs: (bin + 0.5) * BIN_MS, value: median(values) }))
}

const y = (ms: number): number => {
	const share = Math.log(Math.max(LOW_MS, Math.min(HIGH_MS, ms)) / LOW_MS) / Math.log(HIGH_MS / LOW_MS)
	return PANEL_H * (1 - share)
}

const path = (points: readonly Point[], toX: (ms: number) => number): string => {
	let last = -Infinity
	return binned(points)
		.map(({ atMs, value }) => {
			const command = atMs - last > BREAK_MS ? 'M' : 'L'
			last = atMs
			return `${command}${String(round(toX(atMs)))} ${String(round(y(value)))}`
		})
		.join('')
}

const STYLE = `
text{font:12px system-ui,sans-serif;fill:#4a4540}
.title{font-size:16px;font-weight:600;fill:#1d1a18}.name{font-size:13px;font-weight:600;fill:#1d1a18}
.grid{stroke:#d9d3cb;stroke-width:1}.frame{stroke:#8a8178;stroke-dasharray:3 3}
.mark{stroke:#8a8178;stroke-width:1}.small{font-size:11px}
.ours{stroke:#b4501e;fill:none;stroke-width:2.2;stroke-linejoin:round}
.ghost{stroke:#b4501e;fill:none;stroke-width:1.2;opacity:.45}
.rival{stroke:#2f5fa8;fill:none;stroke-width:2;stroke-linejoin:round}
.back{fill:#fffdfa}
@media (prefers-color-scheme:dark){
text{fill:#b9b2aa}.title,.name{fill:#f3ede6}.grid{stroke:#3b3733}.frame,.mark{stroke:#857d75}
.ours,.ghost{stroke:#f08a4b}.rival{stroke:#7fb0f5}.back{fill:#1b1917}}`

export const plotOf = (
	results: readonly RuleResult[],
	nameOf: (rule: string) => string,
	title: string,
	subtitle: readonly string[],
): string => {
	const ours = results.find(({ rule }) => rule === 'ours')
	const rivals = results.filter(({ rule }) => rule !== 'ours')
	if (ours === undefined) throw new Error('there is nothing of ours to draw')
	const lastMs = Math.max(...results.map(({ story }) => story.at(-1)?.atMs ?? 0))
	const rows = Math.ceil((rivals.length + 1) / 2)
	const height = TOP + rows * ROW_H + 6
	const panel = (result: RuleResult, index: number): string => {
		const left = LEFT + (index % 2) * (PANEL_W + GAP)
		const top = TOP + Math.floor(index / 2) * ROW_H
		const toX = (ms: number) => (ms / lastMs) * PANEL_W
		const { p50, p99 } = result.steady.between
		const isOurs = result === ours
		const grid = TICKS.map(
			(ms) =>
				`<path class="grid" d="M0 ${String(round(y(ms)))}h${String(round(PANEL_W))}"/><text class="small" x="-6" y="${String(round(y(ms) + 4))}" text-anchor="end">${String(ms)}</text>`,
		).join('')
		const seconds = Array.from({ length: Math.floor(lastMs / 10_000) + 1 }, (_, i) => i * 10)
			.map(
				(s) =>
					`<text class="small" x="${String(round(toX(s * 1000)))}" y="${String(PANEL_H + 15)}" text-anchor="middle">${String(s)}</text>`,
			)
			.join('')
		const marks = result.marks
			.map(
				({ atMs, what }) =>
					`<path class="mark" d="M${String(round(toX(atMs)))} 0v${String(PANEL_H)}"/><text class="small" x="${String(round(toX(atMs) + 3))}" y="10">${escape(what)}</text>`,
			)
			.join('')
		return `<g transform="translate(${String(round(left))} ${String(top)})"><text class="name" x="0" y="-10">${escape(nameOf(result.rule))}</text><text class="small" x="${String(round(PANEL_W))}" y="-10" text-anchor="end">${String(round(p50))} / ${String(round(p99))} ms</text>${grid}<path class="frame" d="M0 ${String(round(y(FRAME_MS)))}h${String(round(PANEL_W))}"/>${marks}${isOurs ? '' : `<path class="ghost" d="${path(ours.story, toX)}"/>`}<path class="${isOurs ? 'ours' : 'rival'}" d="${path(result.story, toX)}"/>${seconds}<text class="small" x="${String(round(PANEL_W / 2))}" y="${String(PANEL_H + 30)}" text-anchor="middle">seconds</text></g>`
	}
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(WIDTH)} ${String(height)}" role="img" aria-label="${escape(title)}"><style>${STYLE}</style><rect class="back" width="100%" height="100%" rx="8"/><text class="title" x="${String(LEFT)}" y="26">${escape(title)}</text>${subtitle.map((line, i) => `<text class="small" x="${String(LEFT)}" y="${String(45 + 16 * i)}">${escape(line)}</text>`).join('')}<text class="small" transform="translate(16 ${String(TOP + PANEL_H / 2)}) rotate(-90)" text-anchor="middle">apart, ms</text>${[ours, ...rivals].map(panel).join('')}</svg>\n`
}
