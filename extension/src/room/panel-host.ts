/**
 * The room for panels on pages: which frame may speak for a tab, what it is sent, and what it asks. A panel stands on
 * the page in the room's own tab and nowhere else; with that page, or with the room, it ends.
 */
import type { RandomSource } from '#lib/core/clock.ts'
import type { Millis } from '#lib/core/units.ts'
import type { RoomSession } from '#lib/session/open-room.ts'
import type { CommandResult } from '#lib/ui/props.ts'
import { linkToastsWords } from '#lib/words/link-toasts.ts'
import { panelLineWords } from '#lib/words/panel-line.ts'
import { carry } from '../wire/carried.ts'
import type { FromPage, ToPage } from '../wire/page-messages.ts'
import { fromPanel, type FromPanel, type PanelPage, type ToPanel } from '../wire/panel-messages.ts'
import { createPartSender } from '../wire/part-changes.ts'
import { createLine, panelTabOf, type Line, type RawPort } from '../wire/port.ts'
import { createPageClock } from './page-clock.ts'
import { CHAT_SHOWN, createPanelModel } from './panel-model.ts'
import { createPanelWords } from './panel-words.ts'
import { createRation } from './ration.ts'

export interface PanelHostDeps {
	readonly ownId: string
	/** Of the extension's pages; ends in '/'. */
	readonly ownUrl: string
	readonly random: RandomSource
	readonly local: () => Millis
	readonly setTimer: (fn: () => void, ms: Millis) => () => void
	readonly session: () => RoomSession | null
	/** The open room's invitation. */
	readonly link: () => string
	/** The room's tab, while there is a room or one is being opened there. */
	readonly tab: () => number | null
	/** The page in the room's tab. */
	readonly line: () => Line<FromPage, ToPage> | null
	readonly page: () => PanelPage
	/** The page in the room's tab goes into the queue. */
	readonly addPage: (isNow: boolean) => Promise<CommandResult>
}

export interface PanelHost {
	/** A port that says it is a panel's. */
	take(port: RawPort): void
	/** For the script on this page; null where no panel may stand there. */
	wordFor(line: Line<FromPage, ToPage>): string | null
	/** The room, its tab, the page in it, or what is said of it may be another. */
	review(): void
}

interface Panel {
	readonly line: Line<FromPanel, ToPanel>
	/** The page it stands on. */
	readonly page: Line<FromPage, ToPage>
	/** What there is to send, now or when the last model has been seen. */
	changed(): void
	/** For another room, from the first part on. */
	restart(): void
	end(why: 'left'): void
}

/** At most four models a second. */
export const MODEL_EVERY_MS: Millis = 250
/** Until then a panel has said its word. */
export const WORD_WITHIN_MS: Millis = 10_000
/** A page has one panel; a reload of its frame may meet the one before. */
const PANELS_MAX = 3
/** Until then whoever was told that it is over has hung up. */
const HANG_UP_MS: Millis = 1_000
/** People press and type; a drag along the film seeks many times a second. */
const ASKS_BURST = 60
const ASKS_PER_S = 20
/** Beyond the ration, then it is cut off. */
const DROPPED_MAX = 200
const OLDER_STEP = 300

export const createPanelHost = (deps: PanelHostDeps): PanelHost => {
	const { local, setTimer } = deps
	const words = createPanelWords<Line<FromPage, ToPage>>(deps.random, local)
	const panels = new Set<Panel>()
	/** Whose page was told that a panel may stand on it. */
	let told: Line<FromPage, ToPage> | null = null
	let shown: {
		readonly session: RoomSession
		readonly makeModel: ReturnType<typeof createPanelModel>
	} | null = null
	let stopListening: () => void = () => undefined

	/** The last word may be lost where the line is closed right behind it: the other end closes it. */
	const sayEnd = (line: Panel['line'], why: 'refused' | 'left'): void => {
		line.send({ type: 'ended', why })
		line.onClose(setTimer(line.close, HANG_UP_MS))
	}

	const createPanel = (line: Panel['line'], page: Panel['page']): Panel => {
		const clock = createPageClock()
		const isWithin = createRation(ASKS_BURST, ASKS_PER_S, local)
		let changesOf = createPartSender()
		let isFirst = true
		let last = { model: 0, atMs: -Infinity, isSeen: true }
		let isDue = false
		let cancel: () => void = () => undefined
		let offsetMs: Millis | null = null
		let chat = CHAT_SHOWN
		let dropped = 0
		let isTyping = false

		const sendModel = (): void => {
			cancel()
			cancel = () => undefined
			isDue = false
			if (shown === null) return
			const model = shown.makeModel({ chat, toLocal: clock.toLocal }, offsetMs)
			const changes = changesOf(model)
			if (changes.length === 0) return
			offsetMs = model.roomOffsetMs
			last = { model: last.model + 1, atMs: local(), isSeen: false }
			line.send({ type: 'model', model: last.model, isFirst, changes })
			isFirst = false
		}
		const changed = (): void => {
			if (isDue && last.isSeen) return
			isDue = true
			if (!last.isSeen) return
			const waitMs = last.atMs + MODEL_EVERY_MS - local()
			if (waitMs <= 0) sendModel()
			else cancel = setTimer(sendModel, waitMs)
		}
		const answer = (seq: number, work: () => Promise<unknown>): void => {
			// A command that throws is answered like one that rejects.
			void new Promise((resolve) => resolve(work()))
				.then((value) => line.send({ type: 'answer', seq, value: carry(value) }))
				.catch((error: unknown) => {
					console.error(error)
					line.send({ type: 'not-done', seq, message: panelLineWords().notDone })
				})
		}
		const heard = (message: FromPanel, session: RoomSession): void => {
			const { commands, live } = session
			switch (message.type) {
				case 'do':
					return (commands[message.name] as (...args: readonly unknown[]) => void)(...message.args)
				case 'ask':
					return answer(message.seq, () =>
						(commands[message.name] as (...args: readonly unknown[]) => Promise<unknown>)(...message.args),
					)
				case 'stats':
					return answer(message.seq, async () => commands.stats())
				case 'add-page':
					return answer(message.seq, () => deps.addPage(message.isNow))
				case 'typing':
					isTyping = message.isTyping
					return live.setTyping(isTyping)
				case 'float':
					return void live.float(message.emoji)
				case 'older':
					chat += OLDER_STEP
					return changed()
				case 'toast': {
					const { toast } = session.model()
					if (toast?.id !== message.id) return
					if (toast.action?.kind !== 'copy') return commands.toastAction(toast)
					const { copiedAtLast, refused } = linkToastsWords()
					commands.dismissToast(toast.id)
					return commands.tell(message.didCopy === true ? copiedAtLast : refused)
				}
				case 'copied': {
					const { copiedToSend, inInvite } = linkToastsWords()
					return commands.tell(message.didCopy ? copiedToSend : inInvite)
				}
				case 'word':
				case 'seen': // of another model, or said again
			}
		}
		const off = line.on((message) => {
			if (message.type === 'seen' && !last.isSeen && message.model === last.model) {
				clock.heard(last.atMs, message.atMs, local())
				last = { ...last, isSeen: true }
				const wasDue = isDue
				isDue = false
				if (wasDue) changed()
				return
			}
			const isAsked = 'seq' in message
			if (!isWithin()) {
				dropped++
				if (dropped >= DROPPED_MAX) return line.close()
				if (isAsked)
					line.send({ type: 'not-done', seq: message.seq, message: panelLineWords().tooMuchAtOnce })
				return
			}
			// What was on its way when the room went.
			if (shown !== null) return heard(message, shown.session)
			if (isAsked) line.send({ type: 'not-done', seq: message.seq, message: panelLineWords().noRoom })
		})
		const stop = (): void => {
			off()
			cancel()
			panels.delete(panel)
			if (isTyping) shown?.session.live.setTyping(false)
			isTyping = false
		}
		line.onClose(stop)
		const panel: Panel = {
			line,
			page,
			changed,
			restart: () => {
				changesOf = createPartSender()
				isFirst = true
				offsetMs = null
				chat = CHAT_SHOWN
				if (shown === null) line.send({ type: 'opening' })
				else changed()
			},
			end: (why) => {
				stop()
				sayEnd(line, why)
			},
		}
		return panel
	}

	/** There is a room, or the next one is on its way, and this page is in its tab. */
	const isPlace = (line: Line<FromPage, ToPage>): boolean => line === told && line.isOpen()

	const listen = (session: RoomSession | null): void => {
		if (session === (shown?.session ?? null)) return
		stopListening()
		stopListening = () => undefined
		shown = null
		if (session !== null) {
			const { link, page } = deps
			shown = { session, makeModel: createPanelModel({ session, link, page, local }) }
			const offModel = session.onChange(() => {
				for (const panel of panels) panel.changed()
			})
			const offFloat = session.live.onFloat(({ emoji, by }) => {
				for (const { line } of panels) line.send({ type: 'float', emoji, by })
			})
			stopListening = () => {
				offModel()
				offFloat()
			}
		}
		for (const panel of panels) panel.restart()
	}

	const review = (): void => {
		const session = deps.session()
		const line = deps.tab() === null ? null : deps.line()
		// Between two rooms a panel stays where it is; none comes before there is a room.
		if (line !== told) {
			told?.send({ type: 'panel', isOn: false })
			told = null
			for (const panel of [...panels]) panel.end('left')
		}
		listen(session)
		if (told === null && line !== null && session !== null) {
			told = line
			line.send({ type: 'panel', isOn: true })
		}
		for (const panel of panels) panel.changed()
	}

	return {
		take(port) {
			const tab = panelTabOf(port, deps.ownId, deps.ownUrl)
			if (tab === null) return port.disconnect()
			const line = createLine<FromPanel, ToPanel>(port, fromPanel)
			const refuse = (): void => {
				off()
				sayEnd(line, 'refused')
			}
			const cancel = setTimer(refuse, WORD_WITHIN_MS)
			line.onClose(cancel)
			const off = line.on((message) => {
				off()
				cancel()
				const page = message.type === 'word' ? words.spend(message.word) : null
				if (page === null || !isPlace(page) || tab !== deps.tab()) return refuse()
				const [oldest] = panels
				if (panels.size >= PANELS_MAX) oldest?.end('left')
				const panel = createPanel(line, page)
				panels.add(panel)
				panel.restart()
			})
		},
		wordFor: (line) => (isPlace(line) ? words.give(line) : null),
		review,
	}
}
