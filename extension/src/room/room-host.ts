/**
 * The room in its place: opened and left at the popup's word by the app's own session, with a page's video for a player.
 * Composition root of the document that lives as long as the room (docs/decisions/0011).
 */
import { canonicalUrl } from '#lib/core/media-address.ts'
import type { MediaKind, MediaRef } from '#lib/core/media.ts'
import type { LazyLoader } from '#lib/players/registry.ts'
import type { RoomSession } from '#lib/session/open-room.ts'
import { cryptoRandom, localNowMs } from '#lib/session/platform.ts'
import { PLAYABLE_KINDS } from '#lib/sources/source.ts'
import { extensionWords } from '#lib/words/extension.ts'
import type { PanelPage } from '../wire/panel-messages.ts'
import type { FromPopup, PopupView, RoomShown } from '../wire/popup-messages.ts'
import type { FromRouter } from '../wire/router-messages.ts'
import { createRoomApp } from './app-room.ts'
import { createEnterRoom, NOBODY } from './enter-room.ts'
import { doesShow, mediaOfPage } from './page-media.ts'
import { createPages, type KnownPage } from './pages.ts'
import { createPanelHost } from './panel-host.ts'
import { createRemotePlayer } from './remote-player.ts'
import { createSiteAccess } from './site-access.ts'
import { createTabVisibility } from './tab-visibility.ts'
import type { RawPort } from '../wire/port.ts'

export interface RoomHostDeps {
	readonly ownId: string
	/** Of the extension. */
	readonly version: string
	/** As it stands in `Origin`. */
	readonly ownOrigin: string
	/** Of the extension's pages; ends in '/'. */
	readonly ownUrl: string
	readonly document: Document
	readonly setTimer: (fn: () => void, ms: number) => () => void
	readonly onView: (view: PopupView) => void
	/** The film plays in this tab from now on; null: in none. */
	readonly onTab: (tab: number | null) => void
}

export interface RoomHost {
	view(): PopupView
	ask(message: FromPopup): Promise<void>
	takePage(port: RawPort): void
	takePanel(port: RawPort): void
	/** Of the background: what it alone notices. */
	notice(message: FromRouter): void
}

/** A page's script that was put in tells what it is at once. */
const PAGE_ANSWER_MS = 5_000
const PEOPLE_MAX = 100
const PAGE_KINDS: readonly MediaKind[] = [...PLAYABLE_KINDS, 'page']

export const createRoomHost = (deps: RoomHostDeps): RoomHost => {
	const { document, setTimer } = deps
	let view: PopupView = NOBODY
	let tab: number | null = null
	let note: string | null = null

	/** Made anew for each film on each page; the room takes its player down with it. */
	const stage = document.createElement('div')
	document.body.append(stage)
	let staged = ''

	const show = (next: PopupView): void => {
		view = next
		deps.onView(next)
	}
	const visibility = createTabVisibility()
	const page = (): KnownPage | null => (tab === null ? null : pages.get(tab))

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
		const session = way.session()
		if (session === null) return
		const { current } = session.model().state.queue
		const at = page()
		const is = at?.is ?? null
		const isOn = current !== null && is !== null && doesShow(is, current.media)
		// The same film goes on where the site only tidies its address.
		const next = isOn ? `${String(at?.tab)} ${current.id}` : ''
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
			access.review()
			panels.review()
			visibility.set(page()?.is?.isHidden ?? true)
			reviewStage()
			showRoom()
		},
		wordFor: (line) => panels.wordFor(line),
		onPanelLost: (which) => {
			if (which !== tab) return
			note = extensionWords().panelLost
			showRoom()
		},
	})

	const access = createSiteAccess({ tab: () => tab, page, say: (text) => (note = text) })

	/* ── What is shown ───────────────────────────────────────────────────────────────────────────────────── */

	const filmShown = (open: RoomSession): RoomShown['film'] => {
		const { state, player } = open.model()
		const { earlier, current, next } = state.queue
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
			place: earlier.length + 1,
			of: earlier.length + 1 + next.length,
			url: current.media.kind === 'local-file' ? null : canonicalUrl(current.media),
			isPlaying: player.isPlaying,
			obstacle,
		}
	}
	const pageShown = (): RoomShown['page'] => {
		const is = page()?.is ?? null
		if (is === null) return null
		const { hasVideo, frame, isProtected, refuses } = is
		return { hasVideo, frame, isProtected, refuses }
	}
	const roomShown = (open: RoomSession): RoomShown => {
		const { state, people, connection, status } = open.model()
		const present = people.filter(({ presence }) => presence !== 'leaving')
		return {
			type: 'room',
			title: state.title.slice(0, 300),
			link: way.link(),
			connection: connection.state,
			people: present.slice(0, PEOPLE_MAX).map(({ name, isMe, presence, driftS }) => ({
				name: name.slice(0, 200).toWellFormed(),
				isMe,
				isHere: presence === 'here',
				driftS: driftS === null || !Number.isFinite(driftS) ? null : Math.max(-1e6, Math.min(1e6, driftS)),
			})),
			// Whoever reads it is here, whatever their page says.
			count: present.filter(({ presence, isMe }) => isMe || presence === 'here').length,
			tab: page() === null ? null : tab,
			isShutOut: access.isShutOut(),
			page: pageShown(),
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
		const session = way.session()
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
		access.review()
		deps.onTab(next)
		visibility.set(page()?.is?.isHidden ?? next === null)
		panels.review()
		reviewStage()
	}
	const way = createEnterRoom({
		app: createRoomApp({ version: deps.version, players: [pagePlayer], visibility }),
		ownOrigin: deps.ownOrigin,
		show,
		onOpen: (opened) => {
			shownText = ''
			panels.review()
			opened.onChange(() => {
				if (way.session() !== opened) return
				reviewStage()
				showRoom()
			})
			reviewStage()
			showRoom()
		},
		onClose: () => {
			note = null
			staged = ''
			stagedLine = null
			panels.review()
		},
		onLeave: () => {
			if (tab !== null) {
				tab = null
				deps.onTab(null)
			}
			panels.review()
			pages.closeAll()
		},
	})
	const siteShown = (): PanelPage['site'] => {
		const is = page()?.is ?? null
		return is === null ? null : { frame: is.frame, isProtected: is.isProtected, refuses: is.refuses }
	}
	const panels = createPanelHost({
		ownId: deps.ownId,
		ownUrl: deps.ownUrl,
		random: cryptoRandom,
		local: localNowMs,
		setTimer,
		session: () => way.session(),
		link: () => way.link(),
		tab: () => tab,
		line: () => page()?.line ?? null,
		page: () => {
			const film = view.type === 'room' ? view.film : null
			return { obstacle: film?.obstacle ?? null, url: film?.url ?? null, note, site: siteShown() }
		},
		addPage: async (isNow) => {
			const here = page()
			if (here === null) return { type: 'refused', message: extensionWords().noPage }
			note = null
			await addPage(here, isNow)
			return note === null ? { type: 'done' } : { type: 'refused', message: note }
		},
	})
	/** The room's first film is the page in this tab, which has five seconds to tell what it is. */
	const startWith = (server: string, from: number): Promise<void> => {
		const known = pages.whenKnown(from, PAGE_ANSWER_MS)
		return way.start(server, async () => {
			const here = await known
			if (here !== null) await addPage(here, true)
		})
	}

	const addPage = async ({ is }: KnownPage, isNow: boolean): Promise<void> => {
		const session = way.session()
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

	const rename = async (server: string, name: string): Promise<void> => {
		const session = way.session()
		if (session === null) return way.rename(server, name)
		const result = await session.commands.renameMe(name)
		if (way.session() !== session) return
		note = result.type === 'refused' ? result.message : null
		showRoom()
	}

	const ask = async (message: FromPopup): Promise<void> => {
		note = null
		switch (message.type) {
			case 'start':
				setTab(message.tab)
				return startWith(message.server, message.tab)
			case 'join':
				setTab(message.tab)
				return way.join(message.server, message.text)
			case 'password':
				return way.password(message.text)
			case 'leave':
				return way.leave()
			case 'look':
				return way.look(message.server)
			case 'ask-sign-in':
				return way.askSignIn(message.server)
			case 'sign-in':
				return way.signIn(message.username, message.password)
			case 'sign-out':
				return way.signOut(message.server)
			case 'door':
				return way.door(message.text)
			case 'rename':
				return rename(message.server, message.name)
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
				if (message.isPlaying) way.session()?.commands.play()
				else way.session()?.commands.pause()
		}
	}

	const notice = (message: FromRouter): void => {
		switch (message.type) {
			case 'tab-closed':
				if (message.tab === tab) way.leave({ title: extensionWords().tabClosed, detail: '' })
				return
			case 'shut-out':
				access.shutOut(message.tab)
				return showRoom()
			case 'sites-off':
				access.taken(message.patterns)
				return showRoom()
			case 'settings-are': // its words come in another language with the next view
				return
		}
	}

	return { view: () => view, ask, takePage: (port) => void pages.take(port), takePanel: panels.take, notice }
}
