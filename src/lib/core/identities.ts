/**
 * What checked identity tokens say of each device. Tokens are checked once each; one that could not be checked
 * (the server's keys are not known yet) is tried again, ever less often.
 */
import type { RecordOf } from './records.ts'
import type { IdentityClaims, RoomDeps } from './room.ts'
import type { DeviceId, Millis } from './units.ts'

const RETRY_FIRST_MS = 2_000
const RETRY_MAX_MS = 5 * 60_000

interface Entry {
	readonly token: string
	readonly atMs: Millis
	claims: IdentityClaims | null
	isChecking: boolean
	retryAtMs: Millis
	retryAfterMs: Millis
}

export interface Identities {
	readonly of: (device: DeviceId) => IdentityClaims | null
	/** Looks at a newly accepted `id` record. */
	learn(record: RecordOf<'id'>): void
	/** Tries again what could not be checked. */
	tick(nowMs: Millis): void
}

export const createIdentities = (
	checkIdentity: RoomDeps['checkIdentity'],
	nowMs: () => Millis,
	onChange: () => void,
): Identities => {
	const entries = new Map<DeviceId, Entry>()

	const isSame = (a: IdentityClaims | null, b: IdentityClaims | null): boolean =>
		a === b ||
		(a?.subject === b?.subject &&
			a?.name === b?.name &&
			a?.isAccount === b?.isAccount &&
			a?.pictureId === b?.pictureId)

	const check = async (device: DeviceId, entry: Entry): Promise<void> => {
		entry.isChecking = true
		const claims = await checkIdentity(entry.token, device, entry.atMs).catch(
			() => null, // could not be checked is not checked; it is tried again
		)
		entry.isChecking = false
		if (claims === null) {
			entry.retryAtMs = nowMs() + entry.retryAfterMs
			entry.retryAfterMs = Math.min(RETRY_MAX_MS, entry.retryAfterMs * 2)
		}
		if (entries.get(device) !== entry) return
		const before = entry.claims
		entry.claims = claims
		if (!isSame(before, claims)) onChange()
	}

	return {
		of: (device) => entries.get(device)?.claims ?? null,
		learn: ({ author, body, ms }) => {
			const before = entries.get(author)
			if (body?.token === undefined) {
				if (entries.delete(author)) onChange()
				return
			}
			const atMs = Math.min(body.tokenAt ?? ms, ms)
			if (before?.token === body.token && before.atMs === atMs) return
			const entry: Entry = {
				token: body.token,
				atMs,
				// A renewed token does not make a stranger of anybody while it is looked at.
				claims: before?.claims ?? null,
				isChecking: false,
				retryAtMs: 0,
				retryAfterMs: RETRY_FIRST_MS,
			}
			entries.set(author, entry)
			void check(author, entry)
		},
		tick: (now) => {
			for (const [device, entry] of entries)
				if (entry.claims === null && !entry.isChecking && entry.retryAtMs <= now) void check(device, entry)
		},
	}
}
