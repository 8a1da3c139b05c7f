import type { SettingsWords } from '../settings.ts'

export const settings: SettingsWords = {
	pageTitle: '你的账号和这台设备 · Matinee',
	title: '你的账号和这台设备',
	serverAway: '服务器不在，它保存的账号信息也看不到。你所在的房间照常。',
	asking: '正在问服务器谁登录了。',
	you: '你',
	signedInOn: '已登录的设备',
	password: '密码',
	passwordSetElsewhere: '由运营服务器的人设置。',
	noPassword: (provider) => `这里没有密码：你用${provider === null ? '另一项服务' : ` ${provider} `}登录。`,
	yourData: '你的数据',
	account: '账号',
	accountAbout: '这里没有人登录。登录之后，你在每台设备上都是同一个人，你开的房间都是你的。',
	signIn: '登录',
	localAccount: (username, since) => `用户名 ${username}。账号建于${since}。`,
	providersAccount: (provider, since) => `用 ${provider} 登录。账号建于${since}。`,
	looks: '外观',
	offline: '没有网络时',
	keptRooms: '这台设备上的房间',
	roomsKept: (count, size) =>
		count === 0
			? '这里没有存房间。'
			: `这里存了${String(count)}个房间，打开快，离线也能用。${size === null ? '' : `本站在这台设备上占用${size}。`}`,
	forgetAll: '忘掉所有房间',
	forgetAllAsk: '忘掉这台设备上的所有房间？',
	forgetAllAbout:
		'它们的代码、片单和聊天会从这台设备上删除。其他成员的那一份还在；想回来就需要重新拿到每个链接。',
	forgetThem: '全部忘掉',
	keepThem: '留着',
	forgotAll: '这台设备上不再存有房间。',
	forgetFailed: '没能全部忘掉：浏览器的存储不允许。再试一次。',
	roomsUnread: '没能读出这台设备上的房间列表。',
}
