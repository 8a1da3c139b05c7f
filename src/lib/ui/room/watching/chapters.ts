/**
 * The parts of a film, as people list them in a text: one line each, its time first. Pure.
 */
import type { Seconds } from '#lib/core/units.ts'

export interface Chapter {
	readonly startS: Seconds
	readonly title: string
}

/** "0:00 Intro", "(1:02:03) – The end", "1. 04:10 The train". */
const LINE =
	/^\s{0,9}(?:\d{1,3}[.)]\s{1,3})?[[(]?(?:(\d{1,2}):)?(\d{1,2}):([0-5]\d)[\])]?[\s:–—-]{1,5}(\S.{0,119})/u
const LEAST = 3

/** In order; empty where the text is no list of parts: three at least, the first at the very beginning. */
export const chaptersIn = (text: string): readonly Chapter[] => {
	const chapters = text.split('\n').flatMap((line): Chapter[] => {
		const found = LINE.exec(line)
		if (found === null) return []
		const [, hours = '0', minutes = '0', seconds = '0', title = ''] = found
		return [{ startS: Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds), title: title.trim() }]
	})
	const isInOrder = chapters.every(({ startS }, at) => startS > (chapters[at - 1]?.startS ?? -1))
	return chapters.length >= LEAST && chapters[0]?.startS === 0 && isInOrder ? chapters : []
}

/** Where `atS` is. */
export const chapterAt = (chapters: readonly Chapter[], atS: Seconds): Chapter | null =>
	chapters.findLast(({ startS }) => startS <= atS) ?? null
