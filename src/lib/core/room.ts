/**
 * The room: commands in, frozen snapshots and change events out. Pure: it knows no network, no storage, no screen.
 * Records, slots, the verified set and the fold live in their own files; this one ties them together.
 */
import type * as Y from 'yjs'
import type { FoldActivity } from './activity.ts'
import { createAdmission, type Admission } from './admission.ts'
import { bytesToBase64url } from './base64url.ts'
import { isLateAt } from './chat.ts'
import type { Clock, RandomSource } from './clock.ts'
import type { Signer, SeqSource, Verifier } from './crypto.ts'
import { fold, type Fold } from './fold.ts'
import { createHlcClock, hlcMs, isDue } from './hlc.ts'
import type { Forked, ForkWatch } from './fork-watch.ts'
import { createIdentities } from './identities.ts'
import type { Kind } from './kinds.ts'
import { createLedger, RECORDS_MAP, type Ledger, type LedgerStats, type Verdict } from './ledger.ts'
import type { MediaRef } from './media.ts'
import { planIntroduce } from './plan-introduce.ts'
import type { Plan, PlanContext } from './plan.ts'
import type { Plans } from './plans.ts'
import type { VectorCause } from './playback.ts'
import { jitterOf } from './position.ts'
import { keyOf } from './records.ts'
import { can, type Action, type Role, type Settings } from './roles.ts'
import type { RoomState } from './state.ts'
import type { DeviceId, ItemId, MessageId, Millis, RoomId, Seconds, SubjectId, SubtitleId } from './units.ts'
import { packedBytes } from './subtitle-files.ts'
import { actionsFor } from './undo-rights.ts'
import { createWriter } from './writer.ts'

/** The founding facts of a room, signed by its owner and sealed with a key from the code. */
export interface RoomRoot {
	readonly v: 1
	readonly ownerDevice: DeviceId
	readonly ownerSubject: SubjectId
	readonly title: string
	readonly createdAtMs: Millis
	/** Rooms with a password: base64url of 16 bytes that only the right one leads to. */
	readonly passwordCheck?: string
	/** The rooms this one was before its lock was changed, latest first: records signed there count here too. */
	readonly before?: readonly RoomId[]
}

/** What a verified identity token says of a device; the session checks tokens and hands these in. */
export interface IdentityClaims {
	readonly subject: SubjectId
	readonly name: string
	readonly isAccount: boolean
	/** Id of the account's picture at the server. */
	readonly pictureId: string | null
}

export interface RoomDeps {
	readonly doc: Y.Doc
	readonly roomId: RoomId
	readonly root: RoomRoot
	readonly signer: Signer
	readonly verifier: Verifier
	readonly seqs: SeqSource
	readonly clock: Clock
	readonly random: RandomSource
	/** Checks the identity token in an `id` record; null when it is none, expired at `atMs`, or cannot be checked yet. */
	readonly checkIdentity: (token: string, device: DeviceId, atMs: Millis) => Promise<IdentityClaims | null>
	/** Where the planning of commands comes from: fetched when it is first needed, where this is left out. */
	readonly loadPlans?: () => Promise<Plans>
	/** Tells what happened: fetched with the first deed, where this is missing. */
	readonly foldActivity?: FoldActivity | null
}

export type WhyRefused =
	/** Nobody removes or hands the room to themselves. */
	| 'yourself'
	/** Nobody removes the owner. */
	| 'owner'
	/** Only the owner removes an operator; only the owner lets one in again. */
	| 'operator'
	| 'operator-in'
	/** Only the owner takes back a ban. */
	| 'banned'
	| 'no-such-person'
	/** An owner is not made by a grant. */
	| 'hand-over'
	/** Who is out is offered nothing, and takes nothing. */
	| 'is-out'
	| 'no-offer'
	/** The offer would leave its maker owner, or cannot be checked yet. */
	| 'bad-offer'
	/** The offer was made on another device of the owner's, and is withdrawn there. */
	| 'other-device'

/** How a device introduces itself. */
export interface Profile {
	readonly name: string
	readonly token: string | null
	/** X25519 public key; the one said before is kept where this is missing. */
	readonly boxKey?: Uint8Array
}

/** What came of a command. Nothing is lost in silence: whoever asked is told why not. */
export type CommandOutcome =
	| {
			readonly type: 'done'
			readonly item?: ItemId
			readonly message?: MessageId
			/** Of several items, those that were added, and how many were not for want of slots. */
			readonly items?: readonly ItemId[]
			readonly left?: number
			readonly subtitles?: SubtitleId
	  }
	| { readonly type: 'not-allowed'; readonly action: Action; readonly role: Role }
	/** The right is there, but not for this. */
	| { readonly type: 'refused'; readonly why: WhyRefused }
	/** Slow mode: whole seconds until the next message counts. */
	| { readonly type: 'too-soon'; readonly waitS: number }
	| { readonly type: 'no-such-item' }
	| { readonly type: 'nothing-to-do' }
	/** `limit` in the unit of `what`. */
	| {
			readonly type: 'too-big'
			readonly what: 'text' | 'title' | 'link' | 'name' | 'queue' | 'record' | 'subtitles'
			readonly limit: number
	  }
	| { readonly type: 'room-full'; readonly limitBytes: number }
	/** The record could not be signed or numbered: storage or key trouble, in the platform's words. */
	| { readonly type: 'failed'; readonly why: string }

export interface NewItem {
	readonly media: MediaRef
	readonly title: string
	readonly durationS?: Seconds
	readonly thumbnailUrl?: string
}

/** Subtitles to give to all. */
export interface NewSubtitles {
	readonly item: ItemId
	readonly name: string
	/** A language tag; what is none is left out. */
	readonly language: string | null
	/** What the file had been. */
	readonly format: 'vtt' | 'srt'
	/** Its cues as WebVTT in UTF-8, by deflate-raw: 240 KiB at most. */
	readonly packed: Uint8Array
	/** Bytes before packing: 1 MiB at most. */
	readonly size: number
}

export interface VectorChange {
	readonly positionS: Seconds
	readonly isPlaying: boolean
	readonly rate: number
	/** Room time; in the future for a scheduled start. */
	readonly atMs: Millis
	readonly cause?: VectorCause
	/** Another item than the current one. */
	readonly itemId?: ItemId | null
}

export interface Room {
	state(): RoomState
	/** `fn` runs after the snapshot was replaced; returns its undo. */
	onChange(fn: (state: RoomState) => void): () => void

	/** Writes this device's `id` record (key, token, name). The first act in a room, and again when either changes. */
	introduce(profile: Profile): Promise<CommandOutcome>
	renameRoom(title: string): Promise<CommandOutcome>
	changeSettings(change: Partial<Settings>): Promise<CommandOutcome>
	/** Owner only; 'banned' is a removal that only the owner takes back. */
	grant(subject: SubjectId, role: Role): Promise<CommandOutcome>
	/** Puts somebody below the asker's role out: what they write from now on is void for everybody. */
	removePerson(subject: SubjectId): Promise<CommandOutcome>
	letIn(subject: SubjectId): Promise<CommandOutcome>
	/** Owner only. The room is theirs when they accept; until then it can be withdrawn. */
	offerRoom(subject: SubjectId): Promise<CommandOutcome>
	withdrawOffer(): Promise<CommandOutcome>
	acceptRoom(): Promise<CommandOutcome>
	/** The X25519 key to which a device lets things be sealed; null where it has told none. */
	boxKeyOf(device: DeviceId): Uint8Array | null

	readonly queue: {
		/** `end` appends, `next` puts it right behind the current item. */
		add(item: NewItem, where: 'end' | 'next'): Promise<CommandOutcome>
		/** Up to 256 in their order, in one transaction. */
		addMany(items: readonly NewItem[], where: 'end' | 'next'): Promise<CommandOutcome>
		/** Once more what was played or taken away. */
		addAgain(id: ItemId, where: 'end' | 'next'): Promise<CommandOutcome>
		remove(id: ItemId): Promise<CommandOutcome>
		/** Puts `id` before `before`, or last where that is null. */
		move(id: ItemId, before: ItemId | null): Promise<CommandOutcome>
		clear(): Promise<CommandOutcome>
		shuffle(): Promise<CommandOutcome>
		vote(id: ItemId, isFor: boolean): Promise<CommandOutcome>
		/** What a player learned of an item of ours or, with the right to reorder, of anybody's. */
		describe(
			id: ItemId,
			facts: { title?: string; durationS?: Seconds; thumbnailUrl?: string },
		): Promise<CommandOutcome>
		/** Pulls `id` right behind the current item and starts it at `atMs`. */
		playNow(id: ItemId, atMs: Millis): Promise<CommandOutcome>
		/**
		 * From `from` to what comes after it (`state().queue.following`), once, however many peers ask; at the end of a
		 * queue without a loop playback stops. Where one item is looped, `user` as the cause goes past it, and so does
		 * `isBroken`: it plays for nobody.
		 */
		advance(from: ItemId, atMs: Millis, cause: VectorCause, isBroken?: boolean): Promise<CommandOutcome>
	}
	readonly playback: {
		/** Writes a new vector whole. */
		set(change: VectorChange): Promise<CommandOutcome>
	}
	readonly chat: {
		send(text: string, at?: { positionS: Seconds; replyTo?: MessageId }): Promise<CommandOutcome>
		/** Another text for an own message; counts under the same rules as a new one. */
		edit(id: MessageId, text: string): Promise<CommandOutcome>
		/** Own messages, or anybody's with the right to moderate. */
		remove(id: MessageId): Promise<CommandOutcome>
		/** `emoji`: one, of 32 bytes at most. */
		react(id: MessageId, emoji: string, isOn: boolean): Promise<CommandOutcome>
	}
	readonly subtitles: {
		/** Takes the place of this person's earlier ones for the item and language. */
		share(given: NewSubtitles): Promise<CommandOutcome>
		/** Own ones, or anybody's with the right to moderate. */
		remove(id: SubtitleId): Promise<CommandOutcome>
		/** The packed bytes; null while parts are missing. Whoever unpacks them stops behind `size` bytes. */
		read(id: SubtitleId): Uint8Array<ArrayBuffer> | null
	}
	/** Writes the inverse of an activity entry. */
	undo(activityId: string): Promise<CommandOutcome>
	/** Whether an inverse exists, and the right that writing it needs: the first that is missing here. */
	canUndo(activityId: string): { readonly action: Action; readonly may: boolean } | null

	/** Fetches what commands need, before anybody gives one. Never rejects: the command will say what is wrong. */
	preload(): Promise<void>
	/** A command whose planning lives elsewhere and is fetched when it is needed (a changed lock: `plan-lock.ts`). */
	carryOut(command: string, plan: (context: PlanContext) => Plan | CommandOutcome): Promise<CommandOutcome>

	/** The verified set, for the carriers (`sync/`, `storage/`) to ask what is valid. */
	readonly ledger: Ledger
	/**
	 * Judges everything in the document (`id` records first) and mends the document by the outcome. Runs once at
	 * creation; call it again after storage has put kept records into the document.
	 */
	admitAll(): Promise<Admission>
	/** What the ledger says of these keys as they now stand in the document. Mends nothing: that is the gate's part. */
	judgeTouched(keys: Iterable<string>): Promise<ReadonlyMap<string, Verdict>>
	/** Resolves when what was in the document at creation has been judged. */
	readonly whenAdmitted: Promise<void>
	stats(): LedgerStats
	/** Lets quarantined records in whose time has come, and does what waited for its turn. Call it about once a second. */
	tick(nowMs: Millis): void
	/** May be called twice. */
	dispose(): void
}

/** Accepted records that may pile up, while more are being judged, before the snapshot is made new. */
const FOLD_EVERY_RECORDS = 64
const NONCE_BYTES = 8
/** Records from which there is something to tell. */
const DEEDS: ReadonlySet<Kind> = new Set<Kind>([
	'queue',
	'qmod',
	'playback',
	'settings',
	'grant',
	'mod',
	'handover',
	'moved',
])
/** Offline, or the page is older than what the server has now. */
const NOT_FETCHED: CommandOutcome = {
	type: 'failed',
	why: 'a part of the app could not be fetched. Check the connection and load the page again.',
}

/** The room over one document. It writes to the `records` map only, and reads only what the ledger has verified. */
export const createRoom = (deps: RoomDeps): Room => {
	const { doc, root, signer, clock, random } = deps
	const me = signer.device
	const openedAtMs = clock.nowMs()
	const records = doc.getMap<unknown>(RECORDS_MAP)
	const hlc = createHlcClock()
	const ledger = createLedger({
		...deps,
		before: root.before ?? [],
		me: { device: me, publicKey: signer.publicKey },
	})
	const listeners = new Set<(state: RoomState) => void>()
	/** Messages first seen here long after they claim to have been said. */
	const lateRefs = new Set<string>()
	let folded: Fold | null = null
	let unfolded = 0
	let isFlushDue = false
	let isDisposed = false

	const identities = createIdentities(
		deps.checkIdentity,
		() => clock.nowMs(),
		() => {
			changed()
		},
	)

	let foldActivity = deps.foldActivity ?? null
	const fetchActivity = async (): Promise<void> => {
		if (foldActivity !== null) return
		const fetched = (await import('./activity.ts')).foldActivity
		foldActivity ??= fetched
		changed()
	}

	const current = (): Fold => {
		folded ??= fold({
			root,
			me,
			records: ledger.records(),
			identityOf: identities.of,
			isLate: ({ ref }) => lateRefs.has(ref),
			foldActivity,
		})
		return folded
	}
	const flush = (): void => {
		isFlushDue = false
		unfolded = 0
		if (isDisposed) return
		const { state } = current()
		for (const fn of listeners) fn(state)
	}
	/** Records come in heaps: one snapshot for each heap, not for each record. */
	const flushSoon = (): void => {
		if (isFlushDue || isDisposed || (!ledger.isIdle() && unfolded < FOLD_EVERY_RECORDS)) return
		isFlushDue = true
		void Promise.resolve().then(flush)
	}
	const changed = (): void => {
		folded = null
		unfolded++
		flushSoon()
	}

	const writer = createWriter({
		...deps,
		records,
		ledger,
		tickHlc: () => hlc.tick(clock.nowMs()),
		isAccount: () => identities.of(me)?.isAccount ?? false,
	})
	const admission = createAdmission(doc, records, ledger)

	const context = (numberAhead: number): PlanContext => ({
		numberAhead,
		fold: current(),
		me,
		ms: hlcMs(hlc.tick(clock.nowMs())),
		own: (kind, slot) => ledger.record(keyOf(kind, me, slot)),
		lastSeqOf: ledger.maxSeq,
		publicKeyOf: ledger.publicKey,
		nonce: () => bytesToBase64url(random.bytes(NONCE_BYTES)),
		jitter: () => jitterOf(random.bytes(2)),
	})
	const run = (
		command: string,
		plan: (context: PlanContext) => Plan | CommandOutcome,
	): Promise<CommandOutcome> => writer.run(command, (numberAhead) => plan(context(numberAhead)))

	const loadPlans = deps.loadPlans ?? (async () => (await import('./plans.ts')).plans)
	let plansAtHand: Plans | null = null
	const fetchPlans = async (): Promise<Plans> => (plansAtHand ??= await loadPlans())
	/** A command whose planning may have to be fetched first; the room is looked at when it is there. */
	const plan = (
		command: string,
		make: (plans: Plans, now: PlanContext) => Plan | CommandOutcome,
	): Promise<CommandOutcome> =>
		writer.run(command, (numberAhead) =>
			plansAtHand === null
				? fetchPlans().then(
						(plans) => make(plans, context(numberAhead)),
						() => NOT_FETCHED,
					)
				: make(plansAtHand, context(numberAhead)),
		)

	/**
	 * What this device wrote while its clock ran ahead stands in everybody else's quarantine. Once room time is
	 * known, it is written again with a date that counts.
	 */
	let isRedating = false
	const redate = (nowMs: Millis): void => {
		const isAhead = [...ledger.records()].some(({ author, hlc: at }) => author === me && !isDue(at, nowMs))
		if (isRedating || !isAhead) return
		isRedating = true
		void plan('redate', (plans) => plans.redate(ledger.records(), me, nowMs)).finally(() => {
			isRedating = false
		})
	}

	/** Forks are seldom: what deals with them comes with the plans. */
	let forkWatch: ForkWatch | null = null
	const noteFork = async (fork: Forked): Promise<void> => {
		const { createForkWatch } = await loadPlans()
		if (isDisposed) return
		forkWatch ??= createForkWatch({
			me,
			devices: function* () {
				for (const { kind, author } of ledger.records()) if (kind === 'id') yield author
			},
			write: ({ author, seq, pair }) =>
				void plan('fork', (plans, now) => plans.evidence(now, author, seq, pair)),
		})
		forkWatch.found(fork)
	}

	const stopListening = ledger.on((event) => {
		switch (event.type) {
			case 'accepted': {
				const { record, isReleased } = event
				hlc.receive(record.hlc, clock.nowMs())
				if (record.kind === 'id') identities.learn(record)
				// What was said before the room was opened here may have been known to everybody else in time.
				if (record.kind === 'chat' && record.ms >= openedAtMs && isLateAt(record.ms, clock.nowMs()))
					lateRefs.add(record.ref)
				// Not fetched, what happened is told at the next deed, or when somebody touches the page.
				if (foldActivity === null && DEEDS.has(record.kind)) fetchActivity().catch(() => undefined)
				if (isReleased) admission.putBack(keyOf(record.kind, record.author, record.slot))
				return changed()
			}
			case 'forked':
				// Not fetched, it is noticed again: both records stay where they are.
				noteFork(event).catch(() => undefined)
				return
			case 'idle':
				if (unfolded > 0) flushSoon()
		}
	})

	const admitAll = async (): Promise<Admission> => {
		const admitted = admission.admitAll()
		// Commands need to know this device's own seqs and slots first.
		writer.after(admitted)
		return admitted
	}
	const whenAdmitted = admitAll().then(() => undefined)

	return {
		state: () => current().state,
		onChange: (fn) => {
			listeners.add(fn)
			return () => {
				listeners.delete(fn)
			}
		},
		introduce: (profile) => run('introduce', (now) => planIntroduce(now, signer.publicKey, profile)),
		renameRoom: (title) => plan('rename-room', (plans, now) => plans.rename(now, title)),
		changeSettings: (change) => plan('change-settings', (plans, now) => plans.settings(now, change)),
		grant: (subject, role) => plan('grant', (plans, now) => plans.grant(now, subject, role)),
		removePerson: (subject) => plan('remove-person', (plans, now) => plans.removePerson(now, subject)),
		letIn: (subject) => plan('let-in', (plans, now) => plans.letIn(now, subject)),
		offerRoom: (subject) => plan('offer-room', (plans, now) => plans.offer(now, subject)),
		withdrawOffer: () => plan('withdraw-offer', (plans, now) => plans.withdraw(now)),
		acceptRoom: () => plan('accept-room', (plans, now) => plans.accept(now)),
		boxKeyOf: (device) => {
			const record = ledger.record(keyOf('id', device, 0))
			return (record?.kind === 'id' ? record.body?.box : undefined) ?? null
		},
		queue: {
			add: (item, where) => plan('queue.add', (plans, now) => plans.add(now, item, where)),
			addMany: (items, where) => plan('queue.add-many', (plans, now) => plans.addMany(now, items, where)),
			addAgain: (id, where) => plan('queue.add-again', (plans, now) => plans.addAgain(now, id, where)),
			remove: (id) => plan('queue.remove', (plans, now) => plans.remove(now, id)),
			move: (id, before) => plan('queue.move', (plans, now) => plans.move(now, id, before)),
			clear: () => plan('queue.clear', (plans, now) => plans.clear(now)),
			shuffle: () => plan('queue.shuffle', (plans, now) => plans.shuffle(now)),
			vote: (id, isFor) => plan('queue.vote', (plans, now) => plans.vote(now, id, isFor)),
			describe: (id, facts) => plan('queue.describe', (plans, now) => plans.describe(now, id, facts)),
			playNow: (id, atMs) => plan('queue.play-now', (plans, now) => plans.playNow(now, id, atMs)),
			advance: (from, atMs, cause, isBroken = false) =>
				plan('queue.advance', (plans, now) => plans.advance(now, from, atMs, cause, isBroken)),
		},
		playback: { set: (change) => plan('playback.set', (plans, now) => plans.setVector(now, change)) },
		chat: {
			send: (text, at) => plan('chat.send', (plans, now) => plans.say(now, text, at)),
			edit: (id, text) => plan('chat.edit', (plans, now) => plans.edit(now, id, text)),
			remove: (id) => plan('chat.remove', (plans, now) => plans.unsay(now, id)),
			react: (id, emoji, isOn) => plan('chat.react', (plans, now) => plans.react(now, id, emoji, isOn)),
		},
		subtitles: {
			share: (given) => plan('subtitles.share', (plans, now) => plans.shareSubtitles(now, given)),
			remove: (id) => plan('subtitles.remove', (plans, now) => plans.removeSubtitles(now, id)),
			read: (id) => {
				const entry = current().subtitles.entries.get(id)
				return entry === undefined ? null : packedBytes(entry)
			},
		},
		undo: (activityId) => plan('undo', (plans, now) => plans.undo(now, activityId)),
		canUndo: (activityId) => {
			const { inverses, state, queue } = current()
			const inverse = inverses.get(activityId)
			if (inverse === undefined) return null
			const actions = actionsFor(inverse, me, queue.state.current?.id ?? null)
			const missing = actions.find((action) => !can(state.myRole, action, state.settings))
			const action = missing ?? actions[0]
			return action === undefined ? null : { action, may: missing === undefined }
		},
		preload: () => Promise.allSettled([fetchPlans(), fetchActivity()]).then(() => undefined),
		carryOut: run,
		ledger,
		admitAll,
		judgeTouched: admission.judgeTouched,
		whenAdmitted,
		stats: ledger.stats,
		tick: (nowMs) => {
			if (isDisposed) return
			ledger.tick(nowMs)
			identities.tick(nowMs)
			redate(nowMs)
			forkWatch?.tick()
		},
		dispose: () => {
			isDisposed = true
			writer.close()
			stopListening()
			listeners.clear()
		},
	}
}
