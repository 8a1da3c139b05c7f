/**
 * Tickets: the right to join one room as one peer from one device, once, within 30 s.
 */
import { errors, jwtVerify, SignJWT } from 'jose'
import { randomUUID } from 'node:crypto'
import { ID_PATTERN, type DeviceId, type PeerId, type RoomId, type SubjectId } from '#lib/core/units.ts'
import { integer, object, text } from '#lib/protocol/schema.ts'
import type { RosterEntry } from '#lib/protocol/signaling.ts'
import type { Bus } from './bus/bus.ts'
import { keyNamedBy } from './identity.ts'
import type { Keys } from './keys.ts'

export const TICKET_LIFETIME_MS = 30_000
const ALGORITHM = 'EdDSA'
const TICKET_TYPE = 'matinee-ticket+jwt'
const USED = 'The ticket has been used; each join needs a new one.'

const payloadSchema = object({
	room: text(22, ID_PATTERN),
	peer: text(22, ID_PATTERN),
	device: text(22, ID_PATTERN),
	sub: text(64),
	name: text(64),
	jti: text(36),
	/** Milliseconds, finer than `iat` and `exp`. */
	atMs: integer(0, 8.64e15),
})

export type Redemption =
	| { readonly type: 'good'; readonly entry: RosterEntry }
	| { readonly type: 'refused'; readonly message: string }

export type Tickets = ReturnType<typeof createTickets>

export const createTickets = (deps: {
	readonly keys: Pick<Keys, 'ring'>
	readonly audience: () => Promise<string>
	/** Where a ticket is used up for all processes. */
	readonly bus: Pick<Bus, 'isShared' | 'claim'>
	readonly nowMs: () => number
}) => {
	/** Used tickets until they expire by themselves. */
	const usedUntilMs = new Map<string, number>()
	const startedMs = deps.nowMs()

	return {
		async issue(
			person: { subject: SubjectId; name: string; device: DeviceId },
			room: RoomId,
			peer: PeerId,
		): Promise<{ ticket: string; expiresAtMs: number }> {
			const atMs = Math.floor(deps.nowMs())
			const key = (await deps.keys.ring()).signing(atMs)
			const ticket = await new SignJWT({
				room,
				peer,
				device: person.device,
				name: person.name,
				atMs,
			})
				.setProtectedHeader({ alg: ALGORITHM, kid: key.kid, typ: TICKET_TYPE })
				.setAudience(await deps.audience())
				.setSubject(person.subject)
				.setJti(randomUUID())
				.sign(key.privateKey)
			return { ticket, expiresAtMs: atMs + TICKET_LIFETIME_MS }
		},

		/** Uses the ticket up where it is good for this room and peer. */
		async redeem(ticket: string, room: RoomId, peer: PeerId): Promise<Redemption> {
			const refuse = (message: string): Redemption => ({ type: 'refused', message })
			const key = keyNamedBy(ticket, await deps.keys.ring())
			if (key === null) return refuse('This is no ticket of this server.')
			let payload
			try {
				payload = (
					await jwtVerify(ticket, key.publicKey, {
						algorithms: [ALGORITHM],
						typ: TICKET_TYPE,
						audience: await deps.audience(),
					})
				).payload
			} catch (error) {
				if (error instanceof errors.JOSEError) return refuse('This is no ticket of this server.')
				throw error
			}
			const { aud: _aud, ...rest } = payload
			const own = payloadSchema.parse(rest)
			if (own === undefined) return refuse('This is no ticket of this server.')
			const nowMs = deps.nowMs()
			if (nowMs >= own.atMs + TICKET_LIFETIME_MS) return refuse('The ticket has expired; ask for a new one.')
			if (own.room !== room) return refuse('The ticket is for another room.')
			if (own.peer !== peer) return refuse('The ticket is for another peer.')
			if (usedUntilMs.has(own.jti)) return refuse(USED)
			usedUntilMs.set(own.jti, own.atMs + TICKET_LIFETIME_MS)
			const claim = await deps.bus.claim(`ticket:${own.jti}`, TICKET_LIFETIME_MS)
			if (claim === 'taken') return refuse(USED)
			// What nobody else remembers: it may have been used at this server before it restarted.
			const isRemembered = deps.bus.isShared && claim === 'first'
			if (!isRemembered && own.atMs < Math.floor(startedMs))
				return refuse('The server has restarted since; ask for a new ticket.')
			return {
				type: 'good',
				entry: {
					peer,
					device: own.device as DeviceId,
					subject: own.sub as SubjectId,
					name: own.name,
				},
			}
		},

		/** Forgets used tickets that would be refused as expired anyway. */
		prune(nowMs: number): void {
			for (const [jti, untilMs] of usedUntilMs) if (untilMs <= nowMs) usedUntilMs.delete(jti)
		},
		usedCount: () => usedUntilMs.size,
	}
}
