/**
 * The composition root of a room in the browser: builds every part, wires them, and gives the screens one model that
 * is replaced whole. Whatever it makes it also ends, in `close()`.
 */
import * as Y from 'yjs'
import type { LocalFiles } from '#lib/core/own-files.ts'
import { createRoom } from '#lib/core/room.ts'
import { can, type Action } from '#lib/core/roles.ts'
import type { DeviceId, Millis } from '#lib/core/units.ts'
import type { OwnSettings, StepStats } from '#lib/core/view.ts'
import { startDelayMs } from '#lib/follow/schedule.ts'
import { createRoomClock } from '#lib/follow/room-clock.ts'
import type { StorageTrouble } from '#lib/storage/storage.ts'
import { createCombinedTransport } from '#lib/transport/combined.ts'
import { createDocSync } from '#lib/sync/doc-sync.ts'
import { createSystemTimers } from '#lib/transport/timers.ts'
import { onLanguage } from '#lib/words/language.ts'
import { steeringWords } from '#lib/words/steering.ts'
import { createClockExchange } from './clock-exchange.ts'
import type { ClockThread } from './clock-thread.ts'
import type { Commands } from './commands.ts'
import { keepOwnSettings, openOwnChannel } from './keep-own-settings.ts'
import { createLazyCommands } from './lazy-commands.ts'
import type { Device } from './device.ts'
import type { ExtensionCall } from './extension-call.ts'
import type { FoundRoom } from './find-room.ts'
import { takeFirstItems, takeFirstWord } from './first-item.ts'
import { createFirstMoments } from './first-moments.ts'
import type { HandOver } from './hand-over.ts'
import { findMovers } from './left-behind.ts'
import { takeMovedWord } from './moved-word.ts'
import { createNetwork, createPeerId } from './network.ts'
import { nextTask } from './next-task.ts'
import { registerInTime } from './late-registration.ts'
import { createLazyHistory } from './lazy-history.ts'
import { createLiveGate, type LiveChat } from './chat/live-gate.ts'
import { createLazyOrders } from './lazy-orders.ts'
import { createOwnIntroduction } from './own-introduction.ts'
import { readVolume, VOLUME_KEY } from './own-settings.ts'
import { pageVisibility, watchPageLife, type PageVisibility } from './page-life.ts'
import { afterFirstLink, atFirstTouch } from './late-parts.ts'
import { createLookAlikes } from './look-alike-marks.ts'
import { createPageTimers } from './page-timers.ts'
import { peopleView } from './people-view.ts'
import { createPickUp } from './pick-up.ts'
import { createFilmGate } from './film-gate.ts'
import { createFileGate } from './local-file/file-gate.ts'
import { createRoomPresence } from './room-presence.ts'
import { statusLine } from './status-line.ts'
import { createRoomModels, type RoomModel } from './room-model.ts'
import { createStanding, type RoomEnd } from './standing.ts'
import { createToaster } from './toaster.ts'
import { createVisitKeeper, lockOfVisit } from './visits.ts'
import { createAwayWatch } from './why-away.ts'
import { notFetched, whyNot } from './why-not.ts'

export interface RoomSession {
	model(): RoomModel
	/** `fn` runs with each new model, four times a second and whenever something happened. */
	onChange(fn: (model: RoomModel) => void): () => void
	canDo(action: Action): string | null
	canUndo(entryId: string): string | null
	/** Room time. */
	nowMs(): Millis
	readonly commands: Commands
	/** Who is writing, and reactions over the picture. */
	readonly live: LiveChat
	/** People's own files in place of links (`local-file/port.ts`). */
	readonly files: LocalFiles
	setStage(stage: HTMLElement | null): void
	/** Idempotent. */
	close(): void
}

/** What the app's own page answers by itself. */
export interface RoomPlace {
	/** The room's, as it is given to others: an address of the app. */
	readonly link: string
	/** Of the page that the film plays on. */
	readonly visibility: PageVisibility
}

export interface OpenRoomDeps {
	readonly device: Device
	readonly found: Extract<FoundRoom, { type: 'found' }>
	/** Its worker came up while the room was looked for. Ended with the room. */
	readonly thread: ClockThread
	/** In its written form. */
	readonly code: string
	readonly leave: () => void
	/** Files that the front page started this room with. */
	readonly handOver: HandOver
	/** Where this page is none of the app's: the extension's room, whose film plays on a page of its site. */
	readonly place?: RoomPlace
	/** This page is in the room no more: removed, or to go on to where it moved. The session is closed by its owner. */
	readonly onEnd: (end: RoomEnd) => void
}

const MODEL_EVERY_MS = 250
const SECOND_MS = 1_000
const TOGETHER_EVERY_MS = 500
const SAVE_VISIT_EVERY_MS = 5_000
/** "Link copied" has been read by then. */
const FIRST_WORD_AFTER_MS = 4_000
/** Younger than this, the server has not been told of a room of ours. */
const NEW_ROOM_MS = 5_000
/** Others in turn wait this much longer each, before they write what all have noticed. */
const TURN_MS = 700
const NO_STATS: StepStats = {
	nowMs: 0,
	readings: [],
	player: null,
	clock: { errorMs: null, offByMs: 0, neighbours: 0, oneWayP95Ms: 0 },
	people: [],
}

export const openRoom = async (deps: OpenRoomDeps): Promise<RoomSession> => {
	const { device, found, thread, code, leave, handOver, onEnd } = deps
	const { keys, root, sealedRoot } = found
	const { roomId } = keys
	const pageUrl = new URL(deps.place?.link ?? location.href)
	const link = deps.place?.link ?? new URL(`./r#${code}`, pageUrl).href
	const visibility = deps.place?.visibility ?? pageVisibility
	const { isHidden } = visibility
	/** Beside another screen: nothing plays here. */
	const isRemote = pageUrl.searchParams.get('view') === 'remote'
	const closers: (() => void)[] = []
	let isClosed = false

	/* ── The way to the server, taken while the room is read ─────────────────────────────────────────────── */

	const timers = createPageTimers({
		isHidden,
		onHide: (fn) => visibility.onChange(() => (isHidden() ? fn() : undefined)),
		local: device.localNowMs,
		thread,
	})
	const systemTimers = createSystemTimers(globalThis)
	const clock = createRoomClock({
		local: device.localNowMs,
		wall: device.wallNowMs,
		present: () => network.others() + 1,
		expected: () => network.expected(),
	})
	const roomNow = () => clock.nowMs()
	const self = createPeerId(device.random)
	const transport = createCombinedTransport()
	let beReady: () => void = () => undefined
	const whenReady = new Promise<void>((resolve) => (beReady = resolve))
	const own = keepOwnSettings({
		settings: device.store.settings,
		channel: openOwnChannel(),
		onChange: (_now, { hidesAddress }) => {
			if (hidesAddress !== undefined) network.setHidesAddress(hidesAddress)
			void whenReady.then(() => {
				driver.ownChanged()
				models.changed()
			})
		},
	})
	closers.push(own.close)
	const network = createNetwork({
		device,
		keys,
		self,
		transport,
		clock,
		timers: systemTimers,
		makeSocket: thread.makeSocket,
		whenReady,
		isJoining: !found.isKnown,
		visibility,
		hidesAddress: own.whenRead.then(({ hidesAddress }) => hidesAddress),
		isOutcast: (one, subject) => standing.isOutcast(one, subject),
		onRemoved: () => void whenReady.then(() => standing.refusedByServer()),
		onSignaling: (event) => void whenReady.then(() => presence.signaling(event)),
		onChange: () => void whenReady.then(() => models.changed()),
	})
	network.start()
	/** Nothing is left running where the room cannot be read. */
	const read = <T>(work: Promise<T>): Promise<T> =>
		work.catch((error: unknown) => {
			network.stop()
			own.close()
			timers.dispose()
			thread.dispose()
			throw error
		})

	/* ── The room, from disk ─────────────────────────────────────────────────────────────────────────────── */

	const fromDisk = Promise.all([
		device.store.rooms.get(keys.lookupId),
		device.store.settings.get(VOLUME_KEY).then(readVolume),
		device.name(),
		own.whenRead,
	])
	const doc = new Y.Doc()
	const docStore = device.store.openDoc(roomId, doc)
	let trouble: StorageTrouble | null = null
	/** Trouble may come while the document is still being read, before there is a model to change. */
	let announceTrouble: () => void = () => undefined
	const noteTrouble = (next: StorageTrouble) => {
		trouble = next
		announceTrouble()
	}
	closers.push(docStore.onTrouble(noteTrouble), device.onStorageTrouble(noteTrouble))
	const [[visitBefore, volume, name]] = await read(Promise.all([fromDisk, docStore.whenLoaded]))
	const room = createRoom({
		doc,
		roomId,
		root,
		signer: device.signer,
		verifier: device.verifier,
		seqs: device.store.seqs(roomId),
		clock: { nowMs: roomNow },
		random: device.random,
		checkIdentity: device.identity.check,
	})
	await read(room.whenAdmitted)
	// Nothing is wired yet: here the work may pause. What the room says is worked out once, by itself.
	await nextTask()
	room.state()
	await nextTask()

	/* ── Links ───────────────────────────────────────────────────────────────────────────────────────────── */

	const sync = createDocSync({
		doc,
		ledger: room.ledger,
		transport,
		timers: systemTimers,
		random: device.random,
		trial: async (request) => (await import('./update-trial.ts')).updateTrial(request),
		loadDigests: afterFirstLink(
			transport,
			timers,
			async () => (await import('#lib/sync/digest.ts')).createDigests,
		),
	})
	const awayWatch = createAwayWatch(device.api, () => models.changed())
	const exchange = createClockExchange({
		transport,
		clock,
		local: device.localNowMs,
		timers,
		isIdle: () => isHidden() || !room.state().playback.isPlaying,
		isPlaying: () => room.state().playback.isPlaying,
		onJump: () => driver.resync(),
		probeServer: () => network.probeServer(),
	})

	const standing = createStanding({
		state: () => room.state(),
		links: () => transport.links().filter(({ device: id }) => id !== device.signer.device).length,
		reviewOutcasts: () => network.reviewOutcasts(),
		follow: async () => {
			if (room.state().moved?.by === device.signer.device) {
				// Changed here: the command itself goes there, or another tab of this browser has gone.
				const visit = await device.store.rooms.get(keys.lookupId)
				if (visit?.movedTo === undefined) throw new Error('the new room is still being made')
				return { code: visit.movedTo }
			}
			const { followMove } = await import('./follow-move.ts')
			return followMove({ device, room, found })
		},
		onEnd,
		onTrouble: (error) => {
			console.warn('The room has moved, and this page could not follow yet.', error)
		},
		timers,
	})

	/* ── The player ──────────────────────────────────────────────────────────────────────────────────────── */

	const pickUp = createPickUp(visitBefore, room.state().playback, device.wallNowMs())
	const vector = () => pickUp.vector(room.state().playback)
	const nextStartDelayMs = () =>
		startDelayMs(
			[clock.quality().oneWayP95Ms, ...presence.oneWayMs()],
			[driver.status()?.startLagMs ?? 0, ...presence.startLagsMs()],
		)

	const files = createFileGate({
		device,
		roomId,
		state: room.state,
		addItem: (item, where) => commands.addItem(item, where),
		onChange: () => models.changed(),
		onCopies: () => driver.roomChanged(),
	})
	closers.push(files.close)
	const driver = createFilmGate({
		room,
		device,
		vector,
		isVectorOpen: () => pickUp.isOpen(),
		roomNow,
		whenTimeIsKnown: () => moments.whenTimeIsKnown(),
		timers,
		isHidden,
		volume,
		onVolume: (next) => void device.store.settings.set(VOLUME_KEY, next),
		own: own.now,
		liveLatencyMs: () => presence.liveLatencyMs(),
		ownCopy: files.ownCopy,
		onIntent: (intent) => commands.fromPlayer(intent),
		startDelayMs: nextStartDelayMs,
		turnDelayMs: () => presence.turn() * TURN_MS,
		members: () => presence.playbacks(),
		here: () => presence.here(),
		people: () => models.last()?.people ?? [],
		clock: () => clock.quality(),
		roundTripsMs: () => transport.links().flatMap(({ rttMs }) => rttMs ?? []),
		onChange: () => models.changed(),
	})

	/** The ready check that this person has said yes to. */
	let readyFor: string | null = null
	const presence = createRoomPresence({
		room,
		transport,
		driver,
		clock,
		readyFor: () => readyFor,
		self: { peer: self, device: device.signer.device },
		timers: systemTimers,
		isHidden,
		isRemote,
		hasOwnCopy: () => {
			const { itemId } = room.state().playback
			return itemId !== null && files.files.stateOf(itemId).type === 'in-use'
		},
		onChange: () => models.changed(),
	})

	const mayDo = (one: DeviceId, action: Action) => {
		const { members, settings } = room.state()
		return can(members.find(({ device: id }) => id === one)?.role ?? 'member', action, settings)
	}
	const live = createLiveGate(() => ({
		transport,
		timers: systemTimers,
		me: device.signer.device,
		mayChat: (one) => mayDo(one, 'chat'),
		mayReact: (one) => mayDo(one, 'react'),
		onChange: () => models.changed(),
	}))
	closers.push(live.stop)

	/* ── What happens by itself ──────────────────────────────────────────────────────────────────────────── */

	const moments = createFirstMoments({
		room,
		clock,
		network,
		links: () => transport.links().length,
		sync,
		pickUp,
		localNowMs: device.localNowMs,
		timers,
	})
	const introduction = createOwnIntroduction({ device, room, name })
	const orders = createLazyOrders({ device, roomId, root, state: room.state, timers })
	const history = createLazyHistory({
		room,
		network,
		isNew: () => isNew,
		nowMs: device.localNowMs,
		openedAtMs: moments.openedAtMs,
		timers,
		open: () => ({
			device,
			keys,
			room,
			doc,
			sync,
			here: () => presence.list().flatMap(({ device: id, isLeaving }) => (isLeaving ? [] : [id])),
			isAlone: () => network.others() === 0,
			roomNow,
			timers,
			order: (order) => void orders.get().then((made) => made.give(order), console.warn),
			tell: (message) => commands.tellProblem(message),
		}),
	})
	closers.push(moments.stop, orders.stop, history.stop)

	/* ── The model ───────────────────────────────────────────────────────────────────────────────────────── */

	const toaster = createToaster(
		(by) => room.state().members.find((member) => member.device === by)?.name ?? 'Somebody',
		(entryId) => room.canUndo(entryId)?.may === true,
		null,
		() => models.changed(),
	)
	let hadLinks = false

	const alike = createLookAlikes(() => models.changed())

	/** Where the film plays on a site already, nobody is asked to play it there. */
	let extension: ExtensionCall | null = null
	const findExtension = async (): Promise<void> => {
		const { callExtension } = await import('./extension-call.ts')
		if (isClosed) return
		extension = callExtension({ page: document, code, onChange: models.changed })
		closers.push(extension.close)
	}
	const watchOnSite = (): void => {
		const { current } = room.state().queue
		if (current !== null) extension?.watch(current)
	}

	const makeModel = (): RoomModel => {
		const state = room.state()
		const connection = network.connection()
		const status = driver.status()
		const people = peopleView(state, presence.list(), device.api.pictureUrl).filter(
			({ role, isMe }) => isMe || role !== 'banned',
		)
		if (connection.direct + connection.relayed > 0) hadLinks = true
		return {
			state,
			people,
			connection,
			player: driver.view(),
			driftMs: status?.driftMs === null || status === null ? null : Math.round(status.driftMs),
			status: statusLine({
				connection,
				whyServerAway: connection.server === 'away' ? awayWatch.text() : null,
				film: driver.line(people),
				storage: trouble,
				whyNotPersistent: device.store.whyNotPersistent,
				didLoseLinks: hadLinks && connection.direct + connection.relayed === 0 && presence.isAnybodyLeaving(),
			}),
			toast: toaster.current(),
			invite: { link, code, canShare: typeof navigator.share === 'function' },
			lock: {
				hasPassword: root.passwordCheck !== undefined,
				canBeOrderedAtServer: true,
			},
			leftBehind: state.myRole === 'owner' ? findMovers(room).leftBehind : [],
			lookAlikes: alike.marks(state.members),
			own: own.now(),
			unplayable: driver.unplayable(),
			extension: extension?.view() ?? null,
		}
	}

	// What brought the change has had its own task; drawing it takes as long again.
	const models = createRoomModels(makeModel, (fn) => void nextTask().then(fn))
	const { changed } = models
	announceTrouble = changed
	// What is said of the room is said anew in another language.
	closers.push(onLanguage(changed))

	const loadCommands = async (): Promise<Commands> => {
		const [{ createCommands }, { createTitles }, { createRoomFigures }] = await Promise.all([
			import('./commands.ts'),
			import('./titles.ts'),
			import('./stats/room-figures.ts'),
		])
		const titles = createTitles({
			device,
			room,
			timers,
			onRefused: (message) => commands.tellProblem(message),
		})
		const { figures, stop } = createRoomFigures({
			state: room.state,
			presences: presence.list,
			transport,
			clock: clock.quality,
			stats,
			sync: sync.stats,
			ledger: room.stats,
			roomNow,
			wallNow: device.wallNowMs,
			localNow: device.localNowMs,
			timers,
		})
		closers.push(titles.close, stop)
		return createCommands({ ...forCommands, titles, figures })
	}
	const stats = () => driver.stats() ?? NO_STATS
	const copyInvite = async (): Promise<boolean> => {
		try {
			await navigator.clipboard.writeText(link)
			return true
		} catch {
			return false // refused by the browser: the link stands beside the button, to be selected
		}
	}
	const forCommands = {
		room,
		vector,
		driver,
		roomNow,
		startDelayMs: nextStartDelayMs,
		toaster,
		pageUrl,
		link,
		takesPages: () => deps.place !== undefined || extension?.view()?.isOld === false,
		watchOnSite,
		rename: introduction.rename,
		copyInvite,
		share: typeof navigator.share === 'function' ? (data: ShareData) => navigator.share(data) : null,
		leave,
		orders: orders.get,
		device,
		found,
		timers,
		setOwn: (change: Partial<OwnSettings>) => void own.set(change),
		stats,
		isReady: (rev: string) => readyFor === rev,
		sayReady: () => {
			readyFor = room.state().playback.rev
			presence.changed()
			changed()
		},
		onMoved: onEnd,
		onChange: changed,
	}
	const { commands, preload: preloadCommands } = createLazyCommands(
		loadCommands,
		// A browser that wants a gesture wants it at once.
		{ stats, joinSound: driver.join, copyInvite, watchOnSite },
		(error) => {
			console.warn('What carries out commands could not be fetched.', error)
			toaster.show({ id: 'no-commands', text: notFetched(), subject: null, action: null, tone: 'problem' })
			changed()
		},
	)

	closers.push(
		room.onChange((state) => {
			// What is only being read in is history, however young.
			toaster.observe(state, moments.isCaughtUp() ? roomNow() : Infinity)
			driver.roomChanged()
			standing.review()
			orders.review(state)
			changed()
		}),
	)
	toaster.observe(room.state(), Infinity)

	const visits = createVisitKeeper({
		store: device.store,
		visit: { roomId: keys.lookupId, code, sealedRoot, ...lockOfVisit(keys, found.passwordSecret) },
		state: () => ({ ...room.state(), playback: vector() }),
		people: () => models.last()?.people ?? [],
		roomNow,
		wallNow: device.wallNowMs,
	})

	const every = (ms: Millis, fn: () => void) => {
		let cancel: () => void = () => undefined
		const loop = () => {
			cancel = timers.after(ms, () => {
				loop()
				fn()
			})
		}
		loop()
		closers.push(() => cancel())
	}
	every(MODEL_EVERY_MS, changed)
	every(SECOND_MS, () => {
		room.tick(roomNow())
		moments.setDownIfEmpty()
		history.review()
	})
	every(TOGETHER_EVERY_MS, driver.act)
	every(SAVE_VISIT_EVERY_MS, () => void visits.save())

	closers.push(
		watchPageLife({
			visibility,
			onVisibility: () => {
				if (isHidden()) void visits.save()
				else driver.resync()
				presence.changed()
			},
			onGo: () => {
				void visits.save()
				presence.sayBye()
				network.stop()
			},
		}),
	)

	/* ── In ──────────────────────────────────────────────────────────────────────────────────────────────── */

	// What is on this device may say already that this person is out: whoever comes back has perhaps been let in.
	if (room.state().myRole === 'banned') standing.askAgain()
	standing.review()
	transport.start(self)
	beReady()
	void visits.save()
	void moments.whenTimeIsKnown().then(introduction.introduce).then(changed)
	orders.review(room.state())
	/** What nobody misses in the first seconds. */
	const fetchTheRest = () => {
		void room.preload()
		void preloadCommands()
		alike.begin()
		live.load()
		if (deps.place === undefined)
			findExtension().catch((error: unknown) => {
				console.warn('What asks for the extension could not be fetched.', error)
			})
		if (!isRemote)
			import('./watching/while-playing.ts').then(
				({ watchWhilePlaying }) => {
					if (isClosed) return
					const { onChange, current: model } = models
					closers.push(
						watchWhilePlaying({ model, onChange, commands, pageUrl, visibility, local: device.localNowMs }),
					)
				},
				(error: unknown) => {
					console.warn('What media keys need could not be fetched.', error)
				},
			)
		Promise.all([import('./keep-identity.ts'), import('./outcome-words.ts')]).then(
			([{ keepIdentityFresh, onPageWake }, { describeNoIdentity }]) => {
				if (isClosed) return
				closers.push(
					keepIdentityFresh({
						identity: device.identity,
						known: introduction.token(),
						name: device.name,
						timers,
						onWake: onPageWake,
						onRenewed: () => void introduction.introduce(),
						onGone: (why) => commands.tellProblem(describeNoIdentity(why)),
					}),
				)
			},
			(error: unknown) => {
				console.warn('What renews the identity could not be fetched.', error)
			},
		)
	}
	closers.push(atFirstTouch(window, timers, fetchTheRest))
	const isNew =
		found.isKnown &&
		device.wallNowMs() - root.createdAtMs < NEW_ROOM_MS &&
		root.ownerDevice === device.signer.device
	const movedWord = takeMovedWord(sessionStorage, code)
	if (movedWord !== null) commands.tell(movedWord)
	// There is one toast at a time, and the link comes first.
	const tellLink = async () => {
		const { offerLink } = await import('./offer-link.ts')
		await offerLink({ link, copy: copyInvite, toaster })
		changed()
	}
	const linkTold =
		movedWord === null && isNew
			? tellLink().catch((error: unknown) => {
					console.warn('The link could not be offered: what does it could not be fetched.', error)
				})
			: Promise.resolve()

	closers.push(
		registerInTime({
			device,
			room,
			found,
			isNew,
			hasLinks: () => transport.links().length > 0,
			timers,
		}),
	)
	void (async () => {
		await moments.whenTimeIsKnown()
		for (const item of takeFirstItems(sessionStorage, code)) await commands.addItem(item, 'end')
		const taken = handOver.take(code)
		if (taken.type === 'lost') await linkTold
		if (taken.type !== 'none') {
			const { offerFirstFiles } = await import('./offer-first-files.ts')
			const { shareSubtitles, tell, tellProblem } = commands
			await offerFirstFiles(taken, { files: files.files, shareSubtitles, tell, tellProblem })
		}
		const word = takeFirstWord(sessionStorage, code)
		if (word === null) return
		await linkTold
		if (!isClosed) closers.push(timers.after(FIRST_WORD_AFTER_MS, () => commands.tell(word)))
	})()

	return {
		model: models.current,
		onChange: models.onChange,
		canDo: (action) => whyNot(room.state().myRole, action, room.state().settings),
		canUndo: (entryId) => {
			const undo = room.canUndo(entryId)
			if (undo === null) return steeringWords().cannotUndo
			return whyNot(room.state().myRole, undo.action, room.state().settings)
		},
		nowMs: roomNow,
		commands,
		live: live.live,
		files: files.files,
		setStage: (stage) => driver.setStage(stage),
		close: () => {
			if (isClosed) return
			void visits.save()
			isClosed = true
			models.stop()
			for (const fn of closers) fn()
			presence.sayBye()
			presence.stop()
			driver.dispose()
			exchange.stop()
			standing.stop()
			sync.stop()
			network.stop()
			transport.stop()
			timers.dispose()
			thread.dispose()
			room.dispose()
			void docStore.close().then(() => doc.destroy())
		},
	}
}
