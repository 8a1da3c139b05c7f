/**
 * A WebSocket client that may do anything wrong: bytes on a TCP connection, frames built by hand.
 */
import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'

export interface FrameOptions {
	readonly opcode?: number
	readonly isFinal?: boolean
	/** 0 to 7. */
	readonly reservedBits?: number
	readonly isMasked?: boolean
	/** What the header claims; the true length unless said. Written in 8 bytes. */
	readonly claimedLength?: bigint
}

/** RFC 6455, section 5.2. */
export const rawFrame = (payload: string | Buffer, options: FrameOptions = {}): Buffer => {
	const body = Buffer.from(payload)
	const { opcode = 1, isFinal = true, reservedBits = 0, isMasked = true, claimedLength } = options
	const first = (isFinal ? 0x80 : 0) | (reservedBits << 4) | opcode
	const maskBit = isMasked ? 0x80 : 0
	let header: Buffer
	if (claimedLength !== undefined) {
		header = Buffer.alloc(10)
		header[1] = maskBit | 127
		header.writeBigUInt64BE(claimedLength, 2)
	} else if (body.length < 126) {
		header = Buffer.alloc(2)
		header[1] = maskBit | body.length
	} else if (body.length < 65_536) {
		header = Buffer.alloc(4)
		header[1] = maskBit | 126
		header.writeUInt16BE(body.length, 2)
	} else {
		header = Buffer.alloc(10)
		header[1] = maskBit | 127
		header.writeBigUInt64BE(BigInt(body.length), 2)
	}
	header[0] = first
	if (!isMasked) return Buffer.concat([header, body])
	const mask = randomBytes(4)
	const masked = Buffer.from(body.map((byte, at) => byte ^ (mask[at % 4] ?? 0)))
	return Buffer.concat([header, mask, masked])
}

export interface RawSocket {
	readonly tcp: Socket
	write(bytes: Buffer | string): void
	/** All bytes so far. */
	received(): Buffer
	/** Waits until `text` came. */
	until(text: string): Promise<void>
	/** RST instead of FIN. */
	reset(): void
	readonly ended: Promise<void>
}

export const openTcp = (port: number): Promise<RawSocket> =>
	new Promise((resolve, reject) => {
		const chunks: Buffer[] = []
		const tcp = connect(port, '127.0.0.1')
		const ended = new Promise<void>((end) => tcp.once('close', () => end()))
		tcp.once('error', reject)
		tcp.on('error', () => undefined) // the server may well reset us: `ended` tells
		tcp.on('data', (chunk: Buffer) => chunks.push(chunk))
		tcp.once('connect', () =>
			resolve({
				tcp,
				write: (bytes) => void (tcp.writable && tcp.write(bytes)),
				received: () => Buffer.concat(chunks),
				until: (text) =>
					new Promise((found, failed) => {
						const look = (): void => {
							if (!Buffer.concat(chunks).includes(text)) return
							tcp.off('data', look)
							found()
						}
						tcp.on('data', look)
						tcp.once('close', () => failed(new Error(`closed before ${text}`)))
						look()
					}),
				reset: () => void tcp.resetAndDestroy(),
				ended,
			}),
		)
	})

export const upgradeRequest = (port: number, path: string, headers = ''): string =>
	`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${String(port)}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
	`Origin: http://127.0.0.1:${String(port)}\r\nSec-WebSocket-Version: 13\r\n` +
	`Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n${headers}\r\n`

/** Upgraded on `path`. */
export const openRaw = async (port: number, path: string): Promise<RawSocket> => {
	const raw = await openTcp(port)
	raw.write(upgradeRequest(port, path))
	await raw.until('\r\n\r\n')
	return raw
}
