import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { APPLY, DRIFT, figuresReport, ROUND_TRIP, tally, type FiguresReport } from '#lib/protocol/figures.ts'
import { keepSharingFigures, SHARE_EVERY_MS, type ShareFiguresDeps } from './share-figures.ts'
import type { ApiOutcome } from './server-api.ts'

const TOKEN = { token: 'a.b.c' }

let drifts: number[]
let applied: number[]
let trips: number[]
let timers: { ms: number; fn: () => void }[]
let sent: { path: string; method: string; report: FiguresReport }[]
let answers: (ApiOutcome<unknown> | Error)[]
let tokenOf: () => Promise<typeof TOKEN | null>
let warned: ReturnType<typeof vi.spyOn>
beforeEach(() => {
	;[drifts, applied, trips, timers, sent, answers] = [[], [], [], [], [], []]
	tokenOf = () => Promise.resolve(TOKEN)
	warned = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
	vi.spyOn(console, 'debug').mockImplementation(() => undefined)
})
afterEach(() => void vi.restoreAllMocks())

const begin = () =>
	keepSharingFigures({
		device: {
			api: {
				call: ((path, schema, request) => {
					const report = figuresReport.parse(JSON.parse(JSON.stringify(request?.body)))
					if (report === undefined) throw new Error('the server would refuse it')
					sent.push({ path, method: request?.method ?? 'GET', report })
					const answer = answers.shift() ?? { type: 'ok', value: schema.parse({}) }
					return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)
				}) as ShareFiguresDeps['device']['api']['call'],
			},
			identity: { token: () => tokenOf() },
			name: () => Promise.resolve('Alice'),
		},
		timers: {
			after: (ms, fn) => {
				const timer = { ms, fn }
				timers.push(timer)
				return () => {
					timers = timers.filter((other) => other !== timer)
				}
			},
		},
		takeDrifts: () => drifts.splice(0),
		takeApplied: () => applied.splice(0),
		roundTripsMs: () => trips,
		links: () => ({ direct: 2, relayed: 1 }),
	})
const settle = () => new Promise((resolve) => setImmediate(resolve))
const minute = async () => {
	const due = timers.shift()
	expect(due?.ms).toBe(SHARE_EVERY_MS)
	due?.fn()
	await settle()
}

it('[FG7] what was seen before the consent is never sent', async () => {
	drifts = [500, 500, 500]
	applied = [900]
	begin()
	expect(sent).toEqual([])
	drifts.push(3)
	applied.push(120, 80)
	await minute()
	expect(sent).toEqual([
		{
			path: '/api/figures',
			method: 'POST',
			report: {
				token: TOKEN.token,
				drift: tally([3], DRIFT),
				roundTrip: tally([], ROUND_TRIP),
				apply: tally([120, 80], APPLY),
				links: { direct: 2, relayed: 1 },
			},
		},
	])
})

it('[FG7] each minute sends what came since the last, and where nothing came, nothing', async () => {
	begin()
	trips = [30, 45]
	drifts.push(1, 2)
	await minute()
	drifts.push(300)
	await minute()
	trips = []
	await minute()
	drifts.push(7)
	await minute()
	expect(sent.map(({ report }) => [report.drift, report.roundTrip])).toEqual([
		[tally([1, 2], DRIFT), tally([30, 45], ROUND_TRIP)],
		[tally([300], DRIFT), tally([30, 45], ROUND_TRIP)],
		[tally([7], DRIFT), tally([], ROUND_TRIP)],
	])
})

it('[FG7] withdrawal ends it: no timer is left, nothing of that minute is sent', async () => {
	const stop = begin()
	await minute()
	drifts.push(9)
	stop()
	stop()
	expect(timers).toEqual([])
	await settle()
	expect(sent).toEqual([])
})

it('[FG7] withdrawal while the report is being made keeps it from being sent', async () => {
	const identity = Promise.withResolvers<typeof TOKEN>()
	tokenOf = () => identity.promise
	const stop = begin()
	drifts.push(9)
	await minute()
	stop()
	identity.resolve(TOKEN)
	await settle()
	expect(sent).toEqual([])
	expect(timers).toEqual([])
})

it('[FG7] what happened between withdrawal and a new consent stays out', async () => {
	begin()()
	drifts.push(800)
	begin()
	drifts.push(4)
	await minute()
	expect(sent.map(({ report }) => report.drift)).toEqual([tally([4], DRIFT)])
})

it('[FG8] a server that is away, refuses or knows no figures loses that minute, without a word', async () => {
	answers = [
		{ type: 'unreachable' },
		{ type: 'refused', status: 429, error: { error: 'too-many-requests', message: 'Wait.' } },
		{ type: 'unexpected', status: 404 },
	]
	begin()
	for (const drift of [1, 10, 100, 1_000]) {
		drifts.push(drift)
		await minute()
	}
	expect(sent.map(({ report }) => report.drift)).toEqual([1, 10, 100, 1_000].map((ms) => tally([ms], DRIFT)))
	expect(warned).not.toHaveBeenCalled()
})

it('[FG8] without an identity, or when something of ours breaks, the next minute goes on', async () => {
	tokenOf = () => Promise.resolve(null)
	begin()
	drifts.push(1)
	await minute()
	expect(sent).toEqual([])
	tokenOf = () => Promise.resolve(TOKEN)
	answers = [new Error('broken')]
	drifts.push(2)
	await minute()
	expect(warned).toHaveBeenCalledOnce()
	drifts.push(3)
	await minute()
	expect(sent.map(({ report }) => report.drift)).toEqual([tally([2], DRIFT), tally([3], DRIFT)])
})
