/**
 * WebRTC in Node (@roamhq/wrtc) and real cryptography behind the mesh's ports, on the machine's own clock.
 */
import wrtcModule from '@roamhq/wrtc'
import type { Options } from 'simple-peer'
import { createWebCryptoSigner, createWebCryptoVerifier } from '#lib/core/web-crypto.ts'
import type { PeerId, RoomId, SubjectId } from '#lib/core/units.ts'
import type { RosterEntry } from '#lib/protocol/signaling.ts'
import type { ChannelMaker } from '#lib/transport/channel.ts'
import { createDataChannels } from '#lib/transport/data-channel.ts'
import { createMemoryNetwork } from '#lib/transport/memory-network.ts'
import { createSwitchboard } from '#lib/transport/memory-signaling.ts'
import { createMesh } from '#lib/transport/mesh.ts'
import { createRoomSecrets } from '#lib/transport/seal.ts'
import { createSeededRandom } from '#lib/transport/seeded-random.ts'
import { createSystemTimers } from '#lib/transport/timers.ts'

export const wrtc = wrtcModule as unknown as NonNullable<Options['wrtc']>
export const systemTimers = createSystemTimers(globalThis)
export const cryptoRandom = { bytes: (count: number) => crypto.getRandomValues(new Uint8Array(count)) }
export const newId = (): string => Buffer.from(cryptoRandom.bytes(16)).toString('base64url')

export const createDevice = async () => {
	const pair = await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])
	return createWebCryptoSigner(crypto.subtle, pair)
}

export const sleep = (forMs: number) => new Promise<void>((resolve) => setTimeout(resolve, forMs))

export const waitUntil = async (isDone: () => boolean, limitMs: number): Promise<boolean> => {
	const untilMs = performance.now() + limitMs
	while (!isDone() && performance.now() < untilMs) await sleep(5)
	return isDone()
}

export interface WrtcPeerOptions {
	readonly roomKey?: Uint8Array
	readonly wrapChannels?: (channels: ChannelMaker) => ChannelMaker
}

export interface WrtcRoomOptions {
	/** One way between a peer and the switchboard. */
	readonly signalingDelayMs?: number
}

/** A room whose meshes meet over an in-memory switchboard and talk over real data channels. */
export const createWrtcRoom = ({ signalingDelayMs = 1 }: WrtcRoomOptions = {}) => {
	const network = createMemoryNetwork({ timers: systemTimers, random: createSeededRandom(1) })
	const switchboard = createSwitchboard(network, { delayMs: signalingDelayMs })
	const roomId = newId() as RoomId
	const roomKey = cryptoRandom.bytes(32)
	const verifier = createWebCryptoVerifier(crypto.subtle)

	/** Not started. */
	const createPeer = async (options: WrtcPeerOptions = {}) => {
		const signer = await createDevice()
		const secrets = await createRoomSecrets({
			subtle: crypto.subtle,
			random: cryptoRandom,
			roomKey: options.roomKey ?? roomKey,
			roomId,
		})
		const channels = createDataChannels({ timers: systemTimers, getIceServers: () => [], wrtc })
		const entry: RosterEntry = {
			peer: newId() as PeerId,
			device: signer.device,
			subject: 'g_test' as SubjectId,
			name: 'Someone',
		}
		const signaling = switchboard.join(entry)
		const transport = createMesh({
			signaling,
			channels: options.wrapChannels?.(channels) ?? channels,
			signer,
			verifier,
			roomId,
			mac: (message) => secrets.mac(message),
			timers: systemTimers,
			random: cryptoRandom,
		})
		return { peer: entry.peer, device: signer.device, signer, roomId, transport, signaling }
	}

	return { switchboard, createPeer }
}
