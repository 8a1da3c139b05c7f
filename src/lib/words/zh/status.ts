import type { StatusWords } from '../status.ts'

export const status: StatusWords = {
	reconnecting: '正在重新连接。你可以继续看',
	serverAwayTogether: '服务器暂时不在。你们可以继续一起看，但新人暂时进不来',
	serverAwayAlone: '服务器暂时不在。房间在这里照常可用，等服务器回来后再合并',
	notKept: (why) => `这台设备上什么都没有保存：${why}。关闭此标签页之前，房间可以正常使用`,
	alone: '这里还没有别人',
	invite: '邀请',
	storageFull: '这台设备的存储空间满了。房间照常进行，但新内容不会保存在这里',
	storageRefused: '这个浏览器拒绝保存房间。关闭此标签页之前，它可以正常使用',
	storageDamaged: (lost) =>
		`这里保存的内容有一部分损坏了（${String(lost)}处）。其余完好，缺的会从大家那里补回`,
}
