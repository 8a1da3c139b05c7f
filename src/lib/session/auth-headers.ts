/**
 * What a page of another origin than the server's sends in place of cookies: kept among the device's settings, so that
 * every page of this browser has it.
 */
import type { DeviceStore } from '#lib/storage/storage.ts'

export const SESSION_KEY = 'account-session'
export const DOOR_KEY = 'door-pass'

export const readAuthHeaders = async ({
	settings,
}: Pick<DeviceStore, 'settings'>): Promise<Record<string, string>> => {
	const [session, door] = await Promise.all([settings.get(SESSION_KEY), settings.get(DOOR_KEY)])
	return {
		...(typeof session === 'string' && { authorization: `Bearer ${session}` }),
		...(typeof door === 'string' && { 'x-matinee-door': door }),
	}
}
