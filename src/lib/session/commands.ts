/**
 * What a person can ask of the room, from the screens' callbacks to the room's commands. Whatever is refused comes
 * back in a sentence: under the field where there is one, else as a toast.
 */
import { duplicateOf } from '#lib/core/media-identity.ts'
import { positionAt, type PlaybackVector } from '#lib/core/playback.ts'
import type { FiguresResult, RoomFigures } from '#lib/core/room-figures.ts'
import type { CommandOutcome, NewItem, Room, VectorChange } from '#lib/core/room.ts'
import type { ItemId, MessageId, Millis, Seconds, SubtitleId } from '#lib/core/units.ts'
import type {
	AddManyResult,
	AddResult,
	ListReading,
	OwnSettings,
	StatusView,
	StepStats,
	SubtitlesAdded,
	SubtitlesRead,
	ToastView,
	VideoSearch,
} from '#lib/core/view.ts'
import type { CommandResult, createPeopleCommands, PeopleDeps } from './people-commands.ts'
import { linkToastsWords } from '#lib/words/link-toasts.ts'
import type { UserIntent } from '#lib/follow/follower.ts'
import { linksWords } from '#lib/words/links.ts'
import { COUNT_DOWN_MS } from '#lib/follow/schedule.ts'
import type { FilmGate } from './film-gate.ts'
import type { createQueueCommands } from './queue-commands.ts'
import { sampleItem } from './sample-film.ts'
import type { Titles } from './titles.ts'
import type { Toaster } from './toaster.ts'
import type { createSubtitleDesk } from './watching/subtitle-desk.ts'
import { notFetched, whyNot, wordsFor } from './why-not.ts'

export interface CommandsDeps extends PeopleDeps {
	readonly room: Room
	readonly vector: () => PlaybackVector
	readonly driver: FilmGate
	readonly roomNow: () => Millis
	readonly startDelayMs: () => Millis
	readonly toaster: Toaster
	readonly pageUrl: URL
	/** There is an extension to play other sites' own pages. */
	readonly takesPages?: () => boolean
	/** Asks it to; called inside the gesture. */
	readonly watchOnSite: () => void
	/** The room's whole link. */
	readonly link: string
	readonly rename: (name: string) => Promise<CommandResult>
	/** The link onto the clipboard; false where the browser refuses: it stands beside the button, to be selected. */
	readonly copyInvite: () => Promise<boolean>
	readonly share: ((data: { title: string; url: string }) => Promise<void>) | null
	readonly leave: () => void
	readonly setOwn: (change: Partial<OwnSettings>) => void
	readonly stats: () => StepStats
	readonly figures: () => RoomFigures
	/** Tells the others that this person is ready for what stands still now. */
	readonly sayReady: () => void
	/** Whether this person has said so for the vector `rev`. */
	readonly isReady: (rev: string) => boolean
	/** What the server knows of links, where the room lets them go there. */
	readonly titles: Titles
	readonly onChange: () => void
}

type PeopleCommands = ReturnType<typeof createPeopleCommands>
type QueueCommands = ReturnType<typeof createQueueCommands>
type SubtitleDesk = ReturnType<typeof createSubtitleDesk>

export type Commands = ReturnType<typeof createCommands>

export const createCommands = (deps: CommandsDeps) => {
	const { room, driver, toaster, roomNow } = deps
	let lastToast = 0

	const problem = (message: string) => {
		toaster.show({
			id: `problem-${String(++lastToast)}`,
			text: message,
			subject: null,
			action: null,
			tone: 'problem',
		})
		deps.onChange()
	}
	const say = (text: string) => {
		toaster.show({ id: `word-${String(++lastToast)}`, text, subject: null, action: null, tone: 'plain' })
		deps.onChange()
	}
	/** For what has no field: done in silence, refused with a toast. */
	const tell = (command: Promise<CommandOutcome>) => {
		void command.then(wordsFor).then((message) => {
			if (message !== null) problem(message)
		})
	}
	const answer = async (command: Promise<CommandOutcome>): Promise<CommandResult> => {
		const message = await wordsFor(await command)
		return message === null ? { type: 'done' } : { type: 'refused', message }
	}

	/** The film as it runs or stands now, to be changed in part. */
	const vectorNow = (): VectorChange => {
		const playback = deps.vector()
		const nowMs = roomNow()
		return {
			positionS: Math.min(positionAt(playback, nowMs), driver.view().durationS ?? Infinity),
			// It waits to go on: whoever only moves it does not mean to stop it.
			isPlaying: playback.isPlaying || playback.cause.type === 'wait',
			rate: playback.rate,
			atMs: nowMs,
		}
	}
	const setVector = (change: Partial<VectorChange>) => tell(room.playback.set({ ...vectorNow(), ...change }))
	/** All start together, a moment from now. */
	const startAtMs = () => roomNow() + deps.startDelayMs()

	/** Whether what is on, having played at `before`, stands now because it was the last one and is over. */
	const hasRunOut = (before: PlaybackVector): boolean => {
		const { current } = room.state().queue
		if (current === null) return true
		const now = deps.vector()
		if (!before.isPlaying || now.isPlaying || now.itemId !== before.itemId) return false
		return now.positionS >= (current.durationS ?? Infinity) || driver.view().failure !== null
	}

	/** `before`: what was on when the person asked for it. */
	const addItem = async (
		item: NewItem,
		where: 'end' | 'next',
		before: PlaybackVector = deps.vector(),
	): Promise<AddResult> => {
		const twin = duplicateOf(room.state().queue, item.media)?.where
		const outcome = await room.queue.add(item, where)
		const message = await wordsFor(outcome)
		if (message !== null || outcome.type !== 'done' || outcome.item === undefined) {
			return { type: 'refused', message: message ?? linksWords().notAdded }
		}
		// With nothing on, what is added plays, if this person may: also where the last film was skipped or ended while
		// this one was being added, and stands on the screen as if there were nothing to come.
		if (hasRunOut(before)) await room.queue.playNow(outcome.item, startAtMs())
		deps.titles.note(outcome.item, item)
		return {
			type: 'added',
			item: outcome.item,
			title: item.title,
			// What was played before may well be wanted again.
			...(twin !== undefined && twin !== 'earlier' && { twin }),
		}
	}

	let queueCommands: Promise<QueueCommands> | null = null
	/** Those for many at once, fetched when the first of them is asked for. Rejects where they cannot be. */
	const ofQueue = (): Promise<QueueCommands> =>
		(queueCommands ??= import('./queue-commands.ts').then(
			(part) => part.createQueueCommands({ ...deps, startAtMs, hasRunOut }),
			(error: unknown) => {
				queueCommands = null
				throw error
			},
		))
	const orNotFetched = (error: unknown) => {
		console.warn(error)
		return { type: 'refused', message: notFetched() } as const
	}

	const { copyInvite } = deps
	const join = () => driver.join()

	/** "I am ready"; from whoever has said so already: "Start now". */
	const answerCheck = () => {
		const playback = deps.vector()
		if (playback.cause.type !== 'check') return
		if (deps.isReady(playback.rev))
			setVector({ isPlaying: true, atMs: startAtMs() + COUNT_DOWN_MS, cause: { type: 'go' } })
		else deps.sayReady()
	}

	/** One of the seldom ones, fetched when it is first asked for. */
	const seldom =
		<Name extends keyof PeopleCommands>(name: Name) =>
		async (...args: Parameters<PeopleCommands[Name]>): Promise<CommandResult> => {
			const part = await import('./people-commands.ts').catch((error: unknown) => {
				console.warn(error)
				return null
			})
			if (part === null) return { type: 'refused', message: notFetched() }
			const ask = part.createPeopleCommands(deps)[name] as (...given: typeof args) => Promise<CommandResult>
			return ask(...args)
		}

	/** What has to do with subtitles, fetched with the first of them; null where it cannot be. */
	let desk: Promise<SubtitleDesk> | null = null
	const subtitleDesk = (): Promise<SubtitleDesk | null> =>
		(desk ??= import('./watching/subtitle-desk.ts').then((part) => part.createSubtitleDesk(deps))).catch(
			(error: unknown) => {
				console.warn(error)
				desk = null
				return null
			},
		)
	const NO_DESK = (): CommandResult & { type: 'refused' } => ({ type: 'refused', message: notFetched() })

	return {
		play: () => {
			const playback = deps.vector()
			const { durationS } = driver.view()
			// At the very end, play means again from the start.
			const isAtEnd = durationS !== null && playback.positionS >= durationS - 0.25
			setVector({ isPlaying: true, atMs: startAtMs(), ...(isAtEnd ? { positionS: 0 } : {}) })
		},
		pause: () => setVector({ isPlaying: false }),
		seek: (positionS: Seconds) => setVector({ positionS: Math.max(0, positionS) }),
		/** Stops the film and asks everybody whether they are ready; the asker is. */
		askReady: () => {
			tell(
				room.playback.set({ ...vectorNow(), isPlaying: false, cause: { type: 'check' } }).then((outcome) => {
					if (outcome.type === 'done') deps.sayReady()
					return outcome
				}),
			)
		},
		resync: () => driver.resync(),
		correct: (behindMs: Millis) => driver.correct(behindMs),
		setOwn: deps.setOwn,
		stats: deps.stats,
		figures: (): Promise<FiguresResult> => Promise.resolve({ type: 'figures', figures: deps.figures() }),
		/** Somebody used the controls of the site's own player: what they did there is meant for all. */
		fromPlayer: ({ intent, positionS }: UserIntent) => {
			const { isPlaying } = deps.vector()
			const { myRole, settings } = room.state()
			const refusal = whyNot(myRole, 'control', settings)
			if (refusal !== null) problem(refusal)
			else if (intent === 'seek') setVector({ positionS })
			else if (intent === 'pause' && isPlaying) setVector({ isPlaying: false, positionS })
			else if (intent === 'play' && !isPlaying) setVector({ isPlaying: true, atMs: startAtMs() })
		},
		next: () => {
			const { queue } = room.state()
			if (queue.current !== null) tell(room.queue.advance(queue.current.id, startAtMs(), { type: 'user' }))
			else if (queue.next[0] !== undefined) tell(room.queue.playNow(queue.next[0].id, startAtMs()))
		},
		setRate: (rate: number) => setVector({ rate }),
		setVolume: (volume: number) => driver.setVolume({ volume, isMuted: volume === 0 }),
		setMuted: (isMuted: boolean) => driver.setVolume({ ...driver.volume(), isMuted }),
		setQuality: (id: number | null) => driver.setQuality(id),
		joinSound: join,
		watchOnSite: deps.watchOnSite,

		add: async (text: string, where: 'end' | 'next'): Promise<AddResult> => {
			// The link is looked at first, and the film may have gone by then.
			const before = deps.vector()
			const addOne = (item: NewItem, at: 'end' | 'next') => addItem(item, at, before)
			const { addLink } = await import('./add-link.ts')
			return addLink(
				{
					pageUrl: deps.pageUrl,
					help: deps.titles.help,
					takesPages: deps.takesPages?.() === true,
					addItem: addOne,
					tell: say,
				},
				text,
				where,
			)
		},
		/** Videos for words that are no link. */
		searchVideos: (text: string): Promise<VideoSearch> => deps.titles.search(text, deps.pageUrl),
		addSample: () => {
			void addItem(sampleItem(deps.pageUrl), 'end').then((result) => {
				if (result.type === 'refused') problem(result.message)
			})
		},
		/** The video that a room was started with, or that a search found. */
		addItem,
		readList: async (text: string): Promise<ListReading> => {
			try {
				return await (await ofQueue()).readList(text)
			} catch (error) {
				const { message } = orNotFetched(error)
				return { items: [], lines: [], broken: [], leftOut: 0, limit: 0, problem: message }
			}
		},
		addMany: (items: readonly NewItem[], where: 'end' | 'next'): Promise<AddManyResult> => {
			const before = deps.vector()
			return ofQueue().then((queue) => queue.addMany(items, where, before), orNotFetched)
		},
		addAgain: (item: ItemId): Promise<CommandResult> => {
			const before = deps.vector()
			return ofQueue().then((queue) => queue.addAgain(item, before), orNotFetched)
		},
		saveQueue: (): Promise<CommandResult> => ofQueue().then((queue) => queue.saveQueue(), orNotFetched),
		playNow: (item: ItemId) => tell(room.queue.playNow(item, startAtMs())),
		remove: (item: ItemId) => tell(room.queue.remove(item)),
		move: (item: ItemId, before: ItemId | null) => tell(room.queue.move(item, before)),
		vote: (item: ItemId, isFor: boolean) => tell(room.queue.vote(item, isFor)),
		clear: () => tell(room.queue.clear()),
		shuffle: () => tell(room.queue.shuffle()),

		/** `replyTo`: what it answers. */
		say: (text: string, replyTo?: MessageId): Promise<CommandResult> => {
			// With nothing on, the place counts for nothing.
			const positionS = positionAt(deps.vector(), roomNow())
			const isFilmOn = room.state().queue.current !== null
			const at = replyTo === undefined ? { positionS } : { positionS, replyTo }
			return answer(room.chat.send(text, isFilmOn || replyTo !== undefined ? at : undefined))
		},
		edit: (message: MessageId, text: string): Promise<CommandResult> => answer(room.chat.edit(message, text)),
		react: (message: MessageId, emoji: string, isOn: boolean) => tell(room.chat.react(message, emoji, isOn)),
		undo: (entryId: string) => tell(room.undo(entryId)),
		unsay: (message: MessageId) => tell(room.chat.remove(message)),
		setRole: seldom('setRole'),
		removePerson: seldom('removePerson'),
		letIn: seldom('letIn'),
		offerRoom: seldom('offerRoom'),
		withdrawOffer: seldom('withdrawOffer'),
		acceptRoom: seldom('acceptRoom'),
		changeSettings: seldom('changeSettings'),
		changeLock: seldom('changeLock'),
		exportLog: seldom('exportLog'),
		renameRoom: (title: string): Promise<CommandResult> => answer(room.renameRoom(title)),
		renameMe: deps.rename,

		shareSubtitles: async (
			file: File,
			options: { readonly encoding: string | null },
		): Promise<SubtitlesAdded> => (await subtitleDesk())?.share(file, options) ?? NO_DESK(),
		readSubtitles: async (id: SubtitleId): Promise<SubtitlesRead> =>
			(await subtitleDesk())?.read(id) ?? NO_DESK(),
		removeSubtitles: async (id: SubtitleId): Promise<CommandResult> =>
			(await subtitleDesk())?.remove(id) ?? NO_DESK(),

		tellProblem: problem,
		/** Something to know, with nothing to do. */
		tell: say,
		copyInvite,
		shareInvite: () => {
			// Closing the share sheet is no failure, and there is nothing else it can tell.
			void deps.share?.({ title: room.state().title || 'Matinee', url: deps.link }).catch(() => undefined)
		},
		leave: deps.leave,

		statusAction: (kind: StatusView['kind']) => {
			if (kind === 'join') join()
			else if (kind === 'resync') driver.resync()
			else if (kind === 'waiting') setVector({ isPlaying: true, atMs: startAtMs() })
			else if (kind === 'ready') answerCheck()
			else if (kind === 'alone') {
				void copyInvite().then((didCopy) => {
					toaster.show({
						id: `invite-${String(++lastToast)}`,
						text: didCopy ? linkToastsWords().copiedToSend : linkToastsWords().inInvite,
						subject: null,
						action: null,
						tone: 'plain',
					})
					deps.onChange()
				})
			}
		},
		toastAction: (toast: ToastView) => {
			if (toast.action?.kind === 'undo') tell(room.undo(toast.id))
			toaster.dismiss(toast.id)
			if (toast.action?.kind === 'copy')
				void copyInvite().then((didCopy) => {
					say(didCopy ? linkToastsWords().copiedAtLast : linkToastsWords().refused)
				})
			deps.onChange()
		},
		dismissToast: (id: string) => {
			toaster.dismiss(id)
			deps.onChange()
		},
	}
}
