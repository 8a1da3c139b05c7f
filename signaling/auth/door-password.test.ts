import { describe, expect, it } from 'vitest'
import { createDoorPassword } from './door-password.ts'

const origins = { publicOrigin: null, allowedOrigins: ['https://pages.example'], isOriginRequired: false }
const doorOf = (password: string, nowMs = () => 1_700_000_000_000) =>
	createDoorPassword({ password, origins, isSecure: false, nowMs })
const own = (cookie: string) => ({ host: 'watch.example', cookie })

describe('the door', () => {
	it('[AU12] opens to the right password only', async () => {
		const door = await doorOf('open sesame')
		expect(door.isRight('open sesame')).toBe(true)
		expect(door.isRight('open sesame ')).toBe(false)
		expect(door.isRight('')).toBe(false)
	})

	it('[AU12] a pass is good at another process and after a restart, and void once the password changes', async () => {
		const pass = (await doorOf('open sesame')).newPass()
		expect((await doorOf('open sesame')).isOpenTo(own(`door=${pass}`))).toBe(true)
		expect((await doorOf('open sesame 2')).isOpenTo(own(`door=${pass}`))).toBe(false)
	})

	it('[AU12] a pass ends after 30 days', async () => {
		let nowMs = 1_700_000_000_000
		const door = await doorOf('open sesame', () => nowMs)
		const cookie = `door=${door.newPass()}`
		nowMs += 30 * 86_400_000 - 1_000
		expect(door.isOpenTo(own(cookie))).toBe(true)
		nowMs += 2_000
		expect(door.isOpenTo(own(cookie))).toBe(false)
	})

	it('[AU12] a pass cannot be made, changed or found twice', async () => {
		const door = await doorOf('open sesame')
		const pass = door.newPass()
		const [expires = '', signature = ''] = pass.split('.')
		for (const wrong of [
			'',
			pass.slice(0, -1),
			`${String(Number(expires) + 86_400)}.${signature}`,
			`${expires}.${'A'.repeat(43)}`,
			`${pass}; door=${pass}`,
		])
			expect(door.isOpenTo(own(`door=${wrong}`))).toBe(false)
		expect(door.isOpenTo({ host: 'watch.example' })).toBe(false)
	})

	it('[AU12] pages of allowed origins carry it in a header, and no cookie counts for them', async () => {
		const door = await doorOf('open sesame')
		const pass = door.newPass()
		const page = { host: 'watch.example', origin: 'https://pages.example' }
		expect(door.isOpenTo({ ...page, 'x-matinee-door': pass })).toBe(true)
		expect(door.isOpenTo({ ...page, cookie: `door=${pass}` })).toBe(false)
		expect(door.isOpenTo({ ...page, origin: 'https://evil.example', cookie: `door=${pass}` })).toBe(false)
	})
})
