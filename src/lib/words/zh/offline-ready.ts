import type { OfflineReadyWords } from '../offline-ready.ts'

export const offlineReady: OfflineReadyWords = {
	looking: '正在看这台设备上存了什么。',
	ready: '离线可用',
	readyAbout: '去过的房间没有网络也打得开。这期间写的话和加的片子，联网后再发出去。',
	notReady: '离线还不可用',
	why: {
		unsupported: '这个浏览器不在这里保存网页，无痕窗口常常这样。联网时一切照旧。',
		refused: '浏览器不肯保存这个地址的网页：要么关掉了存储，要么不信任它的证书。联网时一切照旧。',
		full: '这台设备上没有空间了。腾出一些，或者忘掉不再需要的房间。联网时一切照旧。',
		'not-fetched': '还没有全部取到。每次来这里都会再试。联网时一切照旧。',
	},
}
