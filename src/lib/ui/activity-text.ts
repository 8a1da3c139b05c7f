/**
 * What somebody did to the film, in words with an actor: "Ana" + "paused at 12:04"; and who is who. The words for all
 * other deeds come with the panel that lists them (`room/deed-text.ts`).
 */
import type { Deed, RoomState } from '#lib/core/state.ts'
import { titleWithin } from '#lib/core/title-words.ts'
import type { DeviceId } from '#lib/core/units.ts'
import type { NameOf } from './props.ts'
import { clockText } from './time-text.ts'

/** The end of the sentence that begins with who did it; null for what is not done to the film. */
export const filmDeedText = (deed: Deed): string | null => {
	switch (deed.type) {
		case 'played':
			return `pressed play at ${clockText(deed.positionS)}`
		case 'paused':
			return `paused at ${clockText(deed.positionS)}`
		case 'sought':
			return `went to ${clockText(deed.positionS)}`
		case 'set-speed':
			return `set the speed to ${String(deed.rate)}×`
		case 'started':
			return `started ${titleWithin(deed.title)}`
		default:
			return null
	}
}

/** Looks up authors in one snapshot; whoever left no record is "Someone". */
export const namesIn = (state: RoomState): NameOf => {
	const byDevice = new Map(state.members.map((member) => [member.device, member]))
	return (device: DeviceId) => {
		const member = byDevice.get(device)
		return { name: member?.name ?? 'Someone', seat: member?.seat ?? 1, isMe: device === state.me }
	}
}
