/**
 * Whether a connection leads through a TURN server, read off its statistics. Fetched where one of its ends has named a
 * relay as a way to it.
 */

/** What browsers report, as far as it is read here; all of it may be missing. */
interface Entry {
	readonly id?: string
	readonly type?: string
	readonly selectedCandidatePairId?: string
	readonly state?: string
	readonly nominated?: boolean
	readonly selected?: boolean
	readonly localCandidateId?: string
	readonly remoteCandidateId?: string
	readonly candidateType?: string
}

/**
 * Null while no pair of candidates is taken. The transport names the pair; Firefox marks the pair itself instead.
 */
export const isThroughTurn = (report: { forEach(fn: (entry: unknown) => void): void }): boolean | null => {
	const entries = new Map<string, Entry>()
	report.forEach((entry) => {
		const one = entry as Entry
		if (one.id !== undefined) entries.set(one.id, one)
	})
	const all = [...entries.values()]
	const named = all.find((entry) => entry.type === 'transport')?.selectedCandidatePairId
	const pairs = all.filter(({ type }) => type === 'candidate-pair')
	const pair =
		(named === undefined ? undefined : entries.get(named)) ??
		pairs.find(({ selected }) => selected === true) ??
		pairs.find(({ state, nominated }) => state === 'succeeded' && nominated === true)
	if (pair === undefined) return null
	return [pair.localCandidateId, pair.remoteCandidateId].some(
		(id) => entries.get(id ?? '')?.candidateType === 'relay',
	)
}
