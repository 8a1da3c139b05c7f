/**
 * Our mesh beside stock y-webrtc 10.3.0, through the same signaling server, one process a peer: `npm run bench:mesh`.
 * Prints a table and writes bench/out/mesh.json; `null` is what never happened within its time.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RoomRoot } from '#lib/core/room.ts'
import type { RoomId, SubjectId } from '#lib/core/units.ts'
import { startApp } from '../tests/support/app.ts'
import type { FromPeer, Job, Report, Side, ToPeer } from './mesh-job.ts'
import { createDevice, cryptoRandom, writeState } from './mesh-state.ts'

/** Limits of one address would meet forty peers of one machine, and y-webrtc's chatter first. */
const UNLIMITED = Object.fromEntries(
	[
		'MAX_SOCKETS_PER_ADDRESS',
		'MAX_SOCKETS_PER_SUBJECT',
		'MESSAGES_PER_SECOND',
		'MESSAGE_BURST',
		'BYTES_PER_SECOND',
		'BYTE_BURST',
		'IDENTITIES_PER_MINUTE',
		'TICKETS_PER_MINUTE',
		'READS_PER_MINUTE',
	].map((name) => [name, '100000000']),
)

const BIG_ROOM = Number(process.env['BIG_ROOM'] ?? 40)
const JOINS = Number(process.env['JOINS'] ?? 3)
const STAGGER_MS = 250
/** Links and records unchanged for this long: the room has come to rest. */
const REST_MS = 7_000
const REST_LIMIT_MS = 60_000
const COMPLETE_LIMIT_MS = 30_000
const UPDATES = 5
/** Links left over from a smaller room are closed 5 s after nobody wants them. */
const SOON_MS = 2_000
const UPDATE_SPREAD_MS = 1_500

interface Figures {
	signalingFrames20Joins: number | null
	sendsPerUpdate20: number | null
	state300KBMs: number | null
	state3MBMs: number | null
	joinAt10Ms: number | null
	joinAt40Ms: number | null
}

const sleep = (forMs: number) => new Promise<void>((resolve) => setTimeout(resolve, forMs))
const median = (values: readonly number[]): number =>
	values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN

/** A peer's process, used for one peer after another. */
const createHost = async () => {
	const child: ChildProcess = fork(join(import.meta.dirname, 'mesh-peer.ts'), {
		stdio: ['ignore', 'ignore', process.env['VERBOSE'] ? 'inherit' : 'ignore', 'ipc'],
	})
	const next = <Type extends FromPeer['type']>(type: Type, limitMs = 60_000) =>
		new Promise<Extract<FromPeer, { type: Type }> | null>((resolve) => {
			const done = (message: Extract<FromPeer, { type: Type }> | null) => {
				clearTimeout(timer)
				child.off('message', listen)
				resolve(message)
			}
			const listen = (message: unknown) => {
				if ((message as FromPeer).type === type) done(message as Extract<FromPeer, { type: Type }>)
			}
			const timer = setTimeout(() => done(null), limitMs)
			child.on('message', listen)
		})
	const say = (message: ToPeer) => {
		if (child.connected) child.send(message)
	}
	await next('ready')
	return {
		start: (job: Job) => {
			const complete = next('complete', COMPLETE_LIMIT_MS)
			say({ type: 'start', job })
			return { complete: complete.then((message) => message?.tookMs ?? null) }
		},
		write: () => say({ type: 'write' }),
		report: async (): Promise<Report> => {
			const report = next('report')
			say({ type: 'report' })
			return (
				(await report) ?? {
					links: 0,
					records: 0,
					framesIn: 0,
					framesOut: 0,
					clockFrames: 0,
					updateSends: 0,
				}
			)
		},
		stop: async () => {
			const stopped = next('stopped', 5_000)
			say({ type: 'stop' })
			await stopped
		},
		end: () => child.kill('SIGKILL'),
	}
}
type Host = Awaited<ReturnType<typeof createHost>>

const sumOf = (reports: readonly Report[], pick: (report: Report) => number): number =>
	reports.reduce((sum, report) => sum + pick(report), 0)

const restOf = async (hosts: readonly Host[]): Promise<Report[]> => {
	let before = ''
	let sinceMs = performance.now()
	const limitMs = performance.now() + REST_LIMIT_MS
	for (;;) {
		await sleep(300)
		const reports = await Promise.all(hosts.map((host) => host.report()))
		const now = reports.map(({ links, records }) => `${String(links)}/${String(records)}`).join(' ')
		if (now !== before) {
			before = now
			sinceMs = performance.now()
		}
		if (performance.now() - sinceMs >= REST_MS || performance.now() > limitMs) return reports
	}
}

const main = async () => {
	const folder = await mkdtemp(join(tmpdir(), 'matinee-bench-'))
	const app = await startApp({ ...UNLIMITED, MATINEE_CLIENT: 'none', LOG_LEVEL: 'error' })
	const hosts: Host[] = []
	const hostsFor = async (count: number): Promise<Host[]> => {
		while (hosts.length < count) hosts.push(await createHost())
		return hosts.slice(0, count)
	}
	const owner = await createDevice()
	const root: RoomRoot = {
		v: 1,
		ownerDevice: owner.device,
		ownerSubject: 'g_owner' as SubjectId,
		title: 'Benchmark',
		createdAtMs: Date.now(),
	}
	/** Records are signed for one room, so all rooms of this run have one id; they follow one another. */
	const room = Buffer.from(cryptoRandom.bytes(16)).toString('base64url') as RoomId
	const roomKey = Buffer.from(cryptoRandom.bytes(32)).toString('base64')
	const makeState = async (name: string, messages: number, chars: number) => {
		const path = join(folder, `${name}.json`)
		return { path, bytes: await writeState(path, room, root, messages, chars) }
	}
	const small = await makeState('small', 60, 60)
	const medium = await makeState('300KB', 480, 490)
	const large = await makeState('3MB', 4_900, 490)
	console.log(
		`states: ${[small, medium, large].map(({ bytes }) => `${String(Math.round(bytes / 1024))} KiB`).join(', ')}`,
	)

	const jobOf = (side: Side, state: string, isHolder: boolean): Job => ({
		side,
		server: app.url,
		room,
		root,
		roomKey,
		state,
		isHolder,
	})
	/** Peers one after another; when the last has come, the room is left to come to rest. */
	const fill = async (
		side: Side,
		state: string,
		peers: readonly Host[],
		holders: number,
		onFilled: () => Promise<void> = async () => undefined,
	) => {
		for (const [i, peer] of peers.entries()) {
			peer.start(jobOf(side, state, i < holders))
			await sleep(STAGGER_MS)
		}
		await onFilled()
		return restOf(peers)
	}
	const empty = async (peers: readonly Host[]) => {
		await Promise.all(peers.map((peer) => peer.stop()))
		await sleep(500)
	}
	/** Joiners one after another, each into the room as it was; null as soon as one is never complete. */
	const measureJoins = async (side: Side, state: string, joiner: Host, count: number) => {
		const took: number[] = []
		for (let i = 0; i < count; i++) {
			const tookMs = await joiner.start(jobOf(side, state, false)).complete
			await joiner.stop()
			if (tookMs === null) return null
			took.push(tookMs)
			await sleep(1_500)
		}
		return Math.round(median(took))
	}

	const notes: string[] = []
	const measure = async (side: Side): Promise<Figures> => {
		const figures: Figures = {
			signalingFrames20Joins: null,
			sendsPerUpdate20: null,
			state300KBMs: null,
			state3MBMs: null,
			joinAt10Ms: null,
			joinAt40Ms: null,
		}
		const joinAt = async (size: number) => {
			const all = await hostsFor(size)
			const [joiner, ...present] = all
			if (joiner === undefined) return null
			const reports = await fill(side, small.path, present, 1)
			const links = reports.map((report) => report.links)
			notes.push(
				`${side}: at ${String(size)}, links ${String(Math.min(...links))} to ${String(Math.max(...links))}, ${String(reports.filter(({ records }) => records >= 60).length)} of ${String(present.length)} complete before the joiner`,
			)
			const joinMs = await measureJoins(side, small.path, joiner, JOINS)
			await empty(present)
			return joinMs
		}
		const bringState = async (path: string) => {
			const [joiner, ...present] = await hostsFor(3)
			if (joiner === undefined) return null
			await fill(side, path, present, present.length)
			const tookMs = await measureJoins(side, path, joiner, JOINS)
			await empty(present)
			return tookMs
		}

		const twenty = await hostsFor(20)
		/** Sends of the whole room for one record that `writer` writes now. */
		const sendsOf = async (writer: Host | undefined) => {
			const before = await Promise.all(twenty.map((peer) => peer.report()))
			writer?.write()
			await sleep(UPDATE_SPREAD_MS)
			const after = await Promise.all(twenty.map((peer) => peer.report()))
			const reached = after.filter(({ records }, k) => records > (before[k]?.records ?? 0)).length
			if (reached < twenty.length) notes.push(`${side}: an update reached ${String(reached)} of 20`)
			return sumOf(after, (report) => report.updateSends) - sumOf(before, (report) => report.updateSends)
		}
		const joined = await fill(side, small.path, twenty, 1, async () => {
			await sleep(SOON_MS)
			const sends = await sendsOf(twenty[0])
			notes.push(
				`${side}: ${String(SOON_MS / 1000)} s after the last of 20 joins, before links have settled: ${String(sends)} sends an update`,
			)
		})
		figures.signalingFrames20Joins = sumOf(joined, (report) => report.framesIn + report.framesOut)
		notes.push(
			`${side}: 20 joins, ${String(sumOf(joined, (report) => report.framesIn))} frames in, ${String(sumOf(joined, (report) => report.framesOut))} out, ${String(sumOf(joined, (report) => report.clockFrames))} of them clock probes; links ${String(sumOf(joined, (report) => report.links) / 2)}`,
		)
		const sends: number[] = []
		for (let i = 0; i < UPDATES; i++) sends.push(await sendsOf(twenty[i]))
		figures.sendsPerUpdate20 = median(sends)
		await empty(twenty)
		figures.state300KBMs = await bringState(medium.path)
		figures.state3MBMs = await bringState(large.path)
		figures.joinAt10Ms = await joinAt(10)
		figures.joinAt40Ms = await joinAt(BIG_ROOM)
		return figures
	}

	try {
		const result = { ours: await measure('ours'), yWebrtc: await measure('yWebrtc') }
		const goals: Partial<Record<keyof Figures, number>> = {
			signalingFrames20Joins: 3_000,
			sendsPerUpdate20: 160,
		}
		console.table(
			(Object.keys(result.ours) as (keyof Figures)[]).map((what) => ({
				what,
				ours: result.ours[what] ?? 'never',
				yWebrtc: result.yWebrtc[what] ?? 'never',
				goal: goals[what] ?? '',
			})),
		)
		for (const note of notes) console.log(note)
		const out = join(import.meta.dirname, 'out')
		await mkdir(out, { recursive: true })
		await writeFile(join(out, 'mesh.json'), `${JSON.stringify(result, null, '\t')}\n`)
	} finally {
		for (const host of hosts) host.end()
		await app.close()
		await rm(folder, { recursive: true, force: true })
	}
}

await main()
