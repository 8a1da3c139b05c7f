/** About people's own files: offering one, picking the own copy, and what is wrong with it. */
import { formatNumber } from './number-words.ts'
import { subject } from './subject.ts'

const WOULD_DO = 'MP4 with H.264 and WebM play nearly everywhere.'
const named = (kind: string, format: string | null): string =>
	format === null ? kind : `${kind} (${format})`

const english = {
	nameless: 'A file without a name',
	/** Above the list of a browser's own dialog. */
	filmsAndSound: 'Films and sound',

	// Choosing and dropping.
	dropTitle: 'Drop a film to watch it together',
	dropDetail: 'Nothing is uploaded: everybody picks their own copy. Subtitles can be dropped too.',

	// Offering.
	offerTitle: 'Watch a file together',
	offerHow:
		'The file stays on your disk. The others are asked for their own copy, and told whether it is the same.',
	titleLabel: 'Title',
	checking: (name: string) => `Checking “${name}”`,
	checkingHow: 'Of a large file only samples are read, 1 MiB at most.',
	checked: 'Checked: this browser plays it.',
	addToQueue: 'Add to queue',
	playNext: 'Play next',
	anotherFile: 'Choose another file',
	onlyForMe: (title: string) => `Play it for me instead of “${title}”`,
	onlyForMeHow: 'For you alone: the others go on with the link. Only a file of the same length will do.',
	notFetched: 'What reads files could not be fetched. Check that you are online.',

	// On the stage.
	offers: (who: string) => `${who} plays this from disk: choose your copy`,
	youOffered: 'You added this from a disk: choose it again',
	needsHow: 'Nobody uploads it: everybody plays their own copy, and all keep step.',
	asked: (parts: readonly string[]) => parts.join(', '),
	/** `what`: its name, size and length. */
	askedFor: (what: string) => `The room watches ${what}.`,
	chooseYourCopy: 'Choose your copy',
	reopen: (name: string) => `Open “${name}” again`,
	skip: 'Skip',
	looking: 'Looking for your copy…',
	differs: (name: string) => `“${name}” is not the same file`,
	useAnyway: 'Use it anyway',
	tooDifferent: 'It is of another length, so the two would not keep step.',
	goOn: 'Go on with the one before',

	// Under the stage.
	ownFile: 'Your own file',
	closeNote: 'Close the note',
	playsSame: (name: string) => `You play “${name}” from your disk.`,
	playsInstead: (name: string) => `You play “${name}” from your disk instead of the link.`,
	stopUsing: 'Stop using this file',
	backToLink: 'Back to the link',
	changeFile: 'Choose another file',
	couldReopen: (name: string) => `You watched this by “${name}” from your disk.`,

	// Sizes and lengths.
	bytes: (count: number) => (count === 1 ? '1 byte' : `${String(count)} bytes`),
	size: (value: number, digits: number, unit: string) =>
		`${formatNumber(value, { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false })} ${unit}`,
	seconds: (text: string) => `${text} s`,
	minutes: (min: number, s: number) => (s === 0 ? `${String(min)} min` : `${String(min)} min ${String(s)} s`),

	// How a file differs: `size` and `span` are texts of the functions above.
	difference: {
		sameSize: 'Same size, other content.',
		size: (size: string, isSmaller: boolean) => `Your file is ${size} ${isSmaller ? 'smaller' : 'larger'}.`,
		/** `isFirst`: no sentence about the size stands before it. */
		unknownLength: (isFirst: boolean) =>
			`${isFirst ? 'A' : 'One'} length is not known, so nobody can tell whether it is the same cut.`,
		sameLength: (isFirst: boolean) => `${isFirst ? 'Your file' : 'It'} is equally long.`,
		length: (span: string, isShorter: boolean, isFirst: boolean) =>
			`${isFirst ? 'Your file' : 'It'} is ${span} ${isShorter ? 'shorter' : 'longer'}.`,
		otherCut: (span: string, isShorter: boolean, isFirst: boolean) =>
			`${isFirst ? 'Your file' : 'It'} is ${span} ${isShorter ? 'shorter' : 'longer'}: another cut?`,
		both: (size: string, length: string) => `${size} ${length}`,
	},
	anyway: (difference: string) =>
		`You watch by a file of your own that differs. ${difference} What you see may not be what the others see.`,

	formats: {
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
	},
	others: {
		picture: (format: string | null) => named('a picture', format),
		icon: () => 'an icon',
		document: (format: string | null) => named('a document', format),
		office: () => 'an Office document',
		zip: () => 'an archive or a document (ZIP)',
		archive: (format: string | null) => named('an archive', format),
		program: () => 'a program',
		database: () => 'a database',
		midi: () => 'notes for an instrument (MIDI), which browsers do not play',
		font: () => 'a font',
		subtitles: () => 'a file of subtitles',
		playlist: () => 'a playlist',
		page: () => 'a web page',
		torrent: () => 'a torrent',
		text: () => 'a text',
	},

	// What is wrong with a file, and what would do instead.
	becameShorter: 'it has become shorter',
	doesNotBegin: 'it does not begin',
	problems: {
		empty: {
			title: 'This file is empty',
			detail: (name: string) => `“${name}” has no bytes in it. The download may have been broken off.`,
		},
		unreadable: {
			title: 'This file cannot be read',
			detail: (name: string, why: string) =>
				`Your browser could not read “${name}” (${why}). It may have been moved, renamed or changed, or its disk was taken out. Pick it again.`,
		},
		noPermission: {
			title: 'Matinee may not read this file',
			detail: (name: string) =>
				`Your browser asked you about “${name}” and was not allowed to. Pick the file again, or allow it when asked.`,
		},
		notMedia: {
			title: 'This is no film',
			detail: (name: string, what: string) =>
				`“${name}” is ${what}, whatever its name says. Pick a film or a sound file.`,
		},
		unknownKind: {
			title: 'This is no film that Matinee knows',
			detail: (name: string) =>
				`By its first bytes “${name}” is neither film nor sound of any known kind. ${WOULD_DO}`,
		},
		zeros: {
			title: 'This file is not complete',
			detail: (name: string) =>
				`“${name}” begins with nothing but zeros where a film should begin. The download may still be going on.`,
		},
		unplayable: {
			title: 'This browser cannot play this file',
			detail: (name: string, format: string, why: string) =>
				`“${name}” is ${format}, and your browser does not play it${why === '' ? '' : ` (${why})`}. ${WOULD_DO}`,
		},
		tooBig: {
			title: 'This file is too large',
			detail: (name: string) => `“${name}” is larger than 256 TB, more than Matinee can count.`,
		},
	},
}
export type FilesWords = typeof english
export const filesWords = subject('files', english)
