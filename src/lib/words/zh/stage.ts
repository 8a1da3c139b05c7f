import type { StageWords } from '../stage.ts'

export const stage: StageWords = {
	opening: '正在打开房间…',
	pasteToStart: '粘贴链接即可开始',
	orLetOthers: '也可以让别人来选。',
	playSample: '播放我们的示例影片',
	roomStatus: '房间状态',
	tapToJoin: '点一下，打开声音',
	join: '加入',
	shareLink: '分享链接',
	asleep: '睡眠定时器已为你停下',
	goOn: '继续',
}
