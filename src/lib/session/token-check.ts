/**
 * Reads identity tokens: compact JWS (RFC 7515) signed with Ed25519, and only that. The server makes them with jose;
 * here the core's verifier stands behind a strict reader, which spares every joiner 18 KB (docs/decisions/0006).
 */
import { base64urlToBytes } from '#lib/core/base64url.ts'
import type { Verifier } from '#lib/core/crypto.ts'
import { ID_PATTERN, type Millis, type SubjectId } from '#lib/core/units.ts'
import { isPlainObject } from '#lib/protocol/schema.ts'

/** The server's signing keys, by their `kid`. */
export type TokenKeys = ReadonlyMap<string, TokenKey>
export interface TokenKey {
	readonly bytes: Uint8Array
	/** When the key signed, in seconds: whoever steals it later makes no tokens of another time with it. */
	readonly fromS: number
	readonly untilS: number
}

export interface TokenClaims {
	readonly subject: SubjectId
	readonly name: string
	readonly isAccount: boolean
	readonly pictureId: string | null
	/** Raw, of the device that the token was made for. */
	readonly deviceKey: Uint8Array
}

/** Clocks differ, and records may be a little older than the token that came with them. */
const LEEWAY_MS: Millis = 5 * 60_000
/** Between the clocks of the server's processes. */
const SKEW_S = 60
const KEY_BYTES = 32
const ALGORITHMS: readonly unknown[] = ['EdDSA', 'Ed25519']

/** The raw key of an Ed25519 JWK (RFC 8037); null for anything else. */
const keyOf = (jwk: unknown): Uint8Array | null => {
	if (!isPlainObject(jwk) || jwk['kty'] !== 'OKP' || jwk['crv'] !== 'Ed25519') return null
	const bytes = typeof jwk['x'] === 'string' ? base64urlToBytes(jwk['x']) : null
	return bytes?.length === KEY_BYTES ? bytes : null
}

/** What of a JWK set can check tokens. Null if nothing can: nobody can be vouched for yet. */
export const readKeySet = (input: unknown): TokenKeys | null => {
	const listed: unknown = isPlainObject(input) ? input['keys'] : null
	const keys = new Map<string, TokenKey>()
	for (const jwk of Array.isArray(listed) ? (listed as unknown[]) : []) {
		const key = keyOf(jwk)
		const { kid, alg, use, nbf = 0, exp = Infinity } = isPlainObject(jwk) ? jwk : {}
		const isForTokens = (alg === undefined || ALGORITHMS.includes(alg)) && (use ?? 'sig') === 'sig'
		if (key === null || typeof kid !== 'string' || !isForTokens) continue
		if (typeof nbf === 'number' && typeof exp === 'number')
			keys.set(kid, { bytes: key, fromS: nbf - SKEW_S, untilS: exp + SKEW_S })
	}
	return keys.size === 0 ? null : keys
}

const parsePart = (part: string): Readonly<Record<string, unknown>> | null => {
	const bytes = base64urlToBytes(part)
	if (bytes === null) return null
	try {
		const parsed: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
		return isPlainObject(parsed) ? parsed : null
	} catch {
		return null // no UTF-8 or no JSON is one of the ways not to be a token
	}
}

/** The key that `token` says it was signed with; null where it says none. */
export const keyIdOf = (token: string): string | null => {
	const kid = parsePart(token.split('.', 1)[0] ?? '')?.['kid']
	return typeof kid === 'string' ? kid : null
}

/** The claims of `token` if one of `keys` signed it and it holds at `atMs`; null otherwise. Never throws. */
export const checkToken = async (
	token: string,
	keys: TokenKeys,
	verifier: Pick<Verifier, 'verify'>,
	atMs: Millis,
): Promise<TokenClaims | null> => {
	const [head = '', body = '', signed = '', ...more] = token.split('.')
	if (more.length > 0) return null
	const header = parsePart(head)
	const signature = base64urlToBytes(signed)
	if (header === null || signature === null) return null
	// `crit` names extensions that have to be understood, and none is (RFC 7515, 4.1.11).
	if (!ALGORITHMS.includes(header['alg']) || 'crit' in header || typeof header['kid'] !== 'string')
		return null
	const key = keys.get(header['kid'])
	if (key === undefined) return null
	if (!(await verifier.verify(key.bytes, new TextEncoder().encode(`${head}.${body}`), signature))) return null

	const payload = parsePart(body)
	if (payload === null) return null
	const { exp, nbf, iat, sub, name, acct, picture, cnf } = payload
	if (typeof iat !== 'number' || iat < key.fromS || iat > key.untilS) return null
	if (typeof exp !== 'number' || exp * 1000 <= atMs - LEEWAY_MS) return null
	if (nbf !== undefined && (typeof nbf !== 'number' || nbf * 1000 > atMs + LEEWAY_MS)) return null
	const deviceKey = isPlainObject(cnf) ? keyOf(cnf['jwk']) : null
	if (deviceKey === null || typeof sub !== 'string' || typeof name !== 'string') return null
	const pictureId = typeof picture === 'string' && ID_PATTERN.test(picture) ? picture : null
	return { subject: sub as SubjectId, name, isAccount: acct === true, pictureId, deviceKey }
}
