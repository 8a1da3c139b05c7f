import type { KeysWords } from '../keys.ts'

export const keys: KeysWords = {
	title: '键盘',
	spaceOrK: '空格或K',
	playOrPause: '播放或暂停',
	tenSeconds: '后退、前进10秒',
	fiveSeconds: '后退、前进5秒',
	volume: '调高、调低音量',
	mute: '静音',
	next: '下一个视频',
	fullScreen: '全屏',
	theater: '影院模式',
	chat: '写聊天消息',
	panel: '显示或隐藏侧栏',
	moveInQueue: '在片单中移动视频',
	thisList: '显示这份列表',
	close: '关闭',
}
