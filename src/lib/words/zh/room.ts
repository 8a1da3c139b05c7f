import type { RoomWords } from '../room.ts'

export const room: RoomWords = {
	toPlayer: '跳到播放器',
	toChat: '跳到聊天',
	toQueue: '跳到片单',
	sidePanel: '侧栏',
	sideParts: '聊天、片单、成员、动态',
	chat: '聊天',
	queue: '片单',
	people: '成员',
	activity: '动态',
	newMessages: (count) => `${count}条新消息`,
	toCome: (count) => `还有${count}个待播`,
	peopleHere: (count) => `${count}人在场`,
	moreThan: (count) => `${count}+`,
	partNotFetched: '这一部分没能取到，请检查网络连接。',
	askReady: '问问大家准备好了没',
	inStep: '同步情况',
	yourName: '你的名字',
	ownSettings: '我的设置',
	keyboard: '键盘快捷键',
	leave: '离开房间',
}
