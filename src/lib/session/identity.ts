/**
 * Who this device is to others: a token from the server, bound to the device's key, kept and renewed here; and the
 * offline check of other people's tokens against the server's published keys.
 */
import type { Signer, Verifier } from '#lib/core/crypto.ts'
import type { IdentityClaims } from '#lib/core/room.ts'
import type { DeviceId, Millis, SubjectId } from '#lib/core/units.ts'
import type { DeviceStore } from '#lib/storage/storage.ts'
import type { ServerApi } from './server-api.ts'
import { checkToken, readKeySet, type TokenKeys } from './token-check.ts'

const TOKEN_KEY = 'identity-token'
const KEY_SET_KEY = 'identity-keys'
const HOUR_MS = 3_600_000
/** Tokens live a day; a new one is asked for when less than this is left. */
const RENEW_BEFORE_MS = 6 * HOUR_MS
const KEY_SET_MAX_AGE_MS = 12 * HOUR_MS

interface StoredToken {
	readonly token: string
	readonly subject: SubjectId
	readonly name: string
	readonly isAccount: boolean
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
	'expiresAtMs' in input &&
	typeof input.expiresAtMs === 'number'

export interface IdentityDeps {
	readonly api: ServerApi
	readonly store: DeviceStore
	readonly signer: Signer
	readonly verifier: Verifier
	readonly wallNowMs: () => Millis
}

export type Identity = ReturnType<typeof createIdentity>

export const createIdentity = (deps: IdentityDeps) => {
	let pending: Promise<StoredToken | null> | null = null

	const stored = async (): Promise<StoredToken | null> => {
		const value = await deps.store.settings.get(TOKEN_KEY)
		return isStoredToken(value) && value.device === deps.signer.device ? value : null
	}

	const renew = async (name: string): Promise<StoredToken | null> => {
		const answer = await deps.api.identity(deps.signer, name)
		if (answer.type !== 'ok') return null
		const { token, subject, expiresAtMs } = answer.value
		const fresh: StoredToken = {
			token,
			subject,
			name,
			isAccount: false,
			device: deps.signer.device,
			expiresAtMs,
		}
		await deps.store.settings.set(TOKEN_KEY, fresh)
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

	/** The server refused it (new signing keys, say): forget it, so that the next call asks anew. */
	const forgetToken = (): Promise<void> => deps.store.settings.set(TOKEN_KEY, null)

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

	const keys = async (): Promise<TokenKeys | null> => {
		if (keySet !== null && deps.wallNowMs() - keySet.atMs < KEY_SET_MAX_AGE_MS) return keySet.keys
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
			if (own?.token === text)
				return { subject: own.subject, name: own.name, isAccount: own.isAccount, pictureId: null }
		}
		const known = await keys()
		if (known === null) return null
		const claims = await checkToken(text, known, deps.verifier, atMs)
		if (claims === null) return null
		const { deviceKey, ...who } = claims
		return (await deps.verifier.deviceOf(deviceKey)) === device ? who : null
	}

	return { token, forgetToken, check }
}
