/**
 * How this tab reaches the others: as the leading tab by the server and data channels, as a following tab through
 * the leading one. Tells the screens how it stands.
 */
import { bytesToBase64url } from '#lib/core/base64url.ts'
import type { RoomKeys } from '#lib/core/room-keys.ts'
import type { DeviceId, PeerId, SubjectId } from '#lib/core/units.ts'
import type { ConnectionView } from '#lib/core/view.ts'
import { serverVersionOf } from '#lib/protocol/signaling.ts'
import { SERVER_WORD, type RoomClock } from '#lib/follow/room-clock.ts'
import type { CombinedTransport } from '#lib/transport/combined.ts'
import type { Mesh } from '#lib/transport/mesh.ts'
import type { RelayLimits } from '#lib/transport/relay-port.ts'
import { createRoomSecrets } from '#lib/transport/seal.ts'
import {
	createSignalingClient,
	type SignalingClient,
	type SocketLike,
} from '#lib/transport/signaling-client.ts'
import type { SignalingEvent } from '#lib/transport/signaling-port.ts'
import type { Timers } from '#lib/transport/timers.ts'
import { SERVER_NODE } from './clock-exchange.ts'
import type { Device } from './device.ts'
import { holdSignaling } from './held-signaling.ts'
import type { PageVisibility } from './page-life.ts'
import { requestTabLead, type TabLead } from './tab-lead.ts'
import { createTurnPass } from './turn-pass.ts'

export interface NetworkDeps {
	readonly device: Device
	readonly keys: RoomKeys
	readonly self: PeerId
	readonly transport: CombinedTransport
	readonly clock: RoomClock
	readonly timers: Timers
	readonly makeSocket: (url: string) => SocketLike
	/** Whoever speaks through links listens from then on: there are none before. */
	readonly whenReady: Promise<void>
	/** Somebody is expected: what links need is fetched at once, not when they show up. */
	readonly isJoining: boolean
	/** Whether this person shows their address to nobody, as it was kept. */
	readonly hidesAddress: Promise<boolean>
	readonly visibility: PageVisibility
	/** Whether somebody is kept out of the room; `subject` as the server's roster has it. */
	readonly isOutcast: (device: DeviceId, subject: SubjectId | null) => boolean
	/** The server lets this person into the room no more. */
	readonly onRemoved: () => void
	readonly onSignaling: (event: SignalingEvent) => void
	readonly onChange: () => void
}

export interface Network {
	start(): void
	connection(): ConnectionView
	/** Other members that the server or a link shows, this device's own tabs not among them. */
	others(): number
	/** The same, once it can be known: by the server's roster, or because there is no server. Null until then. */
	expected(): number | null
	/** Asks the server for its time, out of turn. */
	probeServer(): void
	/** Who is kept out has changed. */
	reviewOutcasts(): void
	/** From now on: links that show more are made anew at once. */
	setHidesAddress(hidesAddress: boolean): void
	/** Idempotent. */
	stop(): void
}

/** A new tab's first word to those that have the room open. */
const HERE = 'here'
/** Following tabs learn of the links that the leading one has. */
const REPORT_EVERY_MS = 2_000

const median = (values: readonly number[]): number | null => {
	const sorted = values.toSorted((a, b) => a - b)
	return sorted[Math.floor(sorted.length / 2)] ?? null
}

/** What the leading tab reports; input from another tab of the same program, perhaps of another version. */
const isReport = (data: unknown): data is ConnectionView =>
	typeof data === 'object' &&
	data !== null &&
	'direct' in data &&
	typeof data.direct === 'number' &&
	'relayed' in data &&
	typeof data.relayed === 'number' &&
	'state' in data &&
	['connecting', 'ready', 'alone', 'offline'].includes(data.state as string) &&
	'server' in data &&
	['up', 'connecting', 'away'].includes(data.server as string)

export const createNetwork = (deps: NetworkDeps): Network => {
	const { device, keys, self, transport, clock, timers } = deps
	let lead: TabLead | null = null
	let signaling: SignalingClient | null = null
	let mesh: Mesh | null = null
	let server: ConnectionView['server'] = 'connecting'
	let serverVersion: ReturnType<typeof serverVersionOf> = null
	let report: ConnectionView | null = null
	let reports: BroadcastChannel | null = null
	let iceServers: readonly RTCIceServer[] = []
	let relay: RelayLimits | null = null
	/** Null until it is known; nothing is told before. */
	let hidesAddress: boolean | null = null
	let isStopped = false
	let reportTimer: unknown = null

	const connection = (): ConnectionView => {
		if (lead?.isLeading() !== true) {
			return {
				...(report ?? { state: 'connecting', direct: 0, relayed: 0, rttMs: null, server: 'connecting' }),
				isFollower: true,
			}
		}
		const links = mesh?.links() ?? []
		const turn = links.filter(({ path }) => path === 'turn').length
		const relayed = turn + links.filter(({ path }) => path === 'relayed').length
		return {
			state: stateOf(links.length),
			direct: links.length - relayed,
			relayed,
			turn,
			rttMs: median(links.flatMap(({ rttMs }) => rttMs ?? [])),
			server,
			isFollower: false,
			...whyNone(links.length),
			...(serverVersion !== null && { serverVersion }),
		}
	}
	/** Why there is no link to people who are here, where it is known. */
	const whyNone = (links: number): Pick<ConnectionView, 'whyNone'> => {
		if (links > 0 || server !== 'up' || relay !== null || mesh === null || others() === 0) return {}
		if (showsNoAddress()) return { whyNone: 'hidden' }
		return mesh.counts.failed > 0 || makesNoChannels() ? { whyNone: 'no-relay' } : {}
	}
	/** As far as is known by now. */
	const showsNoAddress = (): boolean =>
		hidesAddress === true && !allIceServers().some(({ urls }) => String(urls).includes('turn'))
	const makesNoChannels = (): boolean => typeof RTCPeerConnection !== 'function' || showsNoAddress()
	const stateOf = (links: number): ConnectionView['state'] => {
		if (links > 0) return 'ready'
		if (server === 'away') return 'offline'
		return server === 'up' && others() === 0 ? 'alone' : 'connecting'
	}
	const others = (): number => {
		const ids = new Set<string>()
		for (const { peer, device: id } of signaling?.roster() ?? [])
			if (id !== device.signer.device) ids.add(peer)
		for (const { peer, device: id } of transport.links()) if (id !== device.signer.device) ids.add(peer)
		return ids.size
	}

	const changed = () => {
		if (lead?.isLeading() === true) reports?.postMessage(connection())
		deps.onChange()
	}

	const getTicket = async (): Promise<string | null> => {
		const token = await device.identity.token(await device.name())
		if (token === null) return null
		const answer = await device.api.ticket(device.signer, token.token, keys.roomId, self)
		if (answer.type === 'ok') {
			turn.take(answer.value.turn)
			return answer.value.ticket
		}
		const isTokenRefused =
			answer.type === 'refused' &&
			(answer.error.error === 'bad-token' || answer.error.error === 'expired-token')
		if (isTokenRefused) await device.identity.forgetToken()
		if (answer.type === 'refused' && answer.error.error === 'removed') beRemoved()
		return null
	}

	/** A ticket brings one along; the ticket itself is left to end. */
	const turn = createTurnPass({
		timers,
		localNowMs: device.localNowMs,
		renew: () => getTicket().catch(() => null), // tried with what there is
	})
	const allIceServers = (): readonly RTCIceServer[] => [...iceServers, ...turn.iceServers()]

	const beRemoved = () => {
		server = 'away'
		signaling?.stop()
		deps.onRemoved()
		changed()
	}

	/** Set once the lead is ours; fetches what links need and brings the mesh up, once. */
	let raiseMesh: () => void = () => undefined

	const onSignaling = (event: SignalingEvent) => {
		if (event.type === 'bytes') return
		if ((event.type === 'open' && event.roster.length > 0) || event.type === 'peer-joined') raiseMesh()
		if (event.type === 'open') {
			server = 'up'
			clock.addNode(SERVER_NODE, 'server')
		} else if (event.type === 'closed') {
			server = 'away'
			clock.removeNode(SERVER_NODE)
			if (event.close === 'removed') beRemoved()
			if (event.close === 'badVersion') serverVersion = serverVersionOf(event.why)
		}
		deps.onSignaling(event)
		changed()
	}

	const takeLead = async () => {
		const secrets = await createRoomSecrets({
			subtle: device.subtle,
			random: device.random,
			roomKey: keys.roomKey,
			roomId: keys.roomId,
		})
		if (isStopped) return
		deps.hidesAddress.then(
			(hides) => (hidesAddress ??= hides),
			() => undefined, // told where links are made, and tried again there
		)
		signaling = createSignalingClient({
			room: keys.roomId,
			self,
			getUrl: async () => {
				const config = await device.api.config()
				if (config.type === 'ok') {
					iceServers = config.value.iceServers
					relay = config.value.relay ?? null
				}
				return device.api.socketUrl(keys.roomId)
			},
			getTicket,
			makeSocket: deps.makeSocket,
			secrets,
			timers,
			random: device.random,
			localNowMs: device.localNowMs,
			onWake: (fn) => {
				const { visibility } = deps
				const offVisible = visibility.onChange(() => (visibility.isHidden() ? undefined : fn()))
				addEventListener('online', fn)
				return () => {
					removeEventListener('online', fn)
					offVisible()
				}
			},
			onClockSample: (sample) => clock.answered(SERVER_NODE, sample, SERVER_WORD),
			isRelayOnly: makesNoChannels,
		})
		const held = holdSignaling(signaling, () => client.roster())
		const client = signaling
		let isRaised = false
		raiseMesh = () => {
			if (isRaised) return
			isRaised = true
			Promise.all([import('./direct-links.ts'), deps.hidesAddress, deps.whenReady]).then(
				([{ createDirectLinks }, hides]) => {
					if (isStopped) return
					hidesAddress ??= hides
					mesh = createDirectLinks({
						signaling: held,
						signer: device.signer,
						verifier: device.verifier,
						roomId: keys.roomId,
						secrets,
						timers,
						random: device.random,
						isOutcast: deps.isOutcast,
						getIceServers: allIceServers,
						withFreshTurn: turn.fresh,
						subtle: device.subtle,
						relayKey: keys.relayKey,
						getRelay: () => relay,
						hidesAddress: () => hidesAddress !== false,
					})
					transport.add(mesh)
					changed()
				},
				(error: unknown) => {
					// Offline, or a new version was deployed: the next one to come tries again.
					console.warn('What links need could not be fetched.', error)
					isRaised = false
				},
			)
		}
		if (deps.isJoining) raiseMesh()
		signaling.on(onSignaling)
		signaling.start()
		changed()
	}

	let areTabsMet = false
	/** Another tab of this browser has this room open: what links to it is fetched, once. */
	const meetTabs = (name: string) => {
		if (areTabsMet) return
		areTabsMet = true
		Promise.all([import('#lib/transport/broadcast-channel.ts'), deps.whenReady]).then(
			([{ createBroadcastChannelTransport }]) => {
				if (isStopped) return
				transport.add(
					createBroadcastChannelTransport({
						open: (channel) => new BroadcastChannel(channel),
						name,
						device: device.signer.device,
						timers,
					}),
				)
				changed()
			},
			(error: unknown) => {
				// The other tab speaks again in two seconds at the latest.
				console.warn('What links to other tabs could not be fetched.', error)
				areTabsMet = false
			},
		)
	}

	const keepReporting = () => {
		if (lead?.isLeading() === true) reports?.postMessage(connection())
		reportTimer = timers.setTimeout(keepReporting, REPORT_EVERY_MS)
	}

	return {
		start: () => {
			const name = `matinee-room-${keys.roomId}`
			if (typeof BroadcastChannel === 'function') {
				reports = new BroadcastChannel(`${name}-lead`)
				reports.onmessage = ({ data }: MessageEvent<unknown>) => {
					meetTabs(name)
					if (data === HERE) changed()
					if (!isReport(data)) return
					report = data
					deps.onChange()
				}
				reports.postMessage(HERE)
			}
			transport.on((event) => (event.type === 'frame' ? undefined : changed()))
			lead = requestTabLead(navigator.locks, name, () => void takeLead())
			keepReporting()
		},
		connection,
		others,
		expected: () => (lead?.isLeading() === true && server !== 'connecting' ? others() : null),
		probeServer: () => signaling?.probe(),
		reviewOutcasts: () => mesh?.reviewOutcasts(),
		setHidesAddress: (hides) => {
			if (hidesAddress === hides) return
			hidesAddress = hides
			mesh?.redial()
			changed()
		},
		stop: () => {
			if (isStopped) return
			isStopped = true
			timers.clearTimeout(reportTimer)
			signaling?.stop()
			mesh?.stop()
			reports?.close()
			lead?.release()
		},
	}
}

/** A new peer id, for one tab's life. */
export const createPeerId = (random: Device['random']): PeerId => bytesToBase64url(random.bytes(16)) as PeerId
