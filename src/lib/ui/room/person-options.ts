/**
 * What the menu of a person offers to the reader: roles, handing the room over, removing. What does not apply is left
 * out; what applies and is refused stands there with its reason.
 */
import type { Action, Role } from '#lib/core/roles.ts'
import { peopleWords } from '#lib/words/people.ts'

export type PersonOption =
	| { readonly type: 'make'; readonly role: 'operator' | 'member' | 'viewer'; readonly reason: string | null }
	| { readonly type: 'hand-over'; readonly reason: string | null }
	| { readonly type: 'remove'; readonly reason: string | null }

export interface PersonAsked {
	readonly role: Role
	/** The reader, on this device or another one. */
	readonly isOwn: boolean
	/** The room is offered to them already. */
	readonly isOffered: boolean
}

const GIVEN = ['operator', 'member', 'viewer'] as const

export const personOptions = (
	{ role, isOwn, isOffered }: PersonAsked,
	myRole: Role,
	canDo: (action: Action) => string | null,
): PersonOption[] => {
	if (isOwn || role === 'banned') return []
	const words = peopleWords()
	if (role === 'owner')
		return [{ type: 'remove', reason: canDo('remove-person') ?? words.nobodyRemovesOwner }]
	const grantReason = canDo('grant')
	const options: PersonOption[] = GIVEN.filter((given) => given !== role).map((given) => ({
		type: 'make',
		role: given,
		reason: grantReason,
	}))
	options.push({
		type: 'hand-over',
		reason: canDo('hand-over') ?? (isOffered ? words.offeredAlready : null),
	})
	options.push({
		type: 'remove',
		reason:
			canDo('remove-person') ??
			(role === 'operator' && myRole !== 'owner' ? words.onlyOwnerRemovesOperator : null),
	})
	return options
}
