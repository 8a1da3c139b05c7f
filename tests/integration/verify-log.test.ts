import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { bytesToBase64url } from '#lib/core/base64url.ts'
import type { Signer } from '#lib/core/crypto.ts'
import { exportLog, LOG_FORMAT } from '#lib/core/export-log.ts'
import { RECORDS_MAP } from '#lib/core/ledger.ts'
import { createRoomCode } from '#lib/core/room-code.ts'
import { deriveRoomKeys, type RoomKeys } from '#lib/core/room-keys.ts'
import { openSignedRoot, sealRoot, type SignedRoot } from '#lib/core/root.ts'
import {
	carryBoth,
	createTestClock,
	createTestRoom,
	film,
	makeRecord,
	type TestRoom,
} from '#lib/core/test-room.ts'
import type { SubjectId } from '#lib/core/units.ts'
import { createWebCryptoSigner, createWebCryptoVerifier } from '#lib/core/web-crypto.ts'
import { checkAgainst } from '#lib/session/log-identity.ts'
import { run, verifyLog } from '../../scripts/verify-log.ts'

const { subtle } = crypto
const random = { bytes: (count: number) => crypto.getRandomValues(new Uint8Array(count)) }
const verifier = createWebCryptoVerifier(subtle)
const createSigner = async (): Promise<Signer> =>
	createWebCryptoSigner(subtle, await subtle.generateKey('Ed25519', false, ['sign', 'verify']))
const text64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** The server's side of identities: a key and what it signs. */
const createIssuer = async (kid: string) => {
	const signer = await createSigner()
	const jwks = { keys: [{ kty: 'OKP', crv: 'Ed25519', x: bytesToBase64url(signer.publicKey), kid }] }
	const issue = async (device: Signer, sub: string, name: string, acct: boolean): Promise<string> => {
		const cnf = { jwk: { kty: 'OKP', crv: 'Ed25519', x: bytesToBase64url(device.publicKey) } }
		const iat = Math.floor(createTestClock().nowMs() / 1000)
		const head = text64({ alg: 'EdDSA', kid })
		const body = text64({ sub, name, acct, iat, exp: iat + 86_400, cnf })
		const signature = await signer.sign(new TextEncoder().encode(`${head}.${body}`))
		return `${head}.${body}.${bytesToBase64url(signature)}`
	}
	return { jwks, issue }
}

interface RawLog {
	format: string
	room: { lookup: string; id: string }
	exported: { atMs: number; by: string; key: string }
	root: Record<string, unknown>
	keys: unknown
	people: { device: string; subject: string; name: string; vouched: string }[]
	activity: { id: string; name: string; deed: Record<string, unknown> }[]
	records: string[]
	signature: string
}
const write = (log: unknown): string => `${JSON.stringify(log, null, '\t')}\n`

let code: string
let keys: RoomKeys
let signedRoot: SignedRoot
let ana: TestRoom
let bo: TestRoom
let issuer: Awaited<ReturnType<typeof createIssuer>>
let real: string

const exportHere = (from: TestRoom, change: { records?: readonly Uint8Array[]; keySet?: unknown } = {}) => {
	const keySet = 'keySet' in change ? change.keySet : issuer.jwks
	return exportLog(
		{ verifier, signer: from.signer, checkIdentity: checkAgainst(keySet, verifier) },
		{
			lookupId: keys.lookupId,
			roomId: keys.roomId,
			signedRoot,
			records: change.records ?? [...from.room.ledger.entries()].map(([, bytes]) => bytes),
			keySet,
			exportedAtMs: 1_800_000_123_456,
		},
	)
}
/** As somebody in the room would forge it: changed at will, and signed by their own device. */
const forge = async (change: (log: RawLog) => unknown, by: Signer = bo.signer): Promise<string> => {
	const log = JSON.parse(real) as RawLog
	change(log)
	const { signature: _, ...rest } = log
	const unsigned = {
		...rest,
		exported: { ...rest.exported, by: by.device, key: bytesToBase64url(by.publicKey) },
	}
	const signed = new TextEncoder().encode(`${LOG_FORMAT}|${JSON.stringify(unsigned)}`)
	return write({ ...unsigned, signature: bytesToBase64url(await by.sign(signed)) })
}
const linesOf = async (file: string, options = {}) => {
	const { exit, lines } = await verifyLog(file, options)
	return { exit, text: lines.join('\n') }
}

beforeAll(async () => {
	issuer = await createIssuer('k1')
	code = createRoomCode(random)
	keys = await deriveRoomKeys(subtle, code, new Uint8Array(32).fill(3))
	const [one, two] = await Promise.all([createSigner(), createSigner()])
	const clock = createTestClock()
	const root = {
		v: 1 as const,
		ownerDevice: one.device,
		ownerSubject: 'a_ana' as SubjectId,
		title: 'Sunday',
		createdAtMs: clock.nowMs(),
		passwordCheck: 'AAAAAAAAAAAAAAAAAAAAAA',
	}
	const sealed = await sealRoot({ subtle, random, signer: one }, keys, root)
	const opened = await openSignedRoot({ subtle, verifier }, keys, sealed)
	if (opened === null) throw new Error('the root opens')
	signedRoot = opened
	const shared = {
		root,
		clock,
		verifier,
		roomId: keys.roomId,
		checkIdentity: checkAgainst(issuer.jwks, verifier),
	}
	ana = createTestRoom('ana', { ...shared, signer: one })
	bo = createTestRoom('bo', { ...shared, signer: two })
	const meet = async () => {
		for (let i = 0; i < 2; i++) await carryBoth(ana, bo)
		await new Promise((resolve) => setTimeout(resolve, 20))
	}
	await ana.room.introduce({ name: 'Ana', token: await issuer.issue(one, 'a_ana', 'Ana', true) })
	await bo.room.introduce({ name: 'Bo', token: await issuer.issue(two, 'g_bo', 'Bo', false) })
	await meet()
	clock.advance(1_000)
	await bo.room.queue.add(film('One'), 'end')
	await ana.room.queue.add(film('Two'), 'end')
	await ana.room.chat.send('hello')
	await meet()
	clock.advance(1_000)
	await ana.room.grant('g_bo' as SubjectId, 'operator')
	await meet()
	clock.advance(1_000)
	await bo.room.renameRoom('Sunday films')
	await meet()
	real = await exportHere(ana)
})

describe('the exported log', () => {
	it('[EX1] a real one is proved, and says how many, by whom, and what it cannot show', async () => {
		const { exit, text } = await linesOf(real)
		expect([exit, text]).toEqual([0, expect.stringMatching(/^PROVED: \d+ records by 2 people, \d+ deeds\./)])
		expect(text).toContain('Made by Ana')
		expect(text).toContain('/.well-known/jwks.json')
		expect(text).toContain('What this cannot show')
		const log = JSON.parse(real) as RawLog
		expect(log.people.map(({ name, vouched }) => `${name} ${vouched}`).sort()).toEqual([
			'Ana account',
			'Bo guest',
		])
		expect(log.activity.map(({ deed }) => deed['type'])).toEqual(
			ana.room.state().activity.map(({ deed }) => deed.type),
		)
		expect(log.activity.map(({ deed }) => deed['type'])).toContain('granted')
	})

	it('[EX2] is the same from any member, and holds neither the code nor any key that follows from it', async () => {
		expect(await exportHere(ana)).toBe(real)
		const bos = JSON.parse(await exportHere(bo)) as RawLog
		const anas = JSON.parse(real) as RawLog
		expect({ ...bos, exported: 0, signature: 0 }).toEqual({ ...anas, exported: 0, signature: 0 })
		expect(real).not.toContain(code)
		expect(real).not.toContain(code.replaceAll('-', ''))
		for (const key of [keys.roomKey, keys.relayKey, keys.rootKey])
			for (const form of ['base64url', 'base64', 'hex'] as const)
				expect(real).not.toContain(Buffer.from(key).toString(form))
	})

	it('[EX3] any change after it was made is noticed, whichever byte it is', async () => {
		const bytes = Buffer.from(real)
		let seed = 12345
		const next = (below: number): number => {
			seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
			return seed % below
		}
		const exits = new Map<number, number>()
		for (let i = 0; i < 2_000; i++) {
			const at = next(bytes.length)
			const flipped = Buffer.from(bytes)
			flipped[at] = (flipped[at] ?? 0) ^ (1 << next(8))
			const { exit } = await verifyLog(flipped.toString('utf8'))
			exits.set(exit, (exits.get(exit) ?? 0) + 1)
		}
		expect(exits.get(0) ?? 0).toBe(0)
		expect((exits.get(1) ?? 0) > 500).toBe(true)
	}, 60_000)

	it('[EX4] a record that is forged, dropped, doubled, moved or of another room is named', async () => {
		const log = JSON.parse(real) as RawLog
		const bytesOf = (record: string) => Buffer.from(record, 'base64url')
		for (let i = 0; i < log.records.length; i++) {
			const altered = bytesOf(log.records[i] ?? '')
			altered[altered.length - 65] = (altered[altered.length - 65] ?? 0) ^ 1
			const file = await forge((raw) => (raw.records[i] = altered.toString('base64url')))
			const { exit, text } = await linesOf(file)
			expect([exit, text.split('\n').length > 1]).toEqual([1, true])
			const unsigned = bytesOf(log.records[i] ?? '')
			unsigned[unsigned.length - 1] = (unsigned[unsigned.length - 1] ?? 0) ^ 1
			const other = await linesOf(await forge((raw) => (raw.records[i] = unsigned.toString('base64url'))))
			expect(other.text).toContain('is not signed by the device that it names')
		}
		const twice = await linesOf(await forge((raw) => raw.records.push(raw.records[0] ?? '')))
		expect([twice.exit, twice.text]).toEqual([1, expect.stringContaining('another record holds')])
		const moved = await linesOf(await forge((raw) => raw.records.reverse()))
		expect([moved.exit, moved.text]).toEqual([1, expect.stringContaining('not in their order')])
		// Every deed hangs on a record: dropped, it is missed.
		let missed = 0
		for (let i = 0; i < log.records.length; i++) {
			const { exit } = await linesOf(await forge((raw) => raw.records.splice(i, 1)))
			if (exit === 1) missed++
		}
		// All but the message, which is no deed.
		expect(missed).toBe(log.records.length - 1)
		const foreign = await makeRecord(bo.signer, 'chat', 5, 90, { text: 'said elsewhere' })
		const elsewhere = await linesOf(
			await forge((raw) => {
				raw.records = [...raw.records, bytesToBase64url(foreign.bytes)].sort()
			}),
		)
		expect(elsewhere.text).toContain(`chat ${bo.signer.device}.90 is not signed`)
	}, 60_000)

	it('[EX4] a deed that is altered, dropped, added, moved or laid on another is named', async () => {
		const cases: readonly [string, (raw: RawLog) => unknown][] = [
			['is listed as', (raw) => (raw.activity[0] = { ...raw.activity[0], name: 'Bo Bo' } as never)],
			['is listed as', (raw) => Object.assign(raw.activity[0]?.deed ?? {}, { title: 'Monday' })],
			['is listed as', (raw) => Object.assign(raw.activity[0] ?? {}, { by: ana.signer.device })],
			['is listed as', (raw) => Object.assign(raw.activity[0] ?? {}, { atMs: 1 })],
			['is not listed', (raw) => raw.activity.pop()],
			['no record in the log proves it', (raw) => Object.assign(raw.activity[1] ?? {}, { id: 'x.9' })],
			['not listed in their order', (raw) => raw.activity.reverse()],
			['not listed in their order', (raw) => raw.activity.push(raw.activity[0] as never)],
		]
		for (const [words, change] of cases) {
			const { exit, text } = await linesOf(await forge(change))
			expect([exit, text]).toEqual([1, expect.stringContaining(words)])
		}
	})

	it('[EX5] names stand or fall with the server’s keys', async () => {
		const renamed = await linesOf(
			await forge((raw) => raw.people.forEach((person) => (person.name = 'Somebody'))),
		)
		expect(renamed).toMatchObject({
			exit: 1,
			text: expect.stringContaining('which its records do not say') as string,
		})
		const vouched = await linesOf(
			await forge((raw) => raw.people.forEach((person) => (person.vouched = 'account'))),
		)
		expect(vouched.text).toContain('The name “Bo”')
		expect(vouched.text).toContain('not vouched for')
		// A server of one's own making can vouch inside the file, but not against the real server's keys.
		const { jwks } = await createIssuer('k1')
		const unknown = await linesOf(real, { keys: jwks })
		expect([unknown.exit, unknown.text]).toEqual([1, expect.stringContaining('not vouched for')])
		expect((await linesOf(real, { keys: issuer.jwks })).text).toContain('the keys that you gave')
		const none = await exportHere(ana, { keySet: undefined })
		expect(await linesOf(none)).toMatchObject({ exit: 0 })
		expect((JSON.parse(none) as RawLog).people.map(({ vouched: by }) => by)).toEqual(['no', 'no'])
	})

	it('[EX5] the owner’s root and the maker of the file are checked too', async () => {
		const cases: readonly [string, Promise<string>][] = [
			['root is not signed', forge((raw) => (raw.root['title'] = 'Monday'))],
			['root is not signed', forge((raw) => (raw.room.lookup = raw.room.id))],
			['do not fit', forge((raw) => (raw.room.id = raw.room.lookup))],
			['owner’s word', forge((raw) => (raw.room.id = 'CCCCCCCCCCCCCCCCCCCCCA'))],
			['nobody’s in this room', createSigner().then((mallory) => forge(() => undefined, mallory))],
			['changed afterwards', Promise.resolve(real.replace('1800000123456', '1800000123457'))],
		]
		for (const [words, file] of cases) {
			const { exit, text } = await linesOf(await file)
			expect([exit, text]).toEqual([1, expect.stringContaining(words)])
		}
	})

	it('[EX6] two records under one number are told, unless the evidence is there', async () => {
		const fork = [
			await makeRecord(bo.signer, 'chat', 7, 70, { text: 'this' }, { roomId: keys.roomId }),
			await makeRecord(bo.signer, 'chat', 8, 70, { text: 'that' }, { roomId: keys.roomId }),
		]
		const all = [...ana.room.ledger.entries()].map(([, bytes]) => bytes)
		const records = [...all, ...fork.map(({ bytes }) => bytes)]
		const without = await linesOf(await exportHere(ana, { records }))
		expect([without.exit, without.text]).toEqual([
			1,
			expect.stringContaining(`${bo.signer.device}.70 is one of two`),
		])
		const [a, b] = fork.map(({ bytes }) => bytes).sort((one, two) => Buffer.compare(one, two))
		const body = { key: bo.signer.publicKey, a: a ?? new Uint8Array(), b: b ?? new Uint8Array() }
		const evidence = await makeRecord(ana.signer, 'fork', 0, 900, body, { roomId: keys.roomId })
		expect((await linesOf(await exportHere(ana, { records: [...records, evidence.bytes] }))).exit).toBe(0)
	})

	it('[EX7] what is no log is told from a log that does not hold, and nothing makes it stumble', async () => {
		const bad: readonly string[] = [
			'',
			'{',
			'[]',
			'null',
			'{"format":"matinee-log-2"}',
			`{"format":"${LOG_FORMAT}"}`,
			'{"__proto__":{"format":"matinee-log-1"}}',
			real.replace('\t"people"', '\t "people"'),
			real.trimEnd(),
			write({ ...(JSON.parse(real) as object), more: 1 }),
			write({ ...(JSON.parse(real) as object), records: ['!'] }),
			write({ ...(JSON.parse(real) as object), records: 5 }),
			'['.repeat(100_000),
		]
		for (const file of bad) {
			const { exit, text } = await linesOf(file)
			expect([exit, text]).toEqual([2, expect.stringMatching(/^This is no log of a room: .+\.$/)])
		}
		for (const activity of [[null], [[]], [{ id: {} }], ['x'], [{ id: '__proto__' }]]) {
			const { exit } = await linesOf(await forge((raw) => (raw.activity = activity as never)))
			expect(exit).toBe(1)
		}
		for (const root of [null, [], 'x', { v: 1 }, { __proto__: null }]) {
			expect((await linesOf(await forge((raw) => (raw.root = root as never)))).exit).toBe(1)
		}
	})

	it('[EX7] the command reads files, and says which one it cannot read', async () => {
		const folder = await mkdtemp(join(tmpdir(), 'matinee-log-'))
		try {
			const [file, jwks] = [join(folder, 'log.json'), join(folder, 'jwks.json')]
			await writeFile(file, real)
			await writeFile(jwks, JSON.stringify(issuer.jwks))
			expect((await run([file])).exit).toBe(0)
			expect((await run([file, '--keys', jwks])).exit).toBe(0)
			expect((await run(['--keys', jwks, file])).exit).toBe(0)
			for (const argv of [[], [file, file], [file, '--keys']])
				expect(await run(argv)).toEqual({ exit: 2, lines: [expect.stringContaining('Usage') as string] })
			expect(await run([join(folder, 'none.json')])).toMatchObject({ exit: 2 })
			await writeFile(jwks, '{')
			const bad = await run([file, '--keys', jwks])
			expect([bad.exit, bad.lines.join()]).toEqual([
				2,
				expect.stringContaining('jwks.json cannot be read as keys'),
			])
			await writeFile(file, Buffer.of(0xff, 0xfe, 0x7b))
			expect((await run([file])).exit).toBe(2)
		} finally {
			await rm(folder, { recursive: true })
		}
	})

	it('[EX8] a log of a room whose lock was changed proves what was signed before as well', async () => {
		expect(ana.doc.getMap(RECORDS_MAP).size).toBeGreaterThan(4)
		const nextKeys = await deriveRoomKeys(subtle, createRoomCode(random))
		const root = {
			...signedRoot.root,
			before: [keys.roomId],
			title: 'Sunday films',
		}
		const { passwordCheck: _, ...open } = root
		const sealed = await sealRoot({ subtle, random, signer: ana.signer }, nextKeys, open)
		const opened = await openSignedRoot({ subtle, verifier }, nextKeys, sealed)
		if (opened === null) throw new Error('the root opens')
		const source = {
			lookupId: nextKeys.lookupId,
			roomId: nextKeys.roomId,
			records: [...ana.room.ledger.entries()].map(([, bytes]) => bytes),
			keySet: issuer.jwks,
			exportedAtMs: 1,
		}
		const deps = { verifier, signer: ana.signer, checkIdentity: checkAgainst(issuer.jwks, verifier) }
		const carried = await exportLog(deps, { ...source, signedRoot: opened })
		expect((await linesOf(carried)).exit).toBe(0)
		const { before: __, ...stranger } = open
		const other = await sealRoot({ subtle, random, signer: ana.signer }, nextKeys, stranger)
		const alone = await openSignedRoot({ subtle, verifier }, nextKeys, other)
		if (alone === null) throw new Error('the root opens')
		expect((await linesOf(await exportLog(deps, { ...source, signedRoot: alone }))).exit).toBe(1)
	})
})
