/**
 * The server's signing keys over time: when one is added, which one signs, when the private half of an old one is
 * forgotten. Planning is pure; the store makes several processes agree. Public halves are published for ever, because
 * records in rooms carry tokens for as long as the rooms live.
 */
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type CryptoKey, type JWK } from 'jose'
import { hkdfSync } from 'node:crypto'
import type { SigningKey, Store } from './store/store.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Cached key sets are a day old at most: a key is published for at least as long before it signs. */
export const PUBLISH_AHEAD_MS = DAY_MS
/** Looked for this long before it has to be there, so that a server that slept a day is not late. */
const ADD_AHEAD_MS = 2 * PUBLISH_AHEAD_MS
/** How far clocks of processes and of clients may be apart. */
export const SKEW_MS = 60_000
/** Tokens live a day; then nothing by the key is good any more. */
export const KEEP_PRIVATE_MS = DAY_MS + HOUR_MS
const CHECK_INTERVAL_MS = HOUR_MS
const RETRY_INTERVAL_MS = 60_000
const ALGORITHM = 'EdDSA'

export type KeyStep =
	| { readonly type: 'add'; readonly signsFromMs: number }
	| { readonly type: 'retire'; readonly kid: string; readonly atMs: number }

const beginOf = (key: SigningKey): number => Math.max(key.signsFromMs, key.createdAtMs)

/** By when they begin to sign; ties in an order that every process finds alike. */
const inOrder = (keys: readonly SigningKey[]): readonly SigningKey[] =>
	[...keys].sort((a, b) => beginOf(a) - beginOf(b) || (a.kid < b.kid ? -1 : 1))

/** The next midnight (UTC) that is not before `atMs`: processes that plan at about the same time plan the same. */
const dayFrom = (atMs: number): number => Math.ceil(atMs / DAY_MS) * DAY_MS

/**
 * What is to be done at `nowMs`, given the keys there are. Doing it and asking again ends with nothing to do.
 * `rotationMs`: how long one key signs.
 */
export const planKeys = (
	keys: readonly SigningKey[],
	nowMs: number,
	rotationMs: number,
): readonly KeyStep[] => {
	const ordered = inOrder(keys)
	const last = ordered.at(-1)
	// The same for each of two processes that start at once on an empty store: the slot 0 is taken by one of them.
	if (last === undefined) return [{ type: 'add', signsFromMs: 0 }]
	const steps: KeyStep[] = []
	// By a clock that was set back none has begun: the first one serves, and no older one is made up.
	const signing = ordered.findLast((key) => beginOf(key) <= nowMs)
	if (signing?.privateJwk === null) steps.push({ type: 'add', signsFromMs: nowMs })
	const due = dayFrom(beginOf(last) + rotationMs)
	if (nowMs >= due - ADD_AHEAD_MS)
		steps.push({ type: 'add', signsFromMs: Math.max(due, dayFrom(nowMs + PUBLISH_AHEAD_MS)) })
	for (const [index, key] of ordered.entries()) {
		const next = ordered[index + 1]
		if (next === undefined || key.privateJwk === null) continue
		const endMs = beginOf(next)
		if (nowMs >= endMs + KEEP_PRIVATE_MS) steps.push({ type: 'retire', kid: key.kid, atMs: endMs })
	}
	return steps
}

export interface ServerKey {
	readonly kid: string
	/** Null once it is retired. */
	readonly privateKey: CryptoKey | null
	readonly publicKey: CryptoKey
	readonly publicJwk: JWK
	/** The window in which it signs; 0 for the first one, which had none before it; no end while none follows. */
	readonly fromMs: number
	readonly untilMs: number | null
	/** 32 bytes that only holders of the private key have, for `purpose`. Null once it is retired. */
	secret(purpose: string): Buffer | null
}

export interface KeyRing {
	/** The first key's id: names this server for ever. */
	readonly name: string
	readonly keys: readonly ServerKey[]
	byId(kid: string): ServerKey | null
	/** The one that signs at `nowMs`. */
	signing(nowMs: number): ServerKey & { readonly privateKey: CryptoKey }
	/** Secrets for `purpose`, that of the signing key first; seal with the first, open with any. */
	secrets(purpose: string, nowMs: number): readonly Buffer[]
}

const loadKey = async (key: SigningKey, fromMs: number, next: SigningKey | undefined): Promise<ServerKey> => {
	const publicJwk = { kty: 'OKP', crv: 'Ed25519', x: key.publicX } as JWK
	const privateJwk = key.privateJwk === null ? null : (JSON.parse(key.privateJwk) as JWK)
	return {
		kid: key.kid,
		privateKey: privateJwk === null ? null : ((await importJWK(privateJwk, ALGORITHM)) as CryptoKey),
		publicKey: (await importJWK(publicJwk, ALGORITHM)) as CryptoKey,
		publicJwk,
		fromMs,
		untilMs: next === undefined ? null : beginOf(next),
		secret: (purpose) =>
			typeof privateJwk?.['d'] === 'string'
				? Buffer.from(
						hkdfSync('sha256', Buffer.from(privateJwk.d ?? '', 'base64url'), 'matinee-1', purpose, 32),
					)
				: null,
	}
}

const createRing = async (stored: readonly SigningKey[]): Promise<KeyRing> => {
	const ordered = inOrder(stored)
	const keys = await Promise.all(
		ordered.map((key, index) => loadKey(key, index === 0 ? 0 : beginOf(key), ordered[index + 1])),
	)
	const oldest = [...stored].sort((a, b) => a.createdAtMs - b.createdAtMs || beginOf(a) - beginOf(b))[0]
	const byKid = new Map(keys.map((key) => [key.kid, key]))
	const signing: KeyRing['signing'] = (nowMs) => {
		const able = keys.filter(({ privateKey }) => privateKey !== null)
		const key = able.findLast(({ fromMs }) => fromMs <= nowMs) ?? able[0]
		if (key === undefined || key.privateKey === null) throw new Error('no key can sign')
		return { ...key, privateKey: key.privateKey }
	}
	return {
		name: oldest?.kid ?? '',
		keys,
		byId: (kid) => byKid.get(kid) ?? null,
		signing,
		secrets: (purpose, nowMs) => {
			const first = signing(nowMs)
			const others = keys.filter(({ kid }) => kid !== first.kid).toReversed()
			return [first, ...others].flatMap((key) => key.secret(purpose) ?? [])
		},
	}
}

/** The published set (RFC 7517). `nbf` and `exp`, ours: seconds within which tokens by the key were issued (`iat`). */
export const keySetOf = (ring: KeyRing) => ({
	keys: ring.keys.map(({ kid, publicJwk, fromMs, untilMs }) => ({
		...publicJwk,
		kid,
		alg: ALGORITHM,
		use: 'sig',
		...(fromMs === 0 ? {} : { nbf: Math.floor(fromMs / 1000) }),
		...(untilMs === null ? {} : { exp: Math.ceil(untilMs / 1000) }),
	})),
})

/** A new pair; nothing is kept yet. */
const makeKey = async (signsFromMs: number, nowMs: number): Promise<SigningKey> => {
	const pair = await generateKeyPair(ALGORITHM, { crv: 'Ed25519', extractable: true })
	const publicJwk = await exportJWK(pair.publicKey)
	return {
		kid: await calculateJwkThumbprint(publicJwk),
		publicX: publicJwk.x ?? '',
		privateJwk: JSON.stringify(await exportJWK(pair.privateKey)),
		createdAtMs: Math.floor(nowMs),
		signsFromMs: Math.floor(signsFromMs),
		retiredAtMs: null,
	}
}

export type Keys = ReturnType<typeof createKeys>

export const createKeys = (deps: {
	readonly store: Pick<Store, 'keys'>
	/** How long one key signs, in milliseconds. */
	readonly rotationMs: number
	readonly nowMs: () => number
	/** A key was added or retired by this process. */
	readonly onChange?: (step: 'added' | 'retired', kid: string) => void
}) => {
	let known: KeyRing | null = null
	let nextCheckMs = -Infinity
	let pending: Promise<KeyRing> | null = null

	const carryOut = async (step: KeyStep, nowMs: number): Promise<void> => {
		const { keys } = deps.store
		if (step.type === 'retire') {
			await keys.retire(step.kid, step.atMs)
			deps.onChange?.('retired', step.kid)
			return
		}
		const key = await makeKey(step.signsFromMs, nowMs)
		const kept = await keys.add(key)
		if (kept.some(({ kid }) => kid === key.kid)) deps.onChange?.('added', key.kid)
	}

	const check = async (): Promise<KeyRing> => {
		const nowMs = deps.nowMs()
		nextCheckMs = nowMs + RETRY_INTERVAL_MS
		for (const step of planKeys(await deps.store.keys.list(), nowMs, deps.rotationMs))
			await carryOut(step, nowMs)
		known = await createRing(await deps.store.keys.list())
		nextCheckMs = nowMs + CHECK_INTERVAL_MS
		return known
	}

	/** Reads the keys again, adding and retiring what is due. Rejects while the store is away. */
	const refresh = (): Promise<KeyRing> => (pending ??= check().finally(() => (pending = null)))

	return {
		refresh,
		/** The keys as last read, or read now. Rejects while the store is away and they were never read. */
		ring: (): Promise<KeyRing> => (known === null ? refresh() : Promise.resolve(known)),
		/** Time to call `refresh`: an hour since the keys were read, or a minute since that failed. */
		isDue: (nowMs: number): boolean => nowMs >= nextCheckMs,
	}
}
