import type { IncomingMessage } from 'node:http'
import { BlockList } from 'node:net'
import { describe, expect, it } from 'vitest'
import { addressOf } from './address.ts'

const proxies = new BlockList()
proxies.addSubnet('10.0.0.0', 8)
proxies.addAddress('::1', 'ipv6')

const from = (remoteAddress: string | undefined, forwarded?: string) =>
	addressOf(
		{
			socket: { remoteAddress },
			headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
		} as unknown as IncomingMessage,
		proxies,
	)

describe('[SG34] the address that limits are counted for', () => {
	it.each([
		['is the one that connected', '192.0.2.1', undefined, '192.0.2.1'],
		['is the IPv4 address where that came as IPv6', '::ffff:192.0.2.1', undefined, '192.0.2.1'],
		['is not what a stranger says it is', '192.0.2.1', '198.51.100.9', '192.0.2.1'],
		['is what a trusted proxy says', '10.0.0.1', '198.51.100.9', '198.51.100.9'],
		[
			'is what the nearest trusted proxy saw, not what its client made up',
			'10.0.0.1',
			'1.2.3.4, 198.51.100.9',
			'198.51.100.9',
		],
		['goes back through several trusted proxies', '10.0.0.1', '198.51.100.9, 10.0.0.2', '198.51.100.9'],
		['stays with the proxy where it says nonsense', '10.0.0.1', 'unknown', '10.0.0.1'],
		['stays with the proxy where it says nothing', '10.0.0.1', undefined, '10.0.0.1'],
		['is a /64 for IPv6', '2001:db8:1:2:3:4:5:6', undefined, '2001:db8:1:2::/64'],
		['is the same /64 in another spelling', '2001:DB8:0001:2::9', undefined, '2001:db8:1:2::/64'],
		['knows zeros left out', '2001:db8::1', undefined, '2001:db8:0:0::/64'],
		['is unknown where the socket has gone', undefined, undefined, 'unknown'],
	])('%s', (_name, remote, forwarded, expected) => {
		expect(from(remote, forwarded)).toBe(expected)
	})
})
