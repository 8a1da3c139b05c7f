import { describe, expect, it } from 'vitest'
import {
	appNote,
	EXTENSION_PROTOCOL,
	extensionNote,
	NOTE_MAX_CHARS,
	readNote,
	watchNote,
	writeNote,
} from './extension-note.ts'

const WATCH = {
	code: 'K7QX-3M9R-T2VH-8WPC-5NDA',
	url: 'https://films.example/watch/night-bus',
	title: 'Night Bus',
}

describe('what the web app and the extension say to each other', () => {
	it('[XT45] arrives as it was written', () => {
		expect(readNote(watchNote, writeNote(WATCH))).toEqual(WATCH)
		expect(readNote(appNote, writeNote({ protocol: EXTENSION_PROTOCOL }))).toEqual({
			protocol: EXTENSION_PROTOCOL,
		})
		const answer = { version: '0.1.0', protocol: 3 }
		expect(readNote(extensionNote, writeNote(answer))).toEqual(answer)
	})
	it('[XT45] keeps its known part where a later version adds to it', () => {
		expect(readNote(extensionNote, '{"version":"2.0","protocol":9,"more":[1]}')).toEqual({
			version: '2.0',
			protocol: 9,
		})
	})
	it.each([
		['an object', WATCH],
		['nothing', null],
		['no JSON', '{"code":'],
		['a list', '[]'],
		['more than is read', JSON.stringify({ ...WATCH, more: 'x'.repeat(NOTE_MAX_CHARS) })],
		['no code', JSON.stringify({ ...WATCH, code: 'K7QX' })],
		['a link for a code', JSON.stringify({ ...WATCH, code: `https://x.example/r#${WATCH.code}` })],
		['a script', JSON.stringify({ ...WATCH, url: 'javascript:alert(1)' })],
		['an extension’s page', JSON.stringify({ ...WATCH, url: 'chrome-extension://abc/open.html' })],
		['a file on the disk', JSON.stringify({ ...WATCH, url: 'file:///etc/passwd' })],
		['a password in the address', JSON.stringify({ ...WATCH, url: 'https://a:b@films.example/' })],
		['a key of the prototype', `{"__proto__":{},"code":"${WATCH.code}","url":"${WATCH.url}","title":""}`],
	])('[XT45] is nothing where it is %s', (_what, detail) => {
		expect(readNote(watchNote, detail)).toBeNull()
	})
	it('[XT45] a version is a number with dots, a protocol a whole number', () => {
		for (const note of [
			{ version: '<b>1</b>', protocol: 1 },
			{ version: '1', protocol: 0 },
			{ version: '1', protocol: 1.5 },
			{ version: '1', protocol: '1' },
		])
			expect(readNote(extensionNote, JSON.stringify(note))).toBeNull()
	})
})
