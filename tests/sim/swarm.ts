/**
 * Members of one room as plain objects: real rooms, real document sync, real (memory) storage, on a simulated network
 * and clock with quick stand-ins for the cryptography. The same seed gives the same run.
 */
import * as Y from 'yjs'
import type { SeqSource, Signer } from '#lib/core/crypto.ts'
import { createFakeSigner, createFakeVerifier } from '#lib/core/fake-crypto.ts'
import { RECORDS_MAP, type Ledger } from '#lib/core/ledger.ts'
import { plans } from '#lib/core/plans.ts'
import { createRoom, type Room, type RoomRoot } from '#lib/core/room.ts'
import { checkFakeIdentity, TEST_ROOM_ID, TEST_START_MS, testRoot } from '#lib/core/test-room.ts'
import { bytesToBase64url } from '#lib/core/base64url.ts'
import type { DeviceId, Millis, PeerId } from '#lib/core/units.ts'
import { createMemoryDeviceStore, createMemoryDisk, type MemoryDisk } from '#lib/storage/memory.ts'
import type { DeviceStore, DocStore } from '#lib/storage/storage.ts'
import { createDigests } from '#lib/sync/digest.ts'
import { createDocSync, type DocSync, type DocSyncEvent } from '#lib/sync/doc-sync.ts'
import { createMemoryNetwork, type NetworkConditions } from '#lib/transport/memory-network.ts'
import { createMemoryTransports } from '#lib/transport/memory.ts'
import { createSeededRandom, type SeededRandom } from '#lib/transport/seeded-random.ts'
import { createSimClock } from '#lib/transport/sim-clock.ts'
import type { TimerHandle } from '#lib/transport/timers.ts'
import type { Transport } from '#lib/transport/transport.ts'
import { NO_FAULTS, withFaults, type FaultRates } from './faults.ts'

export interface Running {
	readonly doc: Y.Doc
	readonly room: Room
	readonly sync: DocSync
	readonly transport: Transport
	readonly kept: DocStore
	readonly peer: PeerId
}

export interface Member {
	readonly name: string
	readonly signer: Signer
	readonly device: DeviceId
	readonly disk: MemoryDisk
	/** Its address since the last start. */
	peer(): PeerId | null
	/** Null while it is off. */
	running(): Running | null
	/** The running parts; throws while it is off. */
	on(): Running
	/** Opens from disk, introduces itself and joins. */
	start(): Promise<void>
	/** Gone from one moment to the next; the last `lostUpdates` that were written to disk never got there. */
	crash(lostUpdates?: number): void
	/** Says goodbye. */
	leave(): void
	readonly strikes: DocSyncEvent[]
}

export interface MemberOptions {
	/** What this member believes the room's founding to be: a rogue believes it is the owner. */
	readonly root?: RoomRoot
	/** How far its idea of room time is off. */
	readonly skewMs?: Millis
	/** The same key and the same numbers: another tab of that member's browser. */
	readonly tabOf?: Member
	/** Judges for itself: a vandal lets everything pass. */
	readonly ledger?: Ledger
}

export const createSwarm = (
	seed: number,
	conditions: Partial<NetworkConditions> = {},
	/** Who may have a link with whom; everybody by default. */
	topology: (a: DeviceId, b: DeviceId) => boolean = () => true,
) => {
	const clock = createSimClock({ startMs: TEST_START_MS })
	const random: SeededRandom = createSeededRandom(seed)
	const network = createMemoryNetwork({ timers: clock, random, conditions })
	const deviceOf = (peer: PeerId): DeviceId | undefined =>
		members.find((member) => member.peer() === peer)?.device
	const transports = createMemoryTransports(network, {
		topology: (a, b) => {
			const [one, other] = [deviceOf(a), deviceOf(b)]
			return one === undefined || other === undefined || topology(one, other)
		},
	})
	const members: Member[] = []
	let faults: FaultRates = NO_FAULTS

	const roots = new Map<string, RoomRoot>()
	/** The owner is the first member. */
	const root = (): RoomRoot => {
		const owner = members[0]
		if (owner === undefined) throw new Error('a room without members has no owner')
		const known = roots.get(owner.name) ?? testRoot(owner.signer)
		roots.set(owner.name, known)
		return known
	}

	const addMember = (name: string, options: MemberOptions = {}): Member => {
		const { tabOf } = options
		const signer = tabOf?.signer ?? createFakeSigner(`${seed} ${name}`)
		const disk = createMemoryDisk()
		const strikes: DocSyncEvent[] = []
		const memberRandom = createSeededRandom(random.integer(2 ** 32))
		let store: DeviceStore | null = null
		let running: Running | null = null
		let peerId: PeerId | null = null
		let ticking: TimerHandle = null
		const seqStore = createMemoryDeviceStore({ createSigner: async () => signer, disk: tabOf?.disk ?? disk })
		const seqs: SeqSource = seqStore.seqs(TEST_ROOM_ID)

		const start = async (): Promise<void> => {
			const doc = new Y.Doc()
			doc.clientID = random.integer(2 ** 32) // Yjs would draw one that no seed repeats
			store = createMemoryDeviceStore({ createSigner: async () => signer, disk })
			const kept = store.openDoc(TEST_ROOM_ID, doc)
			await kept.whenLoaded
			const room = createRoom({
				doc,
				roomId: TEST_ROOM_ID,
				root: options.root ?? root(),
				signer,
				verifier: createFakeVerifier(),
				seqs,
				clock: { nowMs: () => clock.nowMs() + (options.skewMs ?? 0) },
				random: memberRandom,
				checkIdentity: checkFakeIdentity,
				loadPlans: async () => plans,
			})
			await room.whenAdmitted
			const transport = withFaults(transports.create(signer.device), () => faults, random, clock)
			const ledger = options.ledger ?? room.ledger
			const sync = createDocSync({
				doc,
				ledger,
				transport,
				timers: clock,
				random: memberRandom,
				loadDigests: () => Promise.resolve(createDigests),
			})
			sync.on((event) => {
				if (event.type === 'strike') strikes.push(event)
			})
			const peer = bytesToBase64url(random.bytes(16)) as PeerId
			peerId = peer
			transport.start(peer)
			running = { doc, room, sync, transport, kept, peer }
			const tick = (): void => {
				ticking = clock.setTimeout(() => {
					room.tick(clock.nowMs() + (options.skewMs ?? 0))
					tick()
				}, 1_000)
			}
			tick()
			if (options.ledger === undefined) await room.introduce({ name, token: null })
		}

		const end = (): void => {
			if (running === null) return
			const { doc, room, sync, transport, kept } = running
			running = null
			clock.clearTimeout(ticking)
			sync.stop()
			transport.stop()
			room.dispose()
			void kept.close()
			doc.destroy()
		}

		const member: Member = {
			name,
			signer,
			device: signer.device,
			disk,
			strikes,
			peer: () => peerId,
			running: () => running,
			on: () => {
				if (running === null) throw new Error(`${name} is off`)
				return running
			},
			start,
			crash: (lostUpdates = 0) => {
				if (running === null) return
				network.kill(running.peer)
				end()
				const kept = disk.docs.get(TEST_ROOM_ID)
				if (kept !== undefined && lostUpdates > 0) kept.splice(Math.max(0, kept.length - lostUpdates))
			},
			leave: end,
		}
		members.push(member)
		return member
	}

	return {
		clock,
		random,
		network,
		members,
		root,
		addMember,
		setFaults: (rates: FaultRates) => {
			faults = rates
		},
		/** Members who are on. */
		running: () => members.filter((member) => member.running() !== null),
		/** Everybody asks everybody, as they would within half a minute. */
		resync: () => {
			for (const member of members) member.running()?.sync.resync()
		},
		stop: () => {
			for (const member of members) member.leave()
		},
	}
}

export type Swarm = ReturnType<typeof createSwarm>

export const recordsOf = (member: Member): Y.Map<unknown> => member.on().doc.getMap<unknown>(RECORDS_MAP)

/** A ledger that finds everything in order: what a vandal uses. */
export const credulousLedger: Ledger = {
	judge: async () => ({ type: 'known' }),
	get: () => undefined,
	*entries() {
		// knows nothing
	},
	size: 0,
}
