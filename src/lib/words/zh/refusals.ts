import type { RefusalsWords } from '../refusals.ts'

export const refusals: RefusalsWords = {
	removed: '你被移出了这个房间。',
	viewer: '你在这里是观众：可以看片和投票。房主可以让你成为成员。',
	onlyOwner: (what) => `在这个房间里，只有房主可以${what}。`,
	onlyOperators: (what) => `在这个房间里，只有管理员可以${what}。`,
	actions: {
		control: '控制播放',
		add: '往片单里加片',
		'remove-own': '移除视频',
		reorder: '调整片单',
		vote: '投票',
		chat: '在聊天里发言',
		react: '做出反应',
		'change-settings': '更改设置',
		'rename-room': '给房间取名',
		moderate: '管理聊天',
		'remove-person': '移出成员',
		grant: '分配角色',
		'hand-over': '转交房间',
		'change-lock': '换锁',
	},
	notFetched: '需要的那一部分没有取到。联网后重新加载，再试一次。',
}
