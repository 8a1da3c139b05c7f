import type { SourceLimitsWords } from '../source-limits.ts'

export const sourceLimits: SourceLimitsWords = {
	blind:
		'这个网站的播放器不能操控，也问不到播放位置。每次播放、暂停和跳转都会在对应的时间重新加载，所以可能相差一两秒。',
	siteDecides: '这是直播，由网站决定你们各自落后实时多少。',
	cannotBeMoved: '这是直播，不能移动：你们之间的差距由网站决定。',
	noSpeed: '这个网站的播放器不能变速：靠小幅跳转保持同步，误差在半秒以内。',
	otherSpeed: (rate) => `它不能按房间的速度播放：它以${rate}×播放，并随时跟上。`,
}
