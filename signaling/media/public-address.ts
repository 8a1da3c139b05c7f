/**
 * Which addresses on the net anybody may be sent to. Everything that is not plainly a public host is refused, so a
 * range that is registered later for inside use is refused before anybody lists it here.
 * Source: the IANA special-purpose address registries (RFC 6890 and its successors).
 */
import { BlockList, isIP } from 'node:net'

/** All of IPv4 that is no public host. */
const INSIDE_4: readonly (readonly [network: string, bits: number])[] = [
	['0.0.0.0', 8], // this network; 0.0.0.0 itself is the machine
	['10.0.0.0', 8],
	['100.64.0.0', 10], // behind a carrier's NAT
	['127.0.0.0', 8],
	['169.254.0.0', 16], // link-local, and where clouds keep their secrets
	['172.16.0.0', 12],
	['192.0.0.0', 24],
	['192.0.2.0', 24],
	['192.31.196.0', 24],
	['192.52.193.0', 24],
	['192.88.99.0', 24], // the way into 6to4
	['192.168.0.0', 16],
	['192.175.48.0', 24],
	['198.18.0.0', 15],
	['198.51.100.0', 24],
	['203.0.113.0', 24],
	['224.0.0.0', 4], // multicast
	['240.0.0.0', 4], // reserved, and broadcast
]
/**
 * What IANA has given out for hosts of the net. Loopback, mapped and compatible IPv4, NAT64, unique local, link-local,
 * site-local and multicast addresses all lie outside.
 */
const HOSTS_6 = ['2000::', 3] as const
/** Inside that: ways back to IPv4 (Teredo, 6to4) and what is no host. */
const INSIDE_6: readonly (readonly [network: string, bits: number])[] = [
	['2001::', 23], // Teredo, benchmarks, ORCHID and other protocols
	['2001:db8::', 32],
	['2002::', 16], // 6to4 carries an IPv4 address
	['2620:4f:8000::', 48],
	['3fff::', 20],
]

const inside = new BlockList()
for (const [network, bits] of INSIDE_4) inside.addSubnet(network, bits, 'ipv4')
for (const [network, bits] of INSIDE_6) inside.addSubnet(network, bits, 'ipv6')
const hosts6 = new BlockList()
hosts6.addSubnet(...HOSTS_6, 'ipv6')

/** ISATAP writes an IPv4 address behind `0:5efe` or `200:5efe`: a router of the inside would unwrap it. */
const isIsatap = (address: string): boolean => /(?:^|:)(?:0{0,3}0|0?200)?:5efe:/i.test(address)

/** False for whatever is no IPv4 or IPv6 address in its usual spelling. */
export const isPublicAddress = (address: string): boolean => {
	switch (isIP(address)) {
		case 4:
			return !inside.check(address, 'ipv4')
		case 6:
			// A zone names a link of this machine.
			return (
				!address.includes('%') &&
				hosts6.check(address, 'ipv6') &&
				!inside.check(address, 'ipv6') &&
				!isIsatap(address)
			)
		default:
			return false
	}
}
