import { describe, expect, it } from 'vitest'
import type { NewItem } from '#lib/core/room.ts'
import type { QueueItem } from '#lib/core/state.ts'
import * as made from '../../made-up.ts'
import { beforeWhich, indexAfter, reachOf } from '../reorder.ts'
import { isLinkList, readListFile } from './given-list.ts'
import { queueOptions, rulesInForce, type QueueOptionsDeps } from './options.ts'
import { createSameItems } from './same-items.ts'
import { twinPlaces, twinsIn } from './twins.ts'

const item = (id: string, position: string, votes = 0): QueueItem => ({
	id: id as QueueItem['id'],
	media: { kind: 'file', url: `https://films.example/${id}.mp4` },
	title: id,
	durationS: null,
	thumbnailUrl: null,
	addedBy: 'd' as QueueItem['addedBy'],
	addedAtMs: 0,
	position,
	votes,
	didIVote: false,
})

describe('moving', () => {
	const list = [item('a', '1'), item('b', '2'), item('c', '3'), item('d', '4')]
	it('[QV3] in a list an item goes before the one that then stands behind it', () => {
		expect(beforeWhich(list, 0, 2, false)).toBe('d')
		expect(beforeWhich(list, 3, 0, false)).toBe('a')
		expect(beforeWhich(list, 1, 3, false)).toBeNull()
		expect([indexAfter(1, 4), indexAfter(3, 0)]).toEqual([3, 0])
		expect(reachOf(list, 1, false)).toEqual({ first: 0, last: 3 })
	})
	it('[QV3] by votes it moves only among as many, by the places that decide there', () => {
		// Shown by votes; the places are those of the list: b d a c.
		const shown = [item('c', '9', 2), item('b', '1'), item('d', '2'), item('a', '5')]
		expect(reachOf(shown, 2, true)).toEqual({ first: 1, last: 3 })
		expect(reachOf(shown, 0, true)).toEqual({ first: 0, last: 0 })
		expect(beforeWhich(shown, 3, 1, true)).toBe('b')
		// Last of its votes: behind "a", before what stands behind that in the list.
		expect(beforeWhich(shown, 1, 3, true)).toBe('c')
		expect(beforeWhich([item('x', '1', 1), item('y', '2', 1), item('z', '3')], 0, 1, true)).toBe('z')
	})
})

describe('rows', () => {
	it('[QV12] say only of what changed that it is new', () => {
		const same = createSameItems()
		const first = same([item('a', '1'), item('b', '2')])
		const media = first[0]!.media
		const again = same([
			{ ...first[0]!, media },
			{ ...first[1]!, votes: 1 },
		])
		expect(again[0]).toBe(first[0])
		expect(again[1]).not.toBe(first[1])
		expect(again[1]?.votes).toBe(1)
	})
})

describe('twins', () => {
	const again = (id: string, of: string): QueueItem => ({
		...item(id, '1'),
		media: { kind: 'file', url: `https://films.example/${of}.mp4#t=30` },
	})
	it('[QV5] are what is on or further up already, wherever they start', () => {
		const next = [item('a', '1'), again('b', 'a'), again('c', 'on')]
		expect([...twinsIn(item('on', '0'), next)]).toEqual(['b', 'c'])
		expect(twinsIn(null, next).size).toBe(1)
	})
	it('[QV5] of a list that is to be added are found in the queue and in the list', () => {
		const given = [again('x', 'a'), item('new', '1'), again('y', 'new')]
		const list = given.map(({ media, title }): NewItem => ({ media, title }))
		expect([...twinPlaces({ current: null, next: [item('a', '1')] }, list)]).toEqual([0, 2])
	})
})

describe('what is given', () => {
	it('[QV6] several lines with an address each are a list; one link within the words of a share text is none', () => {
		for (const text of [
			'https://films.example/1.mp4\nhttps://films.example/2.mp4',
			'films.example/1.mp4\r\n\r\nnothing\r\nfilms.example/2.mp4',
			'BV1xx411c7mD\nav170001',
		])
			expect(isLinkList(text), text).toBe(true)
		for (const text of [
			'',
			'https://films.example/1.mp4',
			'A fine film:\nhttps://films.example/1.mp4\nSee you.',
		])
			expect(isLinkList(text), text).toBe(false)
	})
	it('[QV9] a file longer than any list is not read', async () => {
		expect(await readListFile(new File(['one\ntwo'], 'list.txt'))).toBe('one\ntwo')
		expect(await readListFile({ size: 5_000_000 } as File)).toBeNull()
	})
})

describe('the menu', () => {
	const asked: unknown[] = []
	const note = (what: string) => (value?: unknown) =>
		void asked.push(value === undefined ? what : [what, value])
	const menu = (more: Partial<QueueOptionsDeps> = {}) =>
		queueOptions({
			room: made.stateOf('film'),
			canDo: () => null,
			changeRules: note('rules'),
			shuffle: note('shuffle'),
			clear: note('clear'),
			importList: note('import'),
			exportQueue: note('export'),
			...more,
		})
	it('[QV4] asks for what was picked, and shows what is set', () => {
		asked.length = 0
		for (const one of menu()) if (!one.reason) one.pick()
		expect(asked).toEqual([
			['rules', { order: 'votes' }],
			['rules', { loop: 'off' }],
			['rules', { loop: 'one' }],
			['rules', { loop: 'all' }],
			'shuffle',
			'import',
			'export',
			'clear',
		])
		expect(menu().map(({ isChecked }) => isChecked)).toEqual([
			false,
			true,
			false,
			false,
			...Array<undefined>(4),
		])
		expect(rulesInForce({ order: 'list', loop: 'off' })).toEqual([])
		expect(rulesInForce({ order: 'votes', loop: 'all' })).toEqual(['Most votes next', 'The queue repeats'])
	})
	it('[QV4] what the role may not is off, with the reason; saving is for everybody', () => {
		const reasons = menu({ canDo: (action) => `not: ${action}` }).map(({ reason }) => reason)
		expect(reasons).toEqual([
			...Array<string>(4).fill('not: change-settings'),
			'not: reorder',
			'not: add',
			null,
			'not: reorder',
		])
		const empty = menu({ room: made.stateOf('empty') })
		expect(empty.filter(({ reason }) => reason).map(({ label }) => label)).toEqual([
			'Shuffle',
			'Save the queue as a file',
			'Clear',
		])
	})
})
