/**
 * Who this device is to others: a token from the server, bound to the device's key, kept and renewed here; and the
 * offline check of other people's tokens against the server's published keys.
 */
import type { Signer, Verifier } from '#lib/core/crypto.ts'
import type { IdentityClaims } from '#lib/core/room.ts'
import type { DeviceId, Millis, SubjectId } from '#lib/core/units.ts'
import type { DeviceStore } from '#lib/storage/storage.ts'
import type { ApiError } from '#lib/protocol/http.ts'
import type { ServerApi } from './server-api.ts'
import { checkToken, keyIdOf, readKeySet, type TokenKeys } from './token-check.ts'

export const TOKEN_KEY = 'identity-token'
/** The server's published keys as last seen, among the device's settings. */
export const KEY_SET_KEY = 'identity-keys'
const HOUR_MS = 3_600_000
/** Tokens live a day; a new one is asked for when less than this is left. */
const RENEW_BEFORE_MS = 6 * HOUR_MS
const KEY_SET_MAX_AGE_MS = 12 * HOUR_MS
/** Keys rotate: one that is not known is looked for again, but not for every token that claims one. */
const KEY_SET_RETRY_MS = 60_000

export interface StoredToken {
	readonly token: string
	readonly subject: SubjectId
	/** As the token says it: an account's own, otherwise the guest's at the time. */
	readonly name: string
	readonly isAccount: boolean
	readonly pictureId: string | null
	readonly device: DeviceId
	readonly expiresAtMs: Millis
}

const isStoredToken = (input: unknown): input is StoredToken =>
	typeof input === 'object' &&
	input !== null &&
	'token' in input &&
	typeof input.token === 'string' &&
	'device' in input &&
	typeof input.device === 'string' &&
	'subject' in input &&
	typeof input.subject === 'string' &&
	'name' in input &&
	typeof input.name === 'string' &&
	'isAccount' in input &&
	typeof input.isAccount === 'boolean' &&
	'pictureId' in input &&
	(input.pictureId === null || typeof input.pictureId === 'string') &&
	'expiresAtMs' in input &&
	typeof input.expiresAtMs === 'number'

export interface IdentityDeps {
	readonly api: Pick<ServerApi, 'identity' | 'keySet'>
	readonly store: Pick<DeviceStore, 'settings'>
	readonly signer: Signer
	readonly verifier: Verifier
	readonly wallNowMs: () => Millis
}

export type Identity = ReturnType<typeof createIdentity>

/** Why the server gives no token: 'guests-off' wants a sign-in, 'door-closed' the door password first. */
export type WhyNoToken = ApiError['error'] | 'unreachable'

export const createIdentity = (deps: IdentityDeps) => {
	let pending: Promise<StoredToken | null> | null = null
	let problem: WhyNoToken | null = null
	/** Of the latest wish for a token; `forgetToken` makes those before it void. */
	let wish = 0

	const stored = async (): Promise<StoredToken | null> => {
		const value = await deps.store.settings.get(TOKEN_KEY)
		return isStoredToken(value) && value.device === deps.signer.device ? value : null
	}

	const renew = async (name: string): Promise<StoredToken | null> => {
		const mine = ++wish
		const answer = await deps.api.identity(deps.signer, name)
		// Somebody signed in or out meanwhile: this would be who one was.
		if (mine !== wish) return token(name)
		problem = answer.type === 'ok' ? null : answer.type === 'refused' ? answer.error.error : 'unreachable'
		if (answer.type !== 'ok') return null
		const { picture: pictureId, ...given } = answer.value
		const fresh: StoredToken = { ...given, pictureId, device: deps.signer.device }
		// Nobody waits for the disk: it tells its own troubles, and whoever reads later reads this.
		void deps.store.settings.set(TOKEN_KEY, fresh)
		return fresh
	}

	/** A token with time left on it; an old but still good one while the server is away; null for none at all. */
	const token = async (name: string): Promise<StoredToken | null> => {
		const known = await stored()
		const leftMs = known === null ? 0 : known.expiresAtMs - deps.wallNowMs()
		if (known !== null && leftMs > RENEW_BEFORE_MS) return known
		pending ??= renew(name).finally(() => (pending = null))
		const fresh = await pending
		return fresh ?? (leftMs > 0 ? known : null)
	}

	/** The server refused it (new signing keys, say), or one is somebody else now: the next call asks anew. */
	const forgetToken = (): Promise<void> => {
		wish++
		pending = null
		return deps.store.settings.set(TOKEN_KEY, null)
	}

	let keySet: { readonly keys: TokenKeys; readonly atMs: Millis } | null = null
	let keySetPending: Promise<TokenKeys | null> | null = null

	const loadKeySet = async (): Promise<TokenKeys | null> => {
		const answer = await deps.api.keySet()
		const raw = answer.type === 'ok' ? answer.value : await deps.store.settings.get(KEY_SET_KEY)
		const keys = readKeySet(raw)
		if (keys === null) return null
		keySet = { keys, atMs: deps.wallNowMs() }
		if (answer.type === 'ok') await deps.store.settings.set(KEY_SET_KEY, raw)
		return keys
	}

	/** With the key `kid` in it, if the server has one. */
	const keys = async (kid: string): Promise<TokenKeys | null> => {
		const maxAgeMs = keySet?.keys.has(kid) ? KEY_SET_MAX_AGE_MS : KEY_SET_RETRY_MS
		if (keySet !== null && deps.wallNowMs() - keySet.atMs < maxAgeMs) return keySet.keys
		keySetPending ??= loadKeySet().finally(() => (keySetPending = null))
		return (await keySetPending) ?? keySet?.keys ?? null
	}

	/**
	 * The claims in `text` if the server signed it for `device` and it held at room time `atMs`; null otherwise.
	 * Old records keep their names: what counts is the moment of the record, not now.
	 */
	const check = async (text: string, device: DeviceId, atMs: Millis): Promise<IdentityClaims | null> => {
		if (device === deps.signer.device) {
			const own = await stored()
			// Our own token came from the server to this device; who we are needs no proof to ourselves.
			if (own?.token === text) {
				const { subject, name, isAccount, pictureId } = own
				return { subject, name, isAccount, pictureId }
			}
		}
		const kid = keyIdOf(text)
		const known = kid === null ? null : await keys(kid)
		if (known === null) return null
		const claims = await checkToken(text, known, deps.verifier, atMs)
		if (claims === null) return null
		const { deviceKey, ...who } = claims
		return (await deps.verifier.deviceOf(deviceKey)) === device ? who : null
	}

	return {
		token,
		forgetToken,
		check,
		/** What was last given to this device, without asking: perhaps run out, perhaps none. */
		known: stored,
		/** Why the last one asked for did not come; null once one came. */
		whyNone: () => problem,
	}
}
