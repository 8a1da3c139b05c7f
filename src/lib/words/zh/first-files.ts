import type { FirstFilesWords } from '../first-files.ts'

export const firstFiles: FirstFilesWords = {
	nothingDropped: '拖进来的既不是文件也不是链接。拖一部影片进来，或者粘贴一个链接。',
	subtitlesAlone: '这是字幕，要和影片一起用。把两个文件一起选，或者一起拖进来。',
	noLinks: (name) => `“${name}”里没有能播放的链接。列表里每行一个链接。`,
	signInFirst: '这台服务器不接待访客。先登录，再选一次文件。',
	doorFirst: '这台服务器先要进门密码。在“登录”那里输入，再选一次文件。',
	lost: (names) => `路上重新加载了网页，${names}没有跟过来。在这里再选一次`,
	notOffered: (name) => `“${name}”没能放进片单。在这里再选一次`,
	leftOut: (names) => `不是影片，没有放进来：${names}`,
	linesLeftOut: (count) => `列表里有${String(count)}行不是视频，没有放进来`,
}
