/**
 * The player of another document: the page's script has the video, this is its Player where the room lives. Positions
 * are told with the moment at which they were true and carried on from there; what was just commanded counts as done
 * until the page says how it went.
 */
import type { Seconds } from '#lib/core/units.ts'
import { createEmitter } from '#lib/players/emitter.ts'
import type { Player, PlayerAbilities, PlayerFacts, PlayerState } from '#lib/players/player.ts'
import type { FilmReport, FromPage, ToPage } from '../wire/page-messages.ts'
import type { Line } from '../wire/port.ts'
import { createPageClock } from './page-clock.ts'

export interface RemotePlayerDeps {
	readonly line: Line<FromPage, ToPage>
	readonly local: () => number
	readonly setTimer: (fn: () => void, ms: number) => () => void
	readonly standIn: HTMLElement
}

const LOOK_MS = 100
const LOOK_IDLE_MS = 400
/** A page that has not answered for so long is asleep, or its browser is: nobody knows where the film is. */
const SILENT_MS = 1_500
/** Nothing takes a page longer; it may be gone without a word. */
const ANSWER_MS = 15_000
const NO_FACTS: PlayerFacts = { durationS: null, title: null, isLive: false, hasAudio: null }

type PlayOutcome = 'playing' | 'blocked' | 'failed'

const failureOf = ({ failure }: FilmReport): PlayerState => ({
	type: 'failed',
	failure:
		failure === null
			? { type: 'unknown', detail: '' }
			: failure.type === 'codec'
				? { type: 'codec', detail: failure.detail }
				: { type: 'unreachable' },
})

export const createRemotePlayer = ({ line, local, setTimer, standIn }: RemotePlayerDeps): Player => {
	const events = createEmitter()
	const clock = createPageClock()
	let report: FilmReport | null = null
	let heardMs = -Infinity
	let facts = NO_FACTS
	let told: PlayerState['type'] = 'loading'
	let isDisposed = false
	let lastSeq = 0
	let lastLook = 0
	const looks = new Map<number, number>()
	const plays = new Map<number, (outcome: PlayOutcome) => void>()
	/** Commanded, and not in a report yet. */
	let expected: { readonly seq: number; readonly state: PlayerState; readonly atS: Seconds | null } | null =
		null
	let paced: { readonly seq: number; readonly rate: number; readonly isPitchKept: boolean } | null = null
	let cancelLook: () => void = () => undefined

	const pending = () => (expected !== null && (report?.done ?? 0) < expected.seq ? expected : null)
	const state = (): PlayerState => {
		if (!line.isOpen()) return { type: 'loading' }
		const ahead = pending()
		if (ahead !== null) return ahead.state
		if (report === null) return { type: 'loading' }
		return report.state === 'failed' ? failureOf(report) : { type: report.state }
	}
	const update = (): void => {
		if (isDisposed) return
		const next = state()
		if (next.type === told) return
		told = next.type
		events.emit({ type: 'state', state: next })
	}
	const takeFacts = ({ facts: now, read }: FilmReport): void => {
		const next: PlayerFacts = { ...now, title: null, timeline: read === 'none' ? 'none' : 'media' }
		const isSame =
			next.durationS === facts.durationS &&
			next.isLive === facts.isLive &&
			next.hasAudio === facts.hasAudio &&
			next.timeline === facts.timeline
		if (isSame) return
		facts = next
		events.emit({ type: 'facts', facts })
	}
	const heard = (message: FromPage): void => {
		switch (message.type) {
			case 'film': {
				heardMs = local()
				const sentMs = message.look === null ? undefined : looks.get(message.look)
				if (message.look !== null) looks.delete(message.look)
				if (sentMs !== undefined) clock.heard(sentMs, message.atMs, heardMs)
				report = message
				// Of an ad or of nothing loaded there is nothing to tell.
				if (message.state !== 'ad' && message.state !== 'loading') takeFacts(message)
				update()
				return
			}
			case 'answer': {
				plays.get(message.seq)?.(message.outcome)
				return
			}
			case 'intent':
				events.emit({
					type: 'user-intent',
					intent: message.intent,
					positionS: message.positionS,
					isSure: true,
				})
				return
			case 'page':
			case 'panel-word':
			case 'panel-lost': // the room's own business (pages.ts)
		}
	}
	const send = (make: (seq: number) => ToPage): number => {
		const seq = ++lastSeq
		line.send(make(seq))
		return seq
	}
	const look = (): void => {
		const isBusy = told === 'playing' || told === 'seeking' || told === 'stalled'
		cancelLook = setTimer(look, isBusy ? LOOK_MS : LOOK_IDLE_MS)
		const id = ++lastLook
		// Of those never answered none is kept for long.
		looks.delete(id - 50)
		looks.set(id, local())
		line.send({ type: 'look', look: id })
	}
	const positionNow = (): { positionS: Seconds; sigmaMs: number } | null => {
		if (report === null || report.positionS === null || report.read === 'none') return null
		const ahead = pending()
		if (ahead !== null && ahead.atS !== null) return { positionS: ahead.atS, sigmaMs: report.sigmaMs }
		const isMoving = report.state === 'playing' && ahead === null
		const onMs = isMoving ? Math.max(0, local() - clock.toLocal(report.atMs)) : 0
		const positionS = report.positionS + (onMs / 1000) * report.rate
		return { positionS: Math.min(positionS, facts.durationS ?? Infinity), sigmaMs: report.sigmaMs }
	}
	const off = line.on(heard)
	line.onClose(() => {
		for (const settle of plays.values()) settle('failed')
		update()
	})
	line.send({ type: 'take' })
	look()

	const clampS = (positionS: Seconds): Seconds =>
		Math.min(Math.max(0, positionS), facts.durationS ?? Infinity)
	const within = (positionS: Seconds): Seconds | null => {
		const range = report?.buffered.find(
			([from, to]) => (from ?? 0) <= positionS + 0.05 && (to ?? 0) >= positionS,
		)
		return range?.[1] ?? null
	}

	return {
		kind: 'page',
		get can(): PlayerAbilities {
			const isPlaced = facts.timeline !== 'none'
			return {
				rate: 'fine',
				seek: isPlaced ? (report?.seek ?? 'direct') : 'none',
				read: isPlaced ? 'clock' : 'none',
				volume: false,
			}
		},
		element: standIn,
		state: () => {
			const now = state()
			if (now.type !== told) queueMicrotask(update)
			return now
		},
		facts: () => facts,
		play() {
			if (isDisposed || !line.isOpen()) return Promise.resolve('failed')
			const seq = send((one) => ({ type: 'play', seq: one }))
			expected = null
			return new Promise((resolve) => {
				const settle = (outcome: PlayOutcome): void => {
					if (!plays.delete(seq)) return
					cancel()
					resolve(outcome)
				}
				const cancel = setTimer(() => settle('failed'), ANSWER_MS)
				plays.set(seq, settle)
			})
		},
		pause() {
			if (isDisposed) return
			const atS = positionNow()?.positionS ?? null
			const seq = send((one) => ({ type: 'pause', seq: one }))
			const isStanding = told === 'ready' || told === 'ended' || told === 'loading' || told === 'ad'
			if (!isStanding) expected = { seq, state: { type: 'paused' }, atS }
			update()
		},
		seek(positionS) {
			if (isDisposed || told === 'ad') return
			const toS = clampS(positionS)
			const seq = send((one) => ({ type: 'seek', seq: one, positionS: Math.min(toS, 14 * 24 * 3600) }))
			if (report !== null && report.state !== 'loading' && report.seek === 'direct')
				expected = { seq, state: { type: 'seeking' }, atS: toS }
			update()
		},
		setRate(rate, isPitchKept) {
			if (isDisposed) return
			const wanted = Math.min(16, Math.max(0.0625, rate))
			// Asked for twenty times a second, nearly always for what it is. Sites set it back now and then.
			const isUnderWay = paced !== null && (report?.done ?? 0) < paced.seq
			const isSame = paced !== null && paced.rate === wanted && paced.isPitchKept === isPitchKept
			if (isSame && (isUnderWay || Math.abs((report?.rate ?? wanted) - wanted) < 1e-6)) return
			paced = {
				seq: send((seq) => ({ type: 'rate', seq, rate: wanted, isPitchKept })),
				rate: wanted,
				isPitchKept,
			}
		},
		setVolume(_volume, isMuted) {
			if (!isDisposed) send((seq) => ({ type: 'mute', seq, isMuted }))
		},
		sample() {
			const atLocalMs = local()
			if (!line.isOpen() || report?.state === 'ad' || atLocalMs - heardMs > SILENT_MS) return null
			const now = positionNow()
			return now === null ? null : { ...now, atLocalMs }
		},
		bufferedAheadS() {
			const atS = positionNow()?.positionS ?? null
			return atS === null ? 0 : Math.max(0, (within(atS) ?? atS) - atS)
		},
		isBuffered(positionS) {
			const end = within(Math.max(0, positionS - 1))
			return end !== null && end >= Math.min(positionS + 1, (facts.durationS ?? Infinity) - 0.1)
		},
		on: (fn) => events.on(fn),
		dispose() {
			if (isDisposed) return
			isDisposed = true
			cancelLook()
			off()
			events.clear()
			for (const settle of plays.values()) settle('failed')
			line.send({ type: 'release' })
			standIn.remove()
		},
	}
}
