/**
 * WebSocket frames as a server sends them (RFC 6455, 5.2), whole and in one piece: built once for everybody they go to,
 * and written by one call.
 */
const TEXT = 0x81
const BINARY = 0x82
const LENGTH_16 = 126
const LENGTH_64 = 127

const frameFor = (opcode: number, payloadBytes: number): { readonly frame: Buffer; readonly at: number } => {
	const at = payloadBytes < LENGTH_16 ? 2 : payloadBytes <= 0xffff ? 4 : 10
	const frame = Buffer.allocUnsafe(at + payloadBytes)
	frame[0] = opcode
	if (at === 2) frame[1] = payloadBytes
	else if (at === 4) {
		frame[1] = LENGTH_16
		frame[2] = payloadBytes >>> 8
		frame[3] = payloadBytes & 0xff
	} else {
		frame[1] = LENGTH_64
		frame.writeBigUInt64BE(BigInt(payloadBytes), 2)
	}
	return { frame, at }
}

export const textFrame = (text: string): Buffer => {
	const { frame, at } = frameFor(TEXT, Buffer.byteLength(text))
	frame.write(text, at)
	return frame
}

export const binaryFrame = (bytes: Uint8Array): Buffer => {
	const { frame, at } = frameFor(BINARY, bytes.length)
	frame.set(bytes, at)
	return frame
}
