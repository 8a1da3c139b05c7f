/**
 * What the audit log tells, and how it is spelled. Events name accounts, guests and rooms so that one can be followed,
 * and never hold what would let somebody in: no password, token, code, room id or address, and nothing typed into a
 * sign-in form.
 */
import { createHash } from 'node:crypto'
import type { RoomId, SubjectId } from '#lib/core/units.ts'
import type { RoomOrder } from '#lib/protocol/orders.ts'
import type { AccountKind } from './store/store.ts'

/** Made by `roomForAudit`. */
export type RoomHash = string & { readonly __brand: 'RoomHash' }
/** Made by `audit.pseudonym`. */
export type Pseudonym = string & { readonly __brand: 'Pseudonym' }

export type SignInFailure =
	| 'unknown-user'
	| 'wrong-password'
	/** Too many tries. */
	| 'limited'
	/** The state or code of an outside sign-in is unknown, used or too old. */
	| 'stale'
	/** The outside provider is down, answered what it must not, or refused. */
	| 'provider'

export type AuditEvent =
	/** What is configured, secrets as `set`. */
	| { readonly type: 'started'; readonly version: string; readonly config: Readonly<Record<string, string>> }
	| { readonly type: 'signed-up'; readonly account: SubjectId }
	| { readonly type: 'signed-in'; readonly kind: AccountKind; readonly account: SubjectId }
	| {
			readonly type: 'sign-in-failed'
			readonly kind: AccountKind
			readonly why: SignInFailure
			/** Of the folded username: people type passwords into that field. Null for outside providers. */
			readonly username: Pseudonym | null
	  }
	| { readonly type: 'signed-out'; readonly account: SubjectId; readonly everywhere: boolean }
	| { readonly type: 'password-changed'; readonly account: SubjectId }
	| { readonly type: 'account-deleted'; readonly account: SubjectId }
	| { readonly type: 'door-opened' }
	| { readonly type: 'door-refused' }
	| { readonly type: 'identity-issued'; readonly subject: SubjectId; readonly isAccount: boolean }
	| { readonly type: 'room-registered'; readonly room: RoomHash; readonly owner: SubjectId | null }
	| {
			readonly type: 'order'
			readonly order: RoomOrder['type']
			readonly room: RoomHash
			readonly by: SubjectId
			readonly target: SubjectId | null
	  }
	/** A key was added or lost its private half. `kid` is the public thumbprint. */
	| { readonly type: 'key-rotated'; readonly step: 'added' | 'retired'; readonly kid: string }
	/** So many events could not be kept in the store while it was away; standard output had them. */
	| { readonly type: 'audit-gap'; readonly count: number; readonly fromMs: number; readonly untilMs: number }

/** Enough to follow one room through a log, too little to find it. */
export const roomForAudit = (room: RoomId): RoomHash =>
	createHash('sha256').update(room).digest('hex').slice(0, 8) as RoomHash

/** JSON with the keys of every object in order, so that one event has one text. */
export const canonicalJson = (value: unknown): string =>
	JSON.stringify(value, (_key, part: unknown) =>
		typeof part === 'object' && part !== null && !Array.isArray(part)
			? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
			: part,
	)
