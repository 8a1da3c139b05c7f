/**
 * Which one sentence stands on the stage, if any. Pure: everything known goes in, the most pressing comes out.
 */
import type { ConnectionView, StatusView } from '#lib/core/view.ts'
import type { StorageTrouble } from '#lib/storage/storage.ts'
import { statusWords } from '#lib/words/status.ts'
import type { FilmStatus } from './film-status.ts'

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
	const words = statusWords()
	if (film?.isUrgent) return film.line
	if (inputs.storage !== null) return line('storage', describeStorageTrouble(inputs.storage))
	if (inputs.didLoseLinks && connection.server !== 'up') return line('reconnecting', words.reconnecting)
	if (connection.server === 'away' && inputs.whyServerAway !== null)
		return line('server-away', inputs.whyServerAway)
	if (connection.server === 'away') {
		const isTogether = connection.direct + connection.relayed > 0
		return line('server-away', isTogether ? words.serverAwayTogether : words.serverAwayAlone)
	}
	if (film !== null) return film.line
	if (inputs.whyNotPersistent !== null) {
		return line('storage', words.notKept(inputs.whyNotPersistent))
	}
	if (connection.state === 'alone') return line('alone', words.alone, words.invite)
	return null
}

const describeStorageTrouble = (trouble: StorageTrouble): string => {
	const words = statusWords()
	switch (trouble.type) {
		case 'full':
			return words.storageFull
		case 'refused':
			return words.storageRefused
		case 'damaged':
			return words.storageDamaged(trouble.lost)
	}
}
