/**
 * Films from the own disk in real browsers: real files put into a real input, read, tried and played.
 */
import { createHash } from 'node:crypto'
import {
	closeSync,
	copyFileSync,
	mkdtempSync,
	openSync,
	readSync,
	rmSync,
	statSync,
	truncateSync,
	writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import type { Browser, Page } from 'playwright-core'
import { fileHashHead, samplePlaces } from '#lib/core/file-hash.ts'
import type { LocalFileRef } from '#lib/core/media.ts'
import { launch, type BrowserKind } from '../support/browsers.ts'
import { ROOT } from '../support/source-files.ts'
import { startFilePage, type FilePage } from '../support/upstreams/file-page.ts'

/** Browsers on a loaded machine start late. */
const TOLERANCE_S = 0.2
const KINDS: readonly BrowserKind[] = ['chromium', 'firefox']
const FILM = join(ROOT, 'static/film/saltmarsh.webm')
const LINK = 'device.link'

test.describe.configure({ mode: 'parallel' })

let site: FilePage
let browsers: Record<BrowserKind, Browser>
let folder: string
test.beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'matinee-files-'))
	site = await startFilePage()
	browsers = { chromium: await launch('chromium'), firefox: await launch('firefox') }
})
test.afterAll(async () => {
	await browsers.chromium.close()
	await browsers.firefox.close()
	await site.close()
	rmSync(folder, { recursive: true })
})

/** By Node's own means from the bytes on disk. */
const hashOf = (path: string): string => {
	const { size } = statSync(path)
	const hash = createHash('sha256').update(fileHashHead(size))
	const file = openSync(path, 'r')
	for (const { from, to } of samplePlaces(size)) {
		const bytes = Buffer.alloc(to - from)
		readSync(file, bytes, 0, bytes.length, from)
		hash.update(bytes)
	}
	closeSync(file)
	return hash.digest('base64url')
}
const refOf = (path: string, name = 'theirs.webm'): LocalFileRef => ({
	kind: 'local-file',
	size: statSync(path).size,
	hash: hashOf(path),
	name,
})
const madeOf = (name: string, content: Buffer | string): string => {
	const path = join(folder, name)
	writeFileSync(path, content)
	return path
}

const withPage = async (kind: BrowserKind, use: (page: Page) => Promise<void>): Promise<void> => {
	const page = await (await browsers[kind].newContext({ viewport: { width: 640, height: 360 } })).newPage()
	const arrive = async () => {
		await page.goto(site.url)
		await page.waitForFunction(() => 'fileLab' in window)
	}
	try {
		await arrive()
		await use(page)
	} finally {
		await page.context().close()
	}
}
const pick = (page: Page, path: string) => page.locator('#pick').setInputFiles(path)
const offer = (page: Page) => page.evaluate(() => window.fileLab.offer())

for (const kind of KINDS) {
	test.describe(`in ${kind}`, () => {
		test('[LF18] a film from the own disk is offered, and its player keeps the contract of players', async () => {
			await withPage(kind, async (page) => {
				await pick(page, FILM)
				expect(await offer(page)).toMatchObject({ type: 'added', item: 'device.1', title: 'saltmarsh' })
				const media = await page.evaluate(() => window.fileLab.items[1]?.media)
				const { durationS, ...told } = media as LocalFileRef
				expect(told).toEqual(refOf(FILM, 'saltmarsh.webm'))
				expect(durationS).toBeGreaterThan(20)
				const report = await page.evaluate(([id, toleranceS]) => window.fileLab.contract(id, toleranceS), [
					'device.1',
					TOLERANCE_S,
				] as const)
				expect(report.failed).toEqual([])
				expect(report.passed.length).toBeGreaterThan(7)
			})
		})

		test('[LF18] a film of 5 GB is offered within seconds', async () => {
			await withPage(kind, async (page) => {
				const path = join(folder, `large-${kind}.webm`)
				copyFileSync(FILM, path)
				// As large as it says, and without a byte on the disk for what is not there.
				truncateSync(path, 5_000_000_000)
				await pick(page, path)
				const fromMs = Date.now()
				expect(await offer(page)).toMatchObject({ type: 'added' })
				expect(Date.now() - fromMs).toBeLessThan(20_000)
				console.log(`5 GB offered in ${kind} after ${String(Date.now() - fromMs)} ms`)
				expect(await page.evaluate(() => window.fileLab.items[1]?.media)).toMatchObject({
					size: 5_000_000_000,
					hash: hashOf(path),
				})
			})
		})

		test('[LF18] what is asked for is found in another file of the same bytes, and not in one that differs', async () => {
			await withPage(kind, async (page) => {
				const id = await page.evaluate((media) => window.fileLab.ask(media), refOf(FILM))
				await page.evaluate((item) => window.fileLab.own(item), id)
				expect(
					await page.evaluate(
						(item) => window.fileLab.until(() => window.fileLab.stateOf(item).type === 'needs-file'),
						id,
					),
				).toBe(true)
				const same = join(folder, `same-${kind}.bin`)
				copyFileSync(FILM, same)
				await pick(page, same)
				expect(await page.evaluate((item) => window.fileLab.use(item), id)).toMatchObject({
					type: 'in-use',
					copy: { isSame: true },
				})
				const longer = join(folder, `longer-${kind}.webm`)
				copyFileSync(FILM, longer)
				truncateSync(longer, statSync(FILM).size + 12_000)
				await pick(page, longer)
				expect(await page.evaluate((item) => window.fileLab.use(item), id)).toMatchObject({
					type: 'differs',
					difference: { sizeBytes: 12_000 },
					mayUseAnyway: true,
				})
			})
		})

		test('[LF18] a picture, an archive, a text, nothing, and a film that no browser plays are said for what they are', async () => {
			await withPage(kind, async (page) => {
				const problemOf = async (path: string) => {
					await pick(page, path)
					const outcome = await offer(page)
					return outcome.type === 'refused' ? outcome.problem : outcome
				}
				expect(await problemOf(join(ROOT, 'static/film/saltmarsh.jpg'))).toMatchObject({ type: 'not-media' })
				const zip = madeOf(`film-${kind}.mp4`, Buffer.from('PK\x03\x04 and more', 'latin1'))
				expect(await problemOf(zip)).toEqual({ type: 'not-media', what: 'zip', format: null })
				expect(await problemOf(madeOf(`text-${kind}.webm`, 'Once upon a time'))).toEqual({
					type: 'not-media',
					what: 'text',
					format: null,
				})
				expect(await problemOf(madeOf(`empty-${kind}.webm`, ''))).toEqual({ type: 'empty' })
				const avi = Buffer.concat([
					Buffer.from('RIFF\x24\x00\x00\x00AVI LIST', 'latin1'),
					Buffer.alloc(5_000),
				])
				expect(await problemOf(madeOf(`old-${kind}.avi`, avi))).toMatchObject({
					type: 'unplayable',
					format: 'avi',
				})
				const broken = Buffer.concat([Buffer.from([0x1a, 0x45, 0xdf, 0xa3]), Buffer.alloc(70_000, 7)])
				expect(await problemOf(madeOf(`broken-${kind}.mkv`, broken))).toMatchObject({
					type: 'unplayable',
					format: 'mkv',
				})
				expect(await page.evaluate(() => window.fileLab.items.length)).toBe(1)
			})
		})

		test('[LF18, PL121] a file that is deleted is told as such, by whoever picks it and by the player', async () => {
			await withPage(kind, async (page) => {
				const path = join(folder, `gone-${kind}.webm`)
				copyFileSync(FILM, path)
				await pick(page, path)
				expect(await page.evaluate((item) => window.fileLab.use(item), LINK)).toMatchObject({
					type: 'in-use',
				})
				rmSync(path)
				expect(await page.evaluate((item) => window.fileLab.use(item), LINK)).toMatchObject({
					type: 'refused',
					problem: { type: 'unreadable' },
				})
				// The one from before is still the one in use.
				await page.evaluate((item) => window.fileLab.open(item), LINK)
				expect(
					await page.evaluate(() =>
						window.fileLab.until(() => window.fileLab.player?.state().type === 'failed', 20_000),
					),
				).toBe(true)
				expect(await page.evaluate(() => window.fileLab.player?.state())).toEqual({
					type: 'failed',
					failure: { type: 'file-gone' },
				})
			})
		})

		test('[LF18] its handle is kept by the browser: after a reload it plays without being picked', async () => {
			await withPage(kind, async (page) => {
				await pick(page, FILM)
				expect(await page.evaluate((item) => window.fileLab.use(item, true), LINK)).toMatchObject({
					type: 'in-use',
				})
				const reload = async () => {
					await page.reload()
					await page.waitForFunction(() => 'fileLab' in window)
				}
				await reload()
				expect(
					await page.evaluate(
						(item) =>
							window.fileLab.until(() => window.fileLab.own(item)?.startsWith('blob:') === true, 10_000),
						LINK,
					),
				).toBe(true)
				await page.evaluate((item) => window.fileLab.open(item), LINK)
				expect(
					await page.evaluate(() =>
						window.fileLab.until(() => window.fileLab.player?.state().type === 'ready'),
					),
				).toBe(true)
				await page.evaluate((item) => window.fileLab.forget(item), LINK)
				await reload()
				expect(
					await page.evaluate(
						(item) => window.fileLab.until(() => window.fileLab.own(item) !== null, 2_000),
						LINK,
					),
				).toBe(false)
			})
		})
	})
}
