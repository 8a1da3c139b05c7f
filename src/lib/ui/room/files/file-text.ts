/**
 * Every sentence about people's own files. Pure.
 */
import type { AskedFile } from '#lib/core/view.ts'
import type { FileDifference } from './compare.ts'
import type { FileProblem } from './port.ts'
import type { FileFormat } from './sniff.ts'

export interface FileWords {
	readonly title: string
	readonly detail: string
}

/** "17 bytes", "340 KB", "12 MB", "4.7 GB": as disks are sold, in thousands. */
export const sizeText = (bytes: number): string => {
	if (bytes < 1_000) return bytes === 1 ? '1 byte' : `${String(bytes)} bytes`
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
	return `${value.toFixed(digits)} ${units[unit] ?? ''}`
}

/** "0:07", "12:04", "1:48:10". */
export const lengthText = (seconds: number): string => {
	const whole = Math.max(0, Math.round(seconds))
	const [h, m, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60]
	return `${h > 0 ? `${String(h)}:${String(m).padStart(2, '0')}` : String(m)}:${String(s).padStart(2, '0')}`
}

/** "94 s", "3 min 10 s", "0.4 s": of differences. */
const spanText = (seconds: number): string => {
	if (seconds < 9.95) return `${seconds.toFixed(1)} s`
	const whole = Math.round(seconds)
	if (whole < 120) return `${String(whole)} s`
	const [min, s] = [Math.floor(whole / 60), whole % 60]
	return s === 0 ? `${String(min)} min` : `${String(min)} min ${String(s)} s`
}

/** What is asked for: "saltmarsh.mkv, 4.7 GB, 1:48:10". */
export const askedText = ({ name, size, durationS }: AskedFile): string =>
	[name, sizeText(size), ...(durationS === null ? [] : [lengthText(durationS)])].join(', ')

/** Less is cut by fractions of a second: nobody calls that another cut. */
const SAME_LENGTH_S = 0.1
const ANOTHER_CUT_S = 2

/** One or two sentences: how the own file differs from the one that the room watches. */
export const differenceText = ({ sizeBytes, durationS }: FileDifference): string => {
	const size =
		sizeBytes === null
			? null
			: sizeBytes === 0
				? 'Same size, other content'
				: `Your file is ${sizeText(Math.abs(sizeBytes))} ${sizeBytes < 0 ? 'smaller' : 'larger'}`
	const subject = size === null ? 'Your file' : 'It'
	const length =
		durationS === null
			? `${subject === 'It' ? 'One' : 'A'} length is not known, so nobody can tell whether it is the same cut`
			: Math.abs(durationS) < SAME_LENGTH_S
				? `${subject} is equally long`
				: `${subject} is ${spanText(Math.abs(durationS))} ${durationS < 0 ? 'shorter' : 'longer'}${Math.abs(durationS) >= ANOTHER_CUT_S ? ': another cut?' : ''}`
	const end = length.endsWith('?') ? length : `${length}.`
	return size === null ? end : `${size}. ${end}`
}

/** Stands beside a file that is used although it differs. */
export const anywayWarning = (difference: FileDifference): string =>
	`You watch by a file of your own that differs. ${differenceText(difference)} What you see may not be what the others see.`

const FORMATS: Readonly<Record<FileFormat, string>> = {
	mp4: 'an MP4 film',
	m4a: 'sound in M4A',
	mov: 'a QuickTime film',
	webm: 'a WebM film',
	mkv: 'a Matroska film (MKV)',
	mp3: 'sound in MP3',
	aac: 'sound in AAC',
	ogg: 'an Ogg file',
	flac: 'sound in FLAC',
	wav: 'sound in WAV',
	avi: 'an AVI film',
	wmv: 'a Windows Media film',
	flv: 'a Flash film',
	'mpeg-ts': 'an MPEG transport stream',
	'mpeg-ps': 'an MPEG film',
	aiff: 'sound in AIFF',
}
const WOULD_DO = 'MP4 with H.264 and WebM play nearly everywhere.'

/** What is wrong with a file, and what would do instead. */
export const problemWords = (problem: FileProblem, name: string): FileWords => {
	switch (problem.type) {
		case 'empty':
			return {
				title: 'This file is empty',
				detail: `“${name}” has no bytes in it. The download may have been broken off.`,
			}
		case 'unreadable':
			return {
				title: 'This file cannot be read',
				detail: `Your browser could not read “${name}” (${problem.detail}). It may have been moved, renamed or changed, or its disk was taken out. Pick it again.`,
			}
		case 'no-permission':
			return {
				title: 'Matinee may not read this file',
				detail: `Your browser asked you about “${name}” and was not allowed to. Pick the file again, or allow it when asked.`,
			}
		case 'not-media':
			return {
				title: 'This is no film',
				detail: `“${name}” is ${problem.what}, whatever its name says. Pick a film or a sound file.`,
			}
		case 'unknown-kind':
			return {
				title: 'This is no film that Matinee knows',
				detail: `By its first bytes “${name}” is neither film nor sound of any known kind. ${WOULD_DO}`,
			}
		case 'zeros':
			return {
				title: 'This file is not complete',
				detail: `“${name}” begins with nothing but zeros where a film should begin. The download may still be going on.`,
			}
		case 'unplayable':
			return {
				title: 'This browser cannot play this file',
				detail: `“${name}” is ${FORMATS[problem.format]}, and your browser does not play it${problem.detail === '' ? '' : ` (${problem.detail})`}. ${WOULD_DO}`,
			}
		case 'too-big':
			return {
				title: 'This file is too large',
				detail: `“${name}” is larger than 256 TB, more than Matinee can count.`,
			}
	}
}
