import { beforeEach, describe, expect, it } from 'vitest'
import type { DeviceId, PeerId, RoomId, SubjectId } from '#lib/core/units.ts'
import { createMemoryBroker } from './bus/memory.ts'
import { createIdentityIssuer, TOKEN_LIFETIME_MS } from './identity.ts'
import { createKeys, type Keys } from './keys.ts'
import { createMemoryStore } from './store/memory.ts'
import { createTickets, TICKET_LIFETIME_MS } from './tickets.ts'

const room = 'AAAAAAAAAAAAAAAAAAAAAA' as RoomId
const peer = 'BBBBBBBBBBBBBBBBBBBBBA' as PeerId
const alice = {
	subject: 'g_alice' as SubjectId,
	name: 'Alice',
	device: 'CCCCCCCCCCCCCCCCCCCCCA' as DeviceId,
}
const START_MS = 1_800_000_000_000

let nowMs: number
let keys: Keys
const newKeys = () =>
	createKeys({ store: createMemoryStore(), rotationMs: 30 * 86_400_000, nowMs: () => nowMs })
const newTickets = (audience = 'https://watch.example', bus = createMemoryBroker(() => nowMs).connect()) =>
	createTickets({ keys, audience: async () => audience, bus, nowMs: () => nowMs })
const newIssuer = (issuer: string) =>
	createIdentityIssuer({ keys, issuer: async () => issuer, nowMs: () => nowMs })

beforeEach(() => {
	nowMs = START_MS
	keys = newKeys()
})

describe('a ticket', () => {
	it('[SG13] brings in whom it names, once', async () => {
		const tickets = newTickets()
		const { ticket } = await tickets.issue(alice, room, peer)
		expect(await tickets.redeem(ticket, room, peer)).toEqual({ type: 'good', entry: { peer, ...alice } })
		expect(await tickets.redeem(ticket, room, peer)).toMatchObject({ type: 'refused' })
	})

	it('[SG13] holds for 30 s and not a millisecond longer', async () => {
		const tickets = newTickets()
		const { ticket, expiresAtMs } = await tickets.issue(alice, room, peer)
		const other = await tickets.issue(alice, room, peer)
		expect(expiresAtMs).toBe(START_MS + TICKET_LIFETIME_MS)
		nowMs = expiresAtMs - 1
		expect(await tickets.redeem(ticket, room, peer)).toMatchObject({ type: 'good' })
		nowMs = expiresAtMs
		expect(await tickets.redeem(other.ticket, room, peer)).toMatchObject({
			type: 'refused',
			message: expect.stringContaining('expired') as string,
		})
	})

	it('[SG13] is for one room and one peer; a wrong try does not use it up', async () => {
		const tickets = newTickets()
		const { ticket } = await tickets.issue(alice, room, peer)
		expect(await tickets.redeem(ticket, peer as unknown as RoomId, peer)).toMatchObject({ type: 'refused' })
		expect(await tickets.redeem(ticket, room, room as unknown as PeerId)).toMatchObject({ type: 'refused' })
		expect(await tickets.redeem(ticket, room, peer)).toMatchObject({ type: 'good' })
	})

	it('[SG13] from before a restart is refused, for its use may have been forgotten', async () => {
		const { ticket } = await newTickets().issue(alice, room, peer)
		nowMs += 1
		expect(await newTickets().redeem(ticket, room, peer)).toMatchObject({
			type: 'refused',
			message: expect.stringContaining('restarted') as string,
		})
	})

	it('[SG13] of another server, an altered one, and no ticket at all are refused', async () => {
		const tickets = newTickets()
		const { ticket } = await tickets.issue(alice, room, peer)
		const stranger = createTickets({
			keys: newKeys(),
			audience: async () => 'https://watch.example',
			bus: createMemoryBroker(() => nowMs).connect(),
			nowMs: () => nowMs,
		})
		const foreign = (await stranger.issue(alice, room, peer)).ticket
		const elsewhere = (await newTickets('https://other.example').issue(alice, room, peer)).ticket
		const [body = '', mac = ''] = ticket.split('.')
		const altered = Buffer.from(body, 'base64url').toString().replace('Alice', 'Admin')
		for (const bad of [
			foreign,
			elsewhere,
			`${Buffer.from(altered).toString('base64url')}.${mac}`,
			`${body}.${mac}.`,
			`${body}.${mac.slice(0, -1)}`,
			`${body}.`,
			`.${mac}`,
			'a.b',
			'a.b.c',
			'',
		])
			expect(await tickets.redeem(bad, room, peer)).toMatchObject({ type: 'refused' })
	})

	it('[SG13] is no identity, and an identity is no ticket', async () => {
		const tickets = newTickets()
		const issuer = newIssuer('https://watch.example')
		const jwk = { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) } as const
		const { token } = await issuer.issue({
			subject: alice.subject,
			name: 'Alice',
			isAccount: false,
			picture: null,
			jwk,
		})
		expect(await tickets.redeem(token, room, peer)).toMatchObject({ type: 'refused' })
		const { ticket } = await tickets.issue(alice, room, peer)
		expect(await issuer.check(ticket)).toEqual({ type: 'bad' })
	})

	it('[BU8] is good once at all processes together, also at one that started after it was issued', async () => {
		const broker = createMemoryBroker(() => nowMs, true)
		const one = newTickets(undefined, broker.connect())
		const { ticket } = await one.issue(alice, room, peer)
		nowMs += 1
		const two = newTickets(undefined, broker.connect())
		const answers = await Promise.all(
			[one, two, two, one].map((tickets) => tickets.redeem(ticket, room, peer)),
		)
		expect(answers.filter(({ type }) => type === 'good')).toHaveLength(1)
		expect(await two.redeem(ticket, room, peer)).toMatchObject({
			message: expect.stringContaining('used') as string,
		})
	})

	it('[BU8] while the bus is away is good once at each process, and not at one that started after it was issued', async () => {
		const broker = createMemoryBroker(() => nowMs, true)
		const [one, two] = [newTickets(undefined, broker.connect()), newTickets(undefined, broker.connect())]
		const { ticket } = await one.issue(alice, room, peer)
		nowMs += 1
		const three = newTickets(undefined, broker.connect())
		broker.setState('away')
		expect((await one.redeem(ticket, room, peer)).type).toBe('good')
		expect((await one.redeem(ticket, room, peer)).type).toBe('refused')
		expect((await two.redeem(ticket, room, peer)).type).toBe('good')
		expect(await three.redeem(ticket, room, peer)).toMatchObject({
			message: expect.stringContaining('restarted') as string,
		})
	})

	it('is forgotten once it could not be used again anyway', async () => {
		const tickets = newTickets()
		const { ticket } = await tickets.issue(alice, room, peer)
		await tickets.redeem(ticket, room, peer)
		tickets.prune(nowMs)
		expect(tickets.usedCount()).toBe(1)
		tickets.prune(nowMs + TICKET_LIFETIME_MS)
		expect(tickets.usedCount()).toBe(0)
	})
})

describe('an identity', () => {
	const jwk = { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) } as const
	const person = { subject: alice.subject, name: 'Alice', isAccount: false, picture: null, jwk }

	it('[SG15] holds for a day', async () => {
		const issuer = newIssuer('a')
		const { token, expiresAtMs } = await issuer.issue(person)
		expect(expiresAtMs).toBe(START_MS + TOKEN_LIFETIME_MS)
		nowMs = expiresAtMs - 1_000
		expect(await issuer.check(token)).toMatchObject({ type: 'good', claims: { name: 'Alice' } })
	})

	it('[SG38] is taken up to a minute after it ran out and before it was issued, not a second more', async () => {
		const issuer = newIssuer('a')
		const { token, expiresAtMs } = await issuer.issue(person)
		nowMs = expiresAtMs + 60_000
		expect(await issuer.check(token)).toMatchObject({ type: 'good' })
		nowMs = expiresAtMs + 61_000
		expect(await issuer.check(token)).toEqual({ type: 'expired' })
		nowMs = START_MS - 60_000
		expect(await issuer.check(token)).toMatchObject({ type: 'good' })
		nowMs = START_MS - 61_000
		expect(await issuer.check(token)).toEqual({ type: 'bad' })
	})

	it('[SG15] of another issuer is none', async () => {
		const { token } = await newIssuer('a').issue(person)
		const other = newIssuer('b')
		expect(await other.check(token)).toEqual({ type: 'bad' })
	})

	it('[SG15] a guest is the same person for the same key, and another for another', () => {
		const issuer = newIssuer('a')
		const subject = issuer.guestSubject(jwk)
		expect(subject).toMatch(/^g_[A-Za-z0-9_-]{16}$/)
		expect(issuer.guestSubject({ ...jwk })).toBe(subject)
		expect(issuer.guestSubject({ ...jwk, x: `B${'A'.repeat(42)}` })).not.toBe(subject)
	})
})
