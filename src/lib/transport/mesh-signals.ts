/**
 * What comes from peers through the server, sealed for us: parcels of signals for an attempt, calls to dial, and word
 * that somebody is full.
 */
import type { Millis, PeerId } from '#lib/core/units.ts'
import { parseSignalMessage, type SignalMessage } from '#lib/protocol/peer.ts'
import type { Attempts } from './mesh-attempts.ts'
import { hasRoomFor } from './mesh-places.ts'
import {
	endAttempt,
	forgetRelayOnly,
	isBanned,
	isDeclining,
	mayDirect,
	REDIRECT_WAIT_MS,
	takeHints,
	type MeshState,
	type Parcel,
	type Path,
} from './mesh-state.ts'
import type { RelayLoader } from './relay-loader.ts'
import { createSeenIds } from './seen-ids.ts'

/** A peer's calls answered, at most one in this time. */
const CALL_EVERY_MS: Millis = 2_000
const CALLERS_MAX = 4_000

export interface SignalTakerDeps {
	readonly state: MeshState
	readonly attempts: Attempts
	readonly relay: Pick<RelayLoader, 'use'>
	readonly redirect: (peer: PeerId) => void
	readonly repairSoon: () => void
}

export type TakeSignal = (from: PeerId, data: string) => void

export const createSignalTaker = (parts: SignalTakerDeps): TakeSignal => {
	const { state, relay, redirect } = parts
	const { attempts, waits, counts, deps } = state
	const seen = createSeenIds()
	const calledAtMs = new Map<PeerId, Millis>()

	/** No channel is to be had there: what was tried or asked for is over. */
	const takeNone = (from: PeerId) => {
		if (attempts.get(from)?.path === 'direct') endAttempt(state, from)
		if (waits.get(from)?.path === 'direct') waits.delete(from)
		relay.use((ways) => ways.noteNone(from))
	}

	const takeParcel = (from: PeerId, parcel: Parcel) => {
		if (isDeclining(parcel)) takeNone(from)
		else if (parcel.path === 'relayed') relay.use((ways) => ways.accept(from, parcel))
		else if (mayDirect(state)) {
			forgetRelayOnly(state, from)
			if (hasRoomFor(state, from)) parts.attempts.accept(from, parcel)
			else redirect(from)
		} else relay.use((ways) => ways.decline(from, parcel.id))
	}

	const takeCall = (from: PeerId, path: Path) => {
		const isVain = path === 'relayed' && attempts.get(from)?.path === 'direct'
		if (isVain) {
			// A channel cannot be had there, says who calls.
			endAttempt(state, from)
			relay.use((ways) => ways.noteFailed(from, { isUpgrade: true }))
		}
		const nowMs = deps.timers.nowMs()
		const lastMs = calledAtMs.get(from) ?? -Infinity
		if (attempts.has(from) || (!isVain && nowMs - lastMs < CALL_EVERY_MS)) return
		calledAtMs.set(from, nowMs)
		if (calledAtMs.size > CALLERS_MAX) calledAtMs.clear() // costs at most one dial more than due
		// Calling while we have a link: the caller has lost it, so a new one is made beside ours and takes its place.
		if (path === 'relayed') relay.use((ways) => ways.answer(from))
		else if (!mayDirect(state)) relay.use((ways) => ways.decline(from, null))
		else {
			forgetRelayOnly(state, from)
			if (hasRoomFor(state, from)) parts.attempts.dial(from, 'direct')
			else redirect(from)
		}
	}

	const takeRedirect = (from: PeerId, others: readonly PeerId[]) => {
		takeHints(state, others)
		endAttempt(state, from)
		waits.delete(from)
		state.retries.noteFailure(from, REDIRECT_WAIT_MS)
		parts.repairSoon()
	}

	/** Whether anybody may say that to us now. */
	const take = (self: PeerId, from: PeerId, message: SignalMessage): boolean => {
		switch (message.type) {
			case 'parcel': {
				const attempt = attempts.get(from)
				if (attempt?.id === message.id) {
					if (attempt.path === 'direct' && isDeclining(message)) {
						takeNone(from)
						return true
					}
					attempt.didAnswer = true
					attempt.link.receiveSignals(message.signals)
				} else if ((from < self || isDeclining(message)) && seen.note(from, message.id))
					takeParcel(from, message)
				else return false
				return true
			}
			case 'call':
				if (from < self) return false
				takeCall(from, message.path ?? 'direct')
				return true
			case 'redirect':
				if (!attempts.has(from) && !waits.has(from)) return false
				takeRedirect(from, message.others)
				return true
		}
	}

	return (from, data) => {
		const { self } = state
		const message = parseSignalMessage(data)
		const isFor = self !== null && message !== null && from !== self && !isBanned(state, from)
		if (!isFor || !take(self, from, message)) counts.ignoredSignals++
	}
}
