/**
 * Subtitles that members gave to all: files in parts, of each person the newest for an item and a language, less what
 * was taken back. What is in them is packed and unread here.
 */
import { compareRecords, type RecordOf } from './records.ts'
import type { SubtitleFile } from './state.ts'
import type { DeviceId, SubjectId, SubtitleId } from './units.ts'

/** Packed bytes that a room shows, the newest first. */
export const SUBTITLES_SHOWN_MAX_BYTES = 6 * 1024 * 1024

/** A file's parts; `parts[0]` says what it is. */
export interface SubtitleEntry {
	readonly file: SubtitleFile
	readonly head: RecordOf<'subtitle'>
	readonly parts: readonly (RecordOf<'subtitle'> | undefined)[]
}

export interface SubtitlesFold {
	readonly files: readonly SubtitleFile[]
	readonly entries: ReadonlyMap<SubtitleId, SubtitleEntry>
	/** Records by which a file is taken back; hiding one of these hides no message. */
	readonly heads: ReadonlySet<string>
}

export interface SubtitleRights {
	mayAdd(record: RecordOf<'subtitle'>): boolean
	/** Taken back by its author's person or an operator. */
	isHidden(ref: string): boolean
	subjectOf(device: DeviceId): SubjectId
}

const NONE: SubtitlesFold = { files: Object.freeze([]), entries: new Map(), heads: new Set() }

type Parts = Map<number, RecordOf<'subtitle'>>

/** By file; of a part written twice the later one. */
const partsByFile = (
	records: readonly RecordOf<'subtitle'>[],
	{ mayAdd }: SubtitleRights,
): ReadonlyMap<SubtitleId, Parts> => {
	const files = new Map<SubtitleId, Parts>()
	for (const record of records.filter(mayAdd).sort(compareRecords)) {
		if (record.body === null) continue
		const id = `${record.author}.${record.body.f}` as SubtitleId
		const parts = files.get(id)
		if (parts === undefined) files.set(id, new Map([[record.body.i, record]]))
		else parts.set(record.body.i, record)
	}
	return files
}

const entryOf = (id: SubtitleId, byNumber: Parts): SubtitleEntry | null => {
	const head = byNumber.get(0)
	const { body } = head ?? {}
	if (head === undefined || !body || body.name === undefined || body.form === undefined) return null
	if (body.size === undefined) return null
	const parts = Array.from({ length: body.n }, (_, i) => {
		const part = byNumber.get(i)
		return part?.body?.n === body.n && part.body.item === body.item ? part : undefined
	})
	const file: SubtitleFile = Object.freeze({
		id,
		item: body.item,
		name: body.name,
		language: body.lang ?? null,
		format: body.form,
		by: head.author,
		atMs: head.ms,
		bytes: parts.reduce((sum, part) => sum + (part?.body?.data.length ?? 0), 0),
		size: body.size,
		parts: body.n,
		isWhole: !parts.includes(undefined),
	})
	return { file, head, parts }
}

export const foldSubtitles = (
	records: readonly RecordOf<'subtitle'>[],
	rights: SubtitleRights,
): SubtitlesFold => {
	if (records.length === 0) return NONE
	const all: SubtitleEntry[] = []
	for (const [id, parts] of partsByFile(records, rights)) {
		const entry = entryOf(id, parts)
		if (entry !== null) all.push(entry)
	}
	all.sort((a, b) => compareRecords(b.head, a.head))
	const entries = new Map<SubtitleId, SubtitleEntry>()
	const told = new Set<string>()
	let bytes = 0
	for (const entry of all) {
		const { file, head } = entry
		const place = `${rights.subjectOf(file.by)} ${file.item} ${file.language ?? ''}`
		if (told.has(place)) continue
		// An older one does not come back when the newer one is taken back.
		told.add(place)
		if (rights.isHidden(head.ref) || bytes + file.bytes > SUBTITLES_SHOWN_MAX_BYTES) continue
		bytes += file.bytes
		entries.set(file.id, entry)
	}
	return {
		files: Object.freeze([...entries.values()].map(({ file }) => file)),
		entries,
		heads: new Set(all.map(({ head }) => head.ref)),
	}
}

/** The packed bytes of a file that is whole. */
export const packedBytes = ({ parts }: SubtitleEntry): Uint8Array<ArrayBuffer> | null => {
	const chunks = parts.flatMap((part) => part?.body?.data ?? [])
	if (chunks.length !== parts.length) return null
	const packed = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0))
	let at = 0
	for (const chunk of chunks) {
		packed.set(chunk, at)
		at += chunk.length
	}
	return packed
}
