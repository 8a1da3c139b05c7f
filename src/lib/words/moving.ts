/** Changing the lock: what stands in its way, and what the page of the new room says first. */
import { subject } from './subject.ts'

const english = {
	byYou: 'The lock is changed. Those who stay come along; the old link opens nothing any more',
	by: (name: string) => `${name} changed the lock. You are in the room with its new code`,
	ownerOnly: 'Only the owner changes the lock.',
	already: 'The lock of this room was changed already.',
	noCode: (why: string) => `The lock was not changed: the new code could not be made (${why}).`,
	noRoom: (why: string) => `The lock was not changed: the new room could not be made (${why}).`,
	notTold: (why: string) => `The lock was not changed: ${why}`,
	nobodyTold: 'nobody could be told of it.',
	noRoles: 'Roles could not be carried over.',
}
export type MovingWords = typeof english
export const movingWords = subject('moving', english)
