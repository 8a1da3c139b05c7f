/**
 * A link moves from one channel to another without a gap or a duplicate. Each end ends its frames on the old channel
 * with `moved` and keeps the next ones; `arrived`, on the new channel, says that `moved` was heard, and lets them go.
 * Both directions do so on their own; when both are done the old channel is closed.
 */
import { encodeLinkMessage } from '#lib/protocol/peer.ts'
import type { Millis } from '#lib/core/units.ts'
import type { Link } from './link.ts'
import type { Timers } from './timers.ts'

/** What was sent before is through by then, or never will be. */
export const HANDOVER_DEADLINE_MS: Millis = 10_000

export interface HandoverDeps {
	readonly from: Link
	/** Open, and nothing was sent on it yet. */
	readonly to: Link
	/** `moved` came on the old channel before the new one was open here. */
	readonly didTheyMove: boolean
	readonly timers: Timers
	/** Whoever was refused may send again. */
	onDrained(): void
	/** The old channel is closed. */
	onDone(): void
	/** Something that was sent may be lost: both channels are to be closed. */
	onLost(): void
}

export interface Handover {
	readonly from: Link
	/** A step of the other end's, heard on the channel where it belongs. */
	hear(step: 'moved' | 'arrived'): void
	/** Gives up quietly. Idempotent. */
	stop(): void
}

export const beginHandover = (deps: HandoverDeps): Handover => {
	const { from, to, timers } = deps
	let isOver = false
	let didArrive = false
	let didTheyMove = false

	const stop = () => {
		isOver = true
		timers.clearTimeout(timer)
	}
	const timer = timers.setTimeout(() => {
		stop()
		deps.onLost()
	}, HANDOVER_DEADLINE_MS)

	const hear = (step: 'moved' | 'arrived') => {
		if (isOver) return
		if (step === 'moved') {
			didTheyMove = true
			to.tellArrived()
		} else if (!didArrive) {
			didArrive = true
			if (to.sender()?.release() === true || left?.didRefuse === true) deps.onDrained()
		}
		if (!didArrive || !didTheyMove || isOver) return
		stop()
		from.retire()
		deps.onDone()
	}

	to.sender()?.hold()
	const left = from.sender()?.leave(encodeLinkMessage({ type: 'moved' }))
	for (const frame of left?.frames ?? []) to.send(frame, 'ordered')
	if (deps.didTheyMove) hear('moved')
	return { from, hear, stop }
}
