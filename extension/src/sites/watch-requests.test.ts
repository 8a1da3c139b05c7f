import { beforeEach, expect, it } from 'vitest'
import { endRequest, findRequest, keepRequest, type WatchStore } from './watch-requests.ts'

const NOTE = { code: 'AAAA-BBBB-CCCC-DDDD-EEEE', url: 'https://video.example/v/1', title: 'Saltmarsh' }
const [FIRST, SECOND] = ['first-number-of-all', 'second-number-of-all']

let kept: unknown
let store: WatchStore
beforeEach(() => {
	kept = undefined
	store = { get: async () => kept, set: async (value) => void (kept = value) }
})

it('[XT41] a wish is there when its page looks for it, and by its own number alone', async () => {
	const found: unknown[] = []
	await keepRequest(
		NOTE,
		store,
		() => FIRST,
		async (id) => void found.push(await findRequest(id, store)),
	)
	expect(found).toEqual([NOTE])
	expect(await findRequest('some-other-number', store)).toBeNull()
	expect(await findRequest('', store)).toBeNull()
})
it('[XT41] of many the newest alone stands, and one that was answered no longer does', async () => {
	const show = async () => undefined
	await keepRequest(NOTE, store, () => FIRST, show)
	await keepRequest({ ...NOTE, title: 'Another' }, store, () => SECOND, show)
	expect(await findRequest(FIRST, store)).toBeNull()
	await endRequest(FIRST, store)
	expect(await findRequest(SECOND, store)).toMatchObject({ title: 'Another' })
	await endRequest(SECOND, store)
	expect(await findRequest(SECOND, store)).toBeNull()
})
it.each([null, 7, { id: FIRST }, { id: FIRST, note: { ...NOTE, url: 'file:///x' } }])(
	'[XT41] what else may be kept there is no wish: %j',
	async (value) => {
		kept = value
		expect(await findRequest(FIRST, store)).toBeNull()
	},
)
