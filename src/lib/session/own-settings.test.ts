import { expect, it } from 'vitest'
import { readOwn } from './own-settings.ts'

it('[SS80] what is kept of one’s own settings is read as far as it makes sense, hidden addresses among it', () => {
	const plain = { soundDelayMs: 0, doesShareFigures: false, hidesAddress: false, toleranceMs: 40 }
	for (const kept of [undefined, null, 'x', 7, [], {}, { hidesAddress: 'yes', doesShareFigures: 1 }])
		expect(readOwn(kept)).toEqual(plain)
	expect(readOwn({ hidesAddress: true, soundDelayMs: 9_000 })).toEqual({
		...plain,
		hidesAddress: true,
		soundDelayMs: 500,
	})
	expect(readOwn({ soundDelayMs: NaN })).toEqual(plain)
})
