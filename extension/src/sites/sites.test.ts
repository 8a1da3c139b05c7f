import { expect, it } from 'vitest'
import { covers, hostOfPattern, isOfServer, patternOf } from './site-pattern.ts'
import { appScriptFor, listSites } from './sites.ts'

it.each([
	['https://www.video.example/watch?v=1#t', 'https://www.video.example/*'],
	['https://video.example:8443/x', 'https://video.example/*'],
	['http://localhost:5173/', 'http://localhost/*'],
	['http://127.0.0.1:4000/watch', 'http://127.0.0.1/*'],
	['http://video.example/', null],
	['ftp://video.example/', null],
	['file:///home/alice/film.mkv', null],
	['chrome://extensions', null],
	['javascript:alert(1)', null],
	['not an address', null],
	['', null],
])('[XT36] the permission for %s is %s', (url, pattern) => {
	expect(patternOf(url)).toBe(pattern)
})
it.each([
	['https://video.example/*', 'https://video.example/a', true],
	['https://video.example/*', 'https://video.example:8443/a', true],
	['https://video.example/*', 'http://video.example/a', false],
	['https://video.example/*', 'https://www.video.example/a', false],
	['https://video.example/*', 'https://evil.example/video.example', false],
	['https://*.video.example/*', 'https://www.video.example/a', true],
	['https://*.video.example/*', 'https://video.example/a', true],
	['https://*.video.example/*', 'https://notvideo.example/a', false],
	['*://video.example/*', 'http://video.example/a', true],
	['https://*/*', 'https://anything.example/', true],
	['https://*/*', 'http://anything.example/', false],
	['<all_urls>', 'http://anything.example/', true],
	['<all_urls>', 'chrome://extensions', false],
	['nonsense', 'https://video.example/', false],
])('[XT36] %s lets into %s: %s', (pattern, url, isIn) => {
	expect(covers(pattern, url)).toBe(isIn)
})
it('[XT36] the sites that were allowed are listed by host, the server’s apart', () => {
	const origins = [
		'https://www.z.example/*',
		'https://matinee.example/*',
		'https://a.example/*',
		'https://*/*',
	]
	expect(listSites(origins, 'https://matinee.example/watch')).toEqual([
		{ pattern: 'https://*/*', host: null },
		{ pattern: 'https://a.example/*', host: 'a.example' },
		{ pattern: 'https://www.z.example/*', host: 'www.z.example' },
	])
	expect(hostOfPattern('https://*.video.example/*')).toBe('*.video.example')
})
it('[XT40] without a server, or without its permission, nothing is put into any page', () => {
	expect(appScriptFor('', ['https://*/*'])).toBeNull()
	expect(appScriptFor('https://matinee.example', ['https://video.example/*'])).toBeNull()
	expect(appScriptFor('https://matinee.example', ['https://*/*'])?.matches).toEqual([
		'https://matinee.example/*',
	])
})
it('[XT40] only what stands below the server’s address is its page', () => {
	expect(isOfServer('https://matinee.example/', 'https://matinee.example')).toBe(true)
	expect(isOfServer('https://matinee.example.evil.example/', 'https://matinee.example')).toBe(false)
	expect(isOfServer(undefined, 'https://matinee.example')).toBe(false)
	expect(isOfServer('https://matinee.example/', '')).toBe(false)
})
