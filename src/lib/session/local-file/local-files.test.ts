import { createHash } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import type { MediaRef } from '#lib/core/media.ts'
import type { FileHandle } from '#lib/core/own-files.ts'
import type { NewItem } from '#lib/core/room.ts'
import type { QueueItem } from '#lib/core/state.ts'
import type { DeviceId, ItemId, RoomId } from '#lib/core/units.ts'
import type { AddResult } from '#lib/core/view.ts'
import { createMemoryFileChoices, type FileChoices } from '#lib/storage/file-choices.ts'
import { createLocalFiles, type LocalFilesPart } from './local-files.ts'
import type { Probed } from './port.ts'
import { createFakeFile, type FakeFileOptions } from './test-files.ts'

const ONE = 'device.one' as ItemId
const TWO = 'device.two' as ItemId
const LINK: MediaRef = { kind: 'youtube', id: 'dQw4w9WgXcQ' }

const itemOf = (id: ItemId, media: MediaRef, durationS: number | null = null): QueueItem => ({
	id,
	media,
	title: 'The Four-Ten to Saltmarsh',
	durationS,
	thumbnailUrl: null,
	addedBy: 'somebody' as DeviceId,
	addedAtMs: 0,
	position: 'a',
	votes: 0,
	didIVote: false,
})

let items: Map<ItemId, QueueItem>
let choices: FileChoices
let added: NewItem[]
let answerAdd: (item: NewItem) => AddResult
let urls: Map<string, Blob>
let probes: string[]
let probed: Probed
let beforeProbeEnds: Promise<unknown>
let copiesChanged: number
let onChange: () => void
let files: LocalFilesPart

const open = (): LocalFilesPart => {
	files = createLocalFiles({
		roomId: 'AAAAAAAAAAAAAAAAAAAAAQ' as RoomId,
		item: (id) => items.get(id) ?? null,
		addItem: async (item) => {
			added.push(item)
			return answerAdd(item)
		},
		choices,
		urls: {
			create: (file) => {
				const url = `blob:${String(++count)}`
				urls.set(url, file)
				return url
			},
			revoke: (url) => void urls.delete(url),
		},
		probe: async (url) => {
			probes.push(url)
			expect(urls.has(url)).toBe(true)
			await beforeProbeEnds
			return probed
		},
		digest: async (bytes) => new Uint8Array(createHash('sha256').update(bytes).digest()).buffer,
		pick: async () => null,
		wallNowMs: () => 1_795_000_000_000,
		onChange: () => onChange(),
		onCopies: () => void copiesChanged++,
	})
	return files
}
let count = 0
const film = (options: FakeFileOptions = {}) => createFakeFile({ size: 5_000_000_000, ...options })
/** As the one who added it has it: seed 0, 6,490 s long. */
const askFor = async (id = ONE): Promise<void> => {
	const result = await files.offerFile(film())
	if (result.type !== 'added') throw new Error(result.type)
	items.set(id, itemOf(id, added[0]?.media ?? LINK))
	files.close()
	choices = createMemoryFileChoices()
	added = []
	probes = []
	urls.clear()
	open()
}
/** By another start of the page, with what was kept. */
const reload = (): LocalFilesPart => {
	files.close()
	return open()
}
const settle = () => new Promise((resolve) => setTimeout(resolve, 0))
const item = (id: ItemId): QueueItem => items.get(id) ?? itemOf(id, LINK)
const handleOf = (file: File, permission: { now: PermissionState }, answer: PermissionState = 'granted') => {
	const asked: string[] = []
	const handle: FileHandle = {
		name: file.name,
		getFile: async () => {
			asked.push('getFile')
			return file
		},
		queryPermission: async () => permission.now,
		requestPermission: async () => {
			asked.push('request')
			return answer
		},
	}
	return { handle, asked }
}

beforeEach(() => {
	items = new Map([[TWO, itemOf(TWO, LINK, 6_490)]])
	choices = createMemoryFileChoices()
	added = []
	answerAdd = ({ media, title }) => {
		items.set(ONE, itemOf(ONE, media))
		return { type: 'added', item: ONE, title }
	}
	urls = new Map()
	probes = []
	probed = { type: 'playable', durationS: 6_490 }
	beforeProbeEnds = Promise.resolve()
	copiesChanged = 0
	onChange = () => undefined
	open()
})

describe('offering a file', () => {
	it('[LF15] it is checked and tried first, then stands in the queue by size, hash, name and length', async () => {
		const file = film({ name: 'The.Four-Ten.to.Saltmarsh.mkv' })
		const result = await files.offerFile(file)
		expect(result).toMatchObject({ type: 'added', item: ONE })
		expect(probes).toHaveLength(1)
		expect(added).toHaveLength(1)
		expect(added[0]).toMatchObject({
			media: {
				kind: 'local-file',
				size: 5_000_000_000,
				name: 'The.Four-Ten.to.Saltmarsh.mkv',
				durationS: 6_490,
			},
			title: 'The Four Ten to Saltmarsh',
			durationS: 6_490,
		})
		expect(files.stateOf(ONE)).toMatchObject({ type: 'in-use', copy: { isSame: true, difference: null } })
		expect(files.ownCopy(item(ONE))).toMatchObject({ isSame: true })
		expect(files.offering()).toBeNull()
	})

	it('[LF15] whoever offers it never sees it asked for, though it plays before the adding has come back', async () => {
		let seen: unknown
		answerAdd = ({ media, title }) => {
			items.set(ONE, itemOf(ONE, media))
			seen = files.ownCopy(item(ONE))
			return { type: 'added', item: ONE, title }
		}
		await files.offerFile(film())
		expect(seen).toMatchObject({ isSame: true })
		expect(files.ownCopy(item(ONE))).toBe(seen)
		expect(urls.size).toBe(1)
	})

	it('[LF15] a name is sent without what turns or hides text, and cut to what a record holds', async () => {
		await files.offerFile(film({ name: `\u202e${'x'.repeat(200)}.mkv` }))
		const media = added[0]?.media
		if (media?.kind !== 'local-file') throw new Error('no file')
		expect(media.name).toMatch(/^x{80,}…\.mkv$/)
		expect(media.name.length).toBeLessThanOrEqual(100)
	})

	it('[LF4] what is no film, or does not play here, is refused and never added', async () => {
		const picture = film({ head: Uint8Array.from([0xff, 0xd8, 0xff, 0xe0]) })
		expect(await files.offerFile(picture)).toEqual({
			type: 'refused',
			problem: { type: 'not-media', what: 'picture', format: 'JPEG' },
		})
		expect(probes).toEqual([])
		probed = { type: 'unplayable', detail: 'no decoder' }
		expect(await files.offerFile(film())).toEqual({
			type: 'refused',
			problem: { type: 'unplayable', format: 'webm', detail: 'no decoder' },
		})
		probed = { type: 'unreadable', detail: 'NotReadableError' }
		expect(await files.offerFile(film())).toMatchObject({ problem: { type: 'unreadable' } })
		expect(added).toEqual([])
		expect(urls.size).toBe(0)
	})

	it('[LF15] what the room refuses is told in its words, and the file is let go', async () => {
		answerAdd = () => ({ type: 'refused', message: 'Only operators can add videos here.' })
		expect(await files.offerFile(film())).toEqual({
			type: 'not-added',
			message: 'Only operators can add videos here.',
		})
		expect(urls.size).toBe(0)
		expect(files.ownCopy(item(ONE))).toBeNull()
	})

	it('[LF5] it can be ended while it is checked, and another file takes its place', async () => {
		const first = files.offerFile(film())
		expect(files.offering()).toMatchObject({ name: 'saltmarsh.webm' })
		files.cancel()
		expect(files.offering()).toBeNull()
		expect(await first).toEqual({ type: 'cancelled' })
		const second = files.offerFile(film())
		const third = files.offerFile(film({ seed: 3 }))
		expect(await second).toEqual({ type: 'cancelled' })
		expect(await third).toMatchObject({ type: 'added' })
		expect(added).toHaveLength(1)
	})
})

describe('an item that asks for a file', () => {
	it('[LF14] says of which file a copy is asked for', async () => {
		await askFor()
		expect(files.ownCopy(item(ONE))).toBe('looking')
		expect(files.stateOf(ONE)).toEqual({ type: 'looking' })
		await settle()
		expect(files.ownCopy(item(ONE))).toBeNull()
		expect(files.stateOf(ONE)).toEqual({
			type: 'needs-file',
			asked: { name: 'saltmarsh.webm', size: 5_000_000_000, durationS: 6_490 },
			reopen: null,
		})
		expect(copiesChanged).toBeGreaterThan(0)
	})

	it('[LF9] the same file under another name is the same', async () => {
		await askFor()
		const outcome = await files.useFile(ONE, film({ name: 'my-copy.bin' }))
		expect(outcome).toMatchObject({ type: 'in-use', copy: { isSame: true, difference: null } })
		expect(files.ownCopy(item(ONE))).toMatchObject({ url: expect.stringMatching(/^blob:/) as string })
	})

	it('[LF9] progress is told while it is checked', async () => {
		await askFor()
		let end: (value: unknown) => void = () => undefined
		beforeProbeEnds = new Promise((resolve) => (end = resolve))
		const seen: number[] = []
		onChange = () => {
			const state = files.stateOf(ONE)
			if (state.type === 'checking') seen.push(state.progress)
		}
		const using = files.useFile(ONE, film())
		for (let i = 0; i < 40 && probes.length === 0; i++) await settle()
		expect(files.stateOf(ONE)).toEqual({ type: 'checking', name: 'saltmarsh.webm', progress: 0.9 })
		expect(seen.length).toBeGreaterThan(10)
		expect(seen).toEqual(seen.toSorted((a, b) => a - b))
		end(null)
		await using
		expect(files.stateOf(ONE).type).toBe('in-use')
	})

	it('[LF11] a file that differs is not used before the person says so, and then with the warning', async () => {
		await askFor()
		probed = { type: 'playable', durationS: 6_491 }
		const outcome = await files.useFile(ONE, film({ seed: 1 }))
		const difference = { sizeBytes: 0, durationS: 1 }
		expect(outcome).toEqual({ type: 'differs', difference, mayUseAnyway: true })
		expect(files.ownCopy(item(ONE))).not.toMatchObject({ isSame: false })
		expect(files.stateOf(ONE)).toMatchObject({ type: 'differs', difference, mayUseAnyway: true, copy: null })
		expect(await files.useAnyway(ONE)).toMatchObject({ type: 'in-use', copy: { isSame: false, difference } })
		expect(files.stateOf(ONE)).toMatchObject({ type: 'in-use', copy: { difference } })
	})

	it('[LF11] that is remembered for this file and this item, also at the next start', async () => {
		await askFor()
		await files.useFile(ONE, film({ seed: 1 }))
		await files.useAnyway(ONE)
		reload()
		expect(await files.useFile(ONE, film({ seed: 1 }))).toMatchObject({
			type: 'in-use',
			copy: { isSame: false },
		})
		expect(await files.useFile(ONE, film({ seed: 2 }))).toMatchObject({ type: 'differs' })
		// What was in use goes on.
		expect(files.stateOf(ONE)).toMatchObject({ type: 'differs', copy: { isSame: false } })
		expect(files.ownCopy(item(ONE))).toMatchObject({ isSame: false })
		files.cancel(ONE)
		expect(files.stateOf(ONE).type).toBe('in-use')
	})

	it('[LF11] another cut is not used, whoever asks for it', async () => {
		await askFor()
		probed = { type: 'playable', durationS: 6_300 }
		expect(await files.useFile(ONE, film({ seed: 1 }))).toMatchObject({
			type: 'differs',
			mayUseAnyway: false,
		})
		expect(await files.useAnyway(ONE)).toEqual({ type: 'nothing' })
		expect(files.stateOf(ONE).type).toBe('differs')
	})

	it('[LF6] a file that cannot be read is refused with why, and another can be picked', async () => {
		await askFor()
		expect(await files.useFile(ONE, film({ failAt: 70_000 }))).toEqual({
			type: 'refused',
			problem: { type: 'unreadable', detail: 'NotReadableError' },
		})
		expect(files.stateOf(ONE)).toMatchObject({ type: 'refused', name: 'saltmarsh.webm', copy: null })
		expect(await files.useFile(ONE, film())).toMatchObject({ type: 'in-use' })
	})

	it('[LF5] of two files picked one after the other the last one counts', async () => {
		await askFor()
		const first = files.useFile(ONE, film({ seed: 1 }))
		const second = files.useFile(ONE, film())
		expect(await first).toEqual({ type: 'cancelled' })
		expect(await second).toMatchObject({ type: 'in-use' })
		expect(urls.size).toBe(1)
	})

	it('[LF15] put into the queue again, it plays by the same file', async () => {
		await askFor()
		await files.useFile(ONE, film())
		items.set(TWO, itemOf(TWO, item(ONE).media))
		expect(files.ownCopy(item(TWO))).toMatchObject({ isSame: true })
		expect(files.stateOf(TWO).type).toBe('in-use')
	})
})

describe('a file in a link’s place', () => {
	it('[LF12] plays for this item on this device, until it is forgotten', async () => {
		expect(files.ownCopy(item(TWO))).toBeNull()
		expect(files.stateOf(TWO)).toEqual({ type: 'none' })
		const outcome = await files.useFile(TWO, film())
		expect(outcome).toMatchObject({ type: 'in-use', copy: { isSame: false, difference: null } })
		expect(files.ownCopy(item(TWO))).toMatchObject({ isSame: false })
		expect(added).toEqual([])
		await files.forget(TWO)
		expect(files.ownCopy(item(TWO))).toBeNull()
		expect(files.stateOf(TWO)).toEqual({ type: 'none' })
		expect(await choices.get(TWO)).toBeNull()
	})
	it('[LF12] another cut does not stand in', async () => {
		probed = { type: 'playable', durationS: 6_000 }
		expect(await files.useFile(TWO, film())).toEqual({
			type: 'differs',
			difference: { sizeBytes: null, durationS: -490 },
			mayUseAnyway: false,
		})
		expect(files.ownCopy(item(TWO))).toBeNull()
	})
	it('[LF12] for an item that is gone nothing is used', async () => {
		expect(await files.useFile('device.gone' as ItemId, film())).toEqual({ type: 'nothing' })
		const using = files.useFile(TWO, film())
		items.delete(TWO)
		expect(await using).toEqual({ type: 'nothing' })
		expect(urls.size).toBe(0)
	})
})

describe('the next time the room is opened', () => {
	it('[LF8] a file that may still be read plays without a click, and is not tried in a player again', async () => {
		await askFor()
		const { handle, asked } = handleOf(film(), { now: 'granted' })
		await files.useFile(ONE, film(), handle)
		probes = []
		reload()
		expect(files.ownCopy(item(ONE))).toBe('looking')
		for (let i = 0; i < 60 && files.stateOf(ONE).type !== 'in-use'; i++) await settle()
		expect(files.ownCopy(item(ONE))).toMatchObject({ isSame: true, facts: { durationS: 6_490 } })
		expect(asked).toEqual(['getFile'])
		expect(probes).toEqual([])
	})

	it('[LF8] where the browser wants a click, one click asks and opens', async () => {
		await askFor()
		const { handle, asked } = handleOf(film(), { now: 'prompt' })
		await files.useFile(ONE, film(), handle)
		reload()
		files.ownCopy(item(ONE))
		await settle()
		expect(files.stateOf(ONE)).toMatchObject({ type: 'needs-file', reopen: 'saltmarsh.webm' })
		expect(asked).toEqual([])
		expect(await files.reopen(ONE)).toMatchObject({ type: 'in-use', copy: { isSame: true } })
		expect(asked).toEqual(['request', 'getFile'])
	})

	it('[LF8] for a link it is offered while the link plays', async () => {
		const { handle } = handleOf(film(), { now: 'prompt' })
		await files.useFile(TWO, film(), handle)
		reload()
		expect(files.ownCopy(item(TWO))).toBeNull()
		await settle()
		expect(files.stateOf(TWO)).toEqual({ type: 'could-reopen', reopen: 'saltmarsh.webm' })
		await files.forget(TWO)
		expect(files.stateOf(TWO)).toEqual({ type: 'none' })
	})

	it('[LF8] refused, or moved away meanwhile: said, and it can be picked again', async () => {
		await askFor()
		const refusing = handleOf(film(), { now: 'prompt' }, 'denied')
		await files.useFile(ONE, film(), refusing.handle)
		reload()
		files.ownCopy(item(ONE))
		await settle()
		expect(await files.reopen(ONE)).toEqual({ type: 'refused', problem: { type: 'no-permission' } })

		const gone: FileHandle = {
			name: 'saltmarsh.webm',
			getFile: () => Promise.reject(new DOMException('gone', 'NotFoundError')),
		}
		await files.useFile(ONE, film(), gone)
		reload()
		files.ownCopy(item(ONE))
		await settle()
		expect(files.stateOf(ONE)).toMatchObject({
			type: 'refused',
			problem: { type: 'unreadable', detail: 'NotFoundError' },
		})
		expect(await files.useFile(ONE, film())).toMatchObject({ type: 'in-use' })
	})

	it('[LF8] a file that was changed behind its handle is compared anew', async () => {
		await askFor()
		const { handle } = handleOf(film({ seed: 9 }), { now: 'granted' })
		await files.useFile(ONE, film(), handle)
		probes = []
		reload()
		files.ownCopy(item(ONE))
		for (let i = 0; i < 60 && files.stateOf(ONE).type !== 'differs'; i++) await settle()
		expect(files.stateOf(ONE)).toMatchObject({ type: 'differs', copy: null })
		expect(probes).toHaveLength(1)
	})

	it('[LF8] without a handle there is nothing to reopen', async () => {
		await askFor()
		await files.useFile(ONE, film())
		reload()
		files.ownCopy(item(ONE))
		await settle()
		expect(files.stateOf(ONE)).toMatchObject({ type: 'needs-file', reopen: null })
		expect(await files.reopen(ONE)).toEqual({ type: 'nothing' })
	})
})

describe('addresses of files', () => {
	it('[LF13] one at a time for an item: replaced, forgotten and closed ones are released', async () => {
		await askFor()
		await files.useFile(ONE, film())
		const first = files.ownCopy(item(ONE))
		expect(urls.size).toBe(1)
		await files.useFile(ONE, film({ name: 'again.webm' }))
		expect(urls.size).toBe(1)
		expect(files.ownCopy(item(ONE))).not.toEqual(first)
		await files.useFile(TWO, film())
		expect(urls.size).toBe(2)
		await files.forget(ONE)
		expect(urls.size).toBe(1)
		files.close()
		files.close()
		expect(urls.size).toBe(0)
	})
	it('[LF13] forgotten, it is asked for again although another item plays by the same file', async () => {
		await askFor()
		await files.useFile(ONE, film())
		items.set(TWO, itemOf(TWO, item(ONE).media))
		await files.useFile(TWO, film())
		await files.forget(ONE)
		expect(files.ownCopy(item(ONE))).toBeNull()
		expect(files.stateOf(ONE)).toMatchObject({ type: 'needs-file', reopen: null })
	})
	it('[LF13] closed in the midst of a check, nothing comes of it', async () => {
		await askFor()
		const using = files.useFile(ONE, film())
		files.close()
		expect(await using).toEqual({ type: 'cancelled' })
		expect(urls.size).toBe(0)
	})
})
