/**
 * What somebody did to the film, in sentences with an actor: "Ana paused at 12:04"; and who is who. The words for all
 * other deeds come with the panel that lists them (`room/deed-text.ts`).
 */
import type { Deed, RoomState } from '#lib/core/state.ts'
import { isStandIn, titleWithin } from '#lib/core/title-words.ts'
import type { DeviceId } from '#lib/core/units.ts'
import { filmDeedWords } from '#lib/words/film-deeds.ts'
import { whoWords } from '#lib/words/who.ts'
import type { NameOf } from './props.ts'
import { clockText } from './time-text.ts'

/**
 * The whole sentence; null for what is not done to the film. `who` and what `emphasize` makes of a title stand in it
 * as they are given.
 */
export const filmDeedSentence = (
	deed: Deed,
	who: string,
	emphasize: (title: string) => string = (title) => title,
): string | null => {
	const words = filmDeedWords()
	switch (deed.type) {
		case 'played':
			return words.played(who, clockText(deed.positionS))
		case 'paused':
			return words.paused(who, clockText(deed.positionS))
		case 'sought':
			return words.sought(who, clockText(deed.positionS))
		case 'set-speed':
			return words.setSpeed(who, String(deed.rate))
		case 'started': {
			const title = emphasize(titleWithin(deed.title))
			return words.started(who, isStandIn(deed.title) ? title : words.titled(title))
		}
		default:
			return null
	}
}

/** The same without who did it, for a line that begins with the name; null as above. */
export const filmDeedText = (deed: Deed): string | null => filmDeedSentence(deed, '')?.trim() ?? null

/** Looks up authors in one snapshot; whoever left no record is "Someone". */
export const namesIn = (state: RoomState): NameOf => {
	const byDevice = new Map(state.members.map((member) => [member.device, member]))
	return (device: DeviceId) => {
		const member = byDevice.get(device)
		return { name: member?.name ?? whoWords().someone, seat: member?.seat ?? 1, isMe: device === state.me }
	}
}
