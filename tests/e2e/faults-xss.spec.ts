/**
 * F21: three hundred payloads in every text that one member can put before another: chat, names, the room's title, titles
 * of items. In a real page none runs, none opens a dialog or becomes an element, and each is read as it was written.
 */
import { expect, test } from '@playwright/test'
import type { Browser } from 'playwright-core'
import * as Y from 'yjs'
import { createVerdict } from '../faults/verdict.ts'
import { XSS_PAYLOADS } from '../faults/xss.ts'
import { startApp, type AppServer } from '../support/app.ts'
import { launch } from '../support/browsers.ts'
import { createAuthor, joinAsNode, lookUpRoom, type FoundRoom } from '../support/node-member.ts'
import { arrive, openTab, readWholeChat, showWholeQueue, startRoom, waitForLinks } from '../support/person.ts'

/** Of one device's chat and queue; the rings hold 256. */
const PART = 100
const NAMES = 40
const TITLES = 12

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

test('[FA21] 300 payloads in every text field: none runs, and each reads as it was written', async () => {
	test.setTimeout(600_000)
	const alice = await arrive(browser)
	let dialogs = 0
	alice.page.on('dialog', (dialog) => {
		dialogs++
		void dialog.dismiss()
	})
	const link = await startRoom(alice, app.url, null)
	let lookedUp: FoundRoom | null = null
	await expect(async () => {
		lookedUp = await lookUpRoom(link)
	}).toPass({ timeout: 30_000 })
	if (lookedUp === null) throw new Error('no room')
	const found: FoundRoom = lookedUp

	const doc = new Y.Doc()
	const said: string[] = []
	const titled: string[] = []
	const named: string[] = []
	let refused = 0
	for (let from = 0; from < XSS_PAYLOADS.length; from += PART) {
		const author = await createAuthor(found, doc, `Author ${String(from)}`)
		for (const payload of XSS_PAYLOADS.slice(from, from + PART)) {
			if ((await author.chat.send(payload)).type === 'done') said.push(payload)
			else refused++
			const url = `https://films.example/${String(titled.length)}.mp4`
			const item = { media: { kind: 'file', url } as const, title: payload }
			if ((await author.queue.add(item, 'end')).type === 'done') titled.push(payload)
			else refused++
		}
		author.dispose()
	}
	const short = XSS_PAYLOADS.filter(({ length }) => length <= 32).slice(0, NAMES)
	for (const payload of short) {
		const author = await createAuthor(found, doc, payload)
		const me = author.state().members.find(({ name }) => name === payload)
		if (me === undefined) refused++
		else {
			named.push(payload)
			await author.chat.send(`this is ${String(named.length)}`)
		}
		author.dispose()
	}
	const node = await joinAsNode(found, doc)
	await waitForLinks(alice, 1)

	await openTab(alice, 'Chat')
	const log = alice.page.getByRole('log', { name: 'Chat messages' })
	await expect(log).toContainText(`this is ${String(named.length)}`, { timeout: 60_000 })
	const chat = (await readWholeChat(alice)).join('\n')
	// White space is made one space when a text is written, by rule.
	const tidy = (text: string): string => text.replaceAll(/\s+/g, ' ').trim()
	const isIn = (text: string) => (payload: string) => text.includes(payload) || text.includes(tidy(payload))
	const unread = said.filter((payload) => !isIn(chat)(payload))
	const nameless = named.filter((payload) => !isIn(chat)(payload))
	await showWholeQueue(alice)
	const list = alice.page.getByRole('list', { name: 'Queue items' })
	await expect(list.getByRole('listitem').first()).toBeVisible()
	const queue = (await list.evaluate((element) => element.textContent)) ?? ''
	const untitled = titled.filter((payload) => !isIn(queue)(payload))
	await openTab(alice, 'People')
	await openTab(alice, 'Activity')

	// The room's own title, which the owner alone sets: by hand.
	const heading = alice.page.getByRole('heading', { level: 1 })
	const untold: string[] = []
	for (const payload of XSS_PAYLOADS.filter(({ length }) => length <= 60).slice(0, TITLES)) {
		await heading.getByRole('button').click()
		const field = alice.page.getByRole('textbox', { name: 'Room name' })
		await field.fill(payload)
		await field.press('Enter')
		const isTold = await expect(heading)
			.toContainText(payload, { timeout: 5_000 })
			.then(
				() => true,
				() => false,
			)
		if (!isTold) untold.push(payload)
	}

	const ran = await alice.page.evaluate(() => Object.hasOwn(window, 'didRun'))
	const made = await alice.page.evaluate(
		() =>
			document.querySelectorAll(
				'[role=log] :is(script,img[src=x],iframe,svg[onload],object,embed,style,form), [onerror], [onload], [onfocus], a[href^="javascript:" i]',
			).length,
	)
	node.stop()
	const verdict = createVerdict('F21 script in every text')
	verdict.atLeast('payloads', XSS_PAYLOADS.length, 300)
	verdict.note(
		'said, titled, named',
		`${String(said.length)}, ${String(titled.length)}, ${String(named.length)}`,
	)
	verdict.note('refused as no such text', refused)
	verdict.is('run', (ran ? 1 : 0) + dialogs, 0)
	verdict.is('become elements', made, 0)
	verdict.is('not read as written', unread.length + untitled.length + nameless.length + untold.length, 0)
	verdict.is('page errors', alice.errors.length, 0)
	expect(verdict.end(), [...unread, ...untitled, ...nameless, ...untold, ...alice.errors].join('\n')).toEqual(
		[],
	)
	await alice.close()
})
