/**
 * What the panel on a page asks of the room, and what it is sent to show. The panel is a page of the extension's in a
 * frame on a page of somebody else's: it says the one-time word that the page's script was given, and then speaks for
 * that tab. What it asks is parsed command by command; what it is sent comes from the room's own document.
 */
import { emojiText } from '#lib/core/emoji.ts'
import { parseMediaRef, type MediaRef } from '#lib/core/media.ts'
import { RATE_MAX, RATE_MIN } from '#lib/core/playback.ts'
import { QUEUE_FILE_MAX_CHARS } from '#lib/core/queue-file.ts'
import { QUEUE_LOOPS, QUEUE_ORDERS, type Action } from '#lib/core/roles.ts'
import type { NewItem } from '#lib/core/room.ts'
import {
	branded,
	flag,
	integer,
	list,
	literal,
	nullable,
	object,
	oneOf,
	optional,
	real,
	text,
	union,
	type Parsed,
	type Schema,
} from '#lib/core/schema.ts'
import type { QueueState, RoomState } from '#lib/core/state.ts'
import type { DeviceId, ItemId, MessageId, SubjectId } from '#lib/core/units.ts'
import type { RoomModel } from '#lib/session/room-model.ts'
import type { RoomCommands } from '#lib/ui/props.ts'
import type { PageIs } from './page-messages.ts'
import type { RoomShown } from './popup-messages.ts'

export const PANEL_PORT = 'matinee-panel-1'
/** The one page that may be at its other end. */
export const PANEL_PATH = 'panel.html'
/** 16 random bytes in base64url. */
export const panelWord = text(22, /^[A-Za-z0-9_-]{22}$/)

const DAYS_14_S = 14 * 24 * 3600
const TYPED_MAX_CHARS = 10_000
const ITEMS_MAX = 2_000
const number = integer(0, Number.MAX_SAFE_INTEGER)
const id = text(120, /^[A-Za-z0-9_.:/-]+$/)
const item: Schema<ItemId> = branded(id)
const message: Schema<MessageId> = branded(id)
const subject: Schema<SubjectId> = branded(id)
const place = oneOf('end', 'next')
const typed = text(TYPED_MAX_CHARS)

/* ── Commands and their arguments ────────────────────────────────────────────────────────────────────────────── */

/** A list of exactly these, of which the last may be missing where `last` is given. */
const args = <const T extends readonly unknown[], L extends readonly unknown[] = []>(
	members: { readonly [K in keyof T]: Schema<T[K]> },
	last?: { readonly [K in keyof L]: Schema<L[K]> },
): Schema<[...T, ...Partial<L>]> => {
	const all = [...members, ...(last ?? [])] as readonly Schema<unknown>[]
	return {
		parse: (input) => {
			if (!Array.isArray(input) || input.length < members.length || input.length > all.length)
				return undefined
			const values = input.map((value, at) => all[at]?.parse(value))
			return values.includes(undefined) ? undefined : (values as [...T, ...Partial<L>])
		},
		describe: `args(${all.map(({ describe }) => describe).join(',')})`,
	}
}
const media: Schema<MediaRef> = {
	parse: (input) => parseMediaRef(input) ?? undefined,
	describe: 'media',
}
const newItem: Schema<NewItem> = object({
	media,
	title: text(1_000),
	durationS: optional(real(0, 1e7)),
	thumbnailUrl: optional(text(2_000)),
})
const audience = oneOf('everyone', 'operators')
const settings = object({
	control: optional(audience),
	add: optional(audience),
	reorder: optional(audience),
	chat: optional(audience),
	waits: optional(flag),
	pausesOnLeave: optional(flag),
	fetchesTitles: optional(flag),
	keepsHistory: optional(flag),
	chatEveryS: optional(integer(0, 86_400)),
	order: optional(oneOf(...QUEUE_ORDERS)),
	loop: optional(oneOf(...QUEUE_LOOPS)),
})
const own = object({
	soundDelayMs: optional(real(-500, 500)),
	doesShareFigures: optional(flag),
	hidesAddress: optional(flag),
	toleranceMs: optional(real(40, 400)),
})

type Answered = {
	[N in keyof RoomCommands]: ReturnType<RoomCommands[N]> extends Promise<unknown> ? N : never
}[keyof RoomCommands]
type Silent = {
	[N in keyof RoomCommands]: ReturnType<RoomCommands[N]> extends void ? N : never
}[keyof RoomCommands]
type ArgsOf<N extends keyof RoomCommands> = { readonly [K in N]?: Schema<Parameters<RoomCommands[K]>> }

/** Carried out in silence; what came of them is in the model. */
export const TOLD = {
	play: args([]),
	pause: args([]),
	seek: args([real(0, DAYS_14_S)]),
	next: args([]),
	setRate: args([real(RATE_MIN, RATE_MAX)]),
	askReady: args([]),
	resync: args([]),
	correct: args([real(-60_000, 60_000)]),
	setOwn: args([own]),
	playNow: args([item]),
	remove: args([item]),
	move: args([item, nullable(item)]),
	vote: args([item, flag]),
	clear: args([]),
	shuffle: args([]),
	react: args([message, emojiText, flag]),
	undo: args([id]),
	unsay: args([message]),
	leave: args([]),
	/** Not 'alone', whose link is copied in the panel. */
	statusAction: args([
		oneOf(
			'waiting',
			'join',
			'reconnecting',
			'resync',
			'server-away',
			'storage',
			'quiet',
			'ready',
			'countdown',
			'ad',
		),
	]),
	dismissToast: args([text(200)]),
} satisfies ArgsOf<Silent>

/** Answered by the number they were asked with. */
export const ASKED = {
	add: args([typed, place]),
	searchVideos: args([typed]),
	addItem: args([newItem, place]),
	readList: args([text(QUEUE_FILE_MAX_CHARS)]),
	addMany: args([list(newItem, ITEMS_MAX), place]),
	addAgain: args([item]),
	say: args([typed], [message]),
	edit: args([message, typed]),
	setRole: args([subject, oneOf('operator', 'member', 'viewer')]),
	removePerson: args([subject, object({ isBan: flag })]),
	letIn: args([subject]),
	offerRoom: args([subject]),
	withdrawOffer: args([]),
	acceptRoom: args([]),
	changeSettings: args([settings]),
	changeLock: args([object({ password: text(1_000) })]),
	renameRoom: args([typed]),
	renameMe: args([typed]),
	figures: args([]),
} satisfies ArgsOf<Answered>

export type ToldName = keyof typeof TOLD
export type AskedName = keyof typeof ASKED

/* ── Panel → room ────────────────────────────────────────────────────────────────────────────────────────────── */

const word = object({ type: literal('word'), word: panelWord })
/** The newest model that has come, and the panel's local time then: the next is sent after that. */
const seen = object({ type: literal('seen'), model: number, atMs: real(0, 1e14) })
const addPage = object({ type: literal('add-page'), seq: number, isNow: flag })
const stats = object({ type: literal('stats'), seq: number })
const typing = object({ type: literal('typing'), isTyping: flag })
const float = object({ type: literal('float'), emoji: emojiText })
const older = object({ type: literal('older') })
/** The toast's button was pressed. 'copy' is done in the panel, which says what came of it. */
const toast = object({ type: literal('toast'), id: text(200), didCopy: nullable(flag) })
/** The invitation was copied from the status line. */
const copied = object({ type: literal('copied'), didCopy: flag })

type Told = {
	[N in ToldName]: { readonly type: 'do'; readonly name: N; readonly args: Parsed<(typeof TOLD)[N]> }
}
type Asked = {
	[N in AskedName]: {
		readonly type: 'ask'
		readonly name: N
		readonly seq: number
		readonly args: Parsed<(typeof ASKED)[N]>
	}
}
export type ToldCommand = Told[ToldName]
export type AskedCommand = Asked[AskedName]
export type FromPanel =
	| ToldCommand
	| AskedCommand
	| Parsed<typeof word>
	| Parsed<typeof seen>
	| Parsed<typeof addPage>
	| Parsed<typeof stats>
	| Parsed<typeof typing>
	| Parsed<typeof float>
	| Parsed<typeof older>
	| Parsed<typeof toast>
	| Parsed<typeof copied>

const commands: readonly Schema<unknown>[] = [
	...Object.entries(TOLD).map(([name, its]) =>
		object({ type: literal('do'), name: literal(name), args: its }),
	),
	...Object.entries(ASKED).map(([name, its]) =>
		object({ type: literal('ask'), name: literal(name), seq: number, args: its }),
	),
]
const members = [seen, word, addPage, stats, typing, float, older, toast, copied, ...commands]
export const fromPanel: Schema<FromPanel> = union<FromPanel>(...(members as readonly Schema<FromPanel>[]))

/* ── Room → panel ────────────────────────────────────────────────────────────────────────────────────────────── */

/** How the page under the panel stands to the room. */
export interface PanelPage {
	/** What stands between the film and this person on this page, if anything; null also with nothing on. */
	readonly obstacle: NonNullable<RoomShown['film']>['obstacle']
	/** Where the film is to be seen on its own site. */
	readonly url: string | null
	/** What the room has to say of what was asked last. */
	readonly note: string | null
	/** What keeps the page's own video from the room, as the page tells it; null while it has told nothing. */
	readonly site: Pick<PageIs, 'frame' | 'isProtected' | 'refuses'> | null
}

/**
 * The parts that a model is sent in. What may grow without end is bounded by the sender. Whether the app has met an
 * extension is the app's alone.
 */
export interface PanelModel
	extends Omit<RoomModel, 'state' | 'extension'>, Omit<RoomState, 'queue'>, QueueState {
	readonly canDo: Readonly<Record<Action, string | null>>
	/** By entry, of those that the model has. */
	readonly canUndo: ReadonlyMap<string, string | null>
	/** For every other entry. */
	readonly cannotUndo: string
	readonly typing: readonly DeviceId[]
	/** Room time less the panel's local time. */
	readonly roomOffsetMs: number
	readonly olderMessages: number
	readonly page: PanelPage
}

export type PartName = keyof PanelModel
/** Every part once. */
export const PARTS: Readonly<Record<PartName, true>> = {
	people: true,
	connection: true,
	player: true,
	status: true,
	toast: true,
	invite: true,
	driftMs: true,
	lock: true,
	leftBehind: true,
	own: true,
	unplayable: true,
	lookAlikes: true,
	title: true,
	createdAtMs: true,
	settings: true,
	me: true,
	myRole: true,
	myRemoval: true,
	removals: true,
	offer: true,
	moved: true,
	members: true,
	earlier: true,
	current: true,
	next: true,
	following: true,
	playback: true,
	chat: true,
	chatDeletions: true,
	subtitles: true,
	activity: true,
	canDo: true,
	canUndo: true,
	cannotUndo: true,
	typing: true,
	roomOffsetMs: true,
	olderMessages: true,
	page: true,
}

/** As `carry` made it (`carried.ts`). The room's own document is what sends it, so it is not looked into. */
const carried: Schema<unknown> = { parse: (input) => input, describe: 'carried' }
const part: Schema<PartName> = {
	parse: (input) =>
		typeof input === 'string' && Object.hasOwn(PARTS, input) ? (input as PartName) : undefined,
	describe: 'part',
}
/** A part anew. */
const whole = object({ part, whole: carried })
/** Of a part that is a list: at `at` so many go, and these come. */
const splice = object({ part, at: number, drop: number, items: list(carried, 100_000) })
export type PartChange = Parsed<typeof whole> | Parsed<typeof splice>
const change: Schema<PartChange> = union<PartChange>(whole, splice)

/** There is no room to show yet, or for the moment. */
const opening = object({ type: literal('opening') })
/** What has changed since the one before; `isFirst`: of another room, with every part. */
const model = object({ type: literal('model'), model: number, isFirst: flag, changes: list(change, 1_000) })
const answer = object({ type: literal('answer'), seq: number, value: carried })
/** It could not even be tried. */
const notDone = object({ type: literal('not-done'), seq: number, message: text(1_000) })
const floated = object({ type: literal('float'), emoji: emojiText, by: branded<DeviceId>(text(64)) })
/** The port is closed behind it. */
const ended = object({ type: literal('ended'), why: oneOf('refused', 'left') })

export type ToPanel =
	| Parsed<typeof opening>
	| Parsed<typeof model>
	| Parsed<typeof answer>
	| Parsed<typeof notDone>
	| Parsed<typeof floated>
	| Parsed<typeof ended>
const sent = [model, answer, notDone, floated, opening, ended] as readonly Schema<unknown>[]
export const toPanel: Schema<ToPanel> = union<ToPanel>(...(sent as readonly Schema<ToPanel>[]))
