import { expect, it } from 'vitest'
import { createWorkQueue } from './work-queue.ts'

const later = () => {
	let finish = (): void => undefined
	const done = new Promise<void>((resolve) => {
		finish = resolve
	})
	return { done, finish }
}

it('[AU20] runs so many at once, lets so many wait, and turns the rest away', async () => {
	const queue = createWorkQueue({ atOnce: 2, waiting: 1 })
	const gate = later()
	let running = 0
	let most = 0
	const job = async (): Promise<string> => {
		most = Math.max(most, ++running)
		await gate.done
		running--
		return 'ran'
	}
	const outcomes = [1, 2, 3, 4].map(() => queue.run(job))
	expect(await outcomes[3]).toEqual({ type: 'full' })
	gate.finish()
	expect(await Promise.all(outcomes.slice(0, 3))).toEqual(Array(3).fill({ type: 'done', value: 'ran' }))
	expect(most).toBe(2)
})

it('[AU20] a job that fails frees its place', async () => {
	const queue = createWorkQueue({ atOnce: 1, waiting: 1 })
	const failing = queue.run(() => Promise.reject(new Error('no')))
	const next = queue.run(() => Promise.resolve('ran'))
	await expect(failing).rejects.toThrow('no')
	expect(await next).toEqual({ type: 'done', value: 'ran' })
	expect(await queue.run(() => Promise.resolve(1))).toEqual({ type: 'done', value: 1 })
})
