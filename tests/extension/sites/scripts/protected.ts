/**
 * A video under copy protection: the browser's own system with an open key, which every browser has. The site's player
 * minds its own: with `data-refuses` it sets back at once what was not done by its button.
 */
import { load } from './media-source.ts'

const film = document.querySelector<HTMLVideoElement>('#film')
if (film === null) throw new Error('no film')
const config = [{ initDataTypes: ['webm'], videoCapabilities: [{ contentType: 'video/webm; codecs="vp9"' }] }]
const access = await navigator.requestMediaKeySystemAccess('org.w3.clearkey', config)
await film.setMediaKeys(await access.createMediaKeys())
await load(film, { lengthS: 120 })

const { refuses } = film.dataset
let isByButton = false
let lastS = 0
document.querySelector('#toggle')?.addEventListener('click', () => {
	isByButton = true
	if (film.paused) void film.play()
	else film.pause()
})
film.addEventListener('play', () => {
	if (refuses === 'play' && !isByButton) film.pause()
	isByButton = false
})
film.addEventListener('timeupdate', () => {
	if (!film.seeking) lastS = film.currentTime
})
film.addEventListener('seeking', () => {
	if (refuses === 'seek' && Math.abs(film.currentTime - lastS) > 0.5) film.currentTime = lastS
})
