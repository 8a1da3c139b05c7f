/**
 * Puts people's own files together in a browser. Fetched with the first of them (`file-gate.ts`).
 */
import type { RoomId } from '#lib/core/units.ts'
import { createFileChoices, type FileChoices } from '#lib/storage/file-choices.ts'
import type { Device } from '../device.ts'
import { createProbe, objectUrls, pickFile } from './browser-files.ts'
import { HAS_FILES_KEY, itemIn, type Queued } from './file-gate.ts'
import { createLocalFiles, type LocalFilesDeps, type LocalFilesPart } from './local-files.ts'

export interface OpenFilesDeps extends Pick<LocalFilesDeps, 'addItem' | 'onChange' | 'onCopies'> {
	readonly device: Pick<Device, 'subtle' | 'wallNowMs'> & {
		readonly store: Pick<Device['store'], 'settings'>
	}
	readonly roomId: RoomId
	readonly state: () => Queued
}

/** Notes that there is something to look for the next time a room is opened. */
const noting = (choices: FileChoices, settings: Device['store']['settings']): FileChoices => ({
	...choices,
	put: async (choice) => {
		void settings.set(HAS_FILES_KEY, true)
		return choices.put(choice)
	},
})

export const openFiles = (deps: OpenFilesDeps): LocalFilesPart => {
	const { device } = deps
	const timers = {
		setTimeout: (fn: () => void, ms: number) => window.setTimeout(fn, ms),
		clearTimeout: (handle: unknown) => window.clearTimeout(handle as number),
	}
	const choices = createFileChoices({ indexedDB: globalThis.indexedDB, timers })
	return createLocalFiles({
		...deps,
		item: (id) => itemIn(deps.state(), id),
		choices: noting(choices, device.store.settings),
		urls: objectUrls,
		pick: () => pickFile(window),
		digest: (bytes) => device.subtle.digest('SHA-256', bytes),
		wallNowMs: device.wallNowMs,
		probe: createProbe({
			document,
			fetch: (input, init) => window.fetch(input, init),
			setTimer: (fn, ms) => {
				const id = window.setTimeout(fn, ms)
				return () => window.clearTimeout(id)
			},
		}),
	})
}
