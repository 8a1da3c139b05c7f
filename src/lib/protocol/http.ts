/**
 * The server's JSON over HTTP: the same schemas on both sides. Bytes travel as base64url text.
 */
import { ID_PATTERN, type DeviceId, type PeerId, type RoomId, type SubjectId } from '#lib/core/units.ts'
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

export const base64url = (max: number) => text(max, /^[A-Za-z0-9_-]+$/)
export const pictureId = text(22, ID_PATTERN)
export const subjectId = branded<SubjectId>(text(64, /^[A-Za-z0-9_:.-]+$/))
export const deviceId = branded<DeviceId>(text(22, ID_PATTERN))
export const jwt = text(2_048, /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/)

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
/** With a session (cookie or bearer) the identity is the account's: name and picture are the account's own. */
export const identityAnswer = object({
	token: jwt,
	subject: subjectId,
	name: text(64),
	isAccount: flag,
	/** Id of the account's picture, at GET /api/pictures/:id. */
	picture: nullable(pictureId),
	expiresAtMs: integer(0, 8.64e15),
})

/**
 * Who may give orders about a room: the device and subject that the sealed root names, signed by that device over
 * UTF-8 of `matinee-room-owner-1|<roomId>|<subject>`. The root's seal hides it from the server, hence said apart.
 */
export const roomOwner = object({ jwk: deviceJwk, subject: subjectId, signature: base64url(86) })
export type RoomOwner = Parsed<typeof roomOwner>

/** PUT /api/rooms/:roomId → 201 created, 200 the same again, 409 taken. Sealed by the client; kept first come. */
export const ROOT_MAX_CHARS = 4_096
export const roomRegistration = object({
	root: base64url(ROOT_MAX_CHARS),
	/** Rooms made before owners were named go without: nobody can give orders about them. */
	owner: optional(roomOwner),
	token: jwt,
})
/** Sealed notes for members whose room has moved, one for each device; only they can open theirs. */
export const MOVED_MAX_CHARS = 256 * 1024
/** GET /api/rooms/:roomId → 200 or 404. */
export const roomAnswer = object({
	root: base64url(ROOT_MAX_CHARS),
	/** Set once the lock was changed. */
	moved: nullable(base64url(MOVED_MAX_CHARS)),
})

/** Which ways in are on. */
export const authOffer = object({
	guests: flag,
	/** Username and password: accounts made here, or the operator's list. */
	passwords: flag,
	signUp: flag,
	/** A door password has to be given before anything else. */
	door: flag,
	issuers: list(object({ id: text(32, /^[a-z0-9-]+$/), name: text(64) }), 16),
})
export type AuthOffer = Parsed<typeof authOffer>

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
export const ticketAnswer = object({
	ticket: text(2_048),
	expiresAtMs: integer(0, 8.64e15),
	/** Lets its bearer relay through the TURN servers at `urls`, for so long from now. */
	turn: optional(
		object({
			urls: list(text(300), 8),
			username: text(200),
			credential: text(200),
			lifetimeS: integer(1, 86_400),
		}),
	),
})
export type TurnPass = NonNullable<Parsed<typeof ticketAnswer>['turn']>

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
	auth: authOffer,
	/** Missing: the server looks nothing up. `search`: also lists and a search. */
	media: optional(object({ titles: flag, search: flag })),
	/** What one socket may send in relay frames; missing: the server relays nothing. */
	relay: optional(object({ bytesPerSecond: integer(1, 1e9), byteBurst: integer(1, 1e9) })),
	/** Missing: the server keeps no rooms. Sealed, a room may have so many bytes. */
	history: optional(object({ maxBytes: integer(1, 2 ** 30) })),
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
	/** The door password has to be given first. */
	'door-closed',
	/** Wrong username or password; which of them is not said. */
	'wrong-password',
	'weak-password',
	'username-taken',
	'signed-out',
	/** This way of signing in is not on here. */
	'not-offered',
	/** The provider is down, or answers what it must not. */
	'provider-failed',
	/** Signed order or request by somebody who may not. */
	'not-allowed',
	'removed',
	'bad-picture',
	/** Somebody else wrote the room's history meanwhile; `version` is theirs. */
	'stale-history',
	/** The server has no room for more histories. */
	'history-full',
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
	version: optional(integer(0, 2 ** 48)),
})
export type ApiError = Parsed<typeof apiError>
