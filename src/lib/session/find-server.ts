/**
 * Where the server is and what it offers. `config.json` beside the page is either the server's own, or one line of
 * whoever put the pages on a static host, naming the server: then that server is asked for the rest. What keeps a page
 * from its server is told apart as far as a browser lets one see.
 */
import { clientConfig, type ClientConfig } from '#lib/protocol/http.ts'
import type { Schema } from '#lib/protocol/schema.ts'
import { serverNote } from '#lib/protocol/server-note.ts'
import type { ApiOutcome } from './server-api.ts'

export type ServerTrouble =
	/** There is no `config.json` at `url`, or none of ours; `status` 200 where something else lies there. */
	| { readonly type: 'no-config'; readonly url: string; readonly status: number }
	/** `config.json` names what is no address of a server. */
	| { readonly type: 'bad-address'; readonly server: string }
	/** A browser lets no page of https ask a server of http. */
	| { readonly type: 'not-https'; readonly server: string }
	/** The server answers, but not to pages of `origin`. */
	| { readonly type: 'origin-refused'; readonly server: string; readonly origin: string }
	/** The same of a page that could ask, in the server's own words: it is open under a name that is not the server's. */
	| { readonly type: 'page-refused'; readonly words: string }
	/** Something answers there that is no server of Matinee. */
	| { readonly type: 'stranger'; readonly server: string; readonly status: number }
	| { readonly type: 'silent'; readonly server: string }

export interface FoundServer {
	readonly outcome: ApiOutcome<ClientConfig>
	/** Set where somebody has to mend something; null for a server that is only away. */
	readonly trouble: ServerTrouble | null
}

export interface FindServerDeps {
	readonly ask: <T>(url: string, schema: Schema<T>) => Promise<ApiOutcome<T>>
	readonly fetch: typeof globalThis.fetch
	readonly pageOrigin: string
	/** '' or what the app's pages are below, like `/watch`. */
	readonly appPath: string
}

/** A local name is trusted like https (Secure Contexts, 3.1), so a page of https may ask it. */
const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/
const AWAY: FoundServer = { outcome: { type: 'unreachable' }, trouble: null }

/** Never rejects. */
export const findServer = async (deps: FindServerDeps): Promise<FoundServer> => {
	const { pageOrigin } = deps
	const path = `${deps.appPath}/config.json`
	const beside = await deps.ask(path, serverNote)
	if (beside.type === 'unexpected') {
		// A proxy whose server is down says so with 5xx: that passes by itself.
		const isMissing = beside.status < 500
		return {
			outcome: beside,
			trouble: isMissing ? { type: 'no-config', url: pageOrigin + path, status: beside.status } : null,
		}
	}
	if (beside.type !== 'ok') return { outcome: beside, trouble: null }
	const { server: named, own } = beside.value
	if (named === '' && own !== null) return { outcome: { type: 'ok', value: own }, trouble: null }

	const server = named.replace(/\/+$/, '')
	const fail = (trouble: ServerTrouble): FoundServer => ({ ...AWAY, trouble })
	const url = URL.canParse(server) ? new URL(server) : null
	if (url === null || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '')
		return fail({ type: 'bad-address', server: named })
	if (url.protocol === 'http:' && pageOrigin.startsWith('https:') && !LOOPBACK.test(url.hostname))
		return fail({ type: 'not-https', server })

	const answer = await deps.ask(`${server}/config.json`, clientConfig)
	if (answer.type === 'ok')
		return { outcome: { type: 'ok', value: { ...answer.value, server } }, trouble: null }
	if (answer.type === 'unexpected' && answer.status < 500)
		return { outcome: answer, trouble: { type: 'stranger', server, status: answer.status } }
	if (answer.type !== 'unreachable') return { outcome: answer, trouble: null }
	return fail(
		(await doesAnswer(deps.fetch, `${server}/config.json`))
			? { type: 'origin-refused', server, origin: pageOrigin }
			: { type: 'silent', server },
	)
}

const PROBE_DEADLINE_MS = 5_000

/** Whether anything answers at all, be it nothing that this page may read. */
const doesAnswer = async (fetch: typeof globalThis.fetch, url: string): Promise<boolean> => {
	try {
		await fetch(url, { mode: 'no-cors', cache: 'no-store', signal: AbortSignal.timeout(PROBE_DEADLINE_MS) })
		return true
	} catch {
		return false // that is the answer
	}
}
