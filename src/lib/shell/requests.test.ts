import { describe, expect, it } from 'vitest'
import { kindOf, strayFiles, type RequestKind, type ShellRequest } from './requests.ts'

const files = (base: string) =>
	new Set(['/favicon.svg', '/_app/immutable/entry/start.a1.js'].map((path) => base + path))
const PAGES = ['/', '/r', '/login', '/settings']
const place = (base: string) => ({
	origin: 'https://m.example',
	base,
	files: files(base),
	pages: new Set(PAGES.map((path) => base + path)),
})
const kind = (path: string, change: Partial<ShellRequest> = {}, base = ''): RequestKind =>
	kindOf(
		{ method: 'GET', mode: 'no-cors', url: `https://m.example${base}${path}`, isRange: false, ...change },
		place(base),
	)
const visit = (path: string, base = '') => kind(path, { mode: 'navigate' }, base)

describe.each(['', '/watch'])('under %j', (base) => {
	it('[OF1] pages of the app are answered from what is kept, whatever their query', () => {
		expect(visit('/?url=https%3A%2F%2Fv.example%2Fa', base)).toBe('page')
		for (const page of PAGES) expect(visit(page, base), page).toBe('page')
		expect(visit('/r?view=remote', base)).toBe('page')
	})

	it('[OF1] scripts, styles and icons too, also those of other versions', () => {
		expect(kind('/favicon.svg', {}, base)).toBe('file')
		expect(kind('/_app/immutable/entry/start.a1.js', { mode: 'cors' }, base)).toBe('file')
		expect(kind('/_app/immutable/chunks/older.b2.js', { mode: 'cors' }, base)).toBe('file')
	})

	it.each([
		'/api/identity',
		'/api/auth/oidc/google',
		'/ws',
		'/y-webrtc',
		'/healthz',
		'/readyz',
		'/metrics',
		'/.well-known/jwks.json',
		'/_app/version.json',
		'/service-worker.js',
		'/film/saltmarsh.webm',
		'/art/still.svg',
	])('[OF2] %s is never touched, asked for or gone to', (path) => {
		expect(kind(path, {}, base)).toBe('network')
		expect(visit(path, base)).toBe('network')
	})

	it('[OF2] nor parts of files, other methods, other origins and what lies beside the app', () => {
		expect(kind('/favicon.svg', { isRange: true }, base)).toBe('network')
		expect(kind('/', { method: 'POST', mode: 'navigate' }, base)).toBe('network')
		expect(kind('', { url: `https://other.example${base}/favicon.svg` }, base)).toBe('network')
		expect(visit('/somewhere', base)).toBe('network')
	})

	it('[OF3] the configuration has its own way', () => {
		expect(kind('/config.json', { mode: 'cors' }, base)).toBe('config')
	})
})

it('[OF2] with a path of its own, the app answers nothing outside of it', () => {
	const outside = { method: 'GET', mode: 'navigate', isRange: false }
	for (const path of ['/', '/watch', '/watching/', '/r', '/config.json', '/favicon.svg'])
		expect(kindOf({ ...outside, url: `https://m.example${path}` }, place('/watch')), path).toBe('network')
})

it('[OF4] a page that names files of another version is told by them', () => {
	const html = (name: string) =>
		`<link href="/watch/_app/immutable/assets/a.css"><script>import("./_app/immutable/entry/${name}")</script>`
	const known = {
		base: '/watch',
		files: new Set(['/watch/_app/immutable/assets/a.css', '/watch/_app/immutable/entry/start.a1.js']),
	}
	expect(strayFiles(html('start.a1.js'), known)).toEqual([])
	expect(strayFiles(html('start.b2.js'), known)).toEqual(['/watch/_app/immutable/entry/start.b2.js'])
})
