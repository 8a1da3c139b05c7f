import type { BrowserLacksWords } from '../browser-lacks.ts'

export const browserLacks: BrowserLacksWords = {
	roomNeeds: (name) => `房间需要${name}`,
	missing: (name, since) => `房间需要${name}。${since}`,
	parts: {
		'secure-context': {
			name: '安全连接',
			since:
				'请通过 https 打开这个页面，或在运行它的电脑上用 http://localhost 打开。运行者可以用 npm start -- --lan 启动，它会以 https 向同一网络中的所有人提供服务。',
		},
		ed25519: {
			name: 'Ed25519 签名，用来证明谁做了什么',
			since: 'Chrome 和 Edge 从 137、Firefox 从 129、Safari 从 17 开始支持。',
		},
		indexeddb: {
			name: 'IndexedDB，用来保存你的密钥和房间',
			since: '目前的浏览器都有；有些在隐私窗口里会关闭它。',
		},
	},
}
