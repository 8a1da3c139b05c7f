import { describe, expect, it } from 'vitest'
import { describeDay } from './home.ts'

describe('days as people say them', () => {
	const now = new Date(2026, 10, 21, 15).getTime()
	it.each([
		[new Date(2026, 10, 21, 0, 5), 'Today'],
		[new Date(2026, 10, 20, 23, 55), 'Yesterday'],
		[new Date(2026, 10, 19, 12), 'Last Thursday'],
		[new Date(2026, 10, 2, 12), 'November 2'],
		[new Date(2025, 10, 2, 12), 'November 2, 2025'],
	])('[SS20] %s is %s', (date, words) => {
		expect(describeDay(date.getTime(), now)).toBe(words)
	})
})
