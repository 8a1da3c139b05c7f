/**
 * What is said about people's own files: sizes, lengths, differences, and what is wrong with one. Pure.
 */
import type { FileDifference, FileProblem } from '#lib/core/own-files.ts'
import type { AskedFile } from '#lib/core/view.ts'
import { filesWords } from '#lib/words/files.ts'

export interface FileText {
	readonly title: string
	readonly detail: string
}

/** "17 bytes", "340 KB", "12 MB", "4.7 GB": as disks are sold, in thousands. */
export const sizeText = (bytes: number): string => {
	const words = filesWords()
	if (bytes < 1_000) return words.bytes(bytes)
	const units = ['KB', 'MB', 'GB', 'TB'] as const
	let value = bytes / 1_000
	let unit = 0
	// 999.6 KB would be written as 1000 KB.
	while (value >= 999.5 && unit < units.length - 1) {
		value /= 1_000
		unit += 1
	}
	// Two digits are enough to tell films apart; small values of large units have one behind the point.
	const digits = unit >= 2 && value < 99.95 ? 1 : 0
	return words.size(value, digits, units[unit] ?? '')
}

/** "0:07", "12:04", "1:48:10". */
export const lengthText = (seconds: number): string => {
	const whole = Math.max(0, Math.round(seconds))
	const [h, m, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60]
	return `${h > 0 ? `${String(h)}:${String(m).padStart(2, '0')}` : String(m)}:${String(s).padStart(2, '0')}`
}

/** "94 s", "3 min 10 s", "0.4 s": of differences. */
const spanText = (seconds: number): string => {
	const words = filesWords()
	if (seconds < 9.95) return words.seconds(seconds.toFixed(1))
	const whole = Math.round(seconds)
	return whole < 120 ? words.seconds(String(whole)) : words.minutes(Math.floor(whole / 60), whole % 60)
}

/** What is asked for: "saltmarsh.mkv, 4.7 GB, 1:48:10". */
export const askedText = ({ name, size, durationS }: AskedFile): string =>
	filesWords().asked([name, sizeText(size), ...(durationS === null ? [] : [lengthText(durationS)])])

/** Less is cut by fractions of a second: nobody calls that another cut. */
const SAME_LENGTH_S = 0.1
const ANOTHER_CUT_S = 2

/** One or two sentences: how the own file differs from the one that the room watches. */
export const differenceText = ({ sizeBytes, durationS }: FileDifference): string => {
	const words = filesWords().difference
	const isFirst = sizeBytes === null
	const lengthSentence = (): string => {
		if (durationS === null) return words.unknownLength(isFirst)
		const byS = Math.abs(durationS)
		if (byS < SAME_LENGTH_S) return words.sameLength(isFirst)
		const tell = byS >= ANOTHER_CUT_S ? words.otherCut : words.length
		return tell(spanText(byS), durationS < 0, isFirst)
	}
	if (sizeBytes === null) return lengthSentence()
	const size = sizeBytes === 0 ? words.sameSize : words.size(sizeText(Math.abs(sizeBytes)), sizeBytes < 0)
	return words.both(size, lengthSentence())
}

/** Stands beside a file that is used although it differs. */
export const anywayWarning = (difference: FileDifference): string =>
	filesWords().anyway(differenceText(difference))

/** What is wrong with a file, and what would do instead. */
export const problemText = (problem: FileProblem, name: string): FileText => {
	const words = filesWords()
	const { problems } = words
	const of = ({ title, detail }: { title: string; detail: (name: string) => string }): FileText => ({
		title,
		detail: detail(name),
	})
	switch (problem.type) {
		case 'empty':
			return of(problems.empty)
		case 'unreadable':
			return {
				title: problems.unreadable.title,
				detail: problems.unreadable.detail(name, problem.detail),
			}
		case 'no-permission':
			return of(problems.noPermission)
		case 'not-media':
			return {
				title: problems.notMedia.title,
				detail: problems.notMedia.detail(name, words.others[problem.what](problem.format)),
			}
		case 'unknown-kind':
			return of(problems.unknownKind)
		case 'zeros':
			return of(problems.zeros)
		case 'unplayable':
			return {
				title: problems.unplayable.title,
				detail: problems.unplayable.detail(name, words.formats[problem.format], problem.detail),
			}
		case 'too-big':
			return of(problems.tooBig)
	}
}
