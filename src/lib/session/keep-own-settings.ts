/**
 * This person's own settings, the same in every page of this browser: kept on the disk, changed by any page, and
 * heard of by all others at once, rooms among them.
 */
import type { OwnSettings } from '#lib/core/view.ts'
import { OWN_KEY, readOwn } from './own-settings.ts'

export interface OwnSettingsDeps {
	readonly settings: { get(key: string): Promise<unknown>; set(key: string, value: unknown): Promise<void> }
	/** To the other pages of this browser; null where there is no way to them. */
	readonly channel: BroadcastChannel | null
	/** Changed, here or by another page. */
	readonly onChange: (own: OwnSettings, change: Partial<OwnSettings>) => void
}

export interface OwnSettingsKeeper {
	/** What is not read yet is as at first. */
	now(): OwnSettings
	/** Rejects where the disk cannot be read. */
	readonly whenRead: Promise<OwnSettings>
	/** Here at once; in other pages when it stands on the disk, so that a page that opens now misses nothing. */
	set(change: Partial<OwnSettings>): Promise<void>
	/** Idempotent. */
	close(): void
}

export const openOwnChannel = (): BroadcastChannel | null =>
	typeof BroadcastChannel === 'function' ? new BroadcastChannel('matinee-own-settings') : null

export const keepOwnSettings = (deps: OwnSettingsDeps): OwnSettingsKeeper => {
	const { settings, channel } = deps
	let own = readOwn(undefined)
	/** What came while the disk was read is newer than what it has. */
	let early: Partial<OwnSettings> = {}
	let isRead = false

	const take = (change: Partial<OwnSettings>): void => {
		if (!isRead) early = { ...early, ...change }
		own = readOwn({ ...own, ...change })
		deps.onChange(own, change)
	}
	const whenRead = settings.get(OWN_KEY).then((kept) => {
		own = readOwn({ ...readOwn(kept), ...early })
		isRead = true
		return own
	})
	if (channel !== null)
		channel.onmessage = ({ data }: MessageEvent<unknown>) => {
			if (typeof data === 'object' && data !== null) take(data)
		}

	return {
		now: () => own,
		whenRead,
		set: async (change) => {
			await whenRead
			take(change)
			await settings.set(OWN_KEY, own)
			channel?.postMessage(change)
		},
		close: () => channel?.close(),
	}
}
