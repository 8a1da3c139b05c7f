/**
 * F11 and F12, small: a storm of connections from one address, and readers who never read. What they can take of the
 * server is limited and counted, and others notice nothing.
 */
import { once } from 'node:events'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { startApp, type AppServer } from '../support/app.ts'
import { ask, joinRoom, newRoomId } from '../support/ws-client.ts'
import { sleep } from '../support/wrtc.ts'
import { MIB, fdsOf, rssOf } from './process.ts'
import { sizeOf } from './sizes.ts'
import { createVerdict, percentile } from './verdict.ts'

const STORM = sizeOf('FAULT_STORM', 1_000, 10_000)
const READERS = sizeOf('FAULT_READERS', 40, 400)
const FRAMES = sizeOf('FAULT_READ_FRAMES', 300, 3_000)
const FRAME_BYTES = 24 * 1024
const LIMIT = 40

let app: AppServer
beforeAll(async () => {
	app = await startApp({
		MATINEE_CLIENT: 'none',
		LOG_LEVEL: 'fatal',
		MESSAGES_PER_SECOND: '1000000',
		MESSAGE_BURST: '1000000',
		BYTES_PER_SECOND: '1000000000',
		BYTE_BURST: '1000000000',
	})
}, 60_000)
afterAll(() => app.close())

const refusals = async (): Promise<Readonly<Record<string, number>>> =>
	(await ask(`${app.url}/healthz`)).body['refused'] as Readonly<Record<string, number>>
const socketUrl = (path: string): string => `${app.url.replace('http://localhost', 'ws://127.0.0.1')}${path}`

/** From another address of this machine than the innocent's. */
const openFrom = async (address: string, path: string): Promise<WebSocket | null> => {
	const ws = new WebSocket(socketUrl(path), {
		localAddress: address,
		origin: app.url.replace('localhost', '127.0.0.1'),
	})
	ws.on('error', () => ws.terminate()) // refused: what the caller is told
	const isOpen = await Promise.race([
		once(ws, 'open').then(
			() => true,
			() => false,
		),
		once(ws, 'close').then(() => false),
	])
	return isOpen ? ws : null
}

it(`[FA11, SG27] a storm of ${String(STORM)} connections from one address: ${String(LIMIT)} get in, others are not kept waiting`, async () => {
	const pid = app.pid() ?? 0
	const innocent = await joinRoom(app.url, newRoomId())
	await innocent.clock()
	const [rssBefore, fdsBefore] = [rssOf(pid), fdsOf(pid)]
	const storm = Promise.all(Array.from({ length: STORM }, () => openFrom('127.0.0.9', '/y-webrtc')))
	const waits: number[] = []
	let isOver = false
	void storm.then(() => (isOver = true))
	while (!isOver || waits.length < 20) {
		const beganMs = performance.now()
		await innocent.clock()
		waits.push(performance.now() - beganMs)
		await sleep(20)
	}
	const newcomer = await joinRoom(app.url, innocent.room, { name: 'Bob' })
	const inside = (await storm).filter((ws) => ws !== null)
	const rssAfter = rssOf(pid)
	const refused = await refusals()
	for (const ws of inside) ws.terminate()
	await sleep(500)
	const verdict = createVerdict('F11 a storm of connections')
	verdict.is('let in', inside.length, LIMIT)
	verdict.is('refused and counted', refused['address-sockets'] ?? 0, STORM - LIMIT)
	verdict.within('p99 of an innocent meanwhile', percentile(waits, 0.99), 1_000)
	verdict.is('innocents lost', innocent.isOpen() && newcomer.isOpen() ? 0 : 1, 0)
	verdict.atMost('memory', (rssAfter - rssBefore) / MIB, 32, ' MiB more')
	verdict.atMost('open files left', fdsOf(pid) - fdsBefore, 5)
	expect(verdict.end(), JSON.stringify(refused)).toEqual([])
	innocent.close()
	newcomer.close()
}, 600_000)

it.each([1, 10])(
	'[FA12, SG26] %i in 100 never read: they are cut off, and cost little of memory and others’ time',
	async (share) => {
		const pid = app.pid() ?? 0
		const slow = Math.max(1, Math.round((READERS * share) / 100))
		const publisher = await openFrom('127.0.0.3', '/y-webrtc')
		if (publisher === null) throw new Error('not let in')
		const readers: WebSocket[] = []
		const waits: number[] = []
		for (let i = 0; i < READERS; i++) {
			const ws = await openFrom(`127.0.0.${String(4 + Math.floor(i / LIMIT))}`, '/y-webrtc')
			if (ws === null) throw new Error('not let in')
			ws.send('{"type":"subscribe","topics":["film"]}')
			readers.push(ws)
			ws.on('message', (data: Buffer) => {
				const sentMs = Number(/"sentMs":([\d.]+)/.exec(data.subarray(0, 200).toString())?.[1])
				if (Number.isFinite(sentMs)) waits.push(performance.now() - sentMs)
			})
		}
		await sleep(200)
		const publish = async (count: number): Promise<number> => {
			waits.length = 0
			for (let n = 0; n < count; n++) {
				const data = { sentMs: performance.now(), rest: 'x'.repeat(FRAME_BYTES) }
				publisher.send(JSON.stringify({ type: 'publish', topic: 'film', data }))
				await sleep(5)
			}
			await sleep(500)
			return percentile(waits, 0.99)
		}
		const usualMs = await publish(FRAMES / 3)
		const rssBefore = rssOf(pid)
		const slowOnes = readers.slice(0, slow)
		const codes: number[] = []
		for (const ws of slowOnes) {
			ws.pause()
			ws.on('close', (code) => codes.push(code))
		}
		const counted = async () => (await refusals())['too-slow'] ?? 0
		const countBefore = await counted()
		const besideMs = await publish(FRAMES)
		const rssAfter = rssOf(pid)
		const cutOff = (await counted()) - countBefore
		const verdict = createVerdict(`F12 slow readers, ${String(share)} %`)
		verdict.note('readers, slow among them', `${String(READERS)}, ${String(slow)}`)
		verdict.is('cut off and counted', cutOff, slow)
		verdict.is(
			'others lost',
			readers.slice(slow).filter(({ readyState }) => readyState !== WebSocket.OPEN).length,
			0,
		)
		verdict.atMost('memory', (rssAfter - rssBefore) / MIB, 64, ' MiB more')
		verdict.note('p99 of the others before', `${usualMs.toFixed(1)} ms`)
		// 1.2 times, and what a busy machine adds to a few milliseconds.
		verdict.within('beside them', besideMs, 1.2 * usualMs + 15)
		expect(verdict.end()).toEqual([])
		for (const ws of [publisher, ...readers]) ws.terminate()
		await sleep(300)
	},
	600_000,
)
