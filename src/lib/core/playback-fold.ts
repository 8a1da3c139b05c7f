/**
 * From playback records to the one vector that holds, and to the acts that led there.
 */
import { HLC_AHEAD_MAX_MS } from './hlc.ts'
import { EMPTY_VECTOR, type PlaybackVector } from './playback.ts'
import { compareRecords, type RecordOf } from './records.ts'
import type { ItemId } from './units.ts'

export interface PlaybackAct {
	readonly record: RecordOf<'playback'>
	readonly vector: PlaybackVector
	/** What held just before, where a record still tells. */
	readonly before: PlaybackVector | null
}

export interface PlaybackFold {
	readonly vector: PlaybackVector
	/** With no item: the position key up to which the queue is over. */
	readonly edge: string | null
	/** Those that count, in order; each device's last eight. */
	readonly acts: readonly PlaybackAct[]
}

const isAfter = (record: RecordOf<'playback'>, ms: number, counter: number, ref: string): boolean => {
	if (record.ms !== ms) return record.ms > ms
	if (record.counter !== counter) return record.counter > counter
	const [author = '', seq = ''] = ref.split('.')
	return record.author !== author ? record.author > author : record.seq > Number(seq)
}

/** The item itself from its start: an advance in a loop of one. */
export const isRestart = ({ body }: RecordOf<'playback'>): boolean =>
	body?.adv !== undefined && body.item === body.adv.from && body.on

/**
 * Whether the item was still `from` in everything that counts since the record the advance succeeded. Of several that
 * start one item over only the first counts.
 */
const isStillFrom = (
	acts: readonly PlaybackAct[],
	record: RecordOf<'playback'>,
	adv: { from: ItemId; prev: string; ms: number; n: number },
): boolean => {
	const isAgain = isRestart(record)
	for (let at = acts.length - 1; at >= 0; at--) {
		const act = acts[at]
		if (act === undefined || !isAfter(act.record, adv.ms, adv.n, adv.prev)) return true
		if (act.vector.itemId !== adv.from || (isAgain && isRestart(act.record))) return false
	}
	return true
}

/**
 * What the room does by itself follows from what its writer saw. A wait stops a film that plays, and going on ends a
 * wait: where a person has done something meanwhile that the writer had not seen yet, what the person did holds.
 */
const isOvertaken = ({ body }: RecordOf<'playback'>, now: PlaybackVector): boolean => {
	// Said again, or taken back, it is not the room's own doing.
	if (body === null || body.same === true || body.undo !== undefined) return false
	if (body.cause.type === 'wait') return body.item !== now.itemId || !now.isPlaying
	if (body.cause.type === 'resume') return body.item !== now.itemId || now.cause.type !== 'wait'
	return false
}

export const foldPlayback = (
	records: readonly RecordOf<'playback'>[],
	mayControl: (record: RecordOf<'playback'>) => boolean,
): PlaybackFold => {
	const acts: PlaybackAct[] = []
	let edge: string | null = null
	for (const record of [...records].sort(compareRecords)) {
		const { body } = record
		if (body === null || !mayControl(record)) continue
		// Nobody may freeze the film by starting it next year.
		if (body.at > record.ms + HLC_AHEAD_MAX_MS) continue
		if (body.adv !== undefined && !isStillFrom(acts, record, body.adv)) continue
		const before = acts.at(-1)?.vector ?? null
		if (before !== null && isOvertaken(record, before)) continue
		edge = body.edge ?? null
		const vector: PlaybackVector = Object.freeze({
			itemId: body.item,
			positionS: body.pos,
			rate: body.rate,
			isPlaying: body.on,
			atMs: body.at,
			rev: record.ref,
			by: record.author,
			cause: Object.freeze(body.cause),
			actedMs: record.ms,
		})
		acts.push({ record, vector, before })
	}
	return { vector: acts.at(-1)?.vector ?? EMPTY_VECTOR, edge, acts }
}
