/** The emoji that were used last in this browser, newest first. Anything may stand in the storage. */
const KEY = 'matinee.emoji'
export const RECENT_MAX = 16
/** As it is before any was used: what people say at films. */
export const QUICK_EMOJI = ['❤️', '😂', '😮', '😢', '👏', '🔥'] as const

export const readRecent = (): readonly string[] => {
	try {
		const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]')
		if (!Array.isArray(kept)) return []
		return kept
			.filter((one): one is string => typeof one === 'string' && one.length <= 32)
			.slice(0, RECENT_MAX)
	} catch {
		return [] // refused, or not ours: none was used yet
	}
}

export const noteRecent = (emoji: string): void => {
	const recent = [emoji, ...readRecent().filter((one) => one !== emoji)].slice(0, RECENT_MAX)
	try {
		localStorage.setItem(KEY, JSON.stringify(recent))
	} catch {
		// Nothing is lost but the habit.
		return
	}
}
