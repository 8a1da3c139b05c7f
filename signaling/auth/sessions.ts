/**
 * Sessions: lucia behind this one file, over the store, which keeps the SHA-256 of an id and never the id.
 * An id is 200 random bits, lives for 30 days, and lives on while it is used.
 */
import { createHash } from 'node:crypto'
import { Lucia, TimeSpan, type Adapter, type DatabaseSession, type DatabaseUser } from 'lucia'
import type { SubjectId } from '#lib/core/units.ts'
import type { AccountRecord, Session, Store } from '../store/store.ts'
import { cookieName, cookieText } from './cookies.ts'

declare module 'lucia' {
	interface Register {
		UserId: SubjectId
		DatabaseUserAttributes: { readonly record: AccountRecord }
		DatabaseSessionAttributes: Omit<Session, 'accountId' | 'expiresAtMs'>
	}
}

export const SESSION_DAYS = 30
/** Devices of one account; a sign-in beyond them ends the one that was away longest. */
export const SESSIONS_MAX = 50
/** How exactly 'last seen' is kept: not every request is worth a write. */
const SEEN_STEP_MS = 3_600_000
/** What lucia makes: base32 of 25 bytes. Anything else is not worth asking the store about. */
const ID = /^[a-z2-7]{40}$/

export const sessionHash = (id: string): string => createHash('sha256').update(id).digest('hex')

/** lucia reads the wall clock; the store is kept in the server's time. The difference is bridged here. */
const createAdapter = (store: Store, nowMs: () => number): Adapter => {
	const toLucia = (atMs: number): Date => new Date(atMs - nowMs() + Date.now())
	const fromLucia = (date: Date): number => Math.round(date.getTime() - Date.now() + nowMs())
	const sessionRow = (id: string, session: Session): DatabaseSession => ({
		id,
		userId: session.accountId,
		expiresAt: toLucia(session.expiresAtMs),
		attributes: session,
	})
	return {
		async getSessionAndUser(id): Promise<[DatabaseSession | null, DatabaseUser | null]> {
			const found = await store.sessions.get(sessionHash(id))
			if (found === null) return [null, null]
			return [sessionRow(id, found.session), { id: found.account.id, attributes: { record: found.account } }]
		},
		// By hash, since ids are not kept: only for counting, never for `deleteSession`.
		getUserSessions: async (account) =>
			(await store.sessions.ofAccount(account)).map((session) => sessionRow(session.hash, session)),
		setSession: ({ id, userId, expiresAt, attributes }) =>
			store.sessions.add({
				...attributes,
				hash: sessionHash(id),
				accountId: userId,
				expiresAtMs: fromLucia(expiresAt),
			}),
		updateSessionExpiration: (id, expiresAt) =>
			store.sessions.touch(sessionHash(id), Math.round(nowMs()), fromLucia(expiresAt)),
		deleteSession: (id) => store.sessions.remove(sessionHash(id)),
		deleteUserSessions: (account) => store.sessions.removeOf(account, null),
		deleteExpiredSessions: () => store.sessions.removeExpired(nowMs()),
	}
}

export interface CheckedSession {
	readonly account: AccountRecord
	/** What the store knows it by. */
	readonly hash: string
	/** Its life was lengthened just now: the cookie wants setting anew. */
	readonly isRenewed: boolean
}

export type Sessions = ReturnType<typeof createSessions>

export const createSessions = (deps: {
	readonly store: Store
	readonly nowMs: () => number
	/** Whether browsers reach this server by https. */
	readonly isSecure: boolean
}) => {
	const { store, nowMs, isSecure } = deps
	const name = cookieName('sid', isSecure)
	const lucia = new Lucia(createAdapter(store, nowMs), {
		sessionExpiresIn: new TimeSpan(SESSION_DAYS, 'd'),
		sessionCookie: { name, attributes: { secure: isSecure, sameSite: 'lax', path: '/' } },
		getSessionAttributes: (attributes) => attributes,
		getUserAttributes: (attributes) => attributes,
	})
	const byAge = (a: Session, b: Session): number => a.lastSeenAtMs - b.lastSeenAtMs

	return {
		cookieName: name,
		cookie: (id: string): string => lucia.createSessionCookie(id).serialize(),
		blankCookie: (): string => cookieText(name, '', { maxAgeS: 0, isSecure }),

		/** A new id, always ours: one that a request brings is never taken over. */
		async begin(account: SubjectId, agent: string): Promise<string> {
			const others = [...(await store.sessions.ofAccount(account))].sort(byAge)
			for (const old of others.slice(0, Math.max(0, others.length - SESSIONS_MAX + 1)))
				await store.sessions.remove(old.hash)
			const atMs = Math.round(nowMs())
			const { id } = await lucia.createSession(account, {
				hash: '',
				agent,
				createdAtMs: atMs,
				lastSeenAtMs: atMs,
			})
			return id
		},

		/** Null for what is no session, or no longer. Rejects while the store is away. */
		async check(id: string): Promise<CheckedSession | null> {
			if (!ID.test(id)) return null
			const { session, user } = await lucia.validateSession(id)
			if (session === null) return null
			const hash = sessionHash(id)
			const { record } = user as unknown as DatabaseUser['attributes']
			const { lastSeenAtMs, expiresAt } = session as typeof session & Session
			if (!session.fresh && nowMs() - lastSeenAtMs >= SEEN_STEP_MS)
				await store.sessions.touch(
					hash,
					Math.round(nowMs()),
					Math.round(expiresAt.getTime() - Date.now() + nowMs()),
				)
			return { account: record, hash, isRenewed: session.fresh }
		},

		end: async (id: string): Promise<void> => {
			if (ID.test(id)) await lucia.invalidateSession(id)
		},
		endAll: (account: SubjectId): Promise<void> => lucia.invalidateUserSessions(account),
		endOthers: (account: SubjectId, keepHash: string): Promise<void> =>
			store.sessions.removeOf(account, keepHash),
		/** Newest use first. */
		ofAccount: async (account: SubjectId): Promise<Session[]> =>
			[...(await store.sessions.ofAccount(account))]
				.filter(({ expiresAtMs }) => expiresAtMs > nowMs())
				.sort((a, b) => byAge(b, a)),
		endByHash: (hash: string): Promise<void> => store.sessions.remove(hash),
		removeExpired: (): Promise<void> => lucia.deleteExpiredSessions(),
	}
}
