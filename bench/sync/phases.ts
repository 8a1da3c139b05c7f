/**
 * The phases of a run, each on people who already watch together: what is done to them, and the figures of it.
 */
import { percentile, type Spread } from '#lib/follow/figures.ts'
import type { Person } from '../../tests/support/person.ts'
import { looksOf, nowMs, roomLine, seek, setBack, stampOf, toggle, wait, waitUntilAllPlay } from './pair.ts'
import {
	clockDifferences,
	differences,
	errorsTo,
	lineOf,
	round,
	settledMs,
	spread,
	type Line,
	type Look,
	type Point,
} from './readings.ts'

/** What happens right after the beginning of a phase is not steady. */
const DROP_MS = 3_000
/** How long an act is watched, and the part at its end from which the line is taken. */
const WATCH_MS = 4_500
const LATE_MS = 2_000
const SET_BACK_S = 0.4
/** No act near the end of the film. */
export const SEEK_PLACES_S = [18, 52, 30, 70, 12, 44, 24, 60] as const

export interface Steady {
	readonly between: Spread
	/** Of all, to the room's line by the mean of their clocks; null without the tap. */
	readonly room: Spread | null
	/** Between the pages' ideas of room time; null without the tap. */
	readonly clock: Spread | null
	readonly series: readonly Point[]
}

const gather = (people: readonly Person[], fromMs: number, toMs = Infinity): Promise<Look[][]> =>
	Promise.all(people.map((person) => looksOf(person, fromMs, toMs)))

const pairsOf = <T>(items: readonly T[]): (readonly [T, T])[] =>
	items.flatMap((a, i) => items.slice(i + 1).map((b) => [a, b] as const))

const meanX = (sets: readonly (readonly Look[])[]): number => {
	const middles = sets.map((looks) =>
		percentile(
			looks.map(({ xMs }) => xMs),
			0.5,
		),
	)
	return middles.reduce((sum, value) => sum + value, 0) / middles.length
}

/** The room's line by the mean of all clocks, so that a clock's error counts too. */
const commonLine = async (
	people: readonly Person[],
	sets: readonly (readonly Look[])[],
): Promise<Line | null> => {
	const [first] = people
	if (first === undefined) return null
	const line = await roomLine(first)
	const own = sets[0]?.at(-1)?.xMs
	return line === null || own === undefined ? null : { ...line, atMs: line.atMs + own - meanX(sets) }
}

export const steady = async (people: readonly Person[], forS: number, dropMs = DROP_MS): Promise<Steady> => {
	const fromMs = nowMs() + dropMs
	await wait(dropMs + forS * 1000)
	const sets = await gather(people, fromMs)
	const line = await commonLine(people, sets)
	const between = pairsOf(sets).flatMap(([a, b]) => differences(a, b))
	return {
		between: spread(between),
		room: line && spread(sets.flatMap((looks) => errorsTo(line, looks))),
		clock: line && spread(pairsOf(sets).flatMap(([a, b]) => clockDifferences(a, b))),
		series: between,
	}
}

export interface Settled {
	/** Of everybody, each once: ms from the moment it could know until it stays within 40 ms; null: not in the time watched. */
	readonly each: readonly (number | null)[]
	/** The last of them, from the act itself. */
	readonly allMs: number | null
}

/** From `fromMs` until each is in step; the one who acted knows at once, the others after `oneWayMs`. */
const settle = async (
	people: readonly Person[],
	actor: Person | null,
	fromMs: number,
	oneWayMs: number,
	lineFor: (sets: readonly (readonly Look[])[]) => Promise<Line> | Line,
): Promise<Settled> => {
	const sets = await gather(people, fromMs - 100)
	const line = await lineFor(sets)
	const raw = sets.map((looks) => settledMs(line, looks, fromMs))
	const each = raw.map((ms, i) =>
		ms === null ? null : Math.max(0, ms - (actor === null || people[i] === actor ? 0 : oneWayMs)),
	)
	return { each, allMs: raw.some((ms) => ms === null) ? null : Math.max(...raw.map((ms) => ms ?? 0)) }
}

const lateLine = (people: readonly Person[], fromMs: number) => async (sets: readonly (readonly Look[])[]) =>
	(people[0] && (await roomLine(people[0]))) ??
	lineOf(sets.map((looks) => looks.filter(({ atMs }) => atMs >= fromMs + WATCH_MS - LATE_MS)))

export const measureSeek = async (
	people: readonly Person[],
	actor: Person,
	toS: number,
	oneWayMs: number,
): Promise<Settled> => {
	const at = await seek(actor, toS)
	await wait(WATCH_MS)
	return settle(people, actor, at, oneWayMs, lateLine(people, at))
}

export const measureSetBack = async (people: readonly Person[], victim: Person): Promise<number | null> => {
	const at = await setBack(victim, SET_BACK_S)
	await wait(WATCH_MS)
	const others = people.filter((person) => person !== victim)
	const late = lateLine([...others, victim], at)
	const { each } = await settle([victim], null, at, 0, async (own) =>
		late([...(await gather(others, at - 100)), ...own]),
	)
	return each[0] ?? null
}

export interface PauseAndStart {
	/** From the key to the other's standing film. */
	readonly pauseMs: number | null
	/** How far apart they then stand, and each after the scheduled start. */
	readonly standingMs: number
	readonly start: Settled
}

export const measurePauseAndStart = async (
	people: readonly Person[],
	actor: Person,
	other: Person,
): Promise<PauseAndStart> => {
	const pausedAt = await toggle(actor)
	const effectAt = await stampOf(other, 'pause', pausedAt, 'film')
	await wait(1_500)
	const standing = (await gather(people, nowMs() - 300)).map(
		(looks) => looks.at(-1)?.positionMs ?? Number.NaN,
	)
	const fromMs = standing[people.indexOf(actor)] ?? Number.NaN
	await toggle(actor)
	await waitUntilAllPlay(people)
	const playedBy = nowMs()
	await wait(WATCH_MS - LATE_MS)
	const sets = await gather(people, playedBy - 3_000)
	const line = lineOf(sets.map((looks) => looks.filter(({ atMs }) => atMs > playedBy)))
	// The moment at which the line leaves the place where they stood: the scheduled start.
	const startAt = line.atMs + fromMs
	return {
		pauseMs: effectAt === null ? null : effectAt - pausedAt,
		standingMs: Math.max(...standing) - Math.min(...standing),
		start: await settle(people, null, startAt, 0, () => line),
	}
}

export const spreadText = ({ p50, p99 }: Spread): string => `${String(round(p50))} / ${String(round(p99))}`
