import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { LANGUAGES, localeOf } from '#lib/words/language.ts'

const script = /<script>([^]*?)<\/script>/.exec(readFileSync('src/app.html', 'utf8'))?.[1] ?? ''

beforeEach(() => {
	localStorage.clear()
	const node = document.createElement('script')
	node.text = script
	document.head.append(node)
})
afterEach(() => {
	vi.restoreAllMocks()
	document.head.replaceChildren()
	document.body.replaceChildren()
})

/** A file that the page asks for and does not get. */
const fail = (href: string): HTMLElement | null => {
	const link = document.createElement('link')
	link.href = href
	document.head.append(link)
	link.dispatchEvent(new Event('error'))
	return document.querySelector('[role="alert"]')
}
const ENTRY = 'https://watch.example/there/_app/immutable/entry/start.js'

it('[WD8] a page without its own files says so, in the language that was chosen or the browser’s first', () => {
	vi.spyOn(navigator, 'languages', 'get').mockReturnValue(['fr-FR', 'zh-TW', 'en'])
	const box = fail(ENTRY)
	expect(box?.lang).toBe('zh-CN')
	expect(box?.textContent).toContain('这个页面无法加载自己的文件。')
	expect(box?.textContent).toContain('https://watch.example/there/_app/')
	box?.remove()

	localStorage.setItem('matinee.language', 'en')
	const chosen = fail(ENTRY)
	expect(chosen?.lang).toBe('en')
	expect(chosen?.textContent).toContain('The page could not load its own files.')
	expect(chosen?.textContent).toContain('BASE_PATH=/')
})

it('[WD8] in English where the browser speaks none of the languages, and where storage is refused', () => {
	vi.spyOn(navigator, 'languages', 'get').mockReturnValue(['fr'])
	vi.spyOn(Storage.prototype, 'getItem').mockImplementation(() => {
		throw new DOMException('refused', 'SecurityError')
	})
	expect(fail(ENTRY)?.lang).toBe('en')
})

it('[WD8] knows every language that there are words for', () => {
	for (const { language } of LANGUAGES) {
		localStorage.setItem('matinee.language', language)
		expect(fail(ENTRY)?.lang).toBe(localeOf(language))
		document.body.replaceChildren()
	}
})

it('[WD8] other files that are missing are not its business', () => {
	expect(fail('https://films.example/poster.png')).toBeNull()
})
