import type { EntryWords } from '../entry.ts'

export const entry: EntryWords = {
	frontPage: '首页',
	wordmark: 'Matinee，首页',
	opening: '正在打开房间',
	openingAbout: '先看这台设备上有没有，再问服务器谁在里面。',
	serverAway: '服务器不在',
	notKept: '这台设备上还没有这个房间，第一次进门要经过服务器。去过的房间没有服务器也打得开。',
	nextTry: (seconds) => `${String(seconds)}秒后再试`,
	notOpened: '这个链接打不开房间',
	notOpenedAbout: '说明原因的那一页没有取到。联网后重新加载。',
	cannotOpen: '这个浏览器打不开房间',
	lacks: (parts) => `它缺少${parts}。`,
	partNotFetched: '这一部分没有取到。看看网络是不是连着。',
}
