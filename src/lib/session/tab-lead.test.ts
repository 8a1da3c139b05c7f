import { describe, expect, it, vi } from 'vitest'
import { requestTabLead, type LockManagerLike } from './tab-lead.ts'

/** Web Locks as the platform has them, for one name: a queue, handed on when the holder's promise settles. */
const createLocks = (): LockManagerLike => {
	let tail: Promise<unknown> = Promise.resolve()
	return {
		request: (_name, { signal }, callback) => {
			const turn = tail.then(() => {
				if (signal.aborted) throw new DOMException('aborted', 'AbortError')
				return callback()
			})
			tail = turn.catch(() => undefined) // the next in line does not care why this one ended
			return turn
		},
	}
}
const settle = async () => {
	for (let i = 0; i < 20; i++) await Promise.resolve()
}

describe('the lead among tabs', () => {
	it('[SS19] one tab leads; when it goes the next one does, and only then', async () => {
		const locks = createLocks()
		const onFirst = vi.fn()
		const onSecond = vi.fn()
		const first = requestTabLead(locks, 'room', onFirst)
		const second = requestTabLead(locks, 'room', onSecond)
		await settle()
		expect([first.isLeading(), second.isLeading()]).toEqual([true, false])
		first.release()
		first.release()
		await settle()
		expect([first.isLeading(), second.isLeading()]).toEqual([false, true])
		expect(onFirst).toHaveBeenCalledTimes(1)
		expect(onSecond).toHaveBeenCalledTimes(1)
	})

	it('[SS19] a tab that goes while it waits never leads', async () => {
		const locks = createLocks()
		const first = requestTabLead(locks, 'room', () => undefined)
		const onSecond = vi.fn()
		const second = requestTabLead(locks, 'room', onSecond)
		await settle()
		second.release()
		first.release()
		await settle()
		expect(onSecond).not.toHaveBeenCalled()
	})

	it('[SS19] where there are no locks, each tab leads for itself', async () => {
		const onLead = vi.fn()
		const lead = requestTabLead(undefined, 'room', onLead)
		await settle()
		expect(lead.isLeading()).toBe(true)
		expect(onLead).toHaveBeenCalledTimes(1)
	})
})
