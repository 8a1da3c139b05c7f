/**
 * Passes for TURN servers: a username that says when it ends and whose it is, and a password that only whoever has the
 * secret can make of it (draft-uberti-behave-turn-rest-00, coturn's `use-auth-secret`). Nothing is kept of them here.
 */
import { createHmac } from 'node:crypto'
import type { SubjectId } from '#lib/core/units.ts'
import type { TurnPass } from '#lib/protocol/http.ts'

export interface TurnConfig {
	/** `turn:` and `turns:` addresses, as browsers take them. */
	readonly urls: readonly string[]
	/** Shared with the TURN servers. */
	readonly secret: string
	/** How long a pass is good for new allocations; those that there are live on. */
	readonly lifetimeS: number
}

export type TurnPasses = ReturnType<typeof createTurnPasses>

/** 72 bits tell the people of one server apart. */
const SUBJECT_HASH_CHARS = 12

/** `nowMs`: milliseconds since 1970, in step with the TURN server's clock to some seconds. */
export const createTurnPasses = ({ urls, secret, lifetimeS }: TurnConfig, nowMs: () => number) => ({
	/**
	 * The same person has the same name there whenever they ask, so that quotas hold; nobody without the secret can
	 * tell from it who they are here.
	 */
	issue(subject: SubjectId): TurnPass {
		const person = createHmac('sha256', secret)
			.update(`matinee-turn-1|${subject}`)
			.digest('base64url')
			.slice(0, SUBJECT_HASH_CHARS)
		const username = `${String(Math.floor(nowMs() / 1000) + lifetimeS)}:${person}`
		// SHA-1 is what the protocol says; as a MAC it holds.
		const credential = createHmac('sha1', secret).update(username).digest('base64')
		return { urls: [...urls], username, credential, lifetimeS }
	},
})
