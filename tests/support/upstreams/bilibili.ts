/**
 * Bilibili: player.html, which honours the parameters of its address around a real film and listens to nobody; the
 * interface its pages use (view, pagelist), with its habit of answering 200 to everything; and b23.tv, which sends on.
 * With `hasScript` a browser extension's script sits in the player and speaks `bilibili-bridge.ts`.
 */
import { sendJson, sendText, type FakeSite } from './fake-site.ts'
import { isFilm, sendFilmFrame } from './film-frame.ts'

export interface BilibiliVideo {
	readonly bvid: string
	readonly aid: number
	readonly title: string
	readonly pic: string
	readonly owner: string
	readonly pages: readonly { readonly cid: number; readonly part: string; readonly duration: number }[]
}

export interface BilibiliSwitches {
	/** The player's page never comes. */
	hangs: boolean
	/** It takes so long before the film is put in. */
	startMs: number
	/** An extension's script is in the frame. */
	hasScript: boolean
	/** The interface refuses with this code, as -404, -403, 62002 and 62004 do. */
	code: number
	/** The interface answers what is no JSON. */
	talksNonsense: boolean
	videos: readonly BilibiliVideo[]
	/** What stands behind `b23.tv/CODE`. */
	shorts: Readonly<Record<string, string>>
}

export const SALTMARSH: BilibiliVideo = {
	bvid: 'BV1sT4y1m7aR',
	aid: 170001,
	title: '四点十分开往盐沼',
	pic: 'http://i0.hdslb.com/bfs/archive/saltmarsh.jpg',
	owner: '阿洁',
	pages: [
		{ cid: 279786, part: '去程', duration: 120 },
		{ cid: 275431, part: '回程', duration: 120 },
	],
}

export const bilibiliSwitches = (): BilibiliSwitches => ({
	hangs: false,
	startMs: 0,
	hasScript: false,
	code: 0,
	talksNonsense: false,
	videos: [SALTMARSH],
	shorts: {
		abc1234: `https://www.bilibili.com/video/${SALTMARSH.bvid}?p=2&share_source=copy_web&t=12`,
		Lead1ng: 'https://b23.tv/abc1234',
		Outs1de: 'https://elsewhere.example/video',
	},
})

const PLAYER = `
const number = (name) => Math.max(0, Number(query.get(name)) || 0)
document.querySelector('b').textContent = 'Bilibili ' + (query.get('bvid') ?? 'av' + query.get('aid')) + ' P' + (query.get('p') ?? 1)
film.controls = innerWidth >= 480 && innerHeight >= 270
film.muted = query.get('muted') === '1'
const begin = () => {
	film.currentTime = number('t')
	// Plays by itself unless told otherwise, as the site's own does.
	if (query.get('autoplay') !== '0') film.play().catch(() => {})
}
const start = () => (film.readyState >= 1 ? begin() : film.addEventListener('loadedmetadata', begin, { once: true }))
setTimeout(start, switches.startMs)
if (query.get('danmaku') !== '0') {
	const comment = document.createElement('i')
	comment.textContent = '前方高能'
	comment.style = 'position:fixed;top:40px;right:20px;color:#fff'
	document.body.append(comment)
}
`
/** What an extension would put into the frame. */
const SCRIPT = `
let nonce = null
const say = (what, more) => parent.postMessage({ matinee: 1, nonce, say: what, ...more }, '*')
const report = () => {
	if (nonce === null) return
	const ahead = film.buffered.length ? film.buffered.end(film.buffered.length - 1) - film.currentTime : 0
	const playback = film.ended ? 'ended' : film.paused ? 'paused' : film.readyState < 3 ? 'buffering' : 'playing'
	say('state', {
		playback, positionS: film.currentTime, durationS: film.duration, bufferedS: Math.max(0, ahead),
		volume: film.volume, isMuted: film.muted,
	})
}
addEventListener('message', ({ data, source }) => {
	if (source !== parent || data?.matinee !== 1) return
	if (data.say === 'hello') {
		if (nonce === data.nonce) return
		nonce = data.nonce
		say('here', { rates: 'fine' })
		return report()
	}
	if (data.nonce !== nonce) return
	switch (data.say) {
		case 'play': film.play(); break
		case 'pause': film.pause(); break
		case 'seek': film.currentTime = data.positionS; break
		case 'rate': film.playbackRate = data.rate; break
		case 'volume': film.volume = data.volume; film.muted = data.isMuted; break
	}
})
for (const name of ['playing', 'pause', 'waiting', 'seeked', 'ended', 'volumechange']) film.addEventListener(name, report)
setInterval(report, 250)
`

const MESSAGES: Readonly<Record<number, string>> = {
	[-404]: '啥都木有',
	[-403]: '访问权限不足',
	[-400]: '请求错误',
	62002: '稿件不可见',
	62004: '稿件审核中',
}

const api = (url: URL, switches: BilibiliSwitches): unknown => {
	const aid = Number(url.searchParams.get('aid'))
	const bvid = url.searchParams.get('bvid')
	const video = switches.videos.find((one) => (bvid === null ? one.aid === aid : one.bvid === bvid))
	const code = switches.code !== 0 ? switches.code : video ? 0 : -404
	const answer = { code, message: code === 0 ? '0' : (MESSAGES[code] ?? '错误'), ttl: 1 }
	if (code !== 0 || !video) return answer
	const pages = video.pages.map(({ cid, part, duration }, i) => ({ cid, page: i + 1, part, duration }))
	if (url.pathname === '/x/player/pagelist') return { ...answer, data: pages }
	return {
		...answer,
		data: {
			bvid: video.bvid,
			aid: video.aid,
			cid: pages[0]?.cid,
			videos: pages.length,
			title: video.title,
			pic: video.pic,
			duration: pages.reduce((sum, { duration }) => sum + duration, 0),
			owner: { mid: 2, name: video.owner },
			pages,
		},
	}
}

/** A browser that sends it gets the player so many milliseconds later: somebody far away. */
export const SLOWER_HEADER = 'x-slower-ms'

const API_PATHS = ['/x/web-interface/view', '/x/player/pagelist']
const SHORT_HOSTS = ['b23.tv', 'bili2233.cn']

export const createFakeBilibili = (switches: BilibiliSwitches): FakeSite => ({
	hosts: ['player.bilibili.com', 'api.bilibili.com', 'www.bilibili.com', ...SHORT_HOSTS],
	async handle(url, request, response) {
		if (isFilm(url, request, response)) return
		if (SHORT_HOSTS.includes(url.hostname)) {
			const code = url.pathname.slice(1)
			const to = Object.hasOwn(switches.shorts, code) ? switches.shorts[code] : undefined
			// What it does not know it sends to its front page, with 302 as well.
			response.writeHead(302, { location: to ?? 'https://www.bilibili.com/' }).end()
		} else if (url.hostname === 'api.bilibili.com' && API_PATHS.includes(url.pathname)) {
			if (switches.talksNonsense) sendText(response, 200, 'text/html', '<html>拦截</html>')
			else sendJson(response, 200, api(url, switches))
		} else if (url.hostname === 'player.bilibili.com' && url.pathname === '/player.html') {
			const slowerMs = Number(request.headers[SLOWER_HEADER] ?? 0)
			if (slowerMs > 0) await new Promise((resolve) => setTimeout(resolve, slowerMs))
			if (!switches.hangs)
				sendFilmFrame(response, 'Bilibili', switches, PLAYER + (switches.hasScript ? SCRIPT : ''))
		} else sendText(response, 404, 'text/plain', 'nothing here')
	},
})
