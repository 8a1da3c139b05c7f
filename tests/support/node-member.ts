/**
 * A member of a real room without a screen: from the room's link, over the real server and real data channels.
 */
import * as Y from 'yjs'
import type { Signer } from '#lib/core/crypto.ts'
import { createMemorySeqSource } from '#lib/core/fake-crypto.ts'
import { parseRoomCode } from '#lib/core/room-code.ts'
import { deriveRoomKeys } from '#lib/core/room-keys.ts'
import { openRoot } from '#lib/core/root.ts'
import { createRoom, type Room } from '#lib/core/room.ts'
import type { PeerId } from '#lib/core/units.ts'
import { createWebCryptoVerifier } from '#lib/core/web-crypto.ts'
import { openRelayLinks } from '#lib/session/relay-links.ts'
import { createServerApi } from '#lib/session/server-api.ts'
import { createDocSync, type DocSync } from '#lib/sync/doc-sync.ts'
import type { MemberStatus } from '#lib/sync/member-status.ts'
import { createPresence, type PresenceKeeper } from '#lib/sync/presence.ts'
import { createDataChannels } from '#lib/transport/data-channel.ts'
import { createMesh, type Mesh, type RelayParts } from '#lib/transport/mesh.ts'
import type { RelayLimits } from '#lib/transport/relay-port.ts'
import { createRoomSecrets } from '#lib/transport/seal.ts'
import { createSignalingClient, type SignalingClient } from '#lib/transport/signaling-client.ts'
import { createDevice, cryptoRandom, newId, systemTimers, wrtc } from './wrtc.ts'

const { subtle } = crypto
const verifier = createWebCryptoVerifier(subtle)

const KNOWN_TRIES = 300
const KNOWN_EVERY_MS = 100

/** What the room's link leads to: keys and root, as a browser would find them. */
export const lookUpRoom = async (link: string) => {
	const { origin, hash } = new URL(link)
	const parsed = parseRoomCode(hash)
	if (parsed.type !== 'code') throw new Error(`no room's link: ${link}`)
	const keys = await deriveRoomKeys(subtle, parsed.code)
	const api = createServerApi({
		fetch: (path, init) => fetch(new URL(path as string, origin), init),
		pageOrigin: origin,
		wallNowMs: () => Date.now(),
	})
	const answer = await api.root(keys.roomId)
	if (answer.type !== 'ok') throw new Error(`the server does not know the room: ${answer.type}`)
	const root = await openRoot({ subtle, verifier }, keys, answer.value.root)
	if (root === null) throw new Error('the root does not open')
	return { api, keys, root }
}

/** Once the server knows the room: who made it tells it after the room is on the screen. */
export const whenKnown = async (link: string): Promise<void> => {
	for (let tries = 0; ; tries++)
		try {
			await lookUpRoom(link)
			return
		} catch (error) {
			if (tries === KNOWN_TRIES) throw error
			await new Promise((resolve) => setTimeout(resolve, KNOWN_EVERY_MS))
		}
}

export type FoundRoom = Awaited<ReturnType<typeof lookUpRoom>>

/** Another device's room over `doc`; everything it writes is signed as in a browser. */
export const createAuthor = async ({ keys, root }: FoundRoom, doc: Y.Doc, name: string): Promise<Room> => {
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
	await room.introduce({ name, token: null })
	return room
}

const watch = (socket: WebSocket, onFrame: (way: 'in' | 'out', data: unknown) => void): void => {
	socket.addEventListener('message', ({ data }) => onFrame('in', data))
	const send = socket.send.bind(socket)
	socket.send = (data) => {
		onFrame('out', data)
		send(data)
	}
}

const IDENTITY_TRIES = 5

/** Where nothing listens. */
const NOWHERE = 'ws://127.0.0.1:9'

export interface NodeMemberOptions {
	readonly name?: string
	/** No channel can be had here: all links go through the server. */
	readonly isRelayOnly?: boolean
	/** Told to the others from now on; without it they only see that somebody is here. */
	readonly status?: () => MemberStatus
	/** Every frame on its way to or from the server. */
	readonly onSignalingFrame?: (way: 'in' | 'out', data: unknown) => void
	/** Every frame handed to a link. */
	readonly onLinkFrame?: (frame: Uint8Array) => void
}

export interface NodeMember {
	readonly room: Room
	readonly self: PeerId
	readonly mesh: Mesh
	readonly sync: DocSync
	/** Null where it tells no status. */
	readonly presence: PresenceKeeper | null
	readonly signaling: SignalingClient
	/** What the server, or the loss of it, closed this member's sockets with. */
	readonly closeCodes: readonly number[]
	/** No network for so long: every link is torn, and the server is not to be reached. */
	cutOff(forMs: number): void
	stop(): void
}

/**
 * Comes into the room with `doc` and shares it until stopped, as a new device unless one is given. `mesh` is for those
 * who mean to do harm with it.
 */
export const joinAsNode = async (
	found: FoundRoom,
	doc: Y.Doc,
	device?: Signer,
	options: NodeMemberOptions = {},
): Promise<NodeMember> => {
	const { api, keys, root } = found
	const { name = 'Node Wren', onSignalingFrame } = options
	const signer = device ?? (await createDevice())
	const ask = () => api.identity(signer, name)
	let identity = await ask()
	// A machine full of other tests lets a request run into its deadline.
	for (let tries = 1; identity.type === 'unreachable' && tries < IDENTITY_TRIES; tries++)
		identity = await ask()
	if (identity.type !== 'ok') throw new Error(`no identity: ${identity.type}`)
	const { token } = identity.value
	const self = newId() as PeerId
	const secrets = await createRoomSecrets({
		subtle,
		random: cryptoRandom,
		roomKey: keys.roomKey,
		roomId: keys.roomId,
	})
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
	const closeCodes: number[] = []
	const sockets = new Set<WebSocket>()
	let cutOffUntilMs = 0
	/** What the server relays; null: nothing. */
	let relay: RelayLimits | null = null
	let relayParts: Promise<RelayParts> | null = null
	const signaling = createSignalingClient({
		room: keys.roomId,
		self,
		getUrl: async () => {
			const config = await api.config()
			if (config.type === 'ok') relay = config.value.relay ?? null
			return api.socketUrl()
		},
		getTicket: async () => {
			const answer = await api.ticket(signer, token, keys.roomId, self)
			return answer.type === 'ok' ? answer.value.ticket : null
		},
		makeSocket: (url) => {
			const socket = new WebSocket(performance.now() < cutOffUntilMs ? NOWHERE : url)
			socket.binaryType = 'arraybuffer'
			sockets.add(socket)
			if (onSignalingFrame !== undefined) watch(socket, onSignalingFrame)
			socket.addEventListener('close', ({ code }) => {
				sockets.delete(socket)
				closeCodes.push(code)
			})
			return socket
		},
		secrets,
		timers: systemTimers,
		random: cryptoRandom,
		localNowMs: () => performance.timeOrigin + performance.now(),
		isRelayOnly: () => options.isRelayOnly === true,
	})
	const mesh = createMesh({
		signaling,
		channels: createDataChannels({ timers: systemTimers, getIceServers: () => [], wrtc }),
		signer,
		verifier,
		roomId: keys.roomId,
		mac: secrets.mac,
		timers: systemTimers,
		random: cryptoRandom,
		relay: {
			isOffered: () => relay !== null,
			load: () =>
				(relayParts ??= openRelayLinks({
					signaling,
					timers: systemTimers,
					subtle,
					random: cryptoRandom,
					relayKey: keys.relayKey,
					roomId: keys.roomId,
					getLimits: () => relay ?? { bytesPerSecond: 1, byteBurst: 1 },
				})),
		},
		mayDirect: () => options.isRelayOnly !== true,
	})
	const { onLinkFrame } = options
	const transport: Mesh =
		onLinkFrame === undefined
			? mesh
			: {
					...mesh,
					send: (frame, to, lane) => {
						onLinkFrame(frame)
						return mesh.send(frame, to, lane)
					},
				}
	const sync = createDocSync({
		doc,
		ledger: room.ledger,
		transport,
		timers: systemTimers,
		random: cryptoRandom,
	})
	const { status } = options
	const presence =
		status === undefined
			? null
			: createPresence({
					transport,
					timers: systemTimers,
					self: { peer: self, device: signer.device },
					status,
					onChange: () => undefined,
				})
	if (presence !== null) signaling.on(presence.signaling)
	mesh.start(self)
	signaling.start()
	await room.introduce({ name, token })
	return {
		room,
		self,
		mesh,
		sync,
		presence,
		signaling,
		closeCodes,
		cutOff: (forMs) => {
			cutOffUntilMs = performance.now() + forMs
			for (const socket of sockets) socket.close()
			for (const { peer } of mesh.links()) mesh.drop(peer, 'error')
		},
		stop: () => {
			presence?.sayBye()
			presence?.stop()
			sync.stop()
			mesh.stop()
			signaling.stop()
			room.dispose()
		},
	}
}
