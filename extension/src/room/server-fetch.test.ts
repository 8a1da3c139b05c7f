import { describe, expect, it } from 'vitest'
import { compareVersions, createServerFetch, readServer } from './server-fetch.ts'

describe('the server’s address', () => {
	it.each([
		['https://watch.example', 'https://watch.example'],
		[' watch.example/ ', 'https://watch.example'],
		['https://host.example/watch/', 'https://host.example/watch'],
		['http://localhost:8080', 'http://localhost:8080'],
	])('[XT12] %s is understood', (typed, expected) => expect(readServer(typed)).toBe(expected))
	it.each([
		'',
		'http://watch.example',
		'ftp://watch.example',
		'javascript:alert(1)',
		'https://u:p@watch.example',
		'not an address at all',
		'https://not%20one.example',
	])('[XT12] %j is none', (typed) => expect(readServer(typed)).toBeNull())
})

describe('where the app asks for its configuration', () => {
	const answer = async (body: unknown, status = 200) => {
		const asked: string[] = []
		const fetch = createServerFetch('https://watch.example/watch', async (input) => {
			asked.push(input as string)
			return typeof body === 'string' ? new Response(body, { status }) : Response.json(body, { status })
		})
		const response = await fetch('/config.json')
		return { asked, status: response.status, body: (await response.json().catch(() => null)) as unknown }
	}
	it('[XT12] a static host that names its server is followed', async () => {
		expect(await answer({ server: 'https://api.example' })).toEqual({
			asked: ['https://watch.example/watch/config.json'],
			status: 200,
			body: { server: 'https://api.example' },
		})
	})
	it('[XT12] what is no configuration, or no answer of the server’s, is told as that', async () => {
		expect((await answer('<html>')).status).toBe(404)
		expect((await answer('away', 502)).status).toBe(502)
	})
	it('[XT12] a server that may be there and not allow the extension is asked itself', async () => {
		const fetch = createServerFetch('https://watch.example', () => Promise.reject(new TypeError('CORS')))
		expect(await (await fetch('/config.json')).json()).toEqual({ server: 'https://watch.example' })
		const late = createServerFetch('https://watch.example', () =>
			Promise.reject(new DOMException('late', 'TimeoutError')),
		)
		await expect(late('/config.json')).rejects.toThrow('late')
	})
	it('[XT12] everything else goes where it says', async () => {
		const asked: unknown[] = []
		const fetch = createServerFetch('https://watch.example', async (input) => {
			asked.push(input)
			return new Response()
		})
		await fetch('https://watch.example/api/tickets')
		expect(asked).toEqual(['https://watch.example/api/tickets'])
	})
})

describe('a server of another version', () => {
	const askOf = async (body: unknown) => {
		const others: string[] = []
		const fetch = createServerFetch(
			'https://watch.example',
			async () => Response.json(body),
			(version) => others.push(version),
		)
		return { status: (await fetch('/config.json')).status, others }
	}
	const config = {
		server: '',
		audience: 'https://watch.example',
		auth: { guests: true },
		version: '0.9.0',
		new: 1,
	}

	it('[XT83] is known by its looks, whatever has changed in what it says of itself', async () => {
		expect(await askOf(config)).toEqual({ status: 404, others: ['0.9.0'] })
	})
	it.each([
		{},
		null,
		'text',
		{ ...config, auth: 1 },
		{ ...config, version: 2 },
		{ ...config, audience: null },
	])('[XT83] %j is none', async (body) => {
		expect(await askOf(body)).toEqual({ status: 404, others: [] })
	})
	it.each([
		['0.2.0', '0.1.9', 'newer'],
		['0.1.9', '0.2.0', 'older'],
		['1.0', '0.9.9', 'newer'],
		['0.10.0', '0.9.0', 'newer'],
		['0.1.0', '0.1.0', 'newer'],
		['unknown', '0.1.0', 'newer'],
	] as const)('[XT83] %s is to %s: %s', (theirs, own, expected) =>
		expect(compareVersions(theirs, own)).toBe(expected),
	)
})
