/**
 * Cues as a file again: WebVTT is what rooms keep, SubRip what other players take.
 */
import type { Seconds } from '../units.ts'
import type { Cue } from './cues.ts'

const timecode = (positionS: Seconds, point: '.' | ','): string => {
	const ms = Math.round(positionS * 1000)
	const two = (value: number): string => String(value).padStart(2, '0')
	const [hours, minutes, seconds] = [ms / 3_600_000, (ms / 60_000) % 60, (ms / 1000) % 60].map(Math.floor)
	return `${two(hours ?? 0)}:${two(minutes ?? 0)}:${two(seconds ?? 0)}${point}${String(ms % 1000).padStart(3, '0')}`
}

const escaped = (text: string): string =>
	text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** The same text for the same cues. */
export const writeVtt = (cues: readonly Cue[]): string =>
	[
		'WEBVTT\n',
		...cues.map(
			({ startS, endS, text }) => `${timecode(startS, '.')} --> ${timecode(endS, '.')}\n${escaped(text)}\n`,
		),
	].join('\n')

/** SubRip escapes nothing: an arrow in what is said must not look like a time. */
export const writeSrt = (cues: readonly Cue[]): string =>
	cues
		.map(
			({ startS, endS, text }, at) =>
				`${String(at + 1)}\n${timecode(startS, ',')} --> ${timecode(endS, ',')}\n${text.replaceAll('-->', '→')}\n`,
		)
		.join('\n')
