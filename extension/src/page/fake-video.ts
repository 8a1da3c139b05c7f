/**
 * A site's video on virtual time, for tests: loads, plays, seeks, ends and tells of it as browsers do, in tasks of its
 * own. What a person or the site's script does to it are the same calls.
 */
import type { Millis, Seconds } from '#lib/core/units.ts'

export interface FakeVideoDeps {
	readonly local: () => Millis
	readonly after: (ms: Millis, fn: () => void) => () => void
	readonly durationS?: Seconds
	readonly loadMs?: Millis
	/** From play() until it moves, and from a seek until it shows the picture. */
	readonly lagMs?: Millis
	/** What play() answers with while it is refused. */
	readonly refuse?: () => DOMException | null
}

export type FakeVideo = HTMLVideoElement & {
	/** As a site does that shows its next film in the same element. */
	reload(durationS: Seconds): void
	/** Its data has run out, or is there again. */
	starve(isStarved: boolean): void
	listeners(): number
}

const rangesOf = (ends: readonly (readonly [Seconds, Seconds])[]): TimeRanges => ({
	length: ends.length,
	start: (index) => ends[index]?.[0] ?? 0,
	end: (index) => ends[index]?.[1] ?? 0,
})

export const createFakeVideo = (deps: FakeVideoDeps): FakeVideo => {
	const { local, after, loadMs = 30, lagMs = 20 } = deps
	const heard = new Map<string, Set<EventListener>>()
	let listeners = 0
	let durationS = Number.NaN
	let readyState = 0
	let isPaused = true
	let isSeeking = false
	let hasEnded = false
	let rate = 1
	/** Where it was at `atMs`; it moves on from there while it runs. */
	let baseS: Seconds = 0
	let atMs: Millis = local()
	let isMoving = false
	let cancelEnd: () => void = () => undefined
	let cancelStart: () => void = () => undefined
	let cancelSeek: () => void = () => undefined
	let settleStarts: ((error: DOMException | null) => void)[] = []

	const tell = (event: Event): void => {
		for (const fn of [...(heard.get(event.type) ?? [])]) fn(event)
	}
	/** As browsers make them; what scripts make is not trusted. */
	const fire = (name: string): void =>
		void after(0, () => tell({ type: name, isTrusted: true } as unknown as Event))
	const nowS = (): Seconds => {
		const onS = isMoving ? ((local() - atMs) / 1000) * rate : 0
		return Math.min(baseS + onS, Number.isNaN(durationS) ? Infinity : durationS)
	}
	const rebase = (): void => {
		baseS = nowS()
		atMs = local()
	}
	const end = (): void => {
		rebase()
		isMoving = false
		isPaused = true
		hasEnded = true
		fire('pause')
		fire('ended')
	}
	const move = (): void => {
		cancelEnd()
		if (isPaused || isSeeking || readyState < 3) return
		rebase()
		isMoving = true
		cancelEnd = after(((durationS - baseS) / rate) * 1000, end)
	}
	const stand = (): void => {
		cancelEnd()
		rebase()
		isMoving = false
	}
	const start = (): void => {
		cancelStart()
		cancelStart = after(lagMs, () => {
			if (isPaused || readyState < 3) return
			move()
			for (const settle of settleStarts) settle(null)
			settleStarts = []
			fire('playing')
		})
	}
	const load = (lengthS: Seconds): void => {
		after(loadMs, () => {
			durationS = lengthS
			readyState = 4
			for (const name of ['durationchange', 'loadedmetadata', 'loadeddata', 'canplay']) fire(name)
			if (!isPaused) start()
		})
	}
	load(deps.durationS ?? 60)

	const video = {
		addEventListener: (name: string, fn: EventListener) => {
			listeners++
			heard.set(name, (heard.get(name) ?? new Set()).add(fn))
		},
		removeEventListener: (name: string, fn: EventListener) => {
			listeners--
			heard.get(name)?.delete(fn)
		},
		dispatchEvent: tell,
		preservesPitch: true,
		muted: false,
		volume: 1,
		loop: false,
		error: null,
		played: rangesOf([]),
		srcObject: null,
		currentSrc: 'blob:https://films.example/1',
		videoWidth: 1280,
		mozHasAudio: true,
		networkState: 1,
		get duration() {
			return durationS
		},
		get readyState() {
			return readyState
		},
		get paused() {
			return isPaused
		},
		get seeking() {
			return isSeeking
		},
		get ended() {
			return hasEnded
		},
		get buffered() {
			return rangesOf(readyState > 0 ? [[0, durationS]] : [])
		},
		get seekable() {
			return rangesOf(readyState > 0 ? [[0, durationS]] : [])
		},
		get playbackRate() {
			return rate
		},
		set playbackRate(next: number) {
			rebase()
			rate = next
			if (isMoving) move()
			fire('ratechange')
		},
		get currentTime() {
			return nowS()
		},
		set currentTime(toS: Seconds) {
			stand()
			hasEnded = false
			baseS = Math.min(Math.max(0, toS), Number.isNaN(durationS) ? Infinity : durationS)
			isSeeking = true
			fire('seeking')
			cancelSeek()
			cancelSeek = after(lagMs, () => {
				isSeeking = false
				fire('seeked')
				move()
				if (!isPaused) fire('playing')
			})
		},
		play: () => {
			const refused = deps.refuse?.() ?? null
			if (refused !== null) return Promise.reject(refused)
			if (!isPaused) return Promise.resolve()
			if (hasEnded) video.currentTime = 0
			isPaused = false
			fire('play')
			return new Promise<void>((resolve, reject) => {
				settleStarts.push((error) => (error === null ? resolve() : reject(error)))
				start()
			})
		},
		pause: () => {
			if (isPaused) return
			isPaused = true
			stand()
			for (const settle of settleStarts) settle(new DOMException('overtaken', 'AbortError'))
			settleStarts = []
			fire('pause')
		},
		reload: (lengthS: Seconds) => {
			stand()
			readyState = 0
			baseS = 0
			hasEnded = false
			durationS = Number.NaN
			fire('emptied')
			load(lengthS)
		},
		starve: (isStarved: boolean) => {
			readyState = isStarved ? 2 : 4
			if (isStarved) {
				stand()
				fire('waiting')
			} else if (!isPaused) start()
		},
		listeners: () => listeners,
		closest: () => null,
	}
	return video as unknown as FakeVideo
}
