/** The list of emoji, and what completes names and emoji while a message is written. */
import { plural } from './number-words.ts'
import { subject } from './subject.ts'

const english = {
	picker: 'Emoji',
	search: 'Search emoji',
	searchHint: 'Search, such as laugh',
	recent: 'Recent',
	faces: 'Faces',
	gestures: 'Hands and people',
	hearts: 'Hearts and signs',
	animals: 'Animals and nature',
	food: 'Food and drink',
	film: 'Film, music, play',
	places: 'Places and things',
	found: (count: number) => plural(count, { one: '1 emoji', other: `${String(count)} emoji` }),
	none: (typed: string) => `No emoji for “${typed}”`,
	people: 'People to mention',
	names: 'Emoji by name',
	choices: (count: number) =>
		plural(count, {
			one: '1 suggestion. Enter takes it',
			other: `${String(count)} suggestions. Arrows choose, Enter takes it`,
		}),
}
export type EmojiWords = typeof english
export const emojiWords = subject('emoji', english)
