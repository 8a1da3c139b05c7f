import type { HistoryWords } from '../history.ts'

const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MB`

export const history: HistoryWords = {
	notOffered: '这台服务器不保存历史：房间留在成员的设备上。',
	damaged: '服务器保存的这个房间打不开了。你设备上的一点没丢。',
	newer: '服务器保存的这个房间是更新版本的网页写的。重新加载就能读。',
	full: '服务器没有地方了。它还留着上次放得下时的这个房间。',
	tooBig: (bytes, maxBytes) =>
		`这个房间太大，服务器放不下了：加密后${megabytes(bytes)}，最多${megabytes(maxBytes)}。它还留着上次放得下时的房间。`,
}
