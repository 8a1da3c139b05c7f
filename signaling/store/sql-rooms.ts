/**
 * Rooms: the sealed root, who may give orders, and who is removed.
 */
import type { DeviceId, SubjectId } from '#lib/core/units.ts'
import { numberOf, textOf, textOrNull, type Row, type Sql } from './sql.ts'
import type { RoomOwner, Store, StoredRoom } from './store.ts'

const personOf = (row: Row, role: 'owner' | 'heir'): RoomOwner | null => {
	const device = textOrNull(row, `${role}_device`)
	const subject = textOrNull(row, `${role}_subject`)
	return device === null || subject === null
		? null
		: { device: device as DeviceId, subject: subject as SubjectId }
}

const roomOf = (row: Row): StoredRoom => ({
	root: textOf(row, 'root'),
	owner: personOf(row, 'owner'),
	heir: personOf(row, 'heir'),
	operators: JSON.parse(textOf(row, 'operators')) as SubjectId[],
	operatorsVersion: numberOf(row, 'operators_version'),
	moved: textOrNull(row, 'moved'),
	createdAtMs: numberOf(row, 'created_at_ms'),
})

export const createSqlRooms = (sql: Sql): Store['rooms'] => ({
	async put(room, root, owner, nowMs) {
		const added = await sql.run(
			`INSERT INTO rooms (id, root, owner_device, owner_subject, created_at_ms)
				VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
			room,
			root,
			owner?.device ?? null,
			owner?.subject ?? null,
			Math.round(nowMs),
		)
		if (added === 1) return 'created'
		const [kept] = await sql.rows('SELECT root FROM rooms WHERE id = ?', room)
		if (kept?.['root'] !== root) return 'taken'
		if (owner !== null)
			await sql.run(
				'UPDATE rooms SET owner_device = ?, owner_subject = ? WHERE id = ? AND owner_device IS NULL',
				owner.device,
				owner.subject,
				room,
			)
		return 'same'
	},
	async get(room) {
		const [row] = await sql.rows('SELECT * FROM rooms WHERE id = ?', room)
		return row === undefined ? null : roomOf(row)
	},
	async setOperators(room, subjects, version) {
		const changed = await sql.run(
			'UPDATE rooms SET operators = ?, operators_version = ? WHERE id = ? AND operators_version < ?',
			JSON.stringify(subjects),
			version,
			room,
			version,
		)
		return changed === 1
	},
	async setHeir(room, heir) {
		await sql.run(
			'UPDATE rooms SET heir_device = ?, heir_subject = ? WHERE id = ?',
			heir?.device ?? null,
			heir?.subject ?? null,
			room,
		)
	},
	async takeOver(room, heir) {
		const changed = await sql.run(
			`UPDATE rooms SET owner_device = heir_device, owner_subject = heir_subject,
				heir_device = NULL, heir_subject = NULL, operators_version = -1
				WHERE id = ? AND heir_device = ? AND heir_subject = ?`,
			room,
			heir.device,
			heir.subject,
		)
		return changed === 1
	},
	async setMoved(room, notes) {
		await sql.run('UPDATE rooms SET moved = ? WHERE id = ?', notes, room)
	},
	async addRemoval(room, subject, by, nowMs) {
		await sql.run(
			`INSERT INTO removals (room_id, subject, removed_by, removed_at_ms) VALUES (?, ?, ?, ?)
				ON CONFLICT (room_id, subject)
				DO UPDATE SET removed_by = excluded.removed_by, removed_at_ms = excluded.removed_at_ms`,
			room,
			subject,
			by,
			Math.round(nowMs),
		)
	},
	async dropRemoval(room, subject) {
		await sql.run('DELETE FROM removals WHERE room_id = ? AND subject = ?', room, subject)
	},
	async isRemoved(room, subject) {
		const rows = await sql.rows('SELECT 1 FROM removals WHERE room_id = ? AND subject = ?', room, subject)
		return rows.length > 0
	},
})
