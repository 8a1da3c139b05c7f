/**
 * Titles in a real page: what a person pastes, what the queue says, and what the server never hears of. Sites are
 * fakes on loopback.
 */
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import type { Browser } from 'playwright-core'
import { launch } from '../support/browsers.ts'
import { html, json, openMediaNet, redirect, type MediaNet } from '../support/media-net.ts'
import {
	addToQueue,
	arrive,
	expectNoErrors,
	openSettings,
	queueTitles,
	startRoom,
} from '../support/person.ts'
import { ROOT } from '../support/source-files.ts'
import { startServer, type TestServer } from '../support/ws-server.ts'

let net: MediaNet
let server: TestServer
let browser: Browser
test.beforeAll(async () => {
	net = await openMediaNet()
	server = await startServer({ clientDir: join(ROOT, 'build') }, { mediaNet: net.net })
	browser = await launch('chromium')
	net.sites.set('www.youtube.com', json({ title: 'Night Bus to the Coast', author_name: 'Ann' }))
	net.sites.set('b23.tv', redirect('https://www.bilibili.com/video/BV1GJ411x7h7'))
	const pages = [{ page: 1, part: 'x', duration: 61 }]
	net.sites.set('api.bilibili.com', json({ code: 0, data: { title: 'Saltmarsh', pages } }))
	net.sites.set('films.example', html('<title>An evening of films</title>'))
})
test.afterAll(async () => {
	await browser.close()
	await server.close()
	await net.close()
})

test('[MD13, MD15] what is pasted gets its title, on the front page and in the room, until the room keeps its links', async () => {
	const alice = await arrive(browser)
	await startRoom(alice, server.url, 'https://youtu.be/dQw4w9WgXcQ')
	await expect(alice.page.getByText('Night Bus to the Coast').first()).toBeVisible()

	await addToQueue(alice, '【Saltmarsh】 https://b23.tv/abc123')
	await expect
		.poll(() => queueTitles(alice))
		.toEqual(expect.arrayContaining([expect.stringContaining('Saltmarsh')]))
	await addToQueue(alice, 'https://films.example/watch/7')
	await expect(alice.page.getByText('looks like a web page')).toBeVisible()

	const settings = await openSettings(alice)
	await settings
		.getByRole('switch', { name: /titles/i })
		.or(settings.getByRole('checkbox', { name: /titles/i }))
		.click()
	await alice.page.keyboard.press('Escape')
	const asked = net.requests.length
	await addToQueue(alice, 'https://youtu.be/aaaaaaaaaaa')
	await expect.poll(async () => (await queueTitles(alice)).length).toBeGreaterThanOrEqual(3)
	await addToQueue(alice, 'https://b23.tv/other')
	await expect(alice.page.getByText('short link')).toBeVisible()
	expect(net.requests).toHaveLength(asked)
	expectNoErrors(alice)
	await alice.close()
})
