import type { NeedsWords } from '../needs.ts'

export const needs: NeedsWords = {
	title: '这个浏览器打不开房间',
	lacks: (parts) => `它缺少${parts}。`,
	parts: {
		ed25519: {
			name: 'Ed25519 签名',
			use: '用来给你做的事签名的钥匙。',
			who: 'Chrome 或 Edge 137、Firefox 129、Safari 17 及更新的版本都有，网页要走 https。',
		},
		indexeddb: {
			name: 'IndexedDB',
			use: '存放你的钥匙和房间的地方。有些无痕窗口不给用。',
			who: '现在的 Chrome、Edge、Firefox 和 Safari 都有，只要不在无痕窗口里。',
		},
	},
	noWeakerMode: '没有将就的办法：少了它，房间就不安全，或者根本不在。',
	copyLink: '复制链接，换个浏览器打开',
	roomLink: '房间链接',
}
