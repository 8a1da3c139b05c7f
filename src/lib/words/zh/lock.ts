import type { LockWords } from '../lock.ts'

export const lock: LockWords = {
	change: '换锁',
	isRemoved: (name) => `已移除${name}。`,
	about:
		'房间会有新的代码，旧链接从此打不开任何东西。片单、聊天和动态都会带过去，可以留下的人也一样；被移除的人不会得知新代码。这一步不能撤销。',
	roomPassword: '房间密码',
	hintHasPassword: '留空的话，房间从此没有密码。没有人能重置这个密码。',
	hintOptional: '可不填。没有人能重置这个密码。',
	leftBehind: (names) =>
		`换锁时没法带上${names}：对方的应用版本太旧，或者这台设备从没遇到过对方的设备。请自己把新链接发过去。`,
	more: (count) => `另外${count}人`,
}
