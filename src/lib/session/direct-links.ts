/**
 * Everything that WebRTC links need, as one chunk of its own: somebody alone in a room never fetches it.
 */
import { createDataChannels } from '#lib/transport/data-channel.ts'
import { createMesh, type Mesh, type MeshDeps } from '#lib/transport/mesh.ts'
import type { RoomSecrets } from '#lib/transport/seal.ts'

export interface DirectLinksDeps extends Omit<MeshDeps, 'channels' | 'mac'> {
	readonly secrets: Pick<RoomSecrets, 'mac'>
	readonly getIceServers: () => readonly RTCIceServer[]
}

export const createDirectLinks = ({ secrets, getIceServers, ...deps }: DirectLinksDeps): Mesh =>
	createMesh({
		...deps,
		channels: createDataChannels({ timers: deps.timers, getIceServers }),
		mac: secrets.mac,
	})
