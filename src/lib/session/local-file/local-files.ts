/**
 * Which of a person's own files plays for which item: checks what is picked, compares it with what is asked for,
 * remembers it on this device. Knows no browser: files, addresses, players and storage come in as ports.
 */
import type { LocalFileRef } from '#lib/core/media.ts'
import type {
	Checking,
	FileDifference,
	FileFacts,
	FileHandle,
	FileProblem,
	LocalFiles,
	LocalFileState,
	OfferOptions,
	OfferOutcome,
	OwnCopy,
	UseOutcome,
} from '#lib/core/own-files.ts'
import type { NewItem } from '#lib/core/room.ts'
import type { QueueItem } from '#lib/core/state.ts'
import { cleanTitle } from '#lib/core/text.ts'
import type { ItemId, Millis, RoomId } from '#lib/core/units.ts'
import type { AddResult } from '#lib/core/view.ts'
import { tidyName } from '#lib/sources/title.ts'
import type { FileChoice, FileChoices } from '#lib/storage/file-choices.ts'
import { checkFile, type CheckDeps, type KnownFile } from './check-file.ts'
import { compareFile } from './compare.ts'
import { fileName } from './file-name.ts'
import type { ObjectUrls, OwnCopies } from './port.ts'

export interface LocalFilesDeps extends Omit<CheckDeps, 'signal' | 'onProgress'> {
	readonly roomId: RoomId
	readonly item: (id: ItemId) => QueueItem | null
	readonly addItem: (item: NewItem, where: 'end' | 'next') => Promise<AddResult>
	readonly choices: FileChoices
	readonly urls: ObjectUrls
	readonly pick: LocalFiles['pick']
	readonly wallNowMs: () => Millis
	/** Something that `stateOf` or `offering` answer has changed. */
	readonly onChange: () => void
	/** `ownCopy` may answer otherwise now; the address it gave before is good until this has returned. */
	readonly onCopies: () => void
}

export interface LocalFilesPart extends LocalFiles, OwnCopies {
	/** Idempotent. */
	close(): void
}

interface Picked {
	readonly file: File
	readonly handle: FileHandle | undefined
	readonly facts: FileFacts
}

type Attempt =
	| { readonly type: 'checking'; readonly name: string; readonly abort: AbortController; progress: number }
	| { readonly type: 'refused'; readonly name: string; readonly problem: FileProblem }
	| {
			readonly type: 'differs'
			readonly picked: Picked
			readonly difference: FileDifference
			readonly mayUseAnyway: boolean
	  }

interface Entry {
	copy: OwnCopy | null
	/** What `copy` was made of. */
	picked: Picked | null
	attempt: Attempt | null
	/** What is remembered; undefined until it was looked up. */
	choice: FileChoice | null | undefined
	isLooking: boolean
	/** The person wants none for this item. */
	isForgotten: boolean
}

/** What of it everybody in the room may know. */
const refOf = ({ name, size, hash, durationS }: FileFacts): LocalFileRef => ({
	kind: 'local-file',
	size,
	hash,
	name,
	...(durationS === null || durationS <= 0 ? {} : { durationS }),
})

const titleOf = ({ name }: FileFacts): string => tidyName(name) || name

const isSameFile = (a: Pick<FileFacts, 'size' | 'hash'>, b: Pick<FileFacts, 'size' | 'hash'>): boolean =>
	a.size === b.size && a.hash === b.hash

export const createLocalFiles = (deps: LocalFilesDeps): LocalFilesPart => {
	const { choices, urls, onChange } = deps
	const entries = new Map<ItemId, Entry>()
	let offer: Extract<Attempt, { type: 'checking' }> | null = null
	/** Added to the queue just now: its item comes on before the adding has come back. */
	let offered: Picked | null = null
	let isClosed = false

	const entryOf = (id: ItemId): Entry => {
		const known = entries.get(id)
		if (known !== undefined) return known
		const entry: Entry = {
			copy: null,
			picked: null,
			attempt: null,
			choice: undefined,
			isLooking: false,
			isForgotten: false,
		}
		entries.set(id, entry)
		return entry
	}

	const begin = (name: string): Extract<Attempt, { type: 'checking' }> => ({
		type: 'checking',
		name,
		abort: new AbortController(),
		progress: 0,
	})
	const end = (attempt: Attempt | null): void => {
		if (attempt?.type === 'checking') attempt.abort.abort()
	}
	const check = (attempt: Extract<Attempt, { type: 'checking' }>, file: File, known?: KnownFile) =>
		checkFile(
			file,
			{
				...deps,
				signal: attempt.abort.signal,
				onProgress: (progress) => {
					attempt.progress = progress
					onChange()
				},
			},
			known,
		)

	/* ── The copy in use ─────────────────────────────────────────────────────────────────────────────────── */

	const setCopy = (entry: Entry, copy: OwnCopy | null, picked: Picked | null): void => {
		const before = entry.copy
		entry.copy = copy
		entry.picked = picked
		entry.isForgotten = copy === null
		deps.onCopies()
		onChange()
		// The player has let go of it by now.
		if (before !== null) urls.revoke(before.url)
	}

	const adopt = (
		entry: Entry,
		picked: Picked,
		isSame: boolean,
		difference: FileDifference | null,
	): OwnCopy => {
		const { facts } = picked
		const copy: OwnCopy = { facts, url: urls.create(picked.file), media: refOf(facts), isSame, difference }
		entry.attempt = null
		setCopy(entry, copy, picked)
		return copy
	}

	const remember = (id: ItemId, entry: Entry, { facts, file, handle }: Picked, isAnyway: boolean): void => {
		const choice: FileChoice = {
			...facts,
			itemId: id,
			roomId: deps.roomId,
			lastModifiedMs: file.lastModified,
			isAnyway,
			usedAtMs: deps.wallNowMs(),
			...(handle === undefined ? {} : { handle }),
		}
		entry.choice = choice
		void choices.put(choice)
	}

	/** The person has the file already, for this film or another item of it. */
	const sameElsewhere = ({ media }: QueueItem): Picked | null => {
		if (media.kind !== 'local-file') return null
		if (offered !== null && isSameFile(offered.facts, media)) return offered
		for (const { picked } of entries.values())
			if (picked !== null && isSameFile(picked.facts, media)) return picked
		return null
	}

	/* ── What the person does ────────────────────────────────────────────────────────────────────────────── */

	const use = async (id: ItemId, file: File, handle?: FileHandle, known?: KnownFile): Promise<UseOutcome> => {
		const entry = entryOf(id)
		end(entry.attempt)
		const attempt = begin(fileName(file.name))
		entry.attempt = attempt
		onChange()
		const checked = await check(attempt, file, known)
		// Another file was picked meanwhile, or the person thought better of it.
		if (entry.attempt !== attempt || checked.type === 'cancelled' || isClosed) return { type: 'cancelled' }
		const item = deps.item(id)
		if (item === null) {
			entry.attempt = null
			return { type: 'nothing' }
		}
		if (checked.type === 'refused') {
			entry.attempt = { type: 'refused', name: attempt.name, problem: checked.problem }
			onChange()
			return checked
		}
		const picked: Picked = { file, handle, facts: checked.facts }
		const { choice } = entry
		const compared = compareFile(picked.facts, item.media, item.durationS)
		if (compared.type !== 'differs') {
			remember(id, entry, picked, false)
			return { type: 'in-use', copy: adopt(entry, picked, compared.type === 'same', null) }
		}
		const { difference, mayUseAnyway } = compared
		if (mayUseAnyway && choice?.isAnyway === true && isSameFile(choice, picked.facts)) {
			remember(id, entry, picked, true)
			return { type: 'in-use', copy: adopt(entry, picked, false, difference) }
		}
		entry.attempt = { type: 'differs', picked, difference, mayUseAnyway }
		onChange()
		return { type: 'differs', difference, mayUseAnyway }
	}

	const useFile = async (id: ItemId, file: File, handle?: FileHandle): Promise<UseOutcome> => {
		if (deps.item(id) === null) return { type: 'nothing' }
		const entry = entryOf(id)
		// "Anyway" was perhaps said of this file before.
		if (entry.choice === undefined) {
			const choice = await choices.get(id)
			entry.choice ??= choice
		}
		return use(id, file, handle)
	}

	const open = async (id: ItemId, choice: FileChoice, handle: FileHandle): Promise<UseOutcome> => {
		let file: File
		try {
			file = await handle.getFile()
		} catch (error) {
			const problem: FileProblem = {
				type: 'unreadable',
				detail: error instanceof Error ? error.name : String(error),
			}
			entryOf(id).attempt = { type: 'refused', name: choice.name, problem }
			onChange()
			return { type: 'refused', problem }
		}
		return use(id, file, handle, choice)
	}

	const handleOf = (choice: FileChoice | null | undefined): FileHandle | null =>
		(choice?.handle as FileHandle | undefined) ?? null

	const reopen = async (id: ItemId): Promise<UseOutcome> => {
		const entry = entryOf(id)
		const { choice } = entry
		const handle = handleOf(choice)
		if (handle === null || choice === null || choice === undefined) return { type: 'nothing' }
		const permission = (await handle.requestPermission?.({ mode: 'read' })) ?? 'granted'
		if (permission === 'granted') return open(id, choice, handle)
		const problem: FileProblem = { type: 'no-permission' }
		entry.attempt = { type: 'refused', name: choice.name, problem }
		onChange()
		return { type: 'refused', problem }
	}

	/** Without a click nothing is asked: what may be read still is opened, the rest is offered. */
	const lookUp = async (id: ItemId, entry: Entry): Promise<void> => {
		entry.isLooking = true
		const choice = await choices.get(id)
		if (isClosed) return
		entry.choice ??= choice
		const handle = handleOf(choice)
		if (choice !== null && handle !== null && entry.copy === null && entry.attempt === null) {
			let isGranted = false
			try {
				isGranted = ((await handle.queryPermission?.({ mode: 'read' })) ?? 'granted') === 'granted'
			} catch {
				// reason: a handle of a browser's profile that is gone; it is offered, and a click tells more
			}
			if (isGranted && !isClosed) await open(id, choice, handle)
		}
		entry.isLooking = false
		if (isClosed) return
		deps.onCopies()
		onChange()
	}

	const offerFile = async (
		file: File,
		{ handle, where = 'end', confirm }: OfferOptions = {},
	): Promise<OfferOutcome> => {
		end(offer)
		const attempt = begin(fileName(file.name))
		offer = attempt
		onChange()
		const checked = await check(attempt, file)
		if (offer !== attempt || checked.type === 'cancelled' || isClosed) return { type: 'cancelled' }
		const choice =
			checked.type === 'checked' && confirm !== undefined
				? await confirm(checked.facts, titleOf(checked.facts))
				: ({ title: '', where } as const)
		// Taken back while the person was asked.
		if (offer !== attempt || isClosed) return { type: 'cancelled' }
		offer = null
		onChange()
		if (checked.type === 'refused') return checked
		if (choice === null) return { type: 'cancelled' }
		const picked: Picked = { file, handle, facts: checked.facts }
		const { durationS } = picked.facts
		offered = picked
		const added = await deps.addItem(
			{
				media: refOf(picked.facts),
				title: cleanTitle(choice.title) || titleOf(picked.facts),
				...(durationS === null ? {} : { durationS }),
			},
			choice.where,
		)
		if (added.type === 'refused') {
			offered = null
			return { type: 'not-added', message: added.message }
		}
		const entry = entryOf(added.item)
		remember(added.item, entry, picked, false)
		if (entry.copy === null && !isClosed) adopt(entry, picked, true, null)
		offered = null
		return { type: 'added', item: added.item, title: added.title }
	}

	/* ── What is shown ───────────────────────────────────────────────────────────────────────────────────── */

	const attemptState = (attempt: Attempt, copy: OwnCopy | null): LocalFileState => {
		switch (attempt.type) {
			case 'checking':
				return { type: 'checking', name: attempt.name, progress: attempt.progress }
			case 'refused':
				return { ...attempt, copy }
			case 'differs': {
				const { difference, mayUseAnyway, picked } = attempt
				return { type: 'differs', name: picked.facts.name, difference, mayUseAnyway, copy }
			}
		}
	}

	const stateOf = (id: ItemId): LocalFileState => {
		const item = deps.item(id)
		if (item === null) return { type: 'none' }
		const entry = entries.get(id)
		if (entry?.attempt) return attemptState(entry.attempt, entry.copy)
		if (entry?.copy) return { type: 'in-use', copy: entry.copy }
		const { media, durationS } = item
		if (entry?.isLooking === true && media.kind === 'local-file') return { type: 'looking' }
		const remembered = handleOf(entry?.choice) === null ? null : (entry?.choice?.name ?? null)
		if (media.kind !== 'local-file')
			return remembered === null ? { type: 'none' } : { type: 'could-reopen', reopen: remembered }
		const { name, size } = media
		const asked = { name, size, durationS: media.durationS ?? durationS }
		return { type: 'needs-file', asked, reopen: remembered }
	}

	return {
		offerFile,
		offering: (): Checking | null => (offer === null ? null : { name: offer.name, progress: offer.progress }),
		useFile,
		useAnyway: async (id) => {
			const entry = entryOf(id)
			const { attempt } = entry
			if (attempt?.type !== 'differs' || !attempt.mayUseAnyway) return { type: 'nothing' }
			const { picked, difference } = attempt
			remember(id, entry, picked, true)
			return { type: 'in-use', copy: adopt(entry, picked, false, difference) }
		},
		reopen,
		cancel: (id) => {
			if (id === undefined) {
				end(offer)
				offer = null
			} else {
				const entry = entries.get(id)
				end(entry?.attempt ?? null)
				if (entry) entry.attempt = null
			}
			onChange()
		},
		stateOf,
		forget: async (id) => {
			const entry = entryOf(id)
			end(entry.attempt)
			entry.attempt = null
			entry.choice = null
			setCopy(entry, null, null)
			await choices.remove(id)
		},
		pick: deps.pick,
		ownCopy: (item) => {
			const entry = entryOf(item.id)
			if (entry.copy !== null || isClosed) return entry.copy
			const picked = entry.isForgotten ? null : sameElsewhere(item)
			if (picked !== null) {
				const { facts } = picked
				// Not through `adopt`: whoever asks is about to use the answer, and nothing has changed for others.
				entry.copy = {
					facts,
					url: urls.create(picked.file),
					media: refOf(facts),
					isSame: true,
					difference: null,
				}
				entry.picked = picked
				remember(item.id, entry, picked, false)
				return entry.copy
			}
			if (entry.choice === undefined && !entry.isLooking) void lookUp(item.id, entry)
			return entry.isLooking && item.media.kind === 'local-file' ? 'looking' : null
		},
		close: () => {
			if (isClosed) return
			isClosed = true
			end(offer)
			for (const { attempt, copy } of entries.values()) {
				end(attempt)
				if (copy !== null) urls.revoke(copy.url)
			}
			entries.clear()
			choices.close()
		},
	}
}
