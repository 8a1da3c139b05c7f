import type { WrongCodeWords } from '../wrong-code.ts'

export const wrongCode: WrongCodeWords = {
	notWhole: '代码不完整',
	notWholeAbout: '房间代码有20个字母和数字。链接的一部分可能在路上丢了。',
	unknown: '没有房间用这个代码',
	unknownAbout: '服务器和这台设备都不认识它。O 和 0、I 和 1 算作一样。',
	startOwn: '自己开一个房间',
}
