import type { FailuresWords } from '../failures.ts'

const WOULD_DO = '用 H.264 编码的 MP4 和 WebM 几乎到处都能播放。'
const inBrackets = (detail: string): string => (detail === '' ? '' : `（${detail}）`)

export const failures: FailuresWords = {
	siteTrouble: {
		title: '网站出了故障',
		detail: (host, status) => `${host} 返回了它自己的错误（${String(status)}）。稍后也许会恢复。`,
	},
	notFound: {
		title: '这个地址没有视频',
		detail: (host, status) =>
			`${host} 说那里什么也没有${status === null ? '' : `（${String(status)}）`}。链接可能输错了，或者文件已被撤下。`,
	},
	unreachable: {
		title: '连不上这个视频',
		detail: (host) => `${host} 没有回应。请检查地址是否正确，以及你是否在线。`,
	},
	cors: {
		title: '无法从这里打开这个视频',
		detail: (host) =>
			`${host} 有回应，但不允许其他网站读取，所以看不到原因：文件可能已不在、不对外开放，或格式未知。`,
	},
	notMedia: {
		title: '这个地址不是视频',
		detail: (host, what) => `${host} 发来的是${what}，不是影片或音频。请使用文件本身的地址。`,
		page: '网页',
		somethingElse: '别的东西',
		contentType: (type) => `“${type}”`,
	},
	codec: {
		title: '这个浏览器不能播放这种视频',
		detail: (why) => `文件在那里，但你的浏览器不认识它的格式${inBrackets(why)}。${WOULD_DO}`,
	},
	embeddingOff: {
		title: '这个视频只能在它自己的网站上播放',
		detail: '它的所有者不允许在其他网页上播放，或者网站要先在那里确认你的年龄。',
	},
	removed: { title: '这个视频已经不在了', detail: '它被所有者删除或设为私密。' },
	insecure: {
		title: '这个地址不安全',
		detail: '它是普通的 http，而通过 https 打开的页面不能加载它。以 https 开头的地址可以。',
	},
	private: { title: '这个视频是私密的', detail: '只有它的所有者允许的人才能观看。' },
	notOpen: {
		title: '这个视频不对所有人开放',
		detail: (host, status) => `${host} 拒绝提供（${String(status)}）。可能需要登录，或者链接已经过期。`,
	},
	region: {
		title: '这个视频在你所在的国家或地区不能播放',
		detail: '它的所有者只允许在部分国家或地区播放。其他人也许能看。',
	},
	age: {
		title: '这个视频要确认你的年龄',
		detail: '它的网站只对在那里登录并达到年龄的人播放，而且只在它自己的页面上。',
	},
	liveEnded: { title: '这场直播已经结束', detail: '这里不再有内容播出。' },
	liveNotBegun: { title: '这场直播还没有开始', detail: '它的网站预告稍后开播。' },
	empty: {
		title: '这个文件里什么也没有',
		detail: '它没有时长、没有画面，也没有声音。上传可能中断了。',
	},
	brokenOff: {
		title: '这个文件在中途断了',
		detail: (at) => `它比声称的要短：${at} 之后没有内容。上传可能不完整。`,
	},
	noBeginning: {
		title: '这个视频没有开始',
		detail: (host) => `${host} 一直在发送，但一分钟后仍没有影片。连接可能太慢，或者它不是影片。`,
	},
	bigPlaylist: {
		title: '这不是播放列表',
		detail: (host) => `${host} 发来的内容超过了任何播放列表的大小。如果它是影片，请使用文件本身的地址。`,
	},
	bigParts: {
		title: '这个视频的分段太大',
		detail: (host) => `${host} 发来的单个分段超过 128 MB，会占满这台设备的内存。`,
	},
	noOutput: {
		title: '这台设备没有可以播放声音的装置',
		detail: '浏览器找不到扬声器或耳机。请接上后重新加载页面。',
	},
	redirects: {
		title: '这个地址没有通向任何地方',
		detail: (host) => `${host} 转到了另一个地址，而那里没有回应。链接可能在兜圈子。`,
	},
	noAnswer: {
		title: (site) => `${site} 的播放器没有回应`,
		detail: (site) => `它没有加载出来，或者什么也没说。${site} 可能暂时不可用，或在你那里被屏蔽。`,
	},
	nonsense: {
		title: (site) => `${site} 的播放器说了无法理解的话`,
		detail: (site, said) => `它的回答是：${said}。${site} 可能更改了它的播放器。`,
	},
	pageRefused: { title: (site) => `${site} 不在这个页面上播放` },
	fileGone: {
		title: '这个文件再也读不到了',
		detail: '它被移动、改名或修改过，或者磁盘已被拔出。请重新选择。',
	},
	unknown: { title: '这个视频不能播放', detail: (said) => `播放器说：${said}` },

	fileCodec: {
		title: '这个浏览器不能播放你的文件',
		detail: (name, why) => `它不认识“${name}”的格式${inBrackets(why)}。${WOULD_DO}`,
	},
	fileEmpty: {
		title: '你的文件里没有影片',
		detail: (name) => `“${name}”没有可以开始的画面和声音。下载可能不完整。`,
	},
	fileBrokenOff: {
		title: '你的文件在中途断了',
		detail: (name, at) => `“${name}”在 ${at} 之后没有内容。下载可能不完整。`,
	},
}
