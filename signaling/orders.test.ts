import { describe, expect, it } from 'vitest'
import type { DeviceId, SubjectId } from '#lib/core/units.ts'
import type { RoomOrder } from '#lib/protocol/orders.ts'
import { judgeOrder } from './orders.ts'

const subject = (name: string) => `a_${name}` as SubjectId
const person = (name: string) => ({ subject: subject(name), device: `${name}-device` as DeviceId })
const owner = person('owner')
const operator = person('operator')
const heir = person('heir')
const member = person('member')
const ROOM = { owner, heir, operators: [subject('operator'), subject('colleague')], moved: null }

const ORDERS: Readonly<Record<string, RoomOrder>> = {
	operators: { type: 'operators', subjects: [], version: 1 },
	'remove member': { type: 'remove', subject: subject('member') },
	'remove operator': { type: 'remove', subject: subject('operator') },
	'remove owner': { type: 'remove', subject: subject('owner') },
	'let member in': { type: 'let-in', subject: subject('member') },
	'let operator in': { type: 'let-in', subject: subject('operator') },
	'hand over': { type: 'hand-over', ...person('heir') },
	'take over': { type: 'take-over' },
	moved: { type: 'moved', notes: 'x' },
	'keep history': { type: 'keep-history', verifier: 'v' },
	'drop history': { type: 'drop-history' },
}
const may = (by: ReturnType<typeof person>, room: Parameters<typeof judgeOrder>[1]) =>
	Object.entries(ORDERS)
		.filter(([, order]) => judgeOrder(order, room, by).type === 'allowed')
		.map(([name]) => name)

describe('who may give which order', () => {
	const everything = Object.keys(ORDERS).filter((name) => name !== 'remove owner')
	it('[SG45] the owner everything but removing the owner', () => {
		expect(may(owner, ROOM)).toEqual(everything)
	})
	it('[SG45] the owner by device alone, and by account alone', () => {
		expect(may({ ...owner, subject: subject('guest') }, ROOM)).toEqual(everything)
		expect(may({ ...owner, device: 'tablet' as DeviceId }, ROOM)).toEqual(everything)
	})
	it('[SG45] an operator removes members and lets them in, no operator, not the owner, not themselves; and has history kept', () => {
		const deeds = ['remove member', 'let member in', 'keep history', 'drop history']
		expect(may(operator, ROOM)).toEqual(deeds)
		expect(may(person('colleague'), ROOM)).toEqual(deeds)
	})
	it('[SG45] [SG47] the heir takes the room over and does nothing else', () => {
		expect(may(heir, ROOM)).toEqual(['take over'])
		expect(may({ ...member, device: heir.device }, ROOM)).toEqual([])
	})
	it('[SG45] a member nothing', () => {
		expect(may(member, ROOM)).toEqual([])
	})
	it('[SG43] [SG45] in a room that named no owner nobody does anything', () => {
		for (const by of [owner, operator, heir, member])
			expect(may(by, { owner: null, heir: null, operators: [], moved: null })).toEqual([])
	})
	it('[HK3] nobody has the history of a room kept that has moved; what is left of it may be dropped', () => {
		expect(may(owner, { ...ROOM, moved: 'notes' })).toEqual(
			everything.filter((name) => name !== 'keep history'),
		)
	})
})
