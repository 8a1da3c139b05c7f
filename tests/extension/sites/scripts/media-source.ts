/**
 * Plays parts of the film over MediaSource, as the large sites do: the video has a blob for an address.
 */
export interface Part {
	/** The film is cut off there. */
	readonly lengthS: number
	/** No end, and a window that moves on: what is played begins so many seconds in. */
	readonly liveFromS?: number
}

const TYPE = 'video/webm; codecs="vp9,opus"'
let bytes: Promise<ArrayBuffer> | null = null
const film = (): Promise<ArrayBuffer> =>
	(bytes ??= fetch('/film.webm').then((answer) => answer.arrayBuffer()))

const once = (target: EventTarget, name: string): Promise<void> =>
	new Promise((resolve) => target.addEventListener(name, () => resolve(), { once: true }))

const LIVE_WINDOW_S = 30

/** Resolves once all of it is there; false where something else was loaded meanwhile. */
export const load = async (video: HTMLVideoElement, { lengthS, liveFromS }: Part): Promise<boolean> => {
	const source = new MediaSource()
	const url = URL.createObjectURL(source)
	video.src = url
	await once(source, 'sourceopen')
	URL.revokeObjectURL(url)
	const buffer = source.addSourceBuffer(TYPE)
	const isOurs = (): boolean => source.readyState !== 'closed' && source.sourceBuffers.length > 0
	if (liveFromS === undefined) buffer.appendWindowEnd = lengthS
	else buffer.timestampOffset = liveFromS
	const data = await film()
	if (!isOurs()) return false
	buffer.appendBuffer(data)
	await once(buffer, 'updateend')
	if (!isOurs()) return false
	if (liveFromS === undefined) {
		source.endOfStream()
		return true
	}
	source.duration = Infinity
	const startedMs = performance.now()
	const moveOn = (): void => {
		if (!isOurs()) return clearInterval(moving)
		const edgeS = liveFromS + LIVE_WINDOW_S + (performance.now() - startedMs) / 1000
		source.setLiveSeekableRange(liveFromS, Math.min(edgeS, liveFromS + lengthS))
	}
	const moving = setInterval(moveOn, 500)
	moveOn()
	return true
}
