import { describe, expect, it } from 'vitest'
import type { PeerId } from '#lib/core/units.ts'
import { hasFreePlace, hasRoomFor, leastMissed, pickOthers } from './mesh-places.ts'
import type { Attempt, MeshState, OpenLink } from './mesh-state.ts'
import { LINKS_MAX } from './overlay.ts'
import { createSeededRandom } from './seeded-random.ts'

const peerOf = (n: number) => `peer ${String(n)}` as PeerId
const stateOf = (links: readonly Partial<OpenLink>[], rest: Partial<MeshState> = {}) =>
	({
		open: new Map(
			links.map((link, n) => [
				peerOf(n),
				{ unwantedSinceMs: null, isWantedByThem: true, openedAtMs: n, ...link } as OpenLink,
			]),
		),
		attempts: new Map(),
		wishes: { mutual: [], long: [] },
		relayWishes: [],
		...rest,
	}) as unknown as MeshState
const full = (more: Partial<OpenLink> = {}) => Array.from({ length: LINKS_MAX }, () => more)

describe('the places for links', () => {
	it('[TR11] are fourteen; links that nobody wants give theirs away, and those that come in take theirs early', () => {
		expect(hasFreePlace(stateOf(full()))).toBe(false)
		expect(hasFreePlace(stateOf([...full().slice(1), { unwantedSinceMs: 1 }]))).toBe(true)
		const coming = new Map([[peerOf(99), { role: 'accept' } as Attempt]])
		const state = stateOf(full().slice(1), { attempts: coming })
		expect(hasFreePlace(state)).toBe(false)
		expect(hasFreePlace(state, peerOf(99))).toBe(true)
	})

	it('[TR11] the ring always has one, and so has who is linked already', () => {
		const state = stateOf(full(), { wishes: { mutual: [peerOf(50)], long: [peerOf(51)] } })
		expect([
			hasRoomFor(state, peerOf(50)),
			hasRoomFor(state, peerOf(51)),
			hasRoomFor(state, peerOf(3)),
		]).toEqual([true, false, true])
	})

	it('[TR11] who gives way is wished by neither, else by the other side alone, the newest first', () => {
		const wishes = { mutual: [peerOf(0)], long: [peerOf(1)] }
		const links = [{}, {}, {}, {}, { isWantedByThem: false }]
		expect(leastMissed(stateOf(links, { wishes }))).toBe(peerOf(4))
		expect(leastMissed(stateOf(links.slice(0, 4), { wishes }))).toBe(peerOf(3))
		expect(leastMissed(stateOf(links.slice(0, 2), { wishes }))).toBe(peerOf(1))
		expect(leastMissed(stateOf([]))).toBe(undefined)
	})

	it('[TR16] somebody who finds none is named three others at most, never themselves', () => {
		const others = pickOthers(stateOf(full()), createSeededRandom(1), peerOf(2))
		expect(new Set(others).size).toBe(3)
		expect(others).not.toContain(peerOf(2))
	})
})
