/**
 * What the chat does on this device alone: sound, notices, what lies over the picture, and who is muted. Kept in this
 * browser, and the same in all its tabs; anything may stand in the storage.
 */
import type { SubjectId } from '#lib/core/units.ts'

export interface MutedPerson {
	readonly subject: SubjectId
	/** As last seen, for the list that unmutes. */
	readonly name: string
}

export interface ChatChoices {
	readonly hasSound: boolean
	readonly hasNotices: boolean
	readonly isOnlyForMe: boolean
	readonly hasOverlay: boolean
	/** 0.2 to 1. */
	readonly opacity: number
	readonly hasFloats: boolean
	readonly muted: readonly MutedPerson[]
}

const KEY = 'matinee.chat'
const MUTED_MAX = 500

const asText = (value: unknown): string => (typeof value === 'string' ? value : '')

export const parseChoices = (kept: unknown): ChatChoices => {
	const of = (typeof kept === 'object' && kept !== null ? kept : {}) as Record<string, unknown>
	const opacity = typeof of['opacity'] === 'number' && Number.isFinite(of['opacity']) ? of['opacity'] : 0.74
	const muted = Array.isArray(of['muted']) ? (of['muted'] as unknown[]).slice(0, MUTED_MAX) : []
	return {
		hasSound: of['hasSound'] === true,
		hasNotices: of['hasNotices'] === true,
		isOnlyForMe: of['isOnlyForMe'] !== false,
		hasOverlay: of['hasOverlay'] !== false,
		opacity: Math.min(1, Math.max(0.2, opacity)),
		hasFloats: of['hasFloats'] !== false,
		muted: muted.flatMap((one) => {
			const { subject, name } = (one ?? {}) as Partial<Record<string, unknown>>
			const known = asText(subject)
			return known === '' ? [] : [{ subject: known as SubjectId, name: asText(name) }]
		}),
	}
}

const read = (): ChatChoices => {
	try {
		return parseChoices(JSON.parse(localStorage.getItem(KEY) ?? 'null'))
	} catch {
		return parseChoices(null) // refused, or not ours: as at first
	}
}

/** Call it while a component is made: it listens to the other tabs for as long as that lives. */
export const createChatChoices = () => {
	let now = $state.raw(read())
	$effect(() => {
		const onstorage = ({ key }: StorageEvent): void => {
			if (key === KEY) now = read()
		}
		addEventListener('storage', onstorage)
		return () => {
			removeEventListener('storage', onstorage)
		}
	})
	const set = (change: Partial<ChatChoices>): void => {
		now = { ...now, ...change }
		try {
			localStorage.setItem(KEY, JSON.stringify(now))
		} catch {
			// Refused, or full: it counts for as long as the page stands.
			return
		}
	}
	return {
		get now() {
			return now
		},
		set,
		mute: (person: MutedPerson): void => {
			set({ muted: [...now.muted.filter(({ subject }) => subject !== person.subject), person] })
		},
		unmute: (subject: SubjectId): void => {
			set({ muted: now.muted.filter((one) => one.subject !== subject) })
		},
	}
}

export type ChatChoicesKeeper = ReturnType<typeof createChatChoices>
