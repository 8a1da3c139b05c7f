/**
 * What YouTube does, as far as somebody who steers its video notices: pages change without being loaded anew, the one
 * video gets another source, ads run in that same video and leave it at another place, a preview plays over a thumbnail,
 * and leaving the page makes it small in a corner.
 *
 * In the address: `ad=pre|mid|both`, `adS` how long one is (6), `skipS` when it can be skipped (2), `midS` where the
 * film is interrupted (20), `still=1` does not start by itself. The same in `sessionStorage.switches`, for what only one
 * of several viewers of an address is shown.
 */
import { load, type Part } from './media-source.ts'

const find = <E extends Element>(selector: string): E => {
	const found = document.querySelector<E>(selector)
	if (found === null) throw new Error(`no ${selector}`)
	return found
}
const BASE = location.host.endsWith('youtube.com') ? '' : '/tube'
type Film = Part & { readonly title: string }
const FILMS: Readonly<Record<string, Film>> = {
	saltmarsh01: { title: 'Saltmarsh', lengthS: 120 },
	saltmarsh02: { title: 'Saltmarsh, the shorter cut', lengthS: 90 },
	livemarsh01: { title: 'Saltmarsh, live', lengthS: 120, liveFromS: 1_000 },
}
const UNKNOWN: Film = { title: 'Unknown', lengthS: 60 }

const player = find<HTMLElement>('#movie_player')
const video = find<HTMLVideoElement>('.html5-main-video')
const watchPage = find<HTMLElement>('ytd-watch-flexy')
const home = find<HTMLElement>('ytd-browse')
const mini = find<HTMLElement>('ytd-miniplayer')
const adModule = find<HTMLElement>('.ytp-ad-module')
const playerPlace = find<HTMLElement>('#ytd-player #container')

/* ── The film and its ads ────────────────────────────────────────────────────────────────────────────────────── */

let shown: string | null = null
let switches = new URLSearchParams()
let phase: 'film' | 'ad' = 'film'
/** Where the film goes on after the ad. */
let resumeS = 0
let wasMidShown = false
const seconds = (name: string, usual: number): number => Number(switches.get(name) ?? usual)
const has = (when: 'pre' | 'mid'): boolean => [when, 'both'].includes(switches.get('ad') ?? '')
const film = () => FILMS[shown ?? ''] ?? UNKNOWN

const start = (): void => void video.play().catch(() => player.classList.add('paused-mode'))
const playFilm = async (atS: number): Promise<void> => {
	phase = 'film'
	adModule.replaceChildren()
	player.classList.remove('ad-showing', 'ad-interrupting')
	const mine = shown
	const { liveFromS } = film()
	const isIn = await load(video, film())
	if (!isIn || shown !== mine) return
	const toS = liveFromS === undefined ? atS : liveFromS + 25
	if (toS > 0) video.currentTime = toS
	find('.ytp-live-badge').toggleAttribute('hidden', liveFromS === undefined)
	find('.ytp-time-display').classList.toggle('ytp-live', liveFromS !== undefined)
	if (switches.get('still') !== '1') start()
}
const playAd = async (): Promise<void> => {
	phase = 'ad'
	player.classList.add('ad-created', 'ad-showing', 'ad-interrupting')
	const overlay = document.createElement('div')
	overlay.className = 'ytp-ad-player-overlay'
	overlay.textContent = 'Sponsored '
	adModule.replaceChildren(overlay)
	await load(video, { lengthS: seconds('adS', 6) })
	if (phase !== 'ad') return
	start()
	setTimeout(
		() => {
			if (phase !== 'ad' || !overlay.isConnected) return
			const skip = document.createElement('button')
			skip.className = 'ytp-skip-ad-button'
			skip.textContent = 'Skip'
			skip.addEventListener('click', () => void playFilm(resumeS))
			overlay.append(skip)
		},
		seconds('skipS', 2) * 1000,
	)
}
video.addEventListener('ended', () => {
	if (phase === 'ad') void playFilm(resumeS)
})
video.addEventListener('timeupdate', () => {
	if (phase !== 'film' || wasMidShown || !has('mid') || video.currentTime < seconds('midS', 20)) return
	wasMidShown = true
	resumeS = video.currentTime
	void playAd()
})

/* ── Pages ───────────────────────────────────────────────────────────────────────────────────────────────────── */

const showWatch = (id: string, query: URLSearchParams): void => {
	home.hidden = true
	mini.hidden = true
	mini.removeAttribute('active')
	watchPage.hidden = false
	watchPage.setAttribute('video-id', id)
	playerPlace.append(player)
	document.title = `${(FILMS[id] ?? UNKNOWN).title} - Tube`
	find('h1.ytd-watch-metadata').textContent = (FILMS[id] ?? UNKNOWN).title
	if (shown === id) return
	shown = id
	find('.ytp-title-link').setAttribute('href', `${BASE}/watch?v=${id}`)
	switches = new URLSearchParams(`${query.toString()}&${sessionStorage.getItem('switches') ?? ''}`)
	resumeS = Number(query.get('t') ?? 0)
	wasMidShown = false
	if (has('pre')) void playAd()
	else void playFilm(resumeS)
}
const showHome = (): void => {
	watchPage.hidden = true
	home.hidden = false
	document.title = 'Tube'
	if (shown === null) return
	mini.hidden = false
	mini.setAttribute('active', '')
	find('#player-container').append(player)
	// Moved elements stop.
	if (phase === 'ad' || !player.classList.contains('paused-mode')) start()
}
const route = (): void => {
	const url = new URL(location.href)
	const id = url.searchParams.get('v')
	if (url.pathname === `${BASE}/watch` && id !== null) showWatch(id, url.searchParams)
	else showHome()
	document.dispatchEvent(
		new CustomEvent('yt-navigate-finish', { bubbles: true, detail: { pageType: 'watch' } }),
	)
}
const go = (path: string): void => {
	document.dispatchEvent(new CustomEvent('yt-navigate-start', { bubbles: true }))
	history.pushState({}, '', BASE + path)
	// The site fetches what is to be seen before it shows it.
	setTimeout(route, 60)
}
document.addEventListener('click', (event) => {
	const link =
		event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a.yt-simple-endpoint') : null
	if (link === null) return
	event.preventDefault()
	hidePreview()
	go((link.getAttribute('href') ?? '/').slice(link.matches('.ytp-title-link') ? BASE.length : 0))
})
addEventListener('popstate', route)

/* ── A preview over a thumbnail ──────────────────────────────────────────────────────────────────────────────── */

let preview: HTMLElement | null = null
const hidePreview = (): void => {
	preview?.remove()
	preview = null
}
document.addEventListener('pointerover', (event) => {
	const thumbnail = event.target instanceof Element ? event.target.closest<HTMLElement>('#thumbnail') : null
	if (thumbnail === null) return hidePreview()
	if (preview?.dataset['id'] === thumbnail.dataset['id']) return
	hidePreview()
	preview = document.createElement('ytd-video-preview')
	preview.dataset['id'] = thumbnail.dataset['id'] ?? ''
	preview.innerHTML =
		'<div id="video-preview"><div id="player-container"><ytd-player id="inline-player"><div id="inline-preview-player" class="html5-video-player"><div class="html5-video-container"><video class="video-stream html5-main-video" muted playsinline></video></div></div></ytd-player></div></div>'
	const box = thumbnail.getBoundingClientRect()
	preview.style.left = `${String(box.left + scrollX)}px`
	preview.style.top = `${String(box.top + scrollY)}px`
	find('ytd-app').append(preview)
	const small = preview.querySelector('video')
	if (small === null) return
	small.muted = true
	void load(small, { lengthS: 20 }).then(() => small.play().catch(() => undefined))
})

/* ── Its own controls ────────────────────────────────────────────────────────────────────────────────────────── */

const toggle = (): void => {
	if (video.paused) start()
	else video.pause()
}
const by = (deltaS: number): void => {
	if (phase === 'film') video.currentTime = Math.max(0, video.currentTime + deltaS)
}
video.addEventListener('click', toggle)
find('.ytp-play-button').addEventListener('click', toggle)
find('.ytp-next-button').addEventListener('click', () =>
	go(`/watch?v=${shown === 'saltmarsh01' ? 'saltmarsh02' : 'saltmarsh01'}`),
)
find('.ytp-miniplayer-button').addEventListener('click', () => go('/'))
find('.ytp-fullscreen-button').addEventListener('click', () => {
	if (document.fullscreenElement === null) void player.requestFullscreen()
	else void document.exitFullscreen()
})
const bar = find<HTMLElement>('.ytp-progress-bar')
let isDragged = false
const dragTo = (event: PointerEvent): void => {
	const { left, width } = bar.getBoundingClientRect()
	const part = Math.min(1, Math.max(0, (event.clientX - left) / width))
	const { seekable } = video
	if (phase === 'ad' || seekable.length === 0) return
	const fromS = seekable.start(0)
	video.currentTime = fromS + part * (seekable.end(seekable.length - 1) - fromS)
}
let wasPlaying = false
bar.addEventListener('pointerdown', (event) => {
	isDragged = true
	wasPlaying = !video.paused
	bar.setPointerCapture(event.pointerId)
	if (phase === 'film') video.pause()
	dragTo(event)
})
bar.addEventListener('pointermove', (event) => {
	if (isDragged) dragTo(event)
})
bar.addEventListener('pointerup', (event) => {
	if (!isDragged) return
	isDragged = false
	dragTo(event)
	if (wasPlaying) start()
})
document.addEventListener('keydown', (event) => {
	if (event.target instanceof Element && event.target.matches('input, textarea')) return
	if (event.ctrlKey || event.metaKey || event.altKey) return
	const digit = /^[0-9]$/.test(event.key) ? Number(event.key) : null
	if (digit !== null && phase === 'film') video.currentTime = (film().lengthS * digit) / 10
	else if (event.key === 'k' || event.key === ' ') toggle()
	else if (event.key === 'j') by(-10)
	else if (event.key === 'l') by(10)
	else if (event.key === 'ArrowLeft') by(-5)
	else if (event.key === 'ArrowRight') by(5)
	else if (event.key === 'm') video.muted = !video.muted
	else if (event.key === 'i') go(watchPage.hidden ? `/watch?v=${shown ?? 'saltmarsh01'}` : '/')
	else if (event.key === 'f') find<HTMLElement>('.ytp-fullscreen-button').click()
	else return
	event.preventDefault()
})

const clock = (s: number): string =>
	`${String(Math.floor(s / 60))}:${String(Math.floor(s % 60)).padStart(2, '0')}`
const draw = (): void => {
	player.classList.toggle('paused-mode', video.paused)
	player.classList.toggle('playing-mode', !video.paused)
	player.classList.remove('unstarted-mode')
	find('.ytp-play-button').textContent = video.paused ? '▶' : '❙❙'
	find('.ytp-time-current').textContent = clock(video.currentTime)
	find('.ytp-time-duration').textContent = Number.isFinite(video.duration) ? clock(video.duration) : ''
	find<HTMLElement>('.ytp-play-progress').style.width =
		`${String((100 * video.currentTime) / (video.duration || 1))}%`
}
for (const name of ['play', 'pause', 'timeupdate', 'durationchange']) video.addEventListener(name, draw)

route()
