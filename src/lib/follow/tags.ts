/**
 * For how long what a player does may be the answer to what we told it: never taken for a person's act.
 * One command brings several events with it (a seek pauses and plays in some embeds), so all are covered alike.
 */
export interface Tags {
	/** A command was given. */
	open(): void
	isOpen(): boolean
}

const TAG_MS = 700

export const createTags = (local: () => number): Tags => {
	let untilMs = -Infinity
	return {
		open() {
			untilMs = local() + TAG_MS
		},
		isOpen: () => local() < untilMs,
	}
}
