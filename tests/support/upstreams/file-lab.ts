/**
 * What runs in the page of own files: the app's own gate to files, storage, probe and players around a queue that is
 * only a list. Tests reach it as `window.fileLab` and put files into the page's input.
 */
import type { MediaRef } from '#lib/core/media.ts'
import type { FileHandle, LocalFileState, OfferOutcome, UseOutcome } from '#lib/core/own-files.ts'
import type { QueueItem } from '#lib/core/state.ts'
import type { DeviceId, ItemId, RoomId } from '#lib/core/units.ts'
import { runPlayerContract, type ContractReport } from '#lib/players/contract.ts'
import type { Player } from '#lib/players/player.ts'
import { browserDeps, createBrowserLoaders, createRegistry } from '#lib/players/registry.ts'
import { createFileGate, type FileGate } from '#lib/session/local-file/file-gate.ts'

export interface FileLab {
	/** The queue; a link that is `device.link` stands in it. */
	readonly items: QueueItem[]
	player: Player | null
	/** By the file in the page's input. */
	offer(): Promise<OfferOutcome>
	/** `keep`: by a handle to a copy in the browser's own disk, as a picker would give one. */
	use(item: string, keep?: boolean): Promise<UseOutcome>
	/** Adds an item that asks for this file. */
	ask(media: MediaRef): string
	/** As the player asks. */
	own(item: string): string | null
	stateOf(item: string): LocalFileState
	forget(item: string): Promise<void>
	open(item: string): Promise<void>
	contract(item: string, toleranceS: number): Promise<ContractReport>
	until(isTrue: () => boolean, mostMs?: number): Promise<boolean>
}

const deps = browserDeps(window)
const registry = createRegistry(createBrowserLoaders(deps))
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const items: QueueItem[] = []
const add = (id: string, media: MediaRef, durationS: number | null, title = 'Saltmarsh'): ItemId => {
	items.push({
		id: id as ItemId,
		media,
		title,
		durationS,
		thumbnailUrl: null,
		addedBy: 'somebody' as DeviceId,
		addedAtMs: 0,
		position: 'a',
		votes: 0,
		didIVote: false,
	})
	return id as ItemId
}
add('device.link', { kind: 'youtube', id: 'dQw4w9WgXcQ' }, null)

const gate: FileGate = createFileGate({
	device: {
		subtle: crypto.subtle,
		wallNowMs: () => Date.now(),
		store: {
			settings: {
				get: async (key) => JSON.parse(localStorage.getItem(key) ?? 'null') as unknown,
				set: async (key, value) => localStorage.setItem(key, JSON.stringify(value)),
			},
		},
	},
	roomId: 'AAAAAAAAAAAAAAAAAAAAAQ' as RoomId,
	state: () => ({ queue: { earlier: [], current: null, next: items } }),
	addItem: async ({ media, title, durationS }) => ({
		type: 'added',
		item: add(`device.${String(items.length)}`, media, durationS ?? null, title),
		title,
	}),
	onChange: () => undefined,
	onCopies: () => undefined,
})

const picked = (): File => {
	const file = document.querySelector<HTMLInputElement>('#pick')?.files?.[0]
	if (!file) throw new Error('no file was picked')
	return file
}
/** A handle like a picker's, to a file on the browser's own disk. */
const keptHandle = async (file: File): Promise<FileHandle> => {
	const folder = await navigator.storage.getDirectory()
	const handle = await folder.getFileHandle(file.name, { create: true })
	const out = await handle.createWritable()
	await out.write(file)
	await out.close()
	return handle
}
const itemOf = (id: string): QueueItem => {
	const item = items.find((one) => one.id === id)
	if (!item) throw new Error(`no item ${id}`)
	return item
}
const own = (id: string): string | null => {
	const copy = gate.ownCopy(itemOf(id))
	return copy === null || copy === 'looking' ? copy : copy.url
}
const load = async (id: string): Promise<Player> => {
	const [stage, url] = [document.getElementById('stage'), own(id)]
	if (!stage || url === null) throw new Error('no stage or no copy')
	const loaded = await registry.load(stage, { kind: 'file', url })
	if (loaded.type !== 'loaded') throw new Error(JSON.stringify(loaded))
	return loaded.player
}

const lab: FileLab = {
	items,
	player: null,
	offer: () => gate.files.offerFile(picked()),
	async use(id, keep = false) {
		const file = picked()
		return gate.files.useFile(id as ItemId, file, keep ? await keptHandle(file) : undefined)
	},
	ask: (media) => add(`device.asked-${String(items.length)}`, media, null),
	own,
	stateOf: (id) => gate.files.stateOf(id as ItemId),
	forget: (id) => gate.files.forget(id as ItemId),
	async open(id) {
		lab.player?.dispose()
		lab.player = await load(id)
	},
	contract: (id, toleranceS) => runPlayerContract({ open: () => load(id), wait, toleranceS }),
	async until(isTrue, mostMs = 10_000) {
		const untilMs = performance.now() + mostMs
		while (!isTrue()) {
			if (performance.now() > untilMs) return false
			await wait(20)
		}
		return true
	},
}

declare global {
	interface Window {
		fileLab: FileLab
	}
}
window.fileLab = lab
