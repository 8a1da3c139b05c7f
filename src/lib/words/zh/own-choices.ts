import type { OwnChoicesWords } from '../own-choices.ts'

export const ownChoices: OwnChoicesWords = {
	captions: '字幕',
	captionsOn: '显示字幕',
	captionsOnAbout: '房间里有这部影片的字幕时显示。',
	size: '字幕大小',
	timing: '字幕时间',
	timingAbout: '用于你没有单独调整过的字幕。+ 为推迟，− 为提前。',
	seconds: (seconds) => `${seconds} 秒`,
	chat: '聊天',
	inStep: '同步',
	tolerance: '同步容差',
	toleranceIs: (ms) => `${ms} 毫秒`,
	toleranceAbout: '更小的偏差会悄悄补上，听不出来。超过它才会加快、放慢或跳转影片。设备较慢时，调大更平稳。',
	address: '你的地址',
	name: '你的名字',
}
