/**
 * For how long what a player does may be the answer to what we told it, and which answers fit: a seek pauses and
 * plays in some embeds. Neither an answer nor anything else that happens meanwhile is ever taken for a person's act.
 */
export type Command = 'play' | 'pause' | 'seek'

export interface Tags {
	/** A command was given. */
	open(command: Command): void
	/** Anything of ours is still on its way. */
	isOpen(): boolean
	/** This command was given a moment ago, and its answer may still come. */
	awaits(command: Command): boolean
	/** What is seen now can be the answer to one of our commands. */
	fits(seen: Command): boolean
}

const TAG_MS = 700

/** What each command may cause. */
const CAUSES: Readonly<Record<Command, readonly Command[]>> = {
	play: ['play'],
	pause: ['pause'],
	seek: ['seek', 'pause', 'play'],
}

export const createTags = (local: () => number): Tags => {
	const untilMs: Record<Command, number> = { play: -Infinity, pause: -Infinity, seek: -Infinity }
	const awaits = (command: Command): boolean => local() < untilMs[command]
	return {
		open(command) {
			untilMs[command] = local() + TAG_MS
			// The later one is the truth: after a pause nothing that plays is an answer.
			if (command === 'play') untilMs.pause = -Infinity
			if (command === 'pause') untilMs.play = -Infinity
		},
		isOpen: () => awaits('play') || awaits('pause') || awaits('seek'),
		awaits,
		fits: (seen) =>
			(awaits('play') && CAUSES.play.includes(seen)) ||
			(awaits('pause') && CAUSES.pause.includes(seen)) ||
			(awaits('seek') && CAUSES.seek.includes(seen)),
	}
}
