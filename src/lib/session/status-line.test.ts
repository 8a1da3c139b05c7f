import { describe, expect, it } from 'vitest'
import type { StatusView } from '#lib/core/view.ts'
import { statusLine, type StatusInputs } from './status-line.ts'

const CALM: StatusInputs = {
	connection: { state: 'ready', direct: 2, relayed: 0, rttMs: 4, server: 'up', isFollower: false },
	whyServerAway: null,
	film: null,
	storage: null,
	whyNotPersistent: null,
	didLoseLinks: false,
}
const given = (change: Partial<StatusInputs>) => statusLine({ ...CALM, ...change })

describe('the status line', () => {
	it('[SS1] says nothing while all is well', () => {
		expect(given({})).toBeNull()
	})

	it('[SS2] says one thing at a time: what presses in the film, then the room, then the rest', () => {
		const waiting: StatusView = { kind: 'waiting', text: 'Waiting for Bo', action: null, progress: 0.6 }
		const away = { connection: { ...CALM.connection, server: 'away' as const } }
		expect(given({ ...away, film: { line: waiting, isUrgent: true } })).toBe(waiting)
		expect(given({ ...away, film: { line: waiting, isUrgent: false } })?.text).toContain('You go on together')
		expect(given({ film: { line: waiting, isUrgent: false } })).toBe(waiting)
	})

	it('[SS4] names trouble with storage and what still works', () => {
		expect(given({ storage: { type: 'full', why: 'QuotaExceededError' } })?.text).toContain(
			'The room goes on',
		)
		expect(given({ storage: { type: 'damaged', lost: 2 } })?.text).toContain('The rest is good')
		expect(given({ whyNotPersistent: 'IndexedDB is switched off' })?.text).toContain(
			'IndexedDB is switched off',
		)
	})

	it('[SS5] alone in the room: says so, with Invite; never a spinner', () => {
		expect(given({ connection: { ...CALM.connection, state: 'alone', direct: 0 } })).toEqual({
			kind: 'alone',
			text: 'Nobody else is here yet',
			action: 'Invite',
			progress: null,
		})
	})
})
