/**
 * The keys of the room in words, as the list that `?` opens shows them; `keys.ts` is what they do.
 */
import { keysWords } from '#lib/words/keys.ts'

export const keyHelp = (): readonly (readonly [keys: string, does: string])[] => {
	const words = keysWords()
	return [
		[words.spaceOrK, words.playOrPause],
		['J / L', words.tenSeconds],
		['← / →', words.fiveSeconds],
		['↑ / ↓', words.volume],
		['M', words.mute],
		['N', words.next],
		['F', words.fullScreen],
		['T', words.theater],
		['C', words.chat],
		[']', words.panel],
		['Alt ↑ / ↓', words.moveInQueue],
		['?', words.thisList],
		['Esc', words.close],
	]
}
