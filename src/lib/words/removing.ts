/** Removing people, who is out, handing the room over. */
import { subject } from './subject.ts'

const english = {
	removed: 'Removed',
	nameless: 'Somebody without a name',
	removedBy: (who: string, when: string): string => `Removed by ${who}, ${when}`,
	bannedBy: (who: string, when: string): string => `Banned by ${who}, ${when}`,
	letBackIn: 'Let back in',
	onlyOwnerLiftsBan: 'Only the owner can let somebody in who was banned.',

	removeWhom: (name: string): string => `Remove ${name}?`,
	linksDrop:
		'Their links to everybody drop, and the server refuses them in this room. What they said and added until now stays.',
	linksDropOnly:
		'Their links to everybody drop. The server cannot be told to refuse them: it knows no owner of this room. What they said and added until now stays.',
	ban: 'Ban: only you can let them back in',
	linkStillOpens: 'The link still opens this room for a new guest unless you change the lock.',
	linkStillOpensOwner: 'The link still opens this room for a new guest unless the owner changes the lock.',
	lockUnchanged: (name: string, why: string): string =>
		`${name} is removed. The lock was not changed: ${why}`,
	cancel: 'Cancel',
	close: 'Close',
	remove: 'Remove',
	changeLock: 'Change the lock',
	removeAndChangeLock: 'Remove and change the lock',

	handOverTo: (name: string): string => `Hand over the room to ${name}?`,
	askedFirst: (name: string): string =>
		`${name} is asked first. Once they accept, the room is theirs: they give the roles, ban and change the lock, and you are a member. Until then you can withdraw the offer.`,
	noWayBack: (name: string): string =>
		`You cannot take the room back by yourself. Only ${name} can hand it over to you again.`,
	toGuest: (name: string): string =>
		`${name} is a guest. If the data of their browser is deleted, nobody owns the room any more.`,
	offer: 'Offer the room',
}
export type RemovingWords = typeof english
export const removingWords = subject('removing', english)
