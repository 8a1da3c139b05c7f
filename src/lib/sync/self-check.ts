/**
 * What the document has lost for whatever reason (mending has its limits, memory its faults) is put back: each half
 * minute, and soon after very much of it went at once.
 */
import type { RandomSource } from '#lib/core/clock.ts'
import { RECORDS_MAP, type Ledger } from '#lib/core/ledger.ts'
import type { Millis } from '#lib/core/units.ts'
import { drawBetween } from '#lib/transport/seeded-random.ts'
import type { TimerHandle, Timers } from '#lib/transport/timers.ts'
import type * as Y from 'yjs'
import type { Gate } from './gate.ts'
import type { Turns } from './turns.ts'

const SELF_CHECK_EVERY_MS: Millis = 30_000
/** For each of us: what is spread over that leaves time for the first to be heard. */
const RESTORE_MS: Millis = 500

export interface SelfCheck {
	/** One of `members` is first; the others find it done. */
	soon(members: number): void
	stop(): void
}

export interface SelfCheckDeps {
	readonly doc: Y.Doc
	readonly ledger: Ledger
	readonly gate: Pick<Gate, 'pass'>
	readonly timers: Timers
	readonly random: RandomSource
	readonly inTurn: Turns['add']
	readonly broadcast: (update: Uint8Array) => void
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean =>
	a.length === b.length && a.every((byte, i) => byte === b[i])

export const createSelfCheck = (deps: SelfCheckDeps): SelfCheck => {
	const { timers } = deps
	const records = deps.doc.getMap<unknown>(RECORDS_MAP)
	let restoring: TimerHandle = null

	const check = async (): Promise<void> => {
		const lost: string[] = []
		for (const [key, bytes] of deps.ledger.entries()) {
			const value = records.get(key)
			if (value !== bytes && !(value instanceof Uint8Array && isSame(value, bytes))) lost.push(key)
		}
		if (lost.length === 0) return
		const { repair } = await deps.gate.pass(lost)
		for (const update of repair ?? []) deps.broadcast(update)
	}
	const schedule = (): TimerHandle =>
		timers.setTimeout(() => {
			deps.inTurn(check)
			regular = schedule()
		}, SELF_CHECK_EVERY_MS)
	let regular = schedule()

	return {
		soon: (members) => {
			restoring ??= timers.setTimeout(
				() => {
					restoring = null
					deps.inTurn(check)
				},
				drawBetween(deps.random, 0, RESTORE_MS * members),
			)
		},
		stop: () => {
			timers.clearTimeout(regular)
			timers.clearTimeout(restoring)
		},
	}
}
