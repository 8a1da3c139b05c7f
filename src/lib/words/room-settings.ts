/** The room's rules, as its settings show them. */
import { subject } from './subject.ts'

const english = {
	title: 'Room settings',
	roomName: 'Room name',
	nameless: 'Room without a name',
	everyone: 'Everyone',
	operators: 'Only operators',
	control: {
		title: 'Play, pause, seek',
		everyone: 'Everyone can control playback',
		operators: 'Only operators can control',
	},
	add: {
		title: 'Add videos',
		everyone: 'Everyone can add to the queue',
		operators: 'Only operators can add',
	},
	reorder: {
		title: 'Reorder the queue',
		everyone: 'Everyone can reorder the queue',
		operators: 'Only operators can reorder',
	},
	chat: {
		title: 'Write in the chat',
		everyone: 'Everyone can chat',
		operators: 'Only operators can chat',
	},
	slowInChat: 'Slow mode in the chat',
	slow: 'Slow mode',
	slowAbout: 'Between two messages of one person; operators are free of it.',
	off: 'Off',
	waits: {
		title: 'Wait for buffering',
		about:
			'Up to six people: the film waits for whoever has to load, up to 15 s. In larger rooms it goes on.',
	},
	pausesOnLeave: {
		title: 'Stop when somebody leaves',
		about: 'The film stands still until somebody presses play again.',
	},
	fetchesTitles: {
		title: 'Fetch titles through the server',
		about:
			'The server is shown the links and asks their sites for title, length and picture. Off, links stay among the people here.',
	},
	keepsHistory: {
		title: 'Keep this room’s history on the server',
		about: 'Sealed: the server cannot read it. Somebody who comes alone finds the room as it was.',
	},
	lock: 'Lock',
	lockAbout:
		'Whoever has the link can enter and read. A changed lock gives the room a new link, moves everybody along who may stay, and sets or drops its password.',
	lockAboutPassword:
		'Whoever has the link and the password can enter and read. A changed lock gives the room a new link, moves everybody along who may stay, and sets or drops its password.',
	changeLock: 'Change the lock…',
	activity: 'Activity',
	activityAbout:
		'Who did what and when, with every signature, as a file that can be checked without this room.',
	exportLog: 'Export the activity log',
	exported: 'Saved as a file',
}
export type RoomSettingsWords = typeof english
export const roomSettingsWords = subject('room-settings', english)
