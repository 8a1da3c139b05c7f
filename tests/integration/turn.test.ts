/**
 * A real coturn with the configuration that operators copy: it takes our passes and no others, and relays to nothing
 * that is inside, however that is written.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SubjectId } from '#lib/core/units.ts'
import { createTurnPasses } from '../../signaling/turn.ts'
import { freePort } from '../support/app.ts'
import { startCoturn, type TestCoturn } from '../support/coturn.ts'
import { openTurnClient, type Credentials, type TurnClient } from '../support/turn-client.ts'

const secret = 'a-secret-of-the-tests-with-coturn'
const alice = 'g:alice' as SubjectId
let coturn: TestCoturn
let port = 0
const passAt = (atMs: number, key = secret, subject = alice) =>
	createTurnPasses({ urls: [], secret: key, lifetimeS: 600 }, () => atMs).issue(subject)
const pass = () => passAt(Date.now())

beforeAll(async () => {
	port = await freePort()
	coturn = await startCoturn({ port, secret, addresses: ['127.0.0.1', '::1'] })
}, 60_000)
afterAll(() => coturn.close())

const withClient = async <T>(
	credentials: Credentials,
	use: (client: TurnClient) => Promise<T>,
	host = '127.0.0.1',
): Promise<T> => {
	const client = await openTurnClient(host, port, credentials)
	try {
		return await use(client)
	} finally {
		await client.refresh(0).catch(() => undefined) // there may be nothing to give back
		client.close()
	}
}

describe('a pass', () => {
	it('[TN5] of this server is taken, again and again while it lasts', async () => {
		const mine = pass()
		expect(await withClient(mine, (client) => client.allocate())).toBe('good')
		expect(await withClient(mine, (client) => client.allocate(), '::1')).toBe('good')
	})

	it.each([
		['that has ended', () => passAt(Date.now() - 602_000)],
		['made with another secret', () => passAt(Date.now(), 'another-secret-of-somebody')],
		['of somebody else under one’s own name', () => ({ ...pass(), credential: passAt(0).credential })],
		[
			'whose end was moved',
			() => {
				const { username, credential } = pass()
				const [endS = '', person = ''] = username.split(':')
				return { username: `${String(Number(endS) + 3_600)}:${person}`, credential }
			},
		],
		['with another person in it', () => ({ ...pass(), username: pass().username.replace(/.$/, '*') })],
		['without an end', () => ({ username: 'alice', credential: pass().credential })],
		['that is empty', () => ({ username: '', credential: '' })],
	] satisfies readonly (readonly [string, () => Credentials])[])(
		'[TN5] %s opens nothing',
		async (_what, make) => {
			expect([400, 401]).toContain(await withClient(make(), (client) => client.allocate()))
		},
	)

	it('[TN5] that ends takes no allocation away', async () => {
		const lasting = createTurnPasses({ urls: [], secret, lifetimeS: 2 }, Date.now).issue(alice)
		await withClient(lasting, async (client) => {
			expect(await client.allocate()).toBe('good')
			await new Promise((resolve) => setTimeout(resolve, 3_500))
			expect(await client.createPermission('1.1.1.1')).toBe('good')
			expect(await client.refresh(600)).toBe('good')
		})
		expect(await withClient(lasting, (client) => client.allocate())).toBe(401)
	})
})

const INSIDE_V4 = [
	...['0.0.0.0', '0.0.0.1', '10.0.0.1', '10.255.255.255', '100.64.0.1', '100.100.100.200', '127.0.0.1'],
	...['127.255.255.254', '169.254.0.1', '169.254.169.254', '172.16.0.1', '172.31.255.255', '192.0.0.8'],
	...['192.168.0.1', '192.168.255.255', '198.18.0.1', '224.0.0.1', '239.255.255.250', '240.0.0.1'],
	'255.255.255.255',
]
const INSIDE_V6 = [
	...['::', '::1', '::127.0.0.1', '::10.0.0.1', '::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:10.0.0.1'],
	...['::ffff:192.168.0.1', '::ffff:169.254.169.254', '::ffff:0.0.0.0', '::ffff:0:127.0.0.1'],
	...['::ffff:127.0.1.0', '::ffff:10.0.0.0', '::127.0.1.0', '::1:0', '64:ff9b::7f00:100', '100::', '1::'],
	...['64:ff9b::7f00:1', '64:ff9b::a9fe:a9fe', '64:ff9b:1::a00:1', '2002:7f00:1::', '2002:c0a8:1::1'],
	...['2001:0:7f00:1::', '2001:db8::1', 'fe80::1', 'fec0::1', 'fc00::1', 'fd00:ec2::254', 'ff02::1'],
]
/** As a mistake would do: mapped, an address that anybody may reach is no better than one inside. */
const MAPPED_OUTSIDE = ['::ffff:1.1.1.1', '64:ff9b::101:101', '2002:101:101::1']

describe('an allocation', () => {
	const reach = async (host: string, addresses: readonly string[]) =>
		withClient(
			pass(),
			async (client) => {
				expect(await client.allocate()).toBe('good')
				const outcomes: Record<string, readonly unknown[]> = {}
				for (const address of addresses)
					outcomes[address] = [await client.createPermission(address), await client.channelBind(address)]
				return outcomes
			},
			host,
		)
	const all = (addresses: readonly string[], outcome: unknown) =>
		Object.fromEntries(addresses.map((address) => [address, [outcome, outcome]]))

	it('[TN6] gets neither a permission nor a channel to an address inside', async () => {
		expect(await reach('127.0.0.1', INSIDE_V4)).toEqual(all(INSIDE_V4, 403))
	})

	it('[TN6] gets none in IPv6, in none of the spellings of an IPv4 address either', async () => {
		const addresses = [...INSIDE_V6, ...MAPPED_OUTSIDE]
		expect(await reach('::1', addresses)).toEqual(all(addresses, 403))
	})

	it('[TN6] gets both to public addresses', async () => {
		const v4 = ['1.1.1.1', '100.63.255.255', '100.128.0.1', '172.32.0.1', '193.0.0.1']
		expect(await reach('127.0.0.1', v4)).toEqual(all(v4, 'good'))
		const v6 = ['2606:4700::1111', '2a00:1450::1', '2003::1']
		expect(await reach('::1', v6)).toEqual(all(v6, 'good'))
	})

	it('[TN6] can be had so many times by one person, under whatever pass, and others still get theirs', async () => {
		const clients: TurnClient[] = []
		try {
			const outcomes = []
			for (let i = 0; i < 26; i++) {
				const client = await openTurnClient(
					'127.0.0.1',
					port,
					passAt(Date.now() + i * 1_000, secret, 'g:charlie' as SubjectId),
				)
				clients.push(client)
				outcomes.push(await client.allocate())
			}
			expect(outcomes.filter((outcome) => outcome === 'good')).toHaveLength(24)
			expect(outcomes.slice(24)).toEqual([486, 486])
			const bobs = passAt(Date.now(), secret, 'g:bob' as SubjectId)
			expect(await withClient(bobs, (client) => client.allocate())).toBe('good')
		} finally {
			for (const client of clients) {
				await client.refresh(0)
				client.close()
			}
		}
	})
})

it('[TN6] coturn knows every line of the example, and prints neither the secret nor a password', () => {
	expect(coturn.output()).not.toMatch(/bad configuration|unknown (argument|option)|ERROR: .*configuration/i)
	expect(coturn.output()).not.toContain(secret)
})
