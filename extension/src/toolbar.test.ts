import { expect, it } from 'vitest'
import { toolbarOf } from './toolbar.ts'

const room = (over: { title?: string; isShutOut?: boolean }) => ({
	type: 'room' as const,
	title: 'Friday',
	isShutOut: false,
	...over,
})

it('[XT43] the toolbar shows that a room is open, and where it needs a click', () => {
	expect(toolbarOf({ type: 'none' }).badge).toBe('')
	expect(toolbarOf({ type: 'opening' }).badge).toBe('')
	expect(toolbarOf(room({}))).toEqual({ badge: '•', title: 'Matinee: in the room Friday' })
	expect(toolbarOf(room({ title: '' })).title).toBe('Matinee: in a room')
	expect(toolbarOf(room({ isShutOut: true })).badge).toBe('!')
})
it('[XT43] a title cut in the middle of a letter is still text', () => {
	expect(toolbarOf(room({ title: '🎬'.repeat(200) })).title.isWellFormed()).toBe(true)
	expect(toolbarOf(room({ title: `x${'🎬'.repeat(200)}` })).title.isWellFormed()).toBe(true)
})
