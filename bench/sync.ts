/**
 * How closely people are kept in step, ours and the rivals' rules side by side: `npm run bench:sync` on loopback,
 * `npm run bench:sync:wan` over a link of 40 ± 10 ms one way with 1 % loss (root). Real browsers as processes of their
 * own, unlike players, a wrong clock in each. Prints a table, writes bench/out/sync.json (sync-wan.json) and with
 * DOCS=1 the results page; exit code 1 when a gate is missed. QUICK=1 takes a third of the time.
 * RIVALS, STEADY_S, ACTS, JOINS … change single parts; REUSE_BUILD=1 spares the two builds.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { percentile } from '#lib/follow/figures.ts'
import { addToQueue, joinRoom, startRoom, type Person } from '../tests/support/person.ts'
import { whyNoWan } from '../tests/wan/wan.ts'
import { measureFollowCpu } from './sync/cpu.ts'
import { writeDocs } from './sync/docs.ts'
import { measureEmbed } from './sync/embeds.ts'
import { measureHidden } from './sync/hidden.ts'
import { measureJoin } from './sync/join.ts'
import { roomLine, seek, wait, waitUntilAllPlay } from './sync/pair.ts'
import {
	measurePauseAndStart,
	measureSeek,
	measureSetBack,
	SEEK_PLACES_S,
	spreadText,
	steady,
} from './sync/phases.ts'
import { round } from './sync/readings.ts'
import { printRows, rowsOf, type SyncResult } from './sync/report.ts'
import { buildBoth } from './sync/rig-build.ts'
import { measureRule, type RuleResult } from './sync/rules.ts'
import { ALICE, BOB, CAROL, openWorld, type World } from './sync/world.ts'

const IS_WAN = process.argv.includes('--wan')
const IS_QUICK = process.env['QUICK'] === '1'
const count = (name: string, full: number, quick: number): number =>
	Number(process.env[name] ?? (IS_QUICK ? quick : full))
const STEADY_S = count('STEADY_S', 30, 12)
const RULE_STEADY_S = count('RULE_STEADY_S', 15, 5)
const RULE_SEEKS = count('RULE_SEEKS', 2, 1)
const ACTS = count('ACTS', 6, 2)
const JOINS = count('JOINS', 3, 1)
const HIDDEN_S = count('HIDDEN_S', 15, 5)
const EMBED_S = count('EMBED_S', 20, 10)
/** The nearest ones. */
const QUICK_RIVALS = ['timingsrc', 'MediaSync']
const FULL_RIVALS = [...QUICK_RIVALS, 'Jellyfin', 'WatchParty', 'Syncplay', 'OpenTogetherTube']
/** Names out of `rivals.ts`, by commas. */
const RIVALS = process.env['RIVALS']?.split(',') ?? (IS_QUICK ? QUICK_RIVALS : FULL_RIVALS)
const CPU_MS = 10_000
/** Acts before those that count: lags are learned in them. */
const LEARNING_SEEKS = IS_QUICK ? 2 : 4
const LEARNING_STARTS = 2
const CLOCKS_MEET_MS = 3_000
/** Whatever hangs, the run ends. */
const LIMIT_MS = count('LIMIT_MIN', 13, 7) * 60_000
const WAN = { delayMs: 40, jitterMs: 10, lossPct: 1, seconds: LIMIT_MS / 1000 }

const log = (text: string) => console.log(`${new Date().toISOString().slice(11, 19)}  ${text}`)
const many = (values: readonly (number | null)[]): string =>
	values.map((value) => (value === null ? 'never' : String(round(value)))).join(' ')
/** The middle one, the upper of two; never counts as endless. */
const middle = (values: readonly (number | null)[]): number | null => {
	const found = values.map((value) => value ?? Infinity).sort((x, y) => x - y)[values.length >> 1] ?? Infinity
	return Number.isFinite(found) ? round(found) : null
}
const percentiles = ({ p50, p99 }: { p50: number; p99: number }) => ({
	p50: round(p50, 2),
	p99: round(p99, 2),
})

interface Couple {
	readonly alice: Person
	readonly bob: Person
	readonly link: string
}

/** Alice opens a room and Bob comes; the film begins once her clock has met the server's. */
const watchTogether = async (world: World, a: Browser, b: Browser): Promise<Couple> => {
	const alice = await world.arrive(a, ALICE)
	const bob = await world.arrive(b, BOB)
	const link = await startRoom(alice, world.url, null)
	await wait(CLOCKS_MEET_MS)
	await addToQueue(alice, world.filmUrl)
	await waitUntilAllPlay([alice])
	await joinRoom(bob, link)
	await waitUntilAllPlay([alice, bob])
	return { alice, bob, link }
}

const measureShipped = async (world: World, a: Browser, b: Browser, c: () => Promise<Browser>) => {
	const { alice, bob, link } = await watchTogether(world, a, b)
	const people = [alice, bob] as const
	const unlearned: (number | null)[] = []
	const seeks: (number | null)[] = []
	for (let i = 0; i < LEARNING_SEEKS + ACTS; i++) {
		const actor = i % 2 === 0 ? bob : alice
		const { each } = await measureSeek(
			people,
			actor,
			SEEK_PLACES_S[i % SEEK_PLACES_S.length] ?? 30,
			world.oneWayMs,
		)
		;(i < LEARNING_SEEKS ? unlearned : seeks).push(...each)
	}
	log(`seeks, first ${String(LEARNING_SEEKS)} (A B each): ${many(unlearned)}`)
	log(`seeks, learned: ${many(seeks)}`)

	await seek(alice, 5)
	const calm = await steady(people, STEADY_S)
	log(`steady |A − B|: ${spreadText(calm.between)} (n ${String(calm.between.n)})`)

	await seek(alice, 8)
	await wait(2_000)
	const stalls: (number | null)[] = []
	for (let i = 0; i < ACTS; i++) stalls.push(await measureSetBack(people, i % 2 === 0 ? bob : alice))
	log(`0.4 s set-backs (B A …): ${many(stalls)}`)

	await seek(bob, 15)
	await wait(2_000)
	const starts: (number | null)[] = []
	const firstStarts: (number | null)[] = []
	const pauses: (number | null)[] = []
	const standing: number[] = []
	for (let i = 0; i < LEARNING_STARTS + ACTS; i++) {
		const [actor, other] = i % 2 === 0 ? [alice, bob] : [bob, alice]
		const measured = await measurePauseAndStart(people, actor, other)
		pauses.push(measured.pauseMs === null ? null : measured.pauseMs - world.oneWayMs)
		standing.push(measured.standingMs)
		;(i < LEARNING_STARTS ? firstStarts : starts).push(...measured.start.each)
	}
	log(`starts, first ${String(LEARNING_STARTS)} (A B each): ${many(firstStarts)}; learned: ${many(starts)}`)
	log(`pauses, less one way: ${many(pauses)}; then standing apart by ${many(standing)}`)

	const joins: (number | null)[] = []
	for (let i = 0; i < JOINS; i++) {
		await seek(alice, 10)
		await wait(1_500)
		joins.push(await measureJoin(world, b, { ...BOB, offsetMs: 55_555.5 + i }, alice, link))
	}
	log(`joins: ${many(joins)}`)

	let hidden: SyncResult['hidden'] = null
	if (world.wan === null) {
		await seek(alice, 10)
		const found = await measureHidden(world, { ...CAROL, place: 'b' }, alice, link, HIDDEN_S)
		if (!found.wasHidden) log('the hidden tab was not hidden: not counted')
		else hidden = { ...percentiles(found.between), backInStepMs: found.backInStepMs }
		log(
			`hidden: ${spreadText(found.between)} of ${String(found.between.n)}, back in step after ${many([found.backInStepMs])}`,
		)
	}

	const carol = await world.arrive(await c(), CAROL)
	await joinRoom(carol, link)
	await waitUntilAllPlay([carol])
	await seek(alice, 5)
	const three = await steady([alice, bob, carol], Math.min(STEADY_S, IS_QUICK ? 8 : 15))
	log(`three browsers, each with each: ${spreadText(three.between)}`)
	const errors = [alice, bob, carol].flatMap((person) => person.errors)
	if (errors.length > 0) log(`errors in the pages: ${errors.join('\n')}`)
	for (const person of [alice, bob, carol]) await person.close()
	return { calm, seeks, stalls, starts, pauses, joins, hidden, three, unlearned, firstStarts, standing }
}

const measureTapped = async (world: World, a: Browser, b: Browser) => {
	const { alice, bob } = await watchTogether(world, a, b)
	if ((await roomLine(alice)) === null)
		throw new Error('the app does not take its follow loop through the tap')
	const people = [alice, bob] as const
	for (let i = 0; i < LEARNING_SEEKS; i++)
		await measureSeek(people, i % 2 === 0 ? bob : alice, SEEK_PLACES_S[i] ?? 30, world.oneWayMs)
	await seek(alice, 5)
	const calm = await steady(people, Math.min(STEADY_S, 20))
	log(`with the tap: ${spreadText(calm.between)}, to the room ${calm.room ? spreadText(calm.room) : '–'}`)
	log(
		`clock error p50 / p95: ${String(round(calm.clock?.p50 ?? NaN, 2))} / ${String(round(calm.clock?.p95 ?? NaN, 2))}`,
	)
	const cpuPct = await measureFollowCpu(alice, IS_QUICK ? CPU_MS / 2 : CPU_MS)
	log(`follow loop: ${String(round(cpuPct, 2))} % of a core`)
	const rules: RuleResult[] = []
	const names = ['ours', ...RIVALS]
	for (const rule of names) {
		const result = await measureRule(people, rule, {
			steadyS: RULE_STEADY_S,
			seeks: RULE_SEEKS,
			oneWayMs: world.oneWayMs,
		})
		rules.push(result)
		const { between, room } = result.steady
		log(
			`${rule}: ${spreadText(between)}, to the room ${room ? spreadText(room) : '–'}, seek ${many([result.seekMs])}, stall ${many([result.stallMs])}`,
		)
	}
	await alice.close()
	await bob.close()
	return { calm, cpuPct, rules }
}

/** Null where the player never came to play: said, and the row stays empty. */
const measureSite = async (world: World, a: Browser, b: Browser, name: string, link: string) => {
	try {
		const found = await measureEmbed(world, a, b, link, EMBED_S)
		log(`${name}: ${spreadText(found)} (n ${String(found.n)})`)
		return percentiles(found)
	} catch (error) {
		log(`${name} could not be measured: ${error instanceof Error ? error.message : String(error)}`)
		return null
	}
}

const secondsOf = (ms: number | null): number | null => (ms === null ? null : round(ms / 1000, 3))

const main = async (): Promise<boolean> => {
	const why = IS_WAN ? whyNoWan() : null
	if (why !== null) {
		console.error(why)
		return false
	}
	const began = loadavg()
	log('building twice, from a copy')
	const builds = await buildBoth(process.env['REUSE_BUILD'] === '1')
	const world = await openWorld(IS_WAN ? WAN : null)
	const guard = setTimeout(() => {
		console.error(`The run took longer than ${String(LIMIT_MS / 60_000)} minutes and was ended.`)
		void world.close().finally(() => process.exit(1))
	}, LIMIT_MS)
	try {
		if (world.wan !== null) log(`the link as measured: ${JSON.stringify(world.wan.rtts)}`)
		await world.serve(builds.shipped)
		const a = await world.browser('a')
		const b = await world.browser('b')
		const shipped = await measureShipped(world, a, b, () => world.browser('c'))
		const youtube = await measureSite(world, a, b, 'YouTube', 'https://www.youtube.com/watch?v=saltmarsh01')
		const twitch = await measureSite(world, a, b, 'Twitch', 'https://www.twitch.tv/videos/2345678901')
		await world.serve(builds.tapped)
		const tapped = await measureTapped(world, a, b)

		const ours = tapped.rules.find(({ rule }) => rule === 'ours')
		const { room, clock } = tapped.calm
		if (ours === undefined || room === null || clock === null || ours.steady.room === null)
			throw new Error('the tap told nothing')
		const startMs = middle(shipped.starts)
		const seekMs = middle(shipped.seeks)
		const { n, p95, ...rest } = shipped.calm.between
		const result: SyncResult = {
			steady: { n, ...percentiles(rest), p95: round(p95, 2) },
			room: percentiles(room),
			settleMs: startMs === null || seekMs === null ? null : round(Math.max(startMs, seekMs)),
			stallRepairedS: secondsOf(middle(shipped.stalls)),
			youtube,
			joinMs: middle(shipped.joins),
			clockErrorP95Ms: round(clock.p95, 2),
			followCpuPct: round(tapped.cpuPct, 2),
			rivals: Object.fromEntries(
				tapped.rules
					.filter(({ rule }) => rule !== 'ours')
					.map(({ rule, steady: { between, room: toRoom }, stallMs }) => [
						rule,
						{
							...percentiles(between),
							stallRepairedS: secondsOf(stallMs),
							roomP50: round(toRoom?.p50 ?? NaN, 2),
							roomP99: round(toRoom?.p99 ?? NaN, 2),
						},
					]),
			),
			ours: {
				...percentiles(ours.steady.between),
				stallRepairedS: secondsOf(ours.stallMs),
				roomP50: round(ours.steady.room.p50, 2),
				roomP99: round(ours.steady.room.p99, 2),
			},
			startSettleMs: startMs,
			seekSettleMs: seekMs,
			pauseEffectMs: middle(shipped.pauses),
			twitch,
			three: percentiles(shipped.three.between),
			hidden: shipped.hidden,
			oneWayMs: world.oneWayMs,
		}
		const rows = rowsOf(result, IS_WAN)
		const machine = `${String(cpus().length)} cores, load ${began.map((load) => load.toFixed(1)).join(' ')} at the beginning, ${loadavg()
			.map((load) => load.toFixed(1))
			.join(' ')} at the end`
		printRows(rows)
		log(machine)
		const folder = join(import.meta.dirname, 'out')
		await mkdir(folder, { recursive: true })
		const name = IS_WAN ? 'sync-wan' : 'sync'
		const raw = {
			unlearnedSeeksMs: shipped.unlearned,
			seeksMs: shipped.seeks,
			startsMs: shipped.starts,
			stallsMs: shipped.stalls,
			pausesMs: shipped.pauses,
			joinsMs: shipped.joins,
			pauseWorstMs: percentile(
				shipped.pauses.map((value) => value ?? Infinity),
				1,
			),
		}
		await writeFile(
			join(folder, `${name}.json`),
			`${JSON.stringify({ ...result, isQuick: IS_QUICK, machine, link: world.wan?.rtts ?? null, raw }, null, '\t')}\n`,
		)
		await writeFile(join(folder, `${name}-stories.json`), JSON.stringify(tapped.rules))
		if (process.env['DOCS'] === '1') await writeDocs()
		return rows.every(({ isWithinGate }) => isWithinGate !== false)
	} finally {
		clearTimeout(guard)
		await world.close()
	}
}

process.exitCode = (await main()) ? 0 : 1
