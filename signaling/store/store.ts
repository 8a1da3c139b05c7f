/**
 * What the server keeps across restarts, as a port: its signing keys, accounts and their sessions, the sealed roots
 * of rooms with who may give orders about them, answers of other sites for a while, sealed histories, and the audit log. Every adapter runs `contract.ts`.
 * A call that rejects means that the store is unavailable just now. Times are wall milliseconds since 1970.
 */
import type { DeviceId, RoomId, SubjectId } from '#lib/core/units.ts'
import type { AccountView } from '#lib/protocol/accounts.ts'

export type AccountKind = AccountView['kind']

export interface SigningKey {
	/** RFC 7638 thumbprint of the public key. */
	readonly kid: string
	/** Ed25519 public key as base64url of its 32 bytes: kept for ever, old records are checked with it. */
	readonly publicX: string
	/** JSON of the private JWK; null once the key is retired. */
	readonly privateJwk: string | null
	readonly createdAtMs: number
	/** When it began, or will begin, to sign. */
	readonly signsFromMs: number
	/** When it stopped signing; null while it signs or will. */
	readonly retiredAtMs: number | null
}

export interface Account {
	/** `a_` and 22 characters; the subject of its identities. */
	readonly id: SubjectId
	readonly kind: AccountKind
	/** As typed; null for outside providers. */
	readonly username: string | null
	readonly name: string
	readonly pictureId: string | null
	/** Outside providers: the issuer's id in the configuration. */
	readonly issuer: string | null
	readonly createdAtMs: number
}

/** What makes an account unique: a folded username within its kind, or an issuer's URL with its subject. */
export type AccountKey =
	| { readonly type: 'username'; readonly kind: 'local' | 'list'; readonly folded: string }
	| { readonly type: 'issuer'; readonly issuerUrl: string; readonly subject: string }

export interface AccountRecord extends Account {
	/** PHC string; null for outside providers. Of listed users the one they last signed in with: the list decides. */
	readonly passwordHash: string | null
}

export interface Session {
	/** SHA-256 of the session id, hex: the id itself is never kept. */
	readonly hash: string
	readonly accountId: SubjectId
	/** "Firefox on Linux". */
	readonly agent: string
	readonly createdAtMs: number
	readonly lastSeenAtMs: number
	readonly expiresAtMs: number
}

export interface Picture {
	/** base64url(SHA-256 of the bytes)[0..16]. */
	readonly id: string
	/** `image/webp`. */
	readonly type: string
	readonly bytes: Uint8Array
}

export type PutOutcome = 'created' | 'same' | 'taken'

/** Who may give orders about a room. */
export interface RoomOwner {
	readonly device: DeviceId
	readonly subject: SubjectId
}

export interface StoredRoom {
	readonly root: string
	/** Null for a room that named none: nobody gives orders about it. */
	readonly owner: RoomOwner | null
	/** To whom the owner has handed the room, who has not taken it yet. */
	readonly heir: RoomOwner | null
	readonly operators: readonly SubjectId[]
	readonly operatorsVersion: number
	/** Sealed notes, once the lock was changed. */
	readonly moved: string | null
	readonly createdAtMs: number
}

/** What is known of a room's history without reading it. */
export interface HistoryFacts {
	/** base64url(SHA-256) of what its members show. */
	readonly verifier: string
	/** Rises with each write, also over a history that was dropped and begun anew. */
	readonly version: number
	/** Bytes of what is kept; 0: nothing was written yet. */
	readonly size: number
	readonly touchedAtMs: number
}

export type HistoryPut =
	| { readonly type: 'kept'; readonly version: number }
	/** Somebody else wrote meanwhile. */
	| { readonly type: 'stale'; readonly version: number }
	/** All histories together would be more than they may be. */
	| { readonly type: 'full' }
	/** The room keeps none. */
	| { readonly type: 'none' }

export interface AuditEntry {
	readonly atMs: number
	readonly event: string
}

/** One line of the audit log as it is chained: `hash` covers everything else and the hash before it. */
export interface AuditRow {
	/** From 1, without gaps. */
	readonly number: number
	readonly atMs: number
	/** JSON text of the event, canonical. */
	readonly event: string
	/** SHA-256 hex of the row before; 64 zeros at the first. */
	readonly before: string
	readonly hash: string
}

export interface Store {
	readonly keys: {
		list(): Promise<readonly SigningKey[]>
		/** Puts a key in if no other process has put one in for the same `signsFromMs` slot; answers what is kept now. */
		add(key: SigningKey): Promise<readonly SigningKey[]>
		/** Forgets the private half. */
		retire(kid: string, atMs: number): Promise<void>
	}
	readonly accounts: {
		/** `taken`: the key belongs to another account. */
		create(account: AccountRecord, key: AccountKey): Promise<'created' | 'taken'>
		byId(id: SubjectId): Promise<AccountRecord | null>
		byKey(key: AccountKey): Promise<AccountRecord | null>
		/** `pictureId: null` takes the picture off; a picture is put on by `pictures.put`. */
		change(
			id: SubjectId,
			change: { readonly name?: string; readonly pictureId?: string | null; readonly passwordHash?: string },
		): Promise<void>
		/** With its sessions and its picture. */
		remove(id: SubjectId): Promise<void>
	}
	readonly pictures: {
		/** The account wears it from now on, in place of another. */
		put(account: SubjectId, picture: Picture): Promise<void>
		/** Pictures nobody wears any more are gone. */
		get(id: string): Promise<Picture | null>
	}
	readonly sessions: {
		add(session: Session): Promise<void>
		get(hash: string): Promise<{ readonly session: Session; readonly account: AccountRecord } | null>
		touch(hash: string, lastSeenAtMs: number, expiresAtMs: number): Promise<void>
		ofAccount(account: SubjectId): Promise<readonly Session[]>
		remove(hash: string): Promise<void>
		/** All of an account's, but `except`. */
		removeOf(account: SubjectId, except: string | null): Promise<void>
		removeExpired(nowMs: number): Promise<void>
	}
	readonly rooms: {
		/**
		 * First come, for ever: another root for the same room is `taken`. The same root may bring the owner that an
		 * earlier one did not name; a named owner stays.
		 */
		put(room: RoomId, root: string, owner: RoomOwner | null, nowMs: number): Promise<PutOutcome>
		get(room: RoomId): Promise<StoredRoom | null>
		/** False where the room has that version or a later one. */
		setOperators(room: RoomId, subjects: readonly SubjectId[], version: number): Promise<boolean>
		setHeir(room: RoomId, heir: RoomOwner | null): Promise<void>
		/** The heir becomes the owner, and nobody is heir; the operators' version starts anew. */
		takeOver(room: RoomId, heir: RoomOwner): Promise<boolean>
		setMoved(room: RoomId, notes: string): Promise<void>
		addRemoval(room: RoomId, subject: SubjectId, by: SubjectId, nowMs: number): Promise<void>
		dropRemoval(room: RoomId, subject: SubjectId): Promise<void>
		isRemoved(room: RoomId, subject: SubjectId): Promise<boolean>
	}
	readonly media: {
		/** What a site answered, as it was put, while it is good; `key` says nothing of what it is about. */
		get(key: string, nowMs: number): Promise<string | null>
		put(key: string, answer: string, goodUntilMs: number): Promise<void>
		/** Forgets what is good no more, and of more than `max` those that are so soonest. */
		trim(nowMs: number, max: number): Promise<void>
	}
	readonly history: {
		/**
		 * The room keeps one from now on, of version `firstVersion` at least. The same verifier again changes nothing;
		 * another one drops what is kept for the old.
		 */
		allow(room: RoomId, verifier: string, firstVersion: number, nowMs: number): Promise<void>
		facts(room: RoomId): Promise<HistoryFacts | null>
		/** Null where nothing was written yet, or none is kept. */
		read(room: RoomId): Promise<{ readonly version: number; readonly blob: Uint8Array } | null>
		/** In place of version `base` only. */
		put(
			room: RoomId,
			base: number,
			blob: Uint8Array,
			limits: { readonly totalBytes: number },
			nowMs: number,
		): Promise<HistoryPut>
		touch(room: RoomId, nowMs: number): Promise<void>
		drop(room: RoomId): Promise<void>
		/** Drops what nobody has read or written since; answers how many. */
		dropUntouched(sinceMs: number): Promise<number>
	}
	readonly audit: {
		/**
		 * Chains and keeps one event, also when several processes do at once; `event` is canonical JSON. An event that
		 * stands there already is not added again, so that it may be offered again after an answer that got lost.
		 */
		append(atMs: number, event: string): Promise<AuditRow>
		/** Several in their order, as by `append`, at about the price of one: 100 at most. */
		appendAll(events: readonly AuditEntry[]): Promise<void>
		/** From `fromNumber` on, at most `limit`, in order. */
		read(fromNumber: number, limit: number): Promise<readonly AuditRow[]>
	}
	/** Resolves when the store answers; rejects otherwise. */
	ping(): Promise<void>
	/** Idempotent. */
	close(): Promise<void>
}
