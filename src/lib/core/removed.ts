/**
 * Who is out, as the screens show it: put out by an operator or the owner, or banned by the owner.
 */
import type { Authority } from './authority.ts'
import type { People } from './members.ts'
import type { RecordOf } from './records.ts'
import type { Removal } from './state.ts'
import type { DeviceId, SubjectId } from './units.ts'

export interface Removed {
	/** Latest first. */
	readonly all: readonly Removal[]
	/** Why a device is out; null where it is not. */
	of(device: DeviceId): Removal | null
}

export const foldRemoved = (
	ids: readonly RecordOf<'id'>[],
	people: People,
	{ removals, grants, roleAt, rankOf }: Authority,
): Removed => {
	const outs = [...removals.winners.values()].filter(
		({ body: { t, subject } }) => t === 'out' && rankOf(subject) !== 'owner',
	)
	const bans = [...grants.winners.values()].filter(
		({ body }) => body?.role === 'banned' && rankOf(body.subject) !== 'owner',
	)
	if (outs.length + bans.length === 0) return { all: Object.freeze([]), of: () => null }

	const names = new Map<DeviceId, RecordOf<'id'>>(ids.map((record) => [record.author, record]))
	const devicesIn = ({ body }: RecordOf<'grant'> | RecordOf<'mod'>): readonly DeviceId[] =>
		body === null
			? []
			: 'cuts' in body
				? body.cuts.map(({ d }) => d)
				: 'devices' in body
					? body.devices.map(({ d }) => d)
					: []
	const nameOf = (devices: readonly DeviceId[]): string => {
		const known = devices.map((device) => names.get(device)).filter((record) => record !== undefined)
		return known.sort((a, b) => a.ms - b.ms || (a.author < b.author ? -1 : 1)).at(-1)?.body?.name ?? ''
	}

	const all = new Map<SubjectId, Removal>()
	const bySource = new Map<DeviceId, SubjectId>()
	// The ban comes last: it is the stronger of the two.
	for (const record of [...outs, ...bans]) {
		const subject = record.body?.subject
		if (subject === undefined) continue
		const listed = devicesIn(record)
		for (const device of listed) bySource.set(device, subject)
		const own = people.devicesOf(subject)
		all.set(
			subject,
			Object.freeze({
				subject,
				name: nameOf(own.length > 0 ? own : listed),
				by: record.author,
				atMs: record.ms,
				isBan: record.kind === 'grant',
			}),
		)
	}
	return {
		all: Object.freeze([...all.values()].sort((a, b) => b.atMs - a.atMs || (a.subject < b.subject ? -1 : 1))),
		of: (device) =>
			roleAt(device, Infinity) === 'banned'
				? (all.get(people.subjectOf(device)) ??
					all.get(bySource.get(device) ?? people.subjectOf(device)) ??
					null)
				: null,
	}
}
