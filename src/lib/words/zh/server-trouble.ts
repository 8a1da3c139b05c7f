import type { ServerTroubleWords } from '../server-trouble.ts'

const EXAMPLE = '{"server": "https://api.example"}'

export const serverTrouble: ServerTroubleWords = {
	offline: '你离线了',
	offlineAbout: '有了网络，房间会自己在这里打开。',
	notTold: '没有人告诉这个网页服务器在哪里',
	noConfiguration: (url) =>
		`${url} 上的不是 Matinee 的配置。运营这个网页的人要在那里放 ${EXAMPLE}，填上服务器的地址。`,
	noFile: (url, status) =>
		`没有 ${url}（状态 ${String(status)}）。运营这个网页的人要在那里放一个文件，内容是 ${EXAMPLE}，填上服务器的地址。`,
	badAddress: (server) =>
		`它的 config.json 写的服务器是 ${server}。那里要写 https://api.example 这样的地址，运营这个网页的人可以改。`,
	notHttps: '服务器必须使用 https',
	notHttpsAbout: (server) =>
		`这个网页走的是 https，浏览器不让它访问 ${server}。运营的人要给服务器配上 https，再把地址写进 config.json。`,
	pageRefused: '服务器不接受这个网页',
	originRefused: (server, origin) =>
		`${server} 上的服务器有回应，但不理 ${origin} 的网页。运营服务器的人要用 ALLOWED_ORIGINS=${origin} 启动它。`,
	stranger: '在服务器的位置上，回应的是别的东西',
	strangerAbout: (server, status) =>
		`config.json 写的服务器是 ${server}，可那里回应的（状态 ${String(status)}）不是 Matinee。运营这个网页的人可以核对那个地址。`,
	silent: '服务器没有回应',
	silentAbout: (server) => `这个网页的服务器是 ${server}，现在那里没有回应。`,
}
