import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { language, useLanguage } from '#lib/words/language.ts'
import { applyLanguage, readLanguage, switchLanguage } from './language-choice.ts'

beforeEach(() => localStorage.clear())
afterEach(async () => {
	vi.restoreAllMocks()
	await useLanguage('en')
})

describe('the language of the page', () => {
	it('[WD5] is the browser’s until somebody chooses; the choice is kept, and told by `lang`', async () => {
		vi.spyOn(navigator, 'languages', 'get').mockReturnValue(['zh-HK', 'en'])
		await applyLanguage()
		expect([language(), document.documentElement.lang]).toEqual(['zh', 'zh-CN'])
		await switchLanguage('en')
		expect([language(), document.documentElement.lang, readLanguage()]).toEqual(['en', 'en', 'en'])
		await applyLanguage()
		expect(language()).toBe('en')
	})

	it('[WD5] what is kept and is no language counts as no choice', async () => {
		vi.spyOn(navigator, 'languages', 'get').mockReturnValue(['en'])
		localStorage.setItem('matinee.language', 'klingon')
		expect(readLanguage()).toBeNull()
		await applyLanguage()
		expect(language()).toBe('en')
	})

	it('[WD5] a browser that refuses storage changes its language all the same', async () => {
		vi.spyOn(Storage.prototype, 'getItem').mockImplementation(() => {
			throw new DOMException('refused', 'SecurityError')
		})
		vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
			throw new DOMException('refused', 'SecurityError')
		})
		await switchLanguage('zh')
		expect(language()).toBe('zh')
		expect(readLanguage()).toBeNull()
	})
})
