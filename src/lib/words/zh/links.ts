import type { LinksWords } from '../links.ts'

export const links: LinksWords = {
	notAdded: '没有添加。',
	videos: (count) => `${String(count)}个视频`,
	restNotAdded: (why) => `播放列表的其余部分没有添加。${why}`,
	emptyPlaylist: '这个播放列表里什么都没有。',
	missingOfPlaylist: (count) =>
		`播放列表中有${String(count)}个视频没有加入片单：它们是私享视频，或排在前50个之后。`,
	looksLikePage: (title) => `“${title}”看起来是网页。如果放不出来，请粘贴视频本身的地址。`,
	deadShortLink: (site) => `${site}说，这个短链接已经失效。`,
	hiddenPlaylist: (site) => `${site}没有给出这个播放列表的内容：它是空的、私享的，或已不存在。`,
	searchTooLong: (limit) => `搜索最多${String(limit)}个字符。`,
	searchAway: '搜索暂时没有响应，但仍然可以添加链接。',
	refusedByTitle: (title, why) => `“${title}”在这里可能放不出来。${why}`,
	refusedByStandIn: (title, why) => `${title}在这里可能放不出来。${why}`,
	gone: '它的网站已经没有这个视频了。',
	private: '它是私享视频。',
	embeddingOff: '它的所有者只允许在原网站观看。',
	ageRestricted: '它仅供已登录的成年人在原网站观看。',
	notAvailable: '它现在还不能观看，或在某些地区不能观看。',
}
