import { describe, expect, it, vi } from 'vitest'
import { EMPTY_VECTOR } from '#lib/core/playback.ts'
import { DEFAULT_SETTINGS } from '#lib/core/roles.ts'
import type { ActivityEntry, Deed, RoomState } from '#lib/core/state.ts'
import type { DeviceId, ItemId } from '#lib/core/units.ts'
import { describeNews } from './news-words.ts'
import { createToaster } from './toaster.ts'

const alice = 'alice' as DeviceId
const bob = 'bob' as DeviceId
const item = 'bob.1' as ItemId

let counter = 0
const entry = (by: DeviceId, deed: Deed, change: Partial<ActivityEntry> = {}): ActivityEntry => ({
	id: `${by}.${String(++counter)}`,
	by,
	atMs: 1_000,
	deed,
	isUndoable: true,
	undoneBy: null,
	...change,
})
const room = (...activity: ActivityEntry[]): RoomState => ({
	title: '',
	createdAtMs: 0,
	settings: DEFAULT_SETTINGS,
	me: alice,
	myRole: 'member',
	myRemoval: null,
	removals: [],
	offer: null,
	moved: null,
	members: [],
	queue: { earlier: [], current: null, next: [], following: null },
	playback: EMPTY_VECTOR,
	chat: [],
	chatDeletions: [],
	subtitles: [],
	activity,
})
const names = (device: DeviceId) => ({ alice: 'Alice', bob: 'Bob' })[device as string] ?? '?'

describe('toasts', () => {
	it.each([
		['removed', 'Bob removed a Bilibili video'],
		['added', 'Bob added a Bilibili video'],
		['moved', 'Bob moved a Bilibili video'],
		['started', 'Bob started a Bilibili video'],
	] as const)('[AC10] name a video without a title by words that fit: %s', (type, text) => {
		const toaster = createToaster(names, undefined, describeNews)
		toaster.observe(room(entry(bob, { type, item, title: 'A Bilibili video' })), 2_000)
		expect(toaster.current()).toMatchObject({ text, subject: 'a Bilibili video' })
	})

	it('[SS6] tell what others did, with Undo where there is an inverse', () => {
		const toaster = createToaster(names, undefined, describeNews)
		expect(toaster.observe(room(entry(bob, { type: 'removed', item, title: 'Night bus' })), 2_000)).toBe(true)
		expect(toaster.current()).toMatchObject({
			text: 'Bob removed Night bus',
			subject: 'Night bus',
			action: { kind: 'undo' },
		})
	})

	it('[SS7] keep quiet about what the person did and sees, but not about what may be regretted', () => {
		const toaster = createToaster(names, undefined, describeNews)
		toaster.observe(room(entry(alice, { type: 'paused', positionS: 3 })), 2_000)
		expect(toaster.current()).toBeNull()
		toaster.observe(room(entry(alice, { type: 'removed', item, title: 'Night bus' })), 2_000)
		expect(toaster.current()?.text).toBe('You removed Night bus')
	})

	it('[SS7] each move of one’s own can be undone: several are not told as one', () => {
		const toaster = createToaster(names, undefined, describeNews)
		for (const title of ['One', 'Two'])
			toaster.observe(room(entry(alice, { type: 'moved', item, title })), 2_000)
		expect(toaster.current()).toMatchObject({ text: 'You moved Two', action: { kind: 'undo' } })
	})

	it('[SS8] repeats of one person fold into one line', () => {
		const toaster = createToaster(names, undefined, describeNews)
		const first = entry(bob, { type: 'added', item, title: 'One' })
		const second = entry(bob, { type: 'added', item, title: 'Two' })
		toaster.observe(room(first), 2_000)
		toaster.observe(room(second, first), 2_000)
		expect(toaster.current()?.text).toBe('Bob added 2 videos')
	})

	it('[SS9] history that arrives late is no news', () => {
		const toaster = createToaster(names, undefined, describeNews)
		toaster.observe(room(entry(bob, { type: 'removed', item, title: 'Old' })), 1_000 + 60_000)
		expect(toaster.current()).toBeNull()
	})

	it('[SS10] a toast goes when it is dismissed or its deed undone', () => {
		const toaster = createToaster(names, undefined, describeNews)
		const removed = entry(bob, { type: 'removed', item, title: 'Night bus' })
		toaster.observe(room(removed), 2_000)
		toaster.dismiss('another')
		expect(toaster.current()).not.toBeNull()
		toaster.observe(room({ ...removed, undoneBy: alice }), 2_000)
		expect(toaster.current()).toBeNull()
	})

	it('[SS6] offers Undo only to who may, and tells of skipping', () => {
		const started = { type: 'went-on', item, title: 'B', isSkip: true } as const
		const toastOf = (mayUndo: boolean) => {
			const toaster = createToaster(names, () => mayUndo, describeNews)
			toaster.observe(room(entry(bob, started)), 1_000)
			return toaster.current()
		}
		expect(toastOf(true)).toMatchObject({ text: 'Bob skipped to B', subject: 'B', action: { kind: 'undo' } })
		expect(toastOf(false)).toMatchObject({ text: 'Bob skipped to B', action: null })
	})

	it('[SS6] fetches its words with the first deed, and then tells what came meanwhile; history stays history', async () => {
		const onFetched = vi.fn()
		const toaster = createToaster(names, undefined, null, onFetched)
		const old = entry(bob, { type: 'removed', item, title: 'Old' })
		const young = entry(bob, { type: 'added', item, title: 'Young' })
		toaster.observe(room(old), Infinity)
		toaster.observe(room(young, old), 2_000)
		expect(toaster.current()).toBeNull()
		await vi.waitFor(() => {
			expect(onFetched).toHaveBeenCalledTimes(1)
		})
		expect(toaster.current()).toMatchObject({ text: 'Bob added Young', subject: 'Young' })
	})
})
