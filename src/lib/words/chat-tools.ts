/** What comes when it is first used in the chat: tools of a message, reactions, replies, replay, what this device does. */
import { plural } from './number-words.ts'
import { subject } from './subject.ts'

const english = {
	react: 'React',
	reply: 'Reply',
	edit: 'Edit',
	remove: 'Remove',
	copy: 'Copy text',
	mute: (name: string) => `Mute ${name} for me`,
	unmute: 'Unmute',
	unmuteName: (name: string) => `Unmute ${name}`,
	mutedEarlier: 'Muted for me',
	mutedNone: 'Nobody is muted. A message’s menu mutes who wrote it, on this device alone.',

	/** Who reacted: `names` is a list. */
	reacted: (emoji: string, names: string, more: number) =>
		more === 0
			? `${names} reacted with ${emoji}`
			: `${names} and ${plural(more, { one: '1 other', other: `${String(more)} others` })} reacted with ${emoji}`,
	addReaction: 'Add a reaction',
	you: 'You',

	answers: (name: string, text: string) => `Answers ${name}: ${text}`,
	goToMessage: 'Go to that message',
	takenBack: (name: string) => `${name} took this message back`,
	removedBy: (name: string) => `${name} removed this message`,
	notHere: 'This message is no longer here',
	isMuted: 'Somebody muted for you',

	view: 'Chat view',
	live: 'Live',
	replay: 'Replay',
	replayLog: 'Chat along the film',
	replayAbout: 'What was said at this film, at the moment it was said.',
	replayEmpty: 'Nothing was said up to here. It comes as the film goes on.',
	replayNone: 'Nothing was said at this film yet.',
	replayNext: (clock: string) => `Next at ${clock}`,

	floatBar: 'Reactions over the picture',
	floatWith: (name: string) => `Show everybody ${name}`,
	closeBar: 'Close the reactions',

	options: 'Chat on this device',
	optionsAbout: 'Only you see these; they stay on this device.',
	sound: 'Soft sound for new messages',
	soundAbout: 'While you look elsewhere.',
	notify: 'Notice when this page is hidden',
	notifyAbout: 'Shown by your browser, which asks first.',
	notifyRefused: 'Your browser refuses notices from this page. Allow them in its settings for this site.',
	notifyLacks: 'This browser has no notices.',
	onlyMentions: 'Only when I am meant',
	onlyMentionsAbout: 'Sound and notice for messages with @ and your name, and for answers to you.',
	overlay: 'Chat over the picture in full screen',
	overlayAbout: 'Each message fades after 8 seconds.',
	opacity: 'How solid it is',
	floats: 'Reactions over the picture',
	floatsAbout: 'Never with reduced motion.',
	noticeFrom: (name: string, room: string) => `${name} in ${room}`,
	noticeFor: (name: string, room: string) => `${name} mentioned you in ${room}`,
	aRoom: 'Matinee',
}
export type ChatToolsWords = typeof english
export const chatToolsWords = subject('chat-tools', english)
