/** The keyboard map of the room: one key, one wish. Which wishes are allowed is asked elsewhere. */
export type Wish =
	| 'toggle-play'
	| 'back-10'
	| 'forward-10'
	| 'back-5'
	| 'forward-5'
	| 'louder'
	| 'quieter'
	| 'toggle-mute'
	| 'full-screen'
	| 'theater'
	| 'chat'
	| 'next'
	| 'panel'
	| 'help'
const WISHES: Readonly<Record<string, Wish>> = {
	' ': 'toggle-play',
	k: 'toggle-play',
	j: 'back-10',
	l: 'forward-10',
	ArrowLeft: 'back-5',
	ArrowRight: 'forward-5',
	ArrowUp: 'louder',
	ArrowDown: 'quieter',
	m: 'toggle-mute',
	f: 'full-screen',
	t: 'theater',
	c: 'chat',
	n: 'next',
	']': 'panel',
	'?': 'help',
}

export interface KeyPress {
	readonly key: string
	readonly ctrlKey: boolean
	readonly metaKey: boolean
	readonly altKey: boolean
	readonly isRepeat: boolean
	/** Part of a modifier on some keyboards, for `?` and `]`; with any other key it means something else. */
	readonly shiftKey?: boolean
}

/** Where the focus is when the key goes down. */
export type KeyPlace = 'page' | 'typing' | 'button' | 'slider' | 'list'

const REPEATABLE: ReadonlySet<Wish> = new Set([
	'back-10',
	'forward-10',
	'back-5',
	'forward-5',
	'louder',
	'quieter',
])

/** What the key asks for, or null: while typing nothing, on a button its own keys stay its own. */
export const wishOf = (press: KeyPress, place: KeyPlace): Wish | null => {
	if (press.ctrlKey || press.metaKey || press.altKey || place === 'typing') return null
	const key = press.key.length === 1 ? press.key.toLowerCase() : press.key
	if (press.shiftKey === true && key !== '?' && key !== ']') return null
	const wish = Object.hasOwn(WISHES, key) ? (WISHES[key] ?? null) : null
	if (wish === null || (press.isRepeat && !REPEATABLE.has(wish))) return null
	if (key === ' ' && place === 'button') return null
	if (key.startsWith('Arrow') && (place === 'slider' || place === 'list')) return null
	return wish
}

/** Tells the places apart by the focused element. */
export const placeOf = (element: Element | null): KeyPlace => {
	if (!(element instanceof HTMLElement)) return 'page'
	if (element instanceof HTMLInputElement && element.type === 'range') return 'slider'
	if (element.matches('input, textarea, select, [contenteditable]:not([contenteditable="false"])'))
		return 'typing'
	if (element.matches('[role="tab"], [role^="menuitem"], [role="log"]')) return 'list'
	return element.matches('button, a[href], summary, [role="button"]') ? 'button' : 'page'
}
