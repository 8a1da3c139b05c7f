/**
 * What the front page can do: start a room with a link, join by code, list and forget rooms visited.
 */
import { parseRoomCode } from '#lib/core/room-code.ts'
import { describeCodeProblem } from '#lib/core/room-code-words.ts'
import type { NewItem } from '#lib/core/room.ts'
import { titleAtStart } from '#lib/core/title-words.ts'
import type { Millis, RoomId } from '#lib/core/units.ts'
import type { VisitedRoomView } from '#lib/core/view.ts'
import type { VisitedRoom } from '#lib/storage/storage.ts'
import { appUrlOf } from './app-path.ts'
import { createRoomHere, roomHref } from './create-room.ts'
import type { Device } from './device.ts'
import { findRoom } from './find-room.ts'
import { leaveFirstItems } from './first-item.ts'
import { sampleItem } from './sample-film.ts'
import { signInHref } from './sign-in-way.ts'
import { whyAway } from './why-away.ts'

export type HomeOutcome =
	| { readonly type: 'go'; readonly href: string }
	| { readonly type: 'refused'; readonly field: 'link' | 'code' | 'room'; readonly message: string }

export interface HomeDeps {
	readonly device: Device
	readonly pageUrl: URL
	readonly handOver: Storage
}

export const createHome = ({ device, pageUrl, handOver }: HomeDeps) => {
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
		items: readonly NewItem[],
		{ title, password = '' }: { readonly title: string; readonly password?: string },
		link = '',
	): Promise<HomeOutcome> => {
		if (password !== '') {
			const { describePasswordProblem } = await import('#lib/core/lock-password.ts')
			const message = describePasswordProblem(password)
			if (message !== null) return { type: 'refused', field: 'room', message }
		}
		const way = await wayIn(link)
		if (way !== null) return way
		const { code, href } = await createRoomHere(device, title.trim(), password)
		if (items.length > 0) leaveFirstItems(handOver, code, items)
		return { type: 'go', href }
	}

	const join = async (text: string): Promise<HomeOutcome> => {
		const parsed = parseRoomCode(text)
		if (parsed.type !== 'code')
			return { type: 'refused', field: 'code', message: describeCodeProblem(parsed) ?? '' }
		const found = await findRoom(device, parsed.code)
		switch (found.type) {
			case 'found':
			case 'password': // the room's page asks for it
				return { type: 'go', href: roomHref(parsed.code) }
			case 'moved':
				return { type: 'go', href: roomHref(found.code) }
			case 'unknown':
				return {
					type: 'refused',
					field: 'code',
					message: 'No room has this code. Check it letter by letter with whoever gave it to you.',
				}
			case 'bad-root':
				return {
					type: 'refused',
					field: 'code',
					message: 'The server has a room here that this code does not open.',
				}
			case 'server-away':
				return {
					type: 'refused',
					field: 'code',
					message:
						(await whyAway(device.api))?.detail ??
						'The server is away, and this device has not been in that room before. Try again in a minute.',
				}
			case 'busy':
				return {
					type: 'refused',
					field: 'code',
					message: `Too many tries. Again in ${String(Math.ceil(found.retryAfterMs / 1000))} s.`,
				}
		}
	}

	return {
		/** `link` as typed; empty makes an empty room. */
		start: async (
			link: string,
			options: { readonly title: string; readonly password: string },
		): Promise<HomeOutcome> => {
			if (options.password !== '') {
				const { describePasswordProblem } = await import('#lib/core/lock-password.ts')
				const problem = describePasswordProblem(options.password)
				if (problem !== null) return { type: 'refused', field: 'room', message: problem }
			}
			if (link.trim() === '') return startWith([], options)
			// The room that is about to be made fetches titles through the server, until somebody switches it off.
			const { readLink } = await import('./read-link.ts')
			const read = await readLink(link, pageUrl, async () => {
				const { openMediaHelp } = await import('./open-titles.ts')
				return openMediaHelp(device, () => true)
			})
			if (read.type === 'problem') return { type: 'refused', field: 'link', message: read.message }
			return startWith(read.type === 'item' ? [read.item] : read.items, options, link.trim())
		},
		startSample: () => startWith([sampleItem(pageUrl)], { title: 'Matinee' }),
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

const DAY_MS = 86_400_000

/** "Today", "Yesterday", "Last Thursday", "2 November": when, as people say it. */
export const describeDay = (atMs: Millis, nowMs: Millis, locale = 'en'): string => {
	const startOfDay = (ms: Millis) => new Date(ms).setHours(0, 0, 0, 0)
	const daysAgo = Math.round((startOfDay(nowMs) - startOfDay(atMs)) / DAY_MS)
	if (daysAgo <= 0) return 'Today'
	if (daysAgo === 1) return 'Yesterday'
	const date = new Date(atMs)
	if (daysAgo < 7) return `Last ${new Intl.DateTimeFormat(locale, { weekday: 'long' }).format(date)}`
	const isThisYear = date.getFullYear() === new Date(nowMs).getFullYear()
	return new Intl.DateTimeFormat(locale, {
		day: 'numeric',
		month: 'long',
		...(isThisYear ? {} : { year: 'numeric' }),
	}).format(date)
}

const describeVisit = (room: VisitedRoom, nowMs: Millis): VisitedRoomView => {
	const minutesIn = Math.floor((room.lastItem?.positionS ?? 0) / 60)
	const what =
		room.lastItem !== null
			? `${titleAtStart(room.lastItem.title)}${minutesIn > 0 ? `, ${String(minutesIn)} ${minutesIn === 1 ? 'minute' : 'minutes'} in` : ''}`
			: room.queueLength > 0
				? `Queue of ${String(room.queueLength)}`
				: 'Nothing in the queue'
	return {
		roomId: room.roomId,
		href: roomHref(room.code),
		title: room.title === '' ? 'Room without a name' : room.title,
		summary: `${what}. ${describeDay(room.visitedAtMs, nowMs)}`,
		people: room.people,
		visitedAtMs: room.visitedAtMs,
	}
}
