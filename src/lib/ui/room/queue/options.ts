/** The menu at the head of the queue. */
import type { QueueLoop, Settings } from '#lib/core/roles.ts'
import type { RoomState } from '#lib/core/state.ts'
import { queueOptionsWords } from '#lib/words/queue-options.ts'
import type { MenuItem } from '../../menu-item.ts'
import type { RoomScreenProps } from '../../props.ts'

export interface QueueOptionsDeps {
	readonly room: Pick<RoomState, 'queue' | 'settings'>
	readonly canDo: RoomScreenProps['canDo']
	readonly changeRules: (change: Partial<Pick<Settings, 'order' | 'loop'>>) => void
	readonly shuffle: () => void
	readonly clear: () => void
	readonly importList: () => void
	readonly exportQueue: () => void
}

export const queueOptions = ({ room, canDo, ...deps }: QueueOptionsDeps): MenuItem[] => {
	const words = queueOptionsWords()
	const { earlier, current, next } = room.queue
	const { order, loop } = room.settings
	const rules = canDo('change-settings')
	const reorder = canDo('reorder')
	const isEmpty = earlier.length + next.length === 0
	const loopItem = (to: QueueLoop, label: string): MenuItem => ({
		label,
		isChecked: loop === to,
		reason: rules,
		startsGroup: to === 'off',
		pick: () => {
			deps.changeRules({ loop: to })
		},
	})
	return [
		{
			label: words.mostVotes,
			isChecked: order === 'votes',
			isToggle: true,
			reason: rules,
			pick: () => {
				deps.changeRules({ order: order === 'votes' ? 'list' : 'votes' })
			},
		},
		loopItem('off', words.loopOff),
		loopItem('one', words.loopOne),
		loopItem('all', words.loopAll),
		{
			label: words.shuffle,
			icon: 'shuffle',
			startsGroup: true,
			reason: reorder ?? (next.length < 2 ? words.onlyOne : null),
			pick: deps.shuffle,
		},
		{ label: words.importList, icon: 'plus', reason: canDo('add'), pick: deps.importList },
		{
			label: words.exportQueue,
			icon: 'down',
			reason: isEmpty && current === null ? words.isEmpty : null,
			pick: deps.exportQueue,
		},
		{
			label: words.clear,
			icon: 'trash',
			isDanger: true,
			reason: reorder ?? (isEmpty ? words.isEmpty : null),
			pick: deps.clear,
		},
	]
}

/** What differs from a plain list, one sentence each. */
export const rulesInForce = ({ order, loop }: Pick<Settings, 'order' | 'loop'>): readonly string[] => {
	const words = queueOptionsWords()
	return [
		...(order === 'votes' ? [words.votesRule] : []),
		...(loop === 'one' ? [words.loopOneRule] : loop === 'all' ? [words.loopAllRule] : []),
	]
}
