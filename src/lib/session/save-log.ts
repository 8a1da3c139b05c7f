/**
 * Saves the room's signed log as a file, which `npm run verify-log` proves or refutes. It holds no code and no key.
 */
import { exportLog } from '#lib/core/export-log.ts'
import type { Room } from '#lib/core/room.ts'
import type { Millis } from '#lib/core/units.ts'
import type { Device } from './device.ts'
import type { FoundOpenRoom } from './find-room.ts'
import { KEY_SET_KEY } from './identity.ts'
import { checkAgainst } from './log-identity.ts'
import type { CommandResult } from './people-commands.ts'
import { fileNameOf, saveFile } from './save-file.ts'

export interface SaveLogDeps {
	readonly device: Pick<Device, 'api' | 'store' | 'signer' | 'verifier'>
	readonly room: Pick<Room, 'ledger' | 'state'>
	readonly found: Pick<FoundOpenRoom, 'keys' | 'signed'>
	readonly atMs: Millis
}

export const saveLog = async ({ device, room, found, atMs }: SaveLogDeps): Promise<CommandResult> => {
	const answer = await device.api.keySet()
	const keySet = answer.type === 'ok' ? answer.value : await device.store.settings.get(KEY_SET_KEY)
	const text = await exportLog(
		{
			signer: device.signer,
			verifier: device.verifier,
			checkIdentity: checkAgainst(keySet, device.verifier),
		},
		{
			lookupId: found.keys.lookupId,
			roomId: found.keys.roomId,
			signedRoot: found.signed,
			records: [...room.ledger.entries()].map(([, bytes]) => bytes),
			keySet: keySet ?? null,
			exportedAtMs: Math.round(atMs),
		},
	)
	saveFile(fileNameOf(room.state().title, atMs), text)
	return { type: 'done' }
}
