/**
 * Runs in every page before anything else: gives the page a clock of its own (wrong by an offset and running a
 * little fast or slow, in Workers too), and looks at its player every 20 ms by the machine's own clock.
 * Handed over as text: it may use nothing from outside its own body.
 */
import type { Rig, RigWindow } from './rig.ts'

export interface ProbeOptions {
	/** How wrong this page's clock is, in ms. */
	readonly offsetMs: number
	/** How much too fast it runs, in millionths. */
	readonly ppm: number
	readonly rule: string
	readonly everyMs: number
}

export const probe = ({ offsetMs, ppm, rule, everyMs }: ProbeOptions): void => {
	const fakeClock = (offset: number, skew: number) => {
		const scope = globalThis
		const now = scope.performance.now.bind(scope.performance)
		const origin = scope.performance.timeOrigin
		const wall = Date.now.bind(Date)
		Object.defineProperty(Performance.prototype, 'now', { value: () => now() * (1 + skew / 1e6) })
		Object.defineProperty(Performance.prototype, 'timeOrigin', { get: () => origin + offset })
		const fakeWall = () => wall() + offset
		scope.Date = new Proxy(Date, {
			construct: (target, parts: number[]) =>
				parts.length === 0 ? new target(fakeWall()) : (Reflect.construct(target, parts) as Date),
			get: (target, name) => (name === 'now' ? fakeWall : (Reflect.get(target, name) as unknown)),
		})
		return () => origin + now()
	}
	const trueNow = fakeClock(offsetMs, ppm)

	const RealWorker = globalThis.Worker
	if (typeof RealWorker === 'function') {
		const patch = `(${fakeClock.toString()})(${String(offsetMs)}, ${String(ppm)})`
		globalThis.Worker = new Proxy(RealWorker, {
			construct: (target, [url, options]: [string | URL, WorkerOptions?]) => {
				const real = JSON.stringify(new URL(url, location.href).href)
				const first = `data:text/javascript,${encodeURIComponent(patch)}`
				const isModule = options?.type === 'module'
				const code = isModule
					? `import ${JSON.stringify(first)}\nimport ${real}`
					: `${patch};importScripts(${real})`
				return new target(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })), options)
			},
		})
	}

	const rig: Rig = { trueNow, rows: [], stamps: [], rule, tap: null }
	;(globalThis as RigWindow).rig = rig
	const stamp = (name: string) => void rig.stamps.push({ name, atMs: trueNow() })
	addEventListener('keydown', () => stamp('keydown'), true)
	addEventListener('pointerdown', () => stamp('pointerdown'), true)
	document.addEventListener('visibilitychange', () => stamp(document.visibilityState))
	const EVENTS = ['play', 'pause', 'seeking', 'seeked', 'waiting', 'ratechange', 'playing']
	let seen: HTMLMediaElement | null = null
	const selector = window === top ? 'video[data-testid="player"]' : 'video'
	const look = () => {
		const media = document.querySelector<HTMLMediaElement>(selector)
		if (media === null) return
		if (media !== seen) {
			seen = media
			for (const name of EVENTS) media.addEventListener(name, () => stamp(name))
		}
		const isGood = !media.paused && !media.seeking && media.readyState >= 3
		rig.rows.push(
			trueNow(),
			media.currentTime * 1000,
			isGood ? 1 : 0,
			rig.tap?.xMs() ?? Number.NaN,
			media.playbackRate,
		)
	}
	setInterval(look, everyMs)
}
