/**
 * What Bilibili does, as far as somebody who steers its video notices: going to another film or part changes the address
 * through the History API alone and puts a new player in the place of the old one; scrolling down makes it small.
 *
 * In the address: `p` the part, `ad=pre` (`adS` how long, 5), `element=bwp` the video in an open shadow root.
 */
import { load } from './media-source.ts'

const find = <E extends Element>(selector: string, root: ParentNode = document): E => {
	const found = root.querySelector<E>(selector)
	if (found === null) throw new Error(`no ${selector}`)
	return found
}
const BASE = location.host.endsWith('bilibili.com') ? '' : '/bili'
interface Part {
	readonly title: string
	readonly lengthS: number
}
const FILMS: Readonly<Record<string, { title: string; parts: readonly Part[] }>> = {
	BV1xx411c7mD: {
		title: '盐沼',
		parts: [
			{ title: '第一部分', lengthS: 120 },
			{ title: '第二部分', lengthS: 80 },
			{ title: '第三部分', lengthS: 60 },
		],
	},
	BV1GJ411x7h7: { title: '盐沼（短片）', parts: [{ title: '正片', lengthS: 90 }] },
}

const PLAYER = `<div class="bpx-player-container" data-screen="normal" tabindex="0"><div class="bpx-player-primary-area"><div class="bpx-player-video-area">
<div class="bpx-player-video-perch"><div class="bpx-player-video-wrap"></div></div>
<div class="bpx-player-row-dm-wrap"></div><div class="bpx-player-adv-dm-wrap"></div>
<div class="bpx-player-control-wrap"><div class="bpx-player-progress" role="slider"><div class="bpx-player-progress-schedule-current"></div></div><div class="bpx-player-control-bottom"><button class="bpx-player-ctrl-play" aria-label="播放">▶</button><span class="bpx-player-ctrl-time"></span><button class="bpx-player-ctrl-full" aria-label="全屏">[ ]</button></div></div>
</div></div></div>`

/** The element of its other player: the same video, in a shadow root. */
class BwpVideo extends HTMLElement {
	readonly video = document.createElement('video')
	constructor() {
		super()
		this.video.style.cssText = 'width: 100%; height: 100%'
		this.attachShadow({ mode: 'open' }).append(this.video)
	}
}
customElements.define('bwp-video', BwpVideo)

let shown = ''
let video: HTMLVideoElement | null = null

const showAd = (wrap: HTMLElement, lengthS: number): Promise<void> =>
	new Promise((resolve) => {
		const ad = document.createElement('div')
		ad.className = 'bpx-player-ad-wrap'
		ad.innerHTML = '<video playsinline></video><button class="bpx-player-ad-skip">跳过广告</button>'
		wrap.append(ad)
		const film = find<HTMLVideoElement>('video', ad)
		const done = (): void => {
			ad.remove()
			resolve()
		}
		film.addEventListener('ended', done)
		find('button', ad).addEventListener('click', done)
		void load(film, { lengthS }).then(() => film.play().catch(() => undefined))
	})

const makePlayer = async (lengthS: number, switches: URLSearchParams): Promise<void> => {
	const place = find<HTMLElement>('#bilibili-player')
	const wasPlaying = video !== null
	place.innerHTML = PLAYER
	const wrap = find<HTMLElement>('.bpx-player-video-wrap', place)
	const bwp = switches.get('element') === 'bwp' ? (document.createElement('bwp-video') as BwpVideo) : null
	const mine = bwp?.video ?? document.createElement('video')
	mine.playsInline = true
	wrap.append(bwp ?? mine)
	video = mine
	control(place, mine)
	await load(mine, { lengthS })
	if (switches.get('ad') === 'pre' && !wasPlaying)
		await showAd(find('.bpx-player-video-area', place), Number(switches.get('adS') ?? 5))
	if (video === mine) await mine.play().catch(() => undefined)
}

const route = (): void => {
	const url = new URL(location.href)
	const id = /\/video\/(BV[A-Za-z0-9]{10})/.exec(url.pathname)?.[1] ?? ''
	const film = FILMS[id]
	if (film === undefined) return
	const at = Math.min(film.parts.length, Math.max(1, Number(url.searchParams.get('p') ?? 1)))
	if (shown === `${id} ${String(at)}`) return
	shown = `${id} ${String(at)}`
	const part = film.parts[at - 1]
	document.title = `${film.title}${film.parts.length > 1 ? ` ${part?.title ?? ''}` : ''}_哔哩哔哩_bilibili`
	find('.video-title').textContent = film.title
	find('.video-pod__list').replaceChildren(
		...film.parts.map(({ title }, index) => {
			const link = document.createElement('a')
			link.className = `video-pod__item${index + 1 === at ? ' active' : ''}`
			link.href = `/video/${id}/?p=${String(index + 1)}`
			link.textContent = `P${String(index + 1)} ${title}`
			return link
		}),
	)
	void makePlayer(part?.lengthS ?? 60, url.searchParams)
}
document.addEventListener('click', (event) => {
	const link = event.target instanceof Element ? event.target.closest('a') : null
	if (link === null) return
	event.preventDefault()
	history.pushState({}, '', BASE + (link.getAttribute('href') ?? ''))
	setTimeout(route, 80)
})
addEventListener('popstate', route)
addEventListener('scroll', () => {
	const screen = scrollY > 600 ? 'mini' : 'normal'
	document.querySelector('.bpx-player-container')?.setAttribute('data-screen', screen)
})

document.addEventListener('pointerover', (event) => {
	const over = event.target instanceof Element ? event.target.closest('.bili-video-card__image') : null
	for (const old of document.querySelectorAll('.v-inline-player video'))
		if (over === null || !over.contains(old)) old.remove()
	const place = over?.querySelector('.v-inline-player') ?? null
	if (place === null || place.childElementCount > 0) return
	const small = document.createElement('video')
	small.muted = true
	place.append(small)
	void load(small, { lengthS: 20 }).then(() => small.play().catch(() => undefined))
})

function control(place: HTMLElement, film: HTMLVideoElement): void {
	const toggle = (): void => {
		if (film.paused) void film.play().catch(() => undefined)
		else film.pause()
	}
	film.addEventListener('click', toggle)
	find('.bpx-player-ctrl-play', place).addEventListener('click', toggle)
	find('.bpx-player-ctrl-full', place).addEventListener('click', () => {
		if (document.fullscreenElement === null)
			void find<HTMLElement>('.bpx-player-container', place).requestFullscreen()
		else void document.exitFullscreen()
	})
	const bar = find<HTMLElement>('.bpx-player-progress', place)
	bar.addEventListener('click', (event) => {
		const { left, width } = bar.getBoundingClientRect()
		film.currentTime = (film.duration * (event.clientX - left)) / width
	})
	const draw = (): void => {
		find('.bpx-player-ctrl-play', place).textContent = film.paused ? '▶' : '❙❙'
		find('.bpx-player-ctrl-time', place).textContent =
			`${film.currentTime.toFixed(0)} / ${film.duration.toFixed(0)}`
		find<HTMLElement>('.bpx-player-progress-schedule-current', place).style.width =
			`${String((100 * film.currentTime) / (film.duration || 1))}%`
	}
	for (const name of ['play', 'pause', 'timeupdate', 'durationchange']) film.addEventListener(name, draw)
}
document.addEventListener('keydown', (event) => {
	if (event.target instanceof Element && event.target.matches('input, textarea')) return
	if (video === null) return
	if (event.key === ' ') {
		if (video.paused) void video.play().catch(() => undefined)
		else video.pause()
	} else if (event.key === 'ArrowLeft') video.currentTime -= 5
	else if (event.key === 'ArrowRight') video.currentTime += 5
	else return
	event.preventDefault()
})

route()
