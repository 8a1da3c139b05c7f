/**
 * What is remembered of a sign-in while its person is at the provider: sealed in a cookie of theirs, so that any
 * process can go on with it and nothing piles up here. And the codes by which pages of other origins fetch theirs.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { ID_PATTERN, type SubjectId } from '#lib/core/units.ts'
import { integer, nullable, object, text } from '#lib/protocol/schema.ts'
import type { Keys } from '../keys.ts'

export const FLOW_LIFETIME_MS = 10 * 60_000
export const CODE_LIFETIME_MS = 60_000
const NONCE_BYTES = 12
const TAG_BYTES = 16
/** Used ones are remembered until they have expired by themselves; the oldest is forgotten first. */
const USED_MAX = 20_000

/** Pages of this app, without what may follow: nothing else is ever redirected to. */
const PAGES = ['/', '/r', '/login', '/settings']
/** The page to go back to; the front page for whatever is none of ours. A room's code is in the fragment, which no server sees: the page keeps it itself. */
export const returnPathOf = (path: unknown): string =>
	typeof path === 'string' && PAGES.includes(path) ? path : '/'

/** Where on its origin an app is: '' at the root, or `/watch`; never what a browser reads as another host. */
export const appPath = text(200, /^(\/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*$/)

const flowSchema = object({
	issuer: text(32),
	state: text(64),
	nonce: text(64),
	verifier: text(128),
	returnPath: text(32),
	redirectUri: text(400),
	/** A page of another origin, the path its app is under, and its PKCE challenge (S256). */
	client: nullable(object({ origin: text(300), path: appPath, challenge: text(43, /^[A-Za-z0-9_-]{43}$/) })),
	atMs: integer(0, 8.64e15),
})
export type Flow = Exclude<ReturnType<typeof flowSchema.parse>, undefined>

const seal = (key: Buffer, plain: Buffer): Buffer => {
	const nonce = randomBytes(NONCE_BYTES)
	const cipher = createCipheriv('aes-256-gcm', key, nonce)
	return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}
const open = (keys: readonly Buffer[], sealed: Buffer): Buffer | null => {
	if (sealed.length < NONCE_BYTES + TAG_BYTES) return null
	for (const key of keys) {
		const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES), {
			authTagLength: TAG_BYTES,
		})
		decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
		try {
			return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()])
		} catch {
			continue // sealed by another key, or by nobody
		}
	}
	return null
}

const sha256 = (input: string): Buffer => createHash('sha256').update(input).digest()
/** The bytes of the one canonical spelling, or null. */
const bytesOf = (base64url: string): Buffer | null => {
	const bytes = Buffer.from(base64url, 'base64url')
	return bytes.toString('base64url') === base64url ? bytes : null
}

/** A set of what was used, each entry until it would be refused as too old anyway. */
const createUsed = (nowMs: () => number) => {
	const untilMs = new Map<string, number>()
	return {
		has: (key: string): boolean => (untilMs.get(key) ?? 0) > nowMs(),
		add(key: string, until: number): void {
			untilMs.set(key, until)
			if (untilMs.size > USED_MAX) for (const oldest of untilMs.keys()) return void untilMs.delete(oldest)
		},
		prune(atMs: number): void {
			for (const [key, until] of untilMs) if (until <= atMs) untilMs.delete(key)
		},
	}
}

const ID_BYTES = 16
const HASH_BYTES = 32
const ORIGIN_BYTES = 8
const TIME_BYTES = 6
const CODE_BYTES = ID_BYTES + HASH_BYTES + ORIGIN_BYTES + TIME_BYTES
const originHash = (origin: string): Buffer => sha256(origin).subarray(0, ORIGIN_BYTES)

export type Flows = ReturnType<typeof createFlows>

/** Everything rejects while the server has no keys because its store is away. */
export const createFlows = (deps: { readonly keys: Pick<Keys, 'ring'>; readonly nowMs: () => number }) => {
	const usedStates = createUsed(deps.nowMs)
	const usedCodes = createUsed(deps.nowMs)
	const secrets = async (purpose: string): Promise<readonly Buffer[]> =>
		(await deps.keys.ring()).secrets(purpose, deps.nowMs())

	return {
		/** The text of a cookie, under 1.5 KiB. */
		async sealFlow(flow: Flow): Promise<string> {
			const [key = Buffer.alloc(0)] = await secrets('oidc-flow')
			return seal(key, Buffer.from(JSON.stringify(flow))).toString('base64url')
		},

		/** Null for none of ours and for one that is too old. */
		async openFlow(cookie: string | null): Promise<Flow | null> {
			const sealed = cookie === null ? null : bytesOf(cookie)
			const plain = sealed === null ? null : open(await secrets('oidc-flow'), sealed)
			if (plain === null) return null
			const flow = flowSchema.parse(JSON.parse(plain.toString()))
			return flow !== undefined && deps.nowMs() < flow.atMs + FLOW_LIFETIME_MS ? flow : null
		},

		/** Whether this is the first time; from now on it is used. */
		useState(flow: Flow): boolean {
			if (usedStates.has(flow.state)) return false
			usedStates.add(flow.state, flow.atMs + FLOW_LIFETIME_MS)
			return true
		},
		isUsed: (state: string): boolean => usedStates.has(state),

		/** What the page of `origin` signs `account` in with, once, within a minute, if it knows its PKCE verifier. */
		async newCode(account: SubjectId, origin: string, challenge: string): Promise<string> {
			const time = Buffer.alloc(TIME_BYTES)
			time.writeUIntBE(Math.floor(deps.nowMs()) + CODE_LIFETIME_MS, 0, TIME_BYTES)
			const [key = Buffer.alloc(0)] = await secrets('oidc-code')
			return seal(
				key,
				Buffer.concat([
					Buffer.from(account.slice(2), 'base64url'),
					Buffer.from(challenge, 'base64url'),
					originHash(origin),
					time,
				]),
			).toString('base64url')
		},

		/** The account, and the code is used up; null for what is no such code, or not for this page. */
		async redeemCode(code: string, verifier: string, origin: string): Promise<SubjectId | null> {
			const sealed = bytesOf(code)
			const plain = sealed === null ? null : open(await secrets('oidc-code'), sealed)
			if (sealed === null || plain?.length !== CODE_BYTES) return null
			const untilMs = plain.readUIntBE(CODE_BYTES - TIME_BYTES, TIME_BYTES)
			const challenge = plain.subarray(ID_BYTES, ID_BYTES + HASH_BYTES)
			const page = plain.subarray(ID_BYTES + HASH_BYTES, CODE_BYTES - TIME_BYTES)
			const id = plain.subarray(0, ID_BYTES).toString('base64url')
			const name = sealed.subarray(0, NONCE_BYTES).toString('base64url')
			if (deps.nowMs() >= untilMs || usedCodes.has(name) || !ID_PATTERN.test(id)) return null
			if (!timingSafeEqual(challenge, sha256(verifier)) || !originHash(origin).equals(page)) return null
			usedCodes.add(name, untilMs)
			return `a_${id}` as SubjectId
		},

		prune(atMs: number): void {
			usedStates.prune(atMs)
			usedCodes.prune(atMs)
		},
	}
}
