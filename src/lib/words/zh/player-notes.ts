import type { PlayerNotesWords } from '../player-notes.ts'

export const playerNotes: PlayerNotesWords = {
	playerOf: (site) => `${site} 播放器`,
	twitchNeedsHttps: '它的播放器只在通过 https 打开的页面上运行，而这个页面不是。',
	twitchNeedsPort: (port) => `它的播放器只在默认端口的页面上运行，而这个页面在端口 ${port}。`,
	youtubeNeedsPage:
		'它要知道自己在哪个页面上播放，但这个信息被这个网站的服务器、浏览器或某个扩展挡住了（153）。',
	youtubeNoForm: '它没有这个浏览器能播放的视频格式（5）',
	errorCode: (code) => `错误 ${code}`,
	encrypted: '内容已加密',
	noMediaSource: '没有 Media Source Extensions',
	hlsDidNotLoad: (why) => `hls.js 没能加载（${why}）`,
	neverReady: '它有回应，但一直没有准备好',
	trackBrokeOff: '曲目中断了',
	tooMany: '一秒内发来几百条消息',
}
