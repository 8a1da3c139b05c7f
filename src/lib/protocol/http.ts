/**
 * The server's JSON over HTTP: the same schemas on both sides. Bytes travel as base64url text.
 */
import { ID_PATTERN, type PeerId, type RoomId, type SubjectId } from '#lib/core/units.ts'
import {
	branded,
	flag,
	integer,
	list,
	literal,
	nullable,
	object,
	oneOf,
	optional,
	text,
	type Parsed,
} from './schema.ts'

const base64url = (max: number) => text(max, /^[A-Za-z0-9_-]+$/)
const jwt = text(2_048, /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/)

/** The device's Ed25519 public key as a JWK (RFC 8037). */
export const deviceJwk = object({
	kty: literal('OKP'),
	crv: literal('Ed25519'),
	x: text(43, /^[A-Za-z0-9_-]{43}$/),
})
export type DeviceJwk = Parsed<typeof deviceJwk>

/**
 * POST /api/identity → 200 identityAnswer. `proof`: the device key's signature over UTF-8 of
 * `matinee-identity-1|<audience>|<atMs>|<name>`, where audience is the origin the client was told in /config.json
 * and atMs is within 5 minutes of the server's clock.
 */
export const identityRequest = object({
	jwk: deviceJwk,
	name: text(32),
	atMs: integer(0, 8.64e15),
	proof: base64url(86),
})
export type IdentityRequest = Parsed<typeof identityRequest>
export const identityAnswer = object({
	token: jwt,
	subject: branded<SubjectId>(text(64)),
	expiresAtMs: integer(0, 8.64e15),
})

/** PUT /api/rooms/:roomId → 201 created, 200 the same again, 409 taken. Sealed by the client; kept first come. */
export const ROOT_MAX_CHARS = 4_096
export const roomRegistration = object({ root: base64url(ROOT_MAX_CHARS), token: jwt })
/** GET /api/rooms/:roomId → 200 or 404. */
export const roomAnswer = object({ root: base64url(ROOT_MAX_CHARS) })

/**
 * POST /api/tickets → 200 ticketAnswer. `proof`: the device key's signature over UTF-8 of
 * `matinee-ticket-1|<audience>|<room>|<peer>|<atMs>`.
 */
export const ticketRequest = object({
	token: jwt,
	room: branded<RoomId>(text(22, ID_PATTERN)),
	peer: branded<PeerId>(text(22, ID_PATTERN)),
	atMs: integer(0, 8.64e15),
	proof: base64url(86),
})
export const ticketAnswer = object({ ticket: text(2_048), expiresAtMs: integer(0, 8.64e15) })

/** GET /config.json: where the server is and what it offers; never baked into the build. */
export const clientConfig = object({
	/** Base of the API and sockets; '' for the page's own origin. */
	server: text(300),
	/** What proofs are bound to. */
	audience: text(300),
	iceServers: list(
		object({ urls: list(text(300), 8), username: optional(text(200)), credential: optional(text(200)) }),
		8,
	),
	guests: flag,
	version: text(40),
})
export type ClientConfig = Parsed<typeof clientConfig>

export const API_ERRORS = [
	'bad-request',
	'bad-proof',
	'clock-off',
	'expired-token',
	'bad-token',
	'guests-off',
	'no-such-room',
	'room-taken',
	'too-many-requests',
	'not-found',
	'unavailable',
	'internal',
] as const
/** Every answer that is not 2xx. */
export const apiError = object({
	error: oneOf(...API_ERRORS),
	/** For people to read. */
	message: text(300),
	retryAfterMs: optional(nullable(integer(0, 86_400_000))),
})
export type ApiError = Parsed<typeof apiError>
