/**
 * Other sites as `signaling/media` asks them, without a net: what stands at an address is what a test put there.
 */
import type { HopAnswer, JsonAnswer, PageAnswer, Upstreams } from '../../signaling/media/upstreams.ts'

export interface FakeSites extends Upstreams {
	/** By address without its query, or with it. */
	readonly answers: Map<string, JsonAnswer | PageAnswer | HopAnswer>
	readonly asked: {
		readonly way: string
		readonly url: string
		readonly headers?: Readonly<Record<string, string>>
	}[]
}

export const jsonAnswer = (value: unknown, status = 200): JsonAnswer => ({ type: 'answer', status, value })

export const createFakeSites = (): FakeSites => {
	const answers: FakeSites['answers'] = new Map()
	const asked: FakeSites['asked'] = []
	const answer = (way: string, url: string, headers?: Readonly<Record<string, string>>) => {
		asked.push({ way, url, ...(headers && { headers }) })
		return Promise.resolve(
			answers.get(url) ?? answers.get(url.split('?')[0] ?? '') ?? { type: 'failed', why: 'unreachable' },
		)
	}
	return {
		answers,
		asked,
		json: (url, headers) => answer('json', url, headers) as Promise<JsonAnswer>,
		jsonOfAny: (url) => answer('jsonOfAny', url) as Promise<JsonAnswer>,
		page: (url) => answer('page', url) as Promise<PageAnswer>,
		pageOfAny: (url) => answer('pageOfAny', url) as Promise<PageAnswer>,
		hop: (url) => answer('hop', url) as Promise<HopAnswer>,
		prune: () => undefined,
	}
}
