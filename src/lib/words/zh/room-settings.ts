import type { RoomSettingsWords } from '../room-settings.ts'

export const roomSettings: RoomSettingsWords = {
	title: '房间设置',
	roomName: '房间名称',
	nameless: '未命名的房间',
	everyone: '所有人',
	operators: '仅管理员',
	control: {
		title: '播放、暂停、跳转',
		everyone: '所有人都能控制播放',
		operators: '只有管理员能控制播放',
	},
	add: {
		title: '添加视频',
		everyone: '所有人都能往片单里添加',
		operators: '只有管理员能添加',
	},
	reorder: {
		title: '调整片单顺序',
		everyone: '所有人都能调整片单顺序',
		operators: '只有管理员能调整顺序',
	},
	chat: {
		title: '在聊天里发言',
		everyone: '所有人都能发言',
		operators: '只有管理员能发言',
	},
	slowInChat: '聊天慢速模式',
	slow: '慢速模式',
	slowAbout: '同一个人两条消息之间的间隔；管理员不受限制。',
	off: '关闭',
	waits: {
		title: '等待缓冲',
		about: '六人以内：有人需要加载时影片会等他，最多15秒。人更多时不等。',
	},
	pausesOnLeave: {
		title: '有人离开时暂停',
		about: '影片停住，直到有人再按播放。',
	},
	fetchesTitles: {
		title: '通过服务器获取标题',
		about: '服务器会看到链接，并向对应网站询问标题、时长和封面。关闭后，链接只有房间里的人知道。',
	},
	keepsHistory: {
		title: '在服务器上保存房间记录',
		about: '加密保存：服务器读不到内容。独自进来的人也能看到房间原来的样子。',
	},
	lock: '锁',
	lockAbout:
		'拿到链接的人都能进来、看到内容。换锁会给房间换一个新链接，把可以留下的人都带过去，并设置或取消密码。',
	lockAboutPassword:
		'有链接和密码的人都能进来、看到内容。换锁会给房间换一个新链接，把可以留下的人都带过去，并设置或取消密码。',
	changeLock: '换锁…',
	activity: '动态',
	activityAbout: '谁在什么时候做了什么，连同每一个签名，存成一个文件；不进这个房间也能核对。',
	exportLog: '导出动态记录',
	exported: '已存为文件',
}
