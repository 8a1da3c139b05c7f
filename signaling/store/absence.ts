/**
 * What is done while a database is away: calls fail at once instead of each waiting for its own timeout, one call a
 * second finds out whether it is back, and the operator reads one line when it goes and one when it comes.
 */
import { StoreUnavailable, type Sql } from './sql.ts'

const PROBE_INTERVAL_MS = 1_000
/** The same trouble (a full disk, a lock) is told once in this time. */
const TELL_AGAIN_MS = 60_000

export type StoreNews =
	| { readonly type: 'away'; readonly why: string }
	| { readonly type: 'back'; readonly afterMs: number }
	/** It answers, but could not do something. */
	| { readonly type: 'trouble'; readonly why: string }

export interface AbsenceDeps {
	readonly tell: (news: StoreNews) => void
	/** Never steps back. */
	readonly nowMs: () => number
	/** Called when the database was found to be away. */
	readonly onAway?: () => void
}

/** The same database, guarded. */
export const guardAbsence = (sql: Sql, deps: AbsenceDeps): Sql => {
	let away: { readonly why: string; readonly sinceMs: number; probeAtMs: number } | null = null
	let toldTrouble: { readonly why: string; readonly atMs: number } | null = null

	const onAway = (why: string): void => {
		const probeAtMs = deps.nowMs() + PROBE_INTERVAL_MS
		if (away !== null) {
			away.probeAtMs = probeAtMs
			return
		}
		away = { why, sinceMs: deps.nowMs(), probeAtMs }
		deps.tell({ type: 'away', why })
		deps.onAway?.()
	}
	const onAnswer = (): void => {
		if (away !== null) deps.tell({ type: 'back', afterMs: deps.nowMs() - away.sinceMs })
		away = null
	}
	const onTrouble = (why: string): void => {
		const nowMs = deps.nowMs()
		if (toldTrouble?.why === why && nowMs - toldTrouble.atMs < TELL_AGAIN_MS) return
		toldTrouble = { why, atMs: nowMs }
		deps.tell({ type: 'trouble', why })
	}

	const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
		if (away !== null) {
			if (deps.nowMs() < away.probeAtMs) throw new StoreUnavailable(away.why, { isAway: true })
			away.probeAtMs = Infinity // this call finds out; others do not wait for it
		}
		try {
			const result = await work()
			onAnswer()
			return result
		} catch (error) {
			if (error instanceof StoreUnavailable && error.isAway) onAway(error.message)
			else {
				onAnswer()
				if (error instanceof StoreUnavailable) onTrouble(error.message)
			}
			throw error
		}
	}

	return {
		bytesType: sql.bytesType,
		rows: (statement, ...values) => guarded(() => sql.rows(statement, ...values)),
		run: (statement, ...values) => guarded(() => sql.run(statement, ...values)),
		runInTurn: (statement, ...values) => guarded(() => sql.runInTurn(statement, ...values)),
		runUnsynced: (statement, ...values) => guarded(() => sql.runUnsynced(statement, ...values)),
		close: () => sql.close(),
	}
}
