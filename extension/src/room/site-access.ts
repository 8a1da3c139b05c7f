/**
 * Whether the extension is let into the page in the room's tab: a click on its button lets it in until the tab goes to
 * another site, a site's own permission until the person takes that back.
 */
import { extensionSitesWords } from '#lib/words/extension-sites.ts'
import { covers } from '../sites/site-pattern.ts'
import type { KnownPage } from './pages.ts'

export interface SiteAccessDeps {
	/** In which the room plays. */
	readonly tab: () => number | null
	/** Its page, while the script in it is there. */
	readonly page: () => KnownPage | null
	/** Null: what was said no longer holds. */
	readonly say: (note: string | null) => void
}

export interface SiteAccess {
	/** The tab shows a page that only a click lets the extension into. */
	isShutOut(): boolean
	/** The room plays elsewhere, or a page has come. */
	review(): void
	/** The background could not put the script in. */
	shutOut(tab: number): void
	/** The person took these permissions back: what they were for is let go of, and the room stays. */
	taken(patterns: readonly string[]): void
}

export const createSiteAccess = ({ tab, page, say }: SiteAccessDeps): SiteAccess => {
	let shutOutTab: number | null = null
	let isSaid = false
	return {
		isShutOut: () => shutOutTab !== null && shutOutTab === tab() && page() === null,
		review: () => {
			if (shutOutTab !== tab() || page() !== null) shutOutTab = null
			if (!isSaid || page() === null) return
			isSaid = false
			say(null)
		},
		shutOut: (which) => {
			if (which === tab() && page() === null) shutOutTab = which
		},
		taken: (patterns) => {
			const at = page()
			const url = at?.is?.url
			if (at === null || url === undefined || !patterns.some((pattern) => covers(pattern, url))) return
			at.line.close()
			shutOutTab = at.tab
			isSaid = true
			say(extensionSitesWords().taken(new URL(url).host))
		},
	}
}
