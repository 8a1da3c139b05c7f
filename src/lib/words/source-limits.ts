/** What a site's player cannot do that the others in the room would notice. */
import { subject } from './subject.ts'

const english = {
	blind:
		'This site’s player cannot be steered or asked where it is. Each play, pause and seek loads it anew at the right second, so it can be a second or two off.',
	siteDecides: 'This is live, and its site decides how far behind the present each of you is.',
	cannotBeMoved: 'This is live and cannot be moved: you are as near to each other as its site brings you.',
	noSpeed: 'This site’s player changes no speed: it is kept in step by small jumps, within half a second.',
	otherSpeed: (rate: string) =>
		`It cannot play at the room’s speed: it plays at ${rate}× and is moved along.`,
}
export type SourceLimitsWords = typeof english
export const sourceLimitsWords = subject('source-limits', english)
