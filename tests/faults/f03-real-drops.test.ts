/**
 * F3 once more, small and real: sockets and data channels of members in one room at a server are torn for 2 s in every
 * 10 s, one member after the other, while everybody talks. All of it is delivered, once.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startApp, type AppServer } from '../support/app.ts'
import { sleep, waitUntil } from '../support/wrtc.ts'
import { openRealRoom, UNLIMITED, type RealRoom } from './real-rooms.ts'
import { sizeOf } from './sizes.ts'
import { createVerdict } from './verdict.ts'

const MEMBERS = sizeOf('FAULT_REAL_MEMBERS', 4, 8)
const ROUNDS = sizeOf('FAULT_REAL_ROUNDS', 1, 30)
const EVERY_MS = 10_000
const DROP_MS = 2_000
const TALK_EVERY_MS = 500
const SETTLE_MS = 60_000

let app: AppServer
let room: RealRoom
beforeAll(async () => {
	app = await startApp({ MATINEE_CLIENT: 'none', LOG_LEVEL: 'error', ...UNLIMITED })
	room = await openRealRoom(app, MEMBERS)
}, 120_000)
afterAll(async () => {
	room.stop()
	await app.close()
})

it('[FA3, TR12] sockets and data channels torn for 2 s in every 10 s: everything is delivered to all', async () => {
	const endMs = performance.now() + ROUNDS * EVERY_MS
	let drops = 0
	await Promise.all([
		...room.members.map(async (member, i) => {
			await sleep((EVERY_MS * i) / MEMBERS)
			for (let round = 0; round < ROUNDS; round++) {
				member.cutOff(DROP_MS)
				drops++
				await sleep(EVERY_MS)
			}
		}),
		(async () => {
			while (performance.now() < endMs) {
				await room.sayAll()
				await sleep(TALK_EVERY_MS)
			}
		})(),
	])
	const fromMs = performance.now()
	await waitUntil(() => room.missing().lost === 0, SETTLE_MS)
	const settledMs = performance.now() - fromMs
	const { lost, doubled } = room.missing()
	const sent = room.said() * MEMBERS
	const verdict = createVerdict('F3 drops of 2 s, real sockets and channels')
	verdict.is('drops', drops, MEMBERS * ROUNDS)
	verdict.note('links torn', room.linksDropped())
	verdict.note('deliveries', sent)
	verdict.is('delivered %', (100 * (sent - lost)) / sent, 100)
	verdict.is('doubled', doubled, 0)
	verdict.note('everywhere after the last drop', `${settledMs.toFixed(0)} ms`)
	verdict.is('whole again', (await waitUntil(() => room.isWhole(), SETTLE_MS)) ? 1 : 0, 1)
	expect(verdict.end()).toEqual([])
}, 3_600_000)
