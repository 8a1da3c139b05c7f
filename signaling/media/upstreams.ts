/**
 * Asking other sites: how often, how many at once, what a failure is counted as. Sites get their answers from here as
 * JSON or pages and see nothing of the net.
 */
import { createKeyedBuckets, type KeyedBuckets, type Rate } from '../buckets.ts'
import type { Counters, RefusalCount } from '../counters.ts'
import type { FetchFailure, FetchPublic, FetchRequest } from './fetch-public.ts'
import { textOfBytes } from './text-of-bytes.ts'

/** Of one host, by this server: enough for many rooms, few enough to stay welcome. */
const KNOWN_HOST_RATE: Rate = { perSecond: 2, burst: 60 }
/** Of a host that some member named. */
const ANY_HOST_RATE: Rate = { perSecond: 1 / 6, burst: 10 }
/** Of all those together: this server is no way to make noise. */
const ANY_HOSTS_RATE: Rate = { perSecond: 2, burst: 60 }
const AT_ONCE_MAX = 32
/** Of them for hosts that members named: slow ones leave room for the others. */
const ANY_AT_ONCE_MAX = 12

const COUNTED: Readonly<Record<FetchFailure, RefusalCount>> = {
	barred: 'media-barred',
	'too-many-redirects': 'media-redirects',
	'too-big': 'media-too-big',
	'too-slow': 'media-too-slow',
	unreachable: 'media-unreachable',
}

export type JsonAnswer =
	/** `value` is undefined where the answer was no JSON. */
	| { readonly type: 'answer'; readonly status: number; readonly value: unknown }
	| { readonly type: 'failed'; readonly why: FetchFailure | 'rate' }

export type PageAnswer =
	| {
			readonly type: 'answer'
			readonly status: number
			readonly url: URL
			readonly contentType: string
			/** Its beginning. */
			readonly text: string
	  }
	| { readonly type: 'failed'; readonly why: FetchFailure | 'rate' }

export type HopAnswer =
	| { readonly type: 'hop'; readonly to: URL | null }
	| { readonly type: 'failed'; readonly why: FetchFailure | 'rate' }

export interface Upstreams {
	/** From a host that this program knows. */
	json(url: string, headers?: Readonly<Record<string, string>>): Promise<JsonAnswer>
	/** From a host that a member named. */
	jsonOfAny(url: string): Promise<JsonAnswer>
	/** A page of a host known here; redirects stay below `site`. What is no page has no text. */
	page(url: string, site: string): Promise<PageAnswer>
	pageOfAny(url: string): Promise<PageAnswer>
	/** Where the host, known here, sends on to; null where it does not. */
	hop(url: string): Promise<HopAnswer>
	prune(nowMs: number): void
}

/** Whose host it is that is asked, and what counts it. */
interface Asked {
	readonly whose: 'known' | 'any'
	readonly buckets: readonly (readonly [KeyedBuckets, string])[]
}

const isAt = (hostname: string, site: string): boolean => hostname === site || hostname.endsWith(`.${site}`)

const isPage = (contentType: string): boolean =>
	/^\s*(?:text\/html|application\/xhtml\+xml)?\s*(?:;|$)/i.test(contentType)

const parsed = (text: string): unknown => {
	try {
		return JSON.parse(text) as unknown
	} catch {
		return undefined // said to the caller: an answer without a value
	}
}

export const createUpstreams = (deps: {
	readonly fetchPublic: FetchPublic
	readonly counters: Counters
	readonly nowMs: () => number
}): Upstreams => {
	const { counters } = deps
	const known = createKeyedBuckets(KNOWN_HOST_RATE)
	const any = createKeyedBuckets(ANY_HOST_RATE)
	const anyTogether = createKeyedBuckets(ANY_HOSTS_RATE)
	const atOnce = { known: 0, any: 0 }

	const take = (buckets: Asked['buckets']): boolean =>
		buckets.every(([bucket, key]) => bucket.take(key, deps.nowMs()) === 0)

	const get = async ({ whose, buckets }: Asked, request: FetchRequest) => {
		const isBusy =
			atOnce.known + atOnce.any >= AT_ONCE_MAX || (whose === 'any' && atOnce.any >= ANY_AT_ONCE_MAX)
		if (isBusy) {
			counters.refused('media-busy')
			return { type: 'failed', why: 'rate' } as const
		}
		if (!take(buckets)) {
			counters.refused('media-upstream-rate')
			return { type: 'failed', why: 'rate' } as const
		}
		atOnce[whose]++
		try {
			const outcome = await deps.fetchPublic(request)
			if (outcome.type === 'failed') counters.refused(COUNTED[outcome.why])
			return outcome
		} finally {
			atOnce[whose]--
		}
	}

	const ofKnown = (url: string): Asked => ({ whose: 'known', buckets: [[known, new URL(url).hostname]] })
	const ofAny = (url: string): Asked => ({
		whose: 'any',
		buckets: [
			[any, URL.parse(url)?.hostname ?? ''],
			[anyTogether, ''],
		],
	})

	const json = async (
		asked: Asked,
		request: Pick<FetchRequest, 'url' | 'mayAsk' | 'headers'>,
	): Promise<JsonAnswer> => {
		const outcome = await get(asked, {
			...request,
			accept: 'application/json',
			tooBig: 'fail',
			redirects: 'follow',
		})
		if (outcome.type === 'failed') return outcome
		return { type: 'answer', status: outcome.status, value: parsed(textOfBytes(outcome.body, 'utf-8')) }
	}

	const page = async (asked: Asked, request: Pick<FetchRequest, 'url' | 'mayAsk'>): Promise<PageAnswer> => {
		const outcome = await get(asked, {
			...request,
			accept: 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.5',
			wantsBody: isPage,
			tooBig: 'cut',
			redirects: 'follow',
		})
		if (outcome.type === 'failed') return outcome
		const { status, url, contentType, body } = outcome
		return { type: 'answer', status, url, contentType, text: textOfBytes(body, contentType) }
	}

	return {
		json: (url, headers) => {
			const host = new URL(url).hostname
			return json(ofKnown(url), { url, mayAsk: (name) => name === host, ...(headers && { headers }) })
		},
		jsonOfAny: (url) => json(ofAny(url), { url, mayAsk: () => true }),
		page: (url, site) => page(ofKnown(url), { url, mayAsk: (name) => isAt(name, site) }),
		pageOfAny: (url) => page(ofAny(url), { url, mayAsk: () => true }),
		async hop(url) {
			const host = new URL(url).hostname
			const outcome = await get(ofKnown(url), {
				url,
				mayAsk: (name) => name === host,
				accept: '*/*',
				wantsBody: () => false,
				tooBig: 'fail',
				redirects: 'stop',
			})
			return outcome.type === 'failed' ? outcome : { type: 'hop', to: outcome.location }
		},
		prune(nowMs) {
			for (const buckets of [known, any, anyTogether]) buckets.prune(nowMs)
		},
	}
}
