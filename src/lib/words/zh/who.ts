import type { WhoWords } from '../who.ts'

export const who: WhoWords = {
	you: '你',
	youWithin: '你',
	someone: '某人',
	someoneWithin: '某人',
	somebody: '某人',
}
