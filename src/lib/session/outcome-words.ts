/**
 * What came of a command, in a sentence for the person who asked. Fetched when there is something to say.
 */
import type { CommandOutcome } from '#lib/core/room.ts'
import { outcomesWords, type OutcomesWords } from '#lib/words/outcomes.ts'
import { refusalWords } from './why-not.ts'

/** Core says it in English: it knows no language, and of few of these has anybody ever heard. */
const whyText = (why: string): string => {
	const { whys } = outcomesWords()
	if (why.startsWith('slow mode takes 0 to ')) return whys.slowMode(/0 to (\d+)/.exec(why)?.[1] ?? '')
	const key = WHYS.get(why)
	return key === undefined ? why : whys[key]
}
type Why = Exclude<keyof OutcomesWords['whys'], 'slowMode'>
const WHYS: ReadonlyMap<string, Why> = new Map([
	['not a video or sound that can be queued', 'noMedia'],
	['a reaction is one emoji', 'noEmoji'],
	['a name has at least one visible character', 'noName'],
	['a position, rate and time are finite numbers', 'noNumber'],
	['a title has at least one visible character', 'noTitle'],
	['a part of the app could not be fetched. Check the connection and load the page again.', 'notFetched'],
	['the room is closed', 'closed'],
])

/** Why nobody new can link with this device any more. */
export const describeNoIdentity = (why: string | null): string => {
	const words = outcomesWords()
	return why === 'guests-off' ? words.signedOut : why === 'door-closed' ? words.doorClosed : words.noIdentity
}

/** Null when it was done. */
export const describeOutcome = (outcome: CommandOutcome): string | null => {
	const words = outcomesWords()
	switch (outcome.type) {
		case 'done':
		case 'nothing-to-do':
			return null
		case 'not-allowed':
			return refusalWords(outcome.role, outcome.action)
		case 'refused':
			return words.refused[outcome.why]
		case 'too-soon':
			return words.tooSoon(outcome.waitS)
		case 'no-such-item':
			return words.noSuchItem
		case 'too-big':
			return words.tooBig[outcome.what](String(outcome.limit))
		case 'room-full':
			return words.roomFull(Math.round(outcome.limitBytes / 1024))
		case 'failed':
			return words.failed(whyText(outcome.why))
	}
}
