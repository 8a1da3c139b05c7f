import type { MovingWords } from '../moving.ts'

export const moving: MovingWords = {
	byYou: '锁已更换。留下的人会一起过来；旧链接不再能打开任何房间',
	by: (name) => `${name}换了锁。你已在使用新房间码的房间里`,
	ownerOnly: '只有房主可以换锁。',
	already: '这个房间的锁已经换过了。',
	noCode: (why) => `没有换锁：无法生成新的房间码（${why}）。`,
	noRoom: (why) => `没有换锁：无法建立新房间（${why}）。`,
	notTold: (why) => `没有换锁：${why}`,
	nobodyTold: '没能通知任何人。',
	noRoles: '没能把角色带过去。',
}
