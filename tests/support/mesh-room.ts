/**
 * A room of meshes on a simulated network, with quick stand-ins for the cryptography: what the transport's own tests
 * and the swarm run on.
 */
import { createHmac } from 'node:crypto'
import type { Signer } from '#lib/core/crypto.ts'
import { createFakeSigner, createFakeVerifier } from '#lib/core/fake-crypto.ts'
import type { DeviceId, PeerId, RoomId, SubjectId } from '#lib/core/units.ts'
import type { RosterEntry } from '#lib/protocol/signaling.ts'
import type { ChannelMaker } from '#lib/transport/channel.ts'
import { createMemoryChannels } from '#lib/transport/memory-channels.ts'
import { createMemoryNetwork, type NetworkConditions } from '#lib/transport/memory-network.ts'
import { createSwitchboard, MEMORY_RELAY_LIMITS } from '#lib/transport/memory-signaling.ts'
import { createMesh, type Mesh, type MeshDeps, type RelayParts } from '#lib/transport/mesh.ts'
import { createRelayKeys } from '#lib/transport/relay-keys.ts'
import { createRelayParts } from '#lib/transport/relay-parts.ts'
import { createRelayPort } from '#lib/transport/relay-port.ts'
import { createSeededRandom } from '#lib/transport/seeded-random.ts'
import type { Signaling } from '#lib/transport/signaling-port.ts'
import { createSimClock } from '#lib/transport/sim-clock.ts'
import type { TransportEvent } from '#lib/transport/transport.ts'
import { createCountedSubtle } from './counted-subtle.ts'

export const ROOM_ID = 'roomroomroomroomroomrA' as RoomId

export interface MeshPeer {
	readonly peer: PeerId
	readonly device: DeviceId
	readonly entry: RosterEntry
	readonly mesh: Mesh
	readonly signaling: Signaling & { stop(): void }
	readonly events: TransportEvent[]
	/** Peers linked with now. */
	linked(): PeerId[]
	/** Leaves properly: mesh and signaling. */
	stop(): void
}

export interface MeshPeerOptions {
	readonly roomKey?: string
	/** A new device's, unless given. */
	readonly signer?: Signer
	/** Another device than the roster will name. */
	readonly claimedDevice?: DeviceId
	readonly wrapChannels?: (channels: ChannelMaker) => ChannelMaker
	readonly peer?: PeerId
	readonly isOutcast?: (device: DeviceId, subject: SubjectId | null) => boolean
	/** The test starts the mesh itself. */
	readonly isStarted?: false
	/** Another relay key than the room's. */
	readonly relayKey?: Uint8Array
	readonly mayDirect?: () => boolean
	/** The roster has it that it makes no channels. */
	readonly saysRelayOnly?: boolean
}

type Relay = NonNullable<MeshDeps['relay']>

export interface MeshRoomOptions {
	readonly seed: number
	readonly conditions?: Partial<NetworkConditions>
	readonly signalingDelayMs?: number
	/** The server relays. */
	readonly hasRelay?: boolean
}

export type MeshRoom = ReturnType<typeof createMeshRoom>

export const createMeshRoom = ({
	seed,
	conditions = {},
	signalingDelayMs,
	hasRelay = false,
}: MeshRoomOptions) => {
	const { subtle, settle } = createCountedSubtle()
	const clock = createSimClock(hasRelay ? { settle } : {})
	const random = createSeededRandom(seed)
	const network = createMemoryNetwork({ timers: clock, random, conditions })
	const switchboard = createSwitchboard(
		network,
		signalingDelayMs === undefined ? {} : { delayMs: signalingDelayMs },
	)
	const channels = createMemoryChannels(network)
	const verifier = createFakeVerifier()
	const peers: MeshPeer[] = []

	const newId = () => Buffer.from(random.bytes(16)).toString('base64url')
	const newEntry = (device = newId() as DeviceId, peer = newId() as PeerId): RosterEntry => ({
		peer,
		device,
		subject: `g_${device}` as SubjectId,
		name: 'Someone',
	})

	const relayOf = (signaling: Signaling, relayKey: Uint8Array = new Uint8Array(32).fill(9)): Relay => {
		const load = async () => {
			const keys = await createRelayKeys({ subtle, random, relayKey, roomId: ROOM_ID })
			const port = createRelayPort({ signaling, timers: clock, getLimits: () => MEMORY_RELAY_LIMITS })
			return createRelayParts({ port, keys, timers: clock })
		}
		let loading: Promise<RelayParts> | null = null
		return { isOffered: () => true, load: () => (loading ??= load()) }
	}

	/** Makes a peer that joins and starts at once. */
	const addPeer = (options: MeshPeerOptions = {}): MeshPeer => {
		const signer = options.signer ?? createFakeSigner(newId())
		const own = newEntry(options.claimedDevice ?? signer.device, options.peer)
		const entry = options.saysRelayOnly === true ? { ...own, relayOnly: true as const } : own
		const signaling = switchboard.join(entry)
		const mesh = createMesh({
			signaling,
			channels: options.wrapChannels?.(channels) ?? channels,
			signer,
			verifier,
			roomId: ROOM_ID,
			mac: async (message) =>
				new Uint8Array(
					createHmac('sha256', options.roomKey ?? 'the room key')
						.update(message)
						.digest(),
				),
			timers: clock,
			random,
			...(hasRelay ? { relay: relayOf(signaling, options.relayKey) } : {}),
			...(options.mayDirect === undefined ? {} : { mayDirect: options.mayDirect }),
			...(options.isOutcast === undefined ? {} : { isOutcast: options.isOutcast }),
		})
		const events: TransportEvent[] = []
		mesh.on((event) => events.push(event))
		if (options.isStarted !== false) mesh.start(entry.peer)
		const added: MeshPeer = {
			peer: entry.peer,
			device: signer.device,
			entry,
			mesh,
			signaling,
			events,
			linked: () => mesh.links().map((link) => link.peer),
			stop: () => {
				mesh.stop()
				signaling.stop()
				peers.splice(peers.indexOf(added), 1)
			},
		}
		peers.push(added)
		return added
	}

	/** How many peers a frame forwarded by everybody from `start` would reach, itself included. */
	const reachFrom = (start: MeshPeer): number => {
		const byId = new Map(peers.map((peer) => [peer.peer, peer]))
		const reached = new Set([start.peer])
		for (const id of reached)
			for (const next of byId.get(id)?.linked() ?? []) if (byId.has(next)) reached.add(next)
		return reached.size
	}

	return { clock, random, network, switchboard, peers, addPeer, newEntry, reachFrom }
}
