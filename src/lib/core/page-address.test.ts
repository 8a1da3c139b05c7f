import { describe, expect, it } from 'vitest'
import type { BodyValue } from './body.ts'
import { canonicalState } from './fold.ts'
import type { Kind } from './kinds.ts'
import { RECORDS_MAP } from './ledger.ts'
import { canonicalUrl } from './media-address.ts'
import { mediaIdentity } from './media-identity.ts'
import { MEDIA_URL_MAX_CHARS, parseMediaRef } from './media.ts'
import { pageAddress, pageRef } from './page-address.ts'
import { exportQueue, parseQueueFile } from './queue-file.ts'
import { addFilm, gather, makeRecord, titlesOf, type TestRoom } from './test-room.ts'

describe('the address of a page', () => {
	it.each([
		['https://Films.example:443/watch/night-bus', 'https://films.example/watch/night-bus'],
		['https://films.example/watch?v=5#comments', 'https://films.example/watch?v=5'],
		['https://films.example/watch?v=5#t=90', 'https://films.example/watch?v=5'],
		['https://films.example/#/watch/5', 'https://films.example/#/watch/5'],
		['https://films.example/#!watch/5', 'https://films.example/#!watch/5'],
		['https://films.example/watch?utm_source=mail&v=5&fbclid=x&gclid=', 'https://films.example/watch?v=5'],
		['https://films.example/watch?utm_source=mail', 'https://films.example/watch'],
		// The rest stays as the site wrote it: order, doubles, signs and all.
		['https://films.example/w?b=2&a=1&b=%20+x&e=&c', 'https://films.example/w?b=2&a=1&b=%20+x&e=&c'],
		// Nothing by which the site knows the person.
		['https://films.example/w?v=5&PHPSESSID=abc&access_token=x', 'https://films.example/w?v=5'],
		['https://films.example/w;jsessionid=1A2B?v=5', 'https://films.example/w?v=5'],
		// What only looks alike may be what is watched.
		[
			'https://films.example/w?sid=5&gid=7&t=90&ref=x&token=y',
			'https://films.example/w?sid=5&gid=7&t=90&ref=x&token=y',
		],
		['http://films.example/w', 'http://films.example/w'],
	])('[XT46] %s is %s, and stays so', (given, address) => {
		expect(pageAddress(given)).toBe(address)
		expect(pageAddress(address)).toBe(address)
	})
	it.each([
		'javascript:alert(1)',
		'blob:https://films.example/5',
		'file:///home/ana/film.html',
		'chrome://settings',
		'https://ana:secret@films.example/',
		`https://films.example/${'x'.repeat(MEDIA_URL_MAX_CHARS)}`,
		'no address',
	])('[XT46] %s is no page', (given) => {
		expect(pageRef(given)).toBeNull()
	})
	it('[XT46] is read from a record like every other source, and is the page’s own', () => {
		const media = { kind: 'page', url: 'https://films.example/watch/5' } as const
		expect(parseMediaRef({ ...media, more: 1 })).toEqual(media)
		expect(parseMediaRef({ kind: 'page', url: 'javascript:alert(1)' })).toBeNull()
		expect(parseMediaRef({ kind: 'page' })).toBeNull()
		expect(canonicalUrl(media, 90)).toBe(media.url)
	})
	it('[XT46] is the same to watch however somebody came there, and another by its route', () => {
		const at = (url: string) => mediaIdentity({ kind: 'page', url })
		expect(at('https://films.example/w?v=5&utm_source=x#top')).toBe(at('https://films.example/w?v=5'))
		expect(at('https://films.example/#/w/5')).not.toBe(at('https://films.example/#/w/6'))
		expect(at('https://films.example/w')).not.toBe(
			mediaIdentity({ kind: 'file', url: 'https://films.example/w' }),
		)
	})
})

describe('a page in the queue', () => {
	it('[XT46] plays for everybody, is saved with the queue and read from its file', async () => {
		const { rooms, clock, meet } = await gather('alice', 'bob')
		const [alice, bob] = rooms as [TestRoom, TestRoom]
		const media = { kind: 'page', url: 'https://films.example/watch/5' } as const
		const outcome = await alice.room.queue.add({ media, title: 'Night Bus' }, 'end')
		if (outcome.type !== 'done' || outcome.item === undefined) throw new Error('not added')
		await alice.room.queue.playNow(outcome.item, clock.nowMs())
		await meet()
		expect(bob.room.state().queue.current).toMatchObject({ media, title: 'Night Bus' })
		expect(canonicalState(alice.room.state())).toBe(canonicalState(bob.room.state()))
		const file = parseQueueFile(exportQueue('Room', bob.room.state().queue))
		expect(file).toMatchObject({ type: 'queue', items: [{ media, title: 'Night Bus' }], broken: [] })
	})

	// As this version is to the next kind, versions from before are to this one: they carry such items in the same way.
	it('[XT54] of a kind that a version does not know leaves the queue whole, and the room goes on', async () => {
		const { rooms, clock, meet } = await gather('alice', 'bob')
		const [alice, bob] = rooms as [TestRoom, TestRoom]
		await addFilm(alice, 'A')
		const b = await addFilm(alice, 'B')
		const write = async (kind: Kind, seq: number, body: BodyValue) => {
			const { key, bytes } = await makeRecord(bob.signer, kind, 7, seq, body, { ms: clock.nowMs() })
			bob.doc.getMap(RECORDS_MAP).set(key, bytes)
			await bob.room.judgeTouched([key])
		}
		const hologram = { nonce: 'abcdefghijk', media: { kind: 'hologram', at: 5 }, title: 'Later', pos: 'V' }
		await write('queue', 100, hologram)
		await meet()
		expect(titlesOf(alice)).toBe('A B')
		// It is on, for those who know it.
		const item = `${bob.signer.device}.abcdefghijk`
		const cause = { type: 'user' }
		await write('playback', 101, { item, pos: 0, rate: 1, on: true, at: clock.nowMs(), cause })
		await meet()
		expect(alice.room.state()).toMatchObject({ playback: { itemId: item }, queue: { current: null } })
		expect(titlesOf(alice)).toBe('A B')
		clock.advance(1_000)
		await alice.room.queue.playNow(b, clock.nowMs())
		await meet()
		expect(titlesOf(bob)).toBe('[B] A')
		expect(canonicalState(alice.room.state())).toBe(canonicalState(bob.room.state()))
	})
})
