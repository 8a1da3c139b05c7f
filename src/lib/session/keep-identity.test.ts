import { describe, expect, it } from 'vitest'
import type { StoredToken } from './identity.ts'
import { keepIdentityFresh } from './keep-identity.ts'

const settle = async () => {
	for (let turn = 0; turn < 10; turn++) await Promise.resolve()
}

const createRoom = (known?: string) => {
	const told: string[] = []
	const world = { token: 'first' as string | null, wait: null as { ms: number; fn: () => void } | null }
	let wake: () => void = () => undefined
	const stop = keepIdentityFresh({
		identity: {
			token: async () => (world.token === null ? null : ({ token: world.token } as StoredToken)),
			whyNone: () => 'unreachable',
		},
		known,
		name: async () => 'Ana',
		timers: {
			after: (ms, fn) => {
				const mine = { ms, fn }
				world.wait = mine
				return () => {
					if (world.wait === mine) world.wait = null
				}
			},
		},
		onWake: (fn) => {
			wake = fn
			return () => (wake = () => undefined)
		},
		onRenewed: ({ token }) => told.push(token),
		onGone: (why) => told.push(`gone: ${String(why)}`),
	})
	const pass = async () => {
		world.wait?.fn()
		await settle()
	}
	return { told, world, stop, pass, wake: async () => (wake(), settle()) }
}

describe('an identity in an open room', () => {
	it('[SS48] a renewed one is introduced anew, the first and an unchanged one are not', async () => {
		const { told, world, pass } = createRoom()
		await settle()
		await pass()
		expect(told).toEqual([])
		world.token = 'second'
		await pass()
		await pass()
		expect(told).toEqual(['second'])
	})
	it('[SS48] one that came before this began to look is introduced too', async () => {
		const { told, pass } = createRoom('earlier')
		await settle()
		await pass()
		expect(told).toEqual(['first'])
	})
	it('[SS48] who signs in elsewhere, or wakes the page, has it looked at once and at once', async () => {
		const { told, world, wake } = createRoom()
		await settle()
		world.token = 'account'
		await wake()
		expect(told).toEqual(['account'])
		const waiting = world.wait
		await wake()
		expect(world.wait).not.toBe(waiting)
	})
	it('[SS49] that it ran out is told once, with the reason; it is asked for again sooner, and introduced', async () => {
		const { told, world, pass } = createRoom()
		await settle()
		const usualMs = world.wait?.ms ?? 0
		world.token = null
		await pass()
		await pass()
		expect(told).toEqual(['gone: unreachable'])
		expect(world.wait?.ms).toBeLessThan(usualMs)
		world.token = 'third'
		await pass()
		expect(told).toEqual(['gone: unreachable', 'third'])
	})
	it('[SS48] after the end nothing is told and nothing waits', async () => {
		const { told, world, stop, wake } = createRoom()
		world.token = 'late'
		stop()
		await settle()
		await wake()
		expect(told).toEqual([])
		expect(world.wait).toBeNull()
	})
})
