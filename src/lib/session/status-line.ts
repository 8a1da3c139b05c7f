/**
 * Which one sentence stands on the stage, if any. Pure: everything known goes in, the most pressing comes out.
 */
import type { ConnectionView, StatusView } from '#lib/core/view.ts'
import type { FilmStatus } from './film-status.ts'
import type { StorageTrouble } from '#lib/storage/storage.ts'

export interface StatusInputs {
	readonly connection: ConnectionView
	/** Why the server is away, where somebody has to mend it; one sentence or two. */
	readonly whyServerAway: string | null
	/** What is to be said of the film, as `film-status.ts` has it. */
	readonly film: FilmStatus | null
	readonly storage: StorageTrouble | null
	readonly whyNotPersistent: string | null
	/** Everybody else is gone although somebody was here in this visit. */
	readonly didLoseLinks: boolean
}

const line = (kind: StatusView['kind'], text: string, action: string | null = null): StatusView => ({
	kind,
	text,
	action,
	progress: null,
})

export const statusLine = (inputs: StatusInputs): StatusView | null => {
	const { connection, film } = inputs
	if (film?.isUrgent) return film.line
	if (inputs.storage !== null) return line('storage', describeStorageTrouble(inputs.storage))
	if (inputs.didLoseLinks && connection.server !== 'up')
		return line('reconnecting', 'Reconnecting. You can go on watching')
	if (connection.server === 'away' && inputs.whyServerAway !== null)
		return line('server-away', inputs.whyServerAway)
	if (connection.server === 'away') {
		return connection.direct + connection.relayed > 0
			? line('server-away', 'The server is away. You go on together; nobody new can come in meanwhile')
			: line('server-away', 'The server is away. The room works here and is merged when it is back')
	}
	if (film !== null) return film.line
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
