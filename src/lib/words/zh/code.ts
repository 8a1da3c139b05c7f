import type { CodeWords } from '../code.ts'

export const code: CodeWords = {
	roomCode: '房间代码',
	join: '加入',
	empty: '输入房间代码，一共20个字母和数字。',
	tooShort: (count, whole) => `只有${String(count)}个字符，一共应该有${String(whole)}个。代码不完整。`,
	tooLong: (count, whole) => `有${String(count)}个字符，而房间代码只有${String(whole)}个。`,
	wrongCharacter: (character) =>
		`房间代码里没有“${character}”。代码由数字和字母 A 到 Z 组成，不含 I、L、O、U。`,
	unknown: '没有房间用这个代码。和给你代码的人逐个字符核对一下。',
	newer: '这个房间用的是更新的 Matinee。重新加载这个页面就能用上。',
	badRoot: '服务器上有这个房间，但这个代码打不开它。',
	serverAway: '服务器不在，而这台设备没有去过那个房间。过一分钟再试。',
	busy: (seconds) => `试得太多了。${String(seconds)}秒后再试。`,
}
