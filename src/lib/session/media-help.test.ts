import { beforeEach, expect, it } from 'vitest'
import type { ClientConfig } from '#lib/protocol/http.ts'
import { createMediaHelp, type MediaHelp } from './media-help.ts'
import type { ApiOutcome, ApiRequest } from './server-api.ts'

let offer: ClientConfig['media']
let mayAsk: boolean
let token: string | null
let sent: { path: string; request: ApiRequest | undefined }[]
let outcome: ApiOutcome<unknown>
let help: MediaHelp
let onToken: () => void
beforeEach(() => {
	offer = { titles: true, search: true }
	;[mayAsk, token, sent] = [true, 'a.b.c', []]
	outcome = { type: 'ok', value: { type: 'nothing' } }
	onToken = () => undefined
	help = createMediaHelp({
		api: {
			config: () => Promise.resolve({ type: 'ok', value: { media: offer } as ClientConfig }),
			call: ((path: string, _schema: unknown, request?: ApiRequest) => {
				sent.push({ path, request })
				return Promise.resolve(outcome)
			}) as never,
		},
		token: () => {
			onToken()
			return Promise.resolve(token)
		},
		mayAsk: () => mayAsk,
	})
})
const askAll = () =>
	Promise.all([
		help.describe({ kind: 'youtube', id: 'dQw4w9WgXcQ' }),
		help.look('https://b23.tv/x'),
		help.playlist('PLx'),
		help.search('night bus'),
	])

it('[MD13] questions carry the identity, and not where people start', async () => {
	await help.describe({ kind: 'youtube', id: 'dQw4w9WgXcQ', startS: 90 })
	await help.playlist('PLx')
	expect(sent).toEqual([
		{
			path: '/api/media/describe',
			request: { method: 'POST', body: { token: 'a.b.c', media: { kind: 'youtube', id: 'dQw4w9WgXcQ' } } },
		},
		{
			path: '/api/media/playlist',
			request: { method: 'POST', body: { token: 'a.b.c', site: 'YouTube', id: 'PLx' } },
		},
	])
})

it('[MD13] nothing goes out where the room keeps its links, the server offers nothing, or there is no identity', async () => {
	const nothing = [null, null, null, null]
	mayAsk = false
	expect(await askAll()).toEqual(nothing)
	expect(await help.hasSearch()).toBe(false)
	mayAsk = true
	offer = undefined
	expect(await askAll()).toEqual(nothing)
	offer = { titles: false, search: false }
	expect(await askAll()).toEqual(nothing)
	offer = { titles: true, search: true }
	token = null
	expect(await askAll()).toEqual(nothing)
	token = 'a.b.c'
	onToken = () => (mayAsk = false) // switched off while the identity was fetched
	expect(await help.look('https://b23.tv/x')).toBeNull()
	expect(sent).toEqual([])
})

it('[MD13] without a key there are titles and no lists', async () => {
	offer = { titles: true, search: false }
	expect(await help.playlist('PLx')).toBeNull()
	expect(await help.search('x')).toBeNull()
	expect(await help.look('https://b23.tv/x')).toEqual({ type: 'nothing' })
	expect(sent).toHaveLength(1)
})

it('[MD13] files and playlists by their name stay here', async () => {
	expect(await help.describe({ kind: 'file', url: 'https://films.example/a.mp4' })).toBeNull()
	expect(await help.describe({ kind: 'hls', url: 'https://films.example/a.m3u8' })).toBeNull()
	expect(sent).toEqual([])
})

it('[MD14] a server that is away, or refuses, is no answer', async () => {
	outcome = { type: 'unreachable' }
	expect(await askAll()).toEqual([null, null, null, null])
	outcome = { type: 'unexpected', status: 502 }
	expect(await askAll()).toEqual([null, null, null, null])
})
