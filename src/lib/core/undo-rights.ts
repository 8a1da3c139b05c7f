/**
 * What Undo needs: one answer for the plan that writes it and for the screens that offer it.
 */
import type { Inverse } from './activity.ts'
import { authorOfItem } from './queue.ts'
import type { Action } from './roles.ts'
import type { DeviceId, ItemId } from './units.ts'

/** The rights that writing `inverse` needs, of device `me`, while `current` plays. */
export const actionsFor = (inverse: Inverse, me: DeviceId, current: ItemId | null): readonly Action[] => {
	switch (inverse.type) {
		case 'remove': {
			const action: Action = authorOfItem(inverse.item) === me ? 'remove-own' : 'reorder'
			// Taking away what plays moves the room on.
			return inverse.item === current ? [action, 'control'] : [action]
		}
		case 'restore':
			return [authorOfItem(inverse.item) === me ? 'remove-own' : 'reorder']
		case 'move-back':
			return ['reorder']
		case 'cancel':
			return [inverse.device === me ? 'remove-own' : 'reorder']
		case 'play-back':
			return ['control']
		case 'set-back':
			return [inverse.what === 'title' ? 'rename-room' : 'change-settings']
		case 'grant':
			return ['grant']
		case 'take-subtitles':
			return inverse.by === me ? [] : ['moderate']
		case 'let-in':
			return ['remove-person']
	}
}
