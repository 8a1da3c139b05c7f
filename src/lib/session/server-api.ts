/**
 * The server's HTTP side as seen from the browser: every answer is parsed, every failure is a value.
 */
import {
	apiError,
	identityAnswer,
	roomAnswer,
	ticketAnswer,
	type ApiError,
	type ClientConfig,
	type IdentityRequest,
	type RoomOwner,
} from '#lib/protocol/http.ts'
import { object, type Parsed, type Schema } from '#lib/protocol/schema.ts'
import { bytesToBase64url } from '#lib/core/base64url.ts'
import type { Signer } from '#lib/core/crypto.ts'
import type { Millis, PeerId, RoomId } from '#lib/core/units.ts'
import { findServer, type ServerTrouble } from './find-server.ts'

export type ApiFailure =
	/** No answer at all: no network, no server, or nothing within the deadline. */
	| { readonly type: 'unreachable' }
	| { readonly type: 'refused'; readonly status: number; readonly error: ApiError }
	/** An answer, but not one of ours: a proxy's page, an older or newer server. */
	| { readonly type: 'unexpected'; readonly status: number }

export type ApiOutcome<T> = { readonly type: 'ok'; readonly value: T } | ApiFailure

const DEADLINE_MS = 10_000
/** 36 bits: as even as the whole. */
const ROOM_HINT_CHARS = 6
const utf8 = new TextEncoder()

export interface ServerApiDeps {
	readonly fetch: typeof globalThis.fetch
	readonly pageOrigin: string
	/** What the app's pages are below, like `/watch`; '' at the root of a host. There '' in the configuration leads. */
	readonly appPath?: string
	/** Wall time, ms since 1970: proofs carry it. */
	readonly wallNowMs: () => Millis
	/** Who one is and that one may come in, for a server of another origin, which gets no cookies. */
	readonly authHeaders?: () => Promise<Record<string, string>>
}

export interface ApiRequest {
	readonly method: string
	/** Sent as JSON; a Blob as it is. */
	readonly body?: unknown
}

export type ServerApi = ReturnType<typeof createServerApi>

export const createServerApi = (deps: ServerApiDeps) => {
	/** Of another origin: the path begins with it. */
	const headersFor = async (path: string): Promise<Record<string, string>> =>
		(path.startsWith('/') ? null : await deps.authHeaders?.()) ?? {}

	const ask = async <T>(
		path: string,
		schema: Schema<T>,
		{ method, body: sent }: ApiRequest = { method: 'GET' },
	): Promise<ApiOutcome<T>> => {
		const headers = await headersFor(path)
		let response: Response
		try {
			response = await deps.fetch(path, {
				method,
				signal: AbortSignal.timeout(DEADLINE_MS),
				credentials: 'same-origin',
				...(sent === undefined
					? { headers }
					: sent instanceof Blob
						? { body: sent, headers: { ...headers, 'content-type': sent.type } }
						: { body: JSON.stringify(sent), headers: { ...headers, 'content-type': 'application/json' } }),
			})
		} catch {
			return { type: 'unreachable' } // fetch tells no more than that
		}
		let body: unknown
		try {
			body = await response.json()
		} catch {
			return { type: 'unexpected', status: response.status }
		}
		if (response.ok) {
			const value = schema.parse(body)
			return value === undefined ? { type: 'unexpected', status: response.status } : { type: 'ok', value }
		}
		const error = apiError.parse(body)
		return error === undefined
			? { type: 'unexpected', status: response.status }
			: { type: 'refused', status: response.status, error }
	}

	/** Asked once; asked again after a failure. */
	let knownConfig: ClientConfig | null = null
	let trouble: ServerTrouble | null = null
	const { pageOrigin, appPath = '' } = deps
	const baseOf = ({ server }: ClientConfig): string => (server === '' ? appPath : server)
	/** Several ask while the page opens: one answer does for all. */
	let asking: Promise<ApiOutcome<ClientConfig>> | null = null
	const config = async (): Promise<ApiOutcome<ClientConfig>> =>
		knownConfig === null ? (asking ??= askConfig()) : { type: 'ok', value: knownConfig }
	const askConfig = async (): Promise<ApiOutcome<ClientConfig>> => {
		const found = await findServer({ ask, fetch: deps.fetch, pageOrigin, appPath })
		asking = null
		if (found.outcome.type === 'ok') knownConfig = found.outcome.value
		trouble = found.trouble
		return found.outcome
	}

	const withServer = async <T>(
		use: (base: string, config: ClientConfig) => Promise<ApiOutcome<T>>,
	): Promise<ApiOutcome<T>> => {
		const known = await config()
		return known.type === 'ok' ? use(baseOf(known.value), known.value) : known
	}

	const prove = async (signer: Signer, text: string): Promise<string> =>
		bytesToBase64url(await signer.sign(utf8.encode(text)))

	return {
		config,

		/** What keeps this page from its server, as the last try found it; null while it is merely away, or there. */
		trouble: (): ServerTrouble | null => trouble,

		/** Any other route of the server; `path` begins with /api. */
		call: <T>(path: string, schema: Schema<T>, request?: ApiRequest): Promise<ApiOutcome<T>> =>
			withServer((base) => ask(base + path, schema, request)),

		/** The same for what is no JSON: where it is, whom proofs are for, and what goes along with each request. */
		route: (path: string) =>
			withServer(async (base, { audience }) => {
				const url = base + path
				return { type: 'ok', value: { url, audience, headers: await headersFor(url) } }
			}),

		/** An identity token for this device: whoever has the key behind `signer` is `name`. */
		identity: (signer: Signer, name: string): Promise<ApiOutcome<Parsed<typeof identityAnswer>>> =>
			withServer(async (base, { audience }) => {
				const atMs = Math.round(deps.wallNowMs())
				const body: IdentityRequest = {
					jwk: { kty: 'OKP', crv: 'Ed25519', x: bytesToBase64url(signer.publicKey) },
					name,
					atMs,
					proof: await prove(signer, `matinee-identity-1|${audience}|${String(atMs)}|${name}`),
				}
				return ask(`${base}/api/identity`, identityAnswer, { method: 'POST', body })
			}),

		/** A ticket for one join of one room's socket (30 s, single use), and what TURN servers ask for, where there are any. */
		ticket: (
			signer: Signer,
			token: string,
			room: RoomId,
			peer: PeerId,
		): Promise<ApiOutcome<Parsed<typeof ticketAnswer>>> =>
			withServer(async (base, { audience }) => {
				const atMs = Math.round(deps.wallNowMs())
				const proof = await prove(signer, `matinee-ticket-1|${audience}|${room}|${peer}|${String(atMs)}`)
				const answer = await ask(`${base}/api/tickets`, ticketAnswer, {
					method: 'POST',
					body: { token, room, peer, atMs, proof },
				})
				const isRefused = answer.type === 'refused' && answer.error.error === 'not-allowed'
				trouble = isRefused ? { type: 'page-refused', words: answer.error.message } : null
				return answer
			}),

		/** The sealed root kept for `room`. */
		root: (room: RoomId): Promise<ApiOutcome<Parsed<typeof roomAnswer>>> =>
			withServer((base) => ask(`${base}/api/rooms/${room}`, roomAnswer)),

		/** Gives the server the sealed root and, where it is known, whose orders about the room to take. */
		registerRoom: (
			room: RoomId,
			root: string,
			token: string,
			owner?: RoomOwner,
		): Promise<ApiOutcome<Parsed<typeof roomAnswer>>> =>
			withServer((base) =>
				ask(`${base}/api/rooms/${room}`, roomAnswer, { method: 'PUT', body: { root, owner, token } }),
			),

		/** `order`: the JSON text of a `RoomOrder`, which is what is signed. */
		order: (
			signer: Signer,
			token: string,
			room: RoomId,
			order: string,
		): Promise<ApiOutcome<Record<string, never>>> =>
			withServer(async (base, { audience }) => {
				const atMs = Math.round(deps.wallNowMs())
				const proof = await prove(signer, `matinee-order-1|${audience}|${room}|${String(atMs)}|${order}`)
				return ask(`${base}/api/rooms/${room}/orders`, object({}), {
					method: 'POST',
					body: { token, atMs, order, proof },
				})
			}),

		/** The keys that identity tokens are signed with, as a JWK set. */
		keySet: (): Promise<ApiOutcome<unknown>> =>
			withServer((base) =>
				ask<unknown>(`${base}/.well-known/jwks.json`, { parse: (input) => input, describe: 'jwks' }),
			),

		/** Where a person's picture is; only once the configuration is known, which comes before any identity. */
		pictureUrl: (id: string): string =>
			`${knownConfig === null ? '' : baseOf(knownConfig)}/api/pictures/${id}`,

		/**
		 * Where the signaling socket is. `room`: so that a balancer in front of several processes can send all of a room
		 * to one of them; a part of its id is enough, and is all that shows in a proxy's log.
		 */
		socketUrl: async (room?: RoomId): Promise<string | null> => {
			const known = await config()
			if (known.type !== 'ok') return null
			const url = new URL(`${baseOf(known.value)}/ws`, pageOrigin)
			url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
			if (room !== undefined) url.searchParams.set('room', room.slice(0, ROOM_HINT_CHARS))
			return url.href
		},
	}
}
