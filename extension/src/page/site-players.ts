/**
 * What sites name their players by, beside their ads: previews, the small player that goes on while one looks elsewhere,
 * and a live transmission that gives itself a length.
 */
import { allWithin, attributeOf, closestTo, doesMatch } from './page-dom.ts'

/** Players that show films, ads and previews alike: what stands around them says nothing of what they show. */
const PLAYERS = '.html5-video-player, .bpx-player-container'
const PREVIEWS = '#inline-preview-player, ytd-video-preview, .v-inline-player'
/** YouTube’s: its page is another one by then. */
const MINIPLAYERS = 'ytd-miniplayer'
/** Leads to the film's own page, wherever its player is. */
const TITLE_LINK = 'a.ytp-title-link'
const LIVE = '.ytp-time-display.ytp-live'

export const isPlayer = (element: Element): boolean => doesMatch(element, PLAYERS)
export const isInPlayer = (video: Element): boolean => closestTo(video, PLAYERS) !== null
export const isPreview = (video: Element): boolean => closestTo(video, PREVIEWS) !== null
export const isInMiniplayer = (video: Element): boolean => closestTo(video, MINIPLAYERS) !== null
/** The site says so, whatever length its stream states. */
export const isSiteLive = (video: Element): boolean => {
	const player = closestTo(video, PLAYERS)
	return player !== null && allWithin(player, LIVE).length > 0
}
/** The page of the film in a player that is not on it; null where the player does not say. */
export const filmPageOf = (video: Element): string | null => {
	const player = closestTo(video, PLAYERS)
	const link = player === null ? undefined : allWithin(player, TITLE_LINK)[0]
	const address = link === undefined ? '' : attributeOf(link, 'href')
	if (link === undefined || !URL.canParse(address, link.baseURI)) return null
	const url = new URL(address, link.baseURI)
	// Only its own site's: a page may say what it likes of itself, and of nobody else.
	return url.origin === new URL(link.baseURI).origin ? url.href : null
}
