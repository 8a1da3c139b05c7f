/**
 * What the front page can do: start a room with links or files, join by code, list and forget rooms visited.
 */
import { parseRoomCode } from '#lib/core/room-code.ts'
import { describeCodeProblem } from '#lib/core/room-code-words.ts'
import type { FileProblem, PickedFile } from '#lib/core/own-files.ts'
import type { NewItem } from '#lib/core/room.ts'
import { titleAtStart } from '#lib/core/title-words.ts'
import type { Millis, RoomId } from '#lib/core/units.ts'
import type { ListReading, VisitedRoomView } from '#lib/core/view.ts'
import type { VisitedRoom } from '#lib/storage/storage.ts'
import { codeWords } from '#lib/words/code.ts'
import { dayText } from '#lib/words/day-words.ts'
import { homeWords } from '#lib/words/home.ts'
import { appUrlOf } from './app-path.ts'
import { createRoomHere, roomHref } from './create-room.ts'
import type { Device } from './device.ts'
import { findRoom } from './find-room.ts'
import { leaveFirstItems, leaveFirstWord } from './first-item.ts'
import type { FirstFiles, HandOver } from './hand-over.ts'
import { sampleItem } from './sample-film.ts'
import { signInHref } from './sign-in-way.ts'
import { whyAway } from './why-away.ts'

export type HomeOutcome =
	| { readonly type: 'go'; readonly href: string }
	| { readonly type: 'refused'; readonly field: 'link' | 'code' | 'room'; readonly message: string }
	/** Of a file, whose words the screens have. */
	| { readonly type: 'bad-file'; readonly problem: FileProblem; readonly name: string }

export type JoinOutcome = Exclude<HomeOutcome, { type: 'bad-file' }>

export interface HomeDeps {
	readonly device: Device
	readonly pageUrl: URL
	readonly handOver: Storage
	/** Left out where no files come. */
	readonly files?: HandOver
}

export interface StartOptions {
	readonly title: string
	readonly password: string
}

interface First {
	readonly items: readonly NewItem[]
	readonly files?: FirstFiles
	/** For the room to say. */
	readonly note?: string | null
}

/** Several links and nothing else, apart by spaces or lines: a list. */
const severalLinks = (text: string): string | null => {
	const parts = text.split(/\s+/).filter((part) => part !== '')
	return parts.length > 1 && parts.every((part) => /^https?:\/\//i.test(part)) ? parts.join('\n') : null
}

export const createHome = ({ device, pageUrl, handOver, files }: HomeDeps) => {
	/** Where this server wants a sign-in or its door password before it keeps a room; back to what was typed. */
	const wayIn = async (link: string): Promise<HomeOutcome | null> => {
		const token = await device.identity.token(await device.name())
		const why = token === null ? device.identity.whyNone() : null
		// A room would start, but nobody could ever come: better said before.
		const away = why === 'unreachable' ? await whyAway(device.api) : null
		if (away !== null) return { type: 'refused', field: 'room', message: away.detail }
		if (why !== 'guests-off' && why !== 'door-closed') return null
		const { pathname } = appUrlOf(pageUrl)
		return {
			type: 'go',
			href: signInHref(link === '' ? pathname : `${pathname}?url=${encodeURIComponent(link)}`),
		}
	}

	const startWith = async (
		first: First,
		{ title, password = '' }: { readonly title: string; readonly password?: string },
		link = '',
	): Promise<HomeOutcome> => {
		const wrong = await passwordProblem(password)
		if (wrong !== null) return wrong
		const way = await wayIn(link)
		if (way !== null) return first.files === undefined ? way : stayWithFiles(way)
		const { code, href } = await createRoomHere(device, title.trim(), password)
		if (first.items.length > 0) leaveFirstItems(handOver, code, first.items)
		if (first.files !== undefined) files?.leave(code, first.files)
		if (typeof first.note === 'string') leaveFirstWord(handOver, code, first.note)
		return { type: 'go', href }
	}

	const passwordProblem = async (password: string): Promise<HomeOutcome | null> => {
		if (password === '') return null
		const { describePasswordProblem } = await import('#lib/core/lock-password.ts')
		const message = describePasswordProblem(password)
		return message === null ? null : { type: 'refused', field: 'room', message }
	}

	/** A file would not come along to the page of signing in: what has to be done first is said instead. */
	const stayWithFiles = async (way: HomeOutcome): Promise<HomeOutcome> => {
		if (way.type !== 'go') return way
		const { firstFilesWords } = await import('#lib/words/first-files.ts')
		const words = firstFilesWords()
		const message = device.identity.whyNone() === 'door-closed' ? words.doorFirst : words.signInFirst
		return { type: 'refused', field: 'room', message }
	}

	/** The room that is about to be made asks the server about links, until somebody switches it off. */
	const linkHelp = async () => {
		const { openMediaHelp } = await import('./open-titles.ts')
		return openMediaHelp(device, () => true)
	}
	const readListHere = async (text: string): Promise<ListReading> => {
		const { createLineResolver, readList } = await import('./read-list.ts')
		return readList(text, { pageUrl, resolve: createLineResolver(pageUrl, linkHelp) })
	}

	const startList = async (text: string, options: StartOptions): Promise<HomeOutcome> => {
		const { items, broken, leftOut } = await readListHere(text)
		const [why] = broken
		if (items.length === 0) return { type: 'refused', field: 'link', message: why?.why ?? '' }
		const left = broken.length + leftOut
		const { firstFilesWords } = await import('#lib/words/first-files.ts')
		const note = left > 0 ? firstFilesWords().linesLeftOut(left) : null
		return startWith({ items, note }, options, text)
	}

	const join = async (text: string): Promise<JoinOutcome> => {
		const parsed = parseRoomCode(text)
		if (parsed.type !== 'code')
			return { type: 'refused', field: 'code', message: describeCodeProblem(parsed) ?? '' }
		const found = await findRoom(device, parsed.code)
		const words = codeWords()
		switch (found.type) {
			case 'found':
			case 'password': // the room's page asks for it
				return { type: 'go', href: roomHref(parsed.code) }
			case 'moved':
				return { type: 'go', href: roomHref(found.code) }
			case 'unknown':
				return { type: 'refused', field: 'code', message: words.unknown }
			case 'bad-root':
				return { type: 'refused', field: 'code', message: words.badRoot }
			case 'newer':
				return { type: 'refused', field: 'code', message: words.newer }
			case 'server-away': {
				const why = await whyAway(device.api)
				return { type: 'refused', field: 'code', message: why?.detail ?? words.serverAway }
			}
			case 'busy':
				return {
					type: 'refused',
					field: 'code',
					message: words.busy(Math.ceil(found.retryAfterMs / 1000)),
				}
		}
	}

	return {
		/** `link` as typed, also several; empty makes an empty room. */
		start: async (link: string, options: StartOptions): Promise<HomeOutcome> => {
			const wrong = await passwordProblem(options.password)
			if (wrong !== null) return wrong
			if (link.trim() === '') return startWith({ items: [] }, options)
			const list = severalLinks(link)
			if (list !== null) return startList(list, options)
			const { readLink } = await import('./read-link.ts')
			const read = await readLink(link, pageUrl, linkHelp)
			if (read.type === 'problem') return { type: 'refused', field: 'link', message: read.message }
			return startWith({ items: read.type === 'item' ? [read.item] : read.items }, options, link.trim())
		},
		/** With films from disk, lists of links, subtitles. What none of them is is refused before there is a room. */
		startFiles: async (picked: readonly PickedFile[], options: StartOptions): Promise<HomeOutcome> => {
			const wrong = await passwordProblem(options.password)
			if (wrong !== null) return wrong
			const [{ sortFiles }, { checkHere }] = await Promise.all([
				import('./sort-files.ts'),
				import('./local-file/check-here.ts'),
			])
			const sorted = await sortFiles(picked, { check: checkHere(device), readList: readListHere })
			if (sorted.type === 'refused') return { type: 'refused', field: 'link', message: sorted.message }
			if (sorted.type === 'problem') return { ...sorted, type: 'bad-file' }
			const { items, files: first, note } = sorted
			const hasFiles = first.films.length + first.subtitles.length > 0
			return startWith({ items, note, ...(hasFiles ? { files: first } : {}) }, options)
		},
		startSample: () => startWith({ items: [sampleItem(pageUrl)] }, { title: 'Matinee' }),
		join,
		rooms: async (): Promise<readonly VisitedRoomView[]> => {
			const rooms = await device.store.rooms.list()
			return rooms
				.toSorted((a, b) => b.visitedAtMs - a.visitedAtMs)
				.map((room) => describeVisit(room, device.wallNowMs()))
		},
		forget: (roomId: string) => device.store.rooms.forget(roomId as RoomId),
	}
}

const describeVisit = (room: VisitedRoom, nowMs: Millis): VisitedRoomView => {
	const words = homeWords()
	const what =
		room.lastItem !== null
			? words.filmAt(titleAtStart(room.lastItem.title), Math.floor(room.lastItem.positionS / 60))
			: room.queueLength > 0
				? words.queueOf(room.queueLength)
				: words.emptyQueue
	return {
		roomId: room.roomId,
		href: roomHref(room.code),
		title: room.title === '' ? words.unnamed : room.title,
		summary: words.visited(what, dayText(room.visitedAtMs, nowMs)),
		people: room.people,
		visitedAtMs: room.visitedAtMs,
	}
}
