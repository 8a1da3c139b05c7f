/**
 * Every kind of record: its number on the wire, how many slots a device has for it, how large a body may be, and
 * what stands in it. A record that breaks any of this is no record, for everybody and for ever. What a later version
 * adds (keys, changes of a kind that has several) is carried within these bounds and not read.
 */
import { emojiText } from './emoji.ts'
import { parseMediaRef, isMediaUrl, type MediaRef } from './media.ts'
import { RATE_MAX, RATE_MIN } from './playback.ts'
import { HLC_MS_MAX } from './hlc.ts'
import { isPositionKey, POSITION_MAX_CHARS } from './position.ts'
import { QUEUE_LOOPS, QUEUE_ORDERS, ROLES } from './roles.ts'
import * as s from './schema.ts'
import { chatText, itemTitleText, nameText, roomTitleText, subtitleNameText } from './text.ts'
import { ID_PATTERN, type DeviceId, type ItemId, type MessageId, type SubjectId } from './units.ts'

export const SEQ_MAX = 2 ** 48 - 1
export const CHAT_EVERY_MAX_S = 3_600
const SUBTITLE_SLOTS = 16
/** Beside the rest of a record of 16 KiB. */
export const SUBTITLE_PART_BYTES = 15 * 1024
export const SUBTITLE_UNPACKED_MAX_BYTES = 1024 * 1024
/** A language tag in its usual form: `en`, `pt-BR`, `zh-Hans`. */
export const subtitleLanguage = s.text(35, /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}$/)
/** A whole record with an offer in it, and one with such a record in it. */
const OFFER_MAX_BYTES = 2_048
const ACCEPT_MAX_BYTES = OFFER_MAX_BYTES + 512
/** A record carrying two whole records must fit beside its own head in the u16 length. */
const FORK_BODY_MAX_BYTES = 34 * 1024

const device = s.branded<DeviceId>(s.text(22, ID_PATTERN))
const subject = s.branded<SubjectId>(s.text(64, /^[A-Za-z0-9_:.-]+$/))
const item = s.branded<ItemId>(s.text(39, /^[A-Za-z0-9_-]{21}[AQgw]\.[A-Za-z0-9_-]{8,16}$/))
const REF_PATTERN = /^[A-Za-z0-9_-]{21}[AQgw]\.(0|[1-9]\d{0,14})$/
/** `DeviceId.seq`: names a record. */
const ref = s.text(38, REF_PATTERN)
const message = s.branded<MessageId>(ref)
const nonce = s.text(16, /^[A-Za-z0-9_-]{8,16}$/)
const seq = s.integer(0, SEQ_MAX)
const ms = s.integer(0, HLC_MS_MAX)
const seconds = s.real(0, 1e7)
const position: s.Schema<string> = {
	parse: (input) => (isPositionKey(input) ? input : undefined),
	describe: `position(${POSITION_MAX_CHARS})`,
}
const media: s.Schema<MediaRef> = {
	parse: (input) => parseMediaRef(input) ?? undefined,
	describe: 'media',
}
const mediaUrl: s.Schema<string> = {
	parse: (input) => (isMediaUrl(input) ? input : undefined),
	describe: 'mediaUrl',
}
/** The activity entry that this record takes back, and when that had happened. */
const undo = s.optional(s.open({ id: ref, at: ms }))

const idBody = s.open({
	key: s.bytes(32, 32),
	name: nameText,
	/** X25519 public key: what only this device is to read is sealed to it. */
	box: s.optional(s.bytes(32, 32)),
	token: s.optional(s.text(900, /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/)),
	/** When the token was first shown here: it is checked as of then, so a new name does not need a new token. */
	tokenAt: s.optional(ms),
	/** When this device first came in, and the seq of the record that said so. */
	since: ms,
	first: seq,
})

const cause = s.union<
	| { type: 'user' }
	| { type: 'resume' }
	| { type: 'end' }
	| { type: 'ad' }
	| { type: 'check' }
	| { type: 'go' }
	| { type: 'left'; device: DeviceId }
	| { type: 'wait'; device: DeviceId }
>(
	s.open({ type: s.literal('user') }),
	s.open({ type: s.literal('resume') }),
	s.open({ type: s.literal('end') }),
	s.open({ type: s.literal('ad') }),
	s.open({ type: s.literal('check') }),
	s.open({ type: s.literal('go') }),
	s.open({ type: s.literal('left'), device }),
	s.open({ type: s.literal('wait'), device }),
)

const playbackBody = s.open({
	item: s.nullable(item),
	pos: seconds,
	rate: s.real(RATE_MIN, RATE_MAX),
	on: s.flag,
	at: s.real(0, HLC_MS_MAX),
	cause,
	/** Counts only if the item was still `from` since the record `prev`, which stands at (ms, n) in the order. */
	adv: s.optional(s.open({ from: item, prev: s.text(38), ms, n: s.integer(0, 0xffff) })),
	/** With no item: the key up to which the queue is over. */
	edge: s.optional(position),
	/** Says again what already held (after a change of rights); not a deed. */
	same: s.optional(s.literal(true)),
	undo,
})

/** Room times between which only operators could do a thing; the last may be open. */
const limits = s.list(s.open({ a: ms, b: s.optional(ms) }), 8)
const audience = s.oneOf('everyone', 'operators')
const settingsBody = s.open({
	limits: s.open({
		control: s.optional(limits),
		add: s.optional(limits),
		reorder: s.optional(limits),
		chat: s.optional(limits),
	}),
	waits: s.flag,
	/** Left out, the default: off. */
	onLeave: s.optional(s.flag),
	/** Left out, the default: on. */
	titles: s.optional(s.flag),
	/** Left out, the default: off. */
	history: s.optional(s.flag),
	/** Left out, the defaults: by the list, and no loop. */
	order: s.optional(s.oneOf(...QUEUE_ORDERS)),
	loop: s.optional(s.oneOf(...QUEUE_LOOPS)),
	/** Slow mode: room times between which a person wrote at most once in `s` seconds. */
	slow: s.optional(s.list(s.open({ a: ms, b: s.optional(ms), s: s.integer(1, CHAT_EVERY_MAX_S) }), 8)),
	/** When the rules were last changed; a record that only renames says the older time again. */
	rulesAt: ms,
	title: s.optional(roomTitleText),
	titleAt: s.optional(ms),
	what: s.oneOf('title', 'settings'),
	/** What held before, for Undo. */
	prev: s.open({
		control: audience,
		add: audience,
		reorder: audience,
		chat: audience,
		waits: s.flag,
		onLeave: s.optional(s.flag),
		titles: s.optional(s.flag),
		history: s.optional(s.flag),
		slow: s.optional(s.integer(0, CHAT_EVERY_MAX_S)),
		order: s.optional(s.oneOf(...QUEUE_ORDERS)),
		loop: s.optional(s.oneOf(...QUEUE_LOOPS)),
		title: s.optional(roomTitleText),
	}),
	undo,
})

const grantedRole = s.oneOf(...ROLES.filter((role) => role !== 'owner'))
/** `s`: from seq `a` to seq `b` (both counted in; open without `b`) the device had role `r`; member otherwise. */
const grantBody = s.open({
	subject,
	role: grantedRole,
	/** What it was before, for Undo. */
	prev: s.optional(grantedRole),
	/** Says again what already held, by another author; not a deed. */
	same: s.optional(s.literal(true)),
	undo,
	devices: s.list(
		s.open({ d: device, s: s.list(s.open({ r: grantedRole, a: seq, b: s.optional(seq) }), 16) }),
		64,
	),
})

const queueBody = s.open({
	nonce,
	media,
	title: itemTitleText,
	dur: s.optional(seconds),
	thumb: s.optional(mediaUrl),
	pos: position,
})

const moveMod = s.open({
	t: s.literal('pos'),
	item,
	pos: position,
	from: position,
	/** Part of another deed ("play now"). */
	quiet: s.optional(s.literal(true)),
	/** Pulled forward because its turn has come: whoever may control may do that. */
	turn: s.optional(s.literal(true)),
	undo,
})
const removeMod = s.open({ t: s.literal('rm'), item, is: s.flag, undo })
const factsMod = s.open({
	t: s.literal('facts'),
	item,
	title: s.optional(itemTitleText),
	dur: s.optional(seconds),
	thumb: s.optional(mediaUrl),
})
/** Removes what stands in the covered authors' records up to seq `s`. Large rooms need several with one nonce. */
const clearMod = s.open({
	t: s.literal('clear'),
	nonce,
	covers: s.list(s.open({ d: device, s: seq }), 20),
	count: s.integer(0, 100_000),
})
const shuffleMod = s.open({ t: s.literal('shuffle'), nonce, prefix: position, after: s.nullable(position) })
/** Takes back the clear or shuffle of device `d` with that nonce. */
const cancelMod = s.open({ t: s.literal('cancel'), d: device, nonce, undo })
const qmodBody = s.union<
	| s.Parsed<typeof moveMod>
	| s.Parsed<typeof removeMod>
	| s.Parsed<typeof factsMod>
	| s.Parsed<typeof clearMod>
	| s.Parsed<typeof shuffleMod>
	| s.Parsed<typeof cancelMod>
>(moveMod, removeMod, factsMod, clearMod, shuffleMod, cancelMod)

const voteBody = s.open({ item })
const chatBody = s.open({
	text: chatText,
	item: s.optional(item),
	pos: s.optional(seconds),
	reply: s.optional(message),
	/** Takes the place of that message's text; place and answer stay the message's. */
	edit: s.optional(message),
})
/** Of one emoji of a person on a message, the latest counts. */
const reactionBody = s.open({ m: message, e: emojiText, on: s.flag })
/**
 * Part `i` of the `n` of a file `f`. The first says what it is: `data` are the bytes of its cues, deflated, which
 * unpack to `size`; `form` is what it had been.
 */
const subtitleBody = s.open({
	f: nonce,
	item,
	i: s.integer(0, SUBTITLE_SLOTS - 1),
	n: s.integer(1, SUBTITLE_SLOTS),
	data: s.bytes(1, SUBTITLE_PART_BYTES),
	name: s.optional(subtitleNameText),
	lang: s.optional(subtitleLanguage),
	form: s.optional(s.oneOf('vtt', 'srt')),
	size: s.optional(s.integer(1, SUBTITLE_UNPACKED_MAX_BYTES)),
})
/** A device, and the last of its records that still counts. */
const cut = s.open({ d: device, s: seq })
/** `sub`: the name of subtitles that were taken back, whose own records may be gone. */
const hideMod = s.open({ t: s.literal('hide'), message, sub: s.optional(subtitleNameText) })
/** Puts a person out: what their devices write behind the cuts is void (devices not listed: everything). */
const outMod = s.open({
	t: s.literal('out'),
	subject,
	cuts: s.list(cut, 32),
	same: s.optional(s.literal(true)),
})
/** Lets them in again. */
const inMod = s.open({ t: s.literal('in'), subject, undo })
const modBody = s.union<s.Parsed<typeof hideMod> | s.Parsed<typeof outMod> | s.Parsed<typeof inMod>>(
	hideMod,
	outMod,
	inMod,
)
/** The owner's offer of the room: `from` cuts the owner's devices, `to` says from where the new owner's count. */
const offerBody = s.open({
	t: s.literal('offer'),
	subject,
	from: s.list(cut, 16),
	to: s.list(cut, 16),
})
/** Taken: carries the offer, whole, where its author cannot overwrite it. `key`: the offerer's public key. */
const acceptBody = s.open({
	t: s.literal('accept'),
	key: s.bytes(32, 32),
	offer: s.bytes(0, OFFER_MAX_BYTES),
})
/** How an earlier owner came to it, where that owner cannot take it back. `key`: that owner's public key. */
const keptBody = s.open({
	t: s.literal('kept'),
	key: s.bytes(32, 32),
	accept: s.bytes(0, ACCEPT_MAX_BYTES),
})
const handoverBody = s.union<
	s.Parsed<typeof offerBody> | s.Parsed<typeof acceptBody> | s.Parsed<typeof keptBody>
>(offerBody, acceptBody, keptBody)
/** The lock was changed: the new code, sealed to each device that stays (`e`: ephemeral X25519 key). */
const movedBody = s.open({
	e: s.bytes(32, 32),
	notes: s.list(s.open({ d: device, c: s.bytes(28, 256) }), 40),
})
const forkBody = s.open({
	key: s.bytes(32, 32),
	a: s.bytes(0, FORK_BODY_MAX_BYTES),
	b: s.bytes(0, FORK_BODY_MAX_BYTES),
})

export interface Bodies {
	id: s.Parsed<typeof idBody>
	playback: s.Parsed<typeof playbackBody>
	settings: s.Parsed<typeof settingsBody>
	grant: s.Parsed<typeof grantBody>
	queue: s.Parsed<typeof queueBody>
	qmod: s.Parsed<typeof qmodBody>
	vote: s.Parsed<typeof voteBody>
	chat: s.Parsed<typeof chatBody>
	reaction: s.Parsed<typeof reactionBody>
	mod: s.Parsed<typeof modBody>
	fork: s.Parsed<typeof forkBody>
	subtitle: s.Parsed<typeof subtitleBody>
	handover: s.Parsed<typeof handoverBody>
	moved: s.Parsed<typeof movedBody>
}
export type Kind = keyof Bodies

const isWord = (input: unknown): boolean => typeof input === 'string' && /^[a-z-]{1,16}$/.test(input)
/** A change of a sort that is not known here. */
const isOtherThan =
	(...known: readonly string[]) =>
	(body: unknown): boolean =>
		s.isPlainObject(body) && isWord(body['t']) && !known.includes(body['t'] as string)

const MEDIA_KINDS: ReadonlySet<unknown> = new Set([
	...['file', 'hls', 'youtube', 'vimeo', 'twitch', 'twitch-live', 'bilibili', 'dailymotion', 'peertube'],
	...['soundcloud', 'local-file', 'page'],
])
const isLaterMedia = (input: unknown): boolean =>
	s.isPlainObject(input) && isWord(input['kind']) && !MEDIA_KINDS.has(input['kind'])

interface KindSpec<T> {
	readonly number: number
	readonly slots: number
	readonly bodyMaxBytes: number
	readonly schema: s.Schema<T>
	/** Of a body that does not fit: whether it may be a later version's, and is carried unread. */
	readonly isLater?: (body: unknown) => boolean
	/** Which records of a device over its byte budget stop counting first: the highest. */
	readonly budgetRank: number
}

export const KINDS: { readonly [K in Kind]: KindSpec<Bodies[K]> } = {
	id: { number: 1, slots: 1, bodyMaxBytes: 1_024, schema: idBody, budgetRank: 0 },
	// A ring: the latest counts, the others are what Activity, Undo and conditional advances look back on.
	playback: { number: 2, slots: 8, bodyMaxBytes: 256, schema: playbackBody, budgetRank: 1 },
	// A ring: the latest counts, the others are what Activity tells of.
	settings: { number: 3, slots: 8, bodyMaxBytes: 2_048, schema: settingsBody, budgetRank: 1 },
	grant: { number: 4, slots: 256, bodyMaxBytes: 2_048, schema: grantBody, budgetRank: 1 },
	queue: {
		number: 5,
		slots: 256,
		bodyMaxBytes: 1_024,
		schema: queueBody,
		isLater: (body) => s.isPlainObject(body) && isLaterMedia(body['media']),
		budgetRank: 3,
	},
	qmod: {
		number: 6,
		slots: 256,
		bodyMaxBytes: 1_024,
		schema: qmodBody,
		isLater: isOtherThan('pos', 'rm', 'facts', 'clear', 'shuffle', 'cancel'),
		budgetRank: 2,
	},
	vote: { number: 7, slots: 256, bodyMaxBytes: 64, schema: voteBody, budgetRank: 6 },
	chat: { number: 8, slots: 256, bodyMaxBytes: 1_024, schema: chatBody, budgetRank: 5 },
	reaction: { number: 9, slots: 64, bodyMaxBytes: 128, schema: reactionBody, budgetRank: 7 },
	mod: {
		number: 10,
		slots: 256,
		bodyMaxBytes: 2_048,
		schema: modBody,
		isLater: isOtherThan('hide', 'out', 'in'),
		budgetRank: 1,
	},
	fork: { number: 11, slots: 16, bodyMaxBytes: FORK_BODY_MAX_BYTES, schema: forkBody, budgetRank: 1 },
	subtitle: {
		number: 12,
		slots: SUBTITLE_SLOTS,
		bodyMaxBytes: 16 * 1024,
		schema: subtitleBody,
		budgetRank: 4,
	},
	// Slot 0: an offer made; the others: offers accepted, and how those came to it who made them.
	handover: {
		number: 13,
		slots: 16,
		bodyMaxBytes: ACCEPT_MAX_BYTES + 256,
		schema: handoverBody,
		budgetRank: 0,
	},
	moved: { number: 14, slots: 16, bodyMaxBytes: 12 * 1024, schema: movedBody, budgetRank: 0 },
}

const KIND_NAMES = Object.keys(KINDS) as Kind[]
const NAMES_BY_NUMBER = new Map(KIND_NAMES.map((kind) => [KINDS[kind].number, kind]))

export const isKind = (name: string): name is Kind => Object.hasOwn(KINDS, name)
export const kindOfNumber = (number: number): Kind | null => NAMES_BY_NUMBER.get(number) ?? null
