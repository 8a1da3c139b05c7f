/**
 * Who may do what, in real browsers: rights given, used and taken away; somebody removed who stays out after the lock
 * is changed, while the others go on watching; a room handed over; a room with a password.
 */
import { expect, test } from '@playwright/test'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser } from 'playwright-core'
import { startApp, type AppServer } from '../support/app.ts'
import { launch } from '../support/browsers.ts'
import { ROOT } from '../support/source-files.ts'
import {
	arrive,
	expectInStep,
	expectNoErrors,
	expectToRead,
	meet,
	openSettings,
	openTab,
	pickFor,
	readMedia,
	rename,
	rowOf,
	SAMPLE,
	say,
	waitForLinks,
	waitForPlaying,
	type Person,
} from '../support/person.ts'

let app: AppServer
let browser: Browser
test.beforeAll(async () => {
	app = await startApp()
	browser = await launch('chromium')
})
test.afterAll(async () => {
	await browser.close()
	await app.close()
})

/** Ana's room with the sample film on, and the others in it, each under a name of their own. */
const gather = async (...names: string[]): Promise<{ people: Person[]; link: string }> => {
	const { people, link } = await meet(browser, app.url, new URL(SAMPLE, app.url).href, names.length)
	for (const [i, person] of people.entries()) await rename(person, names[i] ?? '')
	for (const person of people) {
		await openTab(person, 'People')
		for (const name of names)
			await expect(person.page.getByRole('button', { name: `Options for ${name}` })).toBeVisible()
	}
	return { people, link }
}

const playButton = ({ page }: Person) => page.getByRole('button', { name: /^(Play|Pause)$/ })

test('[JO17] an operator is made, steers, and is one no more', async () => {
	const { people } = await gather('Ana', 'Bo', 'Cy')
	const [ana, bo, cy] = people as [Person, Person, Person]
	await waitForPlaying(bo)
	await waitForPlaying(cy)

	const settings = await openSettings(ana)
	await settings.getByRole('radio', { name: /^Only operators can control/ }).check({ force: true })
	await ana.page.keyboard.press('Escape')
	// Everybody is told, and why.
	for (const person of [bo, cy]) {
		await expect(playButton(person)).toHaveAttribute('aria-disabled', 'true')
		await expect(playButton(person)).toHaveAttribute('title', /Only operators can control playback/)
	}

	await pickFor(ana, 'Bo', 'Make operator')
	await expect(playButton(bo)).not.toHaveAttribute('aria-disabled', 'true')
	await playButton(bo).click()
	for (const person of [ana, cy]) await expect.poll(async () => (await readMedia(person)).isPaused).toBe(true)
	await playButton(bo).click()
	for (const person of [ana, bo, cy]) await waitForPlaying(person)

	await pickFor(ana, 'Bo', 'Make member')
	await expect(playButton(bo)).toHaveAttribute('aria-disabled', 'true')
	// Pressed all the same (a key does it too): nothing happens to anybody, and it is said why.
	await bo.page.locator('body').press('k')
	await bo.page.waitForTimeout(1_000)
	expect((await readMedia(ana)).isPaused).toBe(false)
	expect((await readMedia(bo)).isPaused).toBe(false)
	await expectInStep(ana, bo)

	// What was done is told to everybody in plain words.
	await openTab(cy, 'Activity')
	const log = cy.page.getByRole('log', { name: 'Activity' })
	await expect(log).toContainText('Ana made Bo an operator')
	await expect(log).toContainText(/Ana made Bo a member/)
	expectNoErrors(ana, bo, cy)
	for (const person of people) await person.close()
})

test('[JO18] somebody is removed and the lock changed: they stay out, the others go on watching', async () => {
	const { people, link } = await gather('Ana', 'Bo', 'Cy')
	const [ana, bo, cy] = people as [Person, Person, Person]
	for (const person of people) await waitForPlaying(person)
	await say(bo, 'before the lock')
	await expectToRead(ana, 'before the lock')

	await pickFor(ana, 'Cy', /^Remove/)
	const dialog = ana.page.getByRole('dialog', { name: 'Remove Cy?' })
	await expect(dialog).toContainText(
		'The link still opens this room for a new guest unless you change the lock',
	)
	await dialog.getByRole('button', { name: 'Remove and change the lock' }).click()

	await expect(cy.page.getByRole('heading', { name: /Ana removed you/ })).toBeVisible()
	// Ana and Bo are in the room of the new code by themselves, with what was said, and in step.
	for (const person of [ana, bo]) {
		await expect.poll(() => person.page.url(), { timeout: 30_000 }).not.toBe(link)
		await waitForLinks(person, 1)
		await expectToRead(person, 'before the lock')
	}
	expect(ana.page.url()).toBe(bo.page.url())
	for (const person of [ana, bo]) await waitForPlaying(person)
	await expectInStep(ana, bo)
	await say(ana, 'behind the new lock')
	await expectToRead(bo, 'behind the new lock')

	// The one removed comes back by the old link, and is told the same; nothing new is to be read.
	await cy.page.goto(link)
	await cy.page.reload()
	await expect(cy.page.getByRole('heading', { name: /removed you/ })).toBeVisible({ timeout: 30_000 })
	expect(await cy.page.content()).not.toContain('behind the new lock')

	// Somebody new with the old link learns that it opens nothing any more.
	const dee = await arrive(browser)
	await dee.page.goto(link)
	await expect(dee.page.getByRole('heading', { name: /changed the lock/ })).toBeVisible({ timeout: 30_000 })
	expect(await dee.page.content()).not.toContain('behind the new lock')

	// With the new one they are in.
	await dee.page.goto(ana.page.url())
	await dee.page.reload()
	await expectToRead(dee, 'behind the new lock')
	expectNoErrors(ana, bo, cy, dee)
	for (const person of [...people, dee]) await person.close()
})

test('[JO18] who was away while the lock was changed goes along when they come back', async () => {
	const { people, link } = await gather('Ana', 'Bo')
	const [ana, bo] = people as [Person, Person]
	await bo.page.goto('about:blank')
	await waitForLinks(ana, 0)
	const settings = await openSettings(ana)
	await settings.getByRole('button', { name: /Change the lock/ }).click()
	await ana.page
		.getByRole('dialog', { name: 'Change the lock' })
		.getByRole('button', { name: 'Change the lock' })
		.click()
	await expect.poll(() => ana.page.url(), { timeout: 30_000 }).not.toBe(link)

	await bo.page.goto(link)
	await expect.poll(() => bo.page.url(), { timeout: 30_000 }).toBe(ana.page.url())
	await waitForLinks(bo, 1)
	await say(ana, 'welcome back')
	await expectToRead(bo, 'welcome back')
	expectNoErrors(ana, bo)
	for (const person of people) await person.close()
})

test('[JO21] a room with a password asks for it once, says at once when it is wrong, and asks the server nothing', async () => {
	const ana = await arrive(browser)
	await ana.page.goto(app.url)
	await ana.page.getByText('Options', { exact: true }).click()
	await ana.page.getByLabel('Room password').fill('open sesame')
	await ana.page.getByRole('button', { name: 'Start a room' }).click()
	await ana.page.waitForURL(/\/r#/)
	await expect(ana.page.getByRole('button', { name: 'Invite' })).toBeVisible()
	const link = ana.page.url()

	const bo = await arrive(browser)
	await bo.page.goto(link)
	const field = bo.page.getByLabel('Room password')
	await expect(field).toBeVisible()
	const asked: string[] = []
	bo.page.on('request', (request) => asked.push(request.url()))
	await field.fill('open barley')
	await bo.page.getByRole('button', { name: 'Open the room' }).click()
	await expect(bo.page.getByText('That is not the password of this room.')).toBeVisible()
	expect(asked.filter((url) => url.includes('/api/'))).toEqual([])
	await field.fill('open sesame')
	await bo.page.getByRole('button', { name: 'Open the room' }).click()
	await waitForLinks(bo, 1)
	await say(ana, 'you knew it')
	await expectToRead(bo, 'you knew it')

	await bo.page.reload()
	await expect(bo.page.getByRole('button', { name: 'Invite' })).toBeVisible()
	await expectToRead(bo, 'you knew it')
	expectNoErrors(ana, bo)
	await ana.close()
	await bo.close()
})

test('[JO22] the owner hands the room over, and is a member from then on', async () => {
	const { people } = await gather('Ana', 'Bo')
	const [ana, bo] = people as [Person, Person]
	await pickFor(ana, 'Bo', /^Hand over the room/)
	await ana.page
		.getByRole('dialog')
		.getByRole('button', { name: /^(Offer|Hand over)/ })
		.click()
	await bo.page.getByRole('button', { name: 'Accept' }).click()
	await openTab(bo, 'People')
	await expect(bo.page.getByText('You, owner')).toBeVisible()
	await openTab(ana, 'People')
	await expect(rowOf(ana, 'Bo')).toContainText('Owner')
	// The new owner decides now, over the old one too.
	await pickFor(bo, 'Ana', 'Make viewer')
	await openTab(ana, 'People')
	await expect(ana.page.getByText('You, viewer')).toBeVisible()
	expectNoErrors(ana, bo)
	for (const person of people) await person.close()
})

test('[JO23] an operator puts somebody out, whom the server refuses too, and lets them in again', async () => {
	const { people, link } = await gather('Ana', 'Bo', 'Cy')
	const [ana, bo, cy] = people as [Person, Person, Person]
	await pickFor(ana, 'Bo', 'Make operator')
	await pickFor(bo, 'Cy', /^Remove/)
	await bo.page.getByRole('dialog', { name: 'Remove Cy?' }).getByRole('button', { name: 'Remove' }).click()
	await expect(cy.page.getByRole('heading', { name: /Bo removed you/ })).toBeVisible()
	await openTab(ana, 'People')
	await expect(ana.page.getByRole('button', { name: 'Options for Cy' })).toBeHidden()
	await waitForLinks(ana, 1)

	// The link opens nothing for them, also with all that this device knew forgotten but its key.
	const refused = cy.page.waitForResponse((response) => response.url().endsWith('/api/tickets'))
	await cy.page.goto(link)
	await cy.page.reload()
	expect((await refused).status()).toBe(403)
	await expect(cy.page.getByRole('heading', { name: /Bo removed you/ })).toBeVisible({ timeout: 30_000 })

	await openTab(bo, 'People')
	await bo.page
		.getByRole('list', { name: 'Removed' })
		.getByRole('button', { name: /Let .*back in/ })
		.click()
	await expect(bo.page.getByRole('list', { name: 'Removed' })).toBeHidden()
	await cy.page.reload()
	await waitForLinks(cy, 2)
	await say(cy, 'thank you')
	await expectToRead(ana, 'thank you')
	expectNoErrors(ana, bo, cy)
	for (const person of people) await person.close()
})

test('[JO24] the exported log proves itself, and one that was altered is refuted', async () => {
	const { people } = await gather('Ana', 'Bo')
	const [ana, bo] = people as [Person, Person]
	await pickFor(ana, 'Bo', 'Make operator')
	await say(bo, 'for the record')
	await expectToRead(ana, 'for the record')
	await openTab(ana, 'Activity')
	const saving = ana.page.waitForEvent('download')
	await ana.page.getByRole('button', { name: /Export/ }).click()
	const dir = await mkdtemp(join(tmpdir(), 'matinee-log-'))
	try {
		const file = join(dir, 'log.json')
		await (await saving).saveAs(file)
		const text = await readFile(file, 'utf8')
		expect(text).not.toContain(new URL(ana.page.url()).hash.slice(1))
		const verify = async (path: string) =>
			promisify(execFile)(process.execPath, ['scripts/verify-log.ts', path], { cwd: ROOT }).then(
				({ stdout }) => ({ code: 0, said: stdout }),
				({ code, stderr }: { code: number; stderr: string }) => ({ code, said: stderr }),
			)
		expect(await verify(file)).toMatchObject({ code: 0, said: expect.stringContaining('PROVED') })
		const altered = join(dir, 'altered.json')
		const told = text.replace(/("role": *)"operator"/, '$1"viewer"')
		expect(told).not.toBe(text)
		await writeFile(altered, told)
		expect(await verify(altered)).toMatchObject({
			code: 1,
			said: expect.stringContaining('REFUTED'),
		})
	} finally {
		await rm(dir, { recursive: true })
	}
	expectNoErrors(ana, bo)
	for (const person of people) await person.close()
})
