/**
 * The driver with a file of the person's own in place of a link, in a real room on virtual time.
 */
import { describe, expect, it } from 'vitest'
import { createFakeSigner } from '#lib/core/fake-crypto.ts'
import type { LocalFileRef, MediaRef } from '#lib/core/media.ts'
import type { OwnCopy } from '#lib/core/own-files.ts'
import { createTestRoom, testRoot } from '#lib/core/test-room.ts'
import type { ItemId } from '#lib/core/units.ts'
import { memoryLagStore } from '#lib/follow/lags.ts'
import { createFakePlayer, type FakePlayer } from '#lib/players/fake.ts'
import { createVirtualTime } from '#lib/players/virtual-time.ts'
import { createPlaybackDriver } from '../playback-driver.ts'

const LINK: MediaRef = { kind: 'youtube', id: 'dQw4w9WgXcQ' }
const FILE: LocalFileRef = {
	kind: 'local-file',
	size: 3,
	hash: 's_rmxn6JhU4Ix9lZcXacF-otyPpVCdoJkjFMes8OvQc',
	name: 'abc.webm',
	durationS: 60,
}
const copyOf = (change: Partial<OwnCopy> = {}): OwnCopy => ({
	facts: { name: FILE.name, size: FILE.size, hash: FILE.hash, durationS: 60 },
	url: 'blob:1',
	media: FILE,
	isSame: true,
	difference: null,
	...change,
})

const createScene = async (
	media: MediaRef,
	options: { readonly durationS?: number; readonly fileS?: number; readonly playsPages?: boolean } = {},
) => {
	const time = createVirtualTime(1_800_000_000_000)
	const signer = createFakeSigner('alice')
	const { room } = createTestRoom('alice', { root: testRoot(signer), clock: { nowMs: time.now }, signer })
	await room.introduce({ name: 'Alice', token: null })
	let copy: OwnCopy | 'looking' | null = null
	const loads: MediaRef[] = []
	const players: FakePlayer[] = []
	const driver = createPlaybackDriver({
		room,
		me: signer.device,
		vector: () => room.state().playback,
		registry: {
			canPlay: ({ kind }) => kind !== 'page' || options.playsPages === true,
			load: async (_stage, asked) => {
				loads.push(asked)
				const isOwn = 'url' in asked && asked.url.startsWith('blob:')
				const player = createFakePlayer({
					local: time.now,
					after: time.after,
					random: () => 0.5,
					lagSigmaMs: 0,
					durationS: isOwn ? (options.fileS ?? 60) : 60,
				})
				players.push(player)
				return { type: 'loaded', player }
			},
		},
		roomNow: time.now,
		whenTimeIsKnown: async () => undefined,
		local: time.now,
		timers: time,
		lagStore: memoryLagStore(),
		isHidden: () => false,
		volume: { volume: 1, isMuted: false },
		onVolume: () => undefined,
		userDelayMs: () => 0,
		liveLatencyMs: () => null,
		ownCopy: () => copy,
		onIntent: () => undefined,
		startDelayMs: () => 200,
		turnDelayMs: () => 0,
		onChange: () => undefined,
	})
	room.onChange(driver.roomChanged)
	const { durationS } = options
	const added = await room.queue.add(
		{ media, title: 'Saltmarsh', ...(durationS === undefined ? {} : { durationS }) },
		'end',
	)
	if (added.type !== 'done' || added.item === undefined) throw new Error(added.type)
	const id: ItemId = added.item
	const other = await room.queue.add({ media: LINK, title: 'Next' }, 'end')
	/** Commands of the room take some turns of the microtasks. */
	const run = async (ms: number) => {
		for (let done = 0; done < ms; done += 100) {
			await time.advance(100)
			for (let i = 0; i < 20; i++) await Promise.resolve()
		}
	}
	driver.setStage({} as HTMLElement)
	const use = async (next: typeof copy) => {
		copy = next
		driver.roomChanged()
		await run(300)
	}
	await room.queue.playNow(id, time.now() + 200)
	await run(500)
	return { time, room, driver, loads, players, id, other, run, use, player: () => players.at(-1) }
}

describe('a page whose video its own site alone plays', () => {
	const PAGE: MediaRef = { kind: 'page', url: 'https://films.example/watch/5' }

	it('[XT47] nothing is loaded and nothing has failed; the room’s clock goes on, and its controls', async () => {
		const { driver, loads, run } = await createScene(PAGE, { durationS: 60 })
		await run(5_000)
		expect(loads).toEqual([])
		const view = driver.view()
		expect(view).toMatchObject({ state: 'on-site', isPlaying: true, failure: null, disabled: {}, limits: [] })
		expect(view.positionS).toBeGreaterThan(5)
		expect(driver.status()).toBeNull()
		expect(driver.unplayable().size).toBe(0)
		await run(90_000)
		expect(driver.view()).toMatchObject({ state: 'on-site', positionS: 60 })
		driver.dispose()
	})
	it('[XT47] whoever can play it does, and so does a file of one’s own', async () => {
		const there = await createScene(PAGE, { playsPages: true })
		await there.run(2_000)
		expect(there.driver.view()).toMatchObject({ state: 'playing' })
		there.driver.dispose()
		const { driver, loads, run, use } = await createScene(PAGE)
		await use('looking')
		expect(driver.view()).toMatchObject({ state: 'on-site' })
		await use(copyOf())
		await run(2_000)
		expect(loads).toEqual([{ kind: 'file', url: 'blob:1' }])
		expect(driver.view()).toMatchObject({ state: 'playing' })
		await use(null)
		expect(driver.view()).toMatchObject({ state: 'on-site' })
		driver.dispose()
	})
	it('[XT47] the next item plays here as ever', async () => {
		const { driver, room, time, other, loads, run } = await createScene(PAGE)
		if (other.type !== 'done' || other.item === undefined) throw new Error(other.type)
		await room.queue.playNow(other.item, time.now() + 200)
		await run(2_000)
		expect(loads).toEqual([LINK])
		expect(driver.view()).toMatchObject({ state: 'playing' })
		driver.dispose()
	})
})

describe('a file of one’s own on the stage', () => {
	it('[LF14] without a copy the player says which file is asked for, and loads nothing', async () => {
		const { driver, loads, run, use } = await createScene(FILE)
		expect(driver.view()).toMatchObject({
			state: 'needs-file',
			asked: { name: 'abc.webm', size: 3, durationS: 60 },
			isPlaying: true,
			failure: null,
		})
		expect(loads).toEqual([])
		await run(5_000)
		// The room goes on; whoever finds the copy comes in where it is.
		expect(driver.view().positionS).toBeGreaterThan(5)
		await use('looking')
		expect(driver.view()).toMatchObject({ state: 'loading' })
		await use(copyOf())
		await run(2_000)
		expect(loads).toEqual([{ kind: 'file', url: 'blob:1' }])
		expect(driver.view()).toMatchObject({ state: 'playing' })
		expect(driver.view()).not.toHaveProperty('asked')
		driver.dispose()
	})

	it('[LF17] it takes the link’s place in the midst of the film, at the room’s position, and gives it back', async () => {
		const { driver, loads, players, run, use, time, room } = await createScene(LINK)
		await run(5_000)
		expect(loads).toEqual([LINK])
		await use(copyOf({ isSame: false }))
		await run(3_000)
		expect(loads).toEqual([LINK, { kind: 'file', url: 'blob:1' }])
		const { positionS, atMs } = room.state().playback
		const roomS = positionS + (time.now() - atMs) / 1000
		expect(Math.abs((players[1]?.trueS() ?? 0) - roomS)).toBeLessThan(0.1)
		// The same file once more is no reason to load it again.
		await use(copyOf({ isSame: false }))
		expect(loads).toHaveLength(2)
		await use(null)
		expect(loads).toEqual([LINK, { kind: 'file', url: 'blob:1' }, LINK])
		driver.dispose()
	})

	it('[LF17] its own length is told to the room only if it is the very file', async () => {
		const unmeasured: LocalFileRef = { kind: 'local-file', size: FILE.size, hash: FILE.hash, name: FILE.name }
		for (const [isSame, told] of [
			[false, null],
			[true, 60],
		] as const) {
			const { driver, room, run, use } = await createScene(unmeasured)
			await use(copyOf({ isSame }))
			await run(2_000)
			expect(room.state().queue.current?.durationS).toBe(told)
			driver.dispose()
		}
	})

	it('[LF17] a shorter file ends the film for nobody before its time', async () => {
		const { driver, room, run, use, id } = await createScene(LINK, { durationS: 60, fileS: 58.5 })
		await use(copyOf({ isSame: false }))
		await room.playback.set({
			...room.state().playback,
			positionS: 55,
			atMs: room.state().playback.atMs + 800,
		})
		await run(4_500)
		expect(driver.view().state).toBe('ended')
		expect(room.state().queue.current?.id).toBe(id)
		await run(3_000)
		expect(room.state().queue.current?.id).not.toBe(id)
		driver.dispose()
	})

	it('[PL121] when it fails it is named in the words, and no link is offered', async () => {
		const { driver, player, run, use } = await createScene(FILE)
		await use(copyOf())
		player()?.fail({ type: 'file-gone' })
		await run(300)
		expect(driver.view()).toMatchObject({
			state: 'failed',
			failure: { title: 'The file can be read no more', openUrl: null },
		})
		// Picked again, it plays again.
		await use(copyOf({ url: 'blob:2' }))
		await run(1_000)
		expect(driver.view().state).toBe('playing')
		driver.dispose()
	})
})
