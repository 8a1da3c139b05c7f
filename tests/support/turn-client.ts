/**
 * For tests: just enough of TURN (RFC 5766) over UDP to ask a real server what it lets a member do, in bytes of our own
 * rather than through a browser, which would never send most of it.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { isIPv6, SocketAddress } from 'node:net'

const COOKIE = 0x2112a442
const METHODS = { allocate: 0x003, refresh: 0x004, createPermission: 0x008, channelBind: 0x009 } as const
const ATTRIBUTES = {
	username: 0x0006,
	integrity: 0x0008,
	errorCode: 0x0009,
	channel: 0x000c,
	lifetime: 0x000d,
	peer: 0x0012,
	realm: 0x0014,
	nonce: 0x0015,
	relayed: 0x0016,
	family: 0x0017,
	transport: 0x0019,
} as const
const UDP = 17
const ANSWER_WITHIN_MS = 500
const TRIES = 10

/** `good`, or the number of the error. */
export type TurnOutcome = 'good' | number

export interface Credentials {
	readonly username: string
	readonly credential: string
}

type Attribute = readonly [type: number, value: Buffer]

const u32 = (value: number): Buffer => {
	const bytes = Buffer.alloc(4)
	bytes.writeUInt32BE(value)
	return bytes
}

/** Sixteen bytes of an IPv6 address in any of its spellings. */
const ipv6Bytes = (address: string): Buffer => {
	const plain = new SocketAddress({ address, family: 'ipv6' }).address
	const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(plain)
	const text =
		dotted === null
			? plain
			: `${dotted[1] ?? ''}${((Number(dotted[2]) << 8) | Number(dotted[3])).toString(16)}:${((Number(dotted[4]) << 8) | Number(dotted[5])).toString(16)}`
	const [head = '', tail] = text.split('::')
	const words = (part: string) => (part === '' ? [] : part.split(':').map((word) => parseInt(word, 16)))
	const [first, last] = [words(head), words(tail ?? '')]
	const all = [...first, ...new Array<number>(8 - first.length - last.length).fill(0), ...last]
	return Buffer.concat(all.map((word) => u32(word).subarray(2)))
}

const xorAddress = (address: string, port: number, id: Buffer): Buffer => {
	const mask = Buffer.concat([u32(COOKIE), id])
	const bytes = isIPv6(address) ? ipv6Bytes(address) : Buffer.from(address.split('.').map(Number))
	const head = Buffer.from([0, isIPv6(address) ? 2 : 1, 0, 0])
	head.writeUInt16BE(port ^ (COOKIE >>> 16), 2)
	return Buffer.concat([head, bytes.map((byte, at) => byte ^ (mask[at] ?? 0))])
}

const encode = (method: number, id: Buffer, attributes: readonly Attribute[], key: Buffer | null): Buffer => {
	const parts = attributes.map(([type, value]) => {
		const head = Buffer.alloc(4)
		head.writeUInt16BE(type, 0)
		head.writeUInt16BE(value.length, 2)
		return Buffer.concat([head, value, Buffer.alloc((4 - (value.length % 4)) % 4)])
	})
	const body = Buffer.concat(parts)
	const head = Buffer.concat([Buffer.alloc(4), u32(COOKIE), id])
	head.writeUInt16BE(method, 0)
	// The length that is signed counts the signature itself.
	head.writeUInt16BE(body.length + (key === null ? 0 : 24), 2)
	const message = Buffer.concat([head, body])
	if (key === null) return message
	const mac = createHmac('sha1', key).update(message).digest()
	return Buffer.concat([message, Buffer.from([0, ATTRIBUTES.integrity, 0, 20]), mac])
}

const decode = (message: Buffer): { outcome: TurnOutcome; attributes: Map<number, Buffer> } => {
	const attributes = new Map<number, Buffer>()
	for (let at = 20; at + 4 <= message.length;) {
		const length = message.readUInt16BE(at + 2)
		attributes.set(message.readUInt16BE(at), message.subarray(at + 4, at + 4 + length))
		at += 4 + length + ((4 - (length % 4)) % 4)
	}
	const error = attributes.get(ATTRIBUTES.errorCode)
	return { outcome: error === undefined ? 'good' : (error[2] ?? 0) * 100 + (error[3] ?? 0), attributes }
}

export interface TurnClient {
	allocate(): Promise<TurnOutcome>
	createPermission(address: string): Promise<TurnOutcome>
	channelBind(address: string, port?: number): Promise<TurnOutcome>
	/** Of the allocation, for `seconds` more. */
	refresh(seconds: number): Promise<TurnOutcome>
	close(): void
}

/** One five-tuple at a TURN server; `host` of either family, relayed in the same. */
export const openTurnClient = async (
	host: string,
	port: number,
	{ username, credential }: Credentials,
): Promise<TurnClient> => {
	const isV6 = isIPv6(host)
	const socket: Socket = createSocket(isV6 ? 'udp6' : 'udp4')
	await new Promise<void>((resolve) => socket.bind(0, isV6 ? '::1' : '127.0.0.1', resolve))
	let realm = Buffer.alloc(0)
	let nonce = Buffer.alloc(0)
	let nextChannel = 0x4000

	const exchange = async (message: Buffer, id: Buffer): Promise<Buffer> => {
		for (let i = 0; i < TRIES; i++) {
			const answer = await new Promise<Buffer | null>((resolve) => {
				const onMessage = (given: Buffer) => (given.subarray(8, 20).equals(id) ? end(given) : undefined)
				const timer = setTimeout(() => end(null), ANSWER_WITHIN_MS)
				const end = (given: Buffer | null) => {
					clearTimeout(timer)
					socket.off('message', onMessage)
					resolve(given)
				}
				socket.on('message', onMessage)
				socket.send(message, port, host)
			})
			if (answer !== null) return answer
		}
		throw new Error('the TURN server does not answer')
	}

	const request = async (
		method: keyof typeof METHODS,
		attributesOf: (id: Buffer) => readonly Attribute[],
	): Promise<TurnOutcome> => {
		for (let round = 0; ; round++) {
			const id = randomBytes(12)
			const isSigned = nonce.length > 0
			const proof: readonly Attribute[] = [
				[ATTRIBUTES.username, Buffer.from(username)],
				[ATTRIBUTES.realm, realm],
				[ATTRIBUTES.nonce, nonce],
			]
			const key = createHash('md5').update(`${username}:${realm.toString()}:${credential}`).digest()
			const attributes = [...attributesOf(id), ...(isSigned ? proof : [])]
			const answer = await exchange(encode(METHODS[method], id, attributes, isSigned ? key : null), id)
			const { outcome, attributes: told } = decode(answer)
			realm = Buffer.from(told.get(ATTRIBUTES.realm) ?? realm)
			nonce = Buffer.from(told.get(ATTRIBUTES.nonce) ?? nonce)
			// 401 without a proof asks for one; 438 says the nonce is old.
			const isToRepeat = (outcome === 401 && !isSigned) || outcome === 438
			if (!isToRepeat || round > 2) return outcome
		}
	}

	return {
		allocate: () =>
			request('allocate', () => [
				[ATTRIBUTES.transport, Buffer.from([UDP, 0, 0, 0])],
				[ATTRIBUTES.family, Buffer.from([isV6 ? 2 : 1, 0, 0, 0])],
			]),
		createPermission: (address) =>
			request('createPermission', (id) => [[ATTRIBUTES.peer, xorAddress(address, 9, id)]]),
		channelBind: (address, peerPort = 9) => {
			const channel = Buffer.alloc(4)
			channel.writeUInt16BE(nextChannel++)
			return request('channelBind', (id) => [
				[ATTRIBUTES.channel, channel],
				[ATTRIBUTES.peer, xorAddress(address, peerPort, id)],
			])
		},
		refresh: (seconds) => request('refresh', () => [[ATTRIBUTES.lifetime, u32(seconds)]]),
		close: () => void socket.close(),
	}
}
