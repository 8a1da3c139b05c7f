/**
 * Bilibili's embed (player.bilibili.com/player.html), which hears nothing and says nothing: all there is are the
 * parameters of its address. So every play, pause and seek loads the frame anew, to a whole second, and where it is
 * can only be supposed. With a browser extension's script in the frame (`bilibili-bridge.ts`) it is led and read like
 * any other player, and `can` says so.
 */
import type { MediaRef } from '#lib/core/media.ts'
import type { Millis, Seconds } from '#lib/core/units.ts'
import { playerNotesWords } from '#lib/words/player-notes.ts'
import { createBridge } from './bilibili-bridge.ts'
import { createLoads } from './bilibili-loads.ts'
import type { EmbedDeps } from './embed-frame.ts'
import { createEmbedShell } from './embed-shell.ts'
import { POSITION_MAX_S } from './embed-values.ts'
import type { Player, PlayerAbilities, PlayerLoader, PlayerState } from './player.ts'

const ORIGIN = 'https://player.bilibili.com'
const SITE = 'Bilibili'
const BV = /^BV[A-Za-z0-9]{10}$/
const AV = /^av(\d{1,18})$/

type BilibiliRef = Extract<MediaRef, { readonly kind: 'bilibili' }>

/** Without a script in the frame; the volume is in the player's own controls. */
export const BILIBILI_ALONE: PlayerAbilities = {
	rate: 'none',
	seek: 'reload',
	read: 'none',
	volume: false,
	pause: 'reload',
	seekGrainS: 1,
}

export interface BilibiliStart {
	readonly atS: Seconds
	readonly isPlaying: boolean
	readonly isMuted: boolean
	/** The comments that fly over the picture. */
	readonly hasDanmaku: boolean
}

/** The address to embed, or null for an id that is none of theirs. */
export const bilibiliAddress = (media: BilibiliRef, start: BilibiliStart): string | null => {
	const url = new URL('/player.html', ORIGIN)
	const set = (name: string, value: string | number | boolean): void =>
		url.searchParams.set(name, typeof value === 'boolean' ? (value ? '1' : '0') : String(value))
	url.searchParams.set('isOutside', 'true')
	const aid = AV.exec(media.id)?.[1]
	if (aid !== undefined) set('aid', aid)
	else if (BV.test(media.id)) set('bvid', media.id)
	else return null
	set('p', media.page)
	set('t', Math.floor(Math.min(POSITION_MAX_S, Math.max(0, start.atS))))
	set('autoplay', start.isPlaying)
	set('danmaku', start.hasDanmaku)
	set('muted', start.isMuted)
	set('high_quality', true)
	set('as_wide', true)
	return url.href
}

export interface BilibiliOptions {
	/** Off unless told: comments cover the picture, and each member would see others. */
	readonly hasDanmaku?: () => boolean
}

export interface BilibiliPlayer extends Player {
	/** Loads begun so far, and how long the last one took to its frame's `load` event: all that can be measured. */
	loads(): { readonly count: number; readonly lastMs: Millis | null }
}

/** So long a first load waits for a script to answer the greeting, before it is ready as a player alone. */
const GREETED_MS = 250
/** Nothing is known of what it has; it is taken for enough while it is not loading. */
const TAKEN_FOR_BUFFERED_S = 3.5

export const createBilibiliPlayer = (
	stage: HTMLElement,
	media: BilibiliRef,
	deps: EmbedDeps,
	options: BilibiliOptions = {},
): BilibiliPlayer => {
	const { local } = deps
	const window = stage.ownerDocument.defaultView
	/** `atS` was true, or was asked for, at `sinceMs`; it moves since then if it plays. */
	let atS: Seconds = media.startS ?? 0
	let sinceMs: Millis = local()
	let wantsPlay = false
	let hasPlayed = false
	let isMuted = false
	/** As the frame was loaded last. */
	let isLoadedMuted = false
	let volume = 1
	let isBlocked = false
	let hasRetried = false
	let isGreeted = false

	const supposedS = (): Seconds => (wantsPlay ? atS + Math.max(0, local() - sinceMs) / 1000 : atS)
	const address = (): string | null =>
		bilibiliAddress(media, {
			atS: supposedS(),
			isPlaying: wantsPlay,
			isMuted,
			hasDanmaku: options.hasDanmaku?.() ?? false,
		})
	const first = address()
	const shell = createEmbedShell(
		stage,
		{
			src: first ?? 'about:blank',
			origin: ORIGIN,
			title: playerNotesWords().playerOf(SITE),
			site: SITE,
			isTalking: false,
		},
		deps,
	)
	const loads = createLoads(
		shell,
		{
			address() {
				isLoadedMuted = isMuted
				const src = address() ?? 'about:blank'
				// From now on it is late by its load, which whoever asked has reckoned with.
				atS = Math.floor(supposedS())
				sinceMs = local()
				return src
			},
			onLoaded() {
				hasRetried = false
				if (wantsPlay) hasPlayed = true
				sinceMs = local()
				if (isGreeted) update()
				else shell.after(GREETED_MS, greeted)
			},
			onSilent(isFirst) {
				if (isFirst || hasRetried) {
					shell.fail({ type: 'no-answer', site: SITE })
					return
				}
				hasRetried = true
				loads.request()
				update()
			},
		},
		deps,
	)
	const bridge = createBridge(
		shell,
		'bilibili',
		{
			mayOpen: () => !loads.isBusy(),
			onOpen(player) {
				isGreeted = true
				player.setVolume(volume, isMuted)
				if (wantsPlay) void player.play()
				else if (hasPlayed) player.pause()
			},
			onClosed(positionS, wasPlaying) {
				atS = positionS ?? supposedS()
				sinceMs = local()
				wantsPlay = wasPlaying
				update()
			},
		},
		deps,
	)
	shell.frame.onLoad(bridge.greet)
	const led = (): Player | null => bridge.player()

	const stateType = (): Exclude<PlayerState['type'], 'failed'> => {
		if (!isGreeted) return 'loading'
		if (loads.isBusy()) return hasRetried ? 'stalled' : 'seeking'
		if (isBlocked) return 'blocked'
		return wantsPlay ? 'playing' : hasPlayed ? 'paused' : 'ready'
	}
	const greeted = (): void => {
		isGreeted = true
		update()
	}
	const update = (): void => {
		if (led() === null) shell.setState(stateType())
	}
	const load = (): void => {
		loads.request()
		update()
	}
	/** Browsers start nothing audible on a page nobody has touched, and the frame could not say so. */
	const wouldBlock = (): boolean => !isMuted && window?.navigator.userActivation?.hasBeenActive === false

	const player: BilibiliPlayer = {
		kind: 'bilibili',
		get can() {
			return led()?.can ?? BILIBILI_ALONE
		},
		element: shell.frame.element,
		state: () => shell.state(),
		facts: () => shell.facts(),
		play() {
			if (shell.isOver()) return Promise.resolve('failed')
			const by = led()
			if (by) {
				wantsPlay = true
				return by.play()
			}
			isBlocked = wouldBlock()
			if (isBlocked) {
				update()
				return Promise.resolve('blocked')
			}
			if (!wantsPlay) {
				wantsPlay = true
				sinceMs = local()
				load()
			}
			return Promise.resolve('playing')
		},
		pause() {
			isBlocked = false
			if (shell.isOver()) return
			if (led() === null && wantsPlay) {
				atS = Math.floor(supposedS())
				wantsPlay = false
				load()
			}
			wantsPlay = false
			led()?.pause()
			update()
		},
		seek(positionS) {
			if (shell.isOver() || !Number.isFinite(positionS)) return
			const by = led()
			if (by) {
				by.seek(positionS)
				return
			}
			atS = Math.floor(Math.min(POSITION_MAX_S, Math.max(0, positionS)))
			sinceMs = local()
			load()
		},
		setRate: (rate, isPitchKept) => led()?.setRate(rate, isPitchKept),
		setVolume(next, muted) {
			volume = next
			isMuted = muted
			const by = led()
			if (by) by.setVolume(next, muted)
			// Started silent because the browser wanted it so: the sound comes with a load, to where it will be by then.
			else if (!muted && isLoadedMuted && wantsPlay && !shell.isOver()) {
				atS = supposedS() + (loads.lastMs() ?? 0) / 1000
				sinceMs = local()
				load()
			}
		},
		sample: () => led()?.sample() ?? null,
		bufferedAheadS() {
			const { type } = shell.state()
			return (
				led()?.bufferedAheadS() ??
				(type === 'playing' || type === 'paused' || type === 'ready' ? TAKEN_FOR_BUFFERED_S : 0)
			)
		},
		isBuffered: (positionS) => led()?.isBuffered(positionS) ?? false,
		on: (fn) => shell.on(fn),
		lastLoadMs: () => loads.lastMs(),
		loads: () => ({ count: loads.count(), lastMs: loads.lastMs() }),
		dispose() {
			led()?.dispose()
			loads.forget()
			shell.dispose()
		},
	}
	if (first === null) shell.fail({ type: 'not-found' })
	return player
}

export const createBilibiliLoader = (deps: EmbedDeps, options: BilibiliOptions = {}): PlayerLoader => ({
	kind: 'bilibili',
	canPlay: (media) => media.kind === 'bilibili',
	load: async (stage, media) => {
		if (media.kind !== 'bilibili') throw new Error(`bilibili cannot play ${media.kind}`)
		return await Promise.resolve(createBilibiliPlayer(stage, media, deps, options))
	},
})
