/**
 * From the verified records to the room as everybody sees it. Pure: the same records, identities and `me` give the
 * same state, in whatever order they came. Authority is applied here, record by record, and nowhere else.
 */
import type { ActivityFold, FoldActivity, Inverse } from './activity.ts'
import { ACCOUNT_BUDGET_BYTES, GUEST_BUDGET_BYTES, withinBudget } from './budget.ts'
import { foldAuthority, type Authority } from './authority.ts'
import { foldChat, foldHides, type ChatFold, type HidesFold } from './chat.ts'
import type { Kind } from './kinds.ts'
import { foldMembers, foldPeople, type People } from './members.ts'
import { foldPlayback, type PlaybackFold } from './playback-fold.ts'
import { foldQueue, type QueueFold } from './queue.ts'
import { foldReactions } from './reactions.ts'
import { compareRecords, parseRecord, type ParsedRecord, type RecordOf } from './records.ts'
import { foldRemoved } from './removed.ts'
import { can, DEFAULT_SETTINGS, isHigh, type Action } from './roles.ts'
import type { IdentityClaims, RoomRoot } from './room.ts'
import { foldSettings, type SettingsFold } from './settings.ts'
import type { RoomState } from './state.ts'
import { foldSubtitles, type SubtitlesFold } from './subtitle-files.ts'
import type { DeviceId } from './units.ts'

export interface FoldInput {
	readonly root: RoomRoot
	readonly me: DeviceId
	readonly records: Iterable<ParsedRecord>
	readonly identityOf: (device: DeviceId) => IdentityClaims | null
	/** Local to this device: leave it out (nothing is late) where states are compared. */
	readonly isLate?: (record: RecordOf<'chat'>) => boolean
	/** Tells what happened; without it the list is empty. A room fetches it when there is something to tell. */
	readonly foldActivity?: FoldActivity | null
}

/** The snapshot, and what the commands need to know beyond it. */
export interface Fold {
	readonly state: RoomState
	readonly people: People
	readonly authority: Authority
	readonly settings: SettingsFold
	readonly playback: PlaybackFold
	readonly queue: QueueFold
	readonly chat: ChatFold
	readonly subtitles: SubtitlesFold
	readonly inverses: ReadonlyMap<string, Inverse>
	/** Devices that signed two records with one seq: what they wrote from it on is ignored. */
	readonly forkedAt: ReadonlyMap<DeviceId, number>
}

type ByKind = { [K in Kind]: RecordOf<K>[] }

const emptyByKind = (): ByKind => ({
	id: [],
	playback: [],
	settings: [],
	grant: [],
	queue: [],
	qmod: [],
	vote: [],
	chat: [],
	reaction: [],
	mod: [],
	fork: [],
	subtitle: [],
	handover: [],
	moved: [],
})

/** Evidence proves itself, so anybody's counts. The ledger has checked both signatures. */
const forksIn = (records: readonly RecordOf<'fork'>[]): Map<DeviceId, number> => {
	const forkedAt = new Map<DeviceId, number>()
	for (const { body } of records) {
		if (body === null) continue
		const one = parseRecord(body.a)
		if (typeof one === 'string') continue
		forkedAt.set(one.author, Math.min(one.seq, forkedAt.get(one.author) ?? Infinity))
	}
	return forkedAt
}

const countable = (input: FoldInput): { byKind: ByKind; forkedAt: Map<DeviceId, number> } => {
	const byAuthor = new Map<DeviceId, ParsedRecord[]>()
	const forks: RecordOf<'fork'>[] = []
	for (const record of input.records) {
		if (record.kind === 'fork') forks.push(record)
		const own = byAuthor.get(record.author)
		if (own === undefined) byAuthor.set(record.author, [record])
		else own.push(record)
	}
	const forkedAt = forksIn(forks)
	const byKind = emptyByKind()
	for (const [author, records] of byAuthor) {
		const budget = input.identityOf(author)?.isAccount ? ACCOUNT_BUDGET_BYTES : GUEST_BUDGET_BYTES
		const cut = forkedAt.get(author) ?? Infinity
		for (const record of withinBudget(records, budget)) {
			// Who a device is stays known, also of one that forked, and whom it gave the room.
			const isKept = record.kind === 'id' || record.kind === 'handover'
			if (record.isDeleted || (record.seq >= cut && !isKept)) continue
			;(byKind[record.kind] as ParsedRecord[]).push(record)
		}
	}
	return { byKind, forkedAt }
}

/** Files of subtitles are taken back as messages are, and are none. */
const withoutHeads = (hidden: HidesFold, heads: ReadonlySet<string>): HidesFold => {
	if (heads.size + hidden.subtitleHides.length === 0) return hidden
	const files = new Set(heads)
	for (const { body } of hidden.subtitleHides) if (body?.t === 'hide') files.add(body.message)
	return {
		...hidden,
		deletions: new Map([...hidden.deletions].filter(([id]) => !files.has(id))),
		hides: hidden.hides.filter(({ body }) => body?.t !== 'hide' || !files.has(body.message)),
	}
}

const NO_ACTIVITY: ActivityFold = { entries: Object.freeze([]), inverses: new Map() }

export const fold = (input: FoldInput): Fold => {
	const { root, me, identityOf } = input
	const { byKind, forkedAt } = countable(input)
	const people = foldPeople(byKind.id, identityOf)
	const authority = foldAuthority(byKind, root, people)
	const { owners } = authority
	const roleOf = (record: ParsedRecord) => authority.roleAt(record.author, record.seq)
	const settings = foldSettings(
		byKind.settings,
		// Who may change the rules does not hang on the rules.
		(record) => can(roleOf(record), 'change-settings', DEFAULT_SETTINGS),
		root,
	)
	const may = (action: Action) => (record: ParsedRecord) =>
		can(roleOf(record), action, settings.at(record.ms))

	const outNow = new Map<DeviceId, boolean>()
	const isOut = (device: DeviceId): boolean => {
		let is = outNow.get(device)
		if (is === undefined) outNow.set(device, (is = authority.roleAt(device, Infinity) === 'banned'))
		return is
	}
	const [mayReact, mayVote] = [may('react'), may('vote')]

	const playback = foldPlayback(byKind.playback, may('control'))
	const queue = foldQueue(
		{ items: byKind.queue, mods: byKind.qmod, votes: byKind.vote },
		{
			mayAdd: may('add'),
			mayReorder: may('reorder'),
			mayHandleOwn: may('remove-own'),
			mayControl: may('control'),
			mayVote: (record) => mayVote(record) && !isOut(record.author),
		},
		{ itemId: playback.vector.itemId, edge: playback.edge },
		settings.settings,
		people.subjectOf,
		me,
	)
	const hidden = foldHides(byKind.mod, {
		mayModerate: may('moderate'),
		mayTakeBack: (record) => roleOf(record) !== 'banned',
		subjectOf: people.subjectOf,
	})
	const subtitles = foldSubtitles(byKind.subtitle, {
		mayAdd: may('add'),
		isHidden: (ref) => hidden.deletions.has(ref),
		subjectOf: people.subjectOf,
	})
	const chat = foldChat(
		byKind.chat,
		withoutHeads(hidden, subtitles.heads),
		foldReactions(
			byKind.reaction,
			{ mayReact: (record) => mayReact(record) && !isOut(record.author), subjectOf: people.subjectOf },
			me,
		),
		{
			mayChat: may('chat'),
			// Slow mode is for people below operator.
			everyS: (record) => {
				const { chatEveryS } = settings.at(record.ms)
				return chatEveryS > 0 && isHigh(roleOf(record)) ? 0 : chatEveryS
			},
			subjectOf: people.subjectOf,
		},
		input.isLate ?? (() => false),
	)
	const moves = byKind.moved.filter((record) => can(roleOf(record), 'change-lock', DEFAULT_SETTINGS))
	moves.sort(compareRecords)
	const moved = moves.at(-1)
	const removals = foldRemoved(byKind.id, people, authority)
	const activity =
		input.foldActivity?.({
			root,
			ids: byKind.id,
			queue,
			playback,
			settings,
			authority,
			chat,
			moves,
			subtitles,
			hidden,
		}) ?? NO_ACTIVITY
	const state: RoomState = Object.freeze({
		title: settings.title,
		createdAtMs: root.createdAtMs,
		settings: settings.settings,
		me,
		myRole: authority.roleAt(me, Infinity),
		myRemoval: removals.of(me),
		removals: removals.all,
		offer: owners.offer && {
			to: owners.offer.body.subject,
			by: owners.offer.author,
			atMs: owners.offer.ms,
		},
		moved: moved ? { by: moved.author, atMs: moved.ms } : null,
		members: foldMembers(byKind.id, people, identityOf, (device) => authority.roleAt(device, Infinity)),
		queue: queue.state,
		playback: playback.vector,
		chat: chat.messages,
		chatDeletions: chat.deletions,
		subtitles: subtitles.files,
		activity: activity.entries,
	})
	const { inverses } = activity
	return { state, people, authority, settings, playback, queue, chat, subtitles, inverses, forkedAt }
}

/**
 * What must be the same on every device that holds the same records, as text: all but who is looking and when
 * things were first seen there.
 */
export const canonicalState = (state: RoomState): string =>
	JSON.stringify({
		...state,
		me: null,
		myRole: null,
		myRemoval: null,
		queue: {
			earlier: state.queue.earlier.map((item) => ({ ...item, didIVote: null })),
			current: state.queue.current && { ...state.queue.current, didIVote: null },
			next: state.queue.next.map((item) => ({ ...item, didIVote: null })),
			following: state.queue.following?.id ?? null,
		},
		chat: state.chat.map((message) => ({
			...message,
			isLate: null,
			reactions: message.reactions.map((reaction) => ({ ...reaction, isMine: null })),
		})),
	})
