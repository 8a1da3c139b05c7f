/** What the room may ask or show over itself, one at a time. */
import type { PersonView } from '#lib/core/view.ts'

export type RoomDialog =
	| { readonly type: 'keys' }
	| { readonly type: 'settings' }
	/** Of the reader, for this device. */
	| { readonly type: 'own-settings' }
	/** How well everybody keeps step; `isForNerds`: with all there is to know unfolded. */
	| { readonly type: 'steps'; readonly isForNerds?: boolean }
	/** `removed`: who was put out just before, for the words. */
	| { readonly type: 'lock'; readonly removed: string | null }
	| { readonly type: 'remove'; readonly person: PersonView }
	| { readonly type: 'hand-over'; readonly person: PersonView }
