/**
 * The panel's end of the port to the room: what has come is a model that the app's own components show, and what they
 * ask for goes to the room. Copying and sharing the link are done here, where the person's press is.
 */
import type { Schema } from '#lib/core/schema.ts'
import type { Millis } from '#lib/core/units.ts'
import type { StepStats } from '#lib/core/view.ts'
import type { RoomModel } from '#lib/session/room-model.ts'
import type { CommandResult, LiveChatView, RoomCommands } from '#lib/ui/props.ts'
import { noFiles } from '#lib/ui/room/files/no-files.ts'
import { panelLineWords } from '#lib/words/panel-line.ts'
import { uncarry } from '../wire/carried.ts'
import {
	ASKED,
	PARTS,
	toPanel,
	TOLD,
	type FromPanel,
	type PanelModel,
	type ToPanel,
} from '../wire/panel-messages.ts'
import { readChanges } from '../wire/part-changes.ts'
import { createLine, type RawPort } from '../wire/port.ts'
import type { RemoteRoom, RemoteRoomLine, RemoteState } from './panel-room.ts'
import { modelOf } from './remote-model.ts'

export interface RemoteRoomDeps {
	/** A port that was opened under the name `PANEL_PORT`. */
	readonly port: RawPort
	/** As the page's script handed it over. */
	readonly word: string
	readonly local: () => Millis
	/** Onto the clipboard; false where the browser refuses. */
	readonly copy: (text: string) => Promise<boolean>
	/** Null where the browser has no share sheet. */
	readonly share: ((data: { readonly title: string; readonly url: string }) => Promise<void>) | null
}

/** Keys come faster than anybody has to be told of them. */
const TYPING_EVERY_MS: Millis = 2_000
const STATS_EVERY_MS: Millis = 250
const NO_STATS: StepStats = {
	nowMs: 0,
	readings: [],
	player: null,
	clock: { errorMs: null, offByMs: 0, neighbours: 0, oneWayP95Ms: 0 },
	people: [],
}

/**
 * In Firefox what comes over a port to a page of ours within another page is of a realm of its own, where no object is a
 * plain one to this page's schemas.
 */
const ofThisRealm: Schema<ToPanel> = {
	parse: (input) => {
		const isForeign =
			typeof input === 'object' && input !== null && Object.getPrototypeOf(input) !== Object.prototype
		return toPanel.parse(isForeign ? structuredClone(input) : input)
	},
	describe: toPanel.describe,
}

/** One message with a number of its own, answered once. */
type Numbered = FromPanel extends infer M
	? M extends { readonly seq: number }
		? Omit<M, 'seq'>
		: never
	: never

const isComplete = (parts: Partial<PanelModel>): parts is PanelModel =>
	Object.keys(PARTS).every((part) => Object.hasOwn(parts, part))

export const createRemoteRoom = (deps: RemoteRoomDeps): RemoteRoomLine => {
	const { local, copy, share } = deps
	const line = createLine<ToPanel, FromPanel>(deps.port, ofThisRealm)
	let state: RemoteState = { type: 'opening' }
	const listeners = new Set<(state: RemoteState) => void>()
	const show = (next: RemoteState): void => {
		if (state.type === 'ended' || (next.type === 'opening' && state.type === 'opening')) return
		state = next
		for (const fn of [...listeners]) fn(next)
	}

	/* ── Asking ──────────────────────────────────────────────────────────────────────────────────────────── */

	let lastSeq = 0
	const waiting = new Map<number, { done(value: unknown): void; not(message: string): void }>()
	/** `refused`: what stands for an answer, with why there is none. */
	const ask = <T>(message: Numbered, refused: (why: string) => T): Promise<T> =>
		new Promise((resolve) => {
			const seq = ++lastSeq
			waiting.set(seq, { done: (value) => resolve(value as T), not: (why) => resolve(refused(why)) })
			if (line.send({ ...message, seq })) return
			waiting.delete(seq)
			resolve(refused(panelLineWords().noRoom))
		})
	const settle = (
		seq: number,
		how: (one: { done(value: unknown): void; not(message: string): void }) => void,
	) => {
		const one = waiting.get(seq)
		waiting.delete(seq)
		if (one !== undefined) how(one)
	}
	const giveUp = (): void => {
		for (const seq of [...waiting.keys()]) settle(seq, ({ not }) => not(panelLineWords().noRoom))
	}
	const refusedWith = (message: string) => ({ type: 'refused', message }) as const

	/* ── One room ────────────────────────────────────────────────────────────────────────────────────────── */

	const createRoom = (first: PanelModel) => {
		let parts = first
		let model: RoomModel = modelOf(parts, { ...parts.invite, canShare: share !== null }, null)
		const models = new Set<(model: RoomModel) => void>()
		const floats = new Set<Parameters<LiveChatView['onFloat']>[0]>()
		let typedAtMs = -Infinity
		let stats = NO_STATS
		let statsAtMs = -Infinity

		const copyLink = (): Promise<boolean> => copy(parts.invite.link)
		/** Of those that answer at once only some are carried; these are not for a panel. */
		const inAppAlone = async () => refusedWith(panelLineWords().inAppAlone)
		const nothing = (): void => undefined
		const told = Object.fromEntries(
			Object.keys(TOLD).map((name) => [
				name,
				(...args: readonly unknown[]) => void line.send({ type: 'do', name, args } as unknown as FromPanel),
			]),
		) as unknown as Pick<RoomCommands, keyof typeof TOLD>
		const asked = Object.fromEntries(
			Object.keys(ASKED).map((name) => [
				name,
				(...args: readonly unknown[]) =>
					ask(
						{ type: 'ask', name, args: args.filter((one) => one !== undefined) } as unknown as Numbered,
						(why) =>
							name === 'readList'
								? { items: [], lines: [], broken: [], leftOut: 0, limit: 0, problem: why }
								: refusedWith(why),
					),
			]),
		) as unknown as Pick<RoomCommands, keyof typeof ASKED>
		const commands: RoomCommands = {
			...told,
			...asked,
			stats: () => {
				// What is shown is of a moment before; the next comes meanwhile.
				if (local() - statsAtMs >= STATS_EVERY_MS) {
					statsAtMs = local()
					void ask<StepStats | null>({ type: 'stats' }, () => null).then((next) => (stats = next ?? stats))
				}
				return stats
			},
			statusAction: (kind) => {
				if (kind !== 'alone') told.statusAction(kind)
				else void copyLink().then((didCopy) => line.send({ type: 'copied', didCopy }))
			},
			toastAction: ({ id, action }) => {
				if (action?.kind !== 'copy') line.send({ type: 'toast', id, didCopy: null })
				else void copyLink().then((didCopy) => line.send({ type: 'toast', id, didCopy }))
			},
			copyInvite: copyLink,
			shareInvite: () => {
				// Closing the share sheet is no failure, and there is nothing else it can tell.
				const { title, invite } = parts
				void share?.({ title: title || 'Matinee', url: invite.link }).catch(() => undefined)
			},
			joinSound: () => told.statusAction('join'),
			// The site's own controls have these, and its page is the person's.
			setVolume: nothing,
			setMuted: nothing,
			setQuality: nothing,
			addSample: nothing,
			saveQueue: inAppAlone,
			exportLog: inAppAlone,
			shareSubtitles: inAppAlone,
			readSubtitles: inAppAlone,
			removeSubtitles: inAppAlone,
		}
		const room: RemoteRoom = {
			model: () => model,
			onChange: (fn) => {
				models.add(fn)
				return () => models.delete(fn)
			},
			canDo: (action) => parts.canDo[action],
			canUndo: (entryId) => {
				const reason = parts.canUndo.get(entryId)
				return reason === undefined ? parts.cannotUndo : reason
			},
			nowMs: () => local() + parts.roomOffsetMs,
			commands,
			live: {
				typing: () => parts.typing,
				setTyping: (isTyping) => {
					const nowMs = local()
					if (isTyping ? nowMs - typedAtMs < TYPING_EVERY_MS : typedAtMs === -Infinity) return
					typedAtMs = isTyping ? nowMs : -Infinity
					line.send({ type: 'typing', isTyping })
				},
				// The room rations them; what it shows comes back.
				float: (emoji) => line.send({ type: 'float', emoji }),
				onFloat: (fn) => {
					floats.add(fn)
					return () => floats.delete(fn)
				},
			},
			files: noFiles,
			setStage: nothing,
			page: () => parts.page,
			addPage: (isNow) => ask<CommandResult>({ type: 'add-page', isNow }, refusedWith),
			olderMessages: () => parts.olderMessages,
			showOlder: () => void line.send({ type: 'older' }),
		}
		return {
			room,
			parts: () => parts,
			take: (next: PanelModel) => {
				parts = next
				model = modelOf(parts, { ...parts.invite, canShare: share !== null }, model)
				for (const fn of [...models]) fn(model)
			},
			float: (float: Parameters<Parameters<LiveChatView['onFloat']>[0]>[0]) => {
				for (const fn of [...floats]) fn(float)
			},
		}
	}
	let open: ReturnType<typeof createRoom> | null = null

	/* ── What comes ──────────────────────────────────────────────────────────────────────────────────────── */

	const broken = (): void => {
		show({ type: 'ended', why: 'broken' })
		giveUp()
	}
	const takeModel = ({ isFirst, changes }: Extract<ToPanel, { type: 'model' }>): boolean => {
		const parts: Partial<PanelModel> | null = readChanges(isFirst ? {} : (open?.parts() ?? {}), changes)
		if (parts === null || !isComplete(parts)) return false
		if (!isFirst && open !== null) open.take(parts)
		else {
			open = createRoom(parts)
			show({ type: 'open', room: open.room })
		}
		return true
	}
	line.on((message) => {
		switch (message.type) {
			case 'model':
				if (!takeModel(message)) {
					// Its parts do not belong together: nothing of it can be shown.
					line.close()
					return
				}
				line.send({ type: 'seen', model: message.model, atMs: local() })
				return
			case 'answer':
				return settle(message.seq, ({ done }) => done(uncarry(message.value)))
			case 'not-done':
				return settle(message.seq, ({ not }) => not(message.message))
			case 'float':
				return open?.float({ emoji: message.emoji, by: message.by })
			case 'opening':
				open = null
				show({ type: 'opening' })
				return giveUp()
			case 'ended':
				show({ type: 'ended', why: message.why })
				line.close()
		}
	})
	line.onClose(broken)
	line.send({ type: 'word', word: deps.word })

	return {
		state: () => state,
		onState: (fn) => {
			listeners.add(fn)
			return () => listeners.delete(fn)
		},
		close: () => {
			listeners.clear()
			line.close()
		},
	}
}
