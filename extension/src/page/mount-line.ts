/**
 * When the panel stands on the page: for as long as the room says so over the page's own port. Its one-time words come
 * the same way.
 */
import type { Millis } from '#lib/core/units.ts'
import type { FromPage, ToPage } from '../wire/page-messages.ts'
import type { Line } from '../wire/port.ts'
import { createMount, type Mount, type MountDeps } from './mount.ts'

export interface MountLineDeps extends Omit<MountDeps, 'askWord' | 'onLost'> {
	readonly line: Line<ToPage, FromPage>
}

const WORD_WITHIN_MS: Millis = 5_000

export const createMountLine = ({ line, ...deps }: MountLineDeps): void => {
	let mount: Mount | null = null
	/** The page has taken it away too often: it stays away until the room is left, or the page loaded anew. */
	let isLost = false
	let answer: (word: string | null) => void = () => undefined

	const take = (): void => {
		mount?.dispose()
		mount = null
		answer(null)
	}
	const askWord = (): Promise<string | null> =>
		new Promise((resolve) => {
			answer(null)
			const cancel = deps.setTimer(() => answer(null), WORD_WITHIN_MS)
			answer = (word) => {
				cancel()
				resolve(word)
			}
			line.send({ type: 'panel-word' })
		})
	line.on((message) => {
		if (message.type === 'panel-word') return answer(message.word)
		if (message.type !== 'panel') return
		if (!message.isOn) {
			isLost = false
			return take()
		}
		if (isLost) return
		mount ??= createMount({
			...deps,
			askWord,
			onLost: () => {
				isLost = true
				take()
				line.send({ type: 'panel-lost' })
			},
		})
	})
	line.onClose(take)
}
