/**
 * Why an address did not play. A media element only says "not supported"; small requests tell the rest apart.
 */
import type { PlayerFailure } from './player.ts'

export interface ProbeDeps {
	readonly fetch: typeof fetch
	readonly isOnline: () => boolean
	/** Ends the request after this many milliseconds. */
	readonly timeoutSignal: (ms: number) => AbortSignal
}

/** Two of them in a row leave a load that never begins its 20 s. */
const PROBE_TIMEOUT_MS = 5_000
/** The element's words for having read the file and not understood it: then the address is right. */
const WAS_READ = /DEMUXER|DECODE|NS_ERROR_DOM_MEDIA|unsupported codec/i
const MEDIA_TYPE = /^(?:video|audio)\/|mpegurl|octet-stream|mp4|ogg|matroska/i

/** What a readable answer to a request for the first two bytes says. */
const judge = (answer: Response, detail: string): PlayerFailure => {
	const { status, headers } = answer
	if (status === 401 || status === 403) return { type: 'private', status }
	// Not even two bytes are there.
	if (status === 416 || (answer.ok && headers.get('content-length') === '0')) return { type: 'empty' }
	if (!answer.ok) return { type: 'not-found', status }
	const contentType = headers.get('content-type')?.split(';')[0]?.trim() ?? ''
	if (contentType !== '' && !MEDIA_TYPE.test(contentType)) return { type: 'not-media', contentType }
	return { type: 'codec', ...(detail === '' ? {} : { detail }) }
}

/** A file on the own disk, by its object URL: either its bytes are still to be had, or not. */
const probeFile = async (url: string, detail: string, deps: ProbeDeps): Promise<PlayerFailure> => {
	try {
		const answer = await deps.fetch(url, { headers: { Range: 'bytes=0-1' } })
		const reader = answer.body?.getReader()
		// Some browsers answer first and find out then that the file is gone.
		await reader?.read()
		void reader?.cancel().catch(() => undefined) // the first bytes were all that was wanted
		return { type: 'codec', ...(detail === '' ? {} : { detail }) }
	} catch {
		return { type: 'file-gone' } // reason: nothing else stands between a page and its own object URL
	}
}

export const isFileUrl = (url: string): boolean => url.startsWith('blob:')

/**
 * `detail`: the element's own words. Never rejects, and ends within 15 s. Order: offline, status, length, content
 * type; what another site hides from us (`cors`) is only known to answer, and a redirect only to be one.
 */
export const probeFailure = async (url: string, detail: string, deps: ProbeDeps): Promise<PlayerFailure> => {
	if (isFileUrl(url)) return probeFile(url, detail, deps)
	if (!deps.isOnline()) return { type: 'unreachable' }
	// A range of two bytes is a simple header: no preflight, and servers that ignore it are cut off below.
	const ask = (init: RequestInit): Promise<Response> =>
		deps.fetch(url, { credentials: 'omit', signal: deps.timeoutSignal(PROBE_TIMEOUT_MS), ...init })
	const range = { headers: { Range: 'bytes=0-1' } }
	let didTimeOut: boolean
	try {
		const answer = await ask(range)
		void answer.body?.cancel().catch(() => undefined) // only the head was wanted; a body that ended already is fine
		return judge(answer, detail)
	} catch (error) {
		// reason: fetch tells CORS, DNS and TLS apart for nobody; the next request tells what it can
		didTimeOut = error instanceof DOMException && error.name === 'TimeoutError'
	}
	try {
		await ask({ method: 'HEAD', mode: 'no-cors' })
		if (didTimeOut) return { type: 'unreachable' } // a head without the film it announces
		return WAS_READ.test(detail) ? { type: 'codec', detail } : { type: 'cors' }
	} catch {
		// reason: neither form of the request got to an answer; whether there is a first step is left to find out
	}
	try {
		const first = await ask({ ...range, redirect: 'manual' })
		return first.type === 'opaqueredirect' ? { type: 'redirects' } : { type: 'unreachable' }
	} catch {
		return { type: 'unreachable' } // reason: not even the first address answers
	}
}

/** Whether the server sends a file from any place on; false if it does not say. */
export const hasRanges = async (url: string, deps: ProbeDeps): Promise<boolean> => {
	try {
		const answer = await deps.fetch(url, {
			headers: { Range: 'bytes=0-1' },
			credentials: 'omit',
			signal: deps.timeoutSignal(PROBE_TIMEOUT_MS),
		})
		void answer.body?.cancel().catch(() => undefined) // only the head was wanted
		return answer.status === 206
	} catch {
		return false // reason: what another site hides from us is taken for the lesser ability
	}
}
