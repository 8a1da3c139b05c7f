/**
 * One room of many real members on this machine: a few Chromium pages, the others in Node over @roamhq/wrtc or, some of
 * them, over the server's relay alone. `npm run bench:large`; prints a table and writes bench/out/large.json.
 * MEMBERS (200), PAGES (3) and WRTC (30) are its size and mix, the others are over the relay alone; HOSTS (8) are the
 * processes they live in. CLIENT names a built client (`build` unless given).
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startApp } from '../tests/support/app.ts'
import { launch } from '../tests/support/browsers.ts'
import {
	arriveKeeping as arrive,
	differenceMs,
	openTab,
	SAMPLE,
	type Person,
} from '../tests/support/person.ts'
import { UNLIMITED } from '../tests/faults/real-rooms.ts'
import { createHost, type MemberHost } from './large/host.ts'
import type { MemberReport, Visit } from './large/job.ts'
import { hopsOf } from './large/hops.ts'

const MEMBERS = Number(process.env['MEMBERS'] ?? 200)
const PAGES = Number(process.env['PAGES'] ?? 3)
/** An idle one with nine links takes 18 ms of a core each second: two cores bear some forty. */
const WRTC = Math.min(Number(process.env['WRTC'] ?? 30), MEMBERS - PAGES)
const RELAY_ONLY = MEMBERS - PAGES - WRTC
/** Each connection of @roamhq/wrtc holds dozens of file descriptors until it is collected. */
const HOSTS = Number(process.env['HOSTS'] ?? 8)
const VISITS = Number(process.env['VISITS'] ?? 5)
const PAGE_JOINS = Number(process.env['PAGE_JOINS'] ?? 3)
const CALM_MS = Number(process.env['CALM_MS'] ?? 60_000)
const WHOLE_LIMIT_MS = 180_000
/** As many messages at once as there are members: the work rises with the square. */
const SPREAD_LIMIT_MS = Math.max(60_000, (MEMBERS * MEMBERS * 60_000) / 10_000)
/** Links left over from a smaller room are closed 5 s after nobody wants them. */
const REST_MS = 10_000
const IN_STEP_MS = 40
const IN_STEP_LIMIT_MS = 30_000

const sleep = (forMs: number) => new Promise<void>((resolve) => setTimeout(resolve, forMs))
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const median = (values: readonly number[]): number =>
	values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN
const round = (value: number): number => Math.round(value * 10) / 10

/** CPU of a process so far, ms, and what it keeps in memory, bytes; of all its descendants too. */
const usageOf = async (pid: number): Promise<{ cpuMs: number; rssBytes: number }> => {
	const stat = await readFile(`/proc/${String(pid)}/stat`, 'utf8').catch(() => null) // it has ended
	if (stat === null) return { cpuMs: 0, rssBytes: 0 }
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
	const children = (
		await readFile(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8').catch(() => '')
	)
		.split(' ')
		.filter(Boolean)
	const of = await Promise.all(children.map((child) => usageOf(Number(child))))
	return {
		cpuMs: (Number(fields[11]) + Number(fields[12])) * 10 + sum(of.map(({ cpuMs }) => cpuMs)),
		rssBytes: Number(fields[21]) * 4_096 + sum(of.map(({ rssBytes }) => rssBytes)),
	}
}

const ownLinks = (person: Person): Promise<number> =>
	person.page
		.locator('[data-room-state]')
		.getAttribute('data-link-count')
		.then((count) => Number(count))

/** The rest of the machine's work is beside it: people in tests are more impatient. */
const PAGE_LIMIT_MS = 120_000
const enter = async ({ page }: Person, link: string): Promise<void> => {
	await page.goto(link, { timeout: PAGE_LIMIT_MS })
	await page.getByRole('button', { name: 'Invite' }).waitFor({ timeout: PAGE_LIMIT_MS })
}
const start = async ({ page }: Person, url: string): Promise<string> => {
	await page.goto(url, { timeout: PAGE_LIMIT_MS })
	await page.getByRole('textbox', { name: 'Video link' }).fill(`${url}${SAMPLE}`)
	await page.getByRole('button', { name: 'Start a room' }).click()
	await page.waitForURL(/\/r#/, { timeout: PAGE_LIMIT_MS })
	await page.getByRole('button', { name: 'Invite' }).waitFor({ timeout: PAGE_LIMIT_MS })
	await page.getByTestId('player').waitFor({ timeout: PAGE_LIMIT_MS })
	return page.url()
}

const main = async () => {
	const client = process.env['CLIENT'] ?? join(import.meta.dirname, '../build')
	const app = await startApp({
		...UNLIMITED,
		MESSAGES_PER_SECOND: '1000000',
		MESSAGE_BURST: '1000000',
		MATINEE_CLIENT: client,
		LOG_LEVEL: 'error',
	})
	const browser = await launch('chromium')
	const hosts: MemberHost[] = []
	/** Nothing of it stays behind, whoever ends it. */
	const endAll = async () => {
		for (const host of hosts) host.end()
		await browser.close()
		await app.close()
	}
	for (const signal of ['SIGINT', 'SIGTERM'] as const)
		process.once(signal, () => void endAll().finally(() => process.exit(1)))
	const results: Record<string, unknown> = {}
	const note = (what: string, value: unknown) => {
		results[what] = value
		console.log(`${what.padEnd(26)} ${JSON.stringify(value)}`)
	}
	try {
		const first = await arrive(browser)
		const link = await start(first, app.url)
		const pages = [first]
		while (pages.length < PAGES) {
			const page = await arrive(browser)
			await enter(page, link)
			pages.push(page)
		}

		const inNode = MEMBERS - PAGES
		for (let i = 0; i < HOSTS; i++) hosts.push(await createHost())
		const report = async (): Promise<MemberReport[]> =>
			(await Promise.all(hosts.map((host) => host.report()))).flatMap(({ members }) => members)

		const cpuOfServer = async () => (await usageOf(app.pid() ?? 0)).cpuMs
		const joiningMs = performance.now()
		let from = PAGES
		// One process after the other: all at once they would measure how full this machine is.
		for (const [i, host] of hosts.entries()) {
			const count = Math.floor(inNode / HOSTS) + (i < inNode % HOSTS ? 1 : 0)
			const relayOnly = Math.floor(RELAY_ONLY / HOSTS) + (i < RELAY_ONLY % HOSTS ? 1 : 0)
			await host.start({ link, from, count, relayOnly })
			from += count
		}
		note('allCameInMs', Math.round(performance.now() - joiningMs))
		const isWhole = (members: readonly MemberReport[]) =>
			members.every(({ links, present }) => links.length > 0 && present === MEMBERS) &&
			hopsOf(members).reached === MEMBERS
		for (;;) {
			const members = await report()
			if (isWhole(members)) break
			if (performance.now() - joiningMs > WHOLE_LIMIT_MS) {
				note('notWhole', {
					...hopsOf(members),
					present: [...new Set(members.map(({ present }) => present))].join(' '),
				})
				break
			}
			await sleep(500)
		}
		note('wholeAfterMs', Math.round(performance.now() - joiningMs))
		await sleep(REST_MS)

		const settled = await report()
		const degrees = settled.map(({ links }) => links.length)
		note('links', { average: round(sum(degrees) / degrees.length), max: Math.max(...degrees) })
		note('hops', hopsOf(settled))
		note(
			'relayedLinks',
			sum(settled.map(({ links }) => links.filter(({ path }) => path === 'relayed').length)),
		)
		const kinds = { wrtc: 0, relayOnly: 0 }
		for (const { links } of settled)
			kinds[links.some(({ path }) => path === 'direct') ? 'wrtc' : 'relayOnly']++
		note('withAndWithoutChannels', kinds)
		note('redirected', sum(settled.map(({ redirected }) => redirected)))
		note('attemptsPerMember', round(sum(settled.map(({ attempts }) => attempts)) / settled.length))
		note('signalingFramesPerMember', {
			...Object.fromEntries(
				[...new Set(settled.flatMap(({ signaling }) => Object.keys(signaling)))]
					.toSorted()
					.map((key) => [
						key,
						round(sum(settled.map(({ signaling }) => signaling[key] ?? 0)) / settled.length),
					]),
			),
		})

		// --- at rest
		await Promise.all(hosts.map((host) => host.count()))
		const cpuBefore = await Promise.all(hosts.map((host) => host.report()))
		const serverBefore = await cpuOfServer()
		const calmBeganMs = performance.now()
		await sleep(CALM_MS)
		const calm = await Promise.all(hosts.map((host) => host.report()))
		const serverAfter = await cpuOfServer()
		const minutes = (performance.now() - calmBeganMs) / 60_000
		const calmMembers = calm.flatMap(({ members }) => members)
		const perMemberMinute = (pick: (one: MemberReport) => number) =>
			Math.round(sum(calmMembers.map(pick)) / calmMembers.length / minutes)
		note('atRest', {
			presenceBytesPerMemberMinute: perMemberMinute(({ statusBytes }) => statusBytes),
			presenceFramesPerMemberMinute: perMemberMinute(({ statusFrames }) => statusFrames),
			bytesPerMemberMinute: perMemberMinute(({ linkBytes }) => linkBytes),
			knownStatuses: round(sum(calmMembers.map(({ known }) => known)) / calmMembers.length),
			cpuMsPerMemberSecond: round(
				(sum(calm.map(({ cpuMs }) => cpuMs)) - sum(cpuBefore.map(({ cpuMs }) => cpuMs))) /
					calmMembers.length /
					(minutes * 60),
			),
			serverCpuMsPerSecond: round((serverAfter - serverBefore) / (minutes * 60)),
			rssMBPerMember: round(sum(calm.map(({ rssBytes }) => rssBytes)) / calmMembers.length / 1e6),
		})

		// --- everybody says one thing
		await Promise.all(hosts.map((host) => host.count()))
		const saidAtMs = Date.now()
		await Promise.all(hosts.map((host) => host.sayAll()))
		const saidInMs = Date.now() - saidAtMs
		let heard = await report()
		while (heard.some(({ chat }) => chat < inNode) && Date.now() - saidAtMs < SPREAD_LIMIT_MS) {
			await sleep(250)
			heard = await report()
		}
		note('chat', {
			messages: inNode,
			saidInMs,
			membersWithAll: heard.filter(({ chat }) => chat === inNode).length,
			allHereAfterMs: Math.max(...heard.map(({ chatAtMs }) => chatAtMs)) - saidAtMs,
			sendsPerMessage: round(sum(heard.map(({ updateSends }) => updateSends)) / inNode),
		})
		const pagesHave: number[] = []
		for (const page of pages) {
			await openTab(page, 'Chat')
			const log = page.page.getByRole('log', { name: 'Chat messages' })
			await log
				.getByText(`message ${String(MEMBERS - 1)}`)
				.first()
				.waitFor({ timeout: SPREAD_LIMIT_MS })
				.catch(() => undefined) // counted below
			pagesHave.push(new Set((await log.innerText()).match(/message \d+/g)).size)
		}
		note('chatInPages', pagesHave)

		// --- somebody pauses; by now the film may be over
		await first.page.keyboard.press('Escape')
		const play = first.page.getByRole('button', { name: 'Play', exact: true }).first()
		if (await play.isVisible()) {
			await play.click({ timeout: PAGE_LIMIT_MS })
			await sleep(REST_MS)
		}
		const pause = first.page.getByRole('button', { name: 'Pause', exact: true }).first()
		await pause.waitFor({ timeout: PAGE_LIMIT_MS })
		const revsBefore = new Set((await report()).map(({ playbackRev }) => playbackRev))
		const pausedAtMs = Date.now()
		await pause.click({ timeout: PAGE_LIMIT_MS })
		let paused = await report()
		while (
			paused.some(({ playbackRev }) => revsBefore.has(playbackRev)) &&
			Date.now() - pausedAtMs < SPREAD_LIMIT_MS
		) {
			await sleep(100)
			paused = await report()
		}
		note('pause', {
			members: paused.filter(({ playbackRev }) => !revsBefore.has(playbackRev)).length,
			allHereAfterMs: Math.max(...paused.map(({ playbackAtMs }) => playbackAtMs)) - pausedAtMs,
		})
		await play.click({ timeout: PAGE_LIMIT_MS })

		// --- one more comes
		const visits: (Visit & { strangersSignals: number; othersFrames: number })[] = []
		for (let i = 0; i < VISITS; i++) {
			await Promise.all(hosts.map((host) => host.count()))
			const visit = await hosts[i % HOSTS]?.visit(inNode)
			if (visit === undefined) break
			const members = await report()
			const dialled = new Set(visit.dialled)
			visits.push({
				...visit,
				strangersSignals: sum(
					members
						.filter(({ peer }) => !dialled.has(peer))
						.map(({ signaling }) => (signaling['in signal'] ?? 0) + (signaling['out signal'] ?? 0)),
				),
				othersFrames: round(sum(members.map(({ signaling }) => signaling['in peer-joined'] ?? 0)) / inNode),
			})
			await sleep(1_000)
		}
		const framesOf = ({ frames }: Visit) =>
			sum(Object.entries(frames).flatMap(([key, count]) => (/clock|peer-/.test(key) ? [] : [count])))
		note('visit', {
			tookMs: visits.map(({ tookMs }) => tookMs && Math.round(tookMs)),
			signalingFrames: visits.map(framesOf),
			medianSignalingFrames: median(visits.map(framesOf)),
			clockFrames: visits.map(({ frames }) => (frames['in clock'] ?? 0) + (frames['out clock'] ?? 0)),
			byType: visits[0]?.frames,
			links: visits.map(({ links }) => links),
			strangersSignals: visits.map(({ strangersSignals }) => strangersSignals),
			peerJoinedPerMember: visits.map(({ othersFrames }) => othersFrames),
		})

		// --- a page comes; there are two minutes of film
		const seek = first.page.getByRole('slider', { name: 'Seek', exact: true })
		await seek.press('Home', { timeout: PAGE_LIMIT_MS })
		if (await play.isVisible()) await play.click({ timeout: PAGE_LIMIT_MS })
		await sleep(REST_MS)
		const joins: (number | null)[] = []
		const linksOfPages: number[] = []
		for (let i = 0; i < PAGE_JOINS; i++) {
			const joiner = await arrive(browser)
			const openedMs = performance.now()
			await enter(joiner, link)
			let tookMs: number | null = null
			while (tookMs === null && performance.now() - openedMs < IN_STEP_LIMIT_MS) {
				const off = await differenceMs(first, joiner).catch(() => Infinity) // no player yet
				const plays = await joiner.page
					.getByTestId('player')
					.evaluate((media) => !(media as HTMLMediaElement).paused)
					.catch(() => false) // no player yet
				if (plays && off < IN_STEP_MS) tookMs = performance.now() - openedMs
				else await sleep(20)
			}
			joins.push(tookMs && Math.round(tookMs))
			linksOfPages.push(await ownLinks(joiner))
			await joiner.close()
		}
		note('pageJoin', { inStepMs: joins, links: linksOfPages })

		// --- the list of people, in a page
		await openTab(first, 'Chat')
		const peopleMs: number[] = []
		for (let i = 0; i < 5; i++) {
			peopleMs.push(
				await first.page.evaluate(
					() =>
						new Promise<number>((resolve) => {
							const tab = [...document.querySelectorAll<HTMLElement>('[role=tab]')].find((one) =>
								one.textContent.includes('People'),
							)
							const beganMs = performance.now()
							tab?.click()
							requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - beganMs), 0))
						}),
				),
			)
			await openTab(first, 'Chat')
		}
		await openTab(first, 'People')
		note('peopleTab', {
			openMs: peopleMs.map(round),
			medianMs: round(median(peopleMs)),
			rows: await first.page.getByRole('list', { name: 'People' }).getByRole('listitem').count(),
		})
		note('pageErrors', pages.flatMap(({ errors }) => errors).slice(0, 5))

		const all = await Promise.all(hosts.map((host) => host.report()))
		note('all', {
			members: MEMBERS,
			pages: PAGES,
			wrtc: WRTC,
			relayOnly: RELAY_ONLY,
			hosts: HOSTS,
			cpuMsPerMember: round(sum(all.map(({ cpuMs }) => cpuMs)) / inNode),
			rssMB: Math.round(sum(all.map(({ rssBytes }) => rssBytes)) / 1e6),
			serverCpuMs: Math.round((await usageOf(app.pid() ?? 0)).cpuMs),
			serverRssMB: Math.round((await usageOf(app.pid() ?? 0)).rssBytes / 1e6),
			clientErrors: app.output().split('\n').slice(-3).join(' '),
		})
		const out = join(import.meta.dirname, 'out')
		await mkdir(out, { recursive: true })
		await writeFile(join(out, 'large.json'), `${JSON.stringify(results, null, '\t')}\n`)
	} finally {
		await endAll()
	}
}

await main()
