/** The room's rules in words: the four that say who may do a thing, and slow mode. */
export interface AudienceRule {
	readonly what: 'control' | 'add' | 'reorder' | 'chat'
	/** Over its two choices. */
	readonly title: string
	/** Behind "Everyone can" and "Only operators can". */
	readonly everyone: string
	readonly operators: string
}

export const AUDIENCE_RULES: readonly AudienceRule[] = [
	{ what: 'control', title: 'Play, pause, seek', everyone: 'control playback', operators: 'control' },
	{ what: 'add', title: 'Add videos', everyone: 'add to the queue', operators: 'add' },
	{ what: 'reorder', title: 'Reorder the queue', everyone: 'reorder the queue', operators: 'reorder' },
	{ what: 'chat', title: 'Write in the chat', everyone: 'chat', operators: 'chat' },
]

/** Seconds between two messages of one person. */
export const SLOW_STEPS_S = [0, 5, 10, 30, 60, 300] as const

/** What the room does by itself, on or off. */
export const SWITCH_RULES = [
	{
		what: 'waits',
		title: 'Wait for buffering',
		about:
			'Up to six people: the film waits for whoever has to load, up to 15 s. In larger rooms it goes on.',
	},
	{
		what: 'pausesOnLeave',
		title: 'Stop when somebody leaves',
		about: 'The film stands still until somebody presses play again.',
	},
	{
		what: 'fetchesTitles',
		title: 'Fetch titles through the server',
		about:
			'The server is shown the links and asks their sites for title, length and picture. Off, links stay among the people here.',
	},
	{
		what: 'keepsHistory',
		title: 'Keep this room’s history on the server',
		about: 'Sealed: the server cannot read it. Somebody who comes alone finds the room as it was.',
	},
] as const
