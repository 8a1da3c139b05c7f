import { afterEach, describe, expect, it } from 'vitest'
import { EMOJI_MAX_BYTES, emojiText } from '#lib/core/emoji.ts'
import { mentionsOf } from '#lib/core/mentions.ts'
import type { ActivityEntry, ChatDeletion, ChatMessage, Member } from '#lib/core/state.ts'
import { useLanguage } from '#lib/words/language.ts'
import { messageParts } from '../../message-parts.ts'
import { timeline } from '../../timeline.ts'
import { complete, namesFor, wantedAt } from './completion.ts'
import { countedTitle, plainTitle } from './counted-title.ts'
import { EMOJI_GROUPS } from './emoji-data.ts'
import { allEmoji, emojiName, emojiNamed, searchEmoji, withEmoji } from './emoji-search.ts'
import { keepNames } from './find-names.ts'
import { earlierRows, grownRows, laterRows, newestRows, rowsAround, WINDOW_ROWS } from './row-window.ts'

afterEach(() => useLanguage('en'))

describe('emoji by name', () => {
	it('[CV5] each of the list is one that a reaction can hold, once, under a name of its own', () => {
		const all = allEmoji()
		expect(all.length).toBeGreaterThanOrEqual(300)
		for (const { emoji, names, chinese } of all) {
			expect(emojiText.parse(emoji), emoji).toBe(emoji)
			expect(new TextEncoder().encode(emoji).length).toBeLessThanOrEqual(EMOJI_MAX_BYTES)
			for (const name of names) expect(name, emoji).toMatch(/^(?:[a-z0-9_]+|[+-]1)$/)
			for (const name of chinese) expect(name, emoji).toMatch(/\p{Script=Han}/u)
		}
		expect(new Set(all.map(({ emoji }) => emoji)).size).toBe(all.length)
		expect(new Set(all.map(({ names }) => names[0])).size).toBe(all.length)
		for (const group of EMOJI_GROUPS)
			expect(all.filter((one) => one.group === group).length).toBeGreaterThan(20)
	})
	it('[CV5] the search knows both languages, and puts names that begin so first', () => {
		expect(searchEmoji('popc')[0]?.emoji).toBe('🍿')
		expect(searchEmoji('爆米花')[0]?.emoji).toBe('🍿')
		expect(searchEmoji('heart')[0]?.names[0]).toMatch(/^heart/)
		expect(searchEmoji('mind bl')[0]?.emoji).toBe('🤯')
		expect(searchEmoji('qqqq')).toEqual([])
		expect(searchEmoji('  ')).toEqual([])
		expect(searchEmoji('s', 7)).toHaveLength(7)
	})
	it('[CV5] an emoji is read out in the language in force, whatever its look', async () => {
		expect(emojiName('❤️')).toBe('heart')
		expect(emojiName('❤')).toBe('heart')
		expect(emojiName('🇫🇷')).toBeNull()
		await useLanguage('zh')
		expect(emojiName('❤️')).toBe('红心')
	})
	it('[CV5] names between colons are sent as emoji; what is none, a time or an address stays', () => {
		expect(withEmoji('so :joy: and :+1:')).toBe('so 😂 and 👍')
		expect(withEmoji(':joy::fire:')).toBe('😂🔥')
		expect(withEmoji('好:爆米花:')).toBe('好🍿')
		expect(withEmoji('好 :爆米花:')).toBe('好 🍿')
		for (const text of [
			'at 12:04:10',
			'https://a.example:8080/joy:',
			':nosuchname:',
			'a::b',
			'http://x/:joy:',
		])
			expect(withEmoji(text), text).toBe(text)
		expect([emojiNamed('Mind-Blown'), emojiNamed('-1'), emojiNamed('constructor')]).toEqual([
			'🤯',
			'👎',
			null,
		])
	})
})

describe('what completes itself', () => {
	it('[CV5] two letters behind a colon are an emoji’s name, a single sign of a script without letters too', () => {
		expect(wantedAt('see :po', 7)).toEqual({ type: 'emoji', start: 4, end: 7, typed: 'po' })
		expect(wantedAt(':笑', 2)).toMatchObject({ type: 'emoji', typed: '笑' })
		for (const text of [':p', '12:04', 'a:bc', 'https://x', ': po'])
			expect(wantedAt(text, text.length), text).toBeNull()
	})
	it('[CV6] what stands behind @ is the beginning of a name, spaces too, in no address', () => {
		expect(wantedAt('hi @An', 6)).toEqual({ type: 'name', start: 3, end: 6, typed: 'An' })
		expect(wantedAt('@', 1)).toMatchObject({ type: 'name', typed: '' })
		expect(wantedAt('@Ana Ma', 7)).toMatchObject({ typed: 'Ana Ma' })
		expect(wantedAt('你好@小', 4)).toMatchObject({ type: 'name', typed: '小' })
		expect(wantedAt('ana@host', 8)).toBeNull()
		expect(wantedAt(`@${'a'.repeat(40)}`, 41)).toBeNull()
		expect(wantedAt('@a\nb', 4)).toBeNull()
	})
	it('[CV6] names that begin so come first, each once', () => {
		const names = ['Bo', 'Ana', 'Big Ana', 'Anouk', 'Ana']
		expect(namesFor('an', names, 5)).toEqual(['Ana', 'Anouk', 'Big Ana'])
		expect(namesFor('', names, 2)).toEqual(['Bo', 'Ana'])
		expect(namesFor('zz', names, 5)).toEqual([])
	})
	it('[CV6] what was chosen takes its place, with one space behind it', () => {
		expect(complete('hi @An there', { start: 3, end: 6 }, '@Ana')).toEqual({
			text: 'hi @Ana there',
			caret: 8,
		})
		expect(complete(':po', { start: 0, end: 3 }, '🍿')).toEqual({ text: '🍿 ', caret: 3 })
	})
})

describe('names in messages', () => {
	const member = (name: string): Member =>
		({ device: `d ${name}`, subject: `s ${name}`, name, role: 'member' }) as never
	it('[CV7] stand apart from the text, between times and links', () => {
		const found = messageParts('@Bo see 1:02', mentionsOf('@Bo see 1:02', [member('Bo')]))
		expect(found).toEqual([
			{ type: 'name', text: '@Bo', devices: ['d Bo'] },
			{ type: 'text', text: ' see ' },
			{ type: 'time', text: '1:02', positionS: 62 },
		])
	})
	it('[CV7] are looked for once, and again when people or their names change', () => {
		let looks = 0
		const find = keepNames((text, members) => {
			looks++
			return mentionsOf(text, members)
		})
		const members = [member('Bo')]
		expect(find('@Bo', members)).toHaveLength(1)
		find('@Bo', members)
		find('@Bo', [...members])
		expect(looks).toBe(1)
		expect(find('@Bo', [member('Beau')])).toHaveLength(0)
		expect(looks).toBe(2)
	})
	it('[CV7] the page’s title counts what waits, and is itself again', () => {
		const waiting = countedTitle('Sunday · Matinee', 3, true)
		expect(waiting).toBe('(@ 3) Sunday · Matinee')
		expect(countedTitle(waiting, 120, false)).toBe('(99+) Sunday · Matinee')
		expect(plainTitle(countedTitle(waiting, 120, false))).toBe('Sunday · Matinee')
		expect(plainTitle('(2001) A film')).toBe('(2001) A film')
	})
})

describe('links in messages', () => {
	const hostOf = (text: string) =>
		messageParts(text).flatMap((part) => (part.type === 'link' ? [part.host] : []))
	it('[CV9] say where they lead when their look says something else', () => {
		expect(hostOf('https://plain.example/watch?v=1')).toEqual([undefined])
		expect(hostOf('https://bank.example@evil.example/x')).toEqual(['evil.example'])
		expect(hostOf('https://\u0430pple.example/')).toEqual(['xn--pple-43d.example'])
		expect(hostOf('https://xn--pple-43d.example/')).toEqual(['xn--pple-43d.example'])
		expect(hostOf('https://good.example\\@evil.example/')).toEqual(['good.example'])
	})
	it('[CV9] what is no address, or of no kind that opens a page, stays text', () => {
		for (const text of ['https://[::1', 'javascript:alert(1)', 'data:text/html,hi', 'file:///etc/passwd'])
			expect(
				messageParts(text).every(({ type }) => type !== 'link'),
				text,
			).toBe(true)
	})
})

describe('what was taken back', () => {
	const message = (id: string, atMs: number) => ({ id, atMs }) as ChatMessage
	const gone = (id: string, by: string, from: string, atMs: number) =>
		({ id, by, from, atMs }) as ChatDeletion
	it('[CV4] is a quiet line where it happened, several of one person by one person as one', () => {
		const rows = timeline(
			[message('m1', 1), message('m2', 10)],
			[{ id: 'a1', atMs: 4, deed: { type: 'paused' }, undoneBy: null } as unknown as ActivityEntry],
			null,
			[gone('x3', 'ana', 'cy', 12), gone('x1', 'ana', 'bo', 5), gone('x2', 'ana', 'bo', 6)],
		)
		expect(rows.map(({ key }) => key)).toEqual(['m m1', 'a a1', 'g x1', 'm m2', 'g x3'])
		expect(rows[2]).toMatchObject({ type: 'gone', count: 2, deletion: { id: 'x2' } })
	})
})

describe('a long chat', () => {
	it('[CV11] is on the page in a window that moves with the reader and never grows beyond its size', () => {
		let rows = newestRows(10_000)
		expect(rows).toEqual({ start: 9_920, end: 10_000 })
		for (let i = 0; i < 300; i++) {
			rows = earlierRows(rows)
			expect(rows.end - rows.start).toBeLessThanOrEqual(WINDOW_ROWS)
		}
		expect(rows).toEqual({ start: 0, end: WINDOW_ROWS })
		for (let i = 0; i < 300; i++) rows = laterRows(rows, 10_000)
		expect(rows).toEqual({ start: 10_000 - WINDOW_ROWS, end: 10_000 })
		expect(rowsAround(5_000, 10_000)).toEqual({ start: 4_960, end: 5_040 })
		expect(rowsAround(0, 3)).toEqual({ start: 0, end: 3 })
		expect(newestRows(0)).toEqual({ start: 0, end: 0 })
	})
	it('[CV11] what comes at the end is added while there is room; who reads further up stays there', () => {
		expect(grownRows({ start: 920, end: 1_000 }, 1_000, 1_010)).toEqual({ start: 920, end: 1_010 })
		expect(grownRows({ start: 920, end: 1_000 }, 1_000, 2_000)).toEqual({
			start: 920,
			end: 920 + WINDOW_ROWS,
		})
		expect(grownRows({ start: 100, end: 200 }, 1_000, 1_010)).toEqual({ start: 100, end: 200 })
		expect(grownRows({ start: 100, end: 200 }, 200, 50)).toEqual({ start: 49, end: 50 })
	})
})
