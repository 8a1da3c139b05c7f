/**
 * A room's history at the server, over HTTP (`protocol/history.ts`): every answer is a value. A request to write is
 * made ready apart from being sent, because a page that goes away has no time to seal and sign.
 */
import { bytesToBase64url } from '#lib/core/base64url.ts'
import type { Signer } from '#lib/core/crypto.ts'
import type { Millis, RoomId } from '#lib/core/units.ts'
import { apiError } from '#lib/protocol/http.ts'
import {
	HISTORY_HEADER,
	HISTORY_TYPE,
	historyAnswer,
	historyProofText,
	type HistoryClaim,
} from '#lib/protocol/history.ts'
import type { ApiOutcome } from './server-api.ts'

export type HistoryRefusal =
	/** The room keeps none at the server, or this device cannot show the right key. */
	| { readonly type: 'none' }
	| { readonly type: 'removed' }
	| { readonly type: 'not-offered' }
	/** Of one room more than the server takes, or of all. */
	| { readonly type: 'too-big' }
	| { readonly type: 'full' }
	/** The server is away, busy or does not know us just now. */
	| { readonly type: 'later'; readonly afterMs: Millis }

export type HistoryRead =
	| { readonly type: 'read'; readonly version: number; readonly sealed: Uint8Array<ArrayBuffer> }
	/** Nothing but what one has. */
	| { readonly type: 'nothing-new'; readonly version: number }
	| HistoryRefusal

export type HistoryWritten =
	| { readonly type: 'written'; readonly version: number }
	/** Somebody else wrote meanwhile. */
	| { readonly type: 'stale' }
	| HistoryRefusal

export interface ReadyWrite {
	readonly bytes: number
	send(): Promise<HistoryWritten>
	/** For a page that goes: outlives it, and nobody hears how it went. False where that is too much (64 KiB). */
	sendAndForget(): boolean
}

export interface HistoryApi {
	/** `have`: the version one knows; 0: none. */
	read(have: number): Promise<HistoryRead>
	/** In place of version `base`; null where there is no server or identity to write with. */
	makeReady(base: number, sealed: Uint8Array<ArrayBuffer>): Promise<ReadyWrite | null>
}

export interface HistoryApiDeps {
	readonly fetch: typeof globalThis.fetch
	readonly subtle: SubtleCrypto
	readonly signer: Signer
	readonly roomId: RoomId
	/** As `HistorySeal` has it. */
	readonly key: string
	/** An identity of this device; null while there is none to be had. */
	readonly token: () => Promise<string | null>
	readonly forgetToken: () => Promise<void>
	/** Where the server is, whom proofs are for, and what goes with each request. */
	readonly route: (
		path: string,
	) => Promise<
		ApiOutcome<{ readonly url: string; readonly audience: string; readonly headers: Record<string, string> }>
	>
	readonly wallNowMs: () => Millis
}

/** A whole history goes up a slow line. */
const DEADLINE_MS = 60_000
/** Of all that a browser sends for pages that are gone; headers are counted in by some. */
const KEEPALIVE_MAX_BYTES = 60 * 1024

const utf8 = new TextEncoder()

const versionIn = (response: Response): number | null => {
	const found = /^(?:W\/)?"(\d{1,15})"$/.exec(response.headers.get('etag') ?? '')
	return found?.[1] === undefined ? null : Number(found[1])
}

const later = (afterMs: Millis = 0): HistoryRefusal => ({ type: 'later', afterMs })

export const createHistoryApi = (deps: HistoryApiDeps): HistoryApi => {
	const prepare = async (
		method: 'GET' | 'PUT',
		version: number,
		body: Uint8Array<ArrayBuffer> | null,
	): Promise<{ readonly url: string; readonly init: RequestInit } | null> => {
		const [route, token] = await Promise.all([deps.route(`/api/rooms/${deps.roomId}/history`), deps.token()])
		if (route.type !== 'ok' || token === null) return null
		const { url, audience, headers } = route.value
		const hash =
			body === null ? '' : bytesToBase64url(new Uint8Array(await deps.subtle.digest('SHA-256', body)))
		const atMs = Math.round(deps.wallNowMs())
		const text = historyProofText(audience, deps.roomId, method, version, hash, atMs)
		const proof = bytesToBase64url(await deps.signer.sign(utf8.encode(text)))
		const claim: HistoryClaim = { token, key: deps.key, version, atMs, proof }
		return {
			url,
			init: {
				method,
				credentials: 'same-origin',
				cache: 'no-store',
				headers: {
					...headers,
					[HISTORY_HEADER]: JSON.stringify(claim),
					...(body === null ? {} : { 'content-type': HISTORY_TYPE }),
				},
				...(body === null ? {} : { body }),
			},
		}
	}

	const refusalIn = async (response: Response): Promise<HistoryRefusal | { readonly type: 'stale' }> => {
		if (response.status === 413) return { type: 'too-big' }
		const body: unknown = await response.json().catch(() => null) // a proxy's page
		const error = apiError.parse(body)
		switch (error?.error) {
			case 'not-found':
			case 'no-such-room':
				return { type: 'none' }
			case 'stale-history':
				return { type: 'stale' }
			case 'removed':
				return { type: 'removed' }
			case 'not-offered':
				return { type: 'not-offered' }
			case 'history-full':
				return { type: 'full' }
			case 'bad-token':
			case 'expired-token':
				await deps.forgetToken()
				return later()
			default:
				return later(error?.retryAfterMs ?? 0)
		}
	}

	const ask = async (url: string, init: RequestInit): Promise<Response | null> => {
		try {
			return await deps.fetch(url, { ...init, signal: AbortSignal.timeout(DEADLINE_MS) })
		} catch {
			return null // fetch tells no more than that
		}
	}

	return {
		read: async (have) => {
			const request = await prepare('GET', have, null)
			const response = request === null ? null : await ask(request.url, request.init)
			if (response === null) return later()
			if (!response.ok) {
				const refusal = await refusalIn(response)
				return refusal.type === 'stale' ? later() : refusal
			}
			const version = versionIn(response)
			if (version === null) return later() // an answer, but not one of ours
			if (response.status === 204) return { type: 'nothing-new', version }
			const sealed = await response.arrayBuffer().catch(() => null) // the line broke
			return sealed === null ? later() : { type: 'read', version, sealed: new Uint8Array(sealed) }
		},
		makeReady: async (base, sealed) => {
			const request = await prepare('PUT', base, sealed)
			if (request === null) return null
			const { url, init } = request
			return {
				bytes: sealed.length,
				send: async () => {
					const response = await ask(url, init)
					if (response === null) return later()
					if (!response.ok) return refusalIn(response)
					const answer = historyAnswer.parse(await response.json().catch(() => null)) // not one of ours
					return answer === undefined ? later() : { type: 'written', version: answer.version }
				},
				sendAndForget: () => {
					if (sealed.length > KEEPALIVE_MAX_BYTES) return false
					void deps.fetch(url, { ...init, keepalive: true }).catch(() => undefined) // nobody is here to be told
					return true
				},
			}
		},
	}
}
