/**
 * Twitch, Dailymotion, PeerTube and SoundCloud in a real Chromium against their fakes: the contract of all players,
 * and what each site can do to us.
 */
import { expect, test } from '@playwright/test'
import type { MediaRef } from '#lib/core/media.ts'
import { createFakeDailymotion, dailymotionSwitches } from '../support/upstreams/dailymotion.ts'
import { createFakePeerTube, peertubeSwitches } from '../support/upstreams/peertube.ts'
import { contractOver, startLab, type PlayerLab } from '../support/upstreams/player-lab.ts'
import { createFakeSoundCloud, soundcloudSwitches } from '../support/upstreams/soundcloud.ts'
import { createFakeTwitch, twitchSwitches } from '../support/upstreams/twitch.ts'

const twitch = twitchSwitches()
const dailymotion = dailymotionSwitches()
const peertube = peertubeSwitches()
const soundcloud = soundcloudSwitches()

let lab: PlayerLab
test.beforeAll(async () => {
	lab = await startLab([
		createFakeTwitch(twitch),
		createFakeDailymotion(dailymotion),
		createFakePeerTube(peertube),
		createFakeSoundCloud(soundcloud),
	])
})
test.afterAll(() => lab.close())
test.afterEach(() => {
	Object.assign(twitch, twitchSwitches())
	Object.assign(dailymotion, dailymotionSwitches())
	Object.assign(peertube, peertubeSwitches())
	Object.assign(soundcloud, soundcloudSwitches())
})

const RECORDING: MediaRef = { kind: 'twitch', video: '2398764730' }
const VIDEO: MediaRef = { kind: 'dailymotion', id: 'x84sh87' }
const TRACK: MediaRef = { kind: 'soundcloud', url: 'https://soundcloud.com/wading-birds/saltmarsh' }
const SALTMARSH: MediaRef = {
	kind: 'peertube',
	origin: 'https://peertube.example',
	id: '52a10666-3a18-4e73-93da-e8d3c12c305a',
}

test('[PL60] Twitch recordings keep the contract', async () => {
	const report = await contractOver(lab, RECORDING, 0.35)
	expect(report.failed).toEqual([])
})

test('[PL70] PeerTube keeps the contract, with the speeds that it lists', async () => {
	const report = await contractOver(lab, SALTMARSH, 0.25)
	expect(report.failed).toEqual([])
	expect(report.skipped).toEqual([expect.stringContaining('PL5')])
})

test('[PL80] SoundCloud keeps the contract, also a seek before the first play, which its widget ignores', async () => {
	const report = await contractOver(lab, TRACK, 0.35)
	expect(report.failed).toEqual([])
	expect(report.skipped).toEqual([expect.stringContaining('PL5'), expect.stringContaining('PL22')])
})

test('[PL85] Dailymotion keeps the contract where its frame talks', async () => {
	const report = await contractOver(lab, VIDEO, 0.35)
	expect(report.failed).toEqual([])
	expect(report.skipped).toEqual([expect.stringContaining('PL5'), expect.stringContaining('PL22')])
})

test('[PL86] where it does not, it is loaded at a place, and keeps what is left of the contract', async () => {
	dailymotion.isSilent = true
	dailymotion.startsByItself = true
	const report = await contractOver(lab, VIDEO, 0.35)
	expect(report.failed).toEqual([])
	expect(report.passed).toHaveLength(4)
})
