import type { AddFieldWords } from '../add-field.ts'

export const addField: AddFieldWords = {
	form: '添加视频',
	field: '添加视频链接',
	pasteFirst: '请先粘贴视频地址。',
	added: (title) => `已添加${title}`,
	addedTwice: (title) => `已添加。${title}原本就在片单里，现在有两个了。`,
	addedWhileOn: (title) => `已添加。${title}正在播放，之后会再放一遍。`,
	enterHint: '加入片单',
	shiftEnterHint: '下一个播放',
	playNext: '下一个播放',
	playNextHint: '下一个播放（Shift Enter）',
	addToQueue: '加入片单',
	addToQueueHint: '加入片单（Enter）',
	keptLines: (count) => `${String(count)}行未添加`,
	videosFound: '找到的视频',
	live: '直播',
	about: (author, length) => `${author}，${length}`,
}
