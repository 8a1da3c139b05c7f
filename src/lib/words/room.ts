/** The frame of the room: its tabs, its menu, the links that skip to its parts. */
import { subject } from './subject.ts'

const english = {
	toPlayer: 'Skip to the player',
	toChat: 'Skip to chat',
	toQueue: 'Skip to the queue',
	sidePanel: 'Side panel',
	sideParts: 'Chat, queue, people, activity',
	chat: 'Chat',
	queue: 'Queue',
	people: 'People',
	activity: 'Activity',
	newMessages: (count: string) => `${count} new`,
	/** Some of them with the reader's name, or answers to them. */
	newForYou: (count: string, forYou: string) => `${count} new, ${forYou} for you`,
	toCome: (count: string) => `${count} to come`,
	peopleHere: (count: string) => `${count} here`,
	/** Behind a count that is cut off. */
	moreThan: (count: string) => `${count}+`,
	partNotFetched: 'This part could not be fetched. Check that you are online.',
	/** The menu of the room. */
	askReady: 'Ask who is ready',
	inStep: 'In step',
	yourName: 'Your name',
	ownSettings: 'Your settings',
	keyboard: 'Keyboard',
	leave: 'Leave the room',
}
export type RoomWords = typeof english
export const roomWords = subject('room', english)
