/**
 * Who is signed in on this device as far as it knows itself: enough for a front page, and no request for guests.
 */
import type { Device } from './device.ts'

export type AccountBadge =
	| { readonly type: 'guest' }
	| { readonly type: 'signed-in'; readonly name: string; readonly pictureUrl: string | null }

export const readAccountBadge = async (device: Pick<Device, 'identity' | 'api'>): Promise<AccountBadge> => {
	const known = await device.identity.known()
	if (known?.isAccount !== true) return { type: 'guest' }
	const { name, pictureId } = known
	// Where pictures are stands in the configuration; without it the seat does.
	const hasPlace = pictureId !== null && (await device.api.config()).type === 'ok'
	return { type: 'signed-in', name, pictureUrl: hasPlace ? device.api.pictureUrl(pictureId) : null }
}
