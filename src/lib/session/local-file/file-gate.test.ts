import { describe, expect, it, vi } from 'vitest'
import type { MediaRef } from '#lib/core/media.ts'
import type { QueueItem } from '#lib/core/state.ts'
import type { ItemId, RoomId } from '#lib/core/units.ts'
import { createFileGate, HAS_FILES_KEY, type FileGateDeps } from './file-gate.ts'
import type { LocalFilesPart } from './local-files.ts'

const ASKING = {
	id: 'device.one' as ItemId,
	media: {
		kind: 'local-file',
		size: 3,
		hash: 's_rmxn6JhU4Ix9lZcXacF-otyPpVCdoJkjFMes8OvQc',
		name: 'abc.webm',
	},
	durationS: 12,
} as QueueItem
const LINK = { ...ASKING, id: 'device.two' as ItemId, media: { kind: 'youtube', id: 'x' } as MediaRef }

const createWorld = (options: { readonly hasFiles?: boolean; readonly isOffline?: boolean } = {}) => {
	const part = {
		ownCopy: vi.fn(() => null),
		useFile: vi.fn(async () => ({ type: 'nothing' as const })),
		stateOf: vi.fn(() => ({ type: 'none' as const })),
		close: vi.fn(),
	}
	const world = { isOffline: options.isOffline === true }
	const fetch = vi.fn(async () => {
		if (world.isOffline) throw new Error('Failed to fetch dynamically imported module')
		return () => part as unknown as LocalFilesPart
	})
	const deps: FileGateDeps = {
		device: {
			subtle: crypto.subtle,
			wallNowMs: () => 0,
			store: {
				settings: {
					get: async (key) => (key === HAS_FILES_KEY ? options.hasFiles : undefined),
					set: async () => undefined,
				},
			},
		},
		roomId: 'AAAAAAAAAAAAAAAAAAAAAQ' as RoomId,
		state: () => ({ queue: { earlier: [], following: null, current: ASKING, next: [LINK] } }),
		addItem: async () => ({ type: 'refused', message: '' }),
		onChange: vi.fn(),
		onCopies: vi.fn(),
		fetch,
	}
	return { gate: createFileGate(deps), deps, fetch, part, world }
}
const settle = () => new Promise((resolve) => setTimeout(resolve, 0))

describe('people’s own files, before their code is here', () => {
	it('[LF16] whoever watches links only fetches nothing of it', async () => {
		const { gate, fetch } = createWorld()
		expect(gate.ownCopy(LINK)).toBeNull()
		await settle()
		expect(gate.ownCopy(LINK)).toBeNull()
		expect(gate.files.stateOf(LINK.id)).toEqual({ type: 'none' })
		expect(gate.files.offering()).toBeNull()
		expect(fetch).not.toHaveBeenCalled()
	})
	it('[LF16] an item that asks for a file fetches it, once, and is looked at again then', async () => {
		const { gate, deps, fetch, part } = createWorld()
		expect(gate.ownCopy(ASKING)).toBe('looking')
		expect(gate.ownCopy(ASKING)).toBe('looking')
		expect(gate.files.stateOf(ASKING.id)).toEqual({ type: 'looking' })
		await settle()
		expect(fetch).toHaveBeenCalledTimes(1)
		expect(deps.onCopies).toHaveBeenCalled()
		gate.ownCopy(ASKING)
		expect(part.ownCopy).toHaveBeenCalledWith(ASKING)
		gate.close()
		expect(part.close).toHaveBeenCalled()
	})
	it('[LF16] a device that has used files before looks for one in a link’s place', async () => {
		const { gate, fetch } = createWorld({ hasFiles: true })
		expect(gate.ownCopy(LINK)).toBeNull()
		await settle()
		expect(fetch).toHaveBeenCalledTimes(1)
	})
	it('[LF16] where it cannot be fetched that is said, and the next try fetches again', async () => {
		const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
		const { gate, world, fetch } = createWorld({ isOffline: true })
		gate.ownCopy(ASKING)
		await settle()
		expect(gate.ownCopy(ASKING)).toBeNull()
		expect(gate.files.stateOf(ASKING.id)).toEqual({
			type: 'needs-file',
			asked: { name: 'abc.webm', size: 3, durationS: 12 },
			reopen: null,
		})
		expect(await gate.files.useFile(ASKING.id, {} as File)).toEqual({ type: 'not-fetched' })
		world.isOffline = false
		expect(await gate.files.useFile(ASKING.id, {} as File)).toEqual({ type: 'nothing' })
		expect(fetch).toHaveBeenCalledTimes(3)
		warn.mockRestore()
	})
})
