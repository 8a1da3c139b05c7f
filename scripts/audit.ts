/**
 * `npm run audit`: the audit log of the store that the environment names, one row a line.
 * `npm run audit -- --verify [--head HASH]`: walks the whole chain and says whether it is what was written.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ConfigError, readConfig } from '../signaling/config.ts'
import { createChainCheck, type ChainFault } from '../signaling/store/chain.ts'
import { openStore } from '../signaling/store/open.ts'
import { StoreUnavailable } from '../signaling/store/sql.ts'
import type { AuditRow, Store } from '../signaling/store/store.ts'

const PAGE = 500
const USAGE =
	'Usage: npm run audit [-- --verify [--head HASH]], with MATINEE_DATA or DATABASE_URL as for the server.'

/** Ends the script with one line. */
class Refusal extends Error {}

const timeOf = (row: AuditRow): string => {
	const date = new Date(row.atMs)
	return Number.isNaN(date.getTime()) ? `${String(row.atMs)} ms` : date.toISOString()
}

async function* rowsOf(store: Store): AsyncGenerator<AuditRow> {
	// From before the first: a number that was tampered with is found too.
	for (let from = Number.MIN_SAFE_INTEGER; ;) {
		const page = await store.audit.read(from, PAGE)
		yield* page
		const last = page.at(-1)
		if (last === undefined || page.length < PAGE) return
		from = last.number + 1
	}
}

const faultText = (fault: ChainFault): string => {
	const row = `Row ${String(fault.number)}`
	switch (fault.type) {
		case 'changed':
			return `${row} was changed after it was written.`
		case 'moved':
			return `${row} was written as row ${String(fault.from)}: rows were put in another order.`
		case 'foreign':
			return `${row} does not follow the row before it: rows before it were replaced or left out.`
		case 'gap':
			return `${row} comes where row ${String(fault.expected)} should: rows are missing.`
	}
}

const verify = async (store: Store, head: string | undefined): Promise<string> => {
	const check = createChainCheck()
	let first: AuditRow | null = null
	let last: AuditRow | null = null
	let headNumber: number | null = null
	for await (const row of rowsOf(store)) {
		const fault = check(row)
		if (fault !== null) {
			const until = last === null ? '' : ` Up to row ${String(last.number)} the log is whole.`
			throw new Refusal(`${faultText(fault)}${until}`)
		}
		first ??= row
		last = row
		if (row.hash === head) headNumber = row.number
	}
	if (head !== undefined && headNumber === null)
		throw new Refusal(
			`No row has the hash ${head}: rows were taken off the end, or the log is another one (${String(last?.number ?? 0)} rows).`,
		)
	if (first === null || last === null) return '0 rows.'
	const since =
		headNumber === null
			? ''
			: `, ${String(last.number - headNumber)} since the given head (row ${String(headNumber)})`
	return `${String(last.number)} rows, whole, from ${timeOf(first)} to ${timeOf(last)}, head ${last.hash}${since}`
}

const print = async (store: Store): Promise<void> => {
	for await (const row of rowsOf(store)) {
		const line = `${String(row.number)}  ${timeOf(row)}  ${row.event}\n`
		if (!process.stdout.write(line)) await new Promise((resolve) => process.stdout.once('drain', resolve))
	}
}

const argumentsOf = () => {
	try {
		return parseArgs({ options: { verify: { type: 'boolean' }, head: { type: 'string' } } }).values
	} catch {
		throw new Refusal(USAGE) // an option that is none
	}
}

const openConfigured = async (): Promise<Store> => {
	const config = readConfig()
	if (config.databaseUrl === null && !existsSync(join(config.dataDir ?? '', 'matinee.sqlite')))
		throw new Refusal(
			`There is no log in ${config.dataDir ?? ''}: set MATINEE_DATA or DATABASE_URL as for the server.`,
		)
	return openStore(config)
}

const main = async (): Promise<void> => {
	const options = argumentsOf()
	if (options.head !== undefined && !/^[0-9a-f]{64}$/.test(options.head))
		throw new Refusal('The hash behind --head is the 64 characters that --verify printed.')
	const store = await openConfigured()
	try {
		if (options.verify === true || options.head !== undefined) console.log(await verify(store, options.head))
		else await print(store)
	} finally {
		await store.close()
	}
}

// `npm run audit | head` stops reading, and that is all right.
process.stdout.on('error', () => process.exit(0))
try {
	await main()
} catch (error) {
	if (error instanceof Refusal || error instanceof ConfigError) console.error(error.message)
	else if (error instanceof StoreUnavailable) console.error(`The database is away: ${error.message}`)
	else console.error(`The log cannot be read: ${error instanceof Error ? error.message : String(error)}`)
	process.exitCode = 1
}
