/**
 * The composition root of a room in the browser: builds every part, wires them, and gives the screens one model that
 * is replaced whole. Whatever it makes it also ends, in `close()`.
 */
import * as Y from 'yjs'
import { createRoom, type CommandOutcome } from '#lib/core/room.ts'
import type { Action } from '#lib/core/roles.ts'
import type { RoomState } from '#lib/core/state.ts'
import type { DeviceId, ItemId, Millis } from '#lib/core/units.ts'
import type {
	ConnectionView,
	OwnSettings,
	PersonView,
	PlayerView,
	StatusView,
	StepStats,
	ToastView,
} from '#lib/core/view.ts'
import { startDelayMs } from '#lib/follow/schedule.ts'
import { createRoomClock } from '#lib/follow/room-clock.ts'
import type { StorageTrouble } from '#lib/storage/storage.ts'
import { createCombinedTransport } from '#lib/transport/combined.ts'
import { createDocSync } from '#lib/sync/doc-sync.ts'
import { createSystemTimers } from '#lib/transport/timers.ts'
import { createClockExchange } from './clock-exchange.ts'
import type { ClockThread } from './clock-thread.ts'
import type { Commands } from './commands.ts'
import { keepOwnSettings, openOwnChannel } from './keep-own-settings.ts'
import { createLazyCommands } from './lazy-commands.ts'
import type { Device } from './device.ts'
import type { FoundRoom } from './find-room.ts'
import { takeFirstItems } from './first-item.ts'
import { findMovers } from './left-behind.ts'
import { takeMovedWord } from './moved-word.ts'
import { createNetwork, createPeerId } from './network.ts'
import type { CommandResult } from './people-commands.ts'
import { afterFirstLink, atFirstTouch, LATE_MS } from './late-parts.ts'
import { createLookAlikes } from './look-alike-marks.ts'
import { createPageTimers } from './page-timers.ts'
import { peopleView } from './people-view.ts'
import { createPickUp } from './pick-up.ts'
import { createFilmGate } from './film-gate.ts'
import type { Volume } from './playback-driver.ts'
import { createRoomPresence } from './room-presence.ts'
import { statusLine } from './status-line.ts'
import type { RoomOrders } from './room-orders.ts'
import { createStanding, type RoomEnd } from './standing.ts'
import { createToaster } from './toaster.ts'
import { createVisitKeeper, lockOfVisit } from './visits.ts'
import { createAwayWatch } from './why-away.ts'
import { NOT_FETCHED, whyNot, wordsFor } from './why-not.ts'

export interface RoomModel {
	readonly state: RoomState
	readonly people: readonly PersonView[]
	readonly connection: ConnectionView
	readonly player: PlayerView
	readonly status: StatusView | null
	readonly toast: ToastView | null
	readonly invite: { readonly link: string; readonly code: string; readonly canShare: boolean }
	readonly driftMs: number | null
	readonly lock: { readonly hasPassword: boolean; readonly canBeOrderedAtServer: boolean }
	/** By name: whose devices have told no key that a new lock could be sealed to. */
	readonly leftBehind: readonly string[]
	readonly own: OwnSettings
	/** Items that could not be played on this device, with why. */
	readonly unplayable: ReadonlyMap<ItemId, string>
	/** Names that resemble another member's. */
	readonly lookAlikes: ReadonlyMap<DeviceId, string>
}

export interface RoomSession {
	model(): RoomModel
	/** `fn` runs with each new model, four times a second and whenever something happened. */
	onChange(fn: (model: RoomModel) => void): () => void
	canDo(action: Action): string | null
	canUndo(entryId: string): string | null
	/** Room time. */
	nowMs(): Millis
	readonly commands: Commands
	setStage(stage: HTMLElement | null): void
	/** Idempotent. */
	close(): void
}

export interface OpenRoomDeps {
	readonly device: Device
	readonly found: Extract<FoundRoom, { type: 'found' }>
	/** Its worker came up while the room was looked for. Ended with the room. */
	readonly thread: ClockThread
	/** In its written form. */
	readonly code: string
	readonly leave: () => void
	/** This page is in the room no more: removed, or to go on to where it moved. The session is closed by its owner. */
	readonly onEnd: (end: RoomEnd) => void
}

const MODEL_EVERY_MS = 250
const SECOND_MS = 1_000
const TOGETHER_EVERY_MS = 500
const SAVE_VISIT_EVERY_MS = 5_000
/** With nobody in sight for so long after the server answered (or did not), nobody is here. */
const EMPTY_AFTER_MS = 4_000
/** Younger than this, the server has not been told of a room of ours. */
const NEW_ROOM_MS = 5_000
/** Unless there is somebody by then who knows more: then later still. */
const JOINER_ASKS_AFTER_MS = 3_000
/** By then whoever is here has been met. */
const HISTORY_AFTER_MS = 3_000
const HISTORY_RETRY_MS = 60_000
const VOLUME_KEY = 'volume'
/** Others in turn wait this much longer each, before they write what all have noticed. */
const TURN_MS = 700
const LOOK_FOR_TIME_MS = 10
const TIME_PATIENCE_MS = 8_000
const NO_STATS: StepStats = {
	nowMs: 0,
	readings: [],
	player: null,
	clock: { errorMs: null, offByMs: 0, neighbours: 0, oneWayP95Ms: 0 },
	people: [],
}

const readVolume = (kept: unknown): Volume => {
	const { volume, isMuted } = (typeof kept === 'object' && kept !== null ? kept : {}) as Partial<Volume>
	return {
		volume: typeof volume === 'number' && volume >= 0 && volume <= 1 ? volume : 1,
		isMuted: isMuted === true,
	}
}

export const openRoom = async (deps: OpenRoomDeps): Promise<RoomSession> => {
	const { device, found, thread, code, leave, onEnd } = deps
	const { keys, root, sealedRoot } = found
	const { roomId } = keys
	const pageUrl = new URL(location.href)
	const link = new URL(`./r#${code}`, pageUrl).href
	const isHidden = () => document.visibilityState === 'hidden'
	const closers: (() => void)[] = []
	let isClosed = false

	/* ── The way to the server, taken while the room is read ─────────────────────────────────────────────── */

	const timers = createPageTimers({
		isHidden,
		onHide: (fn) => {
			const onChange = () => (isHidden() ? fn() : undefined)
			document.addEventListener('visibilitychange', onChange)
			return () => document.removeEventListener('visibilitychange', onChange)
		},
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
				changed()
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
		hidesAddress: own.whenRead.then(({ hidesAddress }) => hidesAddress),
		isOutcast: (one, subject) => standing.isOutcast(one, subject),
		onRemoved: () => void whenReady.then(() => standing.refusedByServer()),
		onSignaling: (event) => void whenReady.then(() => presence.signaling(event)),
		onChange: () => void whenReady.then(() => changed()),
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
	const awayWatch = createAwayWatch(device.api, () => changed())
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

	const driver = createFilmGate({
		room,
		device,
		vector,
		isVectorOpen: () => pickUp.isOpen(),
		roomNow,
		whenTimeIsKnown: () => whenTimeIsKnown(),
		timers,
		isHidden,
		volume,
		onVolume: (next) => void device.store.settings.set(VOLUME_KEY, next),
		own: own.now,
		liveLatencyMs: () => presence.liveLatencyMs(),
		onIntent: (intent) => commands.fromPlayer(intent),
		startDelayMs: nextStartDelayMs,
		turnDelayMs: () => presence.turn() * TURN_MS,
		members: () => presence.playbacks(),
		here: () => presence.here(),
		people: () => model?.people ?? [],
		clock: () => clock.quality(),
		roundTripsMs: () => transport.links().flatMap(({ rttMs }) => rttMs ?? []),
		onChange: () => changed(),
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
		onChange: () => changed(),
	})

	/* ── What happens by itself ──────────────────────────────────────────────────────────────────────────── */

	const openedAtMs = device.localNowMs()
	/**
	 * What is written by a clock that is minutes off would be dated in the others' future, and a film started by it
	 * would jump once the room's time is known. Without anybody to ask, our own time is the room's soon.
	 */
	const whenTimeIsKnown = async (): Promise<void> => {
		const mayCome = () => network.connection().server !== 'away' || transport.links().length > 0
		const isPatient = () => device.localNowMs() - openedAtMs < TIME_PATIENCE_MS && mayCome()
		while (!isClosed && !clock.quality().isKnown && isPatient())
			await new Promise<void>((resolve) => timers.after(LOOK_FOR_TIME_MS, resolve))
		if (!clock.quality().isKnown) clock.settle()
	}
	const setDownIfEmpty = () => {
		if (!pickUp.isOpen()) return
		const isAlone = network.connection().state !== 'connecting' && network.others() === 0
		if (!isAlone || device.localNowMs() - openedAtMs < EMPTY_AFTER_MS) return
		const { playback } = room.state()
		const setDown = pickUp.nobodyIsHere(playback)
		if (setDown === null) return
		void room.playback.set({ ...setDown, isPlaying: false, rate: playback.rate, atMs: roomNow() })
	}
	let caughtUpAtMs = openedAtMs + EMPTY_AFTER_MS
	const isCaughtUp = () => device.localNowMs() >= caughtUpAtMs
	closers.push(
		sync.on((event) => {
			if (event.type === 'synced') pickUp.someoneIsHere()
			if (event.type === 'first-sync') caughtUpAtMs = Math.min(caughtUpAtMs, device.localNowMs() + SECOND_MS)
		}),
	)

	/** Without it the room works; only a changed lock leaves this device behind, which the owner is told beforehand. */
	const ownBoxKey = async (): Promise<{ boxKey?: Uint8Array }> => {
		try {
			return { boxKey: (await device.store.boxKey()).publicKey }
		} catch (error) {
			console.warn('This browser keeps no key that a new lock could be sealed to.', error)
			return {}
		}
	}
	let introduced: string | undefined
	const introduceNow = async (): Promise<CommandOutcome> => {
		const myName = await device.name()
		const token = await device.identity.token(myName)
		introduced = token?.token
		return room.introduce({
			// Signed in, one goes by the account's name: it is the one that the server vouches for.
			name: token?.isAccount === true ? token.name : myName,
			token: token?.token ?? null,
			...(await ownBoxKey()),
		})
	}
	let introducing: Promise<unknown> = Promise.resolve()
	/** One after the other: an older name, slow on its way to its token, must not come in behind a newer one. */
	const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
		const done = introducing.then(work)
		introducing = done.catch(() => undefined) // whoever asked hears of it
		return done
	}
	const introduce = () => inTurn(introduceNow)
	const renameGuest = async (next: string): Promise<CommandResult> => {
		const token = await device.identity.token(name)
		const outcome = await room.introduce({ name: next, token: token?.token ?? null })
		const message = await wordsFor(outcome)
		if (message !== null) return { type: 'refused', message }
		await device.setName(next.trim())
		return { type: 'done' }
	}
	const rename = async (next: string): Promise<CommandResult> => {
		if ((await device.identity.known())?.isAccount !== true) return inTurn(() => renameGuest(next))
		const { renameAccount } = await import('./open-account.ts')
		// Whoever keeps the identity fresh introduces the new name, here and in other tabs.
		return renameAccount(device, next)
	}

	/** What the server has to carry out for this room; fetched once there is something. */
	let madeOrders: Promise<RoomOrders> | null = null
	const orders = (): Promise<RoomOrders> =>
		(madeOrders ??= import('./room-orders.ts').then(({ createRoomOrders }) => {
			const key = `orders-${roomId}`
			const made = createRoomOrders({
				root,
				state: () => room.state(),
				send: async (order) => {
					const token = await device.identity.token(await device.name())
					return token === null ? null : device.api.order(device.signer, token.token, roomId, order)
				},
				kept: {
					get: () => device.store.settings.get(key),
					set: (value) => device.store.settings.set(key, value),
				},
				wallNowMs: device.wallNowMs,
				timers,
			})
			closers.push(made.stop)
			return made
		}))
	const reviewOrders = ({ myRole, members }: RoomState) => {
		if (myRole !== 'owner') return
		const hasSomething =
			root.ownerDevice !== device.signer.device || members.some(({ role }) => role === 'operator')
		if (!hasSomething && madeOrders === null) return
		orders().then(
			(made) => made.review(),
			(error: unknown) => {
				console.warn('What gives orders to the server could not be fetched.', error)
				madeOrders = null
			},
		)
	}

	/** Seen to once a second: the room keeps its history at the server, or somebody is alone and may find one there. */
	let isHistoryOpen = false
	const reviewHistory = () => {
		const { isFollower, state } = network.connection()
		if (isHistoryOpen || isFollower || device.localNowMs() - openedAtMs < HISTORY_AFTER_MS) return
		if (!room.state().settings.keepsHistory && (state !== 'alone' || isNew)) return
		isHistoryOpen = true
		import('./open-history.ts')
			.then(({ openHistory }) =>
				openHistory({
					device,
					keys,
					room,
					doc,
					sync,
					here: () => presence.list().flatMap(({ device: id, isLeaving }) => (isLeaving ? [] : [id])),
					isAlone: () => network.others() === 0,
					roomNow,
					timers,
					order: (order) => void orders().then((made) => made.give(order), console.warn),
					tell: (message) => commands.tellProblem(message),
				}),
			)
			.then(
				(close) => (isClosed ? close?.() : void (close && closers.push(close))),
				(error: unknown) => {
					console.warn('What keeps the history could not be fetched.', error)
					timers.after(HISTORY_RETRY_MS, () => (isHistoryOpen = false))
				},
			)
	}

	/* ── The model ───────────────────────────────────────────────────────────────────────────────────────── */

	const toaster = createToaster(
		(by) => room.state().members.find((member) => member.device === by)?.name ?? 'Somebody',
		(entryId) => room.canUndo(entryId)?.may === true,
		null,
		() => changed(),
	)
	const listeners = new Set<(model: RoomModel) => void>()
	let hadLinks = false

	const alike = createLookAlikes(() => changed())

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
		}
	}

	let model: RoomModel | null = null
	let isModelDue = false
	/** Many things change in one moment; the screens hear of it once. */
	function changed(): void {
		if (isModelDue || isClosed) return
		isModelDue = true
		queueMicrotask(() => {
			isModelDue = false
			if (isClosed) return
			model = makeModel()
			for (const fn of [...listeners]) fn(model)
		})
	}

	announceTrouble = changed

	const loadCommands = async (): Promise<Commands> => {
		const [{ createCommands }, { createTitles }] = await Promise.all([
			import('./commands.ts'),
			import('./titles.ts'),
		])
		const titles = createTitles({
			device,
			room,
			timers,
			onRefused: (message) => commands.tellProblem(message),
		})
		closers.push(titles.close)
		return createCommands({ ...forCommands, titles })
	}
	const stats = () => driver.stats() ?? NO_STATS
	const forCommands = {
		room,
		vector,
		driver,
		roomNow,
		startDelayMs: nextStartDelayMs,
		toaster,
		pageUrl,
		link,
		rename,
		writeClipboard: (text: string) => navigator.clipboard.writeText(text),
		share: typeof navigator.share === 'function' ? (data: ShareData) => navigator.share(data) : null,
		leave,
		orders,
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
		{ stats, joinSound: driver.join },
		(error) => {
			console.warn('What carries out commands could not be fetched.', error)
			toaster.show({ id: 'no-commands', text: NOT_FETCHED, subject: null, action: null, tone: 'problem' })
			changed()
		},
	)

	closers.push(
		room.onChange((state) => {
			// What is only being read in is history, however young.
			toaster.observe(state, isCaughtUp() ? roomNow() : Infinity)
			driver.roomChanged()
			standing.review()
			reviewOrders(state)
			changed()
		}),
	)
	toaster.observe(room.state(), Infinity)

	const visits = createVisitKeeper({
		store: device.store,
		visit: { roomId: keys.lookupId, code, sealedRoot, ...lockOfVisit(keys, found.passwordSecret) },
		state: () => ({ ...room.state(), playback: vector() }),
		people: () => model?.people ?? [],
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
		setDownIfEmpty()
		reviewHistory()
	})
	every(TOGETHER_EVERY_MS, driver.act)
	every(SAVE_VISIT_EVERY_MS, () => void visits.save())

	const onVisibility = () => {
		if (isHidden()) void visits.save()
		else driver.resync()
		presence.changed()
	}
	const onPageHide = () => {
		void visits.save()
		presence.sayBye()
		network.stop()
	}
	// A page brought back from the browser's cache has left the room; it comes in again.
	const onPageShow = (event: PageTransitionEvent) => (event.persisted ? location.reload() : undefined)
	document.addEventListener('visibilitychange', onVisibility)
	addEventListener('pagehide', onPageHide)
	addEventListener('pageshow', onPageShow)
	closers.push(() => {
		document.removeEventListener('visibilitychange', onVisibility)
		removeEventListener('pagehide', onPageHide)
		removeEventListener('pageshow', onPageShow)
	})

	/* ── In ──────────────────────────────────────────────────────────────────────────────────────────────── */

	// What is on this device may say already that this person is out: whoever comes back has perhaps been let in.
	if (room.state().myRole === 'banned') standing.askAgain()
	standing.review()
	transport.start(self)
	beReady()
	void visits.save()
	void whenTimeIsKnown().then(introduce).then(changed)
	void reviewOrders(room.state())
	/** What nobody misses in the first seconds. */
	const fetchTheRest = () => {
		void room.preload()
		void preloadCommands()
		alike.begin()
		Promise.all([import('./keep-identity.ts'), import('./outcome-words.ts')]).then(
			([{ keepIdentityFresh, onPageWake }, { describeNoIdentity }]) => {
				if (isClosed) return
				closers.push(
					keepIdentityFresh({
						identity: device.identity,
						known: introduced,
						name: device.name,
						timers,
						onWake: onPageWake,
						onRenewed: () => void introduce(),
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
	else if (isNew) void commands.offerLink()

	const register = async () => {
		const { keepRegistered } = await import('./register-room.ts')
		if (isClosed) return
		const onMoved = async (notes: string) => {
			const { admitNotes } = await import('./follow-move.ts')
			await admitNotes({ room, found }, notes)
		}
		const stop = keepRegistered({
			device,
			found,
			isNew,
			timers,
			onMoved: (notes) => {
				onMoved(notes).catch((error: unknown) => {
					console.warn('The server says that this room has moved, and its word could not be read.', error)
				})
			},
			onTaken: () => {
				console.warn('The server keeps another room under this number: newcomers will not find this one.')
			},
		})
		closers.push(stop)
	}
	const registerSoon = () => {
		register().catch((error: unknown) => {
			console.warn('The server could not be told of this room.', error)
		})
	}
	// Whoever comes by the link has the root from the server: what else it knows can wait for the first picture.
	if (found.isKnown) registerSoon()
	else {
		const ask = () => {
			if (transport.links().length === 0) registerSoon()
			else closers.push(timers.after(LATE_MS, registerSoon))
		}
		closers.push(timers.after(JOINER_ASKS_AFTER_MS, ask))
	}
	void (async () => {
		await whenTimeIsKnown()
		for (const item of takeFirstItems(sessionStorage, code)) await commands.addItem(item, 'end')
	})()

	return {
		model: () => (model ??= makeModel()),
		onChange: (fn) => {
			listeners.add(fn)
			return () => listeners.delete(fn)
		},
		canDo: (action) => whyNot(room.state().myRole, action, room.state().settings),
		canUndo: (entryId) => {
			const undo = room.canUndo(entryId)
			if (undo === null) return 'This cannot be undone.'
			return whyNot(room.state().myRole, undo.action, room.state().settings)
		},
		nowMs: roomNow,
		commands,
		setStage: (stage) => driver.setStage(stage),
		close: () => {
			if (isClosed) return
			void visits.save()
			isClosed = true
			listeners.clear()
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
