import { describe, expect, it } from 'vitest'
import { describeProblem } from './describe-problem.ts'
import { parseLink, type ParseOptions } from './parse-link.ts'
import { ALL_KINDS, show } from './test-show.ts'
import { tidyName } from './title.ts'

const SECURE: ParseOptions = { pageIsSecure: true, base: 'https://matinee.example/r' }
const PLAIN: ParseOptions = { pageIsSecure: false, base: 'http://127.0.0.1:8080/r' }
const EVERYTHING: ParseOptions = { ...SECURE, playable: ALL_KINDS }
const FILES_ONLY: ParseOptions = { ...SECURE, playable: ['file', 'hls'] }

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

describe('files and playlists', () => {
	table(
		SECURE,
		[
			['https://example.com/film.mp4', 'file https://example.com/film.mp4 | film'],
			[
				'https://example.com/a/Big.Buck.Bunny.m4v',
				'file https://example.com/a/Big.Buck.Bunny.m4v | Big Buck Bunny',
			],
			[
				'https://example.com/the-four-ten_to-saltmarsh.mp4',
				'file https://example.com/the-four-ten_to-saltmarsh.mp4 | the four ten to saltmarsh',
			],
			['https://example.com/x.webm', 'file https://example.com/x.webm | x'],
			['https://example.com/x.ogv', 'file https://example.com/x.ogv | x'],
			['https://example.com/x.ogg', 'file https://example.com/x.ogg | x'],
			['https://example.com/x.mov', 'file https://example.com/x.mov | x'],
			['https://example.com/x.mkv', 'file https://example.com/x.mkv | x'],
			['https://example.com/x.mp3', 'file https://example.com/x.mp3 | x'],
			['https://example.com/x.m4a', 'file https://example.com/x.m4a | x'],
			['https://example.com/x.aac', 'file https://example.com/x.aac | x'],
			['https://example.com/x.wav', 'file https://example.com/x.wav | x'],
			['https://example.com/x.flac', 'file https://example.com/x.flac | x'],
			['https://example.com/x.opus', 'file https://example.com/x.opus | x'],
			['HTTPS://EXAMPLE.COM/Film.MP4', 'file https://example.com/Film.MP4 | Film'],
			[
				'https://example.com/x.mp4?token=a.b&e=1#t=20',
				'file https://example.com/x.mp4?token=a.b&e=1#t=20 | x',
			],
			[
				'https://example.com/My%20Film%20%282024%29.mp4',
				'file https://example.com/My%20Film%20%282024%29.mp4 | My Film (2024)',
			],
			[
				'https://example.com/%E6%98%A0%E7%94%BB.mp4',
				'file https://example.com/%E6%98%A0%E7%94%BB.mp4 | 映画',
			],
			['https://example.com/bad%E0%A4%A.mp4', 'file https://example.com/bad%E0%A4%A.mp4 | bad%E0%A4%A'],
			['https://example.com/show/master.m3u8', 'hls https://example.com/show/master.m3u8 | show'],
			['https://example.com/LIVE.M3U8?x=1', 'hls https://example.com/LIVE.M3U8?x=1 | example.com'],
			['https://cdn.example.com/index.m3u8', 'hls https://cdn.example.com/index.m3u8 | cdn.example.com'],
			[
				'https://example.com/get.php?file=night-bus.mp4',
				'file https://example.com/get.php?file=night-bus.mp4 | get',
			],
			['https://example.com/play?src=a.m3u8', 'hls https://example.com/play?src=a.m3u8 | example.com'],
			['https://example.com/stream/8f3a', 'file https://example.com/stream/8f3a | 8f3a'],
			['https://example.com/?id=12', 'file https://example.com/?id=12 | example.com'],
			['https://example.com:8443/x.mp4', 'file https://example.com:8443/x.mp4 | x'],
			['https://[2001:db8::1]/x.mp4', 'file https://[2001:db8::1]/x.mp4 | x'],
			['https://bücher.example/x.mp4', 'file https://xn--bcher-kva.example/x.mp4 | x'],
			['https://upload.wikimedia.org/a/Train.webm', 'file https://upload.wikimedia.org/a/Train.webm | Train'],
			['https://v.redd.it/abc/DASH_720.mp4', 'file https://v.redd.it/abc/DASH_720.mp4 | DASH 720'],
		],
		'[SO1]',
	)
})

describe('text around the link', () => {
	table(
		SECURE,
		[
			['  https://example.com/x.mp4\n', 'file https://example.com/x.mp4 | x'],
			['Look at this: https://example.com/x.mp4!', 'file https://example.com/x.mp4 | x'],
			['(https://example.com/x.mp4)', 'file https://example.com/x.mp4 | x'],
			['<https://example.com/x.mp4>', 'file https://example.com/x.mp4 | x'],
			['[a film](https://example.com/x.mp4) tonight', 'file https://example.com/x.mp4 | x'],
			['"https://example.com/x.mp4"', 'file https://example.com/x.mp4 | x'],
			['https://example.com/a_(b).mp4', 'file https://example.com/a_(b).mp4 | a (b)'],
			[
				'first https://a.example/1/one.mp4 then https://b.example/two.mp4',
				'file https://a.example/1/one.mp4 | one',
			],
			['example.com/film.mp4', 'file https://example.com/film.mp4 | film'],
			['watch example.com/film.mp4 with me', 'file https://example.com/film.mp4 | film'],
			['example.com:8443/film.mp4', 'file https://example.com:8443/film.mp4 | film'],
			['//example.com/film.mp4', 'file https://example.com/film.mp4 | film'],
			['кино.рф/film.mp4', 'file https://xn--h1adke.xn--p1ai/film.mp4 | film'],
			['\u200bhttps://example.com/x.mp4\ufeff', 'file https://example.com/x.mp4 | x'],
			['Tonight: https://example.com/x.mp4', 'file https://example.com/x.mp4 | x'],
			['Film:https://example.com/x.mp4', 'file https://example.com/x.mp4 | x'],
			['Tonight:', 'no link'],
			['', 'no link'],
			['   ', 'no link'],
			['hello', 'no link'],
			['film.mp4', 'no link'],
			['what is that... ok.then', 'no link'],
			['https://', 'no link'],
			['http://?', 'no link'],
			['www.', 'no link'],
			['/film', 'no link'],
			['12:30', 'no link'],
		],
		'[SO2]',
	)
	table(
		PLAIN,
		[
			['/film/saltmarsh.webm', 'file http://127.0.0.1:8080/film/saltmarsh.webm | The Four-Ten to Saltmarsh'],
			['/film/other.webm?v=2', 'file http://127.0.0.1:8080/film/other.webm?v=2 | other'],
			['127.0.0.1:9000/x.mp4', 'file http://127.0.0.1:9000/x.mp4 | x'],
			['localhost:9000/x.mp4', 'file http://localhost:9000/x.mp4 | x'],
			[
				'http://127.0.0.1:8080/r#K7QX-3M9R-T2VH-8WPC-5NDA',
				"page: a room's link: send it to people, or open it to join them",
			],
		],
		'[SO3]',
	)
	it('[SO3] a path means nothing where no base is given', () => {
		expect(parseLink('/film/saltmarsh.webm', { pageIsSecure: true }).type).toBe('not-a-link')
	})
})

describe('what is no media', () => {
	table(
		SECURE,
		[
			['https://example.com/', 'page: the front page of a site'],
			['example.com', 'page: the front page of a site'],
			['https://example.com/about.html', 'page: a web page on example.com, a site Matinee does not know'],
			['https://example.com/x.php?id=3', 'page: a web page on example.com, a site Matinee does not know'],
			['https://example.com/cat.JPG', 'page: a picture'],
			['https://example.com/paper.pdf', 'page: a document'],
			['https://example.com/all.zip', 'page: an archive'],
			['https://example.com/x.torrent', 'page: a torrent'],
			['https://example.com/x.srt', 'page: a file of subtitles'],
			['https://example.com/x.mpd', 'page: a DASH stream, which Matinee does not play'],
			['https://example.com/data.json', 'page: a piece of a page'],
			['https://www.google.com/search?q=film.mp4', 'page: a search'],
			['https://www.google.co.uk/search?q=film', 'page: a search'],
			['https://en.wikipedia.org/wiki/Viaduct', 'page: an article'],
			['https://www.imdb.com/title/tt0000001/', 'page: a page about films, not a film'],
			['https://www.netflix.com/watch/81', 'page: a page on Netflix, which plays only inside its own site'],
			['https://x.com/a/status/1', 'page: a post on X'],
		],
		'[SO4]',
	)
})

describe('what is not safe', () => {
	table(
		SECURE,
		[
			['javascript:alert(1)', 'unsafe javascript'],
			['javascript:alert(1)//https://example.com/x.mp4', 'unsafe javascript'],
			[' JavaScript:alert(1)', 'unsafe javascript'],
			['data:video/mp4;base64,AAAA', 'unsafe data'],
			['file:///home/alice/film.mp4', 'unsafe file'],
			['C:\\Films\\a.mp4', 'unsafe file'],
			['~/Films/a.mp4', 'unsafe file'],
			['blob:https://example.com/1234', 'unsafe blob'],
			['view-source:https://example.com/x.mp4', 'unsafe view-source'],
			['magnet:?xt=urn:btih:abc', 'unsafe magnet'],
			['rtsp://example.com/live', 'unsafe rtsp'],
			['ftp://example.com/x.mp4', 'unsafe ftp'],
			['https://alice:secret@example.com/x.mp4', 'unsafe credentials'],
			['http://example.com:8096/x.mp4', 'unsafe http'],
		],
		'[SO5]',
	)
	table(
		SECURE,
		[
			['http://example.com/x.mp4', 'file https://example.com/x.mp4 | x'],
			['http://localhost:9000/x.mp4', 'file http://localhost:9000/x.mp4 | x'],
			['http://127.0.0.1/x.mp4', 'file http://127.0.0.1/x.mp4 | x'],
		],
		'[SO6]',
	)
	table(PLAIN, [['http://example.com:8096/x.mp4', 'file http://example.com:8096/x.mp4 | x']], '[SO6]')
	it('[SO7] an address longer than a record can carry is refused by its length', () => {
		expect(parseLink(`https://example.com/${'a'.repeat(700)}.mp4`, SECURE)).toEqual({
			type: 'too-long',
			limit: 700,
		})
	})
})

describe('sites', () => {
	table(
		FILES_ONLY,
		[
			['https://www.youtube.com/watch?v=dQw4w9WgXcQ', 'later YouTube'],
			['https://youtu.be/dQw4w9WgXcQ', 'later YouTube'],
			['https://vimeo.com/76979871', 'later Vimeo'],
			['https://www.twitch.tv/videos/123456789', 'later Twitch'],
			['https://www.bilibili.com/video/BV1xx411c7mD', 'later Bilibili'],
			['https://www.dailymotion.com/video/x8abcde', 'later Dailymotion'],
			['https://peertube.example/w/9c9de5e8-0a1e-484a-b099-e80766180a6d', 'later PeerTube'],
			['https://soundcloud.com/artist/some-track', 'later SoundCloud'],
			['https://www.youtube.com/@somebody', 'later YouTube'],
			['https://b23.tv/abc123', 'later Bilibili'],
		],
		'[SO8]',
	)
	table(
		EVERYTHING,
		[
			['https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=1m30s', 'youtube dQw4w9WgXcQ 90 | A YouTube video'],
			['https://youtu.be/dQw4w9WgXcQ?t=42', 'youtube dQw4w9WgXcQ 42 | A YouTube video'],
			['https://m.youtube.com/shorts/dQw4w9WgXcQ', 'youtube dQw4w9WgXcQ | A YouTube video'],
			[
				'https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?start=5',
				'youtube dQw4w9WgXcQ 5 | A YouTube video',
			],
			['youtube.com/live/dQw4w9WgXcQ', 'youtube dQw4w9WgXcQ | A YouTube video'],
			['https://www.youtube.com/watch?v=short', 'page: a page on YouTube, not one of its videos'],
			[
				'https://notyoutube.com/watch?v=dQw4w9WgXcQ',
				'file https://notyoutube.com/watch?v=dQw4w9WgXcQ | notyoutube.com',
			],
			['https://vimeo.com/76979871/0a1b2c3d4e#t=1m2s', 'vimeo 76979871 0a1b2c3d4e 62 | A Vimeo video'],
			['https://player.vimeo.com/video/76979871?h=0a1b2c3d4e', 'vimeo 76979871 0a1b2c3d4e | A Vimeo video'],
			['https://vimeo.com/channels/staffpicks/76979871', 'vimeo 76979871 | A Vimeo video'],
			['https://vimeo.com/watch', 'page: a page on Vimeo, not one of its videos'],
			['https://www.twitch.tv/videos/123456789?t=1h2m3s', 'twitch 123456789 3723 | A Twitch recording'],
			['https://player.twitch.tv/?video=v123456789&parent=x', 'twitch 123456789 | A Twitch recording'],
			['https://www.twitch.tv/SomeBody', 'twitch-live somebody | SomeBody on Twitch'],
			['https://www.twitch.tv/directory', 'page: a page on Twitch, not one of its streams'],
			[
				'https://www.bilibili.com/video/BV1xx411c7mD?p=3&t=75',
				'bilibili BV1xx411c7mD 3 75 | A Bilibili video',
			],
			['https://www.bilibili.com/video/av170001', 'bilibili av170001 1 | A Bilibili video'],
			['https://player.bilibili.com/player.html?aid=170001&page=2', 'bilibili av170001 2 | A Bilibili video'],
			['https://dai.ly/x8abcde', 'dailymotion x8abcde | A Dailymotion video'],
			['https://www.dailymotion.com/video/x8abcde_the-title', 'dailymotion x8abcde | A Dailymotion video'],
			['https://www.dailymotion.com/somebody', 'page: a page on Dailymotion, not one of its videos'],
			[
				'https://peertube.example/videos/watch/9c9de5e8-0a1e-484a-b099-e80766180a6d?start=1m',
				'peertube https://peertube.example 9c9de5e8-0a1e-484a-b099-e80766180a6d 60 | A video on peertube.example',
			],
			[
				'https://peertube.example/w/kkGMgK9ZtnKfYAgnEtQxbv',
				'peertube https://peertube.example kkGMgK9ZtnKfYAgnEtQxbv | A video on peertube.example',
			],
			[
				'https://soundcloud.com/artist/some-track?utm=1',
				'soundcloud https://soundcloud.com/artist/some-track | some track, artist',
			],
			['https://soundcloud.com/artist/sets/a-list', 'page: a list on SoundCloud, not one track of it'],
			['https://soundcloud.com/artist', 'page: a page on SoundCloud, not one of its tracks'],
		],
		'[SO8]',
	)
})

describe('titles', () => {
	it.each([
		['the-four-ten_to-saltmarsh.mp4', 'the four ten to saltmarsh'],
		['Night Bus - Part Two.mp4', 'Night Bus - Part Two'],
		['holiday-2024-05-01.mp4', 'holiday 2024-05-01'],
		['a+b.mp4', 'a b'],
		['v1.2-final.webm', 'v1.2 final'],
		['evil\u202emp4.exe', 'evilmp4'],
	])('[SO9] the name %j becomes the title %j', (name, title) => {
		expect(tidyName(encodeURIComponent(name))).toBe(title)
	})
	it('[SO9] a title is at most 120 characters', () => {
		expect(tidyName('word-'.repeat(60)).length).toBeLessThanOrEqual(120)
	})
})

describe('words', () => {
	const refused = [
		'',
		'https://example.com/',
		'javascript:1',
		'file:///x',
		'http://a.example:1/x.mp4',
		'magnet:?x',
		'https://youtu.be/dQw4w9WgXcQ',
		'https://a:b@c.example/x.mp4',
		'rtsp://a.example/x',
		'blob:x',
		`https://a.example/${'x'.repeat(800)}.mp4`,
	]
	it.each(refused)(
		'[SO10] the refusal of %j says what it is and what would do, in whole sentences',
		(text) => {
			const words = describeProblem(parseLink(text, FILES_ONLY), ['file', 'hls'])
			expect(words).toMatch(/^[A-Z].{20,}\.$/)
			expect(words).not.toMatch(/invalid|oops|something went wrong|!|undefined/i)
		},
	)
	it('[SO10] a good link has nothing to say', () => {
		expect(describeProblem(parseLink('https://a.example/x.mp4', SECURE))).toBe('')
	})
	it('[SO10] no link and a page each have their own sentence, which names what plays', () => {
		expect(describeProblem({ type: 'not-a-link' }, ['file', 'hls'])).toBe(
			'That is not a link. Paste the address of a video file, for example one that ends in .mp4, .webm or .m3u8.',
		)
		expect(describeProblem({ type: 'not-a-link' }, ['hls', 'vimeo', 'youtube', 'file'])).toBe(
			'That is not a link. Paste the address of a video on YouTube or Vimeo, or of a video file, for example one that ends in .mp4, .webm or .m3u8.',
		)
		expect(describeProblem({ type: 'not-a-link' }, ALL_KINDS)).toContain(
			'on YouTube, Vimeo, Twitch, Bilibili, Dailymotion, PeerTube or SoundCloud, or of a video file',
		)
		expect(describeProblem(parseLink('https://a.example/x.pdf', SECURE))).toContain('That is a document.')
	})
	it('[SO10] of a site whose videos play nobody hears that they do not', () => {
		for (const text of ['https://b23.tv/abc123', 'https://www.youtube.com/@a', 'https://vimeo.com/watch'])
			expect(describeProblem(parseLink(text, EVERYTHING), ALL_KINDS)).not.toMatch(/does not play|cannot play/)
		expect(describeProblem(parseLink('https://www.youtube.com/@a', EVERYTHING))).toBe(
			'That is a YouTube channel. Open one of its videos and paste that address.',
		)
		expect(describeProblem(parseLink('https://rumble.com/v1', EVERYTHING))).toMatch(
			/^Matinee does not play Rumble\. Paste/,
		)
	})
})

describe('pages whose video only their own site plays', () => {
	const WITH_EXTENSION: ParseOptions = { ...SECURE, takesPages: true }
	table(
		WITH_EXTENSION,
		[
			[
				'https://rumble.com/v1-night-bus.html?utm_source=x',
				'page https://rumble.com/v1-night-bus.html | v1 night bus',
			],
			['https://www.netflix.com/watch/70', 'page https://www.netflix.com/watch/70 | netflix.com'],
			['https://films.example/night-bus.html#top', 'page https://films.example/night-bus.html | night bus'],
			[
				'http://films.example/night-bus.php?id=5',
				'page https://films.example/night-bus.php?id=5 | night bus',
			],
			['https://v.qq.com/x/cover/abc.html', 'page https://v.qq.com/x/cover/abc.html | abc'],
			// What the app plays itself stays what it is, and so does what is no video at all.
			['https://youtu.be/dQw4w9WgXcQ', 'youtube dQw4w9WgXcQ | A YouTube video'],
			['https://films.example/film.mp4', 'file https://films.example/film.mp4 | film'],
			['https://films.example/watch/night-bus', 'file https://films.example/watch/night-bus | night bus'],
			['https://films.example/', 'page: the front page of a site'],
			['https://rumble.com/', 'later Rumble'],
			['https://films.example/poster.jpg', 'page: a picture'],
			['https://www.google.com/search?q=film', 'page: a search'],
			['https://www.youtube.com/@somebody', 'page: a YouTube channel'],
			[
				'https://matinee.example/r#K7QX-3M9R-T2VH-8WPC-5NDA',
				"page: a room's link: send it to people, or open it to join them",
			],
			[`https://films.example/${'x'.repeat(700)}.html`, 'too long, over 700'],
		],
		'[XT49]',
	)
	it('[XT49] without somebody to play them are refused as ever, by name', () => {
		for (const text of ['https://rumble.com/v1.html', 'https://films.example/night-bus.html'])
			expect(parseLink(text, SECURE).type).not.toBe('media')
		expect(describeProblem(parseLink('https://rumble.com/v1.html', SECURE))).toMatch(
			/^Matinee does not play Rumble\./,
		)
		expect(describeProblem(parseLink('https://films.example/night-bus.html', SECURE))).toContain(
			'a web page on films.example, a site Matinee does not know',
		)
	})
})
