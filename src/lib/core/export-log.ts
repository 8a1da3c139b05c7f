/**
 * The room's log as a file: every signed record, the signed root, the server's keys, and the deeds that follow from
 * them. Whoever has the file can work the deeds out again and compare, without us and without a network. The room's
 * code and its keys are not in it.
 */
import { foldActivity } from './activity.ts'
import { base64urlToBytes, bytesToBase64url } from './base64url.ts'
import type { Signer, Verifier } from './crypto.ts'
import { fold } from './fold.ts'
import { createLedger, type Verdict } from './ledger.ts'
import { compareBytes, keyOf, parseRecord, type ParsedRecord } from './records.ts'
import type { IdentityClaims, RoomDeps, RoomRoot } from './room.ts'
import type { SignedRoot } from './root.ts'
import { integer, isPlainObject, list, literal, object, oneOf, text, type Schema } from './schema.ts'
import type { Deed } from './state.ts'
import { ID_PATTERN, type DeviceId, type Millis, type RoomId } from './units.ts'

export const LOG_FORMAT = 'matinee-log-1'
const RECORDS_MAX = 200_000
const utf8 = new TextEncoder()

/** What the server's keys say of a name: an account's or a guest's own, the bearer of another name, or nothing. */
export const VOUCHED = ['account', 'guest', 'other-name', 'no'] as const

export interface LogPerson {
	readonly device: DeviceId
	readonly subject: string
	readonly name: string
	readonly vouched: (typeof VOUCHED)[number]
}
export interface LogEntry {
	readonly id: string
	readonly atMs: Millis
	readonly by: DeviceId
	readonly name: string
	readonly deed: Deed
	readonly undoneBy: DeviceId | null
}
/** What is wrong with a record that stands in a log. */
export interface LogProblem {
	/** `kind author.seq`, or where it stands in the list. */
	readonly where: string
	readonly what: 'no-record' | 'twice' | 'fork' | 'no-key' | Extract<Verdict, { type: 'rejected' }>['why']
}
export interface LogReading {
	readonly people: readonly LogPerson[]
	/** Latest first, as in the Activity tab. */
	readonly activity: readonly LogEntry[]
	readonly problems: readonly LogProblem[]
}

export interface LogReader {
	readonly verifier: Verifier
	/** Against the keys in the file, or the server's own. */
	readonly checkIdentity: RoomDeps['checkIdentity']
}

const vouchedFor = (claims: IdentityClaims | null, name: string): LogPerson['vouched'] =>
	claims === null ? 'no' : claims.name !== name ? 'other-name' : claims.isAccount ? 'account' : 'guest'

/** Signatures checked at one time. */
const BATCH = 512

/** What follows from these records, and which of them do not hold. The same for everybody, whenever it is read. */
export const readRecords = async (
	{ verifier, checkIdentity }: LogReader,
	{ roomId, root }: { readonly roomId: RoomId; readonly root: RoomRoot },
	records: readonly Uint8Array[],
): Promise<LogReading> => {
	const problems: LogProblem[] = []
	// Whatever its clock said, it is in the log: nothing waits for its time here.
	const clock = { nowMs: () => Number.MAX_SAFE_INTEGER }
	const ledger = createLedger({ roomId, before: root.before ?? [], verifier, clock })
	const forks: { author: DeviceId; seq: number }[] = []
	ledger.on((event) => (event.type === 'forked' ? forks.push(event) : undefined))

	const parsed: ParsedRecord[] = []
	records.forEach((bytes, index) => {
		const record = parseRecord(bytes)
		if (typeof record === 'string') problems.push({ where: `record ${index + 1}`, what: 'no-record' })
		else parsed.push(record)
	})
	const judge = async (record: ParsedRecord): Promise<void> => {
		const where = `${record.kind} ${record.ref}`
		const verdict = await ledger.judge(keyOf(record.kind, record.author, record.slot), record.bytes)
		if (verdict.type === 'rejected') problems.push({ where, what: verdict.why })
		else if (verdict.type === 'waiting') problems.push({ where, what: 'no-key' })
		else if (verdict.type !== 'accepted') problems.push({ where, what: 'twice' })
	}
	const judgeAll = async (some: readonly ParsedRecord[]): Promise<void> => {
		for (let at = 0; at < some.length; at += BATCH) await Promise.all(some.slice(at, at + BATCH).map(judge))
	}
	// Keys before what they signed: nothing has to wait.
	await judgeAll(parsed.filter(({ kind }) => kind === 'id'))
	await judgeAll(parsed.filter(({ kind }) => kind !== 'id'))

	const claims = new Map<DeviceId, IdentityClaims>()
	const names = new Map<DeviceId, string>()
	for (const { kind, body, author, ms } of ledger.records()) {
		if (kind !== 'id' || body === null) continue
		names.set(author, body.name)
		if (body.token === undefined) continue
		const found = await checkIdentity(body.token, author, Math.min(body.tokenAt ?? ms, ms))
		if (found !== null) claims.set(author, found)
	}
	const { state, people, forkedAt } = fold({
		root,
		// Nobody in particular looks at it.
		me: root.ownerDevice,
		records: ledger.records(),
		identityOf: (device) => claims.get(device) ?? null,
		foldActivity,
	})
	for (const { author, seq } of forks)
		if ((forkedAt.get(author) ?? Infinity) > seq) problems.push({ where: `${author}.${seq}`, what: 'fork' })

	return {
		people: [...names].sort(byKey).map(([device, name]) => ({
			device,
			subject: people.subjectOf(device),
			name,
			vouched: vouchedFor(claims.get(device) ?? null, name),
		})),
		activity: state.activity.map(({ id, atMs, by, deed, undoneBy }) => ({
			id,
			atMs,
			by,
			name: names.get(by) ?? '',
			deed,
			undoneBy,
		})),
		problems,
	}
}

const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
	a < b ? -1 : a > b ? 1 : 0

const anyJson: Schema<unknown> = { parse: (input) => input, describe: 'json' }
const id = text(22, ID_PATTERN)
const logShape = object({
	format: literal(LOG_FORMAT),
	room: object({ lookup: id, id }),
	exported: object({ atMs: integer(0, 8.64e15), by: id, key: text(43) }),
	root: anyJson,
	keys: anyJson,
	people: list(
		object({ device: id, subject: text(64), name: text(64), vouched: oneOf(...VOUCHED) }),
		RECORDS_MAX,
	),
	activity: list(anyJson, RECORDS_MAX),
	records: list(text(100_000), RECORDS_MAX),
	signature: text(86),
})

export interface Log {
	readonly room: { readonly lookup: RoomId; readonly id: RoomId }
	readonly exported: { readonly atMs: Millis; readonly by: DeviceId; readonly key: Uint8Array }
	/** The root in the clear, as `readSignedRoot` takes it. */
	readonly root: unknown
	/** The server's keys for identity tokens, as a JWK set. */
	readonly keys: unknown
	readonly people: readonly LogPerson[]
	/** As listed, nothing checked but that it is a list. */
	readonly activity: readonly unknown[]
	readonly records: readonly Uint8Array[]
	/** By the device that made the file, over all of it. */
	readonly signature: Uint8Array
	readonly signed: Uint8Array<ArrayBuffer>
}

const write = (value: unknown): string => `${JSON.stringify(value, null, '\t')}\n`
const signedBytes = (unsigned: unknown): Uint8Array<ArrayBuffer> =>
	utf8.encode(`${LOG_FORMAT}|${JSON.stringify(unsigned)}`)

/** The file's parts, or in a few words why it is no log. Nothing in it is believed yet. */
export const parseLog = (file: string): Log | string => {
	let input: unknown
	try {
		input = JSON.parse(file)
	} catch {
		return 'it is not JSON'
	}
	if (!isPlainObject(input)) return 'it is not a JSON object'
	if (!Object.hasOwn(input, 'format') || input['format'] !== LOG_FORMAT)
		return `it does not say that it is a “${LOG_FORMAT}”`
	const log = logShape.parse(input)
	if (log === undefined) return 'parts of it are missing, unknown or of the wrong kind'
	if (write(input) !== file) return 'it is not written the way logs are written'
	const key = base64urlToBytes(log.exported.key)
	const signature = base64urlToBytes(log.signature)
	const records = log.records.map(base64urlToBytes)
	if (key === null || signature === null || records.includes(null)) return 'bytes in it are not base64url'
	const { signature: _, ...unsigned } = input
	return {
		room: { lookup: log.room.lookup as RoomId, id: log.room.id as RoomId },
		exported: { atMs: log.exported.atMs, by: log.exported.by as DeviceId, key },
		root: log.root,
		keys: log.keys,
		people: log.people.map((person) => ({ ...person, device: person.device as DeviceId })),
		activity: log.activity,
		records: records.filter((bytes) => bytes !== null),
		signature,
		signed: signedBytes(unsigned),
	}
}

export interface LogSource {
	readonly lookupId: RoomId
	readonly roomId: RoomId
	readonly signedRoot: SignedRoot
	readonly records: Iterable<Uint8Array>
	/** The server's JWK set as this device knows it; null where it has none. */
	readonly keySet: unknown
	readonly exportedAtMs: Millis
}

/** The file's text, the same for the same source. `checkIdentity` must go by `keySet` alone, as every reader's will. */
export const exportLog = async (
	deps: LogReader & { readonly signer: Signer },
	source: LogSource,
): Promise<string> => {
	const { signer } = deps
	const { lookupId, roomId, signedRoot } = source
	const { root, ownerKey, signature, ownerStatement } = signedRoot
	const records = [...source.records].sort(compareBytes)
	const { people, activity } = await readRecords(deps, { roomId, root }, records)
	const unsigned = {
		format: LOG_FORMAT,
		room: { lookup: lookupId, id: roomId },
		exported: {
			atMs: source.exportedAtMs,
			by: signer.device,
			key: bytesToBase64url(signer.publicKey),
		},
		root: { ...root, ownerKey, signature, ...(ownerStatement === null ? {} : { ownerStatement }) },
		keys: source.keySet ?? null,
		people,
		activity,
		records: records.map(bytesToBase64url),
	}
	return write({ ...unsigned, signature: bytesToBase64url(await signer.sign(signedBytes(unsigned))) })
}
