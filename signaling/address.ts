/**
 * Whom limits are counted for: the address of the client, or its /64 where that is IPv6.
 * `X-Forwarded-For` counts only as far as it was written by proxies the operator named.
 */
import type { IncomingMessage } from 'node:http'
import { isIP, type BlockList } from 'node:net'

const plain = (address: string): string => {
	const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
	return mapped?.[1] ?? address
}

const isTrusted = (address: string, proxies: BlockList): boolean => {
	const family = isIP(address)
	return family !== 0 && proxies.check(address, family === 6 ? 'ipv6' : 'ipv4')
}

/** The first four groups of an IPv6 address: what one household or attacker is given at least. */
const networkOf = (address: string): string => {
	if (isIP(address) !== 6) return address
	const [head = '', tail] = (address.split('%')[0] ?? '').split('::')
	const left = head === '' ? [] : head.split(':')
	const right = tail === undefined || tail === '' ? [] : tail.split(':')
	const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0')
	return `${[...left, ...zeros, ...right]
		.slice(0, 4)
		.map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''))
		.join(':')}::/64`
}

/** The address that `request` is counted for. Never throws; 'unknown' where the socket is already gone. */
export const addressOf = (request: IncomingMessage, proxies: BlockList): string => {
	let address = plain(request.socket.remoteAddress ?? 'unknown')
	const forwarded = String(request.headers['x-forwarded-for'] ?? '').split(',')
	// From the nearest hop outwards, as long as the one who wrote the entry is trusted.
	while (isTrusted(address, proxies)) {
		const next = plain((forwarded.pop() ?? '').trim())
		if (isIP(next) === 0) break
		address = next
	}
	return networkOf(address)
}

/** The scheme by which the browser asked: the nearest proxy's word where that is trusted, else this server's own. */
export const schemeOf = (request: IncomingMessage, own: string, proxies: BlockList): string => {
	if (!isTrusted(plain(request.socket.remoteAddress ?? 'unknown'), proxies)) return own
	const told = String(request.headers['x-forwarded-proto'] ?? '')
		.split(',')
		.pop()
		?.trim()
	return told === 'http' || told === 'https' ? told : own
}
