/**
 * The app's own session, as the way into a room uses it here: no page of the app around, and a server anywhere.
 */
import type { LazyLoader } from '#lib/players/registry.ts'
import { findMissingHere } from '#lib/session/browser-needs.ts'
import { startClockThread } from '#lib/session/clock-thread.ts'
import { createRoomHere } from '#lib/session/create-room.ts'
import { openDevice } from '#lib/session/device.ts'
import { findRoom } from '#lib/session/find-room.ts'
import { describeMissing } from '#lib/session/missing-words.ts'
import { openAccount } from '#lib/session/open-account.ts'
import { openRoom } from '#lib/session/open-room.ts'
import type { PageVisibility } from '#lib/session/page-life.ts'
import { localNowMs } from '#lib/session/platform.ts'
import { storeOfServer } from '#lib/session/server-scope.ts'
import type { RoomApp } from './enter-room.ts'
import { compareVersions, createServerFetch } from './server-fetch.ts'

const NO_FILES = { leave: () => undefined, take: () => ({ type: 'none' }) as const }

/** Of the extension: its version, what plays films, and how visible the page is that the film plays on. */
export interface RoomAppParts {
	readonly version: string
	readonly players: readonly LazyLoader[]
	readonly visibility: PageVisibility
}

export const createRoomApp = ({ version, players, visibility }: RoomAppParts): RoomApp => {
	const others = new Map<string, 'newer' | 'older'>()
	return {
		openDevice: (server) => {
			const fetch = createServerFetch(
				server,
				(input, init) => globalThis.fetch(input, init),
				(other) => others.set(server, compareVersions(other, version)),
			)
			return openDevice({ fetch, players, storeOf: (whole) => storeOfServer(whole, server) })
		},
		openAccount,
		otherVersion: (server) => others.get(server) ?? null,
		describeMissing: async () => describeMissing(await findMissingHere()),
		findRoom,
		createRoom: async (device) => (await createRoomHere(device, '')).code,
		openRoom: (device, found, code, { link, ...over }) =>
			openRoom({
				device,
				found,
				code,
				place: { link, visibility },
				thread: startClockThread(localNowMs),
				handOver: NO_FILES,
				...over,
			}),
	}
}
