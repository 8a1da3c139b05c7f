/**
 * The mesh over real data channels, introduced by the real signaling server in a process that gets killed.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PeerId, RoomId } from '#lib/core/units.ts'
import { createWebCryptoVerifier } from '#lib/core/web-crypto.ts'
import { createServerApi } from '#lib/session/server-api.ts'
import { createDataChannels } from '#lib/transport/data-channel.ts'
import { createMesh } from '#lib/transport/mesh.ts'
import { createRoomSecrets } from '#lib/transport/seal.ts'
import { createSignalingClient, type SocketLike } from '#lib/transport/signaling-client.ts'
import type { ClockSample } from '#lib/transport/clock-probes.ts'
import type { TransportEvent } from '#lib/transport/transport.ts'
import { startApp, type AppServer } from '../support/app.ts'
import { createDevice, cryptoRandom, newId, systemTimers, waitUntil, wrtc } from '../support/wrtc.ts'

let app: AppServer
beforeAll(async () => {
	app = await startApp({ MATINEE_CLIENT: 'none' })
})
afterAll(() => app.close())

const createRoomOf = () => {
	const roomId = newId() as RoomId
	const roomKey = cryptoRandom.bytes(32)
	const join = async () => {
		const signer = await createDevice()
		const self = newId() as PeerId
		const secrets = await createRoomSecrets({ subtle: crypto.subtle, random: cryptoRandom, roomKey, roomId })
		const api = createServerApi({
			fetch: (path, init) => fetch(new URL(path as string, app.url), init),
			pageOrigin: app.url,
			wallNowMs: () => Date.now(),
		})
		const samples: ClockSample[] = []
		/** Sealed signals on this peer's socket, one entry a frame. */
		const signals: ('in' | 'out')[] = []
		const note = (way: 'in' | 'out', frame: unknown) => {
			if (typeof frame === 'string' && frame.startsWith('{"type":"signal"')) signals.push(way)
		}
		const signaling = createSignalingClient({
			room: roomId,
			self,
			getUrl: () => api.socketUrl(),
			getTicket: async () => {
				const identity = await api.identity(signer, 'Somebody')
				if (identity.type !== 'ok') return null
				const answer = await api.ticket(signer, identity.value.token, roomId, self)
				return answer.type === 'ok' ? answer.value.ticket : null
			},
			makeSocket: (url) => {
				const socket = new WebSocket(url)
				socket.addEventListener('message', ({ data }) => note('in', data))
				return {
					addEventListener: socket.addEventListener.bind(socket) as SocketLike['addEventListener'],
					close: (code, reason) => socket.close(code, reason),
					send: (text) => {
						note('out', text)
						socket.send(text)
					},
				}
			},
			secrets,
			timers: systemTimers,
			random: cryptoRandom,
			localNowMs: () => performance.timeOrigin + performance.now(),
			onClockSample: (sample) => samples.push(sample),
		})
		const mesh = createMesh({
			signaling,
			channels: createDataChannels({ timers: systemTimers, getIceServers: () => [], wrtc }),
			signer,
			verifier: createWebCryptoVerifier(crypto.subtle),
			roomId,
			mac: (message) => secrets.mac(message),
			timers: systemTimers,
			random: cryptoRandom,
		})
		const events: TransportEvent[] = []
		mesh.on((event) => events.push(event))
		mesh.start(self)
		signaling.start()
		const linked = () => mesh.links().map(({ peer }) => peer)
		const heard = () => events.flatMap((event) => (event.type === 'frame' ? [event.frame[0]] : []))
		const stop = () => {
			mesh.stop()
			signaling.stop()
		}
		return { self, mesh, signaling, samples, signals, events, linked, heard, stop }
	}
	return { join }
}

it('[TR14, TR22, TR23] links outlive a killed server, and its return brings a third in within 5 s', async () => {
	const room = createRoomOf()
	const [alice, bob] = [await room.join(), await room.join()]
	expect(await waitUntil(() => alice.linked().length === 1 && bob.linked().length === 1, 10_000)).toBe(true)

	await app.kill()
	expect(await waitUntil(() => !alice.signaling.isOpen() && !bob.signaling.isOpen(), 5_000)).toBe(true)
	alice.mesh.send(Uint8Array.of(1), bob.self, 'ordered')
	bob.mesh.send(Uint8Array.of(2), alice.self, 'ordered')
	expect(await waitUntil(() => bob.heard().includes(1) && alice.heard().includes(2), 5_000)).toBe(true)
	expect(alice.signaling.roster().map(({ peer }) => peer)).toEqual([bob.self])

	await app.restart()
	const carol = await room.join()
	const bothLinked = () => carol.linked().toSorted().join() === [alice.self, bob.self].toSorted().join()
	expect(await waitUntil(bothLinked, 5_000)).toBe(true)
	expect(alice.events.filter((event) => event.type === 'peer-down')).toEqual([])
	for (const peer of [alice, bob, carol]) peer.stop()
})

it('[TR17, TR24] a pair meets with at most eight signaling frames, counted in and out; probes are answered', async () => {
	const room = createRoomOf()
	const [alice, bob] = [await room.join(), await room.join()]
	expect(await waitUntil(() => alice.linked().length === 1 && bob.linked().length === 1, 10_000)).toBe(true)
	expect(await waitUntil(() => alice.samples.length >= 16, 10_000)).toBe(true)
	for (const { t0, t1, t2, t3 } of alice.samples) {
		expect(t3).toBeGreaterThanOrEqual(t0)
		expect(t2).toBeGreaterThanOrEqual(t1)
		expect(t3 - t0).toBeGreaterThanOrEqual(t2 - t1)
	}
	const signals = [alice, bob].flatMap((peer) => peer.signals)
	expect(signals.filter((way) => way === 'out').length).toBeGreaterThanOrEqual(2)
	expect(signals.length).toBeLessThanOrEqual(8)
	for (const peer of [alice, bob]) peer.stop()
})
