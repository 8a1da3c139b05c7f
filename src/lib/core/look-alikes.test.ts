import { describe, expect, it } from 'vitest'
import { lookAlikes, skeleton } from './look-alikes.ts'
import type { Member } from './state.ts'
import type { DeviceId, SubjectId } from './units.ts'

const member = (name: string, more: Partial<Member> = {}, at = 0): Member => ({
	device: `${name}${at}` as DeviceId,
	subject: `g_${name}${at}` as SubjectId,
	name,
	seat: 1,
	role: 'member',
	isVerified: false,
	isAccount: false,
	pictureId: null,
	firstSeenAtMs: at,
	...more,
})
const marked = (...members: Member[]) => [...lookAlikes(members)]

describe('names that look like another’s', () => {
	it('[MB6] are alike in other scripts, cases, digits and with signs put in', () => {
		const alike = [
			'Paolo',
			'раоlо',
			'PAOLO',
			'Pao1o',
			'P.a o-l_o',
			'Ραοlο',
			'Ｐａｏｌｏ',
			'Páolo',
			'Paоlo',
			'PaoIo',
		]
		for (const name of alike) expect(skeleton(name), name).toBe(skeleton('Paolo'))
		expect(skeleton('Marnie')).toBe(skeleton('Mamie'))
		for (const other of ['Paola', 'Pablo', 'Carla']) expect(skeleton(other)).not.toBe(skeleton('Paolo'))
		expect(skeleton('✨')).toBe('')
		expect(skeleton('李雷')).not.toBe(skeleton('韩梅'))
	})

	it('[MB6] mark all but the real one: vouched for by the server, else who answers for the room, else the first', () => {
		const first = member('Alice', {}, 1)
		const second = member('A1ice', {}, 2)
		expect(marked(second, first)).toEqual([[second.device, 'Alice']])
		const owner = member('Αlice', { role: 'owner' }, 3)
		expect(marked(first, owner)).toEqual([[first.device, 'Αlice']])
		const verified = member('ALICE', { isVerified: true, isAccount: true }, 4)
		expect(marked(first, owner, verified)).toEqual([
			[first.device, 'ALICE'],
			[owner.device, 'ALICE'],
		])
	})

	it('[MB6] mark a guest under the very name of somebody signed in', () => {
		const signedIn = member('Alice', { isAccount: true }, 9)
		const guest = member('Alice', {}, 1)
		expect(marked(guest, signedIn)).toEqual([[guest.device, 'Alice']])
	})

	it('[MB6] leave a person’s own devices, and names of signs only, alone', () => {
		const phone = member('Alice', { subject: 'a_1' as SubjectId }, 1)
		const laptop = member('alice', { subject: 'a_1' as SubjectId }, 2)
		expect(marked(phone, laptop, member('✨'), member('⭐'))).toEqual([])
	})
})
