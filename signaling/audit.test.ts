import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { SubjectId } from '#lib/core/units.ts'
import { AUDIT_QUEUE_MAX, createAudit, type Audit } from './audit.ts'
import { configForAudit } from './audit-config.ts'
import { canonicalJson, type AuditEvent } from './audit-events.ts'
import { readConfig } from './config.ts'
import { createMemoryStore } from './store/memory.ts'
import { StoreUnavailable } from './store/sql.ts'
import type { AuditEntry, Store } from './store/store.ts'

const START_MS = 1_800_000_000_000

let nowMs: number
let store: Store
let audit: Audit
beforeEach(() => {
	vi.useFakeTimers()
	nowMs = START_MS
	store = createMemoryStore()
})
afterEach(async () => {
	audit.close()
	await store.close()
	vi.useRealTimers()
})

const issued = (n: number): AuditEvent => ({
	type: 'identity-issued',
	subject: `g_${String(n)}` as SubjectId,
	isAccount: false,
})
const subjectOf = (event: Record<string, unknown>): unknown => event['subject'] ?? event['type']
const kept = async (limit = 20_000): Promise<Record<string, unknown>[]> =>
	(await store.audit.read(1, limit)).map((row) => JSON.parse(row.event) as Record<string, unknown>)

/** A store that can be taken away, and whose answers can get lost. */
const unsteady = () => {
	let state: 'there' | 'away' | 'answers get lost' = 'there'
	const gone = () => Promise.reject(new StoreUnavailable('gone', { isAway: true }))
	return {
		set: (next: typeof state) => (state = next),
		store: {
			audit: {
				...store.audit,
				async appendAll(entries: readonly AuditEntry[]) {
					if (state === 'away') return gone()
					await store.audit.appendAll(entries)
					if (state !== 'there') await gone()
				},
			},
		},
	}
}

describe('the audit log', () => {
	it('[SD10] keeps events in the order in which they were noted, with their time', async () => {
		audit = createAudit({ store, nowMs: () => nowMs++ })
		for (let i = 0; i < 50; i++) audit.note(issued(i))
		expect(await audit.flush(1_000)).toBe(0)
		const rows = await store.audit.read(1, 100)
		expect(rows.map((row) => row.atMs)).toEqual(Array.from({ length: 50 }, (_, i) => START_MS + i))
		expect((await kept()).map(subjectOf)).toEqual(Array.from({ length: 50 }, (_, i) => `g_${String(i)}`))
	})

	it('[SD10] prints each event at once, whatever the store does, and survives a printer that throws', async () => {
		const flaky = unsteady()
		flaky.set('away')
		const printed: unknown[] = []
		const faults: unknown[] = []
		audit = createAudit({
			store: flaky.store,
			nowMs: () => nowMs,
			onFault: (error) => faults.push(error),
			log: (atMs, event) => {
				printed.push([atMs, event.type])
				throw new Error('no paper')
			},
		})
		audit.note({ type: 'door-opened' })
		expect(printed).toEqual([[START_MS, 'door-opened']])
		expect(faults).toHaveLength(1)
		flaky.set('there')
		await vi.advanceTimersByTimeAsync(1_000)
		expect((await kept()).map(subjectOf)).toEqual(['door-opened'])
	})

	it('[SD10] loses nothing and keeps the order while the store is away', async () => {
		const flaky = unsteady()
		audit = createAudit({ store: flaky.store, nowMs: () => nowMs })
		audit.note(issued(1))
		await audit.flush(1_000)
		flaky.set('away')
		for (let i = 2; i <= 5; i++) audit.note(issued(i))
		await vi.advanceTimersByTimeAsync(60_000)
		expect(audit.waiting()).toBe(4)
		flaky.set('there')
		await vi.advanceTimersByTimeAsync(1_000)
		expect(audit.waiting()).toBe(0)
		expect((await kept()).map(subjectOf)).toEqual(['g_1', 'g_2', 'g_3', 'g_4', 'g_5'])
	})

	it('[SD10] an answer that got lost puts no event in twice', async () => {
		const flaky = unsteady()
		flaky.set('answers get lost')
		audit = createAudit({ store: flaky.store, nowMs: () => nowMs })
		audit.note(issued(1))
		audit.note(issued(2))
		await vi.advanceTimersByTimeAsync(3_000)
		flaky.set('there')
		await vi.advanceTimersByTimeAsync(1_000)
		expect((await kept()).map(subjectOf)).toEqual(['g_1', 'g_2'])
	})

	it('[SD10] what does not fit while the store is away is counted, and the count is kept in its place', async () => {
		const flaky = unsteady()
		flaky.set('away')
		audit = createAudit({ store: flaky.store, nowMs: () => nowMs++ })
		for (let i = 0; i < AUDIT_QUEUE_MAX + 250; i++) audit.note(issued(i))
		expect(audit.waiting()).toBe(AUDIT_QUEUE_MAX + 1)
		flaky.set('there')
		await vi.advanceTimersByTimeAsync(1_000)
		await audit.flush(60_000)
		audit.note(issued(-1))
		await audit.flush(1_000)
		const events = await kept()
		expect(events).toHaveLength(AUDIT_QUEUE_MAX + 2)
		expect(events[AUDIT_QUEUE_MAX]).toMatchObject({
			type: 'audit-gap',
			count: 250,
			fromMs: START_MS + AUDIT_QUEUE_MAX,
			untilMs: START_MS + AUDIT_QUEUE_MAX + 249,
		})
		expect(subjectOf(events.at(-1) ?? {})).toBe('g_-1')
	})

	it('[SD10] gives up waiting for a store that stays away, and says how many events it did not take', async () => {
		const flaky = unsteady()
		flaky.set('away')
		audit = createAudit({ store: flaky.store, nowMs: () => nowMs })
		audit.note(issued(1))
		audit.note(issued(2))
		const lost = audit.flush(1_000)
		await vi.advanceTimersByTimeAsync(1_000)
		expect(await lost).toBe(2)
		audit.close()
		flaky.set('there')
		await vi.advanceTimersByTimeAsync(60_000)
		expect(await kept()).toEqual([])
	})
})

describe('what is told', () => {
	it('[SD11] names a username by something that leads nowhere, the same each time in one run', () => {
		audit = createAudit({ store, nowMs: () => nowMs })
		const other = createAudit({ store, nowMs: () => nowMs })
		expect(audit.pseudonym('hunter2')).toBe(audit.pseudonym('hunter2'))
		expect(audit.pseudonym('hunter2')).not.toBe(audit.pseudonym('hunter3'))
		expect(audit.pseudonym('hunter2')).not.toBe(other.pseudonym('hunter2'))
		other.close()
	})

	it('[SD11] of the configuration is what is harmless; the rest is only said to be set', () => {
		audit = createAudit({ store, nowMs: () => nowMs })
		const secret = 'canary'
		const config = readConfig({
			PORT: '81',
			MATINEE_CLIENT: 'none',
			TRUSTED_PROXIES: '10.0.0.0/8',
			DATABASE_URL: `postgres://u:${secret}@127.0.0.1/db`,
			AUTH_USERS: `alice:${secret}-1`,
			AUTH_SHARED_PASSWORD: `${secret}-2`,
			ICE_URLS: `[{"urls":["turn:t.example"],"username":"u","credential":"${secret}"}]`,
		})
		const told = configForAudit(config)
		expect(told).toMatchObject({
			port: '81',
			databaseUrl: 'set',
			users: 'set',
			doorPassword: 'set',
			iceServers: 'set',
		})
		expect(told['trustedProxies']).toContain('10.0.0.0/8')
		expect(JSON.stringify(told)).not.toContain(secret)
		expect(configForAudit(readConfig({ MATINEE_CLIENT: 'none' }))).not.toHaveProperty('databaseUrl')
	})

	it('[SD6] has one text: the order of keys does not matter', () => {
		audit = createAudit({ store, nowMs: () => nowMs })
		const text = canonicalJson({ b: [{ d: 1, c: '\u0000\ud800' }], a: null, aa: undefined })
		expect(text).toBe('{"a":null,"b":[{"c":"\\u0000\\ud800","d":1}]}')
	})
})
