/**
 * The door password: one that everybody must know before anything else. Whoever gave it right carries a pass, good
 * for 30 days and void once the password changes. The pass is signed with a key that is the password's slow hash, so
 * it outlives restarts, is good at each process of one configuration, and nothing needs to be kept.
 */
import { hashRaw } from '@node-rs/argon2'
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { pageOf, type OriginRules } from '../origins.ts'
import { cookieName, cookieOf, cookieText } from './cookies.ts'
import { ARGON2, normalPassword } from './passwords.ts'

const PASS_DAYS = 30
const PASS_S = PASS_DAYS * 86_400
const PASS = /^(\d{10,12})\.([A-Za-z0-9_-]{43})$/
export const DOOR_HEADER = 'x-matinee-door'

const mac = (key: Uint8Array, text: string): Buffer => createHmac('sha256', key).update(text).digest()

export type DoorPassword = Awaited<ReturnType<typeof createDoorPassword>>

export const createDoorPassword = async (deps: {
	readonly password: string
	readonly origins: OriginRules
	readonly isSecure: boolean
	readonly nowMs: () => number
}) => {
	const password = normalPassword(deps.password)
	// Not random: every process must come to the same key. It keeps tables made for another server from fitting.
	const salt = createHash('sha256')
		.update(`matinee-door-1|${deps.origins.publicOrigin ?? ''}`)
		.digest()
		.subarray(0, 16)
	const key = await hashRaw(password, { ...ARGON2, outputLen: 32, salt })
	const compareKey = randomBytes(32)
	const right = mac(compareKey, password)
	const name = cookieName('door', deps.isSecure)

	const isPass = (pass: string | null): boolean => {
		const [, expiresAtS = '', signature = ''] = PASS.exec(pass ?? '') ?? []
		if (signature === '') return false
		const isOurs = timingSafeEqual(mac(key, `door|${expiresAtS}`), Buffer.from(signature, 'base64url'))
		return isOurs && Number(expiresAtS) * 1000 > deps.nowMs()
	}

	return {
		cookieName: name,
		isRight: (given: string): boolean => timingSafeEqual(mac(compareKey, normalPassword(given)), right),
		newPass: (): string => {
			const expiresAtS = String(Math.floor(deps.nowMs() / 1000) + PASS_S)
			return `${expiresAtS}.${mac(key, `door|${expiresAtS}`).toString('base64url')}`
		},
		cookie: (pass: string): string => cookieText(name, pass, { maxAgeS: PASS_S, isSecure: deps.isSecure }),
		/** Whether the request, or an upgrade of one, comes from somebody who gave the password. */
		isOpenTo(headers: IncomingHttpHeaders): boolean {
			const header = headers[DOOR_HEADER]
			if (typeof header === 'string') return isPass(header)
			const page = pageOf(headers, deps.origins)
			return (page === 'own' || page === 'unnamed') && isPass(cookieOf(headers, name))
		},
	}
}
