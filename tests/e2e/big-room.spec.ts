/**
 * A room whose document is 600 KB: a joiner gets all of it over the data channel.
 */
import { expect, test } from '@playwright/test'
import type { Browser } from 'playwright-core'
import * as Y from 'yjs'
import { startApp, type AppServer } from '../support/app.ts'
import { launch } from '../support/browsers.ts'
import { createAuthor, joinAsNode, lookUpRoom } from '../support/node-member.ts'
import {
	arrive,
	expectNoErrors,
	expectToRead,
	joinRoom,
	readWholeChat,
	say,
	startRoom,
	waitForLinks,
} from '../support/person.ts'

const AUTHORS = 5
const MESSAGES_EACH = 190
const DOCUMENT_BYTES = 600 * 1024

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

test('[JO14] a joiner to a room whose document is 600 KB gets all of it', async () => {
	const alice = await arrive(browser)
	const link = await startRoom(alice, app.url, null)
	await say(alice, 'First of all.')
	await expect
		.poll(() =>
			lookUpRoom(link).then(
				() => true,
				() => false,
			),
		)
		.toBe(true)

	const found = await lookUpRoom(link)
	const doc = new Y.Doc()
	for (let author = 0; author < AUTHORS; author++) {
		const room = await createAuthor(found, doc, `Author ${String(author)}`)
		for (let i = 0; i < MESSAGES_EACH; i++) {
			const outcome = await room.chat.send(
				`message ${String(author)}-${String(i)} `.padEnd(500, 'and so it goes '),
			)
			expect(outcome.type).toBe('done')
		}
		room.dispose()
	}
	const size = Y.encodeStateAsUpdate(doc).length
	expect(size).toBeGreaterThan(DOCUMENT_BYTES)
	const node = await joinAsNode(found, doc)
	await waitForLinks(alice, 1)
	const lastMessage = `message ${String(AUTHORS - 1)}-${String(MESSAGES_EACH - 1)}`
	await expectToRead(alice, lastMessage)
	expect((await readWholeChat(alice)).join('\n')).toContain('First of all.')
	// Whoever brought it goes; what was brought stays.
	node.stop()
	await waitForLinks(alice, 0)

	const bob = await arrive(browser)
	await joinRoom(bob, link)
	await waitForLinks(bob, 1)
	await expectToRead(bob, lastMessage)
	const chat = (await readWholeChat(bob)).join('\n')
	expect(chat).toContain('First of all.')
	const received = new Set(chat.match(/message \d-\d+/g))
	expect(received.size).toBe(AUTHORS * MESSAGES_EACH)
	expectNoErrors(alice, bob)
})
