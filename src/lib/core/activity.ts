/**
 * Who did what, when: read off the records that are there and count, so it is the same for everybody, offline too.
 * Beside each entry stands its inverse, from which Undo writes new records.
 */
import type { Authority } from './authority.ts'
import type { ChatFold, HidesFold } from './chat.ts'
import type { GrantedRole } from './grants.ts'
import type { Bodies } from './kinds.ts'
import { positionAt, type PlaybackVector } from './playback.ts'
import { isRestart, type PlaybackAct, type PlaybackFold } from './playback-fold.ts'
import type { QueueFold } from './queue.ts'
import type { ParsedRecord, RecordOf } from './records.ts'
import type { RoomRoot } from './room.ts'
import { lastSettingsIn, LIMITED, type SettingsFold } from './settings.ts'
import type { ActivityEntry, Deed, SettingChange } from './state.ts'
import type { SubtitlesFold } from './subtitle-files.ts'
import type { DeviceId, ItemId, Millis, SubjectId, SubtitleId } from './units.ts'

export const ACTIVITY_MAX = 200

export type Inverse =
	| { readonly type: 'remove'; readonly item: ItemId }
	| { readonly type: 'restore'; readonly item: ItemId }
	| { readonly type: 'move-back'; readonly item: ItemId; readonly position: string }
	| { readonly type: 'cancel'; readonly device: DeviceId; readonly nonce: string }
	/** `vector` as it held when the act took it away. */
	| { readonly type: 'play-back'; readonly vector: PlaybackVector }
	| {
			readonly type: 'set-back'
			readonly what: 'title' | 'settings'
			readonly prev: Bodies['settings']['prev']
	  }
	| { readonly type: 'grant'; readonly subject: SubjectId; readonly role: GrantedRole }
	| { readonly type: 'let-in'; readonly subject: SubjectId }
	| { readonly type: 'take-subtitles'; readonly file: SubtitleId; readonly by: DeviceId }

export interface ActivityFold {
	readonly entries: readonly ActivityEntry[]
	readonly inverses: ReadonlyMap<string, Inverse>
}

interface Draft {
	readonly id: string
	readonly by: DeviceId
	readonly atMs: Millis
	readonly deed: Deed
	readonly inverse: Inverse | null
}

interface Sources {
	readonly root: RoomRoot
	readonly ids: readonly RecordOf<'id'>[]
	readonly queue: QueueFold
	readonly playback: PlaybackFold
	readonly settings: SettingsFold
	readonly authority: Authority
	readonly chat: ChatFold
	readonly subtitles: SubtitlesFold
	readonly hidden: HidesFold
	/** The changes of lock that count. */
	readonly moves: readonly RecordOf<'moved'>[]
}

const draft = (record: ParsedRecord, deed: Deed, inverse: Inverse | null): Draft => ({
	id: record.ref,
	by: record.author,
	atMs: record.ms,
	deed,
	inverse,
})

const comings = ({ ids, root }: Sources): Draft[] => {
	const drafts: Draft[] = [
		{
			id: `${root.ownerDevice}.root`,
			by: root.ownerDevice,
			atMs: root.createdAtMs,
			// A room made by changing the lock of another says so, and by whom.
			deed: { type: root.before === undefined ? 'opened-room' : 'changed-lock' },
			inverse: null,
		},
	]
	for (const { body, author, ms } of ids) {
		if (body === null || author === root.ownerDevice) continue
		// Named after the first introduction, so that a change of name is not a second coming.
		const id = `${author}.${body.first}`
		drafts.push({ id, by: author, atMs: Math.min(body.since, ms), deed: { type: 'came-in' }, inverse: null })
	}
	return drafts
}

const additions = ({ queue }: Sources): Draft[] =>
	[...queue.entries.values()].map((entry) =>
		draft(
			entry.record,
			{ type: 'added', item: entry.id, title: entry.title },
			entry.isRemoved ? null : { type: 'remove', item: entry.id },
		),
	)

const queueChange = (record: RecordOf<'qmod'>, queue: QueueFold, clears: Set<string>): Draft | null => {
	const { body, author } = record
	switch (body?.t) {
		case 'rm': {
			const entry = queue.entries.get(body.item)
			if (entry === undefined || !body.is || body.undo !== undefined) return null
			const deed: Deed = { type: 'removed', item: entry.id, title: entry.title }
			return draft(record, deed, entry.isRemoved ? { type: 'restore', item: entry.id } : null)
		}
		case 'pos': {
			const entry = queue.entries.get(body.item)
			if (entry === undefined || body.quiet || body.undo !== undefined) return null
			const isThere = !entry.isRemoved && entry.position === body.pos
			const deed: Deed = { type: 'moved', item: entry.id, title: entry.title }
			return draft(record, deed, isThere ? { type: 'move-back', item: entry.id, position: body.from } : null)
		}
		case 'clear':
		case 'shuffle': {
			const group = `${author}.${body.nonce}`
			if (clears.has(group)) return null
			clears.add(group)
			const deed: Deed = body.t === 'clear' ? { type: 'cleared', count: body.count } : { type: 'shuffled' }
			const inverse: Inverse = { type: 'cancel', device: author, nonce: body.nonce }
			return draft(record, deed, queue.cancelled.has(group) ? null : inverse)
		}
		case 'facts':
		case 'cancel':
		case undefined:
			return null
	}
}

const queueChanges = ({ queue }: Sources): Draft[] => {
	const clears = new Set<string>()
	return queue.mods.map((record) => queueChange(record, queue, clears)).filter((entry) => entry !== null)
}

const titleOf = (item: ItemId | null, queue: QueueFold): string =>
	(item === null ? undefined : queue.entries.get(item)?.title) ?? ''

const playbackDeed = ({ vector, before, record }: PlaybackAct, queue: QueueFold): Deed => {
	const { itemId, positionS, cause } = vector
	if (cause.type === 'wait') return { type: 'waited', forDevice: cause.device }
	if (cause.type === 'check') return { type: 'asked-ready' }
	if (cause.type === 'go') return { type: 'counted-down' }
	if (cause.type === 'left') return { type: 'stopped-for', device: cause.device }
	if (itemId !== null && isRestart(record))
		return { type: 'went-on', item: itemId, title: titleOf(itemId, queue), isSkip: cause.type === 'user' }
	if (itemId !== null && itemId !== before?.itemId && (before !== null || record.body?.adv !== undefined)) {
		const isGoingOn = record.body?.adv !== undefined || cause.type === 'end'
		const named = { item: itemId, title: titleOf(itemId, queue) }
		return isGoingOn
			? { type: 'went-on', ...named, isSkip: cause.type === 'user' }
			: { type: 'started', ...named }
	}
	if (before === null && itemId !== null && vector.isPlaying && positionS === 0)
		return { type: 'started', item: itemId, title: titleOf(itemId, queue) }
	if (before?.isPlaying !== vector.isPlaying)
		return { type: vector.isPlaying ? 'played' : 'paused', positionS }
	if (before.rate !== vector.rate) return { type: 'set-speed', rate: vector.rate }
	return { type: 'sought', positionS }
}

const acts = ({ queue, playback }: Sources): Draft[] => {
	const drafts: Draft[] = []
	const held = playback.acts.findLast(({ record }) => !record.body?.same)
	for (const act of playback.acts) {
		const { record, before, vector } = act
		if (record.body?.same || record.body?.undo !== undefined) continue
		// Only what holds now: going back behind what others did since would take that back too.
		const canGoBack =
			act === held &&
			before !== null &&
			vector.cause.type === 'user' &&
			(before.itemId === null || queue.entries.get(before.itemId)?.isRemoved === false)
		const inverse: Inverse | null = canGoBack
			? {
					type: 'play-back',
					vector: { ...before, positionS: positionAt(before, record.ms), atMs: record.ms },
				}
			: null
		drafts.push(draft(record, playbackDeed(act, queue), inverse))
	}
	return drafts
}

/** What a change of rules changed: only what differs from what its record says held before. */
const changesIn = (body: Bodies['settings']): SettingChange[] => {
	const { prev } = body
	const now = lastSettingsIn(body)
	const changes: SettingChange[] = LIMITED.map((what) => ({ what, from: prev[what], to: now[what] }))
	changes.push(
		{ what: 'waits', from: prev.waits, to: now.waits },
		{ what: 'pausesOnLeave', from: prev.onLeave ?? false, to: now.pausesOnLeave },
		{ what: 'fetchesTitles', from: prev.titles ?? true, to: now.fetchesTitles },
		{ what: 'keepsHistory', from: prev.history ?? false, to: now.keepsHistory },
		{ what: 'chatEveryS', from: prev.slow ?? 0, to: now.chatEveryS },
		{ what: 'order', from: prev.order ?? 'list', to: now.order },
		{ what: 'loop', from: prev.loop ?? 'off', to: now.loop },
	)
	return changes.filter(({ from, to }) => from !== to).map((change) => Object.freeze(change))
}

const rules = ({ settings }: Sources): Draft[] => {
	const drafts: Draft[] = []
	for (const record of settings.counted) {
		const { body } = record
		if (body === null || body.undo !== undefined) continue
		const changes = body.what === 'settings' ? changesIn(body) : []
		// Only said again.
		if (body.what === 'settings' && changes.length === 0) continue
		const deed: Deed =
			body.what === 'title'
				? { type: 'renamed-room', title: body.title ?? '' }
				: { type: 'changed-settings', changes: Object.freeze(changes) }
		const isHeld = record === (body.what === 'title' ? settings.titleBy : settings.rulesBy)
		drafts.push(draft(record, deed, isHeld ? { type: 'set-back', what: body.what, prev: body.prev } : null))
	}
	return drafts
}

/** Roles given, people put out and let in, the room handed over, its lock changed. */
const people = ({ authority: { grants, removals, owners }, moves }: Sources): Draft[] => {
	const drafts: Draft[] = []
	for (const record of grants.counted) {
		const { body } = record
		if (body === null || body.undo !== undefined || body.same) continue
		const { subject, role, prev } = body
		const canGoBack = prev !== undefined && prev !== role && grants.winnerOf(subject) === record
		const inverse: Inverse | null = canGoBack ? { type: 'grant', subject, role: prev } : null
		drafts.push(draft(record, { type: 'granted', subject, role }, inverse))
	}
	for (const record of removals.counted) {
		const { subject, t } = record.body
		if ('same' in record.body) continue
		if (t === 'out') {
			const holds = removals.winnerOf(subject) === record
			drafts.push(draft(record, { type: 'put-out', subject }, holds ? { type: 'let-in', subject } : null))
		} else if (record.body.undo === undefined) drafts.push(draft(record, { type: 'let-in', subject }, null))
	}
	for (const { offer, accept } of owners.chain) {
		const deed: Deed = { type: 'handed-over', subject: offer.body.subject }
		drafts.push({ id: accept.ref, by: offer.author, atMs: accept.ms, deed, inverse: null })
	}
	for (const record of moves) drafts.push(draft(record, { type: 'changed-lock' }, null))
	return drafts
}

/** Subtitles that are there, and those that were taken back by whoever gave them or may moderate. */
const subtitleDeeds = ({ subtitles, hidden }: Sources): Draft[] => [
	...[...subtitles.entries.values()].map(({ file, head }) =>
		draft(
			head,
			{ type: 'shared-subtitles', name: file.name },
			{ type: 'take-subtitles', file: file.id, by: file.by },
		),
	),
	...hidden.subtitleHides.map((record) =>
		draft(
			record,
			{ type: 'removed-subtitles', name: record.body?.t === 'hide' ? (record.body.sub ?? '') : '' },
			null,
		),
	),
]

/** One entry for all that one person hid of another, as of the last time. */
const hidings = ({ chat }: Sources): Draft[] => {
	const latest = new Map<string, Draft>()
	for (const record of chat.hides) {
		if (record.body?.t !== 'hide') continue
		const from = record.body.message.split('.')[0] as DeviceId
		const pair = `${record.author} ${from}`
		const before = latest.get(pair)
		const next = draft(record, { type: 'hid-message', from }, null)
		if (from !== record.author && (before === undefined || newestFirst(next, before) < 0))
			latest.set(pair, next)
	}
	return [...latest.values()]
}

type Undoing =
	RecordOf<'qmod'> | RecordOf<'playback'> | RecordOf<'settings'> | RecordOf<'grant'> | RecordOf<'mod'>

const undoOf = ({ body }: Undoing): { readonly id: string; readonly at: Millis } | undefined =>
	body !== null && 'undo' in body ? body.undo : undefined

const undoingsIn = ({ queue, playback, settings, authority }: Sources): Undoing[] =>
	[
		...queue.mods,
		...playback.acts.map(({ record }) => record),
		...settings.counted,
		...authority.grants.counted,
		...authority.removals.counted,
	].filter((record) => undoOf(record) !== undefined)

/** Whether a record that claims to take a deed back does take back such a deed: anybody can name any entry. */
const isInverseOf = (record: Undoing, deed: Deed): boolean => {
	if (record.kind === 'settings') return deed.type === 'renamed-room' || deed.type === 'changed-settings'
	if (record.kind === 'playback')
		return ['played', 'paused', 'sought', 'set-speed', 'started', 'went-on', 'waited'].includes(deed.type)
	if (record.kind === 'grant') return deed.type === 'granted' && deed.subject === record.body?.subject
	if (record.kind === 'mod')
		return deed.type === 'put-out' && record.body?.t === 'in' && deed.subject === record.body.subject
	const { body } = record
	if (body?.t === 'cancel') return deed.type === 'cleared' || deed.type === 'shuffled'
	if (!('item' in deed) || (body?.t !== 'rm' && body?.t !== 'pos') || body.item !== deed.item) return false
	return deed.type === (body.t === 'pos' ? 'moved' : body.is ? 'added' : 'removed')
}

/** Undo by the doer overwrites the doer's own slot: the deed is then told from what took it back. */
const retelling = (record: Undoing, queue: QueueFold): Draft | null => {
	const undo = undoOf(record)
	if (undo === undefined || !undo.id.startsWith(`${record.author}.`)) return null
	const told = (deed: Deed): Draft => ({ id: undo.id, by: record.author, atMs: undo.at, deed, inverse: null })
	if (record.kind === 'mod' && record.body?.t === 'in')
		return told({ type: 'put-out', subject: record.body.subject })
	if (record.kind === 'grant' && record.body?.prev !== undefined)
		return told({ type: 'granted', subject: record.body.subject, role: record.body.prev })
	const body = record.kind === 'qmod' ? record.body : null
	if ((body?.t !== 'rm' && body?.t !== 'pos') || !queue.entries.has(body.item)) return null
	if (body.t === 'rm' && body.is) return null
	const title = titleOf(body.item, queue)
	return told({ type: body.t === 'pos' ? 'moved' : 'removed', item: body.item, title })
}

const newestFirst = (a: Draft, b: Draft): number =>
	b.atMs - a.atMs || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0)

export const foldActivity = (sources: Sources): ActivityFold => {
	const undoings = undoingsIn(sources)
	const drafts = new Map<string, Draft>()
	// One entry an id, the first: what claims another's id comes later here, or is no deed.
	for (const entry of [
		...additions(sources),
		...queueChanges(sources),
		...acts(sources),
		...rules(sources),
		...people(sources),
		...hidings(sources),
		...subtitleDeeds(sources),
		...comings(sources),
		...undoings.map((record) => retelling(record, sources.queue)),
	])
		if (entry !== null && !drafts.has(entry.id)) drafts.set(entry.id, entry)

	const undone = new Map<string, DeviceId>()
	for (const record of undoings) {
		const id = undoOf(record)?.id ?? ''
		const deed = drafts.get(id)?.deed
		if (deed !== undefined && isInverseOf(record, deed)) undone.set(id, record.author)
	}

	const inverses = new Map<string, Inverse>()
	const entries = [...drafts.values()]
		.sort(newestFirst)
		.slice(0, ACTIVITY_MAX)
		.map(({ id, by, atMs, deed, inverse }): ActivityEntry => {
			const undoneBy = undone.get(id) ?? null
			const isUndoable = inverse !== null && undoneBy === null
			if (isUndoable) inverses.set(id, inverse)
			return Object.freeze({ id, by, atMs, deed: Object.freeze(deed), isUndoable, undoneBy })
		})
	return { entries: Object.freeze(entries), inverses }
}
export type FoldActivity = typeof foldActivity
