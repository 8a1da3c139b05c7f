/**
 * What goes on around the page while a film is on: media keys and the lock screen, and a screen that stays lit.
 */
import type { PageVisibility } from '../page-life.ts'
import type { RoomModel } from '../room-model.ts'
import { createMediaKeys, type MediaKeysDeps } from './media-keys.ts'
import { createScreenWake } from './wake-lock.ts'

export interface WhilePlayingDeps extends Pick<MediaKeysDeps, 'model' | 'local' | 'commands'> {
	readonly onChange: (fn: (model: RoomModel) => void) => () => void
	readonly pageUrl: URL
	readonly visibility: PageVisibility
}

/** It plays here, or would if it had data: not on a remote, not for who has gone to sleep. */
const doesPlayHere = ({ player }: RoomModel): boolean =>
	player.isPlaying && (player.state === 'playing' || player.state === 'stalled' || player.state === 'ad')

/** Returns what ends it. */
export const watchWhilePlaying = (deps: WhilePlayingDeps): (() => void) => {
	const keys =
		'mediaSession' in navigator && typeof MediaMetadata === 'function'
			? createMediaKeys({
					...deps,
					session: navigator.mediaSession,
					metadata: (init) => new MediaMetadata(init),
					iconUrl: new URL('./icons/512.png', deps.pageUrl).href,
				})
			: null
	const wake =
		'wakeLock' in navigator
			? createScreenWake({ wakeLock: navigator.wakeLock, isHidden: deps.visibility.isHidden })
			: null
	const off = deps.onChange((model) => {
		keys?.changed()
		wake?.keep(doesPlayHere(model))
	})
	wake?.keep(doesPlayHere(deps.model()))
	return () => {
		off()
		keys?.stop()
		wake?.stop()
	}
}
