/**
 * Answers of other sites, kept for a while.
 */
import { textOf, type Sql } from './sql.ts'
import type { Store } from './store.ts'

export const createSqlMedia = (sql: Sql): Store['media'] => ({
	async get(key, nowMs) {
		const [row] = await sql.rows(
			'SELECT answer FROM media_answers WHERE key = ? AND good_until_ms > ?',
			key,
			Math.round(nowMs),
		)
		return row === undefined ? null : textOf(row, 'answer')
	},
	async put(key, answer, goodUntilMs) {
		// Lost with the power, it is one question more.
		await sql.runUnsynced(
			`INSERT INTO media_answers (key, answer, good_until_ms) VALUES (?, ?, ?)
				ON CONFLICT (key) DO UPDATE SET answer = excluded.answer, good_until_ms = excluded.good_until_ms`,
			key,
			answer,
			Math.round(goodUntilMs),
		)
	},
	async trim(nowMs, max) {
		await sql.runUnsynced('DELETE FROM media_answers WHERE good_until_ms <= ?', Math.round(nowMs))
		await sql.runUnsynced(
			`DELETE FROM media_answers WHERE key IN
				(SELECT key FROM media_answers ORDER BY good_until_ms DESC, key LIMIT 1000000000 OFFSET ?)`,
			max,
		)
	},
})
