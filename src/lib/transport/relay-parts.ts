/**
 * What a mesh needs for relayed links, in one: its own chunk of the app, fetched when the first is needed.
 */
import { beginHandover } from './handover.ts'
import type { RelayParts } from './mesh.ts'
import { createRelayChannels, type RelayChannelDeps } from './relay-channel.ts'
import { createRelayPaths } from './relay-paths.ts'

/** Ends the port with it. */
export const createRelayParts = (deps: RelayChannelDeps): RelayParts => ({
	channels: createRelayChannels(deps),
	paths: createRelayPaths(deps.timers),
	beginHandover,
	stop: () => deps.port.stop(),
})
