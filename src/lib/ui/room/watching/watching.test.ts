import { describe, expect, it } from 'vitest'
import type { ChatMessage, SubtitleFile } from '#lib/core/state.ts'
import type { ItemId, SubtitleId } from '#lib/core/units.ts'
import { wishOf, type KeyPress } from '../../keys.ts'
import { chapterAt, chaptersIn } from './chapters.ts'
import { pickSubtitles, subtitlesFor } from './pick-subtitles.ts'
import { chaptersOf, ticksOf } from './ticks.ts'
import { parseWatching } from './watching-memory.ts'

const ITEM = 'item' as ItemId
const file = (id: string, more: Partial<SubtitleFile> = {}): SubtitleFile =>
	({ id: id as SubtitleId, item: ITEM, language: null, isWhole: true, ...more }) as SubtitleFile
const message = (text: string, positionS: number | null, item: ItemId = ITEM): ChatMessage =>
	({ text, positionS, item }) as ChatMessage

describe('which subtitles one sees', () => {
	const NONE = { isOff: false, picked: null, language: null }
	it('[WT8] those chosen for this film, else the language chosen last, else the newest that are whole', () => {
		const files = [
			file('new', { isWhole: false }),
			file('de', { language: 'de' }),
			file('zh', { language: 'zh-Hant' }),
			file('other', { item: 'else' as ItemId }),
		]
		const mine = subtitlesFor(files, ITEM)
		expect(mine).toHaveLength(3)
		expect(pickSubtitles(mine, NONE)?.id).toBe('de')
		expect(pickSubtitles(mine, { ...NONE, language: 'zh-Hans' })?.id).toBe('zh')
		expect(pickSubtitles(mine, { ...NONE, language: 'zh', picked: 'new' as SubtitleId })?.id).toBe('new')
		expect(pickSubtitles(mine, { ...NONE, picked: 'gone' as SubtitleId })?.id).toBe('de')
		expect(pickSubtitles(mine.slice(0, 1), NONE)?.id).toBe('new')
		expect(pickSubtitles(mine, { ...NONE, isOff: true, picked: 'de' as SubtitleId })).toBeNull()
		expect(pickSubtitles([], NONE)).toBeNull()
	})
	it('[WT8] is remembered, and what was not written by us is as at first', () => {
		const new_ = { isOff: false, language: null, size: 1, offsets: [], isAmbient: false, usualTenths: 0 }
		for (const kept of [null, 3, 'x', [], { size: 9, offsets: 'x', language: 7, isOff: 'yes' }])
			expect(parseWatching(kept)).toEqual(new_)
		const kept = {
			isOff: true,
			language: 'en',
			size: 3,
			offsets: [['a.b', -12]],
			isAmbient: true,
			usualTenths: 5,
		}
		expect(parseWatching(kept)).toEqual(kept)
		expect(parseWatching({ offsets: [['a', 1e9], ['b', 0.5], 7, [1, 1], ['c', 4]] }).offsets).toEqual([
			['c', 4],
		])
	})
})

describe('marks on the seek bar', () => {
	it('[WT9] stand where something was said in this film, told together where they are near', () => {
		const chat = [message('a', 10), message('b', 10.2), message('c', 50), message('d', null)]
		expect(ticksOf([...chat, message('e', 5, 'x' as ItemId), message('f', 101)], ITEM, 100)).toEqual([
			{ share: 12.5 / 120, count: 2 },
			{ share: 60.5 / 120, count: 1 },
		])
		for (const length of [null, 0, Infinity]) expect(ticksOf(chat, ITEM, length)).toEqual([])
		expect(ticksOf(chat, null, 100)).toEqual([])
	})
	it('[WT9] the parts of the film are those of the newest list that somebody wrote while it was on', () => {
		const text = 'Parts:\n0:00 Intro\n(04:10) – The train\n3. [1:02:03] The end\nthanks'
		const parts = [
			{ startS: 0, title: 'Intro' },
			{ startS: 250, title: 'The train' },
			{ startS: 3723, title: 'The end' },
		]
		expect(chaptersIn(text)).toEqual(parts)
		expect(chapterAt(parts, 249.9)?.title).toBe('Intro')
		expect(chapterAt(parts, 250)?.title).toBe('The train')
		expect(chapterAt([], 3)).toBeNull()
		for (const none of [
			'0:00 a\n1:00 b',
			'0:10 a\n1:00 b\n2:00 c',
			'0:00 a\n2:00 b\n1:00 c',
			'see 12:04',
			'',
		])
			expect(chaptersIn(none)).toEqual([])
		const chat = [message(text, 3), message('two\nlines', 4), message(text, 3, 'x' as ItemId)]
		expect(chaptersOf(chat, ITEM)).toEqual(parts)
		expect(chaptersOf(chat.slice(1), ITEM)).toEqual([])
	})
})

describe('keys', () => {
	it('[WT10] with a modifier are somebody else’s, but for those that some keyboards need', () => {
		const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
			...{ key, ctrlKey: false, metaKey: false, altKey: false, isRepeat: false, ...more },
		})
		for (const modifier of ['ctrlKey', 'metaKey', 'altKey', 'shiftKey'] as const)
			for (const key of ['k', 'J', ' ', 'ArrowLeft', 'm'])
				expect([modifier, key, wishOf(press(key, { [modifier]: true }), 'page')]).toEqual([
					modifier,
					key,
					null,
				])
		expect(wishOf(press('?', { shiftKey: true }), 'page')).toBe('help')
		expect(wishOf(press(']', { shiftKey: true }), 'page')).toBe('panel')
		// With caps lock a letter is large without a modifier.
		expect(wishOf(press('K'), 'page')).toBe('toggle-play')
	})
})
