/** What a person may say a file of subtitles is written in, by the names that browsers have for it. */
export const ENCODINGS: readonly string[] = [
	'utf-8',
	'utf-16le',
	'utf-16be',
	'windows-1252',
	'windows-1250',
	'windows-1251',
	'koi8-r',
	'windows-1253',
	'windows-1254',
	'windows-1255',
	'windows-1256',
	'gb18030',
	'big5',
	'shift_jis',
	'euc-kr',
]
