/**
 * A friendly name for somebody who has not said theirs: a colour and a bird, easy to say aloud, edited in place.
 */
import type { RandomSource } from '#lib/core/clock.ts'
import { guestNamesWords } from '#lib/words/guest-names.ts'

/** One of 1,024 names, such as "Copper Lapwing". */
export const createGuestName = (random: RandomSource): string => {
	const { colours, birds, join } = guestNamesWords()
	const [a = 0, b = 0] = random.bytes(2)
	return join(colours[a % colours.length] ?? '', birds[b % birds.length] ?? '')
}
