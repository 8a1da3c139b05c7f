/**
 * The browser's own players under the contract of all players, in a real Chromium.
 */
import { expect, test } from '@playwright/test'
import { films } from '../support/upstreams/films.ts'
import { contractOver, startLab, type PlayerLab } from '../support/upstreams/player-lab.ts'

let lab: PlayerLab
test.beforeAll(async () => {
	lab = await startLab([films])
})
test.afterAll(() => lab.close())

for (const ending of ['mp4', 'webm'])
	test(`[PL23] a ${ending} file keeps the contract`, async () => {
		const report = await contractOver(
			lab,
			{ kind: 'file', url: `https://films.example/saltmarsh.${ending}` },
			0.25,
		)
		expect(report.failed).toEqual([])
		expect(report.skipped).toEqual([expect.stringContaining('PL22')])
	})
