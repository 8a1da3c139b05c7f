/**
 * What runs in the player page: opens players by the app's own registry, keeps what they tell, and runs the contract
 * over them. Tests reach it as `window.lab`.
 */
import type { MediaRef } from '#lib/core/media.ts'
import { runPlayerContract, type ContractReport } from '#lib/players/contract.ts'
import type { Player, PlayerEvent } from '#lib/players/player.ts'
import { browserDeps, createBrowserLoaders, createRegistry } from '#lib/players/registry.ts'

export interface Lab {
	/** The player opened last. */
	player: Player | null
	/** What it told since it was opened; `atMs` local. */
	events: (PlayerEvent & { readonly atMs: number })[]
	/** Ends the one before. */
	open(media: MediaRef): Promise<Player>
	/** Runs all checks that fit the abilities of the player for `media`. */
	contract(media: MediaRef, toleranceS: number): Promise<ContractReport>
	local(): number
	wait(ms: number): Promise<void>
	/** Waits for `isTrue`, 10 s unless told; false if it never was. */
	until(isTrue: () => boolean, mostMs?: number): Promise<boolean>
}

const deps = browserDeps(window)
const registry = createRegistry(createBrowserLoaders(deps))
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const open = async (media: MediaRef): Promise<Player> => {
	const stage = document.getElementById('stage')
	if (!stage) throw new Error('no stage')
	const loaded = await registry.load(stage, media)
	if (loaded.type !== 'loaded') throw new Error(JSON.stringify(loaded))
	return loaded.player
}

const lab: Lab = {
	player: null,
	events: [],
	async open(media) {
		lab.player?.dispose()
		lab.events = []
		const { events } = lab
		const player = await open(media)
		player.on((event) => events.push({ ...event, atMs: deps.local() }))
		lab.player = player
		return player
	},
	contract: (media, toleranceS) => runPlayerContract({ open: () => open(media), wait, toleranceS }),
	local: deps.local,
	wait,
	async until(isTrue, mostMs = 10_000) {
		for (const endMs = deps.local() + mostMs; deps.local() < endMs; await wait(20)) if (isTrue()) return true
		return isTrue()
	},
}

declare global {
	interface Window {
		lab: Lab
	}
}
window.lab = lab
