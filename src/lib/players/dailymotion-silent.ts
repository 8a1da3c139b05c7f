/**
 * Dailymotion's frame when it neither answers nor takes commands, which is what its documents say of a frame without
 * their script on the page (and what others measured in July 2026). It can still be loaded to begin at a whole second;
 * and since its player may start by itself whatever the address says, it stands still only by being taken away.
 */
import type { Seconds } from '#lib/core/units.ts'
import type { EmbedShell } from './embed-shell.ts'
import { ANSWER_MS } from './embed-shell.ts'
import { POSITION_MAX_S } from './embed-values.ts'
import type { Player, PlayerAbilities } from './player.ts'

export const SILENT_CAN: PlayerAbilities = {
	rate: 'none',
	seek: 'reload',
	read: 'none',
	volume: false,
	pause: 'reload',
	seekGrainS: 1,
}
const NOTHING = 'about:blank'

export type SilentCommands = Pick<Player, 'play' | 'pause' | 'seek'>

/** `addressAt`: to begin there at once. It is ready from the start, and blank. */
export const createSilentDailymotion = (
	shell: EmbedShell,
	site: string,
	startS: Seconds,
	addressAt: (positionS: Seconds) => string,
): SilentCommands => {
	let fromS = startS
	let isShown = false
	let settle: ((outcome: 'playing' | 'failed') => void) | null = null
	let cancelWait: () => void = () => undefined
	const settled = (outcome: 'playing' | 'failed'): void => {
		cancelWait()
		const waiting = settle
		settle = null
		waiting?.(outcome)
	}
	const show = (): void => {
		isShown = true
		shell.setState('loading')
		shell.frame.navigate(addressAt(fromS))
		cancelWait()
		cancelWait = shell.after(ANSWER_MS, () => {
			shell.fail({ type: 'no-answer', site })
			settled('failed')
		})
	}
	const takeAway = (): void => {
		isShown = false
		shell.frame.navigate(NOTHING)
	}
	shell.frame.onLoad(() => {
		if (!isShown || shell.isOver() || shell.state().type === 'playing') return
		// Whether it plays nobody can tell; it was asked to.
		shell.setState('playing')
		settled('playing')
	})
	takeAway()
	shell.setState('ready')
	return {
		play() {
			if (shell.isOver()) return Promise.resolve('failed')
			if (isShown && shell.state().type === 'playing') return Promise.resolve('playing')
			settled('failed')
			const outcome = new Promise<'playing' | 'failed'>((resolve) => (settle = resolve))
			if (!isShown) show()
			return outcome
		},
		pause() {
			settled('failed')
			if (isShown) takeAway()
			shell.setState('paused')
		},
		seek(positionS) {
			if (shell.isOver() || !Number.isFinite(positionS)) return
			fromS = Math.floor(Math.min(Math.max(0, positionS), POSITION_MAX_S))
			if (isShown) show()
		},
	}
}
