/**
 * A room, the browser's side of it and the server together: from a pasted link to a title in the queue.
 */
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { NewItem } from '#lib/core/room.ts'
import type { ItemId } from '#lib/core/units.ts'
import { gather, type TestRoom } from '#lib/core/test-room.ts'
import { createServerApi } from '#lib/session/server-api.ts'
import { readLink } from '#lib/session/read-link.ts'
import { createTitles } from '#lib/session/titles.ts'
import { createMemoryStore } from '../../signaling/store/memory.ts'
import { json, openMediaNet, redirect, type MediaNet } from '../support/media-net.ts'
import { newPerson } from '../support/ws-client.ts'
import { startServer, type TestServer } from '../support/ws-server.ts'

const PAGE = new URL('https://watch.example/r')

let media: MediaNet
let server: TestServer
let alice: TestRoom
let titles: ReturnType<typeof createTitles>
let told: string[]
beforeEach(async () => {
	media = await openMediaNet()
	server = await startServer({}, { store: createMemoryStore(), mediaNet: media.net })
	told = []
	const [owner] = (await gather('alice')).rooms
	if (owner === undefined) throw new Error('nobody came')
	alice = owner
	const person = await newPerson(server.url)
	titles = createTitles({
		device: {
			api: createServerApi({
				fetch: (path, init) => fetch(new URL(path as string, server.url), init),
				pageOrigin: server.url,
				wallNowMs: () => Date.now(),
			}),
			identity: { token: () => Promise.resolve({ token: person.token }) } as never,
			name: () => Promise.resolve('Alice'),
		},
		room: alice.room,
		timers: { after: () => () => undefined },
		onRefused: (message) => void told.push(message),
	})
	media.sites.set(
		'api.bilibili.com',
		json({
			code: 0,
			data: {
				title: 'Saltmarsh',
				pic: 'http://i0.hdslb.com/a.jpg',
				owner: { name: 'Ann' },
				pages: [
					{ page: 1, part: 'One', duration: 60 },
					{ page: 2, part: 'Two', duration: 90 },
				],
			},
		}),
	)
	media.sites.set('b23.tv', redirect('https://www.bilibili.com/video/BV1GJ411x7h7?p=2&share_source=x'))
	media.sites.set('www.youtube.com', json({}, 401))
})
afterEach(async () => {
	titles.close()
	await server.close()
	await media.close()
})

const add = async (text: string): Promise<ItemId> => {
	const read = await readLink(text, PAGE, titles.help)
	if (read.type !== 'item') throw new Error(JSON.stringify(read))
	return addItem(read.item)
}
const addItem = async (item: NewItem): Promise<ItemId> => {
	const outcome = await alice.room.queue.add(item, 'end')
	if (outcome.type !== 'done' || outcome.item === undefined) throw new Error(outcome.type)
	titles.note(outcome.item, item)
	return outcome.item
}
const itemOf = (id: ItemId) => alice.room.state().queue.next.find((item) => item.id === id)

it('[MD13, MD15] a short link becomes its video, and the video gets its title, length and still', async () => {
	const id = await add('【Saltmarsh】 https://b23.tv/abc123')
	expect(itemOf(id)?.media).toEqual({ kind: 'bilibili', id: 'BV1GJ411x7h7', page: 2 })
	await expect
		.poll(() => itemOf(id))
		.toMatchObject({ title: 'Saltmarsh · Two', durationS: 90, thumbnailUrl: 'https://i0.hdslb.com/a.jpg' })
	expect(media.requests.map(({ url }) => url.split('?')[0])).toEqual([
		'b23.tv/abc123',
		'api.bilibili.com/x/web-interface/view',
	])
})

it('[MD19] a video that may not be embedded stays in the queue, and whoever added it is told', async () => {
	const id = await add('https://youtu.be/dQw4w9WgXcQ')
	const title = itemOf(id)?.title ?? ''
	await expect.poll(() => told).toHaveLength(1)
	expect(told[0]).toBe(
		'A YouTube video may not play here. Its owner lets it be watched on its own site only.',
	)
	expect(itemOf(id)?.title).toBe(title)
})

it('[MD13] with the setting off nothing reaches the server, and titles stay what the link says', async () => {
	expect(await alice.room.changeSettings({ fetchesTitles: false })).toEqual({ type: 'done' })
	const id = await add('https://youtu.be/dQw4w9WgXcQ')
	expect((await readLink('https://b23.tv/abc123', PAGE, titles.help)).type).toBe('problem')
	expect((await readLink('https://films.example/watch', PAGE, titles.help)).type).toBe('item')
	expect(await titles.search('night bus', PAGE)).toEqual({ type: 'not-offered' })
	await new Promise((resolve) => setTimeout(resolve, 50))
	expect(itemOf(id)?.title).not.toBe('')
	expect(media.requests).toEqual([])
	expect(server.app.counters.all()).toEqual({})
	expect(told).toEqual([])
})
