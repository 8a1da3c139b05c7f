/**
 * What stands on the stage about the film itself: for whom the room waits, who is asked, what is counted down. Pure;
 * fetched beside the first player.
 */
import type { PlaybackVector } from '#lib/core/playback.ts'
import type { DeviceId, Millis, Seconds } from '#lib/core/units.ts'
import type { PersonView, StatusView } from '#lib/core/view.ts'
import { filmWords } from '#lib/words/film.ts'
import { stageWords } from '#lib/words/stage.ts'

export interface FilmStatusInputs {
	readonly vector: PlaybackVector
	/** Room time. */
	readonly nowMs: Millis
	readonly people: readonly PersonView[]
	/** Of anybody who ever left a word here. */
	readonly nameOf: (device: DeviceId) => string
	readonly mayControl: boolean
	/** The browser plays nothing before a tap, or nothing with sound. */
	readonly isBlocked: boolean
	readonly isSoundOff: boolean
	readonly isInAd: boolean
	/** Own distance from the room's moment, + = behind; null while nothing plays. */
	readonly driftS: Seconds | null
	/** For how long the drift has been beyond `RESYNC_OFFER_S`. */
	readonly driftingForMs: Millis
	/** Room time at which the player starts by itself, while that is ahead. */
	readonly startsAtMs: Millis | null
	/** Room time at which an item that nobody can play is left. */
	readonly leavesAtMs: Millis | null
}

export interface FilmStatus {
	readonly line: StatusView
	/** Comes before anything about the room itself. */
	readonly isUrgent: boolean
}

export const RESYNC_OFFER_S = 2
const RESYNC_PATIENCE_MS = 3_000
/** Starts nearer than this are over before the eye has found the line. */
const COUNT_FROM_MS = 1_200

const line = (
	kind: StatusView['kind'],
	text: string,
	action: string | null = null,
	progress: number | null = null,
): StatusView => ({ kind, text, action, progress })

const joinLine = (): StatusView => line('join', stageWords().tapToJoin, stageWords().join)

/** "Bo", "Bo and Tomas", "Bo, Tomas and 3 others". */
const names = (people: readonly PersonView[]): string => {
	const named = people.slice(0, 2).map(({ name }) => name)
	return filmWords().names(named, people.length - named.length)
}

/** Those whose word the check waits for: who is hidden, refused or failed is not asked. */
const isAsked = ({ presence, doing }: PersonView): boolean =>
	presence === 'here' && doing.type !== 'blocked' && doing.type !== 'failed' && doing.type !== 'ad'

const checkLine = ({ vector, people, mayControl }: FilmStatusInputs): StatusView => {
	const me = people.find(({ isMe }) => isMe)
	const asker = people.find(({ device }) => device === vector.by)
	const asked = people.filter(isAsked)
	const missing = asked.filter(({ isReady, isMe }) => isReady !== true && !isMe)
	const share = asked.length === 0 ? 1 : asked.filter(({ isReady }) => isReady === true).length / asked.length
	const words = filmWords()
	if (me?.isReady !== true) {
		const isMine = asker === undefined || asker.isMe
		return line('ready', isMine ? words.youAskReady : words.asksReady(asker.name), words.iAmReady, share)
	}
	return line('ready', words.waitingForReady(names(missing)), mayControl ? words.startNow : null, share)
}

const waitLine = (inputs: FilmStatusInputs): StatusView | null => {
	const { vector, people, nowMs, mayControl } = inputs
	const { cause } = vector
	if (cause.type !== 'wait') return null
	const waited = people.find(({ device }) => device === cause.device)
	if (waited === undefined) return null
	const forS = Math.round(Math.max(0, nowMs - vector.atMs) / 1000)
	const percent = waited.doing.type === 'buffering' ? waited.doing.percent : 0
	return line(
		'waiting',
		filmWords().waitingToBuffer(waited.isMe ? null : waited.name, forS),
		waited.isMe || !mayControl ? null : filmWords().continueWithout(waited.name),
		percent / 100,
	)
}

const urgent = (inputs: FilmStatusInputs): StatusView | null => {
	const { vector, nowMs } = inputs
	if (inputs.isBlocked) return joinLine()
	if (!vector.isPlaying && vector.cause.type === 'check') return checkLine(inputs)
	if (!vector.isPlaying) return waitLine(inputs)
	const leftMs = vector.atMs - nowMs
	const seconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1000))
	if (leftMs > 0 && vector.cause.type === 'go')
		return line('countdown', filmWords().allStartIn(Math.min(3, seconds(leftMs))))
	const ownMs = (inputs.startsAtMs ?? 0) - nowMs
	if (ownMs > COUNT_FROM_MS) return line('countdown', filmWords().youStartIn(seconds(ownMs)))
	if (inputs.leavesAtMs !== null && inputs.leavesAtMs > nowMs)
		return line('countdown', filmWords().nobodyCanPlay(seconds(inputs.leavesAtMs - nowMs)))
	return null
}

/** What is no matter of seconds. */
const lasting = (inputs: FilmStatusInputs): StatusView | null => {
	const { driftS, vector, people } = inputs
	const words = filmWords()
	if (inputs.isInAd) return line('ad', words.adIsOn)
	if (driftS !== null && Math.abs(driftS) > RESYNC_OFFER_S && inputs.driftingForMs > RESYNC_PATIENCE_MS)
		return line('resync', words.outOfSync(Math.abs(driftS).toFixed(1)), words.resync)
	if (vector.isPlaying || vector.cause.type !== 'left') return null
	const { device } = vector.cause
	const name = inputs.nameOf(device)
	const isBack = people.some((person) => person.device === device)
	const text = isBack ? words.isBack(name) : words.stoppedBecauseLeft(name)
	return line('waiting', text, inputs.mayControl ? words.goOn : null)
}

/** The one thing to say about the film now, or null. */
export const filmStatus = (inputs: FilmStatusInputs): FilmStatus | null => {
	const first = urgent(inputs) ?? lasting(inputs)
	if (first !== null) return { line: first, isUrgent: true }
	if (!inputs.isSoundOff) return null
	return { line: joinLine(), isUrgent: false }
}
