/** The log of the chat, and the field where a message is written. */
import { plural } from './number-words.ts'
import { subject } from './subject.ts'

const english = {
	log: 'Chat messages',
	you: 'You',
	goTo: (time: string) => `Go to ${time}`,
	/** `time` in the film, `when` on the clock. */
	goToSaid: (time: string, when: string) => `Go to ${time}. Said ${when}`,
	at: (clock: string) => `at ${clock}`,
	on: (day: string, time: string) => `${day}, ${time}`,
	late: 'arrived late',
	edited: 'edited',
	editedAt: (time: string) => `Edited ${time}`,
	options: 'Options for this message',
	undo: 'Undo',
	/** `deed` is a whole sentence. */
	moreChanges: (deed: string, more: number) =>
		`${deed}, after ${String(more)} more ${plural(more, { one: 'change', other: 'changes' })}`,
	tookBack: (name: string, count: number) =>
		plural(count, {
			one: `${name} took back a message`,
			other: `${name} took back ${String(count)} messages`,
		}),
	removed: (name: string, count: number, from: string) =>
		plural(count, {
			one: `${name} removed a message of ${from}`,
			other: `${name} removed ${String(count)} messages of ${from}`,
		}),
	removedOfYou: (name: string, count: number) =>
		plural(count, {
			one: `${name} removed a message of yours`,
			other: `${name} removed ${String(count)} messages of yours`,
		}),
	writeAgain: 'Write it again',
	isNew: 'New',
	newMessages: (count: number) =>
		plural(count, { one: '1 new message', other: `${String(count)} new messages` }),
	toNewest: 'To the newest message',
	quiet: 'Quiet so far',
	keptHere: 'What you say here is kept on the members’ devices and nowhere else.',
	keptSealed: 'What you say here is kept on the members’ devices and, sealed, on the server.',
	showAll: 'Show all',
	opensHost: (host: string) => `Opens ${host}`,
	forYou: 'Mentions you',

	onThisDevice: 'Chat on this device',
	muted: (name: string) => `You no longer see what ${name} writes, on this device only`,

	message: 'Message',
	saySomething: 'Say something',
	send: 'Send',
	sendKey: 'Send (Enter)',
	emoji: 'Emoji',
	overPicture: 'React over the picture',
	slow: (every: string) => `Slow mode: one message in ${every}`,
	slowLeft: (every: string, left: number) =>
		`Slow mode: one message in ${every} · again in ${String(left)} s`,
	slowWait: (left: number) => `Slow mode: write again in ${String(left)} s`,
	tooLong: (count: number, most: number) =>
		`${String(count)} of ${String(most)} characters. Shorten it to send it.`,
	left: (count: number) =>
		plural(count, { one: '1 character left', other: `${String(count)} characters left` }),
	replying: (name: string) => `Replying to ${name}`,
	replyingToYou: 'Replying to yourself',
	editing: 'Editing your message',
	stopReply: 'Don’t reply',
	stopEdit: 'Leave it as it was',
	save: 'Save',
	typing: (names: string, count: number) =>
		plural(count, { one: `${names} is writing`, other: `${names} are writing` }),
	typingMany: 'Several people are writing',
}
export type ChatWords = typeof english
export const chatWords = subject('chat', english)
