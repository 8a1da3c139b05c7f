/**
 * From a text of many lines, an M3U playlist or a queue file to what can be queued of it. Lists and short links in it
 * are put to the server, as far as it is asked about links at all.
 */
import { parseQueueFile, QUEUE_FILE_MAX_ITEMS } from '#lib/core/queue-file.ts'
import type { NewItem } from '#lib/core/room.ts'
import type { ListReading } from '#lib/core/view.ts'
import { describeProblem } from '#lib/sources/describe-problem.ts'
import { LIST_MAX_LINKS, parseLinkList, type RefusedLine } from '#lib/sources/link-list.ts'
import { queueListWords } from '#lib/words/queue-list.ts'
import type { LinkHelp, ReadLink } from './read-link.ts'

export interface ReadListDeps {
	readonly pageUrl: URL
	/** Other sites' pages count as something to watch. */
	readonly takesPages?: boolean
	/** Puts one line to the server that leads to videos without being one. */
	readonly resolve: (line: string) => Promise<ReadLink>
}

/** As many lists and short links of one text are put to the server. */
export const LIST_MAX_QUESTIONS = 10

const NOTHING: ListReading = {
	items: [],
	lines: [],
	broken: [],
	leftOut: 0,
	limit: LIST_MAX_LINKS,
	problem: null,
}

const readQueueFile = (text: string): ListReading => {
	const words = queueListWords()
	const file = parseQueueFile(text)
	if (file.type === 'no-queue') {
		const why = {
			'too-long': words.tooLong,
			'not-json': words.otherFormat,
			'other-format': words.otherFormat,
			'other-version': words.otherVersion,
		} as const
		return { ...NOTHING, problem: why[file.why] }
	}
	return {
		items: file.items,
		lines: [],
		broken: file.broken.map((line) => ({ line, text: '', why: words.brokenItem })),
		leftOut: file.leftOut,
		limit: QUEUE_FILE_MAX_ITEMS,
		problem: null,
	}
}

const isQuestion = ({ link }: RefusedLine): boolean => link.type === 'playlist' || link.type === 'short'

/** Never rejects: what the server does not answer stays a line that is no video. */
export const readList = async (text: string, deps: ReadListDeps): Promise<ListReading> => {
	if (/^\s*\{/.test(text)) return readQueueFile(text)
	const { pageUrl, takesPages = false } = deps
	const options = { pageIsSecure: pageUrl.protocol === 'https:', base: pageUrl.href, takesPages }
	const list = parseLinkList(text, options)
	if (list.isStream) return { ...NOTHING, problem: queueListWords().isStream }

	const found: { readonly line: number; readonly items: readonly NewItem[] }[] = list.items.map(
		(item, at) => ({ line: list.lines[at] ?? 0, items: [item] }),
	)
	const broken: { line: number; text: string; why: string }[] = []
	const raw = list.refused.some(isQuestion) ? text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/) : []
	const asked = list.refused.filter(isQuestion).slice(0, LIST_MAX_QUESTIONS)
	const answers = new Map(
		await Promise.all(
			asked.map(
				async (line) => [line, await deps.resolve((raw[line.line - 1] ?? line.text).trim())] as const,
			),
		),
	)
	for (const refused of list.refused) {
		const answer = answers.get(refused)
		if (answer?.type === 'item') found.push({ line: refused.line, items: [answer.item] })
		else if (answer?.type === 'items') found.push({ line: refused.line, items: answer.items })
		else {
			const why = answer?.type === 'problem' ? answer.message : describeProblem(refused.link)
			broken.push({ line: refused.line, text: refused.text, why })
		}
	}
	found.sort((a, b) => a.line - b.line)
	return {
		items: found.flatMap(({ items }) => items),
		lines: found.flatMap(({ line, items }) => items.map(() => line)),
		broken,
		leftOut: list.leftOut,
		limit: LIST_MAX_LINKS,
		problem: null,
	}
}

/** What the server once answered is not asked again while the text around it is changed. */
export const createLineResolver = (pageUrl: URL, help: () => Promise<LinkHelp>): ReadListDeps['resolve'] => {
	const known = new Map<string, Promise<ReadLink>>()
	return (line) => {
		const before = known.get(line)
		if (before !== undefined) return before
		const asked = import('./read-link.ts').then(({ readLink }) => readLink(line, pageUrl, help))
		known.set(line, asked)
		// An answer that may be another one soon is not kept.
		void asked.then(
			(answer) => answer.type === 'problem' && known.delete(line),
			() => known.delete(line),
		)
		return asked
	}
}
