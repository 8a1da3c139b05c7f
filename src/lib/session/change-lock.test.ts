import { describe, expect, it } from 'vitest'
import type { ItemId, SubjectId } from '#lib/core/units.ts'
import { changeLock } from './change-lock.ts'
import { findRoom } from './find-room.ts'
import { admitNotes, followMove } from './follow-move.ts'
import { findMovers } from './left-behind.ts'
import { createLockWorld, type OpenedRoom, type WorldDevice } from './lock-world.ts'

const film = (title: string) => ({
	media: { kind: 'file' as const, url: `https://films.example/${title}.mp4` },
	title,
})
const messages = ({ room }: OpenedRoom) => room.state().chat.map(({ text }) => text)
const roleOf = ({ room }: OpenedRoom, { signer }: WorldDevice) =>
	room.state().members.find(({ device }) => device === signer.device)?.role
const titles = ({ room }: OpenedRoom) => {
	const { earlier, current, next } = room.state().queue
	return [...earlier, ...(current ? [current] : []), ...next].map(({ title }) => title)
}

/** Ana owns a room with Bo (operator), Cy (member) and Mo (out, by Bo's word). */
const setUp = async (options: { password?: string } = {}) => {
	const world = createLockWorld()
	const [ana, bo, cy, mo] = await Promise.all(
		['ana', 'bo', 'cy', 'mo'].map((name) => world.createDevice(name)),
	)
	if (!ana || !bo || !cy || !mo) throw new Error('four devices')
	const password = options.password ?? ''
	const code = await world.createHere(ana, password)
	const rooms = []
	for (const device of [ana, bo, cy, mo]) rooms.push(await world.open(device, code, { password }))
	const [anas, bos, cys, mos] = rooms
	if (!anas || !bos || !cys || !mos) throw new Error('four rooms')
	await world.meet(...rooms)
	await mos.room.chat.send('mo was here')
	await world.meet(...rooms)
	expect(await anas.room.grant('g_bo' as SubjectId, 'operator')).toMatchObject({ type: 'done' })
	await world.meet(...rooms)
	expect(await bos.room.removePerson('g_mo' as SubjectId)).toMatchObject({ type: 'done' })
	await bos.room.queue.add(film('bos'), 'end')
	await cys.room.queue.add(film('cys'), 'end')
	await anas.room.changeSettings({ reorder: 'operators' })
	await cys.room.chat.send('hello')
	await world.meet(...rooms)

	const notes: string[] = []
	const change = (newPassword = '', from = anas, device = ana) =>
		changeLock(
			{
				device,
				room: from.room,
				found: from.found,
				roomNow: world.roomNow,
				postNotes: (posted) => notes.push(posted),
			},
			{ password: newPassword },
		)
	return { world, ana, bo, cy, mo, anas, bos, cys, mos, rooms, code, notes, change }
}

const done = (outcome: Awaited<ReturnType<typeof changeLock>>) => {
	if (outcome.type !== 'done') throw new Error(outcome.message)
	return outcome
}

const whyNot = (outcome: Awaited<ReturnType<typeof changeLock>>): string =>
	outcome.type === 'failed' ? outcome.message : ''

describe('changing the lock', () => {
	it('[LK9] carries everything over: who may do what, who is out, queue, chat and rules', async () => {
		const { world, ana, bo, cy, mo, anas, change } = await setUp()
		const before = anas.room.state()
		const { code, leftBehind, isRegistered } = done(await change())
		expect([leftBehind, isRegistered]).toEqual([[], true])
		const next = await world.open(ana, code)
		expect(next.found.root).toMatchObject({ title: 'Sunday', before: [anas.found.keys.roomId] })
		expect(next.found.root.passwordCheck).toBeUndefined()
		expect([ana, bo, cy, mo].map((device) => roleOf(next, device))).toEqual([
			'owner',
			'operator',
			'member',
			'banned',
		])
		const after = next.room.state()
		expect(titles(next).toSorted()).toEqual(['bos', 'cys'])
		expect(titles(next)).toEqual(titles(anas))
		expect(messages(next)).toEqual(['mo was here', 'hello'])
		expect(after.settings).toEqual(before.settings)
		expect(after.moved).toBeNull()
		expect(after.playback).toEqual(before.playback)
		expect(after.removals.map(({ subject }) => subject)).toEqual(['g_mo'])
		// Nothing said again looks like done again.
		const told = (state: typeof before) => state.activity.map(({ deed }) => deed.type).sort()
		const expected = before.activity.map(({ deed: { type } }) =>
			type === 'opened-room' ? 'changed-lock' : type,
		)
		expect(told(after)).toEqual(expected.sort())
	})

	it('[HK1] a room that keeps its history goes on keeping one behind the new lock', async () => {
		const { world, ana, anas, change } = await setUp()
		expect(await anas.room.changeSettings({ keepsHistory: true })).toEqual({ type: 'done' })
		const next = await world.open(ana, done(await change()).code)
		expect(next.room.state().settings).toMatchObject({ keepsHistory: true, reorder: 'operators' })
	})

	it('[LK10] each device that stays goes along by its own note, into a room that is ready there', async () => {
		const { world, anas, bos, cys, mos, bo, cy, mo, rooms, ana, change } = await setUp()
		const { code } = done(await change('open sesame'))
		await world.meet(...rooms)
		for (const [device, opened] of [
			[bo, bos],
			[cy, cys],
		] as const) {
			expect(opened.room.state().moved?.by).toBe(ana.signer.device)
			expect(await followMove({ device, room: opened.room, found: opened.found })).toEqual({ code })
			// Asked again, or by another tab, it is the same.
			expect(await followMove({ device, room: opened.room, found: opened.found })).toEqual({ code })
			expect(await findRoom(device, anas.code)).toEqual({ type: 'moved', code })
		}
		expect(await followMove({ device: mo, room: mos.room, found: mos.found })).toBeNull()
		// No password is asked for: what it leads to came with the note.
		const next = await world.open(cy, code)
		expect(titles(next)).toEqual(titles(cys))
		expect(next.room.state().myRole).toBe('member')
		expect(await next.room.chat.send('still here')).toMatchObject({ type: 'done' })
		const anasNext = await world.open(ana, code)
		await world.meet(next, anasNext)
		expect(messages(anasNext)).toContain('still here')
		expect(messages(anasNext)).toContain('mo was here')
		expect(anasNext.room.stats().rejections['bad-signature']).toBe(0)
	})

	it('[LK10] who came by the new link first still brings along what they wrote in the old room', async () => {
		const { world, cy, cys, rooms, change } = await setUp()
		const { code } = done(await change())
		const early = await world.open(cy, code)
		expect(await early.room.chat.send('early')).toMatchObject({ type: 'done' })
		await early.close()
		await cys.room.chat.send('written in the old room meanwhile')
		await world.meet(...rooms)
		expect(await followMove({ device: cy, room: cys.room, found: cys.found })).toEqual({ code })
		const next = await world.open(cy, code)
		expect(messages(next)).toEqual(expect.arrayContaining(['early', 'written in the old room meanwhile']))
		expect(next.room.stats().records).toBeGreaterThan(early.room.stats().records)
	})

	it('[LK10] who was away goes along by the notes that the server keeps', async () => {
		const { world, cy, cys, change, notes } = await setUp()
		const { code } = done(await change())
		expect(notes).toHaveLength(1)
		expect(await followMove({ device: cy, room: cys.room, found: cys.found })).toBeNull()
		await admitNotes(cys, notes[0] ?? '')
		expect(await followMove({ device: cy, room: cys.room, found: cys.found })).toEqual({ code })
		expect(roleOf(await world.open(cy, code), cy)).toBe('member')
	})

	it('[LK8] notes that the server made up or altered move nobody', async () => {
		const { cy, cys, mo, mos, world, change, notes } = await setUp()
		done(await change())
		const text = Buffer.from(notes[0] ?? '', 'base64url').toString()
		const shape = JSON.parse(text) as { records: string[] }
		const altered = shape.records.map((record) => {
			const bytes = Buffer.from(record, 'base64url')
			bytes[bytes.length - 70] = (bytes[bytes.length - 70] ?? 0) ^ 1
			return bytes.toString('base64url')
		})
		const bad = Buffer.from(JSON.stringify({ ...shape, records: altered })).toString('base64url')
		await admitNotes(cys, bad)
		await admitNotes(cys, 'nonsense')
		expect(cys.room.state().moved).toBeNull()
		// Nor do those that a member who is not the owner signed.
		const { sealNotes, encodeNotes } = await import('#lib/core/lock.ts')
		const { planMoved } = await import('#lib/core/plan-lock.ts')
		const { bodies } = await sealNotes(
			mo,
			findMovers(mos.room).recipients,
			{ code: 'K7QX-3M9R-T2VH-8WPC-5NDA', passwordSecret: null },
			mos.found.keys.roomId,
		)
		const forged = await mos.room.carryOut('forge', (now) => {
			const { state } = now.fold
			return planMoved({ ...now, fold: { ...now.fold, state: { ...state, myRole: 'owner' } } }, bodies)
		})
		expect(forged).toMatchObject({ type: 'done' })
		const mine = [...mos.room.ledger.entries()].filter(([key]) => key.includes(mo.signer.device))
		await admitNotes(
			cys,
			encodeNotes(
				mos.found.keys.roomId,
				mine.map(([, bytes]) => bytes),
			),
		)
		await world.meet(mos, cys)
		expect(cys.room.state().moved).toBeNull()
		expect(await followMove({ device: cy, room: cys.room, found: cys.found })).toBeNull()
	})

	it('[LK11] what is written in the old room afterwards by who does not stay comes along with nobody', async () => {
		const { world, cy, mo, cys, mos, anas, bos, rooms, code, change } = await setUp()
		// Mo comes back under another name, by the old code.
		const again = await world.createDevice('mo-again')
		const { code: newCode } = done(await change())
		const agains = await world.open(again, code)
		await world.meet(anas, bos, mos, agains)
		await agains.room.chat.send('you cannot get rid of me')
		await mos.room.chat.send('nor of me')
		await world.meet(...rooms, agains)
		expect(await followMove({ device: cy, room: cys.room, found: cys.found })).toEqual({ code: newCode })
		const next = await world.open(cy, newCode)
		expect(messages(next)).toEqual(['hello'])
		expect(next.room.state().members.map(({ name }) => name)).not.toContain('mo-again')
		expect(roleOf(next, mo) ?? 'banned').toBe('banned')
	})

	it('[LK12] numbers go on: what a device writes in both rooms never looks like a forgery', async () => {
		const { world, cy, cys, rooms, change } = await setUp()
		const { code } = done(await change())
		await world.meet(...rooms)
		await followMove({ device: cy, room: cys.room, found: cys.found })
		const next = await world.open(cy, code)
		for (let i = 0; i < 3; i++) {
			await next.room.chat.send(`new ${i}`)
			await cys.room.chat.send(`old ${i}`)
		}
		const seqs = [...next.room.ledger.entries(), ...cys.room.ledger.entries()]
			.filter(([key]) => key.startsWith(`chat/${cy.signer.device}`))
			.map(([, bytes]) => new DataView(bytes.buffer, bytes.byteOffset).getUint32(6))
		expect(new Set(seqs).size).toBe(7) // 'hello' is in both
	})

	it('[LK13] a person none of whose devices has a key to seal to is left behind, and named', async () => {
		const { world, ana, anas, code, rooms, change } = await setUp()
		const dee = await world.createDevice('dee')
		const dees = await world.open(dee, code, { withBox: false })
		const cyToo = await world.createDevice('cy', 'g_cy')
		const cysToo = await world.open(cyToo, code, { withBox: false })
		await world.meet(...rooms, dees, cysToo)
		expect(findMovers(anas.room).leftBehind).toEqual(['dee'])
		expect(done(await change()).leftBehind).toEqual(['dee'])
		await world.meet(anas, dees)
		expect(await followMove({ device: dee, room: dees.room, found: dees.found })).toBeNull()
		expect(dees.room.state().moved?.by).toBe(ana.signer.device)
	})

	it('[LK14] only the owner changes the lock, once, and a password that will not do is refused', async () => {
		const { anas, bos, bo, change } = await setUp()
		expect(await change('', bos, bo)).toMatchObject({
			type: 'failed',
			message: 'Only the owner changes the lock.',
		})
		expect(whyNot(await change('x'.repeat(300)))).toContain('300 characters')
		done(await change())
		expect(await change()).toMatchObject({ type: 'failed' })
		expect(anas.room.state().moved).not.toBeNull()
	})

	it('[LK15] whatever fails leaves the old room as it was, and says so', async () => {
		const { ana, anas, change } = await setUp()
		const { openDoc, carrySeqs } = ana.store
		const count = async () => (await ana.store.rooms.list()).length
		const before = await count()
		const size = anas.room.ledger.size

		Object.assign(ana.store, {
			carrySeqs: () => Promise.reject(new Error('QuotaExceededError')),
		})
		expect(whyNot(await change())).toContain('Quota')
		Object.assign(ana.store, { carrySeqs })

		Object.assign(ana.store, {
			openDoc: (...all: Parameters<typeof openDoc>) => ({
				...openDoc(...all),
				whenLoaded: Promise.resolve({ type: 'unavailable', why: 'UnknownError' }),
			}),
		})
		expect(whyNot(await change())).toContain('UnknownError')
		Object.assign(ana.store, {
			openDoc: (...all: Parameters<typeof openDoc>) => ({
				...openDoc(...all),
				onTrouble: (fn: (trouble: unknown) => void) => {
					fn({ type: 'full', why: 'the disk is full' })
					return () => undefined
				},
			}),
		})
		expect(whyNot(await change())).toContain('disk is full')
		Object.assign(ana.store, { openDoc })

		// The old room will not take the notes: nobody has been told anything, so nothing is left lying about.
		const carryOut = anas.room.carryOut
		Object.assign(anas.room, {
			carryOut: (command: string, plan: Parameters<typeof carryOut>[1]) =>
				command === 'change-lock'
					? Promise.resolve({ type: 'room-full', limitBytes: 1 })
					: carryOut(command, plan),
		})
		expect(await change()).toMatchObject({ type: 'failed' })
		Object.assign(anas.room, { carryOut })

		expect(await count()).toBe(before)
		expect([...ana.disk.docs.keys()]).toEqual([anas.found.keys.roomId])
		expect(anas.room.state().moved).toBeNull()
		expect(anas.room.ledger.size).toBe(size)
		expect(await anas.room.chat.send('all is well')).toMatchObject({ type: 'done' })
		expect((await findRoom(ana, anas.code)).type).toBe('found')
	})

	it('[LK15] with the server away the owner goes ahead, and the others follow once it has been told', async () => {
		const { world, cy, cys, rooms, change } = await setUp()
		world.server.isAway = true
		const { code, isRegistered } = done(await change())
		expect(isRegistered).toBe(false)
		await world.meet(...rooms)
		await expect(followMove({ device: cy, room: cys.room, found: cys.found })).rejects.toThrow('server')
		expect((await findRoom(cy, cys.code)).type).toBe('found')
		expect(code).toMatch(/^.{24}$/)
	})

	it('[LK9] after the room changed hands: the new owner’s lock keeps roles, removals and rules of both', async () => {
		const { world, ana, bo, cy, anas, bos, rooms, change } = await setUp()
		await anas.room.grant('g_cy' as SubjectId, 'viewer')
		await anas.room.chat.send('by the first owner')
		await world.meet(...rooms)
		expect(await anas.room.offerRoom('g_bo' as SubjectId)).toMatchObject({ type: 'done' })
		await world.meet(...rooms)
		expect(await bos.room.acceptRoom()).toMatchObject({ type: 'done' })
		await world.meet(...rooms)
		expect(bos.room.state().myRole).toBe('owner')
		const before = bos.room.state()
		const { code } = done(await change('', bos, bo))
		const next = await world.open(bo, code)
		expect([ana, bo, cy].map((device) => roleOf(next, device))).toEqual(['member', 'owner', 'viewer'])
		const after = next.room.state()
		expect(after.settings).toEqual(before.settings)
		expect(after.removals.map(({ subject }) => subject)).toEqual(
			before.removals.map(({ subject }) => subject),
		)
		expect(after.queue.next.map(({ id }: { id: ItemId }) => id)).toEqual(
			before.queue.next.map(({ id }) => id),
		)
		expect(messages(next)).toEqual(messages(bos))
	})

	it('[LK9] ten changes later roles and removals still hold', async () => {
		const { world, ana, bo, mo, anas } = await setUp()
		let opened = anas
		for (let i = 0; i < 10; i++) {
			const outcome = await changeLock(
				{
					device: ana,
					room: opened.room,
					found: opened.found,
					roomNow: world.roomNow,
					postNotes: () => undefined,
				},
				{ password: '' },
			)
			const { code } = done(outcome)
			await opened.close()
			opened = await world.open(ana, code)
		}
		expect(opened.found.root.before).toHaveLength(8)
		expect(opened.room.state().removals.map(({ subject }) => subject)).toEqual(['g_mo'])
		// Bo's own words were signed for a room too long ago; what Bo may do stands.
		const bos = await world.open(bo, opened.code)
		await world.meet(opened, bos)
		expect(roleOf(opened, bo)).toBe('operator')
		expect(roleOf(opened, mo) ?? 'banned').toBe('banned')
	})
})
