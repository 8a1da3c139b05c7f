/**
 * Who somebody is: JWTs over a device's key, signed by the server's own, which lives in the store.
 * Members check them offline against the key set.
 */
import { decodeProtectedHeader, errors, jwtVerify, SignJWT } from 'jose'
import type { DeviceId, SubjectId } from '#lib/core/units.ts'
import { deviceJwk, pictureId, type DeviceJwk } from '#lib/protocol/http.ts'
import { flag, integer, object, optional, text } from '#lib/protocol/schema.ts'
import { keySetOf, SKEW_MS, type Keys, type KeyRing, type ServerKey } from './keys.ts'
import { deviceOf, thumbprintOf } from './proof.ts'

export const TOKEN_LIFETIME_MS = 24 * 3_600_000
const ALGORITHM = 'EdDSA'
const TOKEN_TYPE = 'JWT'

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
	iat: integer(0, 8.64e12),
	name: text(64),
	acct: flag,
	picture: optional(pictureId),
	cnf: object({ jwk: deviceJwk }),
})

/** The key that `jws` names in its head, whatever else it is; null for none of ours. */
const keyNamedBy = (jws: string, ring: KeyRing): ServerKey | null => {
	try {
		const { kid } = decodeProtectedHeader(jws)
		return kid === undefined ? null : ring.byId(kid)
	} catch {
		return null // no JWS at all
	}
}

/** Was a key at work at `atMs`, by clocks that agree within a minute? */
const isInWindow = (key: ServerKey, atMs: number): boolean =>
	atMs >= key.fromMs - SKEW_MS && (key.untilMs === null || atMs <= key.untilMs + SKEW_MS)

export interface Identified {
	readonly subject: SubjectId
	readonly name: string
	readonly isAccount: boolean
	/** The account's picture. */
	readonly picture: string | null
	readonly jwk: DeviceJwk
}

export type IdentityIssuer = ReturnType<typeof createIdentityIssuer>

/** What rejects does so because the store with the keys was never reached. */
export const createIdentityIssuer = (deps: {
	readonly keys: Pick<Keys, 'ring'>
	/** Who tokens are from: this server. */
	readonly issuer: () => Promise<string>
	readonly nowMs: () => number
}) => ({
	/** A guest is the device itself: the same key is the same person for ever. */
	guestSubject: (jwk: DeviceJwk): SubjectId => `g_${thumbprintOf(jwk).slice(0, 16)}` as SubjectId,

	async issue(person: Identified): Promise<{ token: string; expiresAtMs: number }> {
		const nowMs = deps.nowMs()
		const key = (await deps.keys.ring()).signing(nowMs)
		const issuedAtS = Math.floor(nowMs / 1000)
		const expiresAtS = issuedAtS + TOKEN_LIFETIME_MS / 1000
		const token = await new SignJWT({
			name: person.name,
			acct: person.isAccount,
			...(person.picture === null ? {} : { picture: person.picture }),
			cnf: { jwk: { kty: person.jwk.kty, crv: person.jwk.crv, x: person.jwk.x } },
		})
			.setProtectedHeader({ alg: ALGORITHM, kid: key.kid, typ: TOKEN_TYPE })
			.setIssuer(await deps.issuer())
			.setSubject(person.subject)
			.setIssuedAt(issuedAtS)
			.setExpirationTime(expiresAtS)
			.sign(key.privateKey)
		return { token, expiresAtMs: expiresAtS * 1000 }
	},

	/** Clocks of processes may differ by a minute: so much later is not expired yet, so much earlier not unheard of. */
	async check(token: string): Promise<TokenCheck> {
		const key = keyNamedBy(token, await deps.keys.ring())
		if (key === null) return { type: 'bad' }
		const nowMs = deps.nowMs()
		try {
			const { payload } = await jwtVerify(token, key.publicKey, {
				algorithms: [ALGORITHM],
				typ: TOKEN_TYPE,
				issuer: await deps.issuer(),
				requiredClaims: ['exp', 'iat', 'sub'],
				currentDate: new Date(nowMs),
				// To jose, what runs out in this very second is over.
				clockTolerance: SKEW_MS / 1000 + 1,
			})
			const { sub, iat, name, acct, picture, cnf } = payload
			const own = payloadSchema.parse({ sub, iat, name, acct, picture, cnf })
			const device = own === undefined ? null : deviceOf(own.cnf.jwk)
			if (own === undefined || device === null) return { type: 'bad' }
			const issuedMs = own.iat * 1000
			if (issuedMs > nowMs + SKEW_MS || !isInWindow(key, issuedMs)) return { type: 'bad' }
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

	keySet: async () => keySetOf(await deps.keys.ring()),
})
