/**
 * `npm run soak`: the suites of faults at the sizes of a night, then F22: members over real data channels and a server
 * under a random fault each 30 s, for MINUTES (480), a line a minute. `npm run soak -- evening`: two browsers and 20
 * members, 30 minutes, a fault each 30 s, nothing lost. `npm run soak -- suites` and `-- members` are the halves.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { createSeededRandom } from '#lib/transport/seeded-random.ts'
import { fdsOf, MIB, rssOf } from '../tests/faults/process.ts'
import { openRealRoom, UNLIMITED, type RealRoom } from '../tests/faults/real-rooms.ts'
import { createVerdict } from '../tests/faults/verdict.ts'
import { startApp, type AppServer } from '../tests/support/app.ts'
import { launch, type BrowserKind } from '../tests/support/browsers.ts'
import { readWholeChat } from '../tests/support/person.ts'
import { ROOT } from '../tests/support/source-files.ts'
import { sleep, waitUntil } from '../tests/support/wrtc.ts'

const MODES = ['all', 'suites', 'members', 'evening'] as const
type Mode = (typeof MODES)[number]

const numberOf = (name: string, fallback: number): number => {
	const value = Number(process.env[name] ?? fallback)
	if (!Number.isFinite(value) || value <= 0) throw new Error(`${name} is no number above 0`)
	return value
}

const TALK_EVERY_MS = 5_000
const FAULT_EVERY_MS = 1_000 * numberOf('FAULT_EVERY_S', 30)
const SETTLE_MS = 120_000
/** Said so long ago and still not everywhere: late. */
const LATE_MS = 30_000
/** From the second hour on. */
const SLOPE_MAX_MIB_AN_HOUR = 1
const WARM_UP_MS = 3_600_000

const runCommand = async (command: string, args: readonly string[]): Promise<boolean> => {
	const child = spawn('npx', [command, ...args], {
		cwd: ROOT,
		stdio: 'inherit',
		// FAULTS=ci: only to see that all of it runs.
		env: { ...process.env, FAULTS: process.env['FAULTS'] ?? 'soak' },
	})
	const [code] = (await once(child, 'exit')) as [number | null]
	return code === 0
}

const runSuites = async (): Promise<boolean> => {
	const units = await runCommand('vitest', [
		'run',
		'--project',
		'unit',
		'--no-file-parallelism',
		'tests/faults',
	])
	const pages = await runCommand('playwright', ['test', 'faults-', '--workers=1'])
	return units && pages
}

interface Reading {
	readonly atMs: number
	readonly rssMib: number
}

/** Least squares, in MiB an hour; null before there is enough. */
const slopeOf = (readings: readonly Reading[]): number | null => {
	if (readings.length < 3) return null
	const n = readings.length
	const meanMs = readings.reduce((sum, one) => sum + one.atMs, 0) / n
	const meanMib = readings.reduce((sum, one) => sum + one.rssMib, 0) / n
	let above = 0
	let below = 0
	for (const { atMs, rssMib } of readings) {
		above += (atMs - meanMs) * (rssMib - meanMib)
		below += (atMs - meanMs) ** 2
	}
	return below === 0 ? null : (above / below) * 3_600_000
}

interface Guest {
	readonly name: string
	readonly context: BrowserContext
	readonly page: Page
}

/** On a machine that carries twenty members beside the page. */
const ARRIVE_MS = 180_000
const isInRoom = (page: Page) => page.getByRole('button', { name: 'Invite' }).waitFor({ timeout: ARRIVE_MS })

const arriveAt = async (browser: Browser, link: string, name: string): Promise<Guest> => {
	const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
	const page = await context.newPage()
	await page.goto(link, { waitUntil: 'commit', timeout: ARRIVE_MS })
	await isInRoom(page)
	console.log(`${name} is in the room`)
	return { name, context, page }
}

/** What of `texts` the page does not show. */
const unreadBy = async (guest: Guest, texts: Iterable<string>): Promise<string[]> => {
	const chat = (await readWholeChat(guest)).join('\n')
	return [...texts].filter((text) => !chat.includes(text))
}

const runMembers = async (minutes: number, size: number, kinds: readonly BrowserKind[]): Promise<boolean> => {
	const seed = numberOf('FAULT_SEED', 1 + (Date.now() % 0xffff_fffe))
	const random = createSeededRandom(seed)
	console.log(
		`${String(minutes)} minutes, ${String(kinds.length)} browsers, ${String(size)} members (FAULT_SEED=${String(seed)})`,
	)
	const app: AppServer = await startApp({ LOG_LEVEL: 'error', ...UNLIMITED })
	const room: RealRoom = await openRealRoom(app, size)
	const browsers: Browser[] = []
	const guests: Guest[] = []
	for (const kind of kinds) {
		const browser = await launch(kind)
		browsers.push(browser)
		guests.push(await arriveAt(browser, room.link, kind))
	}

	const pick = <T>(values: readonly T[]): T => {
		const one = values[random.integer(values.length)]
		if (one === undefined) throw new Error('nobody there')
		return one
	}
	let rejoined = 0
	const faults: Readonly<Record<string, () => Promise<void>>> = {
		'the server is killed': async () => {
			await app.kill()
			await sleep(500 + random.integer(3_000))
			await app.restart()
		},
		'the server is restarted': async () => {
			await app.stop()
			await app.restart()
		},
		'a member goes, another comes': async () => {
			room.removeMember(pick(room.members))
			await room.addMember()
			rejoined++
		},
		'a member loses every link': async () => {
			const { mesh } = pick(room.members)
			for (const { peer } of mesh.links()) mesh.drop(peer, 'error')
		},
		'two members lose their link': async () => {
			const { mesh } = pick(room.members)
			const [link] = mesh.links()
			if (link !== undefined) mesh.drop(link.peer, 'error')
		},
		...(guests.length > 0 && {
			'a page is loaded anew': async () => {
				const { page } = pick(guests)
				await page.reload({ waitUntil: 'commit', timeout: ARRIVE_MS })
				await isInRoom(page)
			},
			'a browser is offline for a while': async () => {
				const { context } = pick(guests)
				await context.setOffline(true)
				await sleep(1_000 + random.integer(6_000))
				await context.setOffline(false)
			},
		}),
	}

	const beganMs = Date.now()
	const saidAtMs = new Map<string, number>()
	const readings: Reading[] = []
	const happened = new Map<string, number>()
	const fdsAtFirst = fdsOf(process.pid)
	let troubles = 0
	let late = 0

	const report = (minute: number) => {
		const rssMib = rssOf(process.pid) / MIB
		readings.push({ atMs: Date.now(), rssMib })
		const isWarm = Date.now() - beganMs > WARM_UP_MS
		const slope = slopeOf(isWarm ? readings.filter(({ atMs }) => atMs - beganMs > WARM_UP_MS) : readings)
		const pid = app.pid()
		const overdue = [...room.texts].filter((text) => Date.now() - (saidAtMs.get(text) ?? Infinity) > LATE_MS)
		late = room.members.reduce((sum, { room: one }) => {
			const has = new Set(one.state().chat.map(({ text }) => text))
			return sum + overdue.filter((text) => !has.has(text)).length
		}, 0)
		console.log(
			[
				`minute ${String(minute)}`,
				`members ${String(room.members.length)}`,
				`said ${String(room.said())}`,
				`late ${String(late)}`,
				`faults ${String([...happened.values()].reduce((sum, count) => sum + count, 0))}`,
				`RSS ${rssMib.toFixed(0)} MiB`,
				`slope ${slope === null ? '–' : `${slope.toFixed(1)} MiB/h`}`,
				`open files ${String(fdsOf(process.pid))}`,
				pid === null
					? 'server away'
					: `server ${(rssOf(pid) / MIB).toFixed(0)} MiB, ${String(fdsOf(pid))} files`,
			].join(' · '),
		)
	}

	const endMs = beganMs + minutes * 60_000
	let isOver = false
	const talk = async () => {
		while (!isOver) {
			const member = pick(room.members)
			const before = new Set(room.texts)
			try {
				await room.say(member)
				for (const text of room.texts) if (!before.has(text)) saidAtMs.set(text, Date.now())
			} catch (error) {
				troubles++
				console.error(`not said: ${String(error)}`)
			}
			await sleep(TALK_EVERY_MS)
		}
	}
	const trouble = async () => {
		await sleep(FAULT_EVERY_MS)
		while (!isOver) {
			const untilMs = Date.now() + FAULT_EVERY_MS
			const [what, act] = pick(Object.entries(faults))
			happened.set(what, (happened.get(what) ?? 0) + 1)
			try {
				await act()
			} catch (error) {
				troubles++
				console.error(`${what}: ${String(error)}`)
			}
			await sleep(Math.max(0, Math.min(untilMs, endMs) - Date.now()))
		}
	}
	const talking = talk()
	const troubling = trouble()
	for (let minute = 1; Date.now() < endMs; minute++) {
		await sleep(Math.max(0, Math.min(beganMs + minute * 60_000, endMs) - Date.now()))
		report(minute)
	}
	isOver = true
	await Promise.all([talking, troubling])

	const isAllThere = async (): Promise<boolean> => {
		for (const guest of guests) if ((await unreadBy(guest, room.texts)).length > 0) return false
		return room.missing().lost === 0
	}
	const settleFromMs = Date.now()
	while (!(await isAllThere()) && Date.now() - settleFromMs < SETTLE_MS) await sleep(500)
	const settledMs = Date.now() - settleFromMs
	await waitUntil(() => room.isWhole(), 60_000)

	const { lost, doubled } = room.missing()
	let unread = 0
	for (const guest of guests) unread += (await unreadBy(guest, room.texts)).length
	const verdict = createVerdict(kinds.length > 0 ? 'an evening' : 'F22 soak')
	verdict.note('minutes', minutes)
	verdict.note('browsers and members', `${kinds.join(', ') || 'none'} and ${String(size)}`)
	verdict.note('faults', [...happened].map(([what, count]) => `${what} ${String(count)}`).join(', '))
	verdict.note('came anew', rejoined)
	verdict.is('that went wrong by themselves', troubles, 0)
	verdict.note('said', room.said())
	verdict.is('lost', lost, 0)
	verdict.is('doubled', doubled, 0)
	verdict.is('not on a browser’s screen', unread, 0)
	verdict.note('to be everywhere after the last fault', `${String(settledMs)} ms`)
	verdict.is('whole at the end', room.isWhole() ? 1 : 0, 1)
	const warm = readings.filter(({ atMs }) => atMs - beganMs > WARM_UP_MS)
	const slope = slopeOf(warm)
	if (slope !== null) verdict.atMost('memory after an hour', slope, SLOPE_MAX_MIB_AN_HOUR, ' MiB an hour')
	verdict.note('open files at first and at last', `${String(fdsAtFirst)}, ${String(fdsOf(process.pid))}`)
	const wrong = verdict.end()
	for (const { context } of guests) await context.close()
	for (const browser of browsers) await browser.close()
	room.stop()
	await app.close()
	return wrong.length === 0
}

const mode = (process.argv[2] ?? 'all') as Mode
if (!MODES.includes(mode)) {
	console.error(`npm run soak -- ${MODES.join(' | ')}`)
	process.exit(2)
}
let isGood = true
if (mode === 'all' || mode === 'suites') isGood = await runSuites()
if (mode === 'all' || mode === 'members')
	isGood = (await runMembers(numberOf('MINUTES', 480), numberOf('MEMBERS', 20), [])) && isGood
if (mode === 'evening')
	isGood = await runMembers(numberOf('MINUTES', 30), numberOf('MEMBERS', 20), ['chromium', 'firefox'])
process.exit(isGood ? 0 : 1)
