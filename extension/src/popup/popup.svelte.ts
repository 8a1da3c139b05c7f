/**
 * What the popup knows and does: the view that the room's document tells it, the tab it is over, and each thing that
 * a person can ask for. The browser comes in as functions.
 */
import { extensionSitesWords } from '#lib/words/extension-sites.ts'
import { extensionWords } from '#lib/words/extension.ts'
import { readServer } from '../room/server-fetch.ts'
import { patternOf } from '../sites/site-pattern.ts'
import type { FromPopup, PopupView } from '../wire/popup-messages.ts'

export interface PopupTab {
	readonly id: number
	readonly url: string
}

/** The port to the room's document, and what the browser lets the popup do to the tab. */
export interface PopupPort {
	send(message: FromPopup): void
	/** False where the browser does not allow it. */
	putScriptIn(tab: number): Promise<boolean>
	goTo(tab: number, url: string): Promise<void>
	close(): void
}

export interface PopupDeps {
	/** Null where the room's document never answers. */
	readonly openPort: (onView: (view: PopupView) => void, onGone: () => void) => Promise<PopupPort | null>
	/** Null where it shows no page that a room could play. */
	readonly tab: () => Promise<PopupTab | null>
	readonly keptServer: () => Promise<string>
	readonly keepServer: (server: string) => Promise<void>
	readonly copy: (text: string) => Promise<void>
	readonly isAllowed: (pattern: string) => Promise<boolean>
	/** Asks the person; only in a click. */
	readonly allow: (pattern: string) => Promise<boolean>
	readonly openSettings: () => void
	/** In a tab of its own. */
	readonly openPage: (url: string) => void
}

export type Popup = ReturnType<typeof createPopup>

export const hostOf = (url: string): string => URL.parse(url)?.host ?? url

/** Where the room's document was lost and is back, or not: never told as a room. */
const TRIES = 3

export const createPopup = (deps: PopupDeps) => {
	let view = $state.raw<PopupView>({ type: 'opening' })
	let tab = $state.raw<PopupTab | null>(null)
	let server = $state('')
	let problem = $state<string | null>(null)
	let said = $state<string | null>(null)
	let isLost = $state(false)
	/** The room's link, where its document was started anew while this popup was open. */
	let lost = $state<string | null>(null)
	/** Of the site in the tab; null where none can be given or it has been. */
	let askable = $state<string | null>(null)
	let port: PopupPort | null = null
	let open: string | null = null
	let isEnded = false

	const show = (next: PopupView, isFirst: boolean): void => {
		if (next.type === 'room') {
			open = next.link
			lost = null
		} else if (next.type === 'none') {
			if (isFirst && next.problem === null) lost = open ?? lost
			// Left by somebody's word, or told why. Who one is, which comes behind the first, changes nothing.
			else if (open !== null || next.problem !== null) lost = null
			open = null
		}
		view = next
	}
	const look = (): void => {
		if (view.type === 'none' && server !== '') port?.send({ type: 'look', server })
	}
	const connect = async (): Promise<void> => {
		isLost = false
		for (let tries = 0; tries < TRIES && !isEnded; tries++) {
			let isFirst = true
			const opened = await deps.openPort(
				(next) => {
					show(next, isFirst)
					isFirst = false
				},
				() => {
					port = null
					if (isEnded) return
					view = { type: 'opening' }
					void connect()
				},
			)
			if (opened === null) continue
			port = opened
			if (isEnded) opened.close()
			else look()
			return
		}
		isLost = true
	}
	const reviewSite = async (): Promise<void> => {
		const pattern = tab === null ? null : patternOf(tab.url)
		askable = pattern === null || (await deps.isAllowed(pattern)) ? null : pattern
	}
	const begin = async (): Promise<void> => {
		;[tab, server] = await Promise.all([deps.tab(), deps.keptServer()])
		await Promise.all([connect(), reviewSite()])
	}

	/** The address that is set, kept for the next time; null with the problem said. */
	const takeServer = async (typed = server): Promise<string | null> => {
		const read = readServer(typed)
		problem = read === null ? extensionWords().badServer : null
		if (read === null) return null
		server = read
		await deps.keepServer(read)
		return read
	}
	const putIn = async (): Promise<boolean> => {
		if (tab === null || port === null) return false
		const isIn = await port.putScriptIn(tab.id)
		if (!isIn) problem = extensionWords().notAllowed
		return isIn
	}
	/** With the page's script in the tab. */
	const withPage = async (message: (tab: number) => FromPopup): Promise<void> => {
		problem = null
		if (tab !== null && (await putIn())) port?.send(message(tab.id))
	}

	return {
		get view() {
			return view
		},
		get tab() {
			return tab
		},
		get server() {
			return server
		},
		/** What was typed here and cannot be taken, or the browser would not do. */
		get problem() {
			return problem
		},
		/** What came of a click, where it went well. */
		get said() {
			return said
		},
		get isLost() {
			return isLost
		},
		get lost() {
			return lost
		},
		/** The tab's site, where the person may let the extension stay on it. */
		get askableHost() {
			return askable === null || tab === null ? null : hostOf(tab.url)
		},
		begin,
		connect: () => void connect(),
		end: () => {
			isEnded = true
			port?.close()
		},

		/** True once it is kept. */
		async setServer(typed: string): Promise<boolean> {
			const isTaken = (await takeServer(typed)) !== null
			if (isTaken) look()
			return isTaken
		},
		async start(): Promise<void> {
			const address = await takeServer()
			if (address !== null) await withPage((id) => ({ type: 'start', server: address, tab: id }))
		},
		async join(code: string): Promise<void> {
			// A whole link says where its room is.
			const link = URL.parse(code.trim())
			const own = link === null ? null : readServer(`${link.origin}${link.pathname.replace(/\/r$/, '')}`)
			const address = await takeServer(own !== null && server.trim() === '' ? own : server)
			if (address === null) return
			if (own !== null && own !== address) {
				problem = extensionWords().otherServer(hostOf(own))
				return
			}
			const isIn = tab !== null && (await port?.putScriptIn(tab.id)) === true
			port?.send({
				type: 'join',
				server: address,
				text: code.slice(0, 500),
				tab: isIn ? (tab?.id ?? null) : null,
			})
		},
		password: (text: string): void => port?.send({ type: 'password', text: text.slice(0, 500) }),
		door: (text: string): void => port?.send({ type: 'door', text: text.slice(0, 1_024) }),
		async askSignIn(): Promise<void> {
			const address = await takeServer()
			if (address !== null) port?.send({ type: 'ask-sign-in', server: address })
		},
		signIn: (username: string, password: string): void =>
			port?.send({ type: 'sign-in', username: username.slice(0, 64), password: password.slice(0, 1_024) }),
		signOut: (): void => port?.send({ type: 'sign-out', server }),
		rename: (name: string): void => port?.send({ type: 'rename', server, name: name.slice(0, 200) }),
		leave: (): void => port?.send({ type: 'leave' }),

		playHere: () => withPage((id) => ({ type: 'play-here', tab: id })),
		addPage: (isNow: boolean) => withPage((id) => ({ type: 'add-page', tab: id, isNow })),
		steer: (isPlaying: boolean): void => port?.send({ type: 'steer', isPlaying }),
		goTo: (url: string): void => {
			if (tab !== null) void port?.goTo(tab.id, url)
		},
		/** For good, on the tab's site. */
		async stay(): Promise<void> {
			const pattern = askable
			if (pattern === null || tab === null) return
			const words = extensionSitesWords()
			const host = hostOf(tab.url)
			const isGiven = await deps.allow(pattern)
			problem = isGiven ? null : words.notLetIn(host)
			said = isGiven ? words.stays(host) : null
			await reviewSite()
		},
		async copy(link: string): Promise<void> {
			const words = extensionWords()
			try {
				await deps.copy(link)
				said = words.copied
			} catch {
				said = words.notCopied // the link stands there to be selected
			}
		},
		openSettings: deps.openSettings,
		openPage: deps.openPage,
	}
}
