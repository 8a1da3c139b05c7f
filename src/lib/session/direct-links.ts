/**
 * Everything that links to others need at first, as one chunk of its own: somebody alone in a room never fetches it.
 * What links through the server need comes when one is needed.
 */
import type { ChannelMaker } from '#lib/transport/channel.ts'
import { createDataChannels } from '#lib/transport/data-channel.ts'
import { createMesh, type Mesh, type MeshDeps, type RelayParts } from '#lib/transport/mesh.ts'
import type { RelayLimits } from '#lib/transport/relay-port.ts'
import type { RoomSecrets } from '#lib/transport/seal.ts'

export interface DirectLinksDeps extends Omit<MeshDeps, 'channels' | 'mac' | 'relay' | 'mayDirect'> {
	readonly secrets: Pick<RoomSecrets, 'mac'>
	readonly subtle: SubtleCrypto
	readonly getIceServers: () => readonly RTCIceServer[]
	/** Each channel is begun with a pass for TURN servers that is good. */
	readonly withFreshTurn: (maker: ChannelMaker) => ChannelMaker
	/** What the server there is now relays; null: nothing. */
	readonly getRelay: () => RelayLimits | null
	/** 32 bytes, from the room's code. */
	readonly relayKey: Uint8Array
	/** The person shows their address to nobody. */
	readonly hidesAddress: () => boolean
}

/** By then the first screen is done, and the network it might be needed on instead of is still there. */
const PREFETCH_AFTER_MS = 20_000

const isTurn = ({ urls }: RTCIceServer): boolean =>
	(typeof urls === 'string' ? [urls] : urls).some((url) => /^turns?:/i.test(url))

export const createDirectLinks = ({ secrets, getIceServers, ...deps }: DirectLinksDeps): Mesh => {
	const { getRelay, hidesAddress, timers } = deps
	let loading: Promise<RelayParts> | null = null
	const load = () => {
		loading ??= import('./relay-links.ts').then(({ openRelayLinks }) =>
			openRelayLinks({ ...deps, getLimits: () => getRelay() ?? { bytesPerSecond: 1, byteBurst: 1 } }),
		)
		loading.catch(() => (loading = null)) // told to the mesh; the next need tries again
		return loading
	}
	timers.setTimeout(() => {
		// Only so that it is there: whoever needs it hears of a failure.
		if (getRelay() !== null) void import('./relay-links.ts').catch(() => undefined)
	}, PREFETCH_AFTER_MS)

	let hideAddress: ((signal: unknown) => object | null) | null = null
	let isFetchingFilter = false
	/** Null until it is there: until then nothing is told at all. */
	const filter = () => {
		if (hideAddress === null && !isFetchingFilter) {
			isFetchingFilter = true
			import('#lib/transport/hide-address.ts').then(
				(module) => (hideAddress = module.hideAddress),
				() => (isFetchingFilter = false), // links go through the server meanwhile
			)
		}
		return hideAddress
	}
	const mayDirect = (): boolean =>
		typeof RTCPeerConnection === 'function' &&
		(!hidesAddress() || (getIceServers().some(isTurn) && filter() !== null))

	return createMesh({
		...deps,
		channels: deps.withFreshTurn(
			createDataChannels({
				timers,
				getIceServers,
				hiding: () => (hidesAddress() ? (filter() ?? (() => null)) : null),
				isThroughTurn: async (connection) =>
					(await import('#lib/transport/turn-route.ts')).isThroughTurn(await connection.getStats()),
			}),
		),
		mac: secrets.mac,
		relay: { isOffered: () => getRelay() !== null, load },
		mayDirect,
	})
}
