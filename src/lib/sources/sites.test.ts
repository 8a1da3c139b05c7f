import { describe, expect, it } from 'vitest'
import { parseLink, parseLinks, type ParseOptions } from './parse-link.ts'
import { ALL_KINDS, show } from './test-show.ts'

const OPTIONS: ParseOptions = {
	pageIsSecure: true,
	base: 'https://matinee.example/r',
	playable: ALL_KINDS,
}
const table = (
	options: ParseOptions,
	rows: readonly (readonly [text: string, expected: string])[],
	rule: string,
): void => {
	for (const [text, expected] of rows)
		it(`${rule} ${JSON.stringify(text).slice(0, 90)} is ${expected.slice(0, 80)}`, () => {
			expect(show(parseLink(text, options))).toBe(expected)
		})
}
/** All addresses are the same thing. */
const same = (expected: string, addresses: readonly string[], rule: string): void =>
	table(
		OPTIONS,
		addresses.map((address) => [address, expected] as const),
		rule,
	)

describe('YouTube', () => {
	same(
		'youtube dQw4w9WgXcQ | A YouTube video',
		[
			'https://www.youtube.com/watch?v=dQw4w9WgXcQ',
			'http://youtube.com/watch?feature=share&v=dQw4w9WgXcQ',
			'https://www.youtube.com/watch?v=dQw4w9WgXcQ&list=PLabc&index=3',
			'https://www.youtube.com/watch?app=desktop&v=dQw4w9WgXcQ&pp=ygUEdGVzdA%3D%3D',
			'https://www.youtube.com/playlist?list=PLabc&v=dQw4w9WgXcQ',
			'https://www.youtube.com/watch/dQw4w9WgXcQ',
			'https://www.youtube.com/watch_popup?v=dQw4w9WgXcQ',
			'https://www.youtube.com/?v=dQw4w9WgXcQ',
			'https://youtu.be/dQw4w9WgXcQ',
			'https://youtu.be/dQw4w9WgXcQ?si=AbCdEfGhIjKlMnOp',
			'https://youtu.be/dQw4w9WgXcQ?list=PLabc&t=0',
			'https://youtu.be/dQw4w9WgXcQ/',
			'youtu.be/dQw4w9WgXcQ',
			'https://m.youtube.com/watch?v=dQw4w9WgXcQ&feature=youtu.be',
			'https://music.youtube.com/watch?v=dQw4w9WgXcQ&list=RDAMVMdQw4w9WgXcQ',
			'https://www.youtube.com/shorts/dQw4w9WgXcQ?feature=share',
			'https://www.youtube.com/live/dQw4w9WgXcQ?si=x',
			'https://www.youtube.com/embed/dQw4w9WgXcQ?autoplay=1',
			'https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ',
			'https://www.youtube.com/v/dQw4w9WgXcQ',
			'https://www.youtube.com/e/dQw4w9WgXcQ',
			'https://studio.youtube.com/video/dQw4w9WgXcQ/edit',
			'https://www.youtubekids.com/watch?v=dQw4w9WgXcQ',
			'https://www.youtube.com/attribution_link?a=x&u=%2Fwatch%3Fv%3DdQw4w9WgXcQ%26feature%3Dshare',
			'https://www.youtube.com/oembed?url=https%3A%2F%2Fyoutu.be%2FdQw4w9WgXcQ&format=json',
			'https://consent.youtube.com/m?continue=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3DdQw4w9WgXcQ&gl=DE',
			'<iframe width="560" src="https://www.youtube.com/embed/dQw4w9WgXcQ?si=x&amp;controls=0" title="YouTube"></iframe>',
			'<iframe src="//www.youtube.com/embed/dQw4w9WgXcQ"></iframe>',
			'_https://youtu.be/dQw4w9WgXcQ_',
			'*https://youtu.be/dQw4w9WgXcQ*',
		],
		'[SO8]',
	)
	same(
		'youtube dQw4w9WgXcQ 3723 | A YouTube video',
		[
			'https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=3723',
			'https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=3723s',
			'https://www.youtube.com/watch?v=dQw4w9WgXcQ&amp;t=3723s',
			'https://youtu.be/dQw4w9WgXcQ?t=1h2m3s',
			'https://youtu.be/dQw4w9WgXcQ?t=1H2M3S',
			'https://youtu.be/dQw4w9WgXcQ?t=62m3s',
			'https://youtu.be/dQw4w9WgXcQ?t=1:02:03',
			'https://youtu.be/dQw4w9WgXcQ?t=3723.6',
			'https://www.youtube.com/watch?v=dQw4w9WgXcQ#t=1h2m3s',
			'https://www.youtube.com/embed/dQw4w9WgXcQ?start=3723&end=4000',
			'https://www.youtube.com/watch?time_continue=3723&v=dQw4w9WgXcQ',
			'https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=&start=3723',
		],
		'[SO8]',
	)
	table(
		OPTIONS,
		[
			['https://youtu.be/abcdefghij_', 'youtube abcdefghij_ | A YouTube video'],
			['https://youtu.be/abcdefghij-.', 'youtube abcdefghij- | A YouTube video'],
			['https://youtu.be/dQw4w9WgXcQ?t=-4', 'youtube dQw4w9WgXcQ | A YouTube video'],
			['https://youtu.be/dQw4w9WgXcQ?t=9999999', 'youtube dQw4w9WgXcQ | A YouTube video'],
			['https://www.youtube.com/clip/UgkxAbc', 'page: a YouTube clip'],
			['https://www.youtube.com/@somebody/live', 'page: a YouTube channel'],
			['https://www.youtube.com/channel/UC123/videos', 'page: a YouTube channel'],
			['https://www.youtube.com/results?search_query=a', 'page: a search on YouTube'],
			['https://www.youtube.com/post/UgkxAbc', 'page: a post on YouTube'],
			[
				'https://www.youtube.com/redirect?q=https%3A%2F%2Fevil.example%2Fx.mp4',
				'page: a page on YouTube, not one of its videos',
			],
			[
				'https://www.youtube.com/oembed?url=https%3A%2F%2Fevil.example%2Fx.mp4',
				'page: a page on YouTube, not one of its videos',
			],
			[
				'https://www.youtube.com/embed/live_stream?channel=UC123',
				'page: a page on YouTube, not one of its videos',
			],
			['https://youtu.be/', 'page: a page on YouTube, not one of its videos'],
		],
		'[SO8]',
	)
	table(
		OPTIONS,
		[
			['https://www.youtube.com/playlist?list=PLabc_-123', 'playlist PLabc_-123'],
			['https://music.youtube.com/playlist?list=OLAK5uy_abc', 'playlist OLAK5uy_abc'],
			['https://www.youtube.com/watch?list=PLabc', 'playlist PLabc'],
			['https://www.youtube.com/embed/videoseries?list=PLabc', 'playlist PLabc'],
			['https://www.youtube.com/embed?listType=playlist&list=PLabc', 'playlist PLabc'],
			[
				'https://www.youtube.com/playlist?list=WL',
				'page: a YouTube list of your own, which nobody else can open',
			],
			['https://www.youtube.com/playlist?list=../x', 'page: a page of YouTube playlists'],
		],
		'[SO12]',
	)
})

describe('Bilibili', () => {
	same(
		'bilibili BV1xx411c7mD 1 | A Bilibili video',
		[
			'https://www.bilibili.com/video/BV1xx411c7mD',
			'https://www.bilibili.com/video/BV1xx411c7mD/?spm_id_from=333.337.search-card.all.click&vd_source=abc',
			'https://www.bilibili.com/BV1xx411c7mD',
			'https://www.bilibili.com/s/video/BV1xx411c7mD',
			'https://m.bilibili.com/video/BV1xx411c7mD?from=search',
			'https://b23.tv/BV1xx411c7mD',
			'https://bili2233.cn/BV1xx411c7mD',
			'https://player.bilibili.com/player.html?isOutside=true&aid=170001&bvid=BV1xx411c7mD&cid=279786&p=1',
			'https://www.bilibili.com/blackboard/html5mobileplayer.html?bvid=BV1xx411c7mD',
			'https://www.bilibili.com/festival/2024bnj?bvid=BV1xx411c7mD',
			'https://www.bilibili.com/list/watchlater?bvid=BV1xx411c7mD&oid=170001',
			'https://www.bilibili.com/medialist/play/ml123/BV1xx411c7mD',
			'bilibili.com/video/bv1xx411c7mD',
			'BV1xx411c7mD',
			' bv1xx411c7mD\n',
			'<iframe src="//player.bilibili.com/player.html?isOutside=true&bvid=BV1xx411c7mD&p=1" scrolling="no"></iframe>',
		],
		'[SO8]',
	)
	table(
		OPTIONS,
		[
			['https://www.bilibili.com/video/av170001', 'bilibili av170001 1 | A Bilibili video'],
			['av170001', 'bilibili av170001 1 | A Bilibili video'],
			['https://www.bilibili.com/video/AV170001/?p=3', 'bilibili av170001 3 | A Bilibili video'],
			['https://b23.tv/av170001', 'bilibili av170001 1 | A Bilibili video'],
			['https://www.bilibili.com/video/av170001/index_2.html', 'bilibili av170001 2 | A Bilibili video'],
			['https://www.bilibili.com/video/av170001#page=2', 'bilibili av170001 2 | A Bilibili video'],
			[
				'https://player.bilibili.com/player.html?aid=av170001&page=2&t=30&autoplay=0',
				'bilibili av170001 2 30 | A Bilibili video',
			],
			[
				'https://www.bilibili.com/video/BV1xx411c7mD/?t=12.5&p=2',
				'bilibili BV1xx411c7mD 2 12 | A Bilibili video',
			],
			[
				'https://m.bilibili.com/video/BV1xx411c7mD?start_progress=75321',
				'bilibili BV1xx411c7mD 1 75 | A Bilibili video',
			],
			['https://www.bilibili.com/video/BV1xx411c7mD?p=0', 'bilibili BV1xx411c7mD 1 | A Bilibili video'],
			['https://www.bilibili.com/video/BV1xx411c7mD?p=1e9', 'bilibili BV1xx411c7mD 1 | A Bilibili video'],
			[
				'https://www.bilibili.com/bangumi/play/ep374717',
				'page: an episode of a series or a film on Bilibili, which cannot be shown elsewhere',
			],
			[
				'https://b23.tv/ss36429',
				'page: an episode of a series or a film on Bilibili, which cannot be shown elsewhere',
			],
			[
				'https://www.bilibili.com/cheese/play/ep1',
				'page: a course on Bilibili, which cannot be shown elsewhere',
			],
			[
				'https://live.bilibili.com/21013446',
				'page: a live stream on Bilibili, which cannot be shown elsewhere',
			],
			['https://www.bilibili.com/festival/2024bnj', 'page: a festival on Bilibili'],
			['https://space.bilibili.com/2', 'page: a channel on Bilibili'],
			['https://space.bilibili.com/2/favlist?fid=1', 'page: a channel on Bilibili'],
			['https://search.bilibili.com/all?keyword=a', 'page: a search on Bilibili'],
			['https://www.bilibili.com/list/ml123', 'page: a list on Bilibili'],
			['https://t.bilibili.com/123', 'page: a post on Bilibili'],
			['https://www.bilibili.com/read/cv123', 'page: a post on Bilibili'],
			['https://www.bilibili.com/audio/au123', 'page: a song on Bilibili, which cannot be shown elsewhere'],
			['https://www.bilibili.com/video/BV123', 'page: a page on Bilibili, not one of its videos'],
			['https://www.bilibili.tv/en/video/2041234567', 'page: a page on bilibili.tv, Bilibili’s other site'],
			[
				'https://notbilibili.com/video/BV1xx411c7mD',
				'file https://notbilibili.com/video/BV1xx411c7mD | BV1xx411c7mD',
			],
		],
		'[SO8]',
	)
	same(
		'short https://b23.tv/abc1234',
		[
			'https://b23.tv/abc1234',
			'http://b23.tv/abc1234?share_medium=android',
			'【中文标题-哔哩哔哩】 https://b23.tv/abc1234',
			'【标题】https://b23.tv/abc1234，快来看',
			'看看这个：https://b23.tv/abc1234快来看',
			'（https://b23.tv/abc1234）',
			'「https://b23.tv/abc1234」',
			'我在哔哩哔哩看到的b23.tv/abc1234。',
			'标题\nUP主：某人\nhttps://b23.tv/abc1234\n来自哔哩哔哩',
		],
		'[SO13]',
	)
	table(
		OPTIONS,
		[
			['https://bili2233.cn/rnrwIyU', 'short https://bili2233.cn/rnrwIyU'],
			['https://b23.tv/', 'page: a page on Bilibili, not one of its videos'],
			['https://b23.tv/a/b', 'page: a page on Bilibili, not one of its videos'],
			[
				'【【4K】A trip 2024年】 https://www.bilibili.com/video/BV1xx411c7mD/?share_source=copy_web&vd_source=abc',
				'bilibili BV1xx411c7mD 1 | A Bilibili video',
			],
			['视频：bilibili.com/video/BV1xx411c7mD，很好看', 'bilibili BV1xx411c7mD 1 | A Bilibili video'],
			['www.bilibili.com/video/BV1xx411c7mD？p=2', 'bilibili BV1xx411c7mD 1 | A Bilibili video'],
			['看https://a.example/1.mp4，再看https://a.example/2.mp4', 'file https://a.example/1.mp4 | a.example'],
			[
				'https://a.example/【第1集】开始，走！.mp4',
				'file https://a.example/%E3%80%90%E7%AC%AC1%E9%9B%86%E3%80%91%E5%BC%80%E5%A7%8B%EF%BC%8C%E8%B5%B0%EF%BC%81.mp4 | 【第1集】开始，走！',
			],
			['“https://a.example/stream/x”，好', 'file https://a.example/stream/x | x'],
		],
		'[SO13]',
	)
})

describe('Vimeo', () => {
	same(
		'vimeo 76979871 | A Vimeo video',
		[
			'https://vimeo.com/76979871',
			'https://www.vimeo.com/76979871?share=copy#t=0',
			'https://vimeo.com/video/76979871',
			'https://vimeo.com/channels/staffpicks/76979871',
			'https://vimeo.com/groups/shortfilms/videos/76979871',
			'https://vimeo.com/album/1234567/video/76979871',
			'https://vimeo.com/showcase/1234567/video/76979871',
			'https://vimeo.com/showcase/1234567?video=76979871',
			'https://vimeo.com/user123456/76979871',
			'https://vimeo.com/ondemand/somefilm/76979871',
			'https://vimeo.com/manage/videos/76979871',
			'https://player.vimeo.com/video/76979871?autoplay=1&badge=0',
			'https://vimeopro.com/someone/portfolio/video/76979871',
		],
		'[SO8]',
	)
	table(
		OPTIONS,
		[
			['https://vimeo.com/76979871?h=0a1b2c3d4e&t=1m2s', 'vimeo 76979871 0a1b2c3d4e 62 | A Vimeo video'],
			['https://vimeo.com/76979871/0a1b2c3d4e?fl=pl', 'vimeo 76979871 0a1b2c3d4e | A Vimeo video'],
			['https://vimeo.com/event/1234567', 'page: a Vimeo event, which cannot be kept in step'],
			['https://vimeo.com/event/1234567/embed', 'page: a Vimeo event, which cannot be kept in step'],
			['https://vimeo.com/showcase/1234567', 'page: a Vimeo showcase'],
			[
				'https://vimeo.com/someone/review/76979871/0a1b2c3d4e',
				'page: a Vimeo review page, which only those it was sent to can open',
			],
			['https://vimeo.com/staffpicks', 'page: a page on Vimeo, not one of its videos'],
			[
				'https://player.vimeo.com/external/76979871.hd.mp4?s=abc',
				'file https://player.vimeo.com/external/76979871.hd.mp4?s=abc | 76979871 hd',
			],
		],
		'[SO8]',
	)
})

describe('Twitch', () => {
	same(
		'twitch 1234567890 | A Twitch recording',
		[
			'https://www.twitch.tv/videos/1234567890',
			'https://m.twitch.tv/videos/1234567890?desktop-redirect=true',
			'https://go.twitch.tv/videos/1234567890',
			'https://www.twitch.tv/someone/v/1234567890',
			'https://www.twitch.tv/someone/video/1234567890',
			'https://player.twitch.tv/?video=v1234567890&parent=a.example',
			'https://player.twitch.tv/?video=1234567890&parent=a.example&channel=someone',
			'https://www.twitch.tv/someone/schedule?vodID=1234567890',
		],
		'[SO8]',
	)
	same(
		'twitch-live some_body | some_body on Twitch',
		[
			'https://www.twitch.tv/some_body',
			'https://m.twitch.tv/some_body/',
			'twitch.tv/some_body',
			'https://www.twitch.tv/some_body/home',
			'https://www.twitch.tv/some_body?referrer=raid',
			'https://player.twitch.tv/?channel=some_body&parent=a.example',
			'https://embed.twitch.tv/?channel=some_body&parent=a.example',
		],
		'[SO8]',
	)
	table(
		OPTIONS,
		[
			['https://www.twitch.tv/videos/1234567890?t=02h04m05s', 'twitch 1234567890 7445 | A Twitch recording'],
			[
				'https://player.twitch.tv/?video=v1234567890&time=1h&parent=x',
				'twitch 1234567890 3600 | A Twitch recording',
			],
			[
				'https://www.twitch.tv/someone/clip/FunnyName-abc',
				'page: a Twitch clip, which cannot be kept in step',
			],
			['https://clips.twitch.tv/FunnyName', 'page: a Twitch clip, which cannot be kept in step'],
			['https://clips.twitch.tv/embed?clip=FunnyName', 'page: a Twitch clip, which cannot be kept in step'],
			['https://www.twitch.tv/someone/schedule', 'page: the schedule of a Twitch channel'],
			['https://www.twitch.tv/someone/videos?filter=all', 'page: the recordings of a Twitch channel'],
			['https://www.twitch.tv/someone/constructor', 'page: a page on Twitch, not one of its streams'],
			['https://www.twitch.tv/popout/someone/chat', 'page: a page on Twitch, not one of its streams'],
			['https://www.twitch.tv/collections/abc', 'page: a page on Twitch, not one of its streams'],
			['https://www.twitch.tv/Directory', 'page: a page on Twitch, not one of its streams'],
			['https://player.twitch.tv/?collection=abc', 'page: a page on Twitch, not one of its streams'],
		],
		'[SO8]',
	)
})

describe('Dailymotion', () => {
	same(
		'dailymotion x8abcde | A Dailymotion video',
		[
			'https://www.dailymotion.com/video/x8abcde',
			'https://dailymotion.com/fr/video/x8abcde_le-titre',
			'https://www.dailymotion.com/embed/video/x8abcde?autoplay=1',
			'https://www.dailymotion.com/video/x8abcde?playlist=x7abcd',
			'https://dai.ly/x8abcde',
			'https://geo.dailymotion.com/player.html?video=x8abcde',
			'https://geo.dailymotion.com/player/xt1ab.html?video=x8abcde&mute=true',
			'https://www.dailymotion.com/hub/x9q_Channel#video=x8abcde',
		],
		'[SO8]',
	)
	table(
		OPTIONS,
		[
			['https://www.dailymotion.com/video/x8abcde?start=42', 'dailymotion x8abcde 42 | A Dailymotion video'],
			[
				'https://geo.dailymotion.com/player.html?video=x8abcde&startTime=42',
				'dailymotion x8abcde 42 | A Dailymotion video',
			],
			['https://www.dailymotion.com/playlist/x7abcd', 'page: a Dailymotion playlist'],
			['https://geo.dailymotion.com/player.html?playlist=x7abcd', 'page: a Dailymotion playlist'],
		],
		'[SO8]',
	)
})

describe('PeerTube', () => {
	same(
		'peertube https://tube.example kkGMgK9ZtnKfYAgnEtQxbv | A video on tube.example',
		[
			'https://tube.example/w/kkGMgK9ZtnKfYAgnEtQxbv',
			'https://tube.example/w/kkGMgK9ZtnKfYAgnEtQxbv;threadId=12',
			'https://tube.example/videos/watch/kkGMgK9ZtnKfYAgnEtQxbv',
			'https://tube.example/videos/embed/kkGMgK9ZtnKfYAgnEtQxbv?api=1',
			'<iframe src="https://tube.example/videos/embed/kkGMgK9ZtnKfYAgnEtQxbv" allowfullscreen></iframe>',
		],
		'[SO8]',
	)
	table(
		OPTIONS,
		[
			[
				'https://tube.example:8443/w/9c9de5e8-0a1e-484a-b099-e80766180a6d?start=1m2s&stop=3m',
				'peertube https://tube.example:8443 9c9de5e8-0a1e-484a-b099-e80766180a6d 62 | A video on tube.example',
			],
			['https://tube.example/w/p/kkGMgK9ZtnKfYAgnEtQxbv', 'page: a playlist on tube.example'],
			[
				'https://tube.example/videos/watch/playlist/9c9de5e8-0a1e-484a-b099-e80766180a6d',
				'page: a playlist on tube.example',
			],
			[
				'https://tube.example/video-playlists/embed/kkGMgK9ZtnKfYAgnEtQxbv',
				'page: a playlist on tube.example',
			],
			['https://tube.example/w/short', 'file https://tube.example/w/short | short'],
		],
		'[SO8]',
	)
})

describe('SoundCloud', () => {
	same(
		'soundcloud https://soundcloud.com/artist/some-track | some track, artist',
		[
			'https://soundcloud.com/artist/some-track',
			'https://m.soundcloud.com/artist/some-track?ref=clipboard&p=i&c=1&si=abc&utm_source=clipboard',
			'https://www.soundcloud.com/artist/some-track/#t=1:30',
			'https://soundcloud.com/artist/some-track?in=other/sets/list',
			'https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/artist/some-track&color=%23ff5500',
		],
		'[SO8]',
	)
	table(
		OPTIONS,
		[
			[
				'https://soundcloud.com/artist/some-track/s-AbCd1234?si=x',
				'soundcloud https://soundcloud.com/artist/some-track/s-AbCd1234 | some track, artist',
			],
			[
				'https://soundcloud.com/artist/some-track?secret_token=s-AbCd1234',
				'soundcloud https://soundcloud.com/artist/some-track/s-AbCd1234 | some track, artist',
			],
			[
				'https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/293',
				'soundcloud https://api.soundcloud.com/tracks/293 | A SoundCloud track',
			],
			[
				'https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/293%3Fsecret_token%3Ds-AbCd1234',
				'soundcloud https://api.soundcloud.com/tracks/293?secret_token=s-AbCd1234 | A SoundCloud track',
			],
			[
				'https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/playlists/293',
				'page: a list on SoundCloud',
			],
			[
				'https://w.soundcloud.com/player/?url=https%3A//evil.example/a/b',
				'page: SoundCloud’s player without a track',
			],
			['https://soundcloud.com/artist/likes', 'page: a list on SoundCloud, not one track of it'],
			['https://soundcloud.com/you/library', 'page: a page on SoundCloud, not one of its tracks'],
		],
		'[SO8]',
	)
	table(
		OPTIONS,
		[
			['https://on.soundcloud.com/AbCdEfGhIj', 'short https://on.soundcloud.com/AbCdEfGhIj'],
			['https://on.soundcloud.com/', 'page: a page on SoundCloud, not one of its tracks'],
		],
		'[SO13]',
	)
})

describe('sites without a player', () => {
	table(
		OPTIONS,
		[
			['https://rumble.com/v123-a-title.html', 'later Rumble'],
			['https://v.qq.com/x/cover/abc.html', 'later Tencent Video'],
			['https://www.iqiyi.com/v_abc.html', 'later iQIYI'],
			['https://v.youku.com/v_show/id_X.html', 'later Youku'],
			['https://fb.watch/abc', 'later Facebook'],
			[
				'https://cdn.streamable.com/video/mp4/abc.mp4',
				'file https://cdn.streamable.com/video/mp4/abc.mp4 | abc',
			],
		],
		'[SO14]',
	)
})

describe('several links', () => {
	const all = (text: string): readonly string[] => parseLinks(text, OPTIONS).links.map(show)
	it('[SO15] every link of a text is found, in its order, each video once', () => {
		expect(
			all(`Tonight:
				1. https://youtu.be/dQw4w9WgXcQ and https://vimeo.com/76979871
				2. youtube.com/watch?v=dQw4w9WgXcQ
				3. example.com/film.mp4
				/film/saltmarsh.webm
				no link here
				javascript:alert(1)//https://x.example/y.mp4
				https://b23.tv/abc1234，https://b23.tv/abc1234
				https://www.youtube.com/@somebody`),
		).toEqual([
			'youtube dQw4w9WgXcQ | A YouTube video',
			'vimeo 76979871 | A Vimeo video',
			'file https://example.com/film.mp4 | film',
			'file https://matinee.example/film/saltmarsh.webm | The Four-Ten to Saltmarsh',
			'unsafe javascript',
			'short https://b23.tv/abc1234',
			'page: a YouTube channel',
		])
	})
	it('[SO15] the same video from another place on is another one', () => {
		expect(all('https://youtu.be/dQw4w9WgXcQ https://youtu.be/dQw4w9WgXcQ?t=9').length).toBe(2)
	})
	it('[SO15] a hundred are taken, and those beyond are counted', () => {
		const text = Array.from({ length: 130 }, (_, i) => `https://a.example/${i % 120}.mp4`).join('\n')
		const { links, leftOut } = parseLinks(text, OPTIONS)
		expect(links.length).toBe(100)
		expect(leftOut).toBe(20)
	})
	it('[SO15] nothing is an empty list, and one link is what parseLink says', () => {
		expect(parseLinks('', OPTIONS)).toEqual({ links: [], leftOut: 0 })
		expect(parseLinks('BV1xx411c7mD', OPTIONS).links).toEqual([parseLink('BV1xx411c7mD', OPTIONS)])
	})
})
