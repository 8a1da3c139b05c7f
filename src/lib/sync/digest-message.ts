/**
 * What two neighbours tell each other to find out where their verified records differ. Everything is counted under a
 * salt of the asker's, so that no two sets of records can be made to look alike. Numbers are big-endian.
 */
import { base64urlToBytes, bytesToBase64url } from '#lib/core/base64url.ts'
import { kindOfNumber, KINDS, type Kind } from '#lib/core/kinds.ts'
import { ID_BYTES, type DeviceId } from '#lib/core/units.ts'
import { DIGEST_MAX_BYTES } from '#lib/protocol/room-frames.ts'
import type { Word2 } from './keyed-hash.ts'

export interface AuthorSum {
	readonly author: DeviceId
	readonly maxSeq: number
	readonly count: number
	readonly hash: Word2
}

export interface SlotSum {
	readonly kind: Kind
	readonly slot: number
	readonly seq: number
	readonly hash: Word2
}

export type DigestMessage =
	/** All records of the sender in one number. */
	| { readonly type: 'room'; readonly salt: Word2; readonly hash: Word2 }
	/** The answer where that was not the same: the answerer's, author by author. */
	| {
			readonly type: 'authors'
			readonly salt: Word2
			readonly page: number
			readonly pages: number
			readonly authors: readonly AuthorSum[]
	  }
	/** One author's slots as the sender has them; `isAnswer` where the other side showed its own first. */
	| {
			readonly type: 'slots'
			readonly salt: Word2
			readonly isAnswer: boolean
			readonly author: DeviceId
			readonly slots: readonly SlotSum[]
	  }
	/** Please send these. */
	| {
			readonly type: 'want'
			readonly keys: readonly { readonly kind: Kind; readonly author: DeviceId; readonly slot: number }[]
	  }
	/** Here they are. */
	| { readonly type: 'records'; readonly records: readonly Uint8Array[] }

export const AUTHORS_PAGE = 1_800
export const WANT_MAX = 256
/** Authors of a room of 2,000, and those that came before them. */
export const PAGES_MAX = 8

const CODES = { room: 1, authors: 2, slots: 3, want: 4, records: 5 } as const
const AUTHOR_BYTES = ID_BYTES + 6 + 2 + 8
const SLOT_BYTES = 1 + 2 + 6 + 8
const WANT_BYTES = ID_BYTES + 1 + 2
const RECORD_LENGTH_BYTES = 2
export const RECORDS_MAX_BYTES = DIGEST_MAX_BYTES - 1

const sizeOf = (message: DigestMessage): number => {
	switch (message.type) {
		case 'room':
			return 1 + 8 + 8
		case 'authors':
			return 1 + 8 + 1 + 1 + message.authors.length * AUTHOR_BYTES
		case 'slots':
			return 1 + 8 + 1 + ID_BYTES + message.slots.length * SLOT_BYTES
		case 'want':
			return 1 + message.keys.length * WANT_BYTES
		case 'records':
			return message.records.reduce((sum, record) => sum + RECORD_LENGTH_BYTES + record.length, 1)
	}
}

export const encodeDigest = (message: DigestMessage): Uint8Array => {
	const out = new Uint8Array(sizeOf(message))
	const view = new DataView(out.buffer)
	let at = 0
	const u8 = (value: number) => view.setUint8(at++, value)
	const u16 = (value: number) => {
		view.setUint16(at, value)
		at += 2
	}
	const u48 = (value: number) => {
		u16(Math.floor(value / 2 ** 32))
		view.setUint32(at, value % 2 ** 32)
		at += 4
	}
	const words = ([a, b]: Word2) => {
		view.setUint32(at, a)
		view.setUint32(at + 4, b)
		at += 8
	}
	const bytes = (value: Uint8Array) => {
		out.set(value, at)
		at += value.length
	}
	const device = (value: DeviceId) => bytes(base64urlToBytes(value) ?? new Uint8Array(ID_BYTES))
	u8(CODES[message.type])
	switch (message.type) {
		case 'room':
			words(message.salt)
			words(message.hash)
			break
		case 'authors':
			words(message.salt)
			u8(message.page)
			u8(message.pages)
			for (const { author, maxSeq, count, hash } of message.authors) {
				device(author)
				u48(maxSeq)
				u16(count)
				words(hash)
			}
			break
		case 'slots':
			words(message.salt)
			u8(message.isAnswer ? 1 : 0)
			device(message.author)
			for (const { kind, slot, seq, hash } of message.slots) {
				u8(KINDS[kind].number)
				u16(slot)
				u48(seq)
				words(hash)
			}
			break
		case 'want':
			for (const { kind, author, slot } of message.keys) {
				device(author)
				u8(KINDS[kind].number)
				u16(slot)
			}
			break
		case 'records':
			for (const record of message.records) {
				u16(record.length)
				bytes(record)
			}
	}
	return out
}

/** Null for anything that is not exactly one message. Records are copies, the rest is numbers. */
export const parseDigest = (payload: Uint8Array): DigestMessage | null => {
	const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength)
	let at = 1
	const u8 = () => view.getUint8(at++)
	const u16 = () => {
		at += 2
		return view.getUint16(at - 2)
	}
	const u48 = () => {
		const high = u16()
		at += 4
		return high * 2 ** 32 + view.getUint32(at - 4)
	}
	const words = (): Word2 => {
		at += 8
		return [view.getUint32(at - 8), view.getUint32(at - 4)]
	}
	const device = (): DeviceId => {
		at += ID_BYTES
		return bytesToBase64url(payload.subarray(at - ID_BYTES, at)) as DeviceId
	}
	const place = (): { kind: Kind; slot: number } | null => {
		const kind = kindOfNumber(u8())
		const slot = u16()
		return kind === null || slot >= KINDS[kind].slots ? null : { kind, slot }
	}
	/** `read` until the end; null where the rest is not whole entries of `size`, or one of them is none. */
	const list = <T>(size: number, read: () => T | null): T[] | null => {
		if ((payload.length - at) % size !== 0) return null
		const found: T[] = []
		while (at < payload.length) {
			const one = read()
			if (one === null) return null
			found.push(one)
		}
		return found
	}
	try {
		switch (payload[0]) {
			case CODES.room:
				return payload.length === 17 ? { type: 'room', salt: words(), hash: words() } : null
			case CODES.authors: {
				const [salt, page, pages] = [words(), u8(), u8()]
				const authors = list(AUTHOR_BYTES, () => ({
					author: device(),
					maxSeq: u48(),
					count: u16(),
					hash: words(),
				}))
				return authors === null || page >= pages || pages > PAGES_MAX || authors.length > AUTHORS_PAGE
					? null
					: { type: 'authors', salt, page, pages, authors }
			}
			case CODES.slots: {
				const [salt, flag, author] = [words(), u8(), device()]
				const slots = list(SLOT_BYTES, () => {
					const where = place()
					const [seq, hash] = [u48(), words()]
					return where && { ...where, seq, hash }
				})
				return slots === null || flag > 1
					? null
					: { type: 'slots', salt, isAnswer: flag === 1, author, slots }
			}
			case CODES.want: {
				const keys = list(WANT_BYTES, () => {
					const author = device()
					const where = place()
					return where && { ...where, author }
				})
				return keys === null || keys.length === 0 || keys.length > WANT_MAX ? null : { type: 'want', keys }
			}
			case CODES.records: {
				const records: Uint8Array[] = []
				while (at < payload.length) {
					const length = u16()
					if (length === 0 || at + length > payload.length) return null
					records.push(payload.slice(at, at + length))
					at += length
				}
				return { type: 'records', records }
			}
			default:
				return null
		}
	} catch {
		return null // cut short
	}
}
