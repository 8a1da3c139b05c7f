/**
 * `npm run verify-log FILE [--keys jwks.json]`: proves or refutes a room's exported log, offline. It checks every
 * signature in the file, works the deeds out again from the records, and compares. Ends with 0: proved, 1: refuted,
 * 2: there is no such file, or it is no log.
 */
import { readFile, stat } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { compareBytes } from '../src/lib/core/records.ts'
import { parseLog, readRecords, type Log, type LogProblem } from '../src/lib/core/export-log.ts'
import { ownerStatement, readSignedRoot, type SignedRoot } from '../src/lib/core/root.ts'
import { base64urlToBytes } from '../src/lib/core/base64url.ts'
import type { Verifier } from '../src/lib/core/crypto.ts'
import { createWebCryptoVerifier } from '../src/lib/core/web-crypto.ts'
import { checkAgainst } from '../src/lib/session/log-identity.ts'

export interface LogVerdict {
	readonly exit: 0 | 1 | 2
	readonly lines: readonly string[]
}

const FILE_MAX_BYTES = 64 * 1024 * 1024
const LINES_MAX = 40

const PROBLEMS: Readonly<Record<LogProblem['what'], string>> = {
	'no-record': 'is no record',
	twice: 'stands in a place that another record holds',
	fork: 'is one of two different records that the device signed under one number, and the evidence is not in the log',
	'no-key': 'is by a device whose introduction, with its key, is not in the log',
	'bad-key': 'names no place that records have',
	'bad-record': 'is no record',
	'bad-slot': 'names no place that records have',
	'bad-body': 'says what no record of its kind can say',
	'bad-signature': 'is not signed by the device that it names, for this room',
	'too-big': 'is larger than records can be',
	'over-budget': 'is beyond what a room holds',
}

const CANNOT_SHOW = [
	'What this cannot show: records that were left out on purpose, where no listed deed needs them; what people',
	'overwrote or took back themselves; deeds older than the list, which holds the latest 200. Dates are those that',
	'the devices gave.',
]

const checkRoot = async (log: Log, verifier: Verifier): Promise<SignedRoot | string> => {
	const signed = await readSignedRoot(verifier, log.room.lookup, log.root)
	if (signed === null) return 'The room’s root is not signed by the owner that it names, for this room.'
	const hasPassword = signed.root.passwordCheck !== undefined
	if (hasPassword === (log.room.id === log.room.lookup)) return 'The room’s two numbers do not fit its root.'
	if (signed.ownerStatement !== null) {
		const [key, statement] = [signed.ownerKey, signed.ownerStatement].map(base64urlToBytes)
		const said = ownerStatement(log.room.id, signed.root.ownerSubject)
		if (!key || !statement || !(await verifier.verify(key, said, statement)))
			return 'The owner’s word about the room’s number does not hold.'
	}
	return signed
}

const checkMaker = async (log: Log, verifier: Verifier): Promise<string | null> => {
	const { key, by } = log.exported
	if ((await verifier.deviceOf(key)) !== by || !(await verifier.verify(key, log.signed, log.signature)))
		return 'The file is not as the device that made it signed it: it was changed afterwards.'
	return log.people.some(({ device }) => device === by)
		? null
		: 'The device that made the file is nobody’s in this room.'
}

const idOf = (entry: unknown): string =>
	typeof entry === 'object' && entry !== null && 'id' in entry && typeof entry.id === 'string'
		? entry.id
		: '?'

/** Where the listed deeds differ from those that the records prove. */
const compareDeeds = (listed: readonly unknown[], proved: readonly unknown[]): string[] => {
	const texts = new Map(proved.map((entry) => [idOf(entry), JSON.stringify(entry)]))
	const lines: string[] = []
	for (const entry of listed) {
		const text = texts.get(idOf(entry))
		if (text === undefined) lines.push(`Deed ${idOf(entry)} is listed, but no record in the log proves it.`)
		else if (text !== JSON.stringify(entry))
			lines.push(`Deed ${idOf(entry)} is listed as ${JSON.stringify(entry)}, but the records say ${text}.`)
	}
	const ids = new Set(listed.map(idOf))
	for (const entry of proved)
		if (!ids.has(idOf(entry))) lines.push(`Deed ${idOf(entry)} follows from the records, but is not listed.`)
	if (lines.length === 0 && JSON.stringify(listed) !== JSON.stringify(proved))
		lines.push('The deeds are not listed in their order.')
	return lines
}

/** `keys`: the server's own JWK set, to be believed instead of the one in the file. */
export const verifyLog = async (
	file: string,
	{ keys, subtle = crypto.subtle }: { readonly keys?: unknown; readonly subtle?: SubtleCrypto } = {},
): Promise<LogVerdict> => {
	const log = parseLog(file)
	if (typeof log === 'string') return { exit: 2, lines: [`This is no log of a room: ${log}.`] }
	const verifier = createWebCryptoVerifier(subtle)
	const refuted: string[] = []

	const root = await checkRoot(log, verifier)
	const maker = await checkMaker(log, verifier)
	if (maker !== null) refuted.push(maker)
	if (typeof root === 'string') refuted.push(root)
	else {
		const checkIdentity = checkAgainst(keys ?? log.keys, verifier)
		const facts = { roomId: log.room.id, root: root.root }
		const reading = await readRecords({ verifier, checkIdentity }, facts, log.records)
		for (const { where, what } of reading.problems) refuted.push(`${where} ${PROBLEMS[what]}.`)
		if (log.records.some((bytes, i) => i > 0 && compareBytes(log.records[i - 1] ?? bytes, bytes) >= 0))
			refuted.push('The records are not in their order.')
		const people = new Map(reading.people.map((person) => [person.device, person]))
		for (const person of log.people) {
			const proved = people.get(person.device)
			if (proved?.name !== person.name)
				refuted.push(`${person.device} is called “${person.name}”, which its records do not say.`)
			else if (proved.vouched !== person.vouched || proved.subject !== person.subject)
				refuted.push(`The name “${person.name}” of ${person.device} is not vouched for as the log says.`)
		}
		if (refuted.length === 0 && JSON.stringify(log.people) !== JSON.stringify(reading.people))
			refuted.push('The people are not listed whole, once each and in their order.')
		refuted.push(...compareDeeds(log.activity, reading.activity))
	}

	if (refuted.length > 0) {
		const more = refuted.length - LINES_MAX
		return {
			exit: 1,
			lines: [
				'REFUTED: this log does not hold.',
				...refuted.slice(0, LINES_MAX).map((line) => `- ${line}`),
				...(more > 0 ? [`- and ${more} more.`] : []),
			],
		}
	}
	const maderName = log.people.find(({ device }) => device === log.exported.by)?.name ?? ''
	return {
		exit: 0,
		lines: [
			`PROVED: ${log.records.length} records by ${log.people.length} people, ${log.activity.length} deeds.`,
			`Made by ${maderName} (${log.exported.by}) on ${new Date(log.exported.atMs).toISOString()}.`,
			keys === undefined
				? 'Names rest on the server’s keys as the file has them. Get the server’s own from /.well-known/jwks.json and give them with --keys to be sure of names.'
				: 'Names were checked against the keys that you gave.',
			...CANNOT_SHOW,
		],
	}
}

const USAGE = 'Usage: npm run verify-log FILE [-- --keys jwks.json]'

/** `argv` behind the script's name. */
export const run = async (argv: readonly string[]): Promise<LogVerdict> => {
	const at = argv.indexOf('--keys')
	const keysPath = at < 0 ? undefined : argv[at + 1]
	const [path, ...rest] = at < 0 ? argv : argv.toSpliced(at, 2)
	if (path === undefined || rest.length > 0 || (at >= 0 && keysPath === undefined))
		return { exit: 2, lines: [USAGE] }
	const read = async (name: string): Promise<string> => {
		const { size } = await stat(name)
		if (size > FILE_MAX_BYTES) throw new Error(`${size} bytes are more than a log has`)
		return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(name))
	}
	let file: string
	try {
		file = await read(path)
	} catch (error) {
		return {
			exit: 2,
			lines: [`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}.`],
		}
	}
	if (keysPath === undefined) return verifyLog(file)
	try {
		return await verifyLog(file, { keys: JSON.parse(await read(keysPath)) as unknown })
	} catch (error) {
		return {
			exit: 2,
			lines: [
				`${keysPath} cannot be read as keys: ${error instanceof Error ? error.message : String(error)}.`,
			],
		}
	}
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
	const { exit, lines } = await run(process.argv.slice(2))
	for (const line of lines) (exit === 0 ? process.stdout : process.stderr).write(`${line}\n`)
	process.exitCode = exit
}
