import { expect, it } from 'vitest'
import { checkServer } from './check-server.ts'

const CONFIG = {
	server: '',
	audience: 'https://matinee.example',
	iceServers: [],
	auth: { guests: true, passwords: false, signUp: false, door: false, issuers: [] },
	version: '1.4.0',
}
const SERVER = 'https://matinee.example'

interface Answers {
	readonly config?: () => Response
	readonly ticket?: () => Response
	/** Without a look at whether it may be read. */
	readonly isThere?: boolean
}
const refused = () => {
	throw new TypeError('Failed to fetch')
}
const check = async ({ config = refused, ticket = refused, isThere = false }: Answers) => {
	const asked: string[] = []
	const found = await checkServer(SERVER, {
		fetch: async (input, init) => {
			asked.push(input as string)
			if (init?.mode === 'no-cors') return isThere ? new Response() : refused()
			return input === `${SERVER}/api/tickets` ? ticket() : config()
		},
		ownOrigin: 'chrome-extension://me',
		wallNowMs: () => 0,
	})
	return { found, asked }
}
const error = (name: string, status: number) => () =>
	Response.json({ error: name, message: 'In words.' }, { status })

it('[XT44] a server that takes the extension answers with its version', async () => {
	const { found, asked } = await check({
		config: () => Response.json(CONFIG),
		ticket: error('bad-request', 400),
	})
	expect(found).toEqual({ type: 'answers', version: '1.4.0' })
	expect(new Set(asked)).toEqual(new Set([`${SERVER}/config.json`, `${SERVER}/api/tickets`]))
})
it('[XT44] a server that keeps a door answers too', async () => {
	const { found } = await check({ config: () => Response.json(CONFIG), ticket: error('door-closed', 403) })
	expect(found.type).toBe('answers')
})
it('[XT44] a server that does not list the extension is told from one that is away', async () => {
	expect((await check({ isThere: true })).found).toEqual({ type: 'refuses' })
	expect((await check({ isThere: false })).found).toEqual({ type: 'silent' })
})
it('[XT44] where the browser asks the server nothing, the server is asked', async () => {
	const { found } = await check({ config: () => Response.json(CONFIG), ticket: error('not-allowed', 403) })
	expect(found).toEqual({ type: 'refuses' })
})
it('[XT44] what is no server of Matinee is no silent one', async () => {
	expect((await check({ config: () => new Response('<html>', { status: 200 }) })).found.type).toBe('stranger')
	expect((await check({ config: () => new Response('', { status: 404 }) })).found.type).toBe('stranger')
	expect((await check({ config: () => new Response('', { status: 502 }) })).found.type).toBe('silent')
	expect((await check({ config: () => Response.json({ server: 'ftp://x' }) })).found.type).toBe('stranger')
})
