/**
 * Who is out. An operator puts people below operator out and lets them in again, whoever put them out; what the owner
 * says of anybody counts. The latest word about a person holds.
 */
import type { Bodies } from './kinds.ts'
import { compareRecords, type RecordOf } from './records.ts'
import type { DeviceId, SubjectId } from './units.ts'

type ModBody = Bodies['mod']
export type OutBody = Extract<ModBody, { t: 'out' }>
export type InBody = Extract<ModBody, { t: 'in' }>
export type PersonMod = RecordOf<'mod'> & { readonly body: OutBody | InBody }

/** What the rest of the fold knows of roles, before anybody is out. */
export interface Ranks {
	isOwnerAt(device: DeviceId, seq: number): boolean
	/** Operator by the owner's word. */
	isOperatorAt(device: DeviceId, seq: number): boolean
	/** Whether the device was or is operator or owner in anything above `seq`. */
	isHighBeyond(device: DeviceId, seq: number): boolean
	/** Whether the person is operator or owner now. */
	isHighNow(subject: SubjectId): boolean
	devicesOf(subject: SubjectId): readonly DeviceId[]
	subjectOf(device: DeviceId): SubjectId
}

export interface Removals {
	/** The last seq of a device that counts; Infinity where nobody put it out. */
	cutOf(device: DeviceId): number
	/** The word that holds about a person. */
	winnerOf(subject: SubjectId): PersonMod | null
	readonly winners: ReadonlyMap<SubjectId, PersonMod>
	/** All that count, in order. */
	readonly counted: readonly PersonMod[]
}

const isAboutPerson = (record: RecordOf<'mod'>): record is PersonMod =>
	record.body?.t === 'out' || record.body?.t === 'in'

const latest = (mods: readonly PersonMod[]): Map<SubjectId, PersonMod> => {
	const winners = new Map<SubjectId, PersonMod>()
	for (const mod of mods) winners.set(mod.body.subject, mod)
	return winners
}

/** Listed devices stay out under any other name; those not listed are out with the person, entirely. */
const cutsOf = (winners: ReadonlyMap<SubjectId, PersonMod>, ranks: Pick<Ranks, 'subjectOf'>) => {
	if (winners.size === 0) return () => Infinity
	const listed = new Map<DeviceId, number>()
	for (const { body } of winners.values())
		if (body.t === 'out')
			for (const { d, s } of body.cuts) listed.set(d, Math.min(s, listed.get(d) ?? Infinity))
	return (device: DeviceId): number => {
		const own = winners.get(ranks.subjectOf(device))?.body
		const isUnlisted = own?.t === 'out' && !own.cuts.some(({ d }) => d === device)
		return isUnlisted ? -1 : (listed.get(device) ?? Infinity)
	}
}

export const foldRemovals = (records: readonly RecordOf<'mod'>[], ranks: Ranks): Removals => {
	const mods = records.filter(isAboutPerson).sort(compareRecords)
	// Owners first: whether an operator may say anything hangs on them, and on nobody else.
	const owners = mods.filter(
		({ author, seq, body }) => ranks.isOwnerAt(author, seq) && body.subject !== ranks.subjectOf(author),
	)
	const cutByOwner = cutsOf(latest(owners), ranks)

	/** Whether all that it would cut is below operator, past and present: nobody reaches up, or back. */
	const isBelow = ({ body }: PersonMod): boolean => {
		if (ranks.isHighNow(body.subject)) return false
		if (body.t === 'in') return true
		const cuts = new Map(body.cuts.map(({ d, s }) => [d, s]))
		for (const device of ranks.devicesOf(body.subject)) if (!cuts.has(device)) cuts.set(device, -1)
		return [...cuts].every(([device, seq]) => !ranks.isHighBeyond(device, seq))
	}
	const operators = mods.filter(
		(mod) =>
			!ranks.isOwnerAt(mod.author, mod.seq) &&
			ranks.isOperatorAt(mod.author, mod.seq) &&
			mod.seq <= cutByOwner(mod.author) &&
			isBelow(mod),
	)
	const counted = [...owners, ...operators].sort(compareRecords)
	const winners = latest(counted)
	return {
		counted,
		winners,
		winnerOf: (subject) => winners.get(subject) ?? null,
		cutOf: cutsOf(winners, ranks),
	}
}
