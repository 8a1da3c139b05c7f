import { afterEach, describe, expect, it } from 'vitest'
import type { ActivityEntry, Deed } from '#lib/core/state.ts'
import type { DeviceId, ItemId } from '#lib/core/units.ts'
import type { PersonView } from '#lib/core/view.ts'
import { useLanguage } from '#lib/words/language.ts'
import { people } from '../../made-up.ts'
import { deedSentence, type DeedNames } from '../deed-text.ts'
import { doingChip, pathChip } from '../person-text.ts'
import { bytesText, distanceText, msText } from './figure-text.ts'
import { foldActivity, FOLD_FROM } from './fold-activity.ts'
import { linkGraph, NODES_MAX } from './link-graph.ts'
import { madeUpFigures } from './made-up-figures.ts'
import { LINES_MAX, membersToPlot, plotLines, spread } from './members-plot.ts'
import { plainText, sentence } from './sentence.ts'

afterEach(() => useLanguage('en'))

const person = (more: Partial<PersonView>): PersonView => ({ ...people[0]!, ...more })
const doing = (more: Partial<PersonView>): string | undefined => doingChip(person(more))?.text

describe('what somebody does', () => {
	it('[PS1] is said in words, with the per cent of what is buffered', () => {
		expect(doing({ doing: { type: 'playing' } })).toBe('Playing')
		expect(doing({ doing: { type: 'playing' }, isMuted: true })).toBe('Playing, sound off')
		expect(doing({ doing: { type: 'playing' }, hasOwnCopy: true })).toBe('Playing an own file')
		expect(doingChip(person({ doing: { type: 'playing' } }), 'local-file')?.text).toBe('Playing an own file')
		expect(doing({ doing: { type: 'paused' } })).toBe('Ready')
		expect(doing({ doing: { type: 'buffering', percent: 62.6 } })).toBe('Buffering, 63 %')
		expect(doing({ doing: { type: 'blocked' } })).toBe('Muted by browser')
		expect(doing({ doing: { type: 'ad' } })).toBe('In an ad')
		expect(doing({ doing: { type: 'failed' } })).toBe('Can’t play it')
		expect(doing({ doing: { type: 'failed', why: 'no-file' } })).toBe('Has no copy yet')
		expect(doing({ doing: { type: 'unknown' } })).toBeUndefined()
		expect(doing({ presence: 'away' })).toBe('Away')
		expect(doing({ presence: 'leaving' })).toBe('Leaving')
		expect(doing({ isRemote: true, doing: { type: 'idle' } })).toBe('Remote')
	})
	it('[PS1] and how they are reached, with the round trip where it is known; both in the language in force', async () => {
		const path = (to: PersonView['path'], rttMs: number | null) => pathChip(person({ path: to, rttMs }))?.text
		expect([path('direct', 17.6), path('direct', null)]).toEqual(['Direct, 18 ms', 'Direct'])
		expect([path('relayed', 96), path('turn', 96)]).toEqual([
			'Relayed, 96 ms',
			'Relayed, 96 ms, through a TURN server',
		])
		expect([path('through-others', null), path('self', null)]).toEqual(['Through others', undefined])
		await useLanguage('zh')
		expect(path('turn', 96)).toBe('中继，96毫秒，经TURN服务器')
		expect(doing({ doing: { type: 'buffering', percent: 63 } })).toBe('缓冲中，63%')
	})
})

describe('sentences', () => {
	const names = (called: string): DeedNames => ({
		nameOf: (device) => ({ name: called, seat: 1, isMe: device === 'me' }),
		nameOfSubject: () => 'Bo',
	})
	const item = 'x' as ItemId
	const said = (deed: Deed, by = 'ana', called = 'Ana') => deedSentence(deed, by as DeviceId, names(called))

	it('[PS2] are whole in both languages, and names and titles stand out', async () => {
		const deed: Deed = { type: 'removed', item, title: 'Night bus' }
		expect(said(deed)).toEqual([
			{ text: 'Ana', isStrong: true },
			{ text: ' removed ', isStrong: false },
			{ text: 'Night bus', isStrong: true },
		])
		await useLanguage('zh')
		expect(plainText(said(deed))).toBe('Ana移除了“Night bus”')
		expect(plainText(said({ type: 'put-out', subject: 'g_Bo' as never }, 'me'))).toBe('你把Bo移出了房间')
		expect(plainText(said({ type: 'paused', positionS: 724 }))).toBe('Ana在12:04暂停了')
	})
	it('[PS2] whatever a name or a title holds', () => {
		const marks = '\uE000\uE001'
		expect(plainText(said({ type: 'added', item, title: `${marks} removed` }, 'ana', 'added'))).toBe(
			`added added ${marks} removed`,
		)
		expect(plainText(said({ type: 'waited', forDevice: 'bo' as DeviceId }, 'ana', marks))).toBe(
			`${marks} waited for ${marks}`,
		)
		expect(sentence(() => '')).toEqual([])
	})
})

describe('repeats', () => {
	let count = 0
	const entry = (type: Deed['type'], atMs: number, more: Partial<ActivityEntry> = {}): ActivityEntry => ({
		id: `e${String(++count)}`,
		by: 'ana' as DeviceId,
		atMs,
		deed: { type, positionS: 0, title: '', item: 'x' } as unknown as Deed,
		isUndoable: true,
		undoneBy: null,
		...more,
	})
	const sizes = (...entries: ActivityEntry[]) => foldActivity(entries).map((row) => row.length)

	it('[PS3] of one person fold, play, pause and seek as one kind; fewer than three stand', () => {
		expect(sizes(entry('paused', 9), entry('played', 8), entry('sought', 7), entry('added', 6))).toEqual([
			3, 1,
		])
		expect(sizes(entry('paused', 9), entry('played', 8))).toEqual([1, 1])
		expect(FOLD_FROM).toBe(3)
		const bo = { by: 'bo' as DeviceId }
		expect(sizes(entry('added', 9), entry('added', 8), entry('added', 7, bo), entry('added', 6))).toEqual([
			1, 1, 1, 1,
		])
		expect(sizes(entry('shuffled', 300_000), entry('shuffled', 200_000), entry('shuffled', 1_000))).toEqual([
			1, 1, 1,
		])
	})
	it('[PS3] what was undone stands by itself, and nothing is lost or changes its order', () => {
		const list = [
			entry('added', 9),
			entry('added', 8),
			entry('added', 7),
			entry('added', 6, { undoneBy: 'bo' as DeviceId }),
			entry('added', 5),
		]
		const rows = foldActivity(list)
		expect(rows.map((row) => row.length)).toEqual([3, 1, 1])
		expect(rows.flat()).toEqual(list)
	})
})

describe('the plot of everybody', () => {
	it('[PS9] draws at most eight lines: the reader’s own, then who is furthest off', () => {
		const { members } = madeUpFigures(30)
		const chosen = membersToPlot(members, 'drift')
		expect(chosen).toHaveLength(LINES_MAX)
		expect([chosen[0]?.isMe, chosen[1]?.name]).toEqual([true, 'Bo'])
		expect(membersToPlot(members, 'delay').map(({ name }) => name)).toEqual(['Bo', 'Tomas', 'Wren', 'Ana'])
		const lines = plotLines(members, 'drift', 360, 150)
		expect(lines.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
		for (const { path } of lines) expect(path).toMatch(/^M[\d. LM-]+$/)
		// A gap where nothing was known breaks the line.
		expect(lines[1]?.path.match(/M/g)).toHaveLength(2)
	})
	it('[PS9] the numbers at its edge never cover each other and stay on it', () => {
		const places = spread([75, 75, 75, 150, 150, 0], 150).toSorted((a, b) => a - b)
		for (const [at, place] of places.entries()) {
			if (at > 0) expect(place - (places[at - 1] ?? 0)).toBeGreaterThanOrEqual(11)
			expect(place).toBeGreaterThanOrEqual(0)
			expect(place).toBeLessThanOrEqual(150)
		}
	})
	it('[PS9] figures are said in the language in force', async () => {
		expect([msText(4.21), msText(-412.4), msText(null)]).toEqual(['4.2 ms', '−412 ms', '–'])
		expect([distanceText(1_800), distanceText(-9.5), distanceText(0.2), distanceText(null)]).toEqual([
			'1800 ms behind',
			'9.5 ms ahead',
			'in step',
			'–',
		])
		expect([bytesText(512), bytesText(48_210), bytesText(1_300_000)]).toEqual(['512 B', '48.2 KB', '1.3 MB'])
		await useLanguage('zh')
		expect(distanceText(1_800)).toBe('落后1800毫秒')
	})
})

describe('the graph of the links', () => {
	it('[PS10] puts the reader in the middle and nobody on anybody else', () => {
		const { members, links } = madeUpFigures(20)
		const { nodes, edges } = linkGraph(members, links)
		expect(nodes).toHaveLength(members.length)
		expect(nodes[0]).toEqual({ at: 0, x: 0, y: 0 })
		const spots = new Set(nodes.map(({ x, y }) => `${x.toFixed(2)} ${y.toFixed(2)}`))
		expect(spots.size).toBe(nodes.length)
		expect(edges).toHaveLength(links.length)
		for (const { x, y } of nodes) expect(Math.hypot(x, y)).toBeLessThanOrEqual(1)
	})
	it('[PS10] has so many and no more, and stands with nobody to link to', () => {
		const { members, links } = madeUpFigures(200)
		expect(linkGraph(members, links).nodes).toHaveLength(NODES_MAX)
		expect(linkGraph(members.slice(0, 1), [])).toEqual({ nodes: [{ at: 0, x: 0, y: 0 }], edges: [] })
	})
})
