/**
 * The seam for a browser extension. A script of it that runs inside player.bilibili.com's frame can do what the page
 * around cannot: lead and read the film. After each load the page greets the frame a few times with a fresh nonce; a
 * script there that knows the words answers `here` with that nonce, and from then on the two speak:
 *
 *   page → frame   {matinee: 1, nonce, say: 'hello' | 'play' | 'pause' | 'seek' | 'rate' | 'volume', …}
 *                  seek: positionS; rate: rate; volume: volume (0 to 1), isMuted
 *   frame → page   {matinee: 1, nonce, say: 'here', rates: 'fine' | [0.5, 1, …] | 'none'}
 *                  {matinee: 1, nonce, say: 'state', playback: 'playing' | 'paused' | 'buffering' | 'ended', positionS,
 *                   durationS?, agoMs?, bufferedS?, volume?, isMuted?, isAd?}     each 250 ms, and on any change
 *                  {matinee: 1, nonce, say: 'gone'}
 *
 * `agoMs`: how long ago the position was true. What carries another nonce is of another load and is not heard. Bilibili's
 * own player answers none of this, and then nothing changes: no extension, no bridge.
 */
import type { Seconds } from '#lib/core/units.ts'
import type { EmbedDeps } from './embed-frame.ts'
import type { EmbedShell } from './embed-shell.ts'
import {
	own,
	ownBoolean,
	ownNumber,
	ownPosition,
	ownText,
	POSITION_MAX_S,
	readMessage,
	readRates,
	type EmbedObject,
} from './embed-values.ts'
import type { Heard, Playback } from './frame-dialect.ts'
import { createFramePlayer } from './frame-player.ts'
import type { Player, PlayerAbilities } from './player.ts'

export interface Bridge {
	/** The frame has loaded: whoever is in it is greeted; a bridge of an earlier load is none any more. */
	greet(): void
	/** The player while a script in the frame leads it, else null. */
	player(): Player | null
}

/** The script may come later than the page it is for. */
const GREETINGS_MS = [0, 300, 1_500, 5_000] as const
/** A script that says nothing for so long is gone; a hidden page's own timers run once a second. */
const SILENT_MS = 6_000
const CHECK_MS = 1_000
const REPORT_SIGMA_MS = 15
const AGO_MAX_MS = 2_000
const PLAYBACKS: readonly Playback[] = ['playing', 'paused', 'buffering', 'ended']

export interface BridgeOptions {
	/** False while the frame is being left: what is still heard of it leads nowhere. */
	readonly mayOpen: () => boolean
	readonly onOpen: (player: Player) => void
	/** It leads no longer; where the film was and whether it ran, by its last word. */
	readonly onClosed: (positionS: Seconds | null, wasPlaying: boolean) => void
}

/** The shell as long as the bridge holds: afterwards its timers stop and nothing it says counts. */
const whileOpen = (shell: EmbedShell): { readonly shell: EmbedShell; close(): void } => {
	let isOpen = true
	const undo = new Set<() => void>()
	const kept = (cancel: () => void): (() => void) => {
		undo.add(cancel)
		return () => {
			undo.delete(cancel)
			cancel()
		}
	}
	return {
		shell: {
			...shell,
			after: (ms, fn) => kept(shell.after(ms, fn)),
			every: (ms, fn) => kept(shell.every(ms, fn)),
			on: (fn) => kept(shell.on(fn)),
			isOver: () => !isOpen || shell.isOver(),
			setState: (type) => {
				if (isOpen) shell.setState(type)
			},
			fail: (failure) => {
				if (isOpen) shell.fail(failure)
			},
		},
		close() {
			isOpen = false
			for (const cancel of undo) cancel()
			undo.clear()
		},
	}
}

const ratesOf = (message: EmbedObject | undefined): PlayerAbilities['rate'] => {
	const rates = own(message, 'rates')
	return rates === 'fine' ? 'fine' : (readRates(rates) ?? 'none')
}

export const createBridge = (
	shell: EmbedShell,
	kind: string,
	options: BridgeOptions,
	deps: EmbedDeps,
): Bridge => {
	let nonce = ''
	let rate: PlayerAbilities['rate'] = 'none'
	let cancelGreetings: (() => void)[] = []
	let open: { readonly player: Player; readonly heard: Heard; close(): void } | null = null
	let heardMs = 0
	let checkedMs = 0

	const say = (what: string, more: object = {}): void =>
		shell.frame.post({ matinee: 1, nonce, say: what, ...more })
	const stopGreeting = (): void => {
		for (const cancel of cancelGreetings) cancel()
		cancelGreetings = []
	}
	const close = (): void => {
		if (!open) return
		const { player, close: letGo } = open
		const positionS = player.sample()?.positionS ?? null
		const { type } = player.state()
		open = null
		letGo()
		options.onClosed(positionS, type === 'playing' || type === 'stalled' || type === 'ad')
	}
	const listen = (): void => {
		const silent = whileOpen(shell)
		heardMs = checkedMs = deps.local()
		silent.shell.every(CHECK_MS, () => {
			const nowMs = deps.local()
			// After a sleep the timers run before the words that came meanwhile are read.
			if (nowMs - checkedMs > 3 * CHECK_MS) heardMs = nowMs
			checkedMs = nowMs
			if (nowMs - heardMs > SILENT_MS) close()
		})
		const can: PlayerAbilities = { rate, seek: 'direct', read: 'reports', volume: true }
		const made = createFramePlayer(
			silent.shell,
			{ kind, can: () => can, whyNotReady: () => ({ type: 'no-answer', site: 'Bilibili' }) },
			{
				play: () => say('play'),
				pause: () => say('pause'),
				seek: (positionS) => say('seek', { positionS }),
				setRate: (next) => say('rate', { rate: next }),
				setVolume: (volume, isMuted) => say('volume', { volume, isMuted }),
			},
			deps,
		)
		open = { ...made, close: silent.close }
		made.heard.ready()
		options.onOpen(made.player)
	}
	const onState = (heard: Heard, message: EmbedObject, atLocalMs: number): void => {
		const durationS = ownNumber(message, 'durationS', 0.05, POSITION_MAX_S)
		if (durationS !== undefined) heard.facts({ durationS, hasAudio: true })
		const isAd = ownBoolean(message, 'isAd')
		if (isAd !== undefined) heard.ad(isAd)
		const [volume, isMuted] = [ownNumber(message, 'volume', 0, 1), ownBoolean(message, 'isMuted')]
		if (volume !== undefined && isMuted !== undefined) heard.volume(volume, isMuted)
		const bufferedS = ownNumber(message, 'bufferedS', 0, POSITION_MAX_S)
		if (bufferedS !== undefined) heard.buffered(bufferedS)
		const playback = PLAYBACKS.find((name) => name === ownText(message, 'playback'))
		if (playback !== undefined) heard.playback(playback)
		const positionS = ownPosition(message, 'positionS')
		const agoMs = ownNumber(message, 'agoMs', 0, AGO_MAX_MS) ?? 0
		if (positionS !== undefined) heard.position(positionS, atLocalMs - agoMs, REPORT_SIGMA_MS)
	}
	shell.frame.onMessage((data, atLocalMs) => {
		const message = readMessage(data)
		if (own(message, 'matinee') !== 1 || nonce === '' || own(message, 'nonce') !== nonce) return
		switch (own(message, 'say')) {
			case 'here':
				if (open || shell.isOver() || !options.mayOpen()) return
				stopGreeting()
				rate = ratesOf(message)
				listen()
				return
			case 'state':
				heardMs = deps.local()
				if (open && message) onState(open.heard, message, atLocalMs)
				return
			case 'gone':
				close()
		}
	})
	return {
		greet() {
			stopGreeting()
			close()
			const bytes = (shell.frame.element.ownerDocument.defaultView ?? globalThis).crypto.getRandomValues(
				new Uint8Array(12),
			)
			nonce = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
			cancelGreetings = GREETINGS_MS.map((ms) => shell.after(ms, () => say('hello')))
		},
		player: () => open?.player ?? null,
	}
}
