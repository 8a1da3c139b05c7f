import { expect, it } from 'vitest'
import { createConfigKeeper } from './keep-config.ts'
import { createMemoryCaches } from './memory-caches.ts'

const PATH = '/watch/config.json'
const json = (value: unknown, status = 200) => new Response(JSON.stringify(value), { status })

const setUp = (caches = createMemoryCaches()) => {
	let next: () => Promise<Response> = async () => json({ server: 'https://a.example' })
	let isPatienceOver: () => void = () => undefined
	const keeper = createConfigKeeper({
		caches,
		path: PATH,
		fetch: () => next(),
		wait: () => new Promise((resolve) => (isPatienceOver = resolve)),
	})
	const ask = () => keeper.answer(new Request(`http://memory${PATH}`))
	return {
		remember: keeper.remember,
		answers: (fn: () => Promise<Response>) => (next = fn),
		ask,
		server: async () => ((await (await ask()).json()) as { server: string }).server,
		endPatience: () => {
			isPatienceOver()
		},
	}
}

it('[OF3] an operator’s change is there at once', async () => {
	const { answers, server } = setUp()
	expect(await server()).toBe('https://a.example')
	answers(async () => json({ server: 'https://b.example' }))
	expect(await server()).toBe('https://b.example')
})

it.each([
	['no network', () => Promise.reject(new TypeError('Failed to fetch'))],
	['a server that fails', async () => json({ error: 'unavailable' }, 502)],
	['a page in its place', async () => new Response('<h1>Sign in to our Wi-Fi</h1>')],
	['something else than a configuration', async () => json([1])],
])('[OF3] with %s the last good answer serves', async (_what, answer) => {
	const { answers, server } = setUp()
	await server()
	answers(answer)
	expect(await server()).toBe('https://a.example')
})

it('[OF3] a network that does not answer is not waited for longer than three seconds', async () => {
	const { answers, server, endPatience } = setUp()
	await server()
	answers(() => new Promise(() => undefined))
	const answer = server()
	endPatience()
	expect(await answer).toBe('https://a.example')
})

it('[OF3] it is kept beside the app, before any page asks for it through the worker', async () => {
	const { answers, server, remember } = setUp()
	answers(() => Promise.reject(new TypeError('Failed to fetch')))
	await remember()
	await expect(server()).rejects.toThrow('Failed to fetch')
	answers(async () => json({ server: 'https://a.example' }))
	await remember()
	answers(() => Promise.reject(new TypeError('Failed to fetch')))
	expect(await server()).toBe('https://a.example')
})

it('[OF3] where nothing is kept, what came is what is told', async () => {
	const { answers, ask, endPatience } = setUp()
	answers(async () => json({ error: 'unavailable' }, 502))
	expect((await ask()).status).toBe(502)
	answers(() => Promise.reject(new TypeError('Failed to fetch')))
	await expect(ask()).rejects.toThrow('Failed to fetch')
	let answerLate: (response: Response) => void = () => undefined
	answers(() => new Promise((resolve) => (answerLate = resolve)))
	const late = ask()
	endPatience()
	answerLate(json({ server: 'https://late.example' }))
	expect(await (await late).json()).toEqual({ server: 'https://late.example' })
})

it('[OF3] that there is no configuration at all is an answer, too', async () => {
	const { answers, ask, server } = setUp()
	await server()
	answers(async () => json({ error: 'not-found' }, 404))
	expect((await ask()).status).toBe(404)
})

it('[OF5] where nothing can be kept it is asked for as ever', async () => {
	const caches = createMemoryCaches()
	caches.limit = 0
	const { server } = setUp(caches)
	expect(await server()).toBe('https://a.example')
})
