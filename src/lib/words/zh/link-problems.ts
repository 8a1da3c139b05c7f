import type { LinkProblemsWords } from '../link-problems.ts'

const aFile = '视频文件的地址，例如以.mp4、.webm或.m3u8结尾的'

/** By what the sources write in English. */
const THINGS: Readonly<Record<string, string>> = {
	'a search': '搜索页面',
	'an article': '文章',
	'a page about films, not a film': '介绍电影的页面，不是电影',
	'a post on TikTok': 'TikTok上的帖子',
	'a post on Instagram': 'Instagram上的帖子',
	'a page on Facebook': 'Facebook上的页面',
	'a post on X': 'X上的帖子',
	'a post on Reddit': 'Reddit上的帖子',
	'a page on GitHub': 'GitHub上的页面',
	'the front page of a site': '网站的首页',
	'a web page': '网页',
	'a picture': '图片',
	'a document': '文档',
	'an archive': '压缩包',
	'a torrent': '种子文件',
	'a file of subtitles': '字幕文件',
	'a DASH stream, which Matinee does not play': 'DASH流，Matinee不能播放',
	'a piece of a page': '网页的一部分',
	"a room's link: send it to people, or open it to join them": '房间链接：把它发给别人，或打开它加入他们',
	'an episode of a series or a film on Bilibili, which cannot be shown elsewhere':
		'Bilibili上的剧集或电影，不能在别处播放',
	'a course on Bilibili, which cannot be shown elsewhere': 'Bilibili上的课程，不能在别处播放',
	'a live stream on Bilibili, which cannot be shown elsewhere': 'Bilibili上的直播，不能在别处播放',
	'a song on Bilibili, which cannot be shown elsewhere': 'Bilibili上的歌曲，不能在别处播放',
	'a festival on Bilibili': 'Bilibili上的活动页面',
	'a channel on Bilibili': 'Bilibili上的个人空间',
	'a search on Bilibili': 'Bilibili上的搜索页面',
	'a list on Bilibili': 'Bilibili上的列表',
	'a post on Bilibili': 'Bilibili上的动态',
	'a page on Bilibili, not one of its videos': 'Bilibili上的页面，不是视频',
	'a page on bilibili.tv, Bilibili’s other site': 'bilibili.tv（Bilibili的国际站）上的页面',
	'a Dailymotion playlist': 'Dailymotion播放列表',
	'a page on Dailymotion, not one of its videos': 'Dailymotion上的页面，不是视频',
	'a list on SoundCloud': 'SoundCloud上的列表',
	'a list on SoundCloud, not one track of it': 'SoundCloud上的列表，不是其中的曲目',
	'a page on SoundCloud, not one of its tracks': 'SoundCloud上的页面，不是曲目',
	'SoundCloud’s player without a track': '没有曲目的SoundCloud播放器',
	'a Twitch clip, which cannot be kept in step': 'Twitch剪辑，无法保持同步',
	'the schedule of a Twitch channel': 'Twitch频道的节目表',
	'the recordings of a Twitch channel': 'Twitch频道的录像列表',
	'the clips of a Twitch channel': 'Twitch频道的剪辑列表',
	'what a Twitch channel says of itself': 'Twitch频道的简介',
	'the chat of a Twitch channel': 'Twitch频道的聊天',
	'the collections of a Twitch channel': 'Twitch频道的合集',
	'a page on Twitch, not one of its streams': 'Twitch上的页面，不是直播',
	'a Vimeo event, which cannot be kept in step': 'Vimeo活动直播，无法保持同步',
	'a Vimeo review page, which only those it was sent to can open': 'Vimeo审阅页面，只有收到它的人才能打开',
	'a Vimeo showcase': 'Vimeo展示集',
	'a page on Vimeo, not one of its videos': 'Vimeo上的页面，不是视频',
	'a YouTube list of your own, which nobody else can open': '你自己的YouTube列表，别人打不开',
	'a page of YouTube playlists': 'YouTube播放列表页面',
	'a search on YouTube': 'YouTube搜索页面',
	'a YouTube clip': 'YouTube剪辑',
	'a post on YouTube': 'YouTube上的帖子',
	'a YouTube channel': 'YouTube频道',
	'a page on YouTube, not one of its videos': 'YouTube上的页面，不是视频',
}
/** Those with a name in them. */
const NAMED: readonly (readonly [RegExp, (name: string) => string])[] = [
	[
		/^a page on (.+), which plays only inside its own site$/,
		(name) => `${name}上的页面，它只能在自己的网站播放`,
	],
	[/^a web page on (\S+), a site Matinee does not know$/, (name) => `${name}上的网页，Matinee不认识这个网站`],
	[/^a playlist on (\S+)$/, (name) => `${name}上的播放列表`],
]
const INSTEAD: Readonly<Record<string, string>> = {
	'Open one of its videos and paste that address.': '请打开其中一个视频，粘贴它的地址。',
	'Open one of its tracks and paste that address.': '请打开其中一首曲目，粘贴它的地址。',
	'Open one of its recordings or channels and paste that address.':
		'请打开其中一个录像或频道，粘贴它的地址。',
	'Open the recording it was cut from and paste that address.': '请打开它所剪自的录像，粘贴那个地址。',
	'Open the video it was cut from and paste that address.': '请打开它所剪自的视频，粘贴那个地址。',
	'Bilibili shows it only on its own site.': 'Bilibili只在自己的网站播放它。',
	'Bilibili shows it only on its own site. Videos whose number begins with BV or av play here.':
		'Bilibili只在自己的网站播放它。编号以BV或av开头的视频可以在这里播放。',
	'Its videos cannot be shown elsewhere; those of bilibili.com play here.':
		'它的视频不能在别处播放；bilibili.com的视频可以在这里播放。',
	'Once it is over, its recording has an address of its own.': '结束后，它的录像会有自己的地址。',
	'The address of the video itself plays, if it is public or unlisted.':
		'如果视频是公开或不公开列出的，粘贴视频本身的地址就能播放。',
}

export const linkProblems: LinkProblemsWords = {
	pasteFile: `请粘贴${aFile}。`,
	pasteVideo: (sites) => `请粘贴${sites}上视频的地址，或${aFile}。`,
	notALink: (instead) => `这不是链接。${instead}`,
	notMedia: (what, instead) => `这是${what}。${instead}`,
	thing: (what) => {
		for (const [pattern, words] of NAMED) {
			const name = pattern.exec(what)?.[1]
			if (name !== undefined) return words(name)
		}
		return Object.hasOwn(THINGS, what) ? (THINGS[what] ?? what) : what
	},
	insteadOf: (sentence) => (Object.hasOwn(INSTEAD, sentence) ? (INSTEAD[sentence] ?? sentence) : sentence),
	plainHttp: '这个地址是普通的http，https页面无法加载它。请粘贴以https开头的地址。',
	ownDisk:
		'这是你自己电脑上的文件，别人访问不到。请选择或拖入文件本身：它留在你的磁盘上，每个人播放自己的那一份。',
	credentials: '这个地址里有用户名或密码，房间里的人都会看到。请粘贴不含它们的地址。',
	torrent: (instead) => `这是种子，Matinee不能播放。${instead}`,
	oneTab: (instead) => `这个地址只在它所在的标签页里有效。${instead}`,
	stream: (scheme, instead) => `浏览器不能播放${scheme}流。${instead}`,
	otherScheme: (scheme, instead) => `以${scheme}:开头的地址不能播放。${instead}`,
	unsupportedSite: (site, instead) => `Matinee不能播放${site}。${instead}`,
	short: (site) => `这是短链接，只有${site}知道它指向哪里。请打开它，粘贴打开后的页面地址。`,
	playlist: (site) => `这是${site}播放列表，不是其中的视频。请打开其中一个视频，粘贴它的地址。`,
	tooLong: (limit) => `这个地址超过${String(limit)}个字符，片单放不下。请用指向同一文件的较短链接。`,
}
