import { expect, it } from 'vitest'
import { createRoomModels, type RoomModel } from './room-model.ts'

const modelsOf = () => {
	let made = 0
	const models = createRoomModels(() => ({ driftMs: ++made }) as RoomModel)
	return { models, made: () => made }
}

it('[SS82] of all that changes in one moment the screens hear once, and of nothing after the end', async () => {
	const { models, made } = modelsOf()
	const heard: (number | null)[] = []
	const off = models.onChange(({ driftMs }) => heard.push(driftMs))
	for (let i = 0; i < 5; i++) models.changed()
	expect(heard).toEqual([])
	await Promise.resolve()
	expect([heard, models.last()?.driftMs]).toEqual([[1], 1])
	off()
	models.changed()
	await Promise.resolve()
	expect([heard, made()]).toEqual([[1], 2])
	models.changed()
	models.stop()
	await Promise.resolve()
	models.changed()
	await Promise.resolve()
	expect(made()).toBe(2)
})

it('[SS82] whoever asks first has a model made for them', () => {
	const { models, made } = modelsOf()
	expect(models.last()).toBeNull()
	expect(models.current()).toBe(models.current())
	expect(made()).toBe(1)
})
