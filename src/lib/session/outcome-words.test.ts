import { describe, expect, it } from 'vitest'
import { DEFAULT_SETTINGS } from '#lib/core/roles.ts'
import { describeOutcome } from './outcome-words.ts'
import { whyNot } from './why-not.ts'

describe('why something is refused', () => {
	it('[SS30] says who may, in words of the room', () => {
		const settings = { ...DEFAULT_SETTINGS, control: 'operators' } as const
		expect(whyNot('operator', 'control', settings)).toBeNull()
		expect(whyNot('member', 'control', settings)).toBe('Only operators can control playback in this room.')
		expect(whyNot('operator', 'change-lock', settings)).toBe(
			'Only the owner can change the lock in this room.',
		)
		expect(whyNot('banned', 'chat', settings)).toBe('You were removed from this room.')
	})

	it('[SS30] tells a viewer what a viewer is, whatever the rules', () => {
		const words = whyNot('viewer', 'chat', DEFAULT_SETTINGS)
		expect(words).toContain('You are a viewer here')
		expect(describeOutcome({ type: 'not-allowed', action: 'chat', role: 'viewer' })).toBe(words)
		expect(whyNot('viewer', 'vote', DEFAULT_SETTINGS)).toBeNull()
	})

	it('[SS30] says how long slow mode lasts', () => {
		expect(describeOutcome({ type: 'too-soon', waitS: 12 })).toContain('12 s')
	})
})
