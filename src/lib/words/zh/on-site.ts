import type { OnSiteWords } from '../on-site.ts'

export const onSite: OnSiteWords = {
	playsThere: (host) => `这个视频只能在 ${host} 上播放，需要 Matinee 扩展。`,
	open: (host) => `打开 ${host}`,
	openAbout: (host) => `打开 ${host}（在新标签页中）`,
	watch: '到网站上观看',
	watchAbout: (host) => `直接在 ${host} 上与房间同步观看`,
	oldExtension: '这个浏览器里的 Matinee 扩展需要更新，才能和这个房间一起观看。',
}
