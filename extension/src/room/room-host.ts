/**
 * The room in its place: opened and left at the popup's word by the app's own session, with a page's video for a player.
 * Composition root of the document that lives as long as the room (docs/decisions/0011).
 */
import { canonicalUrl } from '#lib/core/media-address.ts'
import type { MediaKind, MediaRef } from '#lib/core/media.ts'
import { describeCodeProblem } from '#lib/core/room-code-words.ts'
import { parseRoomCode } from '#lib/core/room-code.ts'
import type { LazyLoader } from '#lib/players/registry.ts'
import { findMissingHere } from '#lib/session/browser-needs.ts'
import { startClockThread } from '#lib/session/clock-thread.ts'
import { createRoomHere } from '#lib/session/create-room.ts'
import { openDevice, type Device } from '#lib/session/device.ts'
import { findRoom, type FoundOpenRoom, type FoundRoom } from '#lib/session/find-room.ts'
import { describeMissing } from '#lib/session/missing-words.ts'
import { openRoom, type RoomSession } from '#lib/session/open-room.ts'
import { localNowMs } from '#lib/session/platform.ts'
import { PLAYABLE_KINDS } from '#lib/sources/source.ts'
import { extensionWords } from '#lib/words/extension.ts'
import { shutRoomWords } from '#lib/words/shut-room.ts'
import type { FromPopup, PopupView, RoomShown } from '../wire/popup-messages.ts'
import { doesShow, mediaOfPage } from './page-media.ts'
import { createPages, type KnownPage } from './pages.ts'
import { createRemotePlayer } from './remote-player.ts'
import { createServerFetch } from './server-fetch.ts'
import type { RawPort } from '../wire/port.ts'

export interface RoomHostDeps {
	readonly ownId: string
	/** As it stands in `Origin`. */
	readonly ownOrigin: string
	readonly document: Document
	readonly setTimer: (fn: () => void, ms: number) => () => void
	readonly onView: (view: PopupView) => void
	/** The film plays in this tab from now on; null: in none. */
	readonly onTab: (tab: number | null) => void
	/** The tab's page was hidden or shown. */
	readonly onHidden: (isHidden: boolean) => void
}

export interface RoomHost {
	view(): PopupView
	ask(message: FromPopup): Promise<void>
	takePage(port: RawPort): void
	tabClosed(tab: number): void
}

/** A page's script that was put in tells what it is at once. */
const PAGE_ANSWER_MS = 5_000
const PEOPLE_MAX = 100
const PAGE_KINDS: readonly MediaKind[] = PLAYABLE_KINDS.filter((kind) => kind !== 'local-file')
const NO_FILES = { leave: () => undefined, take: () => ({ type: 'none' }) as const }
const NOTHING: PopupView = { type: 'none', problem: null }

type Problem = { readonly title: string; readonly detail: string }

export const createRoomHost = (deps: RoomHostDeps): RoomHost => {
	const { document, setTimer } = deps
	let view: PopupView = NOTHING
	let session: RoomSession | null = null
	let code = ''
	let server = ''
	let tab: number | null = null
	let note: string | null = null
	/** Opening is slow; whoever asks for something else meanwhile gets that only. */
	let attempt = 0
	let askedPassword: Extract<FoundRoom, { type: 'password' }> | null = null
	const devices = new Map<string, Promise<Device>>()

	/** Made anew for each film on each page; the room takes its player down with it. */
	const stage = document.createElement('div')
	document.body.append(stage)
	let staged = ''

	const show = (next: PopupView): void => {
		view = next
		deps.onView(next)
	}
	const page = (): KnownPage | null => (tab === null ? null : pages.get(tab))
	const host = (address: string): string => (URL.canParse(address) ? new URL(address).host : address)

	/* ── The player ──────────────────────────────────────────────────────────────────────────────────────── */

	const pagePlayer: LazyLoader = {
		kind: 'page',
		plays: PAGE_KINDS,
		import: async () => ({
			kind: 'page',
			canPlay: (media: MediaRef) => {
				const is = page()?.is
				return is !== null && is !== undefined && doesShow(is, media)
			},
			load: async (into: HTMLElement) => {
				const at = page()
				if (at === null) throw new Error('the page has gone')
				const standIn = document.createElement('div')
				into.append(standIn)
				return createRemotePlayer({ line: at.line, local: localNowMs, setTimer, standIn })
			},
		}),
	}
	/** The stage is given while the page shows what is on, and given anew when either changes. */
	const reviewStage = (): void => {
		if (session === null) return
		const { current } = session.model().state.queue
		const at = page()
		const is = at?.is ?? null
		const isOn = current !== null && is !== null && doesShow(is, current.media)
		const next = isOn ? `${String(at?.tab)} ${current.id} ${is.url}` : ''
		if (next === staged && (!isOn || stagedLine === at?.line)) return
		staged = next
		stagedLine = at?.line ?? null
		session.setStage(null)
		if (isOn) session.setStage(stage)
	}
	let stagedLine: KnownPage['line'] | null = null

	const pages = createPages({
		ownId: deps.ownId,
		setTimer,
		onChange: (which) => {
			if (which !== tab) return
			deps.onHidden(page()?.is?.isHidden ?? true)
			reviewStage()
			showRoom()
		},
	})

	/* ── What is shown ───────────────────────────────────────────────────────────────────────────────────── */

	const filmShown = (open: RoomSession): RoomShown['film'] => {
		const { state, player } = open.model()
		const { current } = state.queue
		if (current === null) return null
		const is = page()?.is ?? null
		const isHere = is !== null && doesShow(is, current.media)
		const obstacle = !isHere
			? 'other-page'
			: !is.hasVideo
				? 'no-video'
				: player.state === 'blocked'
					? 'blocked'
					: player.state === 'ad'
						? 'ad'
						: null
		return {
			title: current.title.slice(0, 500),
			url: current.media.kind === 'local-file' ? null : canonicalUrl(current.media),
			isPlaying: player.isPlaying,
			obstacle,
		}
	}
	const roomShown = (open: RoomSession): RoomShown => {
		const { state, people, connection, status } = open.model()
		const present = people.filter(({ presence }) => presence !== 'leaving')
		return {
			type: 'room',
			title: state.title.slice(0, 300),
			link: `${server}/r#${code}`,
			connection: connection.state,
			people: present.slice(0, PEOPLE_MAX).map(({ name, isMe, presence, driftS }) => ({
				name: name.slice(0, 200).toWellFormed(),
				isMe,
				isHere: presence === 'here',
				driftS: driftS === null || !Number.isFinite(driftS) ? null : Math.max(-1e6, Math.min(1e6, driftS)),
			})),
			count: present.filter(({ presence }) => presence === 'here').length,
			tab: page() === null ? null : tab,
			film: filmShown(open),
			whyNotSteer: open.canDo('control'),
			whyNotAdd: open.canDo('add'),
			status: status?.text.slice(0, 1_000) ?? null,
			note,
		}
	}
	/** Told only when something is different: the model is new four times a second. */
	let shownText = ''
	const showRoom = (): void => {
		if (session === null) return
		const next = roomShown(session)
		const text = JSON.stringify(next)
		if (text === shownText && view.type === 'room') return
		shownText = text
		show(next)
	}

	/* ── Opening and leaving ─────────────────────────────────────────────────────────────────────────────── */

	const setTab = (next: number | null): void => {
		tab = next
		deps.onTab(next)
		deps.onHidden(page()?.is?.isHidden ?? next === null)
		reviewStage()
	}
	const leave = (problem: Problem | null = null): void => {
		attempt++
		askedPassword = null
		session?.close()
		session = null
		note = null
		staged = ''
		stagedLine = null
		if (tab !== null) {
			tab = null
			deps.onTab(null)
		}
		pages.closeAll()
		show({ type: 'none', problem })
	}

	const deviceFor = (address: string): Promise<Device> => {
		const known = devices.get(address)
		if (known !== undefined) return known
		const opening = openDevice({
			fetch: createServerFetch(address, (input, init) => globalThis.fetch(input, init)),
			players: [pagePlayer],
		})
		devices.set(address, opening)
		// Where it cannot be opened, the next one to ask tries again.
		opening.catch(() => devices.delete(address))
		return opening
	}
	const awayWords = async (device: Device): Promise<Problem> => {
		const words = extensionWords()
		const isRefused = device.api.trouble()?.type === 'origin-refused'
		return {
			title: words.serverAway,
			detail: isRefused ? words.refusesExtension(deps.ownOrigin) : words.serverAwayAbout(host(server)),
		}
	}
	/** Why the server would let this device into no room; null where it does. */
	const missingIdentity = async (device: Device): Promise<Problem | null> => {
		if ((await device.identity.token(await device.name())) !== null) return null
		const words = extensionWords()
		const why = device.identity.whyNone()
		if (why === 'guests-off' || why === 'door-closed')
			return { title: words.guestsOff, detail: words.guestsOffAbout }
		return awayWords(device)
	}

	const enter = async (device: Device, found: FoundOpenRoom, isCurrent: () => boolean): Promise<void> => {
		if (!isCurrent()) return
		const opened = await openRoom({
			device,
			found,
			thread: startClockThread(localNowMs),
			code,
			leave: () => leave(),
			handOver: NO_FILES,
			onEnd: (end) => {
				const words = extensionWords()
				if (end.type === 'go') void join(end.code)
				else leave({ title: end.type === 'removed' ? words.removed : words.moved, detail: end.title })
			},
		})
		if (!isCurrent()) {
			opened.close()
			return
		}
		session = opened
		shownText = ''
		opened.onChange(() => {
			if (session !== opened) return
			reviewStage()
			showRoom()
		})
		reviewStage()
		showRoom()
	}
	const openFound = async (device: Device, found: FoundRoom, isCurrent: () => boolean): Promise<void> => {
		const words = extensionWords()
		const shut = shutRoomWords()
		switch (found.type) {
			case 'found':
				return enter(device, found, isCurrent)
			case 'password':
				askedPassword = found
				return show({ type: 'password', title: found.title.slice(0, 300), problem: null, isChecking: false })
			case 'moved':
				return join(found.code)
			case 'unknown':
				return leave({ title: words.unknownRoom, detail: words.unknownRoomAbout })
			case 'server-away':
				return leave(await awayWords(device))
			case 'bad-root':
				return leave({ title: shut.badRoot, detail: shut.badRootAbout })
			case 'busy':
				return leave({
					title: shut.tooManyTries,
					detail: shut.tooManyTriesAbout(Math.ceil(found.retryAfterMs / 1000)),
				})
		}
	}
	/** Runs the way into a room; whatever stops it is said. */
	const begin = async (work: (isCurrent: () => boolean) => Promise<void>): Promise<void> => {
		const kept = tab
		session?.close()
		session = null
		staged = ''
		note = null
		askedPassword = null
		tab = kept
		const mine = ++attempt
		const isCurrent = () => mine === attempt
		show({ type: 'opening' })
		try {
			const missing = describeMissing(await findMissingHere())
			if (missing !== null) return leave({ title: shutRoomWords().notOpened, detail: missing })
			await work(isCurrent)
		} catch (error) {
			console.error(error)
			const detail = error instanceof Error ? error.message : String(error)
			if (isCurrent()) leave({ title: shutRoomWords().notOpened, detail: detail.slice(0, 1_000) })
		}
	}
	const join = (text: string): Promise<void> =>
		begin(async (isCurrent) => {
			const parsed = parseRoomCode(text)
			if (parsed.type !== 'code')
				return leave({ title: shutRoomWords().notOpened, detail: describeCodeProblem(parsed) ?? '' })
			code = parsed.code
			const device = await deviceFor(server)
			const [found, problem] = await Promise.all([findRoom(device, code), missingIdentity(device)])
			if (!isCurrent()) return
			if (problem !== null && found.type !== 'found') return leave(problem)
			await openFound(device, found, isCurrent)
		})
	const start = (): Promise<void> =>
		begin(async (isCurrent) => {
			const device = await deviceFor(server)
			const problem = await missingIdentity(device)
			if (!isCurrent()) return
			if (problem !== null) return leave(problem)
			const here = tab === null ? null : await pages.whenKnown(tab, PAGE_ANSWER_MS)
			const created = await createRoomHere(device, '')
			code = created.code
			await openFound(device, await findRoom(device, code), isCurrent)
			if (isCurrent() && here !== null) await addPage(here, true)
		})

	const addPage = async ({ is }: KnownPage, isNow: boolean): Promise<void> => {
		if (session === null || is === null) return
		const media = mediaOfPage(is)
		if (media === null) {
			note = extensionWords().onlyHere
			return showRoom()
		}
		const { queue } = session.model().state
		const isOn = queue.current !== null
		const result = await session.commands.addItem({ media, title: is.title }, isNow && isOn ? 'next' : 'end')
		note = result.type === 'refused' ? result.message : null
		if (result.type === 'added' && isNow && isOn) session.commands.playNow(result.item)
		showRoom()
	}

	const ask = async (message: FromPopup): Promise<void> => {
		note = null
		switch (message.type) {
			case 'start':
				server = message.server
				tab = message.tab
				deps.onTab(tab)
				return start()
			case 'join':
				server = message.server
				tab = message.tab
				deps.onTab(tab)
				return join(message.text)
			case 'password': {
				if (askedPassword === null || view.type !== 'password' || view.isChecking) return
				const { title } = view
				const asked = askedPassword
				const mine = attempt
				show({ type: 'password', title, problem: null, isChecking: true })
				const opened = await asked.check(message.text)
				if (mine !== attempt) return
				if (opened === 'wrong')
					return show({
						type: 'password',
						title,
						problem: shutRoomWords().wrongPassword,
						isChecking: false,
					})
				return enter(await deviceFor(server), opened, () => mine === attempt)
			}
			case 'leave':
				return leave()
			case 'play-here':
				setTab(message.tab)
				return showRoom()
			case 'add-page': {
				const here = await pages.whenKnown(message.tab, PAGE_ANSWER_MS)
				if (here === null) {
					note = extensionWords().noPage
					return showRoom()
				}
				if (message.isNow) setTab(message.tab)
				return addPage(here, message.isNow)
			}
			case 'steer':
				if (message.isPlaying) session?.commands.play()
				else session?.commands.pause()
		}
	}

	return {
		view: () => view,
		ask,
		takePage: (port) => void pages.take(port),
		tabClosed: (which) => {
			if (which === tab) leave({ title: extensionWords().tabClosed, detail: '' })
		},
	}
}
