import { decodeProtectedHeader, type JWK } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import type { SubjectId } from '#lib/core/units.ts'
import { createIdentityIssuer } from './identity.ts'
import { createKeys, KEEP_PRIVATE_MS, keySetOf, planKeys, PUBLISH_AHEAD_MS, SKEW_MS } from './keys.ts'
import { createMemoryStore } from './store/memory.ts'
import type { SigningKey, Store } from './store/store.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const ROTATION_MS = 30 * DAY_MS
/** A midnight. */
const START_MS = 20_000 * DAY_MS
const PERSON = {
	subject: 'g_alice' as SubjectId,
	name: 'Alice',
	isAccount: false,
	picture: null,
	jwk: { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) },
} as const

const key = (kid: string, signsFromMs: number, change: Partial<SigningKey> = {}): SigningKey => ({
	kid,
	publicX: '',
	privateJwk: '{}',
	createdAtMs: 0,
	signsFromMs,
	retiredAtMs: null,
	...change,
})
const plan = (keys: readonly SigningKey[], nowMs: number) => planKeys(keys, nowMs, ROTATION_MS)

describe('the plan for keys', () => {
	it('[SG39] the first key is the same slot for all who start at once', () => {
		expect(plan([], START_MS)).toEqual([{ type: 'add', signsFromMs: 0 }])
		expect(plan([], START_MS + 5)).toEqual([{ type: 'add', signsFromMs: 0 }])
	})

	it('[SG39] the next one is added two days before it is to sign, and then nothing is left to do', () => {
		const first = key('a', START_MS)
		const dueMs = START_MS + ROTATION_MS
		expect(plan([first], dueMs - 2 * DAY_MS - 1)).toEqual([])
		expect(plan([first], dueMs - 2 * DAY_MS)).toEqual([{ type: 'add', signsFromMs: dueMs }])
		expect(plan([first, key('b', dueMs)], dueMs - 2 * DAY_MS)).toEqual([])
	})

	it('[SG39] after a long sleep the next one is published for a day all the same', () => {
		const nowMs = START_MS + 400 * DAY_MS + 5 * HOUR_MS
		const [step] = plan([key('a', START_MS)], nowMs)
		expect(step).toEqual({ type: 'add', signsFromMs: START_MS + 402 * DAY_MS })
		expect(402 * DAY_MS + START_MS - nowMs).toBeGreaterThanOrEqual(PUBLISH_AHEAD_MS)
	})

	it('[SG40] a key is retired once its last token has run out, and not before', () => {
		const nextMs = START_MS + ROTATION_MS
		const keys = [key('a', START_MS), key('b', nextMs)]
		expect(plan(keys, nextMs + KEEP_PRIVATE_MS - 1)).toEqual([])
		expect(plan(keys, nextMs + KEEP_PRIVATE_MS)).toEqual([{ type: 'retire', kid: 'a', atMs: nextMs }])
		const retired = key('a', START_MS, { privateJwk: null, retiredAtMs: nextMs })
		expect(plan([retired, key('b', nextMs)], nextMs + KEEP_PRIVATE_MS)).toEqual([])
	})

	it('[SG39] a clock that was set back before the first key adds none', () => {
		expect(plan([key('a', 0, { createdAtMs: START_MS })], START_MS - 365 * DAY_MS)).toEqual([])
	})

	it('[SG39] where no key that may sign has its private half, one is added that signs at once', () => {
		const gone = key('a', START_MS, { privateJwk: null, retiredAtMs: START_MS })
		expect(plan([gone], START_MS + DAY_MS)).toEqual([{ type: 'add', signsFromMs: START_MS + DAY_MS }])
	})
})

describe('the keys of a server', () => {
	let nowMs: number
	let store: Store
	const start = (of: Pick<Store, 'keys'> = store) => {
		const keys = createKeys({ store: of, rotationMs: ROTATION_MS, nowMs: () => nowMs })
		const issuer = createIdentityIssuer({ keys, issuer: async () => 'a', nowMs: () => nowMs })
		return { keys, issuer, signer: async () => (await keys.ring()).signing(nowMs).kid }
	}
	/** Looks after the keys each hour until `untilMs`, as a server does. */
	const live = async (server: ReturnType<typeof start>, untilMs: number) => {
		for (; nowMs < untilMs; nowMs += HOUR_MS) await server.keys.refresh()
		nowMs = untilMs
		await server.keys.refresh()
	}
	beforeEach(() => {
		nowMs = START_MS + 7 * HOUR_MS
		store = createMemoryStore()
	})

	it('[SG39] two of them live at once: published together, a day before the new one signs', async () => {
		const server = start()
		const first = await server.signer()
		await live(server, START_MS + 31 * DAY_MS - 1)
		const published = (await server.issuer.keySet()).keys.map(({ kid }) => kid)
		expect(published).toHaveLength(2)
		expect(await server.signer()).toBe(first)
		nowMs += 1
		expect(await server.signer()).toBe(published[1])
	})

	it('[SG40] tokens of the key before are good for their whole day, and the set says when each key signed', async () => {
		const server = start()
		await live(server, START_MS + 31 * DAY_MS - 1_000)
		const last = await server.issuer.issue(PERSON)
		await live(server, START_MS + 32 * DAY_MS - 60_000)
		const next = await server.issuer.issue(PERSON)
		expect(decodeProtectedHeader(next.token).kid).not.toBe(decodeProtectedHeader(last.token).kid)
		expect(await server.issuer.check(last.token)).toMatchObject({ type: 'good' })
		const { keys } = await server.issuer.keySet()
		const switchS = (START_MS + 31 * DAY_MS) / 1000
		expect(keys.map(({ nbf, exp }) => [nbf, exp])).toEqual([
			[undefined, switchS],
			[switchS, undefined],
		])
	})

	it('[SG40] the private half of a retired key is gone, its public half published for ever', async () => {
		const server = start()
		const first = await server.signer()
		await live(server, START_MS + 33 * DAY_MS)
		const [kept] = await store.keys.list()
		expect(kept).toMatchObject({ kid: first, privateJwk: null, retiredAtMs: START_MS + 31 * DAY_MS })
		nowMs += 700 * DAY_MS
		await server.keys.refresh()
		expect((await server.issuer.keySet()).keys.map(({ kid }) => kid)).toContain(first)
	})

	it('[SG40] a token that claims another time than that of its key is refused', async () => {
		const server = start()
		await live(server, START_MS + 31 * DAY_MS + HOUR_MS)
		const ring = await server.keys.ring()
		const [old] = ring.keys
		// Whoever has stolen the old key and signs with it now.
		const thief = createIdentityIssuer({
			keys: {
				ring: async () => ({
					...ring,
					signing: () => {
						if (old === undefined || old.privateKey === null) throw new Error('gone')
						return { ...old, privateKey: old.privateKey }
					},
				}),
			},
			issuer: async () => 'a',
			nowMs: () => nowMs,
		})
		expect(await server.issuer.check((await thief.issue(PERSON)).token)).toEqual({ type: 'bad' })
		nowMs = (old?.untilMs ?? 0) + SKEW_MS
		expect(await server.issuer.check((await thief.issue(PERSON)).token)).toMatchObject({ type: 'good' })
	})

	it('[SG41] the server is called by its first key for ever', async () => {
		const server = start()
		const { name } = await server.keys.ring()
		expect(name).toBe(await server.signer())
		await live(server, START_MS + 95 * DAY_MS)
		expect(await server.signer()).not.toBe(name)
		expect((await server.keys.ring()).name).toBe(name)
		expect((await start().keys.ring()).name).toBe(name)
	})

	it('[SG39] of several processes that look at once one adds a key, and all end with the same', async () => {
		const servers = [start(), start(), start()]
		const names = await Promise.all(servers.map(async ({ keys }) => (await keys.refresh()).name))
		expect(new Set(names).size).toBe(1)
		nowMs = START_MS + 30 * DAY_MS
		const rings = await Promise.all(servers.map(({ keys }) => keys.refresh()))
		expect(rings.map(({ keys }) => keys.length)).toEqual([2, 2, 2])
		nowMs += 2 * DAY_MS
		expect(new Set(await Promise.all(servers.map(({ signer }) => signer()))).size).toBe(1)
	})

	it('[SG39] while the store is away the keys that were read serve on; where none were, it is said', async () => {
		let isAway = true
		const away: Pick<Store, 'keys'> = {
			keys: {
				...store.keys,
				list: () => (isAway ? Promise.reject(new Error('away')) : store.keys.list()),
			},
		}
		const server = start(away)
		await expect(server.keys.ring()).rejects.toThrow('away')
		expect([server.keys.isDue(nowMs), server.keys.isDue(nowMs + 60_000)]).toEqual([false, true])
		isAway = false
		const { token } = await server.issuer.issue(PERSON)
		isAway = true
		await expect(server.keys.refresh()).rejects.toThrow('away')
		expect(await server.issuer.check(token)).toMatchObject({ type: 'good' })
	})

	it('[SG39] secrets of the keys: the first seals, all that are left open', async () => {
		const server = start()
		const [sealed] = (await server.keys.ring()).secrets('x', nowMs)
		await live(server, START_MS + 31 * DAY_MS + HOUR_MS)
		const later = (await server.keys.ring()).secrets('x', nowMs)
		expect(later).toHaveLength(2)
		expect(later[1]).toEqual(sealed)
		expect(later[0]).not.toEqual(sealed)
		expect((await server.keys.ring()).secrets('y', nowMs)).not.toContainEqual(sealed)
		const { keys } = keySetOf(await server.keys.ring())
		expect(keys.every((jwk: JWK) => jwk.d === undefined)).toBe(true)
	})
})
