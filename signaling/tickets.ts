/**
 * Tickets: the right to join one room as one peer from one device, once, within 30 s. Only this server reads what it
 * has written there, so a MAC (HMAC-SHA-256) does, at a hundredth of the price of a signature.
 */
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto'
import { ID_PATTERN, type DeviceId, type PeerId, type RoomId, type SubjectId } from '#lib/core/units.ts'
import { integer, object, text, type Parsed } from '#lib/protocol/schema.ts'
import type { RosterEntry } from '#lib/protocol/signaling.ts'
import type { Bus } from './bus/bus.ts'
import type { KeyRing, Keys } from './keys.ts'

export const TICKET_LIFETIME_MS = 30_000
const PURPOSE = 'ticket'
const MAC_BYTES = 32
const UNKNOWN = 'This is no ticket of this server.'
const USED = 'The ticket has been used; each join needs a new one.'

const payloadSchema = object({
	aud: text(300),
	room: text(22, ID_PATTERN),
	peer: text(22, ID_PATTERN),
	device: text(22, ID_PATTERN),
	sub: text(64),
	name: text(64),
	jti: text(36),
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

	/** Deriving them costs more than a ticket: once for each reading of the keys, and once more when another one signs. */
	let derived: { readonly ring: KeyRing; readonly kid: string; readonly secrets: readonly Buffer[] } | null =
		null
	/** The first one seals, any opens. */
	const secrets = async (nowMs: number): Promise<readonly Buffer[]> => {
		const ring = await deps.keys.ring()
		const { kid } = ring.signing(nowMs)
		if (derived?.ring !== ring || derived.kid !== kid)
			derived = { ring, kid, secrets: ring.secrets(PURPOSE, nowMs) }
		return derived.secrets
	}
	const macOf = (secret: Buffer, body: string): Buffer => createHmac('sha256', secret).update(body).digest()

	/** What was sealed; null for anything that this server has not. */
	const open = async (ticket: string): Promise<Parsed<typeof payloadSchema> | null> => {
		const [body = '', mac = '', ...more] = ticket.split('.')
		const given = Buffer.from(mac, 'base64url')
		if (more.length > 0 || given.length !== MAC_BYTES) return null
		const isOurs = (await secrets(deps.nowMs())).some((secret) => timingSafeEqual(macOf(secret, body), given))
		if (!isOurs) return null
		const payload = payloadSchema.parse(JSON.parse(Buffer.from(body, 'base64url').toString()))
		return payload !== undefined && payload.aud === (await deps.audience()) ? payload : null
	}

	return {
		async issue(
			person: { subject: SubjectId; name: string; device: DeviceId },
			room: RoomId,
			peer: PeerId,
		): Promise<{ ticket: string; expiresAtMs: number }> {
			const atMs = Math.floor(deps.nowMs())
			const [secret] = await secrets(atMs)
			if (secret === undefined) throw new Error('no key can seal')
			const { subject: sub, name, device } = person
			const payload = { aud: await deps.audience(), room, peer, device, sub, name, jti: randomUUID(), atMs }
			const body = Buffer.from(JSON.stringify(payload)).toString('base64url')
			const ticket = `${body}.${macOf(secret, body).toString('base64url')}`
			return { ticket, expiresAtMs: atMs + TICKET_LIFETIME_MS }
		},

		/** Uses the ticket up where it is good for this room and peer. */
		async redeem(ticket: string, room: RoomId, peer: PeerId): Promise<Redemption> {
			const refuse = (message: string): Redemption => ({ type: 'refused', message })
			const own = await open(ticket)
			if (own === null) return refuse(UNKNOWN)
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
