/**
 * Why an address did not play. A media element only says "not supported"; one small request tells the rest apart.
 */
import type { PlayerFailure } from './player.ts'

export interface ProbeDeps {
	readonly fetch: typeof fetch
	readonly isOnline: () => boolean
	/** Ends the request after this many milliseconds. */
	readonly timeoutSignal: (ms: number) => AbortSignal
}

const PROBE_TIMEOUT_MS = 6_000
/** The element's words for having read the file and not understood it: then the address is right. */
const WAS_READ = /DEMUXER|DECODE|NS_ERROR_DOM_MEDIA|unsupported codec/i
const MEDIA_TYPE = /^(?:video|audio)\/|mpegurl|octet-stream|mp4|ogg|matroska/i

/**
 * `detail`: the element's own words. Never rejects. Order: offline, status, content type; what another site hides
 * from us (`cors`) is only known to answer.
 */
export const probeFailure = async (url: string, detail: string, deps: ProbeDeps): Promise<PlayerFailure> => {
	if (!deps.isOnline()) return { type: 'unreachable' }
	try {
		// A range of two bytes is a simple header: no preflight, and servers that ignore it are cut off below.
		const answer = await deps.fetch(url, {
			headers: { Range: 'bytes=0-1' },
			credentials: 'omit',
			signal: deps.timeoutSignal(PROBE_TIMEOUT_MS),
		})
		void answer.body?.cancel().catch(() => undefined) // only the head was wanted; a body that ended already is fine
		if (!answer.ok) return { type: 'not-found', status: answer.status }
		const contentType = answer.headers.get('content-type')?.split(';')[0]?.trim() ?? ''
		if (contentType !== '' && !MEDIA_TYPE.test(contentType)) return { type: 'not-media', contentType }
		return { type: 'codec', ...(detail === '' ? {} : { detail }) }
	} catch {
		// reason: fetch tells CORS, DNS, TLS and time-outs apart for nobody; the next request tells what it can
	}
	try {
		await deps.fetch(url, {
			method: 'HEAD',
			mode: 'no-cors',
			credentials: 'omit',
			signal: deps.timeoutSignal(PROBE_TIMEOUT_MS),
		})
		return WAS_READ.test(detail) ? { type: 'codec', detail } : { type: 'cors' }
	} catch {
		return { type: 'unreachable' } // reason: neither form of the request got any answer
	}
}
