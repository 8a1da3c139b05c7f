import { describe, expect, it } from 'vitest'
import { createMemoryDeviceStore } from '#lib/storage/memory.ts'
import { DOOR_KEY, readAuthHeaders, SESSION_KEY } from './auth-headers.ts'
import { storeOfServer } from './server-scope.ts'

const setUp = () => {
	const whole = createMemoryDeviceStore({ createSigner: () => Promise.reject(new Error('not needed')) })
	return {
		one: storeOfServer(whole, 'https://one.example'),
		other: storeOfServer(whole, 'https://other.example'),
	}
}

describe('a device that speaks to several servers', () => {
	it('[XT80] sends the session and the door pass of one server to no other', async () => {
		const { one, other } = setUp()
		await one.settings.set(SESSION_KEY, 'a'.repeat(40))
		await one.settings.set(DOOR_KEY, 'pass')
		expect(await readAuthHeaders(one)).toEqual({
			authorization: `Bearer ${'a'.repeat(40)}`,
			'x-matinee-door': 'pass',
		})
		expect(await readAuthHeaders(other)).toEqual({})
	})
	it('[XT80] has one name and one set of own settings at all of them', async () => {
		const { one, other } = setUp()
		await one.settings.set('name', 'Teal Wren')
		expect(await other.settings.get('name')).toBe('Teal Wren')
	})
})
