import { describe, expect, it } from 'vitest'
import { isThroughTurn } from './turn-route.ts'

const reportOf = (...entries: readonly object[]) => entries
const candidates = (local: string, remote: string) => [
	{ id: 'l', type: 'local-candidate', candidateType: local },
	{ id: 'r', type: 'remote-candidate', candidateType: remote },
]
const pair = { id: 'p', type: 'candidate-pair', localCandidateId: 'l', remoteCandidateId: 'r' }

describe('the way of a connection', () => {
	it('[TN11] is a TURN server where either end of the pair that was taken is a relay’s', () => {
		for (const [local, remote, isTurn] of [
			['relay', 'srflx', true],
			['host', 'relay', true],
			['relay', 'relay', true],
			['srflx', 'prflx', false],
			['host', 'host', false],
		] as const) {
			const transport = { id: 't', type: 'transport', selectedCandidatePairId: 'p' }
			expect(isThroughTurn(reportOf(transport, pair, ...candidates(local, remote)))).toBe(isTurn)
		}
	})

	it('[TN11] is read off the pair itself where no transport names it', () => {
		const other = {
			id: 'q',
			type: 'candidate-pair',
			localCandidateId: 'x',
			state: 'succeeded',
			nominated: true,
		}
		const known = candidates('relay', 'host')
		expect(isThroughTurn(reportOf(other, { ...pair, selected: true }, ...known))).toBe(true)
		expect(isThroughTurn(reportOf({ ...pair, state: 'succeeded', nominated: true }, ...known))).toBe(true)
	})

	it('[TN11] is not known before a pair was taken', () => {
		expect(isThroughTurn(reportOf())).toBe(null)
		expect(isThroughTurn(reportOf({ ...pair, state: 'in-progress' }, ...candidates('relay', 'host')))).toBe(
			null,
		)
	})
})
