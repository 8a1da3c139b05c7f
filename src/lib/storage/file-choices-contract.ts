/**
 * What every keeper of file choices does. `open` opens one on the same disk again; in memory there is no disk.
 */
import { expect, it } from 'vitest'
import type { ItemId, RoomId } from '#lib/core/units.ts'
import { CHOICES_MAX, type FileChoice, type FileChoices } from './file-choices.ts'

const ROOM = 'AAAAAAAAAAAAAAAAAAAAAQ' as RoomId
const OTHER_ROOM = 'AAAAAAAAAAAAAAAAAAAAAg' as RoomId

export const choice = (change: Partial<FileChoice> = {}): FileChoice => ({
	itemId: 'device.1' as ItemId,
	roomId: ROOM,
	name: 'saltmarsh.mkv',
	size: 5_000_000_000,
	hash: 'dD-zrseH9Km1rfJA4ArKNs0EhVnSOvTRiKodseQZ7tk',
	durationS: 6_490,
	lastModifiedMs: 1_790_000_000_000,
	isAnyway: false,
	usedAtMs: 1_795_000_000_000,
	...change,
})

export const runFileChoicesContract = (create: () => FileChoices): void => {
	it('[LF7] a choice is there again, with its handle, until it is taken away', async () => {
		const choices = create()
		const handle = { kind: 'file', name: 'saltmarsh.mkv' }
		await choices.put(choice({ handle }))
		expect(await choices.get('device.1' as ItemId)).toEqual(choice({ handle }))
		expect(await choices.get('device.2' as ItemId)).toBeNull()
		await choices.put(choice({ isAnyway: true, name: 'other.mkv' }))
		expect(await choices.get('device.1' as ItemId)).toEqual(choice({ isAnyway: true, name: 'other.mkv' }))
		await choices.remove('device.1' as ItemId)
		await choices.remove('device.1' as ItemId)
		expect(await choices.get('device.1' as ItemId)).toBeNull()
		choices.close()
	})
	it('[LF7] with a room its choices are forgotten, and no others', async () => {
		const choices = create()
		await choices.put(choice())
		await choices.put(choice({ itemId: 'device.2' as ItemId, roomId: OTHER_ROOM }))
		await choices.forgetRoom(ROOM)
		expect(await choices.get('device.1' as ItemId)).toBeNull()
		expect(await choices.get('device.2' as ItemId)).not.toBeNull()
		choices.close()
	})
	it('[LF7] two hundred are kept, those used last', async () => {
		const choices = create()
		for (let i = 0; i < CHOICES_MAX + 2; i++)
			await choices.put(choice({ itemId: `device.${String(i)}` as ItemId, usedAtMs: 1_000 + i }))
		expect(await choices.get('device.0' as ItemId)).toBeNull()
		expect(await choices.get('device.1' as ItemId)).toBeNull()
		expect(await choices.get('device.2' as ItemId)).not.toBeNull()
		expect(await choices.get(`device.${String(CHOICES_MAX + 1)}` as ItemId)).not.toBeNull()
		choices.close()
	})
}
