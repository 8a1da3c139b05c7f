/**
 * Subtitles between a file on somebody's disk, the room's records and the screen: read and given to all, unpacked and
 * read again. Fetched when somebody first has to do with subtitles.
 */
import type { Room } from '#lib/core/room.ts'
import { parseCues } from '#lib/core/subtitles/parse-cues.ts'
import { writeVtt } from '#lib/core/subtitles/write-cues.ts'
import type { SubtitleId } from '#lib/core/units.ts'
import type { SubtitlesAdded, SubtitlesRead } from '#lib/core/view.ts'
import { subtitlesWords } from '#lib/words/subtitles.ts'
import { describeOutcome } from '../outcome-words.ts'
import { decodeText } from './encoding.ts'
import { canPack, pack, unpack } from './packing.ts'

/** Four bytes a character, for as many as a file may have. */
const FILE_MAX_BYTES = 4 * 1024 * 1024
/** Read files that are kept, for whoever goes to and fro between them. */
const KEPT = 6

export interface SubtitleDeskDeps {
	readonly room: Pick<Room, 'subtitles' | 'state'>
}

/** "film.en.srt" → en; null where the name tells none. */
export const languageOfName = (name: string): string | null => {
	const tag = /[._ -]([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,2})\.(?:srt|vtt)$/i.exec(name)?.[1]
	if (tag === undefined) return null
	try {
		// Only what the browser knows by a name of its own is a language, and not the end of a title.
		const known = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' }).of(tag)
		return known === undefined ? null : (Intl.getCanonicalLocales(tag)[0] ?? null)
	} catch {
		return null // no tag at all
	}
}

export const createSubtitleDesk = ({ room }: SubtitleDeskDeps) => {
	const read = new Map<SubtitleId, Extract<SubtitlesRead, { type: 'read' }>>()

	const refuse = (message: string) => ({ type: 'refused', message }) as const

	return {
		/** `encoding` null: it is found out. */
		share: async (
			file: Pick<File, 'name' | 'size' | 'arrayBuffer'>,
			{ encoding }: { readonly encoding: string | null },
		): Promise<SubtitlesAdded> => {
			const words = subtitlesWords()
			const { name } = file
			const item = room.state().queue.current?.id
			if (item === undefined) return refuse(words.nothingOn)
			if (!canPack()) return refuse(words.noPacker)
			if (file.size > FILE_MAX_BYTES) return refuse(words.tooLong(name))
			const bytes = await file.arrayBuffer().catch(() => null)
			if (bytes === null) return refuse(words.unreadable(name))
			const decoded = decodeText(new Uint8Array(bytes), encoding)
			if (decoded === null) return refuse(words.wrongEncoding(name, encoding ?? ''))
			const parsed = parseCues(decoded.text)
			if (parsed.type === 'no-cues') {
				const why = { 'too-long': words.tooLong, empty: words.empty, 'other-format': words.otherFormat }
				return refuse(why[parsed.why](name))
			}
			const vtt = new TextEncoder().encode(writeVtt(parsed.cues))
			const outcome = await room.subtitles.share({
				item,
				name,
				language: languageOfName(name),
				format: parsed.format,
				packed: await pack(vtt),
				size: vtt.length,
			})
			if (outcome.type === 'too-big') return refuse(words.tooMuchPacked(name))
			if (outcome.type !== 'done' || outcome.subtitles === undefined)
				return refuse(describeOutcome(outcome) ?? words.unreadable(name))
			const broken = parsed.broken + parsed.leftOut
			return {
				type: 'added',
				subtitles: outcome.subtitles,
				encoding: decoded.encoding,
				message: broken === 0 ? words.added(name) : words.addedWithout(name, broken),
			}
		},

		read: async (id: SubtitleId): Promise<SubtitlesRead> => {
			const known = read.get(id)
			if (known !== undefined) return known
			const words = subtitlesWords()
			const file = room.state().subtitles.find((one) => one.id === id)
			const packed = room.subtitles.read(id)
			if (file === undefined || packed === null) return refuse(words.notHere)
			if (!canPack()) return refuse(words.noPacker)
			const unpacked = await unpack(packed, file.size)
			if (unpacked.type === 'damaged') return refuse(words.damaged)
			// Others wrote it: whatever is no UTF-8 is shown as such, whatever is no cue is not shown.
			const parsed = parseCues(new TextDecoder().decode(unpacked.bytes))
			if (parsed.type === 'no-cues') return refuse(words.damaged)
			const answer = { type: 'read', cues: parsed.cues } as const
			read.set(id, answer)
			const oldest = read.keys().next().value
			if (read.size > KEPT && oldest !== undefined) read.delete(oldest)
			return answer
		},

		remove: async (id: SubtitleId) => {
			const message = describeOutcome(await room.subtitles.remove(id))
			return message === null ? ({ type: 'done' } as const) : refuse(message)
		},
	}
}
