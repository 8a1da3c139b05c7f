/** A film that its own site plays: with the extension there, without it not at all. */
import { subject } from './subject.ts'

const english = {
	playsThere: (host: string) => `This video plays on ${host} only, with the Matinee extension.`,
	open: (host: string) => `Open ${host}`,
	/** The same in full. */
	openAbout: (host: string) => `Open ${host} in a new tab`,
	watch: 'Watch it on the site',
	watchAbout: (host: string) => `On ${host} itself, in step with the room`,
	oldExtension: 'The Matinee extension in this browser needs an update before it can watch with this room.',
}
export type OnSiteWords = typeof english
export const onSiteWords = subject('on-site', english)
