/**
 * What is asked seldom: roles, removing people, handing the room over, its rules, its lock, its log. Fetched when it
 * is first asked for. Whatever the room decides, the server is told of in its own time (`room-orders.ts`).
 */
import type { CommandOutcome } from '#lib/core/room.ts'
import type { Settings } from '#lib/core/roles.ts'
import type { SubjectId } from '#lib/core/units.ts'
import { lockAnew, type LockCommandDeps } from './lock-command.ts'
import { describeOutcome } from './outcome-words.ts'
import { saveLog } from './save-log.ts'

export type CommandResult = { readonly type: 'done' } | { readonly type: 'refused'; readonly message: string }

export type PeopleDeps = LockCommandDeps

const resultOf = (outcome: CommandOutcome): CommandResult => {
	const message = describeOutcome(outcome)
	return message === null ? { type: 'done' } : { type: 'refused', message }
}

export const createPeopleCommands = (deps: PeopleDeps) => {
	const { room, orders } = deps
	const isDone = (outcome: CommandOutcome) => outcome.type === 'done'

	return {
		setRole: async (subject: SubjectId, role: 'operator' | 'member' | 'viewer'): Promise<CommandResult> =>
			resultOf(await room.grant(subject, role)),

		removePerson: async (
			subject: SubjectId,
			{ isBan }: { readonly isBan: boolean },
		): Promise<CommandResult> => {
			const outcome = await (isBan ? room.grant(subject, 'banned') : room.removePerson(subject))
			if (isDone(outcome)) (await orders()).give({ type: 'remove', subject })
			return resultOf(outcome)
		},
		letIn: async (subject: SubjectId): Promise<CommandResult> => {
			const outcome = await room.letIn(subject)
			if (isDone(outcome)) (await orders()).give({ type: 'let-in', subject })
			return resultOf(outcome)
		},

		offerRoom: async (subject: SubjectId): Promise<CommandResult> => {
			const outcome = await room.offerRoom(subject)
			const heir = room.state().members.find((member) => member.subject === subject)
			if (isDone(outcome) && heir !== undefined)
				(await orders()).give({ type: 'hand-over', subject, device: heir.device })
			return resultOf(outcome)
		},
		withdrawOffer: async (): Promise<CommandResult> => resultOf(await room.withdrawOffer()),
		acceptRoom: async (): Promise<CommandResult> => resultOf(await room.acceptRoom()),

		changeSettings: async (change: Partial<Settings>): Promise<CommandResult> =>
			resultOf(await room.changeSettings(change)),

		changeLock: ({ password }: { readonly password: string }): Promise<CommandResult> =>
			lockAnew(deps, password),
		exportLog: (): Promise<CommandResult> =>
			saveLog({ device: deps.device, room, found: deps.found, atMs: deps.device.wallNowMs() }),
	}
}
