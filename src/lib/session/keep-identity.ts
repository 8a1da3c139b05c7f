/**
 * Keeps the identity of an open room current: renewed before it runs out, looked at again when the page wakes and
 * when somebody signs in or out, in this tab or another.
 */
import type { Timers } from '#lib/follow/timers.ts'
import type { Identity, StoredToken, WhyNoToken } from './identity.ts'

/** Posted to by whoever changes who one is; the message says nothing. */
export const ACCOUNT_CHANNEL = 'matinee-account'

const CHECK_EVERY_MS = 5 * 60_000
const RETRY_EVERY_MS = 30_000

export interface IdentityKeeperDeps {
	readonly identity: Pick<Identity, 'token' | 'whyNone'>
	/** The token that the room has already. */
	readonly known?: string | undefined
	readonly name: () => Promise<string>
	readonly timers: Timers
	/** Calls `fn` at each wake; returns its undo. */
	readonly onWake: (fn: () => void) => () => void
	/** Another token than before: the room introduces it. Not called for the first one where none is `known`. */
	readonly onRenewed: (token: StoredToken) => void
	/** The last one ran out and the server gives none: the room goes on without new links. */
	readonly onGone: (why: WhyNoToken | null) => void
}

/** Returns its end. */
export const keepIdentityFresh = (deps: IdentityKeeperDeps): (() => void) => {
	let isStopped = false
	/** Undefined before the first look. */
	let last: string | null | undefined = deps.known
	let cancel: () => void = () => undefined

	const look = async (): Promise<void> => {
		cancel()
		const now = await deps.identity.token(await deps.name())
		if (isStopped) return
		const before = last
		last = now?.token ?? null
		cancel()
		cancel = deps.timers.after(now === null ? RETRY_EVERY_MS : CHECK_EVERY_MS, () => void look())
		if (before === last) return
		if (now === null) deps.onGone(deps.identity.whyNone())
		else if (before !== undefined) deps.onRenewed(now)
	}
	const unwatch = deps.onWake(() => void look())
	void look()
	return () => {
		isStopped = true
		cancel()
		unwatch()
	}
}

/** The page shown again, back online, or told by another page of this browser that somebody signed in or out. */
export const onPageWake = (fn: () => void): (() => void) => {
	const channel = typeof BroadcastChannel === 'function' ? new BroadcastChannel(ACCOUNT_CHANNEL) : null
	if (channel !== null) channel.onmessage = fn
	document.addEventListener('visibilitychange', fn)
	addEventListener('online', fn)
	return () => {
		channel?.close()
		document.removeEventListener('visibilitychange', fn)
		removeEventListener('online', fn)
	}
}
