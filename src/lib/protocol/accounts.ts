/**
 * Accounts over HTTP, JSON both ways. Sessions are a cookie for pages of the server's own origin; pages of
 * ALLOWED_ORIGINS get the session in the answer and send it as `Authorization: Bearer`. Every change of state is a
 * request with a JSON body (or an image) and, by cookie, an Origin of this server.
 */
import { base64url, pictureId, subjectId } from './http.ts'
import { flag, integer, list, nullable, object, oneOf, optional, text, type Parsed } from './schema.ts'

const username = text(64)
const password = text(1_024)
export const USERNAME_MIN_CHARS = 2
export const USERNAME_MAX_CHARS = 32
export const PASSWORD_MIN_CHARS = 8
export const PASSWORD_MAX_CHARS = 256

/** POST /api/door → 200 doorAnswer or 401 wrong-password. `door` only for pages of another origin: header X-Matinee-Door. */
export const doorRequest = object({ password })
export const doorAnswer = object({ door: optional(text(512)) })

/** POST /api/auth/sign-up, 201; POST /api/auth/sign-in, 200; POST /api/auth/exchange, 200: sessionAnswer. */
export const signUpRequest = object({ username, password, name: optional(text(32)) })
export const signInRequest = object({ username, password })
/** The code that an outside provider's sign-in left in the page's fragment, with the page's own PKCE verifier (S256). */
export const exchangeRequest = object({
	code: base64url(128),
	verifier: text(128, /^[A-Za-z0-9._~-]{43,128}$/),
})
/** POST /api/auth/sign-out → 200 {}. */
export const signOutRequest = object({ everywhere: flag })

export const ACCOUNT_KINDS = ['local', 'list', 'oidc'] as const
/** GET /api/account → 200, or 401 signed-out. */
export const accountView = object({
	subject: subjectId,
	kind: oneOf(...ACCOUNT_KINDS),
	/** Null for outside providers. */
	username: nullable(username),
	name: text(64),
	picture: nullable(pictureId),
	/** The outside provider's name, for people to read. */
	provider: nullable(text(64)),
	createdAtMs: integer(0, 8.64e15),
})
export type AccountView = Parsed<typeof accountView>
export const sessionAnswer = object({ account: accountView, session: optional(text(64)) })
/** POST /api/account → 200 accountView. */
export const accountChange = object({ name: text(32) })
/** POST /api/account/password → 200 {}: every other device is signed out. Local accounts. */
export const passwordChange = object({ current: password, next: password })
/** GET /api/account/devices → 200. DELETE /api/account/devices/:id → 200 {}. */
export const accountDevices = object({
	devices: list(
		object({
			id: text(32, /^[A-Za-z0-9_-]+$/),
			/** "Firefox on Linux". */
			agent: text(80),
			createdAtMs: integer(0, 8.64e15),
			lastSeenAtMs: integer(0, 8.64e15),
			isThis: flag,
		}),
		100,
	),
})
/** POST /api/account/delete → 200 {}. Local and listed accounts prove themselves by `password`. */
export const accountDeletion = object({ password: optional(password) })
/** PUT /api/account/picture (body: PNG, JPEG or WebP) and DELETE → 200 accountView. GET /api/account/export → JSON. */
export const PICTURE_UPLOAD_MAX_BYTES = 4 * 1024 * 1024
export const PICTURE_MAX_BYTES = 64 * 1024
