/**
 * Wishes about the film, from buttons, keys and times in messages: asked of the room where they are allowed, and
 * answered with the reason where they are not. A seek counts at once, though the player answers a little later.
 */
import type { Seconds } from '#lib/core/units.ts'
import type { PlayerView } from '#lib/core/view.ts'
import { controlsWords } from '#lib/words/controls.ts'
import type { RoomCommands } from '../props.ts'

interface SteeringDeps {
	readonly player: () => PlayerView
	readonly commands: () => RoomCommands
	readonly refuse: (reason: string) => void
}

const SETTLE_MS = 700

export const createSteering = ({ player, commands, refuse }: SteeringDeps) => {
	let sentS = $state<Seconds | null>(null)
	let settle: ReturnType<typeof setTimeout> | undefined

	const reasonFor = (control: keyof PlayerView['disabled']): string | null =>
		(player().state === 'none' && control !== 'volume'
			? controlsWords().nothingOn
			: player().disabled[control]) ?? null
	/** Runs `act` where `control` is allowed, says why where it is not. */
	const ask = (control: keyof PlayerView['disabled'], act: () => void): void => {
		const reason = reasonFor(control)
		if (reason === null) act()
		else refuse(reason)
	}
	const positionS = (): Seconds => sentS ?? player().positionS
	const seek = (toS: Seconds): void => {
		ask('seek', () => {
			const to = Math.max(0, Math.min(toS, player().durationS ?? Infinity))
			sentS = to
			clearTimeout(settle)
			settle = setTimeout(() => (sentS = null), SETTLE_MS)
			commands().seek(to)
		})
	}
	return {
		/** Where the film is, or where it has just been sent. */
		get positionS() {
			return positionS()
		},
		reasonFor,
		seek,
		jump: (byS: Seconds): void => {
			seek(positionS() + byS)
		},
		toggle: (): void => {
			ask('play', player().isPlaying ? commands().pause : commands().play)
		},
		next: (): void => {
			ask('next', commands().next)
		},
		toggleMute: (): void => {
			ask('volume', () => {
				commands().setMuted(!player().isMuted)
			})
		},
		/** `by` in parts of one, negative for quieter. */
		louder: (by: number): void => {
			ask('volume', () => {
				const { volume, isMuted } = player()
				if (by > 0 && isMuted) commands().setMuted(false)
				commands().setVolume(Math.round(Math.max(0, Math.min(1, volume + by)) * 100) / 100)
			})
		},
		dispose: (): void => {
			clearTimeout(settle)
		},
	}
}
