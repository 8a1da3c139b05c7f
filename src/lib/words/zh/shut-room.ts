import type { ShutRoomWords } from '../shut-room.ts'

export const shutRoom: ShutRoomWords = {
	wrongPassword: '这不是这个房间的密码。',
	badRoot: '这个房间码打不开房间',
	badRootAbout: '服务器为它保存的内容是用另一个房间码封存的。请重新索要链接。',
	newer: '这个房间用的是更新的 Matinee',
	newerAbout: '重新加载这个页面就能用上。',
	tooManyTries: '尝试次数太多',
	tooManyTriesAbout: (seconds) => `服务器要求暂停一下。请在 ${String(seconds)} 秒后再试。`,
	notOpened: '房间没能打开',
}
