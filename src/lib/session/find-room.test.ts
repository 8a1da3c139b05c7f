import { describe, expect, it, vi } from 'vitest'
import { createRoomCode } from '#lib/core/room-code.ts'
import { deriveRoomKeys } from '#lib/core/room-keys.ts'
import { sealRoot } from '#lib/core/root.ts'
import type { Millis, SubjectId } from '#lib/core/units.ts'
import type { Timers } from '#lib/follow/timers.ts'
import { findRoom } from './find-room.ts'
import { createLockWorld, type WorldDevice } from './lock-world.ts'
import { makeRoom } from './create-room.ts'
import { giveLateOrders, ordersKeyOf } from './late-orders.ts'
import { keepRegistered } from './register-room.ts'

const cut = (found: Awaited<ReturnType<typeof findRoom>>) => {
	if (found.type !== 'found') throw new Error(found.type)
	return found
}
const asked = (found: Awaited<ReturnType<typeof findRoom>>) => {
	if (found.type !== 'password') throw new Error(found.type)
	return found
}

describe('a room with a password', () => {
	it('[LK16] a wrong password is told without asking anybody; the right one opens the room', async () => {
		const world = createLockWorld()
		const [ana, bo] = await Promise.all([world.createDevice('ana'), world.createDevice('bo')])
		const code = await world.createHere(ana, 'open sesame')
		const door = asked(await findRoom(bo, code))
		expect(door.title).toBe('Sunday')
		world.server.asked.length = 0
		for (const wrong of ['open sesam', 'Open sesame', '', 'x'.repeat(300)])
			expect(await door.check(wrong)).toBe('wrong')
		const opened = await door.check('open sesame')
		expect(world.server.asked).toEqual([])
		const anas = cut(await findRoom(ana, code))
		expect(opened).toMatchObject({ type: 'found', keys: anas.keys, isKnown: false })
		expect(anas.keys.roomId).not.toBe(anas.keys.lookupId)
		expect(await ana.store.rooms.get(anas.keys.lookupId)).toMatchObject({ docId: anas.keys.roomId })
	})

	it('[LK16] is asked for once: what the password led to is kept with the visit', async () => {
		const world = createLockWorld()
		const [ana, bo] = await Promise.all([world.createDevice('ana'), world.createDevice('bo')])
		const code = await world.createHere(ana, 'open sesame')
		await world.open(bo, code, { password: 'open sesame' })
		world.server.isAway = true
		expect(cut(await findRoom(bo, code)).isKnown).toBe(true)
		// Damaged on disk: asked for again, and nothing worse.
		const [visit] = await bo.store.rooms.list()
		if (visit === undefined) throw new Error('one visit')
		await bo.store.rooms.put({ ...visit, passwordSecret: 'A'.repeat(43) })
		expect(await asked(await findRoom(bo, code)).check('open sesame')).toMatchObject({ type: 'found' })
	})

	it('[LK16] a room without one asks for none, and other answers of the server stay what they were', async () => {
		const world = createLockWorld()
		const [ana, bo] = await Promise.all([world.createDevice('ana'), world.createDevice('bo')])
		const code = await world.createHere(ana)
		const found = cut(await findRoom(bo, code))
		expect([found.passwordSecret, found.keys.roomId]).toEqual([null, found.keys.lookupId])
		const other = createRoomCode({ bytes: (count) => new Uint8Array(count).fill(7) })
		expect(await findRoom(bo, other)).toEqual({ type: 'unknown' })
		world.server.isAway = true
		expect(await findRoom(bo, code)).toEqual({ type: 'server-away' })
	})
})

describe('registering a room', () => {
	const setUp = async (password: string) => {
		const world = createLockWorld()
		const [ana, bo] = await Promise.all([world.createDevice('ana'), world.createDevice('bo')])
		const code = await world.createHere(ana, password)
		const anas = await world.open(ana, code)
		const bos = await world.open(bo, code, { password })
		world.server.roots.clear()
		world.server.asked.length = 0
		const waits: (() => void)[] = []
		const timers: Timers = {
			after: (_ms: Millis, fn: () => void) => {
				waits.push(fn)
				return () => undefined
			},
		}
		/** Resolves once `isDone`; real keys take their time. */
		const run = async (
			device: WorldDevice,
			found: typeof anas.found,
			isDone: (told: readonly string[]) => boolean,
		): Promise<readonly string[]> => {
			const told: string[] = []
			const stop = keepRegistered({
				device,
				found,
				isNew: false,
				timers,
				onTaken: () => told.push('taken'),
				onMoved: (notes) => told.push(notes),
			})
			await vi.waitFor(() => expect(isDone(told)).toBe(true), 60_000)
			stop()
			return told
		}
		const isRegistered = () => world.server.roots.size === (password === '' ? 1 : 2)
		return { world, ana, bo, anas: anas.found, bos: bos.found, run, waits, isRegistered }
	}

	it('[LK17] goes under both ids, with the owner under the room’s own, whichever member does it', async () => {
		const { world, bo, bos, run, ana, isRegistered } = await setUp('open sesame')
		await run(bo, bos, isRegistered)
		const { lookupId, roomId } = bos.keys
		expect(world.server.roots.get(lookupId)).toEqual({ root: bos.sealedRoot, owner: null })
		const { owner } = world.server.roots.get(roomId) ?? {}
		expect(owner?.subject).toBe('g_ana')
		const [key, signature] = [owner?.jwk.x ?? '', owner?.signature ?? ''].map(
			(text) => new Uint8Array(Buffer.from(text, 'base64url')),
		)
		const text = new TextEncoder().encode(`matinee-room-owner-1|${roomId}|g_ana`)
		expect(await ana.verifier.verify(key ?? text, text, signature ?? text)).toBe(true)
		expect(await ana.verifier.deviceOf(key ?? text)).toBe(ana.signer.device)
	})

	it('[LK17] a word of the owner’s that does not hold is not passed on; the owner’s own device gives a new one', async () => {
		const { world, ana, bo, anas, bos, run, isRegistered } = await setUp('')
		const bad = { ...bos, signed: { ...bos.signed, ownerStatement: 'A'.repeat(86) } }
		await run(bo, bad, isRegistered)
		expect(world.server.roots.get(bos.keys.roomId)?.owner).toBeNull()
		world.server.roots.clear()
		await run(ana, { ...anas, signed: { ...anas.signed, ownerStatement: null } }, isRegistered)
		expect(world.server.roots.get(anas.keys.roomId)?.owner?.subject).toBe('g_ana')
		expect(world.server.asked.filter((line) => line.startsWith('PUT'))).toHaveLength(2)
	})

	it('[LK17] is tried again while the server is away, and hears of notes kept there', async () => {
		const { world, bo, bos, run, waits, isRegistered } = await setUp('open sesame')
		world.server.isAway = true
		await run(bo, bos, () => {
			if (waits.length === 2) world.server.isAway = false
			if (!world.server.isAway) for (const again of waits.splice(0)) again()
			return isRegistered()
		})
		world.server.moved.set(bos.keys.roomId, 'notes')
		expect(await run(bo, bos, (told) => told.length > 0)).toEqual(['notes'])
		world.server.roots.set(bos.keys.lookupId, { root: 'another', owner: null })
		expect((await run(bo, bos, (told) => told.length > 1)).toSorted()).toEqual(['notes', 'taken'])
	})

	it('[LK18] notes that the server was not there for are given to it from the new room', async () => {
		const { world, ana, anas, bos, bo, run, waits } = await setUp('')
		const next = await makeRoom(
			ana,
			{ title: 'Sunday', ownerSubject: 'g_ana' as SubjectId, before: [anas.keys.roomId] },
			'',
		)
		await ana.store.rooms.put(next.visit)
		const order = { type: 'moved', notes: 'bm90ZXM' }
		await ana.store.settings.set(ordersKeyOf(anas.keys.roomId), { waiting: [order], operators: null })
		const found = cut(await findRoom(ana, next.code))
		world.server.isAway = true
		const orders = () => world.server.asked.filter((line) => line.startsWith('ORDER')).length
		let wasAway = false
		await run(ana, found, () => {
			if (!wasAway && orders() > 0 && waits.length > 0) {
				expect(world.server.moved.size).toBe(0)
				world.server.isAway = false
				wasAway = true
			}
			for (const again of waits.splice(0)) again()
			return world.server.moved.size > 0
		})
		expect([...world.server.moved]).toEqual([[bos.keys.roomId, 'bm90ZXM']])
		await vi.waitFor(async () =>
			expect(await ana.store.settings.get(ordersKeyOf(anas.keys.roomId))).toMatchObject({ waiting: [] }),
		)
		// Given once: the owner's next start gives none, and other members never do.
		const given = orders()
		for (const device of [ana, bo]) expect(await giveLateOrders(device, [anas.keys.roomId])).toBe(true)
		expect(orders()).toBe(given)
	})
})

describe('a room of a later version', () => {
	it('[XT83] is told from one that the code does not open', async () => {
		const world = createLockWorld()
		const [ana, bo] = await Promise.all([world.createDevice('ana'), world.createDevice('bo')])
		const code = createRoomCode(ana.random)
		const keys = await deriveRoomKeys(ana.subtle, code)
		const made = await makeRoom(ana, { title: 'Sunday', ownerSubject: 'ana' as SubjectId }, '')
		const root = await sealRoot(ana, keys, { ...made.root, v: 2 as 1 })
		world.server.roots.set(keys.lookupId, { root, owner: null })
		expect(await findRoom(bo, code)).toEqual({ type: 'newer' })
		world.server.roots.set(keys.lookupId, { root: made.sealedRoot, owner: null })
		expect(await findRoom(bo, code)).toEqual({ type: 'bad-root' })
	})
})
