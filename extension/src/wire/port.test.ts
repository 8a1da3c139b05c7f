import { expect, it } from 'vitest'
import { createPortPair } from './fake-ports.ts'
import { fromPopup } from './popup-messages.ts'
import { createLine, isOwnPage, tabOf, type RawPort } from './port.ts'

const ID = 'abcdefghijklmnopabcdefghijklmnop'
const URL_ = `chrome-extension://${ID}/`
const from = (sender: RawPort['sender']): RawPort => createPortPair((fn) => fn(), sender).here

it('[XT13] only our own script in the main frame of a tab is a page', () => {
	const script = { id: ID, url: 'https://site.example/', frameId: 0, tab: { id: 7 } }
	expect(tabOf(from(script), ID)).toBe(7)
	expect(tabOf(from({ ...script, id: 'other' }), ID)).toBeNull()
	expect(tabOf(from({ ...script, frameId: 3 }), ID)).toBeNull()
	expect(tabOf(from({ id: ID, url: URL_ }), ID)).toBeNull()
	expect(tabOf(from(undefined), ID)).toBeNull()
})
it('[XT13] only a page of ours is the popup, not a script of ours in somebody’s page', () => {
	expect(isOwnPage(from({ id: ID, url: `${URL_}popup.html` }), ID, URL_)).toBe(true)
	expect(isOwnPage(from({ id: ID, url: 'https://site.example/', tab: { id: 7 } }), ID, URL_)).toBe(false)
	expect(isOwnPage(from({ id: ID, url: `${URL_.slice(0, -1)}.evil.example/` }), ID, URL_)).toBe(false)
	expect(isOwnPage(from({ id: 'other', url: `${URL_}popup.html` }), ID, URL_)).toBe(false)
})
it('[XT10] a line drops what does not fit and ends with whoever sends nothing else', () => {
	const { here, there } = createPortPair((fn) => fn())
	const line = createLine(here, fromPopup)
	const heard: unknown[] = []
	let ends = 0
	line.on((message) => heard.push(message))
	line.onClose(() => (ends += 1))
	there.postMessage({ type: 'leave' })
	there.postMessage({ type: 'leave', also: 1 })
	there.postMessage({ type: 'start', server: 'javascript:alert(1)', tab: 1 })
	expect([heard, line.refused()]).toEqual([[{ type: 'leave' }], 2])
	for (let i = 0; i < 30; i++) if (line.isOpen()) there.postMessage(null)
	expect([line.isOpen(), ends, line.refused()]).toEqual([false, 1, 20])
	expect(line.send({})).toBe(false)
	line.close()
})
