/**
 * What is told to the player: each command opens a tag, rates are written only when they change, and a seek stays
 * within what the player can do.
 */
import type { Seconds } from '#lib/core/units.ts'
import type { Player } from '#lib/players/player.ts'
import { isPosition } from './sensor.ts'
import type { Tags } from './tags.ts'

export type PlayOutcome = 'playing' | 'blocked' | 'failed'

export interface Commands {
	/** Started without sound because the browser refused the sound. */
	isMutedByBrowser(): boolean
	/** The person gave the sound back. */
	unmuted(): void
	play(): Promise<PlayOutcome>
	pause(): void
	/** Whether it was told. */
	seek(positionS: Seconds): boolean
	setRate(rate: number, isPitchKept: boolean): void
	/** Writes the next rate even if it is the same: the player may have been changed by others. */
	forgetRate(): void
	/** As last set. */
	rate(): number
}

export interface CommandDeps {
	readonly player: Player
	readonly tags: Tags
	readonly durationS: () => Seconds
	readonly muteToStart: (() => void) | undefined
	readonly isDisposed: () => boolean
}

export const createCommands = (deps: CommandDeps): Commands => {
	const { player, tags } = deps
	let isMutedByBrowser = false
	let rate = 1
	let wasPitchKept: boolean | null = null

	const ask = async (): Promise<PlayOutcome> => {
		tags.open('play')
		try {
			return await player.play()
		} catch {
			// A player that cannot say why did not start; its state tells the rest.
			return 'failed'
		}
	}
	return {
		isMutedByBrowser: () => isMutedByBrowser,
		unmuted: () => void (isMutedByBrowser = false),
		async play() {
			const outcome = await ask()
			if (outcome !== 'blocked' || !deps.muteToStart || isMutedByBrowser || deps.isDisposed()) return outcome
			isMutedByBrowser = true
			deps.muteToStart()
			return await ask()
		},
		pause() {
			tags.open('pause')
			player.pause()
		},
		seek(positionS) {
			const { seek, seekGrainS } = player.can
			if (seek === 'none' || !isPosition(positionS)) return false
			tags.open('seek')
			const withinS = Math.min(Math.max(0, positionS), deps.durationS())
			player.seek(seekGrainS === undefined ? withinS : Math.floor(withinS / seekGrainS) * seekGrainS)
			return true
		},
		setRate(next, isPitchKept) {
			if (player.can.rate === 'none' || (next === rate && isPitchKept === wasPitchKept)) return
			rate = next
			wasPitchKept = isPitchKept
			player.setRate(next, isPitchKept)
		},
		forgetRate: () => void (wasPitchKept = null),
		rate: () => (player.can.rate === 'none' ? 1 : rate),
	}
}
