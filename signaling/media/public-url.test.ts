import { describe, expect, it } from 'vitest'
import { publicUrl } from './public-url.ts'
import { INSIDE_SPELLINGS } from '../../tests/support/inside-spellings.ts'

/** At the usual port of its scheme, a port says nothing; the parser takes `:080` for it, and `#…` for no host. */
const HARMLESS = new Set(['http://example.com:080/', 'http://example.com#@127.0.0.1:22/'])

describe('addresses of pages', () => {
	it.each(INSIDE_SPELLINGS.filter((text) => !HARMLESS.has(text)))('[MD6] %j is not fetched', (text) => {
		expect(publicUrl(text)).toBeNull()
	})
	it.each([...HARMLESS])('[MD6] %j is example.com and nothing else', (text) => {
		expect(publicUrl(text)?.href).toBe('http://example.com/')
	})
	it.each([
		['https://example.com', 'https://example.com/'],
		['https://EXAMPLE.com:443/a?b=c#d', 'https://example.com/a?b=c'],
		['http://例え.テスト.example/', 'http://xn--r8jz45g.xn--zckzah.example/'],
		['https://a.b-c.example.co.uk/x', 'https://a.b-c.example.co.uk/x'],
		['https://127.0.0.1.nip.io/', 'https://127.0.0.1.nip.io/'],
	])('[MD6] %j is fetched as %j', (text, href) => {
		expect(publicUrl(text)?.href).toBe(href)
	})
	it('[MD6] a redirect is read against the address it came from, by the same rules', () => {
		const base = new URL('https://example.com/a/b')
		expect(publicUrl('../c', base)?.href).toBe('https://example.com/c')
		expect(publicUrl('//127.0.0.1/', base)).toBeNull()
		expect(publicUrl('//example.org/x', base)?.href).toBe('https://example.org/x')
		expect(publicUrl('http://127.0.0.1/', base)).toBeNull()
	})
})
