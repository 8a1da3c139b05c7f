/**
 * Who somebody is: JWTs over a device's key, signed by the server's own, which lives in the store.
 * Members check them offline against the key set.
 */
import {
	calculateJwkThumbprint,
	errors,
	exportJWK,
	generateKeyPair,
	importJWK,
	jwtVerify,
	SignJWT,
	type CryptoKey,
	type JWK,
} from 'jose'
import type { DeviceId, SubjectId } from '#lib/core/units.ts'
import { deviceJwk, type DeviceJwk } from '#lib/protocol/http.ts'
import { flag, object, text } from '#lib/protocol/schema.ts'
import { deviceOf, thumbprintOf } from './proof.ts'
import type { Store } from './store/store.ts'

export const TOKEN_LIFETIME_MS = 24 * 3_600_000
const ALGORITHM = 'EdDSA'
const TOKEN_TYPE = 'JWT'

export interface ServerKey {
	readonly kid: string
	readonly privateKey: CryptoKey
	readonly publicKey: CryptoKey
	readonly publicJwk: JWK
}

/** The store's key, made at the first start. */
export const loadServerKey = async (store: Store): Promise<ServerKey> => {
	const fresh = await generateKeyPair(ALGORITHM, { crv: 'Ed25519', extractable: true })
	const offered = await exportJWK(fresh.privateKey)
	const kept = await store.signingKey({
		kid: await calculateJwkThumbprint(await exportJWK(fresh.publicKey)),
		privateJwk: JSON.stringify(offered),
	})
	const jwk = JSON.parse(kept.privateJwk) as JWK
	const publicJwk = { kty: 'OKP', crv: 'Ed25519', x: jwk.x } as JWK
	const keys = [await importJWK(jwk, ALGORITHM), await importJWK(publicJwk, ALGORITHM)]
	return {
		kid: kept.kid,
		privateKey: keys[0] as CryptoKey,
		publicKey: keys[1] as CryptoKey,
		publicJwk,
	}
}

export interface Claims {
	readonly subject: SubjectId
	readonly name: string
	readonly isAccount: boolean
	readonly device: DeviceId
	readonly jwk: DeviceJwk
}

export type TokenCheck =
	{ readonly type: 'good'; readonly claims: Claims } | { readonly type: 'expired' } | { readonly type: 'bad' }

/** The part of the payload that jose does not check itself. */
const payloadSchema = object({
	sub: text(64, /^[A-Za-z0-9_:.-]+$/),
	name: text(64),
	acct: flag,
	cnf: object({ jwk: deviceJwk }),
})

export type IdentityIssuer = ReturnType<typeof createIdentityIssuer>

export const createIdentityIssuer = (deps: {
	readonly key: ServerKey
	readonly issuer: string
	readonly nowMs: () => number
}) => ({
	/** A guest is the device itself: the same key is the same person for ever. */
	guestSubject: (jwk: DeviceJwk): SubjectId => `g_${thumbprintOf(jwk).slice(0, 16)}` as SubjectId,

	async issue(person: {
		subject: SubjectId
		name: string
		isAccount: boolean
		jwk: DeviceJwk
	}): Promise<{ token: string; expiresAtMs: number }> {
		const issuedAtS = Math.floor(deps.nowMs() / 1000)
		const expiresAtS = issuedAtS + TOKEN_LIFETIME_MS / 1000
		const token = await new SignJWT({
			name: person.name,
			acct: person.isAccount,
			cnf: { jwk: { kty: person.jwk.kty, crv: person.jwk.crv, x: person.jwk.x } },
		})
			.setProtectedHeader({ alg: ALGORITHM, kid: deps.key.kid, typ: TOKEN_TYPE })
			.setIssuer(deps.issuer)
			.setSubject(person.subject)
			.setIssuedAt(issuedAtS)
			.setExpirationTime(expiresAtS)
			.sign(deps.key.privateKey)
		return { token, expiresAtMs: expiresAtS * 1000 }
	},

	async check(token: string): Promise<TokenCheck> {
		try {
			const { payload } = await jwtVerify(token, deps.key.publicKey, {
				algorithms: [ALGORITHM],
				typ: TOKEN_TYPE,
				issuer: deps.issuer,
				requiredClaims: ['exp', 'iat', 'sub'],
				currentDate: new Date(deps.nowMs()),
			})
			const { sub, name, acct, cnf } = payload
			const own = payloadSchema.parse({ sub, name, acct, cnf })
			const device = own === undefined ? null : deviceOf(own.cnf.jwk)
			if (own === undefined || device === null) return { type: 'bad' }
			return {
				type: 'good',
				claims: {
					subject: own.sub as SubjectId,
					name: own.name,
					isAccount: own.acct,
					device,
					jwk: own.cnf.jwk,
				},
			}
		} catch (error) {
			if (error instanceof errors.JWTExpired) return { type: 'expired' }
			if (error instanceof errors.JOSEError) return { type: 'bad' }
			throw error
		}
	},

	keySet: () => ({
		keys: [{ ...deps.key.publicJwk, kid: deps.key.kid, alg: ALGORITHM, use: 'sig' }],
	}),
})
