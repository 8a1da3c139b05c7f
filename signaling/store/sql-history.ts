/**
 * Histories of rooms: one sealed block of bytes a room, replaced whole and only by whoever knows its version.
 */
import { bytesOf, numberOf, textOf, type Sql } from './sql.ts'
import type { Store } from './store.ts'

export const createSqlHistory = (sql: Sql): Store['history'] => {
	const facts: Store['history']['facts'] = async (room) => {
		const [row] = await sql.rows(
			'SELECT verifier, version, size, touched_at_ms FROM histories WHERE room_id = ?',
			room,
		)
		return row === undefined
			? null
			: {
					verifier: textOf(row, 'verifier'),
					version: numberOf(row, 'version'),
					size: numberOf(row, 'size'),
					touchedAtMs: numberOf(row, 'touched_at_ms'),
				}
	}
	return {
		facts,
		async allow(room, verifier, firstVersion, nowMs) {
			const added = await sql.run(
				`INSERT INTO histories (room_id, verifier, version, size, touched_at_ms, content)
					VALUES (?, ?, ?, 0, ?, NULL) ON CONFLICT (room_id) DO NOTHING`,
				room,
				verifier,
				Math.round(firstVersion),
				Math.round(nowMs),
			)
			if (added === 1) return
			await sql.run(
				`UPDATE histories SET verifier = ?, version = version + 1, size = 0, touched_at_ms = ?, content = NULL
					WHERE room_id = ? AND verifier <> ?`,
				verifier,
				Math.round(nowMs),
				room,
				verifier,
			)
		},
		async read(room) {
			const [row] = await sql.rows(
				'SELECT version, content FROM histories WHERE room_id = ? AND size > 0',
				room,
			)
			return row === undefined ? null : { version: numberOf(row, 'version'), blob: bytesOf(row, 'content') }
		},
		async put(room, base, blob, { totalBytes }, nowMs) {
			// One statement: of two who know the same version, one writes. In turn: of two rooms for which there is place
			// left once, one is.
			const written = await sql.runInTurn(
				`UPDATE histories SET content = ?, size = ?, version = version + 1, touched_at_ms = ?
					WHERE room_id = ? AND version = ? AND (SELECT SUM(size) FROM histories) - size <= ?`,
				blob,
				blob.length,
				Math.round(nowMs),
				room,
				base,
				totalBytes - blob.length,
			)
			if (written === 1) return { type: 'kept', version: base + 1 }
			const known = await facts(room)
			if (known === null) return { type: 'none' }
			return known.version === base ? { type: 'full' } : { type: 'stale', version: known.version }
		},
		async touch(room, nowMs) {
			// Lost with the power, it is touched again by the next one.
			await sql.runUnsynced(
				'UPDATE histories SET touched_at_ms = ? WHERE room_id = ?',
				Math.round(nowMs),
				room,
			)
		},
		async drop(room) {
			await sql.run('DELETE FROM histories WHERE room_id = ?', room)
		},
		dropUntouched: (sinceMs) => sql.run('DELETE FROM histories WHERE touched_at_ms < ?', Math.round(sinceMs)),
	}
}
