import { describe, expect, it } from 'vitest'
import { EMPTY_VECTOR, type PlaybackVector } from '#lib/core/playback.ts'
import type { DeviceId, SubjectId } from '#lib/core/units.ts'
import type { PersonView } from '#lib/core/view.ts'
import { filmStatus, type FilmStatusInputs } from './film-status.ts'

const person = (name: string, change: Partial<PersonView> = {}): PersonView => ({
	device: name as DeviceId,
	name,
	seat: 1,
	subject: `g_${name}` as SubjectId,
	role: 'member',
	isMe: name === 'Ana',
	isVerified: false,
	isAccount: false,
	pictureUrl: null,
	presence: 'here',
	doing: { type: 'playing' },
	isMuted: false,
	driftS: 0,
	path: 'direct',
	rttMs: 3,
	isReady: null,
	...change,
})
const vector: PlaybackVector = {
	...EMPTY_VECTOR,
	isPlaying: true,
	atMs: 4_000,
	rev: 'Bo.2',
	by: 'Bo' as DeviceId,
}
const CALM: FilmStatusInputs = {
	vector,
	nowMs: 10_000,
	people: [person('Ana'), person('Bo'), person('Tomas')],
	nameOf: (device) => device,
	mayControl: true,
	isBlocked: false,
	isSoundOff: false,
	isInAd: false,
	driftS: 0.01,
	driftingForMs: 0,
	startsAtMs: null,
	leavesAtMs: null,
}
const given = (change: Partial<FilmStatusInputs>) => filmStatus({ ...CALM, ...change })
const standing = (cause: PlaybackVector['cause']): PlaybackVector => ({ ...vector, isPlaying: false, cause })
const bo = { type: 'wait', device: 'Bo' as DeviceId } as const

describe('what is said of the film', () => {
	it('[SS1] nothing while all is well', () => {
		expect(given({})).toBeNull()
	})

	it('[SS2] names who buffers and for how long, with the way on without them', () => {
		const people = [person('Ana'), person('Bo', { doing: { type: 'buffering', percent: 63 } })]
		expect(given({ vector: standing(bo), people })?.line).toEqual({
			kind: 'waiting',
			text: 'Waiting for Bo to buffer (6 s)',
			action: 'Continue without Bo',
			progress: 0.63,
		})
		expect(given({ vector: standing(bo), people, mayControl: false })?.line.action).toBeNull()
		expect(given({ vector: standing(bo), people, isBlocked: true })?.line.text).toBe('Tap to join the sound')
	})

	it('[SS3] offers Resync only after the drift has stayed for a while', () => {
		expect(given({ driftS: -2.3, driftingForMs: 500 })).toBeNull()
		expect(given({ driftS: -2.3, driftingForMs: 5_000 })?.line.action).toBe('Resync')
	})

	it('[SS69] asks in a ready check, then says who is missing; who need not answer is not named', () => {
		const check = standing({ type: 'check' })
		const ask = [person('Ana', { isReady: false }), person('Bo', { isReady: true })]
		expect(given({ vector: check, people: ask })?.line).toMatchObject({
			kind: 'ready',
			text: 'Bo asks who is ready',
			action: 'I am ready',
			progress: 0.5,
		})
		const answered = [
			person('Ana', { isReady: true }),
			person('Bo', { isReady: false }),
			person('Tomas', { isReady: false }),
			person('Wren', { isReady: false, presence: 'away' }),
		]
		expect(given({ vector: check, people: answered })?.line).toMatchObject({
			text: 'Waiting for Bo and Tomas to be ready',
			action: 'Start now',
		})
		expect(given({ vector: check, people: answered, mayControl: false })?.line.action).toBeNull()
	})

	it('[SS70] counts down to a start that all were asked for, and to a player that starts by itself', () => {
		const go: PlaybackVector = { ...vector, atMs: 12_100, cause: { type: 'go' } }
		expect(given({ vector: go })?.line.text).toBe('All start together in 3')
		expect(given({ vector: go, nowMs: 12_000 })?.line.text).toBe('All start together in 1')
		expect(given({ vector: go, nowMs: 12_200 })).toBeNull()
		expect(given({ startsAtMs: 14_200 })?.line.text).toBe('Your player starts in 5 s')
		expect(given({ startsAtMs: 10_700 })).toBeNull()
	})

	it('[SS68] says when the room goes on from what nobody can play', () => {
		expect(given({ leavesAtMs: 17_000 })?.line.text).toBe(
			'Nobody here can play this. The next one starts in 7 s',
		)
	})

	it('[SS67] says who left when the film stopped for it, and that they are back', () => {
		const left = standing({ type: 'left', device: 'Wren' as DeviceId })
		expect(given({ vector: left })?.line).toMatchObject({
			text: 'Stopped because Wren left',
			action: 'Go on',
		})
		const people = [...CALM.people, person('Wren')]
		expect(given({ vector: left, people })?.line.text).toBe('Wren is back')
	})

	it('[SS71] an ad and a muted start are told; the latter yields to news of the room', () => {
		expect(given({ isInAd: true })?.line.text).toContain('An ad is on')
		expect(given({ isSoundOff: true })).toMatchObject({ isUrgent: false, line: { kind: 'join' } })
	})
})
