/**
 * Each failure in words: a title, and a sentence or two on what it means and what can be done.
 */
import { canonicalUrl } from '#lib/core/media-address.ts'
import type { LocalFileRef, MediaRef } from '#lib/core/media.ts'
import { failuresWords } from '#lib/words/failures.ts'
import type { PlayerFailure } from './player.ts'

export interface FailureWords {
	readonly title: string
	readonly detail: string
	/** Where to look at it instead: the file, or its page on its own site. */
	readonly openUrl: string | null
}

interface TitleAndDetail {
	readonly title: string
	readonly detail: string
}

const notFound = (status: number | undefined, host: string): TitleAndDetail => {
	const { siteTrouble, notFound: gone } = failuresWords()
	if (status !== undefined && (status >= 500 || status === 408 || status === 429))
		return { title: siteTrouble.title, detail: siteTrouble.detail(host, status) }
	return { title: gone.title, detail: gone.detail(host, status ?? null) }
}

const clock = (seconds: number): string => {
	const whole = Math.max(0, Math.floor(seconds))
	const [h, m, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60]
	return `${h > 0 ? `${h}:${String(m).padStart(2, '0')}` : m}:${String(s).padStart(2, '0')}`
}

const DETAIL_MAX_CHARS = 80
/** The part of a player's message that means something: browsers put the name of their own code before it. */
const brief = (detail: string): string => {
	const said =
		detail.replace(/^(?:PipelineStatus::|MEDIA_ELEMENT_ERROR: )/, '').split(/: | \(0x| - /)[0] ?? detail
	return said.length > DETAIL_MAX_CHARS ? `${said.slice(0, DETAIL_MAX_CHARS)}…` : said
}

const describe = (failure: PlayerFailure, host: string): TitleAndDetail => {
	const words = failuresWords()
	const of = ({ title, detail }: { title: string; detail: (host: string) => string }): TitleAndDetail => ({
		title,
		detail: detail(host),
	})
	switch (failure.type) {
		case 'not-found':
			return notFound(failure.status, host)
		case 'unreachable':
			return of(words.unreachable)
		case 'cors':
			return of(words.cors)
		case 'not-media': {
			const { title, detail, page, somethingElse, contentType } = words.notMedia
			const type = failure.contentType
			const what = type === undefined ? somethingElse : type === 'text/html' ? page : contentType(type)
			return { title, detail: detail(host, what) }
		}
		case 'codec':
			return { title: words.codec.title, detail: words.codec.detail(brief(failure.detail ?? '')) }
		case 'embedding-off':
			return words.embeddingOff
		case 'removed':
			return words.removed
		case 'insecure':
			return words.insecure
		case 'private':
			return failure.status === undefined
				? words.private
				: { title: words.notOpen.title, detail: words.notOpen.detail(host, failure.status) }
		case 'region':
			return words.region
		case 'age':
			return words.age
		case 'live-ended':
			return words.liveEnded
		case 'live-not-begun':
			return words.liveNotBegun
		case 'empty':
			return words.empty
		case 'broken-off':
			return { title: words.brokenOff.title, detail: words.brokenOff.detail(clock(failure.atS)) }
		case 'no-beginning':
			return of(words.noBeginning)
		case 'too-big':
			return of(failure.what === 'playlist' ? words.bigPlaylist : words.bigParts)
		case 'no-output':
			return words.noOutput
		case 'redirects':
			return of(words.redirects)
		case 'no-answer':
			return { title: words.noAnswer.title(failure.site), detail: words.noAnswer.detail(failure.site) }
		case 'nonsense': {
			const { site, detail } = failure
			return { title: words.nonsense.title(site), detail: words.nonsense.detail(site, brief(detail)) }
		}
		case 'page-refused':
			return { title: words.pageRefused.title(failure.site), detail: failure.detail }
		case 'file-gone':
			return words.fileGone
		case 'unknown':
			return { title: words.unknown.title, detail: words.unknown.detail(brief(failure.detail)) }
	}
}

/** What is on is a file from this person's own disk: no site has a part in it. */
const describeOfFile = (failure: PlayerFailure, { name }: LocalFileRef): TitleAndDetail => {
	const { fileCodec, fileEmpty, fileBrokenOff } = failuresWords()
	switch (failure.type) {
		case 'codec':
			return { title: fileCodec.title, detail: fileCodec.detail(name, brief(failure.detail ?? '')) }
		case 'empty':
		case 'no-beginning':
			return { title: fileEmpty.title, detail: fileEmpty.detail(name) }
		case 'broken-off':
			return { title: fileBrokenOff.title, detail: fileBrokenOff.detail(name, clock(failure.atS)) }
		case 'no-output':
		case 'unknown':
			return describe(failure, '')
		default:
			// Whatever a network would have been blamed for.
			return describe({ type: 'file-gone' }, '')
	}
}

/** `media`: what the player was given; a person's own copy where it stands in for a link. */
export const describeFailure = (failure: PlayerFailure, media: MediaRef): FailureWords => {
	if (media.kind === 'local-file') return { ...describeOfFile(failure, media), openUrl: null }
	const openUrl = canonicalUrl(media)
	return { ...describe(failure, new URL(openUrl).hostname), openUrl }
}
