/**
 * What a mesh needs for relayed links, in one: its own chunk of the app, fetched when the first is needed.
 */
import type { RelayParts } from './mesh-state.ts'
import { createRelayChannels, type RelayChannelDeps } from './relay-channel.ts'
import { createRelayWays } from './relay-ways.ts'

/** Ends the port with it. */
export const createRelayParts = (deps: RelayChannelDeps): RelayParts => ({
	channels: createRelayChannels(deps),
	join: createRelayWays,
	stop: () => deps.port.stop(),
})
