/**
 * Files for tests: as large as one likes, made of a rule instead of bytes, and failing where they are told to.
 */

export interface FakeFileOptions {
	readonly name?: string
	readonly size?: number
	/** What it begins with; a WebM head if left out. */
	readonly head?: Uint8Array
	/** Another one has other bytes. */
	readonly seed?: number
	/** From here on it cannot be read. */
	readonly failAt?: number
	/** From here on there is nothing, whatever its size says. */
	readonly endsAt?: number
	readonly lastModified?: number
}

export type FakeFile = File & {
	/** `from-to` of each slice that was read. */
	readonly log: string[]
	bytesRead(): number
}

const WEBM = Uint8Array.from([0x1a, 0x45, 0xdf, 0xa3, 0x9f, 0x42, 0x82, 0x84, 0x77, 0x65, 0x62, 0x6d])

export const createFakeFile = (options: FakeFileOptions = {}): FakeFile => {
	const { size = 2_000_000, seed = 0, head = WEBM, endsAt = Infinity, failAt = Infinity } = options
	const log: string[] = []
	let count = 0
	const read = (from: number, to: number): ArrayBuffer => {
		log.push(`${String(from)}-${String(to)}`)
		if (to > failAt) throw new DOMException('The file could not be read', 'NotReadableError')
		const bytes = new Uint8Array(Math.max(0, Math.min(to, size, endsAt) - from))
		for (let i = 0; i < bytes.length; i++) bytes[i] = head[from + i] ?? (from + i + seed) % 251
		count += bytes.length
		return bytes.buffer
	}
	const file = {
		name: options.name ?? 'saltmarsh.webm',
		size,
		type: '',
		lastModified: options.lastModified ?? 1_790_000_000_000,
		slice: (from: number, to: number) => ({ arrayBuffer: async () => read(from, to) }),
		log,
		bytesRead: () => count,
	}
	// As much of a File as is used of one.
	return file as unknown as FakeFile
}
