import { describe, expect, it } from 'vitest'
import type { PeerId } from '#lib/core/units.ts'
import type { RosterEntry } from '#lib/protocol/signaling.ts'
import { createLateness } from './lateness.ts'
import { createSeeking } from './mesh-seek.ts'
import type { Attempt, MeshState, Path } from './mesh-state.ts'
import { createRetryBook } from './retry-book.ts'
import { createSeededRandom } from './seeded-random.ts'
import { createSimClock } from './sim-clock.ts'

const SELF = 'A' as PeerId
const strangers = Array.from({ length: 200 }, (_, i) => `B${String(i)}` as PeerId)

const setUp = () => {
	const clock = createSimClock()
	const random = createSeededRandom(1)
	const attempts = new Map<PeerId, Attempt>()
	const lateness = createLateness(1_000, clock.nowMs())
	const state = {
		self: SELF,
		deps: { timers: clock, random, signaling: { isOpen: () => true } },
		roster: new Map(strangers.map((peer) => [peer, { peer } as RosterEntry])),
		open: new Map(),
		attempts,
		waits: new Map(),
		retries: createRetryBook(clock, random),
		wishes: { mutual: [], long: [] },
		relayWishes: [],
		banned: new Set(),
		lateness,
		wantingSinceMs: clock.nowMs() - 60_000,
	} as unknown as MeshState
	const dialled: PeerId[] = []
	const dial = (peer: PeerId, path: Path) => {
		dialled.push(peer)
		attempts.set(peer, { role: 'dial', path, over: null, didAnswer: false } as Attempt)
	}
	const seeking = createSeeking({ state, dial, tell: () => true })
	const tick = async (seconds: number, everyMs = 1_000) => {
		for (let i = 0; i < seconds; i++) {
			await clock.run(everyMs)
			lateness.tick(clock.nowMs())
			seeking.explore(() => false)
		}
	}
	return { clock, state, attempts, dialled, seeking, tick }
}

describe('strangers tried at random', () => {
	it('[TR43] are three a second, and sixteen at once with whoever else is dialled', async () => {
		const { dialled, seeking, tick } = setUp()
		await tick(3)
		expect(dialled.length).toBe(9)
		await tick(20)
		expect(dialled.length).toBe(16)
		seeking.seek('B0wished' as PeerId, true)
		expect(dialled.length).toBe(16)
	})

	it('[TR43] are none while four that answered are not through, nor while this machine is late', async () => {
		const { attempts, dialled, tick } = setUp()
		for (const peer of strangers.slice(0, 4))
			attempts.set(peer, { role: 'accept', path: 'direct', over: null, didAnswer: true } as Attempt)
		await tick(10)
		expect(dialled).toEqual([])
		attempts.clear()
		await tick(5, 2_000)
		expect(dialled).toEqual([])
		await tick(4)
		expect(dialled.length).toBe(3)
	})

	it('[TR43] are tried ever more rarely where nothing comes of it', async () => {
		const { attempts, dialled, tick } = setUp()
		const tickAndFail = async (seconds: number) => {
			const before = dialled.length
			for (let i = 0; i < seconds; i++) {
				await tick(1)
				attempts.clear()
			}
			return dialled.length - before
		}
		expect(await tickAndFail(20)).toBe(60)
		expect(await tickAndFail(60)).toBeLessThanOrEqual(18)
		expect(await tickAndFail(120)).toBeLessThanOrEqual(15)
	})
})
