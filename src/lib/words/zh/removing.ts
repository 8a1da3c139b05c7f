import type { RemovingWords } from '../removing.ts'

export const removing: RemovingWords = {
	removed: '已移出',
	nameless: '没有名字的人',
	removedBy: (who, when) => `${when}由${who}移出`,
	bannedBy: (who, when) => `${when}由${who}封禁`,
	letBackIn: '让其回来',
	onlyOwnerLiftsBan: '被封禁的人只有房主能放进来。',

	removeWhom: (name) => `移出${name}？`,
	linksDrop: '对方与所有人的连接会断开，服务器也会拒绝其进入这个房间。此前说过和添加过的内容会保留。',
	linksDropOnly:
		'对方与所有人的连接会断开。无法让服务器拒绝对方：服务器不知道这个房间的房主。此前说过和添加过的内容会保留。',
	ban: '封禁：只有你能让对方回来',
	linkStillOpens: '除非你换锁，否则新访客仍能用这个链接进入房间。',
	linkStillOpensOwner: '除非房主换锁，否则新访客仍能用这个链接进入房间。',
	lockUnchanged: (name, why) => `${name}已被移出。锁没有换：${why}`,
	cancel: '取消',
	close: '关闭',
	remove: '移出',
	changeLock: '换锁',
	removeAndChangeLock: '移出并换锁',

	handOverTo: (name) => `把房间移交给${name}？`,
	askedFirst: (name) =>
		`会先征求${name}的同意。对方接受后，房间就归对方：由对方分配角色、封禁和换锁，你成为普通成员。在此之前你可以撤回。`,
	noWayBack: (name) => `你无法自己收回房间。只有${name}能再把它移交给你。`,
	toGuest: (name) => `${name}是访客。如果对方浏览器的数据被删除，这个房间就不再有房主。`,
	offer: '提出移交',
}
