/**
 * What it costs a relay frame that its two members are at different processes: `npm run bench:bus`. Frames take turns
 * between a room of one process and a room of two, over a Redis of the benchmark's own, so both see the same machine.
 * Prints a table and writes bench/out/bus.json.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encodeRelayFrame } from '#lib/protocol/relay.ts'
import { startProcess } from '../tests/support/processes.ts'
import { startRedis } from '../tests/support/redis.ts'
import { joinRoom, newRoomId, type Joined } from '../tests/support/ws-client.ts'

const FRAMES = Number(process.env['FRAMES'] ?? 2_000)
/** As speed.md counts them: a sealed record with its head. */
const FRAME_BYTES = 290
const EVERY_MS = 10
const WARM_UP = 200
const LATE_MS = 2_000

const sleep = (forMs: number) => new Promise<void>((resolve) => setTimeout(resolve, forMs))
const quantile = (values: readonly number[], q: number): number =>
	values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))] ?? NaN
const round = (value: number): number => Math.round(value * 1000) / 1000

interface Way {
	readonly from: Joined
	readonly to: Joined
	readonly takenMs: number[]
	sent: number
}

const openWay = async (fromUrl: string, toUrl: string): Promise<Way> => {
	const room = newRoomId()
	const from = await joinRoom(fromUrl, room)
	const to = await joinRoom(toUrl, room)
	await from.next('peer-joined', 10_000)
	const way: Way = { from, to, takenMs: [], sent: 0 }
	to.ws.on('message', (data: Buffer, isBinary) => {
		const atMs = performance.now()
		if (isBinary) way.takenMs.push(atMs - data.readDoubleBE(data.length - FRAME_BYTES))
	})
	return way
}

const sendOn = (way: Way): void => {
	const bytes = Buffer.alloc(FRAME_BYTES, 7)
	const frame = Buffer.from(encodeRelayFrame([{ to: way.to.peer, bytes }]))
	frame.writeDoubleBE(performance.now(), frame.length - FRAME_BYTES)
	way.sent++
	way.from.ws.send(frame)
}

const redis = await startRedis()
const processes = [await startProcess({ REDIS_URL: redis.url }), await startProcess({ REDIS_URL: redis.url })]
try {
	const [one = '', two = ''] = processes.map(({ url }) => url)
	const ways = { oneProcess: await openWay(one, one), twoProcesses: await openWay(one, two) }
	for (let n = 0; n < WARM_UP + FRAMES; n++) {
		for (const way of Object.values(ways)) {
			sendOn(way)
			await sleep(EVERY_MS)
		}
	}
	await sleep(LATE_MS)
	const figures = Object.fromEntries(
		Object.entries(ways).map(([name, { takenMs, sent }]) => {
			const counted = takenMs.slice(WARM_UP)
			return [
				name,
				{
					p50Ms: round(quantile(counted, 0.5)),
					p99Ms: round(quantile(counted, 0.99)),
					lost: sent - takenMs.length,
				},
			]
		}),
	)
	const out = {
		frames: FRAMES,
		frameBytes: FRAME_BYTES,
		...figures,
		ratioP50: round((figures['twoProcesses']?.p50Ms ?? NaN) / (figures['oneProcess']?.p50Ms ?? NaN)),
	}
	console.table(figures)
	console.log(`two processes : one process, p50: ${String(out.ratioP50)} (at most 2)`)
	const dir = join(import.meta.dirname, 'out')
	await mkdir(dir, { recursive: true })
	await writeFile(join(dir, 'bus.json'), `${JSON.stringify(out, null, '\t')}\n`)
} finally {
	for (const process_ of processes) await process_.close()
	await redis.close()
}
process.exit()
