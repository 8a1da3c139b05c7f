/**
 * Who is moved when the lock is changed: every device of those who are not out and to which the new code can be
 * sealed. A person none of whose devices can be moved is left behind, and named beforehand.
 */
import type { Room } from '#lib/core/room.ts'
import type { DeviceId } from '#lib/core/units.ts'

export interface Movers {
	/** Latest to come first: of very many, those are moved. */
	readonly recipients: readonly { readonly device: DeviceId; readonly boxKey: Uint8Array }[]
	/** Names of people none of whose devices can be moved. */
	readonly leftBehind: readonly string[]
}

export const findMovers = (room: Pick<Room, 'state' | 'boxKeyOf'>): Movers => {
	const { members, me } = room.state()
	const staying = members.filter(({ role, device }) => role !== 'banned' || device === me)
	const recipients = staying.flatMap(({ device }) => {
		const boxKey = room.boxKeyOf(device)
		return boxKey === null ? [] : [{ device, boxKey }]
	})
	const moved = new Set(recipients.map(({ device }) => device))
	return { recipients: recipients.reverse(), leftBehind: namesWithout(room, moved) }
}

/** Names of people who stay and have none of these devices. */
export const namesWithout = (room: Pick<Room, 'state'>, moved: ReadonlySet<DeviceId>): readonly string[] => {
	const { members, me } = room.state()
	const reached = new Set(
		members.filter(({ device }) => moved.has(device) || device === me).map(({ subject }) => subject),
	)
	const left = members.filter(({ role, subject }) => role !== 'banned' && !reached.has(subject))
	return [...new Map(left.map(({ subject, name }) => [subject, name])).values()]
}
