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

	const onFailure = (error: unknown): void => {
		if (!(error instanceof StoreUnavailable)) return
		const nowMs = deps.nowMs()
		if (error.isAway) {
			if (away === null) {
				away = { why: error.message, sinceMs: nowMs, probeAtMs: nowMs + PROBE_INTERVAL_MS }
				deps.tell({ type: 'away', why: error.message })
				deps.onAway?.()
			} else away.probeAtMs = nowMs + PROBE_INTERVAL_MS
			return
		}
		if (toldTrouble?.why === error.message && nowMs - toldTrouble.atMs < TELL_AGAIN_MS) return
		toldTrouble = { why: error.message, atMs: nowMs }
		deps.tell({ type: 'trouble', why: error.message })
	}

	const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
		if (away !== null) {
			if (deps.nowMs() < away.probeAtMs) throw new StoreUnavailable(away.why, { isAway: true })
			away.probeAtMs = Infinity // this call finds out; others do not wait for it
		}
		try {
			const result = await work()
			if (away !== null) deps.tell({ type: 'back', afterMs: deps.nowMs() - away.sinceMs })
			away = null
			return result
		} catch (error) {
			onFailure(error)
			throw error
		}
	}

	return {
		bytesType: sql.bytesType,
		rows: (statement, ...values) => guarded(() => sql.rows(statement, ...values)),
		run: (statement, ...values) => guarded(() => sql.run(statement, ...values)),
		close: () => sql.close(),
	}
}
