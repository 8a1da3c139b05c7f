import { expect, it } from 'vitest'
import { createGuestName } from './guest-name.ts'

it('[SS15] a guest gets a friendly name of two words that fits everywhere a name stands', () => {
	const names = new Set<string>()
	for (let a = 0; a < 256; a += 7) {
		for (let b = 0; b < 256; b += 5) names.add(createGuestName({ bytes: () => Uint8Array.of(a, b) }))
	}
	expect(names.size).toBeGreaterThan(900)
	for (const name of names) expect(name).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+$/)
	expect(Math.max(...[...names].map((name) => name.length))).toBeLessThanOrEqual(32)
})
