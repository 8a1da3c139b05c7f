/**
 * The screen stays on while the film plays here. The browser takes the lock away whenever the page is hidden, and may
 * refuse it (battery, settings): then the screen goes dark as ever, and nothing is said.
 */
export interface WakeLockDeps {
	readonly wakeLock: { request(type: 'screen'): Promise<Pick<WakeLockSentinel, 'release' | 'released'>> }
	readonly isHidden: () => boolean
}

export interface ScreenWake {
	/** Whether the film plays here now. Asked of the browser again where it has taken the lock away. */
	keep(isPlaying: boolean): void
	stop(): void
}

export const createScreenWake = ({ wakeLock, isHidden }: WakeLockDeps): ScreenWake => {
	let held: Pick<WakeLockSentinel, 'release' | 'released'> | null = null
	let isAsking = false
	let isWanted = false
	/** Refused while shown: not asked again before the film stands or the page was hidden. */
	let isRefused = false

	const letGo = (): void => {
		const lock = held
		held = null
		// Released already is as good.
		if (lock !== null && !lock.released) void lock.release().catch(() => undefined)
	}
	const ask = async (): Promise<void> => {
		isAsking = true
		try {
			const lock = await wakeLock.request('screen')
			held = lock
			if (!isWanted) letGo()
		} catch {
			isRefused = true // the header says why nothing is said
		}
		isAsking = false
	}
	const keep = (isPlaying: boolean): void => {
		isWanted = isPlaying && !isHidden()
		if (!isWanted) {
			isRefused = false
			letGo()
		} else if ((held === null || held.released) && !isAsking && !isRefused) void ask()
	}
	return { keep, stop: () => keep(false) }
}
