/**
 * People whom no channel connects: through the server they watch and talk all the same, and see that it is so.
 */
import { expect, test } from '@playwright/test'
import type { Browser } from 'playwright-core'
import { startApp, type AppServer } from '../support/app.ts'
import { launch } from '../support/browsers.ts'
import {
	arrive,
	expectInStep,
	expectNoErrors,
	expectToRead,
	joinRoom,
	meet,
	nameOf,
	openTab,
	readMedia,
	rowOf,
	SAMPLE,
	say,
	startRoom,
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

const chip = ({ page }: Person, text: string | RegExp) => page.getByRole('banner').getByText(text)

const expectToWatchTogether = async (alice: Person, bob: Person, path: 'Relayed' | 'Direct') => {
	for (const person of [alice, bob]) await expect(chip(person, `${path} 1`)).toBeVisible()
	await waitForPlaying(alice)
	await waitForPlaying(bob)
	await expectInStep(alice, bob)
	await say(alice, 'Can you hear me?')
	await expectToRead(bob, 'Can you hear me?')
	await say(bob, 'Loud and clear')
	await expectToRead(alice, 'Loud and clear')
	await alice.page.getByRole('button', { name: 'Pause' }).first().click()
	await expect.poll(async () => (await readMedia(bob)).isPaused).toBe(true)
	const name = await nameOf(bob)
	await openTab(alice, 'People')
	await expect(rowOf(alice, name)).toContainText(new RegExp(`${path}, \\d+ ms`))
}

/** Nothing this page hears of the other's addresses is used: as behind a firewall that lets no UDP through. */
const wallOff = ({ page }: Person) =>
	page.addInitScript(() => {
		const proto = RTCPeerConnection.prototype
		proto.addIceCandidate = () => Promise.resolve()
		const set = proto.setRemoteDescription
		proto.setRemoteDescription = function (description: RTCSessionDescriptionInit) {
			const sdp = (description.sdp ?? '').replace(/a=candidate:[^\r\n]*\r?\n/g, '')
			return Reflect.apply(set, this, [{ type: description.type, sdp }]) as Promise<void>
		}
	})

test('[JO33] two whose connections never open watch in step and talk through the server', async () => {
	const alice = await arrive(browser)
	await wallOff(alice)
	const link = await startRoom(alice, app.url, app.url + SAMPLE)
	const bob = await arrive(browser)
	await wallOff(bob)
	await joinRoom(bob, link)
	await waitForLinks(bob, 1)
	await expectToWatchTogether(alice, bob, 'Relayed')
	expectNoErrors(alice, bob)
	await alice.close()
	await bob.close()
})

test('[JO34] a browser without WebRTC is linked through the server at once', async () => {
	const alice = await arrive(browser)
	const link = await startRoom(alice, app.url, app.url + SAMPLE)
	const bob = await arrive(browser)
	await bob.page.addInitScript(() => {
		// @ts-expect-error: taken away, as privacy extensions do
		delete globalThis.RTCPeerConnection
	})
	const startedMs = Date.now()
	await joinRoom(bob, link)
	await waitForLinks(bob, 1)
	// Before the 12 s that a connection is waited for.
	expect(Date.now() - startedMs).toBeLessThan(10_000)
	await expectToWatchTogether(alice, bob, 'Relayed')
	expectNoErrors(alice, bob)
	await alice.close()
	await bob.close()
})

test('[JO35] who hides their address is reached through the server at once, and directly again afterwards', async () => {
	const { people } = await meet(browser, app.url, app.url + SAMPLE, 2)
	const [alice, bob] = people as [Person, Person]
	for (const person of people) await expect(chip(person, 'Direct 1')).toBeVisible()
	const hide = async () => {
		await bob.page.getByRole('button', { name: 'Room menu' }).click()
		await bob.page.getByRole('menuitem', { name: 'In step' }).click()
		await bob.page.getByRole('switch', { name: 'Hide my address' }).click()
		await bob.page.keyboard.press('Escape')
	}
	await hide()
	for (const person of people) await expect(chip(person, 'Relayed 1')).toBeVisible()
	await expectToWatchTogether(alice, bob, 'Relayed')
	// It is kept: a page that comes anew shows no address either.
	await bob.page.reload()
	for (const person of people) await expect(chip(person, 'Relayed 1')).toBeVisible({ timeout: 30_000 })
	await hide()
	for (const person of people) await expect(chip(person, 'Direct 1')).toBeVisible({ timeout: 30_000 })
	expectNoErrors(alice, bob)
	await alice.close()
	await bob.close()
})
