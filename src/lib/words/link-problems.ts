/** Why a link is no video, and what would do instead. */
import { subject } from './subject.ts'

const aFile = 'a video file, for example one that ends in .mp4, .webm or .m3u8'

const english = {
	pasteFile: `Paste the address of ${aFile}.`,
	/** `sites`: a list in words, "YouTube, Vimeo or Twitch". */
	pasteVideo: (sites: string) => `Paste the address of a video on ${sites}, or of ${aFile}.`,
	notALink: (instead: string) => `That is not a link. ${instead}`,
	/** `what`: of `thing`; `instead`: a whole sentence. */
	notMedia: (what: string, instead: string) => `That is ${what}. ${instead}`,
	/** What a page is, and what to do with it, as the sources write it in English. */
	thing: (what: string) => what,
	insteadOf: (sentence: string) => sentence,
	plainHttp:
		'That address is plain http, and a page served over https cannot load it. Paste an address that begins with https.',
	ownDisk:
		'That is a file on your own computer, which the others cannot reach. Choose or drop the file itself: it stays on your disk, and everybody plays their own copy.',
	credentials:
		'That address has a name or password in it, and everyone in the room would see them. Paste one without.',
	torrent: (instead: string) => `That is a torrent, which Matinee does not play. ${instead}`,
	oneTab: (instead: string) => `That address works only in the tab it came from. ${instead}`,
	stream: (scheme: string, instead: string) => `Browsers do not play ${scheme} streams. ${instead}`,
	otherScheme: (scheme: string, instead: string) =>
		`Addresses that begin with ${scheme}: cannot be played. ${instead}`,
	unsupportedSite: (site: string, instead: string) => `Matinee does not play ${site}. ${instead}`,
	short: (site: string) =>
		`That is a short link, and only ${site} knows what it stands for. Open it and paste the address of the page it leads to.`,
	playlist: (site: string) =>
		`That is a ${site} playlist, not one video of it. Open a video of it and paste that address.`,
	tooLong: (limit: number) =>
		`That address is longer than ${String(limit)} characters, more than the queue can hold. A shorter link to the same file would do.`,
}
export type LinkProblemsWords = typeof english
export const linkProblemsWords = subject('link-problems', english)
