/**
 * Everything that links through the server need, as one chunk of its own: fetched when the first one is needed, or
 * when there is time for it.
 */
import type { RandomSource } from '#lib/core/clock.ts'
import type { RoomId } from '#lib/core/units.ts'
import type { RelayParts } from '#lib/transport/mesh.ts'
import { createRelayKeys } from '#lib/transport/relay-keys.ts'
import { createRelayParts } from '#lib/transport/relay-parts.ts'
import { createRelayPort, type RelayLimits } from '#lib/transport/relay-port.ts'
import type { Signaling } from '#lib/transport/signaling-port.ts'
import type { Timers } from '#lib/transport/timers.ts'

export interface RelayLinksDeps {
	readonly signaling: Signaling
	readonly timers: Timers
	readonly subtle: SubtleCrypto
	readonly random: RandomSource
	/** 32 bytes, from the room's code. */
	readonly relayKey: Uint8Array
	readonly roomId: RoomId
	readonly getLimits: () => RelayLimits
}

export const openRelayLinks = async (deps: RelayLinksDeps): Promise<RelayParts> => {
	const keys = await createRelayKeys(deps)
	return createRelayParts({ port: createRelayPort(deps), keys, timers: deps.timers })
}
