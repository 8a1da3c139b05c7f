/**
 * The way into a room and out of it: one room at a time, and whatever stops somebody on the way is told in the popup.
 */
import { describeCodeProblem } from '#lib/core/room-code-words.ts'
import { parseRoomCode } from '#lib/core/room-code.ts'
import type { Device } from '#lib/session/device.ts'
import type { FoundOpenRoom, FoundRoom } from '#lib/session/find-room.ts'
import type { RoomSession } from '#lib/session/open-room.ts'
import type { RoomEnd } from '#lib/session/standing.ts'
import { extensionWords } from '#lib/words/extension.ts'
import { shutRoomWords } from '#lib/words/shut-room.ts'
import type { PopupView } from '../wire/popup-messages.ts'

/** What the app does for it (`app-room.ts`). */
export interface RoomApp {
	/** This device as `server` knows it. */
	openDevice(server: string): Promise<Device>
	/** What this browser lacks for a room, in words. */
	describeMissing(): Promise<string | null>
	findRoom(device: Device, code: string): Promise<FoundRoom>
	/** Resolves to the new room's code. */
	createRoom(device: Device): Promise<string>
	openRoom(
		device: Device,
		found: FoundOpenRoom,
		code: string,
		over: { readonly leave: () => void; readonly onEnd: (end: RoomEnd) => void },
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
	/** Of the open room, as everybody without the extension opens it. */
	link(): string
	join(server: string, codeOrLink: string): Promise<void>
	/** `whenOpen` runs in the new room, unless it was left meanwhile. */
	start(server: string, whenOpen: () => Promise<void>): Promise<void>
	password(text: string): Promise<void>
	leave(problem?: Problem | null): void
}

const hostOf = (address: string): string => (URL.canParse(address) ? new URL(address).host : address)

export const createEnterRoom = ({ app, ...deps }: EnterDeps): EnterRoom => {
	let session: RoomSession | null = null
	let code = ''
	let server = ''
	/** Opening is slow; whoever asks for something else meanwhile gets that only. */
	let attempt = 0
	let asked: (Extract<FoundRoom, { type: 'password' }> & { isChecking: boolean }) | null = null
	const devices = new Map<string, Promise<Device>>()

	const close = (): void => {
		attempt++
		asked = null
		session?.close()
		session = null
		deps.onClose()
	}
	const leave = (problem: Problem | null = null): void => {
		close()
		deps.onLeave()
		deps.show({ type: 'none', problem })
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

	/* ── What stops somebody ─────────────────────────────────────────────────────────────────────────────── */

	const awayWords = (device: Device): Problem => {
		const words = extensionWords()
		const isRefused = device.api.trouble()?.type === 'origin-refused'
		return {
			title: words.serverAway,
			detail: isRefused ? words.refusesExtension(deps.ownOrigin) : words.serverAwayAbout(hostOf(server)),
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

	/* ── The way in ──────────────────────────────────────────────────────────────────────────────────────── */

	const enter = async (device: Device, found: FoundOpenRoom, isCurrent: () => boolean): Promise<void> => {
		if (!isCurrent()) return
		const opened = await app.openRoom(device, found, code, {
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
			case 'bad-root':
				return leave({ title: shut.badRoot, detail: shut.badRootAbout })
			case 'busy':
				return leave({
					title: shut.tooManyTries,
					detail: shut.tooManyTriesAbout(Math.ceil(found.retryAfterMs / 1000)),
				})
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
			if (problem !== null && found.type !== 'found') return leave(problem)
			await openFound(device, found, isCurrent)
		})

	return {
		session: () => session,
		link: () => `${server}/r#${code}`,
		join,
		start: (address, whenOpen) =>
			begin(address, async (isCurrent) => {
				const device = await deviceFor(server)
				const problem = await missingIdentity(device)
				if (!isCurrent()) return
				if (problem !== null) return leave(problem)
				const created = await app.createRoom(device)
				if (!isCurrent()) return
				code = created
				await openFound(device, await app.findRoom(device, code), isCurrent)
				if (isCurrent()) await whenOpen()
			}),
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
		leave,
	}
}
