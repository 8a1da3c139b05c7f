import { expect, it } from 'vitest'
import { readOffline } from './app-offline.ts'
import { createFakeWorkers } from './fake-workers.ts'

const setUp = () => {
	const workers = createFakeWorkers()
	let endPatience: () => void = () => undefined
	const read = () =>
		readOffline({
			workers: workers.container,
			scriptUrl: '/service-worker.js',
			wait: () => new Promise((resolve) => (endPatience = resolve)),
		})
	return { workers, read, endPatience: () => endPatience() }
}
const notReady = (why: string) => ({ type: 'not-ready', why })

it('[OF10] it is ready once the app is kept whole', async () => {
	const { workers, read } = setUp()
	workers.set('active', '1')
	expect(await read()).toEqual({ type: 'ready' })
	expect(workers.heard()).toEqual(['how'])
})

it('[OF10] while it is being fetched the answer waits for it', async () => {
	const { workers, read } = setUp()
	workers.set('installing', '1')
	const answer = read()
	await workers.settle()
	workers.decide('activated')
	expect(await answer).toEqual({ type: 'ready' })
})

it.each([
	['full', 'full'],
	['not-fetched', 'not-fetched'],
	['mixed', 'not-fetched'],
	['refused', 'refused'],
] as const)('[OF10] not kept, %s: why is told, at the first time and later', async (why, told) => {
	const first = setUp()
	first.workers.set('installing', '1')
	const answer = first.read()
	await first.workers.settle()
	first.workers.tellPage({ type: 'matinee-not-kept', why })
	first.workers.decide('redundant')
	expect(await answer).toEqual(notReady(told))

	const later = setUp()
	later.workers.set('active', '1')
	later.workers.answerHow({ why })
	expect(await later.read()).toEqual(notReady(told))
})

it('[OF10] one that failed unheard is tried again, to hear why', async () => {
	const { workers, read, endPatience } = setUp()
	workers.set('installing', '1')
	const answer = read()
	await workers.settle()
	workers.decide('redundant')
	workers.set('installing', '1')
	await workers.settle()
	endPatience()
	await workers.settle()
	workers.tellPage({ type: 'matinee-not-kept', why: 'full' })
	workers.decide('redundant')
	expect(await answer).toEqual(notReady('full'))
})

it('[OF10] what does not come to an end within a minute is not ready yet', async () => {
	const { workers, read, endPatience } = setUp()
	workers.set('active', '1')
	workers.answerHow('silent')
	const answer = read()
	await workers.settle()
	endPatience()
	expect(await answer).toEqual(notReady('not-fetched'))
})

it('[OF10] a browser without workers, one that refuses and a network that is away are told apart', async () => {
	const wait = () => Promise.resolve()
	expect(await readOffline({ workers: null, scriptUrl: '', wait })).toEqual(notReady('unsupported'))
	const refusing = setUp()
	refusing.workers.refuse(new DOMException('certificate', 'SecurityError'))
	expect(await refusing.read()).toEqual(notReady('refused'))
	const away = setUp()
	away.workers.refuse(new TypeError('Failed to register'))
	expect(await away.read()).toEqual(notReady('not-fetched'))
})
