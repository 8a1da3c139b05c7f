/**
 * Members whose keepers write one room's history at once, over the real server, each with a document, keys and
 * signatures of its own and no link to the others: what meets, meets at the server.
 */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createRoom, type Room, type RoomRoot } from '#lib/core/room.ts'
import { createMemorySeqSource } from '#lib/core/fake-crypto.ts'
import { createRoomCode } from '#lib/core/room-code.ts'
import { deriveRoomKeys, type RoomKeys } from '#lib/core/room-keys.ts'
import type { SubjectId } from '#lib/core/units.ts'
import { createWebCryptoVerifier } from '#lib/core/web-crypto.ts'
import { createHistoryApi } from '#lib/session/history-api.ts'
import { createHistorySeal } from '#lib/session/history-seal.ts'
import { createHistoryKeeper, type HistoryKeeper } from '#lib/session/keep-history.ts'
import { ownerOf } from '#lib/session/register-room.ts'
import { createServerApi } from '#lib/session/server-api.ts'
import { createDocSync } from '#lib/sync/doc-sync.ts'
import { createCombinedTransport } from '#lib/transport/combined.ts'
import * as Y from 'yjs'
import { createMemoryStore } from '../../signaling/store/memory.ts'
import type { Store } from '../../signaling/store/store.ts'
import { startServer, type TestServer } from '../support/ws-server.ts'
import { createDevice, cryptoRandom, systemTimers } from '../support/wrtc.ts'

const { subtle } = crypto
const verifier = createWebCryptoVerifier(subtle)

let server: TestServer
let store: Store
let versions: number[]
const closers: (() => void)[] = []
beforeEach(async () => {
	store = createMemoryStore()
	versions = []
	const { put } = store.history
	Object.assign(store.history, {
		put: async (...args: Parameters<typeof put>) => {
			const outcome = await put(...args)
			if (outcome.type === 'kept') versions.push(outcome.version)
			return outcome
		},
	})
	server = await startServer({ limits: { historyPerSubjectPerMinute: 1_000 } }, { store })
})
afterEach(async () => {
	for (const close of closers.splice(0)) close()
	await server.close()
})

const api = () =>
	createServerApi({
		fetch: (path, init) => fetch(new URL(path as string, server.url), init),
		pageOrigin: server.url,
		wallNowMs: () => Date.now(),
	})

/** Timers that keep the keeper's patience out of the test: a hundred times as fast. */
const FASTER = 100
const timers = {
	after: (ms: number, fn: () => void) => {
		const timer = setTimeout(fn, ms / FASTER)
		return () => clearTimeout(timer)
	},
}
const startedMs = performance.now()
const nowMs = () => 1_000_000 + (performance.now() - startedMs) * FASTER

interface Member {
	readonly room: Room
	readonly doc: Y.Doc
	readonly keeper: HistoryKeeper
	readonly told: string[]
}

const createMember = async (
	keys: RoomKeys,
	root: RoomRoot,
	signer: Awaited<ReturnType<typeof createDevice>>,
	name: string,
	rank = 0,
): Promise<Member> => {
	const doc = new Y.Doc()
	const room = createRoom({
		doc,
		roomId: keys.roomId,
		root,
		signer,
		verifier,
		seqs: createMemorySeqSource(),
		clock: { nowMs: () => Date.now() },
		random: cryptoRandom,
		checkIdentity: () => Promise.resolve(null),
	})
	await room.whenAdmitted
	const sync = createDocSync({
		doc,
		ledger: room.ledger,
		transport: createCombinedTransport(),
		timers: systemTimers,
		random: cryptoRandom,
	})
	const serverApi = api()
	const identity = await serverApi.identity(signer, name)
	if (identity.type !== 'ok') throw new Error(identity.type)
	const { token } = identity.value
	const seal = await createHistorySeal({ subtle, random: cryptoRandom, keys })
	const told: string[] = []
	const keeper = createHistoryKeeper({
		document: {
			encode: () => Y.encodeStateAsUpdate(doc),
			onChange: (fn) => {
				doc.on('update', fn)
				return () => doc.off('update', fn)
			},
			take: sync.takeState,
		},
		room: () => ({
			keepsHistory: true,
			myRole: room.state().myRole,
			isPlaying: false,
			isBlank: room.state().members.length <= 1,
		}),
		onRoom: room.onChange,
		rank: () => rank,
		api: createHistoryApi({
			fetch,
			subtle,
			signer,
			roomId: keys.roomId,
			key: seal.key,
			token: async () => token,
			forgetToken: async () => undefined,
			route: async (path) => {
				const known = await serverApi.route(path)
				if (known.type !== 'ok') return known
				const url = new URL(known.value.url, server.url).href
				return { type: 'ok', value: { ...known.value, url } }
			},
			wallNowMs: () => Date.now(),
		}),
		seal,
		order: (type) => {
			const order =
				type === 'keep-history' ? { type, verifier: seal.verifier } : ({ type: 'drop-history' } as const)
			void serverApi.order(signer, token, keys.roomId, JSON.stringify(order))
		},
		onRestored: () => undefined,
		tell: (message) => told.push(message),
		kept: { get: async () => undefined, set: async () => undefined },
		timers,
		nowMs,
		roomNow: nowMs,
		random: cryptoRandom,
		maxBytes: 1024 * 1024,
	})
	await room.introduce({ name, token: null })
	closers.push(() => {
		keeper.stop()
		sync.stop()
		room.dispose()
	})
	return { room, doc, keeper, told }
}

const foundRoom = async () => {
	const keys = await deriveRoomKeys(subtle, createRoomCode(cryptoRandom))
	const owner = await createDevice()
	const root: RoomRoot = {
		v: 1,
		ownerDevice: owner.device,
		ownerSubject: 'g_owner' as SubjectId,
		title: 'Sunday',
		createdAtMs: Date.now(),
	}
	const serverApi = api()
	const identity = await serverApi.identity(owner, 'Owner')
	if (identity.type !== 'ok') throw new Error(identity.type)
	const named = await ownerOf({ signer: owner, verifier }, keys.roomId, {
		root,
		ownerKey: Buffer.from(owner.publicKey).toString('base64url'),
		ownerStatement: null,
	} as never)
	await serverApi.registerRoom(keys.roomId, 'c2VhbGVk', identity.value.token, named ?? undefined)
	return { keys, root, owner }
}

const linesOf = ({ room }: Member): string[] =>
	room
		.state()
		.chat.map(({ text }) => text)
		.sort()

it('[HK6] five write at once, again and again: nothing is lost, and each version follows the one before', async () => {
	const { keys, root, owner } = await foundRoom()
	const members: Member[] = []
	for (let i = 0; i < 5; i++)
		members.push(
			await createMember(keys, root, i === 0 ? owner : await createDevice(), `Member ${String(i)}`),
		)
	await expect.poll(() => store.history.facts(keys.roomId), { timeout: 60_000 }).not.toBeNull()
	const said: string[] = []
	for (let round = 0; round < 6; round++) {
		await Promise.all(
			members.map(async ({ room }, i) => {
				const line = `round ${String(round)} of ${String(i)}`
				said.push(line)
				expect((await room.chat.send(line)).type).toBe('done')
			}),
		)
		await new Promise((resolve) => setTimeout(resolve, 120))
	}
	said.sort()
	const seal = await createHistorySeal({ subtle, random: cryptoRandom, keys })
	const atServer = async (): Promise<string[]> => {
		const kept = await store.history.read(keys.roomId)
		if (kept === null) return []
		const opened = await seal.open(new Uint8Array(kept.blob), kept.version)
		if (opened.type !== 'opened') throw new Error(opened.type)
		const late = await readerOf(keys, root, opened.content.update)
		return late
	}
	await expect.poll(atServer, { timeout: 60_000, interval: 200 }).toEqual(said)
	expect(members.flatMap(({ told }) => told)).toEqual([])
	expect(versions.length).toBeGreaterThan(5)
	expect(versions).toEqual(versions.map((_, i) => (versions[0] ?? 0) + i))
	expect(server.app.counters.count('history-stale')).toBeGreaterThan(0)
})

/** What somebody reads who has nothing but this state. */
const readerOf = async (keys: RoomKeys, root: RoomRoot, update: Uint8Array): Promise<string[]> => {
	const doc = new Y.Doc()
	Y.applyUpdate(doc, update)
	const room = createRoom({
		doc,
		roomId: keys.roomId,
		root,
		signer: await createDevice(),
		verifier,
		seqs: createMemorySeqSource(),
		clock: { nowMs: () => Date.now() },
		random: cryptoRandom,
		checkIdentity: () => Promise.resolve(null),
	})
	await room.whenAdmitted
	const lines = room
		.state()
		.chat.map(({ text }) => text)
		.sort()
	room.dispose()
	return lines
}

it('[HK6] somebody who comes with nothing has it all, and a wrong key opens nothing', async () => {
	const { keys, root, owner } = await foundRoom()
	const alice = await createMember(keys, root, owner, 'Alice')
	await alice.room.chat.send('from before')
	await expect
		.poll(async () => (await store.history.facts(keys.roomId))?.size ?? 0, { timeout: 60_000 })
		.toBeGreaterThan(0)
	await expect.poll(() => versions.length, { timeout: 60_000 }).toBeGreaterThan(0)
	alice.keeper.stop()
	await expect
		.poll(
			async () => {
				const zoe = await createMember(keys, root, await createDevice(), 'Zoe', 2)
				await new Promise((resolve) => setTimeout(resolve, 200))
				return linesOf(zoe)
			},
			{ timeout: 60_000, interval: 500 },
		)
		.toEqual(['from before'])
	const stranger = await createMember(
		{ ...keys, roomKey: new Uint8Array(32).fill(9) },
		root,
		await createDevice(),
		'Stranger',
	)
	await new Promise((resolve) => setTimeout(resolve, 300))
	expect(linesOf(stranger)).toEqual([])
	expect(server.app.counters.count('history-unknown')).toBeGreaterThan(0)
})
