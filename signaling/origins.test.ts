import { describe, expect, it } from 'vitest'
import { isSocketOriginAllowed, type OriginRules } from './origins.ts'

const plain: OriginRules = { publicOrigin: null, allowedOrigins: [], isOriginRequired: false }
const check = (origin: string | undefined, host: string, rules: Partial<OriginRules> = {}) =>
	isSocketOriginAllowed({ host, ...(origin === undefined ? {} : { origin }) }, { ...plain, ...rules })

describe('with nothing configured', () => {
	it.each([
		['http://localhost:8080', 'localhost:8080'],
		['https://watch.example', 'watch.example'],
		['https://watch.example', 'watch.example:443'],
		['http://192.168.1.5:8080', '192.168.1.5:8080'],
		['http://[::1]:8080', '[::1]:8080'],
		['https://watch.example', 'WATCH.example'],
	])('[SG18] a page of %s may, at Host %s', (origin, host) => {
		expect(check(origin, host)).toBe(true)
	})

	it.each([
		['null', 'watch.example'],
		['https://evil.example', 'watch.example'],
		['https://sub.watch.example', 'watch.example'],
		['https://watch.example.evil.example', 'watch.example'],
		['https://evilwatch.example', 'watch.example'],
		['https://watch.example:8443', 'watch.example'],
		['http://watch.example', 'watch.example:443'],
		['https://watch.example@evil.example', 'watch.example'],
		['https://user@watch.example', 'watch.example'],
		['https://WATCH.example', 'watch.example'],
		['https://watch.example/', 'watch.example'],
		['ftp://watch.example', 'watch.example'],
		['file://', 'watch.example'],
		['', 'watch.example'],
		['https://watch.example', ''],
		['https://watch.example', 'watch.example/evil'],
		['https://evil.example', 'evil.example@watch.example'],
	])('[SG18] a page of %s may not, at Host %s', (origin, host) => {
		expect(check(origin, host)).toBe(false)
	})
})

it('[SG18] where the public origin is set, only it counts, whatever the Host header says', () => {
	const rules = { publicOrigin: 'https://watch.example' }
	expect(check('https://watch.example', '10.0.0.5:8080', rules)).toBe(true)
	expect(check('http://watch.example', 'watch.example', rules)).toBe(false)
	expect(check('https://evil.example', 'evil.example', rules)).toBe(false)
})

it('[SG18] the allow-list adds pages served elsewhere, exactly as spelled', () => {
	const rules = { allowedOrigins: ['https://pages.example'] }
	expect(check('https://pages.example', 'watch.example', rules)).toBe(true)
	expect(check('https://sub.pages.example', 'watch.example', rules)).toBe(false)
})

it('[SG18] no Origin at all is no browser: let in, unless the operator wants it otherwise', () => {
	expect(check(undefined, 'watch.example')).toBe(true)
	expect(check(undefined, 'watch.example', { isOriginRequired: true })).toBe(false)
})
