/**
 * The history keeper of an open room, with all it needs. Fetched when the room keeps one, or when nobody is here.
 */
import { can } from '#lib/core/roles.ts'
import type { Room } from '#lib/core/room.ts'
import type { RoomKeys } from '#lib/core/room-keys.ts'
import type { DeviceId, Millis } from '#lib/core/units.ts'
import type { Timers } from '#lib/follow/timers.ts'
import type { RoomOrder } from '#lib/protocol/orders.ts'
import type { DocSync } from '#lib/sync/doc-sync.ts'
import * as Y from 'yjs'
import type { Device } from './device.ts'
import { createHistoryApi } from './history-api.ts'
import { createHistorySeal } from './history-seal.ts'
import { createHistoryKeeper } from './keep-history.ts'
import { setDown } from './set-down.ts'

export interface OpenHistoryDeps {
	readonly device: Device
	readonly keys: Pick<RoomKeys, 'roomId' | 'roomKey'>
	readonly room: Room
	readonly doc: Y.Doc
	readonly sync: Pick<DocSync, 'takeState'>
	/** Devices in the room now, this one among them. */
	readonly here: () => readonly DeviceId[]
	readonly isAlone: () => boolean
	readonly roomNow: () => Millis
	readonly timers: Timers
	readonly order: (order: RoomOrder) => void
	readonly tell: (message: string) => void
}

/** Null where the server keeps no histories. Else its end. */
export const openHistory = async (deps: OpenHistoryDeps): Promise<(() => void) | null> => {
	const { device, keys, room, doc, timers, roomNow } = deps
	const config = await device.api.config()
	if (config.type !== 'ok' || config.value.history === undefined) return null
	const { maxBytes } = config.value.history
	const { subtle, random, signer, wallNowMs, store } = device
	const seal = await createHistorySeal({ subtle, random, keys })
	const api = createHistoryApi({
		fetch: (input, init) => globalThis.fetch(input, init),
		subtle,
		signer,
		roomId: keys.roomId,
		key: seal.key,
		token: async () => (await device.identity.token(await device.name()))?.token ?? null,
		forgetToken: device.identity.forgetToken,
		route: device.api.route,
		wallNowMs,
	})
	const kept = `history-${keys.roomId}`
	const me = signer.device

	const restored = (atMs: Millis): void => {
		const { playback, myRole, settings } = room.state()
		const mayControl = can(myRole, 'control', settings)
		const next = setDown(playback, { isAlone: deps.isAlone(), mayControl, atMs, nowMs: roomNow() })
		if (next !== null) void room.playback.set(next)
	}

	const keeper = createHistoryKeeper({
		document: {
			encode: () => Y.encodeStateAsUpdate(doc),
			onChange: (fn) => {
				doc.on('update', fn)
				return () => doc.off('update', fn)
			},
			take: deps.sync.takeState,
		},
		room: () => {
			const { settings, myRole, members, playback } = room.state()
			return {
				keepsHistory: settings.keepsHistory,
				myRole,
				isPlaying: playback.isPlaying,
				isBlank: members.every((member) => member.device === me),
			}
		},
		onRoom: room.onChange,
		rank: () => {
			const banned = new Set(
				room.state().members.flatMap(({ device: id, role }) => (role === 'banned' ? [id] : [])),
			)
			const writers = [...new Set([...deps.here(), me])].filter((id) => id === me || !banned.has(id))
			return writers.sort().indexOf(me)
		},
		api,
		seal,
		order: (type) =>
			deps.order(type === 'keep-history' ? { type, verifier: seal.verifier } : { type: 'drop-history' }),
		onRestored: restored,
		tell: deps.tell,
		kept: { get: () => store.settings.get(kept), set: (value) => store.settings.set(kept, value) },
		timers,
		nowMs: device.localNowMs,
		roomNow,
		random,
		maxBytes,
	})
	addEventListener('pagehide', keeper.pageGoes)
	return () => {
		removeEventListener('pagehide', keeper.pageGoes)
		keeper.stop()
	}
}
