import type { InStepWords } from '../in-step.ts'

export const inStep: InStepWords = {
	title: '同步',
	you: '你',
	nothingYet: '还没有可比较的',
	youAreInStep: '你与房间同步',
	youAreBehind: (ms) => `你落后${ms}`,
	youAreAhead: (ms) => `你超前${ms}`,
	inStep: '同步',
	behind: (ms) => `落后${ms}`,
	ahead: (ms) => `超前${ms}`,
	ms: (ms) => `${ms}毫秒`,
	seconds: (s) => `${s}秒`,
	times: (count) => `${String(count)}次`,
	resync: '重新同步',

	withinOf: (inStep, all, within) => `${String(all)}人中${String(inStep)}人相差不到${String(within)}秒`,
	meterPlace: (who, place) => `${who}：${place}`,
	meterEnds: { behind: '落后2秒', room: '房间', ahead: '超前2秒' },

	plot: '最近一分钟的同步情况',
	speed: '速度',
	aMinuteAgo: '一分钟前',
	now: '现在',

	clockWithin: '时钟误差不超过',
	slowestWay: '到最慢者的单程',
	startTakes: '开始播放需要',
	seekTakes: '跳转需要',
	buffered: '已缓冲',
	seeks: '靠跳转校正',
	stalled: '卡顿',

	everybody: '在场的所有人',
	who: '谁',
	offBy: '偏差',
	roundTrip: '往返',
	withYou: (name) => `${name}（你）`,
	showMore: '显示更多',

	soundComes: '我的声音',
	soundHint: '用于无线耳机和电视：拖动到口型与声音吻合为止。只对这台设备有效。',
	delayNone: '没有延迟',
	delayLate: (ms) => `晚${String(ms)}毫秒`,
	delayEarly: (ms) => `早${String(ms)}毫秒`,
	noDelay: '归零',
	share: '与服务器共享这些数据',
	shareHint: '只有偏差和延迟，每分钟汇总一次：不含名字、标题和房间。',

	copyJson: '复制为JSON',
	copied: '已复制',
	notAllowed: '浏览器不允许在这里复制',
}
