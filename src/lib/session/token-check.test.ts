import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose'
import { describe, expect, it } from 'vitest'
import { createWebCryptoVerifier } from '#lib/core/web-crypto.ts'
import { checkToken, keyIdOf, readKeySet, type TokenKey, type TokenKeys } from './token-check.ts'

const verifier = createWebCryptoVerifier(crypto.subtle)
const NOW_S = 1_800_000_000
const MINUTE_S = 60

/** A server that signs as ours does, and the key set that it publishes. */
const createServer = async (kid = 'k1') => {
	const pair = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
	const jwk = await exportJWK(pair.publicKey)
	const keySet = { keys: [{ ...jwk, kid, alg: 'EdDSA', use: 'sig' }] }
	const sign = (claims: JWTPayload = {}, header: object = {}) =>
		new SignJWT({
			name: 'Ana',
			acct: false,
			cnf: { jwk },
			sub: 'g_ana',
			iat: NOW_S - 3600,
			exp: NOW_S + 3600,
			...claims,
		})
			.setProtectedHeader({ alg: 'EdDSA', kid, typ: 'JWT', ...header })
			.sign(pair.privateKey)
	return { jwk, keySet, sign }
}
const keysOf = (input: unknown): TokenKeys => readKeySet(input) ?? new Map<string, TokenKey>()
const check = (token: string, keys: TokenKeys, atS = NOW_S) => checkToken(token, keys, verifier, atS * 1000)

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

describe('identity tokens', () => {
	it('[SS24] the claims of a token that the server signed', async () => {
		const server = await createServer()
		const claims = await check(await server.sign({ acct: true }), keysOf(server.keySet))
		expect(claims).toMatchObject({ subject: 'g_ana', name: 'Ana', isAccount: true })
		expect(Buffer.from(claims?.deviceKey ?? []).toString('base64url')).toBe(server.jwk.x)
	})
	it('[SS24] it holds until it runs out and from when it says, give or take five minutes', async () => {
		const server = await createServer()
		const keys = keysOf(server.keySet)
		const token = await server.sign({ exp: NOW_S, nbf: NOW_S - 3600 })
		expect(await check(token, keys, NOW_S + 5 * MINUTE_S - 1)).not.toBeNull()
		expect(await check(token, keys, NOW_S + 5 * MINUTE_S)).toBeNull()
		expect(await check(token, keys, NOW_S - 3600 - 5 * MINUTE_S)).not.toBeNull()
		expect(await check(token, keys, NOW_S - 3600 - 5 * MINUTE_S - 1)).toBeNull()
	})
	it('[SS24] another server’s, a changed one, and one by a key that is not named are refused', async () => {
		const server = await createServer()
		const other = await createServer()
		const keys = keysOf(server.keySet)
		expect(await check(await other.sign(), keys)).toBeNull()
		expect(await check(await server.sign({}, { kid: 'k2' }), keys)).toBeNull()
		const [head = '', body = '', signature = ''] = (await server.sign()).split('.')
		const payload = JSON.parse(Buffer.from(body, 'base64url').toString()) as object
		for (const changed of [
			`${head}.${base64url({ ...payload, name: 'Bo' })}.${signature}`,
			`${base64url({ alg: 'none', kid: 'k1' })}.${body}.`,
			`${base64url({ alg: 'HS256', kid: 'k1' })}.${body}.${signature}`,
			`${base64url({ alg: 'EdDSA' })}.${body}.${signature}`,
			`${head}.${body}.`,
			`${head}.${body}`,
			`${head}.${body}.${signature}.`,
			`${head}.${body}.${signature}=`,
			'',
			'..',
			'{}.{}.{}',
		])
			expect(await check(changed, keys), changed).toBeNull()
	})
	it('[SS24] what has to be understood and is not, is refused', async () => {
		const server = await createServer()
		const pair = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
		const jwk = await exportJWK(pair.publicKey)
		const body = (await server.sign()).split('.')[1] ?? ''
		const signed = async (header: object) => {
			const text = `${base64url(header)}.${body}`
			const signature = await crypto.subtle.sign('Ed25519', pair.privateKey, new TextEncoder().encode(text))
			return `${text}.${Buffer.from(signature).toString('base64url')}`
		}
		const keys = keysOf({ keys: [{ ...jwk, kid: 'k1' }] })
		expect(await check(await signed({ alg: 'Ed25519', kid: 'k1' }), keys)).not.toBeNull()
		expect(await check(await signed({ alg: 'Ed25519', kid: 'k1', crit: ['x'], x: 1 }), keys)).toBeNull()
	})
	it('[SS24] claims that are missing or of another kind make it none', async () => {
		const server = await createServer()
		const keys = keysOf(server.keySet)
		for (const claims of [
			{ name: 7 },
			{ sub: undefined },
			{ exp: undefined },
			{ iat: undefined },
			{ iat: 'yesterday' },
			{ cnf: undefined },
			{ cnf: { jwk: { ...server.jwk, crv: 'X25519' } } },
			{ cnf: { jwk: { ...server.jwk, x: 'AA' } } },
		] as unknown as JWTPayload[])
			expect(await check(await server.sign(claims), keys), JSON.stringify(claims)).toBeNull()
	})
	it('[SS40] a token counts if its key signed at the time it was issued, give or take a minute', async () => {
		const server = await createServer()
		const [key] = server.keySet.keys
		const keys = keysOf({ keys: [{ ...key, nbf: NOW_S - 7200, exp: NOW_S - 600 }] })
		const issued = async (iat: number) => check(await server.sign({ iat }), keys)
		expect(await issued(NOW_S - 3600)).not.toBeNull()
		expect(await issued(NOW_S - 600 + MINUTE_S)).not.toBeNull()
		expect(await issued(NOW_S - 600 + MINUTE_S + 1)).toBeNull()
		expect(await issued(NOW_S - 7200 - MINUTE_S)).not.toBeNull()
		expect(await issued(NOW_S - 7200 - MINUTE_S - 1)).toBeNull()
	})
	it('[SS41] a token brings the id of a picture, or none', async () => {
		const server = await createServer()
		const keys = keysOf(server.keySet)
		const picture = 'AAAAAAAAAAAAAAAAAAAAAA'
		expect(await check(await server.sign({ picture }), keys)).toMatchObject({ pictureId: picture })
		for (const none of [undefined, 5, '../../etc/passwd', 'javascript:alert(1)'])
			expect(await check(await server.sign({ picture: none }), keys)).toMatchObject({ pictureId: null })
	})
	it('[SS42] the key that a token names is told before it is known', async () => {
		const server = await createServer('k7')
		expect(keyIdOf(await server.sign())).toBe('k7')
		for (const none of ['', '..', 'a.b.c', `${base64url({ alg: 'EdDSA' })}.x.y`])
			expect(keyIdOf(none)).toBeNull()
	})
	it('[SS24] of a key set only Ed25519 keys for signatures count', async () => {
		const { jwk, keySet } = await createServer()
		expect(readKeySet(keySet)?.size).toBe(1)
		for (const none of [
			null,
			[],
			{},
			{ keys: {} },
			{ keys: [null, 1, {}] },
			{ keys: [jwk] },
			{ keys: [{ ...jwk, kid: 'a', use: 'enc' }] },
			{ keys: [{ ...jwk, kid: 'a', alg: 'ES256' }] },
			{ keys: [{ kty: 'EC', crv: 'P-256', x: jwk.x, kid: 'a' }] },
			{ keys: [{ ...jwk, kid: 'a', nbf: 'soon' }] },
		])
			expect(readKeySet(none), JSON.stringify(none)).toBeNull()
	})
})
