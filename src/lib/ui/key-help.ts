/**
 * The keys of the room in words, as the list that `?` opens shows them; `keys.ts` is what they do.
 */
export const KEY_HELP: readonly (readonly [keys: string, does: string])[] = [
	['Space or K', 'Play or pause'],
	['J / L', '10 seconds back, on'],
	['← / →', '5 seconds back, on'],
	['↑ / ↓', 'Louder, quieter'],
	['M', 'Mute'],
	['N', 'Next video'],
	['F', 'Full screen'],
	['T', 'Theater'],
	['C', 'Write in the chat'],
	[']', 'Show or hide the side panel'],
	['Alt ↑ / ↓', 'Move a video in the queue'],
	['?', 'This list'],
	['Esc', 'Close'],
]
