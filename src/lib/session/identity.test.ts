import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { createWebCryptoVerifier } from '#lib/core/web-crypto.ts'
import type { Signer } from '#lib/core/crypto.ts'
import type { SubjectId } from '#lib/core/units.ts'
import { createMemoryDeviceStore } from '#lib/storage/memory.ts'
import { createIdentity, type IdentityDeps } from './identity.ts'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000
const verifier = createWebCryptoVerifier(crypto.subtle)
type Answer = Awaited<ReturnType<IdentityDeps['api']['identity']>>
const refused = (error: 'guests-off' | 'door-closed'): Answer => ({
	type: 'refused',
	status: 403,
	error: { error, message: '' },
})

/** A device whose server answers `person`, a refusal, or nothing. */
const createDevice = async () => {
	const pair = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
	const publicKey = new Uint8Array(Buffer.from((await exportJWK(pair.publicKey)).x ?? '', 'base64url'))
	const device = await verifier.deviceOf(publicKey)
	const signer: Signer = { device, publicKey, sign: async () => new Uint8Array(64) }
	const server = {
		nowMs: 1_800_000_000_000,
		person: {
			subject: 'g_1' as SubjectId,
			name: 'Teal Wren',
			isAccount: false,
			picture: null as string | null,
		},
		failure: null as Answer | null,
		/** Answers wait for it. */
		gate: Promise.resolve(),
		keySet: { keys: [] as object[] },
		asked: 0,
		keySetsAsked: 0,
	}
	const identity = createIdentity({
		api: {
			identity: async () => {
				const number = ++server.asked
				const { person, failure } = server
				await server.gate
				return (
					failure ?? {
						type: 'ok',
						value: { ...person, token: `t.${String(number)}.s`, expiresAtMs: server.nowMs + 24 * HOUR_MS },
					}
				)
			},
			keySet: async () => {
				server.keySetsAsked++
				return { type: 'ok', value: server.keySet }
			},
		},
		store: createMemoryDeviceStore({ createSigner: async () => signer }),
		signer,
		verifier,
		wallNowMs: () => server.nowMs,
	})
	return { identity, server, device, publicKey }
}

describe('the identity of this device', () => {
	it('[SS43] a token is kept, and a new one asked for when less than six hours are left', async () => {
		const { identity, server } = await createDevice()
		expect((await identity.token('Teal Wren'))?.token).toBe('t.1.s')
		server.nowMs += 18 * HOUR_MS - MINUTE_MS
		expect((await identity.token('Teal Wren'))?.token).toBe('t.1.s')
		server.nowMs += 2 * MINUTE_MS
		expect((await identity.token('Teal Wren'))?.token).toBe('t.2.s')
		expect(server.asked).toBe(2)
	})

	it('[SS44] with the server away the old token serves until it runs out', async () => {
		const { identity, server } = await createDevice()
		await identity.token('Teal Wren')
		server.failure = { type: 'unreachable' }
		server.nowMs += 24 * HOUR_MS - MINUTE_MS
		expect((await identity.token('Teal Wren'))?.token).toBe('t.1.s')
		expect(identity.whyNone()).toBe('unreachable')
		server.nowMs += 2 * MINUTE_MS
		expect(await identity.token('Teal Wren')).toBeNull()
		server.failure = null
		expect((await identity.token('Teal Wren'))?.token).toMatch(/^t\./)
		expect(identity.whyNone()).toBeNull()
	})

	it('[SS45] no guests, a closed door and no answer are told apart', async () => {
		const { identity, server } = await createDevice()
		for (const [failure, why] of [
			[refused('guests-off'), 'guests-off'],
			[refused('door-closed'), 'door-closed'],
			[{ type: 'unreachable' }, 'unreachable'],
			[{ type: 'unexpected', status: 502 }, 'unreachable'],
		] as const) {
			server.failure = failure
			expect(await identity.token('Teal Wren')).toBeNull()
			expect(identity.whyNone()).toBe(why)
		}
	})

	it('[SS46] the token says who one is: the account’s name and picture, not the name asked for', async () => {
		const { identity, server, device } = await createDevice()
		const picture = 'AAAAAAAAAAAAAAAAAAAAAA'
		server.person = { subject: 'a_ana' as SubjectId, name: 'Ana', isAccount: true, picture }
		const token = await identity.token('Teal Wren')
		expect(token).toMatchObject({ subject: 'a_ana', name: 'Ana', isAccount: true, pictureId: picture })
		expect(await identity.known()).toEqual(token)
		expect(await identity.check(token?.token ?? '', device, server.nowMs)).toEqual({
			subject: 'a_ana',
			name: 'Ana',
			isAccount: true,
			pictureId: picture,
		})
	})

	it('[SS47] after signing in an answer that was on its way for the guest does not count', async () => {
		const { identity, server } = await createDevice()
		let open: () => void = () => undefined
		server.gate = new Promise((resolve) => (open = resolve))
		const guest = identity.token('Teal Wren')
		while (server.asked === 0) await Promise.resolve()
		server.person = { subject: 'a_ana' as SubjectId, name: 'Ana', isAccount: true, picture: null }
		await identity.forgetToken()
		const account = identity.token('Teal Wren')
		open()
		expect((await account)?.subject).toBe('a_ana')
		expect((await guest)?.subject).toBe('a_ana')
		expect((await identity.known())?.subject).toBe('a_ana')
	})

	it('[SS42] a key that is not known is looked for again, at most once a minute', async () => {
		const { identity, server, device, publicKey } = await createDevice()
		const makeKey = async (kid: string) => {
			const pair = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
			const jwk = { ...(await exportJWK(pair.publicKey)), kid, alg: 'EdDSA', use: 'sig' }
			const x = Buffer.from(publicKey).toString('base64url')
			const token = await new SignJWT({
				name: 'Ana',
				acct: true,
				cnf: { jwk: { kty: 'OKP', crv: 'Ed25519', x } },
			})
				.setProtectedHeader({ alg: 'EdDSA', kid })
				.setSubject('a_ana')
				.setIssuedAt(server.nowMs / 1000)
				.setExpirationTime(server.nowMs / 1000 + 24 * 3600)
				.sign(pair.privateKey)
			return { jwk, token }
		}
		const [first, second] = [await makeKey('k1'), await makeKey('k2')]
		const isVouchedFor = async (token: string) =>
			(await identity.check(token, device, server.nowMs))?.subject === 'a_ana'
		server.keySet = { keys: [first.jwk] }
		expect(await isVouchedFor(first.token)).toBe(true)
		server.keySet = { keys: [first.jwk, second.jwk] }
		expect(await isVouchedFor(second.token)).toBe(false)
		expect(await isVouchedFor(second.token)).toBe(false)
		expect(server.keySetsAsked).toBe(1)
		server.nowMs += MINUTE_MS
		expect(await isVouchedFor(second.token)).toBe(true)
		expect(await isVouchedFor(first.token)).toBe(true)
		expect(server.keySetsAsked).toBe(2)
	})
})
