/**
 * SubRip and WebVTT to cues. Files from all over the web are seldom as their format wants them: what can be read is,
 * line by line what cannot is named. The text is decoded already.
 */
import { cleanChat, shorten } from '../text.ts'
import { compareCues, CUE_MAX_CHARS, CUES_MAX, SUBTITLE_MAX_CHARS, type Cue } from './cues.ts'

/** As many broken places as are told one by one. */
export const PROBLEMS_MAX = 20

export interface CueProblem {
	/** From 1. */
	readonly line: number
	readonly why: 'no-time' | 'ends-before-it-starts' | 'no-text'
}

export type ParsedCues =
	| {
			readonly type: 'cues'
			readonly format: 'vtt' | 'srt'
			readonly cues: readonly Cue[]
			/** The first of those that were left out. */
			readonly problems: readonly CueProblem[]
			/** All that were. */
			readonly broken: number
			/** Beyond the limit of 20,000. */
			readonly leftOut: number
	  }
	| { readonly type: 'no-cues'; readonly why: 'too-long' | 'empty' | 'other-format' }

const TIME = '(?:(\\d{1,4})\\s?:\\s?)?(\\d{1,3})\\s?:\\s?(\\d{1,2})(?:\\s?[.,:]\\s?(\\d{1,3}))?'
const TIMES = new RegExp(`^\\s{0,9}${TIME}\\s{0,9}-{1,2}>\\s{0,9}${TIME}(?:\\s|$)`)

const secondsIn = (parts: readonly (string | undefined)[]): number => {
	const [hours = '0', minutes = '0', seconds = '0', fraction = ''] = parts.map((part) => part ?? '0')
	const ms = Number(fraction.padEnd(3, '0'))
	// Whole milliseconds until the end: 7 + 0.847 is not 7.847.
	return (((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + ms) / 1000
}

const ENTITIES: Readonly<Record<string, string>> = {
	...{ '&amp;': '&', '&lt;': '<', '&gt;': '>', '&nbsp;': ' ', '&quot;': '"', '&#39;': "'" },
	...{ '&lrm;': '\u200e', '&rlm;': '\u200f' },
}
/** Tags of both formats, times inside of VTT cues, and SubStation's commands in braces. */
const MARKS = /<\/?[A-Za-z0-9][^<>]{0,200}>|<\/>|\{\\[^{}]{0,200}\}/g

const textOf = (lines: readonly string[]): string => {
	const plain = lines.join('\n').replace(MARKS, '')
	const decoded = plain.replace(/&(?:amp|lt|gt|nbsp|quot|#39|lrm|rlm);/g, (entity) => ENTITIES[entity] ?? '')
	const inLines = cleanChat(decoded)
		.split('\n')
		.map((line) => line.trim())
	return shorten(inLines.filter((line) => line !== '').join('\n'), CUE_MAX_CHARS)
}

/** Never throws. */
export const parseCues = (text: string): ParsedCues => {
	if (text.length > SUBTITLE_MAX_CHARS) return { type: 'no-cues', why: 'too-long' }
	const lines = text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/)
	if (lines.every((line) => line.trim() === '')) return { type: 'no-cues', why: 'empty' }
	const isVtt = /^WEBVTT(?:\s|$)/.test(lines[0] ?? '')
	const cues: Cue[] = []
	const problems: CueProblem[] = []
	let broken = 0
	let leftOut = 0
	const refuse = (at: number, why: CueProblem['why']): void => {
		broken++
		if (problems.length < PROBLEMS_MAX) problems.push({ line: at + 1, why })
	}
	for (let at = 0; at < lines.length; at++) {
		const line = lines[at] ?? ''
		if (!line.includes('->')) continue
		const times = TIMES.exec(line)
		if (times === null) {
			if (line.includes('-->')) refuse(at, 'no-time')
			continue
		}
		const said: string[] = []
		let next = at + 1
		for (; next < lines.length; next++) {
			const one = lines[next] ?? ''
			if (one.trim() === '' || TIMES.test(one)) break
			said.push(one)
		}
		// Without an empty line between them, the number above the next time is not said by anybody.
		if (TIMES.test(lines[next] ?? '') && /^\s*\d+\s*$/.test(said.at(-1) ?? '')) said.pop()
		const [startS, endS] = [secondsIn(times.slice(1, 5)), secondsIn(times.slice(5, 9))]
		const spoken = textOf(said)
		if (endS <= startS) refuse(at, 'ends-before-it-starts')
		else if (spoken === '') refuse(at, 'no-text')
		else if (cues.length >= CUES_MAX) leftOut++
		else cues.push({ startS, endS, text: spoken })
		at = next - 1
	}
	if (cues.length === 0) return { type: 'no-cues', why: isVtt ? 'empty' : 'other-format' }
	return {
		type: 'cues',
		format: isVtt ? 'vtt' : 'srt',
		cues: cues.sort(compareCues),
		problems,
		broken,
		leftOut,
	}
}
