import { describe, expect, it } from 'vitest'
import { statusLine, type StatusInputs } from './status-line.ts'

const CALM: StatusInputs = {
	connection: { state: 'ready', direct: 2, relayed: 0, rttMs: 4, server: 'up', isFollower: false },
	hasItem: true,
	isPlaying: true,
	isBlocked: false,
	isSoundOff: false,
	driftS: 0.01,
	driftingForMs: 0,
	waitingFor: null,
	storage: null,
	whyNotPersistent: null,
	didLoseLinks: false,
}
const given = (change: Partial<StatusInputs>) => statusLine({ ...CALM, ...change })

describe('the status line', () => {
	it('[SS1] says nothing while all is well', () => {
		expect(given({})).toBeNull()
	})

	it('[SS2] says one thing at a time, the most pressing first', () => {
		const troubles: Partial<StatusInputs> = {
			isBlocked: true,
			waitingFor: { name: 'Bo', percent: 63, forS: 6, isMe: false },
			driftS: 2.3,
			driftingForMs: 9_000,
			connection: { ...CALM.connection, server: 'away' },
		}
		expect(given(troubles)?.text).toBe('Tap to join the sound')
		expect(given({ ...troubles, isBlocked: false })).toEqual({
			kind: 'waiting',
			text: 'Waiting for Bo to buffer (6 s)',
			action: 'Continue without Bo',
			progress: 0.63,
		})
		expect(given({ ...troubles, isBlocked: false, waitingFor: null })?.text).toBe('Out of sync by 2.3 s')
		expect(given({ connection: { ...CALM.connection, server: 'away' } })?.text).toContain(
			'You go on together',
		)
	})

	it('[SS3] offers Resync only after the drift has stayed for a while', () => {
		expect(given({ driftS: -2.3, driftingForMs: 500 })).toBeNull()
		expect(given({ driftS: -2.3, driftingForMs: 5_000 })?.action).toBe('Resync')
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
