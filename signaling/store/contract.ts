/**
 * What every store must do; each adapter's test runs it.
 */
import { describe, expect, it } from 'vitest'
import type { DeviceId, RoomId, SubjectId } from '#lib/core/units.ts'
import { CHAIN_START, createChainCheck, hashOfRow } from './chain.ts'
import type { AccountKey, AccountRecord, RoomOwner, Session, SigningKey, Store } from './store.ts'

const room = 'AAAAAAAAAAAAAAAAAAAAAA' as RoomId
const other = 'BBBBBBBBBBBBBBBBBBBBBA' as RoomId

const keyOf = (kid: string, signsFromMs = 0): SigningKey => ({
	kid,
	publicX: `x-${kid}`,
	privateJwk: `{"kid":"${kid}"}`,
	createdAtMs: 1_800_000_000_000,
	signsFromMs,
	retiredAtMs: null,
})

const alice = 'a_alice' as SubjectId
const bob = 'a_bob' as SubjectId
const charlie = 'a_charlie' as SubjectId
const accountOf = (id: SubjectId, change: Partial<AccountRecord> = {}): AccountRecord => ({
	id,
	kind: 'local',
	username: id.slice(2),
	name: id.slice(2).toUpperCase(),
	pictureId: null,
	issuer: null,
	createdAtMs: 1_800_000_000_000,
	passwordHash: '$argon2id$v=19$hash',
	...change,
})
const usernameOf = (id: SubjectId, kind: 'local' | 'list' = 'local'): AccountKey => ({
	type: 'username',
	kind,
	folded: id.slice(2),
})
const add = (store: Store, ...ids: SubjectId[]) =>
	Promise.all(ids.map((id) => store.accounts.create(accountOf(id), usernameOf(id))))

const sessionOf = (hash: string, accountId: SubjectId, change: Partial<Session> = {}): Session => ({
	hash,
	accountId,
	agent: 'Firefox on Linux',
	createdAtMs: 1_000,
	lastSeenAtMs: 2_000,
	expiresAtMs: 10_000,
	...change,
})
const pictureOf = (id: string) => ({ id, type: 'image/webp', bytes: new Uint8Array([0, 1, 127, 128, 255]) })
const ownerOf = (name: string): RoomOwner => ({
	device: `device-${name}` as DeviceId,
	subject: `a_${name}` as SubjectId,
})

/** `open` gives a store with nothing in it, and where the database allows it a second one on the same data. */
export const describeStore = (
	name: string,
	open: () => Promise<{ readonly store: Store; readonly second?: Store }>,
): void => {
	const withStores = async (use: (store: Store, second: Store) => Promise<void>): Promise<void> => {
		const { store, second } = await open()
		try {
			await use(store, second ?? store)
		} finally {
			await second?.close()
			await store.close()
		}
	}

	describe(`${name} as a store: rooms`, () => {
		it('[SG16] keeps the first root of a room and no other', () =>
			withStores(async ({ rooms }) => {
				expect(await rooms.put(room, 'first', null, 1)).toBe('created')
				expect(await rooms.put(room, 'second', ownerOf('bob'), 2)).toBe('taken')
				expect(await rooms.get(room)).toEqual({
					root: 'first',
					owner: null,
					heir: null,
					operators: [],
					operatorsVersion: -1,
					moved: null,
					createdAtMs: 1,
				})
			}))

		it('[SG16] takes the same root twice as one', () =>
			withStores(async ({ rooms }) => {
				await rooms.put(room, 'first', null, 1)
				expect(await rooms.put(room, 'first', null, 2)).toBe('same')
			}))

		it('[SG16] keeps rooms apart and knows nothing of a room nobody made', () =>
			withStores(async ({ rooms }) => {
				await rooms.put(room, 'first', null, 1)
				expect(await rooms.get(other)).toBeNull()
				expect(await rooms.put(other, 'first', null, 1.5)).toBe('created')
			}))

		it('[SG16] of many who register one room at once, one has made it', () =>
			withStores(async (one, two) => {
				const outcomes = await Promise.all(
					Array.from({ length: 20 }, (_, i) =>
						(i % 2 ? one : two).rooms.put(room, `root-${String(i)}`, null, i),
					),
				)
				expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1)
				expect(outcomes.filter((outcome) => outcome === 'taken')).toHaveLength(19)
			}))

		it('[SD1] the same root may bring the owner that none was named before; a named owner stays', () =>
			withStores(async ({ rooms }) => {
				await rooms.put(room, 'root', null, 1)
				expect(await rooms.put(room, 'root', ownerOf('alice'), 2)).toBe('same')
				expect((await rooms.get(room))?.owner).toEqual(ownerOf('alice'))
				expect(await rooms.put(room, 'root', ownerOf('bob'), 3)).toBe('same')
				expect((await rooms.get(room))?.owner).toEqual(ownerOf('alice'))
				await rooms.put(other, 'root', ownerOf('bob'), 3)
				expect((await rooms.get(other))?.owner).toEqual(ownerOf('bob'))
			}))

		it('[SD1] the list of operators with the highest version counts', () =>
			withStores(async ({ rooms }) => {
				await rooms.put(room, 'root', ownerOf('alice'), 1)
				expect(await rooms.setOperators(room, [bob], 0)).toBe(true)
				expect(await rooms.setOperators(room, [bob, charlie], 7)).toBe(true)
				expect(await rooms.setOperators(room, [], 7)).toBe(false)
				expect(await rooms.setOperators(room, [], 6)).toBe(false)
				expect(await rooms.get(room)).toMatchObject({ operators: [bob, charlie], operatorsVersion: 7 })
				expect(await rooms.setOperators(room, [], 2 ** 48)).toBe(true)
				expect(await rooms.setOperators(other, [bob], 1)).toBe(false)
			}))

		it('[SD1] only who was named takes a room over, once, and sends the operators anew', () =>
			withStores(async ({ rooms }) => {
				await rooms.put(room, 'root', ownerOf('alice'), 1)
				await rooms.setOperators(room, [charlie], 9)
				expect(await rooms.takeOver(room, ownerOf('bob'))).toBe(false)
				await rooms.setHeir(room, ownerOf('bob'))
				expect((await rooms.get(room))?.heir).toEqual(ownerOf('bob'))
				expect(await rooms.takeOver(room, ownerOf('charlie'))).toBe(false)
				expect(await rooms.takeOver(room, { ...ownerOf('bob'), device: 'device-x' as DeviceId })).toBe(false)
				expect(await rooms.takeOver(room, ownerOf('bob'))).toBe(true)
				expect(await rooms.get(room)).toMatchObject({
					owner: ownerOf('bob'),
					heir: null,
					operatorsVersion: -1,
				})
				expect(await rooms.takeOver(room, ownerOf('bob'))).toBe(false)
				expect(await rooms.setOperators(room, [], 1)).toBe(true)
			}))

		it('[SD1] an heir may be taken back', () =>
			withStores(async ({ rooms }) => {
				await rooms.put(room, 'root', ownerOf('alice'), 1)
				await rooms.setHeir(room, ownerOf('bob'))
				await rooms.setHeir(room, null)
				expect((await rooms.get(room))?.heir).toBeNull()
				expect(await rooms.takeOver(room, ownerOf('bob'))).toBe(false)
			}))

		it('[SD1] keeps the notes of a room that has moved beside its root', () =>
			withStores(async ({ rooms }) => {
				await rooms.put(room, 'root', ownerOf('alice'), 1)
				const notes = 'n'.repeat(256 * 1024)
				await rooms.setMoved(room, notes)
				expect(await rooms.get(room)).toMatchObject({ root: 'root', moved: notes })
			}))

		it('[SD1] who is removed from a room is removed from that one alone, until let in', () =>
			withStores(async ({ rooms }) => {
				await rooms.addRemoval(room, bob, alice, 1.5)
				await rooms.addRemoval(room, bob, charlie, 2)
				expect(await rooms.isRemoved(room, bob)).toBe(true)
				expect(await rooms.isRemoved(room, charlie)).toBe(false)
				expect(await rooms.isRemoved(other, bob)).toBe(false)
				await rooms.dropRemoval(room, bob)
				await rooms.dropRemoval(room, bob)
				expect(await rooms.isRemoved(room, bob)).toBe(false)
			}))
	})

	describe(`${name} as a store: keys`, () => {
		it('[SG17] keeps the first key it is offered for a time', () =>
			withStores(async ({ keys }) => {
				expect(await keys.list()).toEqual([])
				expect(await keys.add(keyOf('a'))).toEqual([keyOf('a')])
				expect(await keys.add(keyOf('b'))).toEqual([keyOf('a')])
			}))

		it('[SG17] of keys offered at once one is kept, and everybody is told which', () =>
			withStores(async (one, two) => {
				const answers = await Promise.all([
					one.keys.add(keyOf('a')),
					two.keys.add(keyOf('b')),
					one.keys.add(keyOf('c')),
					two.keys.add(keyOf('d')),
				])
				const [kept] = answers
				expect(kept).toHaveLength(1)
				for (const answer of answers) expect(answer).toEqual(kept)
			}))

		it('[SD2] a retired key keeps its public half for ever and loses the private one', () =>
			withStores(async ({ keys }) => {
				await keys.add(keyOf('b', 2_000))
				await keys.add(keyOf('a', 1_000))
				await keys.retire('a', 5_000)
				await keys.retire('a', 6_000)
				expect(await keys.list()).toEqual([
					{ ...keyOf('a', 1_000), privateJwk: null, retiredAtMs: 5_000 },
					keyOf('b', 2_000),
				])
			}))
	})

	describe(`${name} as a store: accounts`, () => {
		it('[SD3] finds an account by its id and by what makes it unique', () =>
			withStores(async ({ accounts }) => {
				expect(await accounts.create(accountOf(alice), usernameOf(alice))).toBe('created')
				expect(await accounts.byId(alice)).toEqual(accountOf(alice))
				expect(await accounts.byKey(usernameOf(alice))).toEqual(accountOf(alice))
				expect(await accounts.byId(bob)).toBeNull()
				expect(await accounts.byKey(usernameOf(bob))).toBeNull()
			}))

		it('[SD3] gives a username to one account of its kind, also when many ask at once', () =>
			withStores(async (one, two) => {
				const outcomes = await Promise.all(
					Array.from({ length: 10 }, (_, i) =>
						(i % 2 ? one : two).accounts.create(accountOf(`a_${String(i)}` as SubjectId), usernameOf(alice)),
					),
				)
				expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1)
				expect(await one.accounts.create(accountOf(bob, { kind: 'list' }), usernameOf(alice, 'list'))).toBe(
					'created',
				)
				expect((await one.accounts.byKey(usernameOf(alice, 'list')))?.id).toBe(bob)
			}))

		it('[SD3] keeps accounts of outside providers apart by issuer and subject, however they are spelled', () =>
			withStores(async ({ accounts }) => {
				const keys: AccountKey[] = [
					{ type: 'issuer', issuerUrl: 'https://a.example', subject: '1' },
					{ type: 'issuer', issuerUrl: 'https://b.example', subject: '1' },
					{ type: 'issuer', issuerUrl: 'https://a.example","1', subject: '' },
					{ type: 'issuer', issuerUrl: 'https://a.example', subject: '1\u0000' },
				]
				for (const [i, key] of keys.entries()) {
					const account = accountOf(`a_${String(i)}` as SubjectId, {
						kind: 'oidc',
						username: null,
						passwordHash: null,
						issuer: 'a',
					})
					expect(await accounts.create(account, key)).toBe('created')
					expect(await accounts.byKey(key)).toEqual(account)
				}
			}))

		it('[SD3] changes what is named and leaves the rest', () =>
			withStores(async ({ accounts }) => {
				await accounts.create(accountOf(alice), usernameOf(alice))
				await accounts.change(alice, { name: 'Alice B.' })
				await accounts.change(alice, { passwordHash: 'new' })
				await accounts.change(alice, {})
				expect(await accounts.byId(alice)).toEqual(
					accountOf(alice, { name: 'Alice B.', passwordHash: 'new' }),
				)
			}))

		it('[SD3] an account goes with its sessions and its picture, and leaves its username free', () =>
			withStores(async (store) => {
				await add(store, alice, bob)
				await store.sessions.add(sessionOf('h1', alice))
				await store.sessions.add(sessionOf('h2', bob))
				await store.pictures.put(alice, pictureOf('p1'))
				await store.accounts.remove(alice)
				await store.accounts.remove(alice)
				expect(await store.accounts.byId(alice)).toBeNull()
				expect(await store.sessions.get('h1')).toBeNull()
				expect(await store.sessions.ofAccount(alice)).toEqual([])
				expect(await store.pictures.get('p1')).toBeNull()
				expect(await store.sessions.get('h2')).not.toBeNull()
				expect(await store.accounts.create(accountOf(charlie), usernameOf(alice))).toBe('created')
			}))

		it('[SD3] gives a removed account no session and no picture, and takes that for no fault', () =>
			withStores(async (store) => {
				await store.sessions.add(sessionOf('h1', alice))
				await store.pictures.put(alice, pictureOf('p1'))
				await store.accounts.change(alice, { name: 'Alice', pictureId: null })
				expect(await store.sessions.get('h1')).toBeNull()
				expect(await store.pictures.get('p1')).toBeNull()
			}))

		it('[SD4] a picture is there as long as somebody wears it', () =>
			withStores(async (store) => {
				await add(store, alice, bob)
				await store.pictures.put(alice, pictureOf('p1'))
				await store.pictures.put(bob, pictureOf('p1'))
				await store.accounts.change(alice, { pictureId: 'p1' })
				expect((await store.accounts.byId(alice))?.pictureId).toBe('p1')
				expect(await store.pictures.get('p1')).toEqual(pictureOf('p1'))
				await store.pictures.put(alice, pictureOf('p2'))
				expect((await store.accounts.byKey(usernameOf(alice)))?.pictureId).toBe('p2')
				expect(await store.pictures.get('p1')).toEqual(pictureOf('p1'))
				await store.accounts.change(bob, { pictureId: null })
				expect((await store.accounts.byId(bob))?.pictureId).toBeNull()
				expect(await store.pictures.get('p1')).toBeNull()
				expect(await store.pictures.get('p2')).toEqual(pictureOf('p2'))
			}))
	})

	describe(`${name} as a store: sessions`, () => {
		it('[SD5] answers a session with its account', () =>
			withStores(async (store) => {
				await add(store, alice)
				await store.pictures.put(alice, pictureOf('p1'))
				await store.sessions.add(sessionOf('h1', alice, { createdAtMs: 7, lastSeenAtMs: 8, expiresAtMs: 9 }))
				expect(await store.sessions.get('h1')).toEqual({
					session: sessionOf('h1', alice, { createdAtMs: 7, lastSeenAtMs: 8, expiresAtMs: 9 }),
					account: accountOf(alice, { pictureId: 'p1' }),
				})
				expect(await store.sessions.get('h2')).toBeNull()
			}))

		it('[SD5] a session goes on when it is used', () =>
			withStores(async (store) => {
				await add(store, alice)
				await store.sessions.add(sessionOf('h1', alice))
				await store.sessions.touch('h1', 5_000.4, 20_000)
				expect((await store.sessions.get('h1'))?.session).toEqual(
					sessionOf('h1', alice, { lastSeenAtMs: 5_000, expiresAtMs: 20_000 }),
				)
			}))

		it('[SD5] lists and ends the sessions of one account, but the one that asks', () =>
			withStores(async (store) => {
				await add(store, alice, bob)
				for (const [i, hash] of ['h1', 'h2', 'h3'].entries())
					await store.sessions.add(sessionOf(hash, alice, { lastSeenAtMs: i }))
				await store.sessions.add(sessionOf('h4', bob))
				const hashes = async (account: SubjectId) =>
					(await store.sessions.ofAccount(account)).map((session) => session.hash)
				expect(await hashes(alice)).toEqual(['h3', 'h2', 'h1'])
				await store.sessions.removeOf(alice, 'h2')
				expect(await hashes(alice)).toEqual(['h2'])
				expect(await hashes(bob)).toEqual(['h4'])
				await store.sessions.removeOf(alice, null)
				expect(await hashes(alice)).toEqual([])
				await store.sessions.remove('h4')
				expect(await store.sessions.get('h4')).toBeNull()
			}))

		it('[SD5] removes sessions whose time is over', () =>
			withStores(async (store) => {
				await add(store, alice)
				await store.sessions.add(sessionOf('over', alice, { expiresAtMs: 1_000 }))
				await store.sessions.add(sessionOf('just', alice, { expiresAtMs: 2_000 }))
				await store.sessions.add(sessionOf('on', alice, { expiresAtMs: 2_001 }))
				await store.sessions.removeExpired(2_000)
				expect((await store.sessions.ofAccount(alice)).map((session) => session.hash)).toEqual(['on'])
			}))
	})

	describe(`${name} as a store: audit`, () => {
		it('[SD6] chains each row to the one before it', () =>
			withStores(async ({ audit }) => {
				const first = await audit.append(1.4, '{"id":"1"}')
				expect(first).toMatchObject({ number: 1, atMs: 1, event: '{"id":"1"}', before: CHAIN_START })
				const second = await audit.append(2, '{"id":"2"}')
				expect(second).toMatchObject({ number: 2, before: first.hash })
				expect(second.hash).toBe(hashOfRow(second))
				expect(await audit.read(1, 10)).toEqual([first, second])
				expect(await audit.read(2, 10)).toEqual([second])
				expect(await audit.read(1, 1)).toEqual([first])
				expect(await audit.read(3, 10)).toEqual([])
			}))

		it('[SD6] stays whole when two processes append at once', () =>
			withStores(async (one, two) => {
				const appended = await Promise.all(
					Array.from({ length: 60 }, (_, i) => (i % 2 ? one : two).audit.append(i, `{"id":"${String(i)}"}`)),
				)
				const rows = await one.audit.read(1, 100)
				expect(rows).toHaveLength(60)
				expect(rows.map((row) => row.number)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1))
				let before = CHAIN_START
				for (const row of rows) {
					expect([row.before, row.hash]).toEqual([before, hashOfRow(row)])
					before = row.hash
				}
				expect(new Set(rows)).toEqual(new Set(appended))
			}))

		it('[SD6] takes many at once, also when others do and some are there already', () =>
			withStores(async (one, two) => {
				const entriesOf = (who: string) =>
					Array.from({ length: 100 }, (_, i) => ({ atMs: i, event: `{"id":"${who}${String(i)}"}` }))
				await one.audit.append(1, '{"id":"a50"}')
				await one.audit.appendAll([])
				await Promise.all([
					one.audit.appendAll(entriesOf('a')),
					two.audit.appendAll(entriesOf('b')),
					two.audit.append(1, '{"id":"c"}'),
					one.audit.appendAll(entriesOf('d')),
				])
				const rows = await two.audit.read(1, 1_000)
				expect(rows.map(createChainCheck()).filter((fault) => fault !== null)).toEqual([])
				const ids = rows.map((row) => row.event.slice(7, -2))
				expect(ids).toHaveLength(301)
				for (const who of ['b', 'd'])
					expect(ids.filter((id) => id.startsWith(who))).toEqual(
						Array.from({ length: 100 }, (_, i) => `${who}${String(i)}`),
					)
			}))

		it('[SD6] an event that is there already is not added again', () =>
			withStores(async ({ audit }) => {
				const long = JSON.stringify({ id: '1', text: 'x'.repeat(20_000) })
				const first = await audit.append(1, long)
				await audit.append(2, '{"id":"2"}')
				expect(await audit.append(3, long)).toEqual(first)
				expect(await audit.read(1, 10)).toHaveLength(2)
			}))
	})

	describe(`${name} as a store: answers of other sites`, () => {
		it('[MD10] are kept while they are good, the latest of each', () =>
			withStores(async ({ media }, { media: second }) => {
				expect(await media.get('a', 1)).toBeNull()
				await media.put('a', '{"first":1}', 1_000)
				await media.put('a', '{"second":"Straße \u{1f3ac}"}', 2_000.7)
				await media.put('b', 'x'.repeat(40_000), 3_000)
				expect(await second.get('a', 1_999.5)).toBe('{"second":"Straße \u{1f3ac}"}')
				expect(await second.get('a', 2_001)).toBeNull()
				expect(await second.get('b', 1)).toHaveLength(40_000)
			}))

		it('[MD10] of too many those go first that are good no more, then those that are so soonest', () =>
			withStores(async ({ media }) => {
				for (let i = 0; i < 20; i++) await media.put(`k${String(i)}`, 'x', 1_000 + i)
				await media.trim(1_004, 10)
				const left: number[] = []
				for (let i = 0; i < 20; i++) if ((await media.get(`k${String(i)}`, 0)) !== null) left.push(i)
				expect(left).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19])
				await media.trim(1_016, 10)
				expect(await media.get('k16', 0)).toBeNull()
				expect(await media.get('k17', 0)).toBe('x')
			}))

		it('[MD10] may be put by many at once', () =>
			withStores(async (one, two) => {
				await Promise.all(
					Array.from({ length: 40 }, (_, i) => (i % 2 ? one : two).media.put('a', String(i), 10_000 + i)),
				)
				expect(await one.media.get('a', 1)).toMatch(/^\d+$/)
			}))
	})

	describe(`${name} as a store: histories`, () => {
		const plenty = { totalBytes: 1_000_000 }
		const bytes = (...values: number[]) => new Uint8Array(values)

		it('[HK4] of a room that keeps none nothing is known, read, written or touched', () =>
			withStores(async ({ history }) => {
				expect(await history.facts(room)).toBeNull()
				expect(await history.read(room)).toBeNull()
				expect(await history.put(room, 0, bytes(1), plenty, 1)).toEqual({ type: 'none' })
				await history.touch(room, 1)
				await history.drop(room)
				expect(await history.facts(room)).toBeNull()
			}))

		it('[HK4] is written in place of the version that one knows, and the version rises by one', () =>
			withStores(async ({ history }, { history: second }) => {
				await history.allow(room, 'v', 1_000.4, 5)
				expect(await second.facts(room)).toEqual({ verifier: 'v', version: 1_000, size: 0, touchedAtMs: 5 })
				expect(await history.read(room)).toBeNull()
				expect(await history.put(room, 1_000, bytes(0, 1, 255), plenty, 6.5)).toEqual({
					type: 'kept',
					version: 1_001,
				})
				expect(await second.read(room)).toEqual({ version: 1_001, blob: bytes(0, 1, 255) })
				for (const base of [0, 999, 1_000, 1_002])
					expect(await second.put(room, base, bytes(9), plenty, 7)).toEqual({
						type: 'stale',
						version: 1_001,
					})
				expect(await history.facts(room)).toEqual({ verifier: 'v', version: 1_001, size: 3, touchedAtMs: 7 })
			}))

		it('[HK4] of many who know the same version one writes', () =>
			withStores(async ({ history }, { history: second }) => {
				await history.allow(room, 'v', 1, 5)
				const outcomes = await Promise.all(
					Array.from({ length: 20 }, (_, i) => (i % 2 ? history : second).put(room, 1, bytes(i), plenty, 6)),
				)
				expect(outcomes.filter(({ type }) => type === 'kept')).toEqual([{ type: 'kept', version: 2 }])
				expect(outcomes.filter(({ type }) => type === 'stale')).toHaveLength(19)
			}))

		it('[HK4] allowed again it stays as it is; for another key it is gone, and no version comes twice', () =>
			withStores(async ({ history }) => {
				await history.allow(room, 'v', 1, 5)
				await history.put(room, 1, bytes(1), plenty, 6)
				await history.allow(room, 'v', 50, 7)
				expect(await history.read(room)).toEqual({ version: 2, blob: bytes(1) })
				await history.allow(room, 'w', 1, 8)
				expect(await history.facts(room)).toEqual({ verifier: 'w', version: 3, size: 0, touchedAtMs: 8 })
				expect(await history.read(room)).toBeNull()
				expect(await history.put(room, 2, bytes(1), plenty, 9)).toEqual({ type: 'stale', version: 3 })
			}))

		it('[HK4] all together have a limit, in which the old of the same room does not count', () =>
			withStores(async ({ history }) => {
				const limits = { totalBytes: 10 }
				await history.allow(room, 'v', 1, 5)
				await history.allow(other, 'v', 1, 5)
				expect((await history.put(room, 1, new Uint8Array(6), limits, 6)).type).toBe('kept')
				expect(await history.put(other, 1, new Uint8Array(5), limits, 6)).toEqual({ type: 'full' })
				expect(await history.put(room, 2, new Uint8Array(11), limits, 6)).toEqual({ type: 'full' })
				expect((await history.put(room, 2, new Uint8Array(10), limits, 6)).type).toBe('kept')
				await history.drop(room)
				expect((await history.put(other, 1, new Uint8Array(5), limits, 6)).type).toBe('kept')
			}))

		it('[HK4] all together have that limit also when many rooms are written at once', () =>
			withStores(async ({ history }, { history: second }) => {
				const limits = { totalBytes: 50 }
				const rooms = Array.from(
					{ length: 20 },
					(_, i) => `${room.slice(0, -2)}${'ABCDEFGHIJKLMNOPQRST'.charAt(i)}A`,
				)
				for (const id of rooms) await history.allow(id as RoomId, 'v', 1, 5)
				const outcomes = await Promise.all(
					rooms.map((id, i) =>
						(i % 2 ? history : second).put(id as RoomId, 1, new Uint8Array(10), limits, 6),
					),
				)
				expect(outcomes.map(({ type }) => type).sort()).toEqual([
					...Array.from({ length: 15 }, () => 'full'),
					...Array.from({ length: 5 }, () => 'kept'),
				])
				const facts = await Promise.all(rooms.map((id) => second.facts(id as RoomId)))
				expect(facts.reduce((sum, known) => sum + (known?.size ?? 0), 0)).toBe(50)
			}))

		it('[HK4] what nobody has read or written for long is dropped, and nothing else', () =>
			withStores(async ({ history }) => {
				for (const id of [room, other]) await history.allow(id, 'v', 1, 100)
				await history.put(other, 1, bytes(1), plenty, 100)
				await history.touch(other, 200.5)
				expect(await history.dropUntouched(150)).toBe(1)
				expect(await history.facts(room)).toBeNull()
				expect(await history.read(other)).not.toBeNull()
				expect(await history.dropUntouched(202)).toBe(1)
				expect(await history.facts(other)).toBeNull()
			}))

		it('[HK4] takes a megabyte, byte for byte', () =>
			withStores(async ({ history }, { history: second }) => {
				const blob = Uint8Array.from({ length: 1024 * 1024 }, (_, i) => (i * 31) & 0xff)
				await history.allow(room, 'v', 1, 5)
				await history.put(room, 1, blob, { totalBytes: 2 ** 40 }, 6)
				const kept = await second.read(room)
				expect(kept?.blob.length).toBe(blob.length)
				expect(Buffer.compare(Buffer.from(kept!.blob), Buffer.from(blob))).toBe(0)
			}))
	})

	it(`${name} answers, and may be closed twice`, () =>
		withStores(async (store) => {
			await store.ping()
			await store.close()
			await store.close()
			await expect(store.ping()).rejects.toThrow()
		}))
}
