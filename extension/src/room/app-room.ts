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
import { createServerFetch } from './server-fetch.ts'

const NO_FILES = { leave: () => undefined, take: () => ({ type: 'none' }) as const }

/** `visibility`: of the page that the film plays on. */
export const createRoomApp = (players: readonly LazyLoader[], visibility: PageVisibility): RoomApp => ({
	openDevice: (server) =>
		openDevice({
			fetch: createServerFetch(server, (input, init) => globalThis.fetch(input, init)),
			players,
			storeOf: (whole) => storeOfServer(whole, server),
		}),
	openAccount,
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
})
