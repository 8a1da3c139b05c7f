import { expect, it } from 'vitest'
import type { PeerId } from '#lib/core/units.ts'
import { createSeenIds } from './seen-ids.ts'

const [alice, bob] = ['alice', 'bob'] as [PeerId, PeerId]

it('[TR16] an attempt’s id is new once for each peer, of whom the eight newest are kept', () => {
	const seen = createSeenIds()
	expect([seen.note(alice, 'a'), seen.note(alice, 'a'), seen.note(bob, 'a')]).toEqual([true, false, true])
	for (let n = 0; n < 7; n++) seen.note(alice, String(n))
	expect(seen.note(alice, 'a')).toBe(false)
	seen.note(alice, 'one more')
	expect(seen.note(alice, 'a')).toBe(true)
})

it('[TR16] peers that were quiet longest are forgotten first', () => {
	const seen = createSeenIds()
	seen.note(alice, 'a')
	seen.note(bob, 'b')
	for (let n = 0; n < 3_998; n++) seen.note(`peer ${String(n)}` as PeerId, 'x')
	seen.note(bob, 'b 2')
	seen.note('the last' as PeerId, 'x')
	expect([seen.note(bob, 'b'), seen.note(alice, 'a')]).toEqual([false, true])
})
