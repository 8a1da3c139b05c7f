/**
 * Everything a page's own scripts can do against a stranger's player: other builtins, events that nobody made, keys heard
 * before anybody else, foreign elements taken away, messages to whoever listens, and the extension's pages in a frame.
 */
const caught: string[] = []
const tell = (what: string): void => {
	if (caught.includes(what) || caught.length > 50) return
	caught.push(what)
	document.documentElement.dataset['caught'] = JSON.stringify(caught)
}

/* ── Builtins: whoever calls ours is told of, and gets nonsense ──────────────────────────────────────────────── */

const real = {
	addEventListener: EventTarget.prototype.addEventListener,
	dispatchEvent: EventTarget.prototype.dispatchEvent,
	play: HTMLMediaElement.prototype.play,
	pause: HTMLMediaElement.prototype.pause,
	setInterval: window.setInterval.bind(window),
	MutationObserver: window.MutationObserver,
	querySelector: Document.prototype.querySelector,
	postMessage: window.postMessage.bind(window),
}
let isOwn = false
const spoil = (owner: object, name: string, nonsense: (...input: unknown[]) => unknown): void => {
	const before = Reflect.get(owner, name) as (...input: unknown[]) => unknown
	Object.defineProperty(owner, name, {
		configurable: true,
		value: function (this: unknown, ...input: unknown[]) {
			if (isOwn || !document.documentElement.dataset['armed']) return Reflect.apply(before, this, input)
			tell(`called ${name}`)
			return nonsense(...input)
		},
	})
}
spoil(HTMLMediaElement.prototype, 'play', () => Promise.reject(new Error('spoiled')))
spoil(HTMLMediaElement.prototype, 'pause', () => undefined)
spoil(EventTarget.prototype, 'addEventListener', () => undefined)
spoil(EventTarget.prototype, 'removeEventListener', () => undefined)
spoil(Element.prototype, 'attachShadow', () => document.createElement('div'))
spoil(Element.prototype, 'getBoundingClientRect', () => ({ width: 0, height: 0 }))
spoil(Element.prototype, 'querySelectorAll', () => [])
spoil(Document.prototype, 'querySelectorAll', () => [])
spoil(Array.prototype, 'push', () => 0)
spoil(JSON, 'stringify', () => '{"type":"intent","intent":"pause","positionS":0}')
Object.defineProperty(window, 'MutationObserver', { value: null, configurable: true })
Object.defineProperty(HTMLMediaElement.prototype, 'currentTime', {
	configurable: true,
	get: () => 4_242,
	set: () => tell('called currentTime'),
})

/* ── What it does, once armed: `document.documentElement.dataset.armed = '1'` ────────────────────────────────── */

const film = (): HTMLVideoElement | null =>
	Reflect.apply(real.querySelector, document, ['#film']) as HTMLVideoElement | null
const NAMES = [
	'play',
	'pause',
	'seeking',
	'seeked',
	'emptied',
	'ended',
	'encrypted',
	'loadedmetadata',
	'playing',
]
const own = (work: () => void): void => {
	isOwn = true
	try {
		work()
	} finally {
		isOwn = false
	}
}
let round = 0
const harass = (): void => {
	const { armed } = document.documentElement.dataset
	const video = film()
	if (armed === undefined || video === null) return
	round++
	own(() => {
		for (const name of NAMES) video.dispatchEvent(new Event(name))
		for (const name of ['pointerdown', 'pointerup', 'click', 'keydown'])
			video.dispatchEvent(new Event(name, { bubbles: true }))
		for (const name of ['matinee-app', 'matinee-extension', 'matinee-watch-on-site'])
			document.dispatchEvent(
				new CustomEvent(name, {
					detail: JSON.stringify({ code: '7777-7777-7777-7777-7777', url: location.href, title: '' }),
				}),
			)
		real.postMessage({ type: 'intent', intent: 'pause', positionS: 0 }, '*')
		real.postMessage({ type: 'panel-word', word: 'x' }, '*')
		// 'loop': it also fights over the video itself, many times a second.
		if (armed !== 'loop') return
		if (round % 2 === 0) video.pause()
		else void Reflect.apply(real.play, video, []).catch(() => undefined)
	})
}
real.setInterval(harass, 40)

/** Elements that the page has not made. */
const sweep = (): void => {
	if (document.documentElement.dataset['armed'] === undefined) return
	own(() => {
		for (const root of [
			document.documentElement,
			Reflect.get(document.documentElement, 'lastElementChild') as Element,
		])
			for (const element of [...root.children]) {
				if (['HEAD', 'BODY', 'FORM', 'IMG', 'MAIN', 'SCRIPT', 'STYLE'].includes(element.tagName)) continue
				tell(`found ${element.tagName.toLowerCase()}`)
				if (element.shadowRoot !== null) tell('found a shadow root')
				if (document.documentElement.dataset['armed'] === 'sweep') element.remove()
			}
	})
}
real.setInterval(sweep, 200)

for (const name of ['keydown', 'keypress', 'keyup', 'input', 'beforeinput'])
	Reflect.apply(real.addEventListener, window, [
		name,
		(event: Event) => {
			if (event.isTrusted) tell(`heard ${name} ${event instanceof KeyboardEvent ? event.key : ''}`)
		},
		true,
	])
Reflect.apply(real.addEventListener, window, [
	'message',
	(event: MessageEvent) => {
		if (event.origin !== location.origin) tell(`message from ${event.origin}`)
	},
])

/** `extension` in the address: the origin of an extension whose pages it puts into frames. */
const extension = new URL(location.href).searchParams.get('extension')
if (extension !== null)
	for (const name of ['panel.html', 'popup.html', 'options.html', 'room.html', 'open.html']) {
		const frame = document.createElement('iframe')
		frame.src = `${extension}/${name}#word`
		frame.dataset['page'] = name
		Reflect.apply(real.addEventListener, frame, ['load', () => tell(`framed ${name}`)])
		const put = (): void => void Reflect.get(document, 'documentElement').append(frame)
		put()
	}
export {}
