import type { DoorsWords } from '../doors.ts'

const named = (room: string): string => (room === '' ? '这个房间' : `“${room}”`)

export const doors: DoorsWords = {
	frontPage: '首页',
	hasPassword: '这个房间有密码',
	roomAbout: '这个房间有密码，给你发链接的人知道。密码只在这台设备上核对，不会发给任何服务器。',
	roomAboutShort: '给你发链接的人知道密码。密码只在这台设备上核对，不会发给任何服务器。',
	roomPassword: '房间密码',
	roomHint: '没有人能重置这个密码：它是房间钥匙的一部分。',
	openRoom: '打开房间',
	atTheDoor: '进门要密码',
	doorAbout: '使用这台服务器的每个人都要在每台设备上输入一次。运营服务器的人知道它。',
	doorPassword: '进门密码',
	doorHint: '在这台设备上只问一次。',
	openDoor: '开门',
	checking: '正在核对密码',
	noGuests: '这台服务器不接待访客',
	noGuestsAbout: '登录之后会回到这个房间，链接里仍带着房间代码。',
	signIn: '登录',
	removedYou: (by, when) => `${by ?? '照看房间的人'}把你移出了房间${when === null ? '' : `，${when}`}`,
	removedAbout: (room, isBan) =>
		`${named(room)}里的其他人不再收到这台设备的消息，服务器也不让它进来。${
			isBan ? '只有房主能让你再进来。' : '管理员或房主可以让你再进来；等他们放行后再打开链接。'
		}`,
	removedKept: '在那之前你看到的都留在这台设备上：片单、聊天，还有谁做了什么。可以在首页把它忘掉。',
	changedLock: (by, when) => `${by ?? '房主'}换了锁${when === null ? '' : `，${when}`}`,
	movedAbout: (room) =>
		`这个链接已经打不开${named(room)}：它换了新代码，而这台设备没有拿到。向房间里的人要新链接吧。`,
	movedKept: '在那之前你看到的都留在这台设备上。可以在首页把它忘掉。',
}
