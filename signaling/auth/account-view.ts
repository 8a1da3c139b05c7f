/**
 * An account as its owner sees it.
 */
import type { AccountView } from '#lib/protocol/accounts.ts'
import type { Account } from '../store/store.ts'

/** `providerName`: what people know the outside provider by; null for accounts with a password. */
export const accountViewOf = (account: Account, providerName: string | null): AccountView => ({
	subject: account.id,
	kind: account.kind,
	username: account.username,
	name: account.name,
	picture: account.pictureId,
	provider: account.kind === 'oidc' ? (providerName ?? account.issuer) : null,
	createdAtMs: account.createdAtMs,
})
