/**
 * What this person has chosen for their own watching: subtitles and how they stand, the glow, when to stop. One for
 * the page; what outlives it is `watching-memory.ts`.
 */
import type { SubtitleFile } from '#lib/core/state.ts'
import type { ItemId, Millis, Seconds, SubtitleId } from '#lib/core/units.ts'
import { pickSubtitles } from './pick-subtitles.ts'
import {
	keepWatching,
	OFFSET_MAX_TENTHS,
	readWatching,
	WATCHING_KEY,
	type WatchingMemory,
} from './watching-memory.ts'

export type Sleep =
	| { readonly type: 'off' }
	/** By `performance.now()`. */
	| { readonly type: 'at'; readonly atMs: Millis; readonly minutes: number }
	| { readonly type: 'film-end'; readonly item: ItemId }

/** The file that was added last from here, to be read again in another encoding. */
export interface AddedFile {
	readonly file: File
	readonly item: ItemId
	readonly encoding: string | null
	readonly message: string
	readonly isProblem: boolean
}

export const createChoices = () => {
	let memory = $state.raw<WatchingMemory>(readWatching())
	let picked = $state.raw<Readonly<Partial<Record<ItemId, SubtitleId>>>>({})
	/** The film's own are shown, for this item. */
	let fromFilm = $state.raw<ItemId | null>(null)
	let sleep = $state.raw<Sleep>({ type: 'off' })
	let added = $state.raw<AddedFile | null>(null)

	// The settings may be open in another tab.
	if (typeof addEventListener === 'function')
		addEventListener('storage', ({ key }: StorageEvent) => {
			if (key === WATCHING_KEY || key === null) memory = readWatching()
		})

	const change = (next: Partial<WatchingMemory>): void => {
		memory = { ...memory, ...next }
		keepWatching(memory)
	}
	const tenthsOf = (file: SubtitleId): number =>
		memory.offsets.find(([id]) => id === file)?.[1] ?? memory.usualTenths

	return {
		get memory() {
			return memory
		},
		get sleep() {
			return sleep
		},
		set sleep(next: Sleep) {
			sleep = next
		},
		get added() {
			return added
		},
		set added(next: AddedFile | null) {
			added = next
		},
		/** `files`: those for `item`. */
		shown: (files: readonly SubtitleFile[], item: ItemId): SubtitleFile | null =>
			fromFilm === item ? null : pickSubtitles(files, { ...memory, picked: picked[item] ?? null }),
		pick: (item: ItemId, file: Pick<SubtitleFile, 'id' | 'language'>): void => {
			fromFilm = null
			picked = { ...picked, [item]: file.id }
			change({ isOff: false, language: file.language ?? memory.language })
		},
		/** The film's own, which the browser shows, instead of the room's. */
		pickFromFilm: (item: ItemId): void => {
			fromFilm = item
		},
		turnOff: (): void => {
			fromFilm = null
			change({ isOff: true })
		},
		turn: (isOn: boolean): void => {
			change({ isOff: !isOn })
		},
		/** For those that were not set by hand, in tenths of a second. */
		setUsual: (usualTenths: number): void => {
			change({ usualTenths: Math.max(-OFFSET_MAX_TENTHS, Math.min(OFFSET_MAX_TENTHS, usualTenths)) })
		},
		/** How much later `file` is shown than it says. */
		offsetS: (file: SubtitleId): Seconds => tenthsOf(file) / 10,
		/** By tenths of a second; null: as all others stand. */
		shift: (file: SubtitleId, byTenths: number | null): void => {
			const to = byTenths === null ? memory.usualTenths : tenthsOf(file) + byTenths
			const rest = memory.offsets.filter(([id]) => id !== file)
			const bounded = Math.max(-OFFSET_MAX_TENTHS, Math.min(OFFSET_MAX_TENTHS, to))
			change({ offsets: bounded === memory.usualTenths ? rest : [...rest, [file, bounded]] })
		},
		setSize: (size: number): void => {
			change({ size })
		},
		setAmbient: (isAmbient: boolean): void => {
			change({ isAmbient })
		},
	}
}

export const choices = createChoices()
