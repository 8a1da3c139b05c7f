/**
 * People's own files, before their code is here: it is fetched when an item asks for a file, when somebody picks one,
 * or when this device has used one before. Until then links are links.
 */
import type { LocalFiles, LocalFileState } from '#lib/core/own-files.ts'
import type { QueueItem, RoomState } from '#lib/core/state.ts'
import type { ItemId } from '#lib/core/units.ts'
import type { LocalFilesPart } from './local-files.ts'
import type { OpenFilesDeps } from './open-files.ts'
import type { OwnCopies } from './port.ts'

export interface FileGateDeps extends OpenFilesDeps {
	/** Fetches the code; rejects where it cannot be had. */
	readonly fetch?: () => Promise<(deps: OpenFilesDeps) => LocalFilesPart>
}

export interface FileGate extends OwnCopies {
	readonly files: LocalFiles
	/** Idempotent. */
	close(): void
}

/** Set once this device has remembered a file for any item. */
export const HAS_FILES_KEY = 'has-own-files'

/** As much of the room's state as is needed. */
export interface Queued {
	readonly queue: Pick<RoomState['queue'], 'earlier' | 'current' | 'next'>
}

export const itemIn = ({ queue }: Queued, id: ItemId): QueueItem | null =>
	[queue.current, ...queue.next, ...queue.earlier].find((item) => item?.id === id) ?? null

const fetchPart = async () => (await import('./open-files.ts')).openFiles

export const createFileGate = (deps: FileGateDeps): FileGate => {
	let part: LocalFilesPart | null = null
	let loading: Promise<LocalFilesPart | null> | null = null
	let hasFailed = false
	let isClosed = false
	/** Whether there may be files for links; asked once. */
	let hasFiles: 'unknown' | 'asking' | 'known' = 'unknown'

	/** Null where it cannot be had; the next one who asks tries again. */
	const load = (): Promise<LocalFilesPart | null> =>
		(loading ??= (deps.fetch ?? fetchPart)()
			.then((open) => {
				const made = open(deps)
				if (isClosed) made.close()
				part = made
				hasFailed = false
				return made
			})
			.catch((error: unknown) => {
				console.warn('What people’s own files need could not be fetched.', error)
				loading = null
				hasFailed = true
				return null
			})
			.finally(() => {
				if (isClosed) return
				deps.onCopies()
				deps.onChange()
			}))

	const askForFiles = () => {
		if (hasFiles !== 'unknown') return
		hasFiles = 'asking'
		void deps.device.store.settings.get(HAS_FILES_KEY).then((has) => {
			hasFiles = 'known'
			if (has === true && !isClosed) void load()
		})
	}
	const using = async <T>(
		fn: (files: LocalFilesPart) => Promise<T>,
	): Promise<T | { readonly type: 'not-fetched' }> => {
		const files = part ?? (await load())
		return files === null ? { type: 'not-fetched' } : fn(files)
	}

	const stateBefore = (item: QueueItem | null): LocalFileState => {
		if (item?.media.kind !== 'local-file') return { type: 'none' }
		if (loading !== null && !hasFailed) return { type: 'looking' }
		const { name, size, durationS } = item.media
		return { type: 'needs-file', asked: { name, size, durationS: durationS ?? item.durationS }, reopen: null }
	}

	return {
		ownCopy: (item) => {
			if (part !== null) return part.ownCopy(item)
			if (item.media.kind !== 'local-file') {
				askForFiles()
				return null
			}
			// Failed once, it is tried again by whatever the person does.
			if (hasFailed) return null
			void load()
			return 'looking'
		},
		files: {
			offerFile: (file, options) => using((files) => files.offerFile(file, options)),
			offering: () => part?.offering() ?? null,
			useFile: (item, file, handle) => using((files) => files.useFile(item, file, handle)),
			useAnyway: (item) => using((files) => files.useAnyway(item)),
			reopen: (item) => using((files) => files.reopen(item)),
			cancel: (item) => part?.cancel(item),
			stateOf: (item) => part?.stateOf(item) ?? stateBefore(itemIn(deps.state(), item)),
			forget: async (item) => void (await using((files) => files.forget(item))),
			pick: async () => (await load())?.pick() ?? null,
		},
		close: () => {
			isClosed = true
			part?.close()
		},
	}
}
