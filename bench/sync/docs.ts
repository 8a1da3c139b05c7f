/**
 * Writes docs/sync.md and its pictures from what the last runs left in bench/out: `node bench/sync/docs.ts`, or a run
 * with DOCS=1.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { rivals } from '../rivals/rivals.ts'
import { plotOf } from './plot.ts'
import { markdownOf, rowsOf, type Ruled, type SyncResult } from './report.ts'
import type { RuleResult } from './rules.ts'

const ROOT = join(import.meta.dirname, '../..')
const OUT = join(ROOT, 'bench/out')

type Kept = SyncResult & { readonly machine: string; readonly link: unknown; readonly isQuick?: boolean }

const read = async <T>(name: string): Promise<T | null> => {
	try {
		return JSON.parse(await readFile(join(OUT, name), 'utf8')) as T
	} catch {
		return null // not run yet: left out of the page
	}
}

const nameOf = (rule: string): string => (rule === 'ours' ? 'Matinee' : (rivals[rule]?.name ?? rule))

const never = (seconds: number | null): string => (seconds === null ? 'never' : String(seconds))

const ruleRow = (name: string, { p50, p99, roomP50, roomP99, stallRepairedS }: Ruled): string =>
	`| ${name} | ${String(p50)} / ${String(p99)} | ${String(roomP50)} / ${String(roomP99)} | ${never(stallRepairedS)} |`

const ruleTable = (kept: Kept): string =>
	[
		'| rule | apart, p50 / p99 (ms) | to the room, p50 / p99 (ms) | 0.4 s set-back repaired within (s) |',
		'|---|---|---|---|',
		ruleRow('**Matinee**', kept.ours),
		...Object.entries(kept.rivals).map(([rule, figures]) => ruleRow(nameOf(rule), figures)),
	].join('\n')

const section = async (name: string, title: string, isWan: boolean): Promise<string | null> => {
	const kept = await read<Kept>(`${name}.json`)
	const stories = await read<RuleResult[]>(`${name}-stories.json`)
	if (kept === null || stories === null) return null
	const picture = `img/${name}.svg`
	const subtitle = [
		'The same clock, the same two players (with and without sound), the same script. Orange: Matinee.',
		'Dashed: 40 ms, a frame at 25 fps. At the right: the steady part, 50th / 99th percentile.',
	]
	await writeFile(
		join(ROOT, 'docs', picture),
		plotOf(stories, nameOf, `Two players apart, ${title}`, subtitle),
	)
	return `## ${title[0]?.toUpperCase() ?? ''}${title.slice(1)}

${markdownOf(rowsOf(kept, isWan))}

Three browsers, each with each: ${kept.three ? `${String(kept.three.p50)} / ${String(kept.three.p99)} ms` : 'not measured'}. A really hidden tab with sound: ${kept.hidden ? `${String(kept.hidden.p50)} / ${String(kept.hidden.p99)} ms while hidden, in step ${never(kept.hidden.backInStepMs)} ms after coming back` : 'not measured'}.

The rivals' rules in the same run, on the same pages:

${ruleTable(kept)}

![How far apart two players were under each rule](${picture})

${kept.isQuick === true ? 'A quick run: shorter phases, fewer acts and rivals than a full one. ' : ''}Machine: ${kept.machine}.${isWan ? ` The link as measured before anybody came (round trips): \`${JSON.stringify(kept.link)}\`.` : ''}
`
}

export const writeDocs = async (): Promise<void> => {
	await mkdir(join(ROOT, 'docs/img'), { recursive: true })
	const sections = [
		await section('sync', 'on loopback', false),
		await section('sync-wan', 'over 40 ± 10 ms one way with 1 % loss', true),
	].filter((text) => text !== null)
	const page = `# How closely Matinee keeps people in step

Written by \`bench/sync/docs.ts\` from \`npm run bench:sync\` and \`npm run bench:sync:wan\`; nothing here is typed by hand.

**How it is measured.** Browsers as processes of their own, the whole app from a production build, the real server, real data channels. The players are unlike: one film with its sound track, one without. Each page's clock is wrong by minutes and runs up to 40 ppm fast or slow, in its Workers too, so no shared clock leaks in. In every page \`currentTime\` is read each 20 ms against the machine's own clock; looks at paused or seeking players are dropped, B is interpolated at A's times (gaps up to 200 ms), the first 3 s of a phase are dropped. Figures are 50th and 99th percentiles of absolute values; acts are medians, and everything single is in \`bench/out\`.

**Like with like.** The rivals' rules (re-implemented from their sources, in \`bench/rivals\`) stand behind the same port as our follow loop, in the same pages, under the same room clock and with our scheduled start, which most of them do not have: they look better here than in their products. The one that ours is compared with in the tables is the one with the lowest 99th percentile; now and then another rule stands nearer for a while by luck, which the lists of all rules show.

**What it does not say.** Both browsers run on one machine and one sound card clock; no phone, no Safari, no real YouTube or Twitch was measured, only fakes of their players that speak their protocols. Two machines add the asymmetry of their route to the clock's error.

${sections.join('\n')}`
	await writeFile(join(ROOT, 'docs/sync.md'), page)
}

if (import.meta.main) await writeDocs()
