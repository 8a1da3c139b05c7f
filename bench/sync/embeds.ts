/**
 * Two people watching what another site plays, by the real adapter against the fake of its player: how far apart the
 * films inside the two frames are.
 */
import type { Browser } from 'playwright-core'
import { spreadOf, type Spread } from '#lib/follow/figures.ts'
import { addToQueue, joinRoom, startRoom } from '../../tests/support/person.ts'
import { seek, wait, waitUntilAllPlay } from './pair.ts'
import { steady } from './phases.ts'
import { valuesOf } from './readings.ts'
import { ALICE, BOB, type World } from './world.ts'

const CLOCKS_MEET_MS = 3_000
/** Slow players find their step in several goes; then it is steady. */
const FIND_STEP_MS = 12_000
const AFTER_SEEK_MS = 8_000

export const measureEmbed = async (
	world: World,
	a: Browser,
	b: Browser,
	link: string,
	forS: number,
): Promise<Spread> => {
	const alice = await world.arrive(a, { ...ALICE, isSilent: false })
	const bob = await world.arrive(b, { ...BOB, isSilent: false })
	try {
		const room = await startRoom(alice, world.httpsUrl, null)
		await wait(CLOCKS_MEET_MS)
		await addToQueue(alice, link)
		await joinRoom(bob, room)
		await waitUntilAllPlay([alice, bob])
		await wait(FIND_STEP_MS)
		const first = await steady([alice, bob], forS / 2)
		await seek(bob, 60)
		await wait(AFTER_SEEK_MS)
		await waitUntilAllPlay([alice, bob])
		const second = await steady([alice, bob], forS / 2)
		return spreadOf(valuesOf([...first.series, ...second.series]))
	} finally {
		await alice.close()
		await bob.close()
	}
}
