/**
 * Whether a server answers, which version it is of, and whether it takes the extension's pages: a server may answer and
 * yet let no room of theirs in.
 */
import { object } from '#lib/core/schema.ts'
import type { Millis } from '#lib/core/units.ts'
import { createServerApi } from '#lib/session/server-api.ts'
import { createServerFetch } from '../room/server-fetch.ts'

export type ServerCheck =
	| { readonly type: 'answers'; readonly version: string }
	/** It is there, but ALLOWED_ORIGINS does not name the extension. */
	| { readonly type: 'refuses' }
	/** Something else is there. */
	| { readonly type: 'stranger' }
	| { readonly type: 'silent' }

export interface CheckDeps {
	readonly fetch: typeof globalThis.fetch
	/** Of the extension's pages. */
	readonly ownOrigin: string
	readonly wallNowMs: () => Millis
}

/** `address` as `readServer` gives it. Never rejects. */
export const checkServer = async (address: string, deps: CheckDeps): Promise<ServerCheck> => {
	const api = createServerApi({
		fetch: createServerFetch(address, deps.fetch),
		pageOrigin: deps.ownOrigin,
		appPath: '',
		wallNowMs: deps.wallNowMs,
	})
	const config = await api.config()
	const trouble = api.trouble()?.type
	if (trouble === 'origin-refused') return { type: 'refuses' }
	if (config.type !== 'ok') {
		const isStranger = config.type === 'unexpected' && config.status < 500
		return isStranger || trouble === 'bad-address' ? { type: 'stranger' } : { type: 'silent' }
	}
	// Where the person has let the extension into the server's pages the browser asks the server nothing: this does. It
	// is refused in any case, by one that takes the extension for what is missing in it.
	const ticket = await api.call('/api/tickets', object({}), { method: 'POST', body: {} })
	const isRefused = ticket.type === 'refused' && ticket.error.error === 'not-allowed'
	return isRefused ? { type: 'refuses' } : { type: 'answers', version: config.value.version }
}
