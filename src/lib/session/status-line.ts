/**
 * Which one sentence stands on the stage, if any. Pure: everything known goes in, the most pressing comes out.
 */
import type { Seconds } from '#lib/core/units.ts'
import type { ConnectionView, StatusView } from '#lib/core/view.ts'
import type { StorageTrouble } from '#lib/storage/storage.ts'

export interface StatusInputs {
	readonly connection: ConnectionView
	/** A title is on (playing or not). */
	readonly hasItem: boolean
	readonly isPlaying: boolean
	/** The browser plays nothing, or nothing with sound, before a tap. */
	readonly isBlocked: boolean
	readonly isSoundOff: boolean
	/** Own distance from the room's moment, + = behind; null while nothing plays. */
	readonly driftS: Seconds | null
	/** For how long the drift has been beyond `RESYNC_OFFER_S`. */
	readonly driftingForMs: number
	readonly waitingFor: {
		readonly name: string
		readonly percent: number
		readonly forS: Seconds
		readonly isMe: boolean
	} | null
	readonly storage: StorageTrouble | null
	readonly whyNotPersistent: string | null
	/** Everybody else is gone although somebody was here in this visit. */
	readonly didLoseLinks: boolean
}

export const RESYNC_OFFER_S = 2
const RESYNC_PATIENCE_MS = 3_000

const line = (
	kind: StatusView['kind'],
	text: string,
	action: string | null = null,
	progress: number | null = null,
): StatusView => ({
	kind,
	text,
	action,
	progress,
})

export const statusLine = (inputs: StatusInputs): StatusView | null => {
	const { connection, waitingFor, driftS } = inputs
	if (inputs.isBlocked) return line('join', 'Tap to join the sound', 'Join')
	if (waitingFor !== null) {
		const who = waitingFor.isMe ? 'your video' : waitingFor.name
		return line(
			'waiting',
			`Waiting for ${who} to buffer (${String(Math.round(waitingFor.forS))} s)`,
			waitingFor.isMe ? null : `Continue without ${waitingFor.name}`,
			waitingFor.percent / 100,
		)
	}
	if (inputs.storage !== null) return line('storage', describeStorageTrouble(inputs.storage))
	if (driftS !== null && Math.abs(driftS) > RESYNC_OFFER_S && inputs.driftingForMs > RESYNC_PATIENCE_MS) {
		return line('resync', `Out of sync by ${Math.abs(driftS).toFixed(1)} s`, 'Resync')
	}
	if (inputs.didLoseLinks && connection.server !== 'up')
		return line('reconnecting', 'Reconnecting. You can go on watching')
	if (connection.server === 'away') {
		return connection.direct + connection.relayed > 0
			? line('server-away', 'The server is away. You go on together; nobody new can come in meanwhile')
			: line('server-away', 'The server is away. The room works here and is merged when it is back')
	}
	if (inputs.isSoundOff) return line('join', 'Tap to join the sound', 'Join')
	if (inputs.whyNotPersistent !== null) {
		return line(
			'storage',
			`Nothing is kept on this device: ${inputs.whyNotPersistent}. The room works until this tab is closed`,
		)
	}
	if (connection.state === 'alone') return line('alone', 'Nobody else is here yet', 'Invite')
	return null
}

const describeStorageTrouble = (trouble: StorageTrouble): string => {
	switch (trouble.type) {
		case 'full':
			return 'The storage of this device is full. The room goes on, but new things are not kept here'
		case 'refused':
			return 'This browser refuses to keep the room. It works until this tab is closed'
		case 'damaged':
			return `Part of what was kept here was damaged (${String(trouble.lost)}). The rest is good; what is missing comes from the others`
	}
}
