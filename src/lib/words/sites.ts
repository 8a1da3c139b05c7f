/** Where a video comes from, where it has no name of its own. */
import { subject } from './subject.ts'

const english = {
	aLink: 'a link',
	ownCopy: 'Everyone’s own copy',
}
export type SitesWords = typeof english
export const sitesWords = subject('sites', english)
