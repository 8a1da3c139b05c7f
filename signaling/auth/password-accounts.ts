/**
 * Accounts that a password opens: those made here, and the operator's list. A listed name goes before a made one.
 */
import type { SubjectId } from '#lib/core/units.ts'
import type { AccountRecord, Store } from '../store/store.ts'
import { newAccountId } from './account-id.ts'
import type { Passwords } from './passwords.ts'
import type { TryLimits } from './try-limits.ts'
import type { ListedUser } from './user-list.ts'
import { foldUsername } from './usernames.ts'

export interface ListedHash {
	readonly username: string
	readonly phc: string
}

/** By folded name. Plain passwords are hashed here, once, and forgotten. */
export const hashListed = async (
	users: readonly ListedUser[],
	passwords: Passwords,
): Promise<ReadonlyMap<string, ListedHash>> => {
	const out = new Map<string, ListedHash>()
	for (const { username, folded, secret } of users) {
		if (secret.type === 'hash') out.set(folded, { username, phc: secret.phc })
		else {
			const made = await passwords.hashSalted(secret.password, `matinee-list-1|${folded}`)
			if (made.type === 'full') throw new Error('nobody else hashes while the server starts')
			out.set(folded, { username, phc: made.value })
		}
	}
	return out
}

export type PasswordCheck =
	| { readonly type: 'right'; readonly account: AccountRecord }
	/** Wrong password or nobody of that name: not told apart. `known` is for the audit log only. */
	| { readonly type: 'wrong'; readonly known: SubjectId | null }
	| { readonly type: 'too-often'; readonly waitMs: number }
	| { readonly type: 'busy' }

export type PasswordAccounts = ReturnType<typeof createPasswordAccounts>

export const createPasswordAccounts = (deps: {
	readonly store: Store
	readonly passwords: Passwords
	readonly listed: ReadonlyMap<string, ListedHash>
	/** Whether accounts made here may be used. */
	readonly hasLocal: boolean
	readonly limits: TryLimits
	readonly nowMs: () => number
}) => {
	const { store, passwords, listed, limits, nowMs } = deps

	/**
	 * The account of a listed name, made when it is first used. It keeps the hash that it was signed in with: sessions
	 * end when the list has another one.
	 */
	const listedAccount = async (
		folded: string,
		{ username, phc }: ListedHash,
	): Promise<AccountRecord | null> => {
		const key = { type: 'username', kind: 'list', folded } as const
		const kept = await store.accounts.byKey(key)
		if (kept !== null) {
			if (kept.passwordHash !== phc) {
				await store.sessions.removeOf(kept.id, null)
				await store.accounts.change(kept.id, { passwordHash: phc })
			}
			return { ...kept, passwordHash: phc }
		}
		await store.accounts.create(
			{
				id: newAccountId(),
				kind: 'list',
				username,
				name: username,
				pictureId: null,
				issuer: null,
				createdAtMs: Math.round(nowMs()),
				passwordHash: phc,
			},
			key,
		)
		// Read again: another device of the same person may have been quicker.
		return store.accounts.byKey(key)
	}

	const judge = async (
		folded: string,
		address: string,
		password: string,
		phc: string | null,
	): Promise<Exclude<PasswordCheck, { type: 'right' }> | { type: 'right'; rehashed: string | null }> => {
		const waitMs = await limits.take(folded, address, nowMs())
		if (waitMs > 0) return { type: 'too-often', waitMs }
		const outcome = await passwords.verify(password, phc)
		if (outcome.type === 'full') {
			await limits.giveBack(folded, address, nowMs())
			return { type: 'busy' }
		}
		if (outcome.value.type === 'wrong') return { type: 'wrong', known: null }
		await limits.wasRight(folded, address, nowMs())
		return outcome.value
	}

	return {
		/** Whether the list still has this name, with the password it was signed in with. */
		isListed: (account: AccountRecord): boolean =>
			account.kind === 'list' &&
			account.passwordHash !== null &&
			listed.get(foldUsername(account.username ?? ''))?.phc === account.passwordHash,

		/** Whether somebody has this name already. */
		isTaken: async (folded: string): Promise<boolean> =>
			listed.has(folded) ||
			(await store.accounts.byKey({ type: 'username', kind: 'local', folded })) !== null,

		async signIn(username: string, password: string, address: string): Promise<PasswordCheck> {
			const folded = foldUsername(username)
			const listedUser = listed.get(folded)
			// Asked for whoever it is, so that the answer takes as long.
			const kept = await store.accounts.byKey({ type: 'username', kind: 'local', folded })
			const local = deps.hasLocal && listedUser === undefined ? kept : null
			const verdict = await judge(folded, address, password, listedUser?.phc ?? local?.passwordHash ?? null)
			if (verdict.type === 'wrong') return { type: 'wrong', known: local?.id ?? null }
			if (verdict.type !== 'right') return verdict
			if (local !== null && verdict.rehashed !== null)
				await store.accounts.change(local.id, { passwordHash: verdict.rehashed })
			const account = listedUser === undefined ? local : await listedAccount(folded, listedUser)
			return account === null ? { type: 'wrong', known: null } : { type: 'right', account }
		},

		/** Whether `password` is that of an account whose session is here already. */
		async confirm(account: AccountRecord, password: string, address: string): Promise<PasswordCheck> {
			const folded = foldUsername(account.username ?? '')
			const phc = account.kind === 'list' ? listed.get(folded)?.phc : account.passwordHash
			const verdict = await judge(folded, address, password, phc ?? null)
			if (verdict.type === 'wrong') return { type: 'wrong', known: account.id }
			return verdict.type === 'right' ? { type: 'right', account } : verdict
		},

		/** A new account made here. */
		async create(
			username: string,
			name: string,
			password: string,
		): Promise<
			| { readonly type: 'created'; readonly account: AccountRecord }
			| { readonly type: 'taken' }
			| { readonly type: 'busy' }
		> {
			const folded = foldUsername(username)
			const made = await passwords.hash(password)
			if (made.type === 'full') return { type: 'busy' }
			const account: AccountRecord = {
				id: newAccountId(),
				kind: 'local',
				username,
				name,
				pictureId: null,
				issuer: null,
				createdAtMs: Math.round(nowMs()),
				passwordHash: made.value,
			}
			const outcome = await store.accounts.create(account, { type: 'username', kind: 'local', folded })
			return outcome === 'created' ? { type: 'created', account } : { type: 'taken' }
		},

		/** `busy` where too many wait. */
		async changePassword(account: AccountRecord, password: string): Promise<'changed' | 'busy'> {
			const made = await passwords.hash(password)
			if (made.type === 'full') return 'busy'
			await store.accounts.change(account.id, { passwordHash: made.value })
			return 'changed'
		},
	}
}
