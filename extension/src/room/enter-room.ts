/**
 * The way into a room and out of it: one room at a time, and whatever stops somebody on the way is told in the popup.
 */
import { describeCodeProblem } from '#lib/core/room-code-words.ts'
import { parseRoomCode } from '#lib/core/room-code.ts'
import type { AccountOutcome } from '#lib/session/account-words.ts'
import type { Device } from '#lib/session/device.ts'
import type { FoundOpenRoom, FoundRoom } from '#lib/session/find-room.ts'
import type { RoomSession } from '#lib/session/open-room.ts'
import type { RoomEnd } from '#lib/session/standing.ts'
import { extensionPersonWords } from '#lib/words/extension-person.ts'
import { extensionWords } from '#lib/words/extension.ts'
import { shutRoomWords } from '#lib/words/shut-room.ts'
import type { NoRoom, PopupView } from '../wire/popup-messages.ts'
import { createDoorQuestions, type DoorAccount } from './door-questions.ts'

/** What the app does for it (`app-room.ts`). */
export interface RoomApp {
	/** This device as `server` knows it. */
	openDevice(server: string): Promise<Device>
	openAccount(device: Device): DoorAccount
	/** How the server at `server` stands to this program, where neither reads the other. */
	otherVersion(server: string): 'newer' | 'older' | null
	/** What this browser lacks for a room, in words. */
	describeMissing(): Promise<string | null>
	findRoom(device: Device, code: string): Promise<FoundRoom>
	/** Resolves to the new room's code. */
	createRoom(device: Device): Promise<string>
	openRoom(
		device: Device,
		found: FoundOpenRoom,
		code: string,
		over: {
			/** Of the room, as everybody without the extension opens it. */
			readonly link: string
			readonly leave: () => void
			readonly onEnd: (end: RoomEnd) => void
		},
	): Promise<RoomSession>
}

export interface EnterDeps {
	readonly app: RoomApp
	/** Of the extension's pages, as it stands in `Origin`. */
	readonly ownOrigin: string
	/** Everything but the open room, which is its owner's to show. */
	readonly show: (view: Exclude<PopupView, { type: 'room' }>) => void
	readonly onOpen: (session: RoomSession) => void
	/** There is no room any more, perhaps until the next one opens. */
	readonly onClose: () => void
	/** Left for good; told before the popup is. */
	readonly onLeave: () => void
}

export type Problem = { readonly title: string; readonly detail: string }

export interface EnterRoom {
	session(): RoomSession | null
	/** Of the open room; '' where none is. */
	link(): string
	join(server: string, codeOrLink: string): Promise<void>
	/** `whenOpen` runs in the new room, unless it was left meanwhile. */
	start(server: string, whenOpen: () => Promise<void>): Promise<void>
	password(text: string): Promise<void>
	/** While no room is open: who this device is at `server`. */
	look(server: string): Promise<void>
	askSignIn(server: string): Promise<void>
	signIn(username: string, password: string): Promise<void>
	signOut(server: string): Promise<void>
	/** The server's own door password. */
	door(password: string): Promise<void>
	/** While no room is open, at `server`. */
	rename(server: string, name: string): Promise<void>
	leave(problem?: Problem | null): void
}

export const NOBODY: NoRoom = { type: 'none', problem: null, me: null, note: null }

const hostOf = (address: string): string => (URL.canParse(address) ? new URL(address).host : address)

export const createEnterRoom = ({ app, ...deps }: EnterDeps): EnterRoom => {
	let session: RoomSession | null = null
	let code = ''
	let server = ''
	/** Opening is slow; whoever asks for something else meanwhile gets that only. */
	let attempt = 0
	let asked: (Extract<FoundRoom, { type: 'password' }> & { isChecking: boolean }) | null = null
	const devices = new Map<string, Promise<Device>>()
	const questions = createDoorQuestions(deps.show)
	/** What is shown while nothing is open or on its way; null then. */
	let idle: NoRoom | null = NOBODY

	const close = (): void => {
		attempt++
		asked = null
		idle = null
		questions.drop()
		session?.close()
		session = null
		deps.onClose()
	}
	const leave = (problem: Problem | null = null): void => {
		close()
		deps.onLeave()
		showIdle({ ...NOBODY, problem })
		if (server !== '') void look(server)
	}
	const showIdle = (next: NoRoom): void => {
		idle = next
		deps.show(next)
	}

	const deviceFor = (address: string): Promise<Device> => {
		const known = devices.get(address)
		if (known !== undefined) return known
		const opening = app.openDevice(address)
		devices.set(address, opening)
		// Where it cannot be opened, the next one to ask tries again.
		opening.catch(() => devices.delete(address))
		return opening
	}

	/* ── Who one is ──────────────────────────────────────────────────────────────────────────────────────── */

	const whoIs = async (device: Device): Promise<NoRoom['me']> => {
		const known = await device.identity.known()
		const name = (await device.name()).slice(0, 200).toWellFormed()
		return { name, isAccount: known?.isAccount === true }
	}
	const look = async (address: string): Promise<void> => {
		const mine = attempt
		if (idle === null) return
		try {
			const me = await whoIs(await deviceFor(address))
			if (mine === attempt && idle !== null) showIdle({ ...idle, me })
		} catch (error) {
			console.warn(error) // who one is is told with the next try to do anything, which says what is wrong
		}
	}
	/** Something about the account at `address`, while no room is open; its refusal is told. */
	const withAccount = async (
		address: string,
		work: (account: DoorAccount) => Promise<AccountOutcome>,
	): Promise<void> => {
		if (idle === null) return
		server = address
		const mine = attempt
		const device = await deviceFor(address)
		const account = app.openAccount(device)
		await account.load()
		const outcome = await work(account)
		const me = await whoIs(device)
		if (mine !== attempt || idle === null) return
		const note = outcome.type === 'done' ? null : outcome.message.slice(0, 1_000)
		showIdle({ problem: null, me, note, type: 'none' })
	}

	/* ── What stops somebody ─────────────────────────────────────────────────────────────────────────────── */

	const versionWords = (other: 'newer' | 'older'): Problem => {
		const words = extensionPersonWords()
		return other === 'newer'
			? { title: words.newerServer(hostOf(server)), detail: words.updateExtension }
			: { title: words.olderServer(hostOf(server)), detail: words.olderServerAbout }
	}
	const awayWords = (device: Device): Problem => {
		const words = extensionWords()
		const other = app.otherVersion(server)
		if (other !== null) return versionWords(other)
		const isRefused = device.api.trouble()?.type === 'origin-refused'
		return {
			title: words.serverAway,
			detail: isRefused ? words.refusesExtension(deps.ownOrigin) : words.serverAwayAbout(hostOf(server)),
		}
	}
	/** Why the server would let this device into no room; null where it does. */
	const missingIdentity = async (device: Device): Promise<'door' | 'guests-off' | 'away' | null> => {
		if ((await device.identity.token(await device.name())) !== null) return null
		const why = device.identity.whyNone()
		return why === 'door-closed' ? 'door' : why === 'guests-off' ? why : 'away'
	}
	/** Asks what the server wants to know first. */
	const askFirst = async (
		device: Device,
		what: 'door' | 'guests-off',
		again: () => Promise<void>,
		isCurrent: () => boolean,
	): Promise<void> => {
		const account = app.openAccount(device)
		if (what === 'door') return questions.askDoor(server, account, again)
		await account.load()
		if (!isCurrent()) return
		if (account.state().type === 'away') return leave(awayWords(device))
		questions.askSignIn(server, account, true, again)
	}

	/* ── The way in ──────────────────────────────────────────────────────────────────────────────────────── */

	const enter = async (device: Device, found: FoundOpenRoom, isCurrent: () => boolean): Promise<void> => {
		if (!isCurrent()) return
		const opened = await app.openRoom(device, found, code, {
			link: `${server}/r#${code}`,
			leave: () => leave(),
			onEnd: (end) => {
				const words = extensionWords()
				if (end.type === 'go') void join(server, end.code)
				else leave({ title: end.type === 'removed' ? words.removed : words.moved, detail: end.title })
			},
		})
		if (!isCurrent()) {
			opened.close()
			return
		}
		session = opened
		opened.onChange(({ connection }) => {
			const { serverVersion, direct, relayed } = connection
			// With links the room goes on without its server.
			if (session === opened && serverVersion !== undefined && direct + relayed === 0)
				leave(versionWords(serverVersion))
		})
		deps.onOpen(opened)
	}
	const openFound = async (device: Device, found: FoundRoom, isCurrent: () => boolean): Promise<void> => {
		const words = extensionWords()
		const shut = shutRoomWords()
		switch (found.type) {
			case 'found':
				return enter(device, found, isCurrent)
			case 'password':
				asked = { ...found, isChecking: false }
				return askPassword(null)
			case 'moved':
				return join(server, found.code)
			case 'unknown':
				return leave({ title: words.unknownRoom, detail: words.unknownRoomAbout })
			case 'server-away':
				return leave(awayWords(device))
			case 'newer': {
				const { newerRoom, updateExtension } = extensionPersonWords()
				return leave({ title: newerRoom, detail: updateExtension })
			}
			case 'bad-root':
				return leave({ title: shut.badRoot, detail: shut.badRootAbout })
			case 'busy': {
				// A token that still holds may come to a door that was closed anew.
				const account = app.openAccount(device)
				await account.load()
				if (!isCurrent()) return
				if (account.state().type === 'door')
					return questions.askDoor(server, account, () => join(server, code))
				return leave({
					title: shut.tooManyTries,
					detail: shut.tooManyTriesAbout(Math.ceil(found.retryAfterMs / 1000)),
				})
			}
		}
	}
	const askPassword = (problem: string | null): void => {
		if (asked === null) return
		const { title, isChecking } = asked
		deps.show({ type: 'password', title: title.slice(0, 300), problem, isChecking })
	}
	/** Runs the way into a room; whatever stops it is said. */
	const begin = async (address: string, work: (isCurrent: () => boolean) => Promise<void>): Promise<void> => {
		close()
		server = address
		const mine = attempt
		const isCurrent = () => mine === attempt
		deps.show({ type: 'opening' })
		try {
			const missing = await app.describeMissing()
			if (!isCurrent()) return
			if (missing !== null) return leave({ title: shutRoomWords().notOpened, detail: missing })
			await work(isCurrent)
		} catch (error) {
			console.error(error)
			const detail = error instanceof Error ? error.message : String(error)
			if (isCurrent()) leave({ title: shutRoomWords().notOpened, detail: detail.slice(0, 1_000) })
		}
	}

	const join = (address: string, text: string): Promise<void> =>
		begin(address, async (isCurrent) => {
			const parsed = parseRoomCode(text)
			if (parsed.type !== 'code')
				return leave({ title: shutRoomWords().notOpened, detail: describeCodeProblem(parsed) ?? '' })
			code = parsed.code
			const device = await deviceFor(server)
			const [found, problem] = await Promise.all([app.findRoom(device, code), missingIdentity(device)])
			if (!isCurrent()) return
			if (problem === 'away' && found.type !== 'found') return leave(awayWords(device))
			if (problem === 'door' || problem === 'guests-off')
				return askFirst(device, problem, () => join(address, text), isCurrent)
			await openFound(device, found, isCurrent)
		})

	const start = (address: string, whenOpen: () => Promise<void>): Promise<void> =>
		begin(address, async (isCurrent) => {
			const device = await deviceFor(server)
			const problem = await missingIdentity(device)
			if (!isCurrent()) return
			if (problem === 'away') return leave(awayWords(device))
			if (problem !== null) return askFirst(device, problem, () => start(address, whenOpen), isCurrent)
			const created = await app.createRoom(device)
			if (!isCurrent()) return
			code = created
			await openFound(device, await app.findRoom(device, code), isCurrent)
			if (isCurrent()) await whenOpen()
		})
	const askSignIn = (address: string): Promise<void> =>
		begin(address, async (isCurrent) => {
			const device = await deviceFor(server)
			const account = app.openAccount(device)
			await account.load()
			if (!isCurrent()) return
			const words = extensionWords()
			const state = account.state().type
			if (state === 'away') return leave(awayWords(device))
			if (state === 'door') return questions.askDoor(server, account, () => askSignIn(address))
			if (state === 'signed-in') return leave()
			const offer = account.offer()
			if (offer?.passwords !== true && (offer?.issuers ?? []).length === 0)
				return leave({ title: words.noAccounts, detail: words.noAccountsAbout })
			questions.askSignIn(server, account, false, () => Promise.resolve(leave()))
		})

	return {
		session: () => session,
		link: () => session?.model().invite.link ?? '',
		join,
		start,
		async password(text) {
			if (asked === null || asked.isChecking) return
			const mine = attempt
			const isCurrent = () => mine === attempt
			asked = { ...asked, isChecking: true }
			askPassword(null)
			const opened = await asked.check(text)
			if (!isCurrent()) return
			asked = { ...asked, isChecking: false }
			if (opened === 'wrong') return askPassword(shutRoomWords().wrongPassword)
			await enter(await deviceFor(server), opened, isCurrent)
		},
		look,
		askSignIn,
		signIn: questions.signIn,
		signOut: (address) => withAccount(address, (account) => account.signOut({ everywhere: false })),
		door: questions.door,
		rename: (address, name) => withAccount(address, (account) => account.rename(name)),
		leave,
	}
}
