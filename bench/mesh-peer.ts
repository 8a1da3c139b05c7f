/**
 * One peer of the mesh benchmark in a process of its own, told what to be by its parent: a Matinee peer without a
 * screen, or a stock y-webrtc provider, both over @roamhq/wrtc.
 */
import SimplePeer from 'simple-peer/simplepeer.min.js'
import wrtcModule from '@roamhq/wrtc'
import type { Options } from 'simple-peer'
import { WebrtcProvider } from 'y-webrtc'
import * as Y from 'yjs'
import { createMemorySeqSource } from '#lib/core/fake-crypto.ts'
import { RECORDS_MAP } from '#lib/core/ledger.ts'
import { createRoom } from '#lib/core/room.ts'
import type { PeerId } from '#lib/core/units.ts'
import { createWebCryptoVerifier } from '#lib/core/web-crypto.ts'
import { createServerApi } from '#lib/session/server-api.ts'
import { createDocSync } from '#lib/sync/doc-sync.ts'
import { createDataChannels } from '#lib/transport/data-channel.ts'
import { createMesh } from '#lib/transport/mesh.ts'
import { createRoomSecrets } from '#lib/transport/seal.ts'
import { createSignalingClient } from '#lib/transport/signaling-client.ts'
import { createSystemTimers } from '#lib/transport/timers.ts'
import type { FromPeer, Job, Report, ToPeer } from './mesh-job.ts'
import { createDevice, cryptoRandom, readState } from './mesh-state.ts'

const wrtc = wrtcModule as unknown as NonNullable<Options['wrtc']>
const LOOK_EVERY_MS = 5

interface Peer {
	/** How many of `keys` are here and, where there is a ledger, verified. */
	has(key: string): boolean
	report(): Pick<Report, 'links' | 'records' | 'updateSends'>
	write(): Promise<void>
	stop(): Promise<void>
}

const tell = (message: FromPeer) => process.send?.(message)

/** Both sides' sockets are made by this class, so both are counted alike. */
const frames = { in: 0, out: 0, clock: 0 }
const countClock = (data: unknown) => {
	if (typeof data === 'string' && data.startsWith('{"type":"clock"')) frames.clock++
}
class CountingWebSocket extends WebSocket {
	constructor(url: string | URL) {
		super(url)
		this.addEventListener('message', ({ data }) => {
			frames.out++
			countClock(data)
		})
	}
	override send(data: Parameters<WebSocket['send']>[0]) {
		frames.in++
		countClock(data)
		super.send(data)
	}
}
globalThis.WebSocket = CountingWebSocket

const startOurs = async (job: Job, doc: Y.Doc): Promise<Peer> => {
	const timers = createSystemTimers(globalThis)
	const signer = await createDevice()
	const verifier = createWebCryptoVerifier(crypto.subtle)
	const api = createServerApi({
		fetch: (path, init) => fetch(new URL(path as string, job.server), init),
		pageOrigin: job.server,
		wallNowMs: () => Date.now(),
	})
	const identity = await api.identity(signer, 'Somebody')
	if (identity.type !== 'ok') throw new Error(`no identity: ${JSON.stringify(identity)}`)
	const self = Buffer.from(cryptoRandom.bytes(16)).toString('base64url') as PeerId
	const secrets = await createRoomSecrets({
		subtle: crypto.subtle,
		random: cryptoRandom,
		roomKey: new Uint8Array(Buffer.from(job.roomKey, 'base64')),
		roomId: job.room,
	})
	const room = createRoom({
		doc,
		roomId: job.room,
		root: job.root,
		signer,
		verifier,
		seqs: createMemorySeqSource(),
		clock: { nowMs: () => Date.now() },
		random: cryptoRandom,
		checkIdentity: async () => null,
	})
	await room.whenAdmitted
	const signaling = createSignalingClient({
		room: job.room,
		self,
		getUrl: () => api.socketUrl(),
		getTicket: async () => {
			const answer = await api.ticket(signer, identity.value.token, job.room, self)
			return answer.type === 'ok' ? answer.value.ticket : null
		},
		makeSocket: (url) => new WebSocket(url),
		secrets,
		timers,
		random: cryptoRandom,
		localNowMs: () => performance.timeOrigin + performance.now(),
	})
	const mesh = createMesh({
		signaling,
		channels: createDataChannels({ timers, getIceServers: () => [], wrtc }),
		signer,
		verifier,
		roomId: job.room,
		mac: (message) => secrets.mac(message),
		timers,
		random: cryptoRandom,
	})
	const sync = createDocSync({ doc, ledger: room.ledger, transport: mesh, timers, random: cryptoRandom })
	mesh.start(self)
	signaling.start()
	await room.introduce({ name: 'Somebody', token: identity.value.token })
	return {
		has: (key) => room.ledger.get(key) !== undefined,
		report: () => ({
			links: mesh.links().length,
			records: room.ledger.size,
			updateSends: sync.stats().sent.update,
		}),
		write: async () => void (await room.chat.send('One more')),
		stop: async () => {
			sync.stop()
			mesh.stop()
			signaling.stop()
			room.dispose()
		},
	}
}

/** y-webrtc's document updates on data channels: message 0 (sync), kind 2 (update). */
let yUpdateSends = 0
const stockSend = Object.getOwnPropertyDescriptor(SimplePeer.prototype, 'send')?.value as (
	this: unknown,
	data: Uint8Array,
) => void
SimplePeer.prototype.send = function (this: unknown, data: unknown) {
	if (data instanceof Uint8Array && data[0] === 0 && data[1] === 2) yUpdateSends++
	stockSend.call(this, data as Uint8Array)
}

const startYWebrtc = (job: Job, doc: Y.Doc): Peer => {
	const records = doc.getMap(RECORDS_MAP)
	const provider = new WebrtcProvider(job.room, doc, {
		signaling: [`${job.server.replace('http', 'ws')}/y-webrtc`],
		peerOpts: { wrtc, config: { iceServers: [] } },
	})
	return {
		has: (key) => records.has(key),
		report: () => ({
			links: [...(provider.room?.webrtcConns.values() ?? [])].filter((conn) => conn.connected).length,
			records: records.size,
			updateSends: yUpdateSends,
		}),
		write: async () => void records.set(crypto.randomUUID(), cryptoRandom.bytes(150)),
		stop: async () => {
			provider.disconnect() // `destroy` alone leaves ghosts at the others
			provider.destroy()
		},
	}
}

let peer: Peer | null = null

const start = async (job: Job) => {
	const state = await readState(job.state)
	Object.assign(frames, { in: 0, out: 0, clock: 0 })
	yUpdateSends = 0
	const startedMs = performance.now()
	const doc = new Y.Doc()
	if (job.isHolder) Y.applyUpdate(doc, state.update)
	const started = job.side === 'ours' ? await startOurs(job, doc) : startYWebrtc(job, doc)
	peer = started
	tell({ type: 'started' })
	const missing = new Set(state.keys)
	const look = () => {
		if (peer !== started) return
		for (const key of missing) {
			if (!started.has(key)) break
			missing.delete(key)
		}
		if (missing.size === 0) tell({ type: 'complete', tookMs: performance.now() - startedMs })
		else setTimeout(look, LOOK_EVERY_MS)
	}
	look()
}

const obey = async (message: ToPeer) => {
	switch (message.type) {
		case 'start':
			return start(message.job)
		case 'write':
			return peer?.write()
		case 'report': {
			const { links, records, updateSends } = peer?.report() ?? { links: 0, records: 0, updateSends: 0 }
			tell({
				type: 'report',
				links,
				records,
				updateSends,
				framesIn: frames.in,
				framesOut: frames.out,
				clockFrames: frames.clock,
			})
			return
		}
		case 'stop':
			await peer?.stop()
			peer = null
			tell({ type: 'stopped' })
	}
}

process.on('message', (message) => void obey(message as ToPeer))
process.on('disconnect', () => process.exit(0))
tell({ type: 'ready' })
