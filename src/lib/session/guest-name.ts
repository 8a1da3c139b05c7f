/**
 * A friendly name for somebody who has not said theirs: a colour and a bird, easy to say aloud, edited in place.
 */
import type { RandomSource } from '#lib/core/clock.ts'

const COLOURS = [
	'Amber',
	'Ash',
	'Auburn',
	'Blue',
	'Brass',
	'Bronze',
	'Chalk',
	'Cinder',
	'Copper',
	'Coral',
	'Cream',
	'Fern',
	'Ginger',
	'Golden',
	'Green',
	'Hazel',
	'Indigo',
	'Ivory',
	'Jade',
	'Lilac',
	'Linen',
	'Mauve',
	'Mint',
	'Ochre',
	'Olive',
	'Pearl',
	'Plum',
	'Russet',
	'Sable',
	'Silver',
	'Slate',
	'Teal',
] as const

const BIRDS = [
	'Avocet',
	'Bittern',
	'Bunting',
	'Curlew',
	'Dipper',
	'Dunlin',
	'Egret',
	'Finch',
	'Godwit',
	'Goldcrest',
	'Grebe',
	'Heron',
	'Hoopoe',
	'Ibis',
	'Jackdaw',
	'Kestrel',
	'Lapwing',
	'Linnet',
	'Magpie',
	'Martin',
	'Oriole',
	'Osprey',
	'Pipit',
	'Plover',
	'Puffin',
	'Robin',
	'Sandpiper',
	'Shearwater',
	'Starling',
	'Swallow',
	'Tern',
	'Wren',
] as const

/** One of 1,024 names, such as "Copper Lapwing". */
export const createGuestName = (random: RandomSource): string => {
	const [a = 0, b = 0] = random.bytes(2)
	return `${COLOURS[a % COLOURS.length] ?? 'Amber'} ${BIRDS[b % BIRDS.length] ?? 'Wren'}`
}
