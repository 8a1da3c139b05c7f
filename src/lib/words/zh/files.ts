import type { FilesWords } from '../files.ts'
import { formatNumber } from '../number-words.ts'

const WOULD_DO = '用 H.264 编码的 MP4 和 WebM 几乎到处都能播放。'
const named = (kind: string, format: string | null): string =>
	format === null ? kind : `${kind}（${format}）`

export const files: FilesWords = {
	nameless: '没有名字的文件',
	filmsAndSound: '影片和音频',

	dropTitle: '把影片拖到这里，大家一起看',
	dropDetail: '什么都不会上传：每个人选择自己的那一份。字幕也可以拖进来。',

	offerTitle: '一起看一个文件',
	offerHow: '文件留在你的磁盘上。其他人会被请求选择自己的那一份，并得知是否相同。',
	titleLabel: '标题',
	checking: (name) => `正在检查“${name}”`,
	checkingHow: '大文件只抽样读取，最多 1 MiB。',
	checked: '检查完毕：这个浏览器可以播放它。',
	addToQueue: '加入片单',
	playNext: '接下来播放',
	anotherFile: '选择另一个文件',
	onlyForMe: (title) => `只为我用它代替“${title}”`,
	onlyForMeHow: '只影响你：其他人继续用链接观看。文件的时长必须相同。',
	notFetched: '读取文件所需的部分没能加载。请检查网络连接。',

	offers: (who) => `${who}从磁盘播放这部影片：请选择你的那一份`,
	youOffered: '这是你从磁盘添加的：请重新选择',
	needsHow: '没有人上传它：每个人播放自己的那一份，大家保持同步。',
	asked: (parts) => parts.join('，'),
	askedFor: (what) => `房间在看${what}。`,
	chooseYourCopy: '选择你的文件',
	reopen: (name) => `再次打开“${name}”`,
	skip: '跳过',
	looking: '正在查找你的文件…',
	differs: (name) => `“${name}”不是同一个文件`,
	useAnyway: '仍然使用',
	tooDifferent: '它的时长不同，两者无法保持同步。',
	goOn: '继续用之前的文件',

	ownFile: '你自己的文件',
	closeNote: '关闭提示',
	playsSame: (name) => `你正从磁盘播放“${name}”。`,
	playsInstead: (name) => `你正从磁盘播放“${name}”，代替链接。`,
	stopUsing: '不再使用这个文件',
	backToLink: '回到链接',
	changeFile: '选择另一个文件',
	couldReopen: (name) => `你之前用磁盘上的“${name}”看过它。`,

	bytes: (count) => `${String(count)} 字节`,
	size: (value, digits, unit) =>
		`${formatNumber(value, { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false })} ${unit}`,
	seconds: (text) => `${text} 秒`,
	minutes: (min, s) => (s === 0 ? `${String(min)} 分钟` : `${String(min)} 分 ${String(s)} 秒`),

	difference: {
		sameSize: '大小相同，内容不同。',
		size: (size, isSmaller) => `你的文件${isSmaller ? '小' : '大'} ${size}。`,
		unknownLength: () => '有一方的时长未知，无法判断是不是同一个版本。',
		sameLength: () => '时长相同。',
		length: (span, isShorter, isFirst) =>
			`${isFirst ? '你的文件' : ''}时长${isShorter ? '短' : '长'} ${span}。`,
		otherCut: (span, isShorter, isFirst) =>
			`${isFirst ? '你的文件' : ''}时长${isShorter ? '短' : '长'} ${span}：也许是另一个版本？`,
		both: (size, length) => `${size}${length}`,
	},
	anyway: (difference) => `你正用一个不同的文件观看。${difference}你看到的可能和别人看到的不一样。`,

	formats: {
		mp4: 'MP4 影片',
		m4a: 'M4A 音频',
		mov: 'QuickTime 影片',
		webm: 'WebM 影片',
		mkv: 'Matroska 影片（MKV）',
		mp3: 'MP3 音频',
		aac: 'AAC 音频',
		ogg: 'Ogg 文件',
		flac: 'FLAC 音频',
		wav: 'WAV 音频',
		avi: 'AVI 影片',
		wmv: 'Windows Media 影片',
		flv: 'Flash 影片',
		'mpeg-ts': 'MPEG 传输流',
		'mpeg-ps': 'MPEG 影片',
		aiff: 'AIFF 音频',
	},
	others: {
		picture: (format) => named('图片', format),
		icon: () => '图标',
		document: (format) => named('文档', format),
		office: () => 'Office 文档',
		zip: () => '压缩包或文档（ZIP）',
		archive: (format) => named('压缩包', format),
		program: () => '程序',
		database: () => '数据库',
		midi: () => '乐器音符（MIDI），浏览器不能播放',
		font: () => '字体',
		subtitles: () => '字幕文件',
		playlist: () => '播放列表',
		page: () => '网页',
		torrent: () => '种子文件',
		text: () => '文本',
	},

	becameShorter: '文件变短了',
	doesNotBegin: '播放没有开始',
	problems: {
		empty: {
			title: '这个文件是空的',
			detail: (name) => `“${name}”里没有内容。下载可能中断了。`,
		},
		unreadable: {
			title: '无法读取这个文件',
			detail: (name, why) =>
				`浏览器无法读取“${name}”（${why}）。它可能被移动、改名或修改过，或者磁盘已被拔出。请重新选择。`,
		},
		noPermission: {
			title: 'Matinee 没有读取这个文件的权限',
			detail: (name) => `浏览器就“${name}”征求过你的同意，但没有得到许可。请重新选择文件，或在询问时允许。`,
		},
		notMedia: {
			title: '这不是影片',
			detail: (name, what) => `不管叫什么名字，“${name}”其实是${what}。请选择影片或音频文件。`,
		},
		unknownKind: {
			title: '这不是 Matinee 认识的影片',
			detail: (name) => `从开头的字节看，“${name}”不是任何已知的影片或音频。${WOULD_DO}`,
		},
		zeros: {
			title: '这个文件不完整',
			detail: (name) => `“${name}”本该是影片开头的地方全是零。可能还在下载。`,
		},
		unplayable: {
			title: '这个浏览器不能播放这个文件',
			detail: (name, format, why) =>
				`“${name}”是${format}，你的浏览器不能播放${why === '' ? '' : `（${why}）`}。${WOULD_DO}`,
		},
		tooBig: {
			title: '这个文件太大',
			detail: (name) => `“${name}”超过 256 TB，Matinee 数不过来。`,
		},
	},
}
