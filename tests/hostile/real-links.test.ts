/**
 * The most dangerous attacks over real data channels (WebRTC in Node) with real signatures and a real clock: five
 * honest members and the attacker in one process. How long anything keeps the event loop is printed beside the same
 * room at peace, and asserted elsewhere, in pages that have a loop to themselves (tests/e2e/hostile.spec.ts).
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import * as Y from 'yjs'
import { canonicalState } from '#lib/core/fold.ts'
import { createMemorySeqSource } from '#lib/core/fake-crypto.ts'
import { plans } from '#lib/core/plans.ts'
import { createRoom, type Room } from '#lib/core/room.ts'
import { film, testRoot } from '#lib/core/test-room.ts'
import { createWebCryptoVerifier } from '#lib/core/web-crypto.ts'
import type { PeerId } from '#lib/core/units.ts'
import { encodeSyncPart, syncPartsOf, type SyncKind } from '#lib/protocol/room-frames.ts'
import { createDocSync, type DocSync } from '#lib/sync/doc-sync.ts'
import type { Mesh } from '#lib/transport/mesh.ts'
import { createWrtcRoom, cryptoRandom, sleep, systemTimers, waitUntil } from '../support/wrtc.ts'
import { crowd, deletedItem, deleteRange, gcStruct, orphans, rivals, setOf, V2_BOMB } from './bytes.ts'

const NAMES = ['alice', 'bob', 'charlie', 'dora', 'emil'] as const
const LINK_MS = 20_000
const HEAL_MS = 60_000

interface Party {
	readonly name: string
	readonly doc: Y.Doc
	readonly room: Room
	readonly sync: DocSync
	readonly mesh: Mesh
	readonly peer: PeerId
	readonly device: string
	readonly strikes: string[]
	stop(): void
}

/** The longest that the event loop was kept, since `start`. */
const watchLoop = () => {
	let lastMs = performance.now()
	let worstMs = 0
	const handle = setInterval(() => {
		const now = performance.now()
		worstMs = Math.max(worstMs, now - lastMs - 5)
		lastMs = now
	}, 5)
	return () => {
		clearInterval(handle)
		return worstMs
	}
}

const setUp = async () => {
	const wrtcRoom = createWrtcRoom()
	const verifier = createWebCryptoVerifier(crypto.subtle)
	const parties: Party[] = []
	const peers = []
	for (const name of [...NAMES, 'mallory']) peers.push({ name, ...(await wrtcRoom.createPeer()) })
	const root = testRoot({ device: peers[0]?.device } as never)
	for (const { name, peer, device, signer, roomId, transport, signaling } of peers) {
		const doc = new Y.Doc()
		const room = createRoom({
			doc,
			roomId,
			root,
			signer,
			verifier,
			seqs: createMemorySeqSource(),
			clock: { nowMs: () => Date.now() },
			random: cryptoRandom,
			checkIdentity: () => Promise.resolve(null),
			loadPlans: () => Promise.resolve(plans),
		})
		await room.whenAdmitted
		const sync = createDocSync({
			doc,
			ledger: room.ledger,
			transport,
			timers: systemTimers,
			random: cryptoRandom,
		})
		const strikes: string[] = []
		sync.on((event) => {
			if (event.type === 'strike') strikes.push(`${event.device} ${event.why}`)
		})
		transport.start(peer)
		await room.introduce({ name, token: null })
		const stop = () => {
			sync.stop()
			transport.stop()
			signaling.stop()
			room.dispose()
		}
		parties.push({ name, doc, room, sync, mesh: transport, peer, device, strikes, stop })
	}
	return parties
}

vi.spyOn(console, 'log').mockImplementation(() => undefined) // Yjs tells of new client ids
vi.spyOn(console, 'warn').mockImplementation(() => undefined)

/** Made beforehand: what the attacker's own machine does is no part of what is measured. */
const ORPHANS = orphans(4_000)
const RIVALS = [1, 30_001, 60_001].map((from) => rivals(20_000, 'chat/x/1', Uint8Array.of(1), from))
const JUNK = [1, 2, 3, 4, 5].map((i) =>
	setOf(Array.from({ length: 1_000 }, (_, n) => [`junk ${i} ${n}`, Uint8Array.of(1)] as const)),
)

type Push = (kind: SyncKind, message: Uint8Array) => void

const ATTACKS: readonly {
	readonly name: string
	readonly isDropped: boolean
	run(push: Push, honest: readonly Party[]): Promise<void> | void
}[] = [
	{
		name: 'all five are muted',
		isDropped: false,
		run: (push, honest) => {
			for (const { doc } of honest)
				push('update', gcStruct(doc.clientID, Y.getState(doc.store, doc.clientID), 2 ** 31))
		},
	},
	{
		name: 'all are squatted with deleted items',
		isDropped: false,
		run: (push, honest) => {
			for (const { doc } of honest)
				push('update', deletedItem(doc.clientID, Y.getState(doc.store, doc.clientID), 2 ** 20, 'chat/x/1'))
		},
	},
	{
		name: 'everything is deleted',
		isDropped: false,
		run: (push, honest) => {
			for (const { doc } of honest)
				push('update', deleteRange(doc.clientID, 0, Y.getState(doc.store, doc.clientID)))
		},
	},
	{
		name: '4,000 updates whose first one is withheld',
		isDropped: true,
		run: async (push) => {
			for (const [index, update] of ORPHANS.entries()) {
				push('update', update)
				if (index % 100 === 0) await sleep(1)
			}
		},
	},
	{
		name: '10,000 client ids for one key',
		isDropped: true,
		run: async (push) => {
			for (const state of RIVALS) {
				push('step2', state)
				await sleep(100)
			}
		},
	},
	{
		name: 'one client with 4,000 items for one place',
		isDropped: true,
		run: (push) => {
			for (let i = 0; i < 3; i++) push('update', crowd(90_000 + i, 4_000, 'chat/x/1', Uint8Array.of(1)))
		},
	},
	{
		name: 'V2 bombs',
		isDropped: true,
		run: (push) => {
			for (let i = 0; i < 3; i++) push('update', V2_BOMB)
		},
	},
	{
		// Whoever hears of them from an honest member first, thrown out already, has nothing to strike for.
		name: '5,000 junk keys',
		isDropped: false,
		run: async (push) => {
			for (const update of JUNK) {
				push('update', update)
				await sleep(100)
			}
		},
	},
]

describe('over real data channels', () => {
	let parties: Party[] = []
	beforeEach(async () => {
		parties = await setUp()
		const isLinked = () => parties.every(({ mesh }) => mesh.links().length === 5)
		expect(await waitUntil(isLinked, LINK_MS), 'everybody is linked with everybody').toBe(true)
	}, 60_000)
	afterEach(() => {
		for (const party of parties) party.stop()
	})

	for (const attack of ATTACKS)
		it(`[HO11] ${attack.name}`, { timeout: 180_000 }, async () => {
			const honest = parties.slice(0, 5)
			const mallory = parties[5] as Party
			for (const { room, name } of honest) {
				await room.queue.add(film(`By ${name}`), 'end')
				await room.chat.send(`${name}: before`)
			}
			const areEqual = () => new Set(honest.map(({ room }) => canonicalState(room.state()))).size === 1
			const texts = (party: Party) => party.room.state().chat.map(({ text }) => text)
			const haveAll = (count: number) => honest.every((party) => texts(party).length === count)
			expect(await waitUntil(() => areEqual() && haveAll(5), HEAL_MS)).toBe(true)

			const atPeace = watchLoop()
			await sleep(1_500)
			const peaceMs = atPeace()

			const atWar = watchLoop()
			const push: Push = (kind, message) => {
				for (const { peer } of honest)
					for (let part = 0; part < syncPartsOf(message.length); part++)
						mallory.mesh.send(encodeSyncPart(kind, 99, message, part), peer, 'ordered')
			}
			await attack.run(push, honest)
			await sleep(500)
			const warMs = atWar()
			for (const { room, name } of honest) await room.chat.send(`${name}: during`)

			expect(await waitUntil(() => areEqual() && haveAll(10), HEAL_MS), 'all is there and the same').toBe(
				true,
			)
			for (const { room } of honest)
				expect(room.state().queue.next.length + (room.state().queue.current ? 1 : 0)).toBe(5)
			const isLinkedTo = (party: Party, device: string) =>
				party.mesh.links().some((link) => link.device === device)
			for (const party of honest) {
				for (const other of honest) if (other !== party) expect(isLinkedTo(party, other.device)).toBe(true)
				expect(party.strikes.filter((strike) => !strike.startsWith(mallory.device))).toEqual([])
				const isGone = () => !isLinkedTo(party, mallory.device)
				if (attack.isDropped) expect(await waitUntil(isGone, 10_000), party.name).toBe(true)
			}
			console.info(`${attack.name}: longest turn ${warMs.toFixed(0)} ms, at peace ${peaceMs.toFixed(0)} ms`)
		})
})
