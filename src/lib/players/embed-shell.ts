/**
 * What all embedded players have in common: the frame, timers that end with the player, state and facts told once each
 * time they change, the wait for a first word, and who did something: we, or the person by the embed's own controls.
 * It knows no site.
 */
import type { Seconds } from '#lib/core/units.ts'
import { createEmbedFrame, type EmbedDeps, type EmbedFrame, type EmbedOptions } from './embed-frame.ts'
import { createEmitter } from './emitter.ts'
import type { PlayerEvent, PlayerFacts, PlayerFailure, PlayerState } from './player.ts'

export interface EmbedShell {
	readonly frame: EmbedFrame
	/** A timer of this player: it ends with it. */
	after(ms: number, fn: () => void): () => void
	/** Runs `fn` every `ms` until the player ends or the undo is called. */
	every(ms: number, fn: () => void): () => void
	state(): PlayerState
	/** Told if it is another one; nothing comes after a failure or the end. */
	setState(type: Exclude<PlayerState['type'], 'failed'>): void
	facts(): PlayerFacts
	/** Told if something in it is new. */
	setFacts(change: Partial<PlayerFacts>): void
	/** The first failure is the only one; the frame goes quiet but stays, since it may show why. */
	fail(failure: PlayerFailure): void
	/** Failed or disposed of: no command makes sense any more. */
	isOver(): boolean
	/** A message that made sense came: the wait for an answer is over. */
	heard(): void
	/** A message nobody could read. It is ignored; if nothing else comes, it is told. */
	puzzled(what: unknown): void
	/** From now on, for 700 ms, whatever the embed does may be our doing, a stall's, an ad's or the browser's. */
	disturbed(): void
	/** True if what happens now can only be a person's doing: the page is seen and nothing disturbed it lately. */
	isPersons(): boolean
	intent(intent: 'play' | 'pause' | 'seek', positionS: Seconds): void
	/** Told if it is another one than before. */
	setVolume(volume: number, isMuted: boolean): void
	on(fn: (event: PlayerEvent) => void): () => void
	/** Idempotent: frame, timers and listeners go. */
	dispose(): void
}

export interface EmbedShellOptions extends EmbedOptions {
	/** As people call it: "YouTube". */
	readonly site: string
	/** False: it never says a word (Bilibili); its frame's load event is all there is, and the adapter's to watch. */
	readonly isTalking?: boolean
}

/** How long a frame may take to load and say its first word. */
export const ANSWER_MS = 12_000
/** What an embed does so soon after a command may be the answer to it. */
export const DISTURBED_MS = 700
const SAID_MAX_CHARS = 60

const said = (what: unknown): string => {
	if (typeof what !== 'string' && (typeof what !== 'object' || what === null)) return String(what)
	try {
		return (typeof what === 'string' ? what : JSON.stringify(what)).slice(0, SAID_MAX_CHARS)
	} catch {
		return typeof what // a value that JSON cannot carry: its type has to do
	}
}

/** Puts the frame into `stage` and waits for it to be heard. */
export const createEmbedShell = (
	stage: HTMLElement,
	options: EmbedShellOptions,
	deps: EmbedDeps,
): EmbedShell => {
	const events = createEmitter()
	const frame = createEmbedFrame(stage, options, deps)
	const document = stage.ownerDocument
	const timers = new Set<() => void>()
	let state: PlayerState = { type: 'loading' }
	let facts: PlayerFacts = { durationS: null, title: null, isLive: false, hasAudio: null }
	let volume = { volume: 1, isMuted: false }
	let isDisposed = false
	let puzzle: string | null = null
	let disturbedAtMs = deps.local()

	const after = (ms: number, fn: () => void): (() => void) => {
		if (isDisposed) return () => undefined
		const cancel = deps.setTimer(() => {
			timers.delete(cancel)
			fn()
		}, ms)
		timers.add(cancel)
		return () => {
			timers.delete(cancel)
			cancel()
		}
	}
	const every = (ms: number, fn: () => void): (() => void) => {
		let cancel = after(ms, function again() {
			cancel = after(ms, again)
			fn()
		})
		return () => cancel()
	}
	const isOver = (): boolean => isDisposed || state.type === 'failed'
	const fail = (failure: PlayerFailure): void => {
		if (isOver()) return
		for (const cancel of timers) cancel()
		timers.clear()
		state = { type: 'failed', failure }
		events.emit({ type: 'state', state })
	}
	const cancelWait =
		options.isTalking === false
			? () => undefined
			: after(ANSWER_MS, () => {
					const { site } = options
					fail(puzzle === null ? { type: 'no-answer', site } : { type: 'nonsense', site, detail: puzzle })
				})
	const disturbed = (): void => {
		disturbedAtMs = deps.local()
	}
	document.addEventListener('visibilitychange', disturbed)

	return {
		frame,
		after,
		every,
		state: () => state,
		setState(type) {
			if (isOver() || state.type === type) return
			state = { type }
			events.emit({ type: 'state', state })
		},
		facts: () => facts,
		setFacts(change) {
			const isNew = Object.entries(change).some(([key, value]) => facts[key as keyof PlayerFacts] !== value)
			if (isOver() || !isNew) return
			facts = { ...facts, ...change }
			events.emit({ type: 'facts', facts })
		},
		fail,
		isOver,
		heard: () => cancelWait(),
		puzzled(what) {
			puzzle ??= said(what)
		},
		disturbed,
		isPersons: () => !document.hidden && deps.local() - disturbedAtMs >= DISTURBED_MS,
		intent(intent, positionS) {
			if (!isOver()) events.emit({ type: 'user-intent', intent, positionS })
		},
		setVolume(next, isMuted) {
			if (isOver() || (Math.abs(next - volume.volume) < 0.001 && isMuted === volume.isMuted)) return
			volume = { volume: next, isMuted }
			events.emit({ type: 'volume', ...volume })
		},
		on: (fn) => events.on(fn),
		dispose() {
			if (isDisposed) return
			isDisposed = true
			for (const cancel of timers) cancel()
			timers.clear()
			events.clear()
			document.removeEventListener('visibilitychange', disturbed)
			frame.dispose()
		},
	}
}
