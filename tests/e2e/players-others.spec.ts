/**
 * Twitch, Dailymotion, PeerTube and SoundCloud in a real Chromium against their fakes: the contract of all players,
 * and what each site can do to us.
 */
import { expect, test } from '@playwright/test'
import type { MediaRef } from '#lib/core/media.ts'
import { contractOver, startLab, type PlayerLab } from '../support/upstreams/player-lab.ts'
import { createFakeTwitch, twitchSwitches } from '../support/upstreams/twitch.ts'

const twitch = twitchSwitches()

let lab: PlayerLab
test.beforeAll(async () => {
	lab = await startLab([createFakeTwitch(twitch)])
})
test.afterAll(() => lab.close())
test.afterEach(() => {
	Object.assign(twitch, twitchSwitches())
})

const RECORDING: MediaRef = { kind: 'twitch', video: '2398764730' }

test('[PL60] Twitch recordings keep the contract', async () => {
	const report = await contractOver(lab, RECORDING, 0.35)
	expect(report.failed).toEqual([])
})
