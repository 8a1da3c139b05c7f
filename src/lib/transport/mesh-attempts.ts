/**
 * Attempts to open a link, ours and theirs: what each is made of, and when and how a peer is tried again that one did
 * not reach.
 */
import { bytesToBase64url } from '#lib/core/base64url.ts'
import { ID_BYTES, type Millis, type PeerId } from '#lib/core/units.ts'
import type { SignalMessage } from '#lib/protocol/peer.ts'
import type { Emitter } from './emitter.ts'
import { createLink, type Link } from './link.ts'
import type { OpenLinks } from './mesh-links.ts'
import {
	endAttempt,
	isOutcast,
	REDIRECT_WAIT_MS,
	takeHints,
	type Attempt,
	type MeshState,
	type OpenLink,
	type Parcel,
	type Path,
} from './mesh-state.ts'
import type { RelayLoader } from './relay-loader.ts'
import type { PeerDownReason, TransportEvent } from './transport.ts'

/** A channel that fails sooner than this was refused, not waited for. */
const AT_ONCE_MS: Millis = 5_000

export interface Attempts {
	/** A channel to somebody with a relayed link is made beside it, and takes its frames over. */
	dial(peer: PeerId, path: Path): void
	accept(peer: PeerId, parcel: Parcel): void
}

export interface AttemptsDeps {
	readonly state: MeshState
	readonly links: OpenLinks
	readonly relay: Pick<RelayLoader, 'parts' | 'use' | 'note'>
	readonly emit: Emitter<TransportEvent>['emit']
	readonly tell: (peer: PeerId, message: SignalMessage) => boolean
	readonly repairSoon: () => void
}

export const createAttempts = (parts: AttemptsDeps): Attempts => {
	const { state, links, relay, emit } = parts
	const { open, attempts, counts, deps } = state

	const noteFailed = (
		peer: PeerId,
		{ path, over, didAnswer, startedAtMs }: Attempt,
		reason: PeerDownReason,
	) => {
		const isUpgrade = over !== null && open.has(peer)
		// A server that lies spoils the proof of a relayed link: a channel is not to wait for that.
		const isNotOne = reason === 'proof-failed' && path === 'direct'
		if (!isUpgrade) state.retries.noteFailure(peer, isNotOne ? REDIRECT_WAIT_MS : 0)
		const isNoWay = reason === 'error' || (reason === 'timeout' && didAnswer)
		const isAtOnce = reason === 'error' && state.deps.timers.nowMs() - startedAtMs < AT_ONCE_MS
		if (path === 'direct' && (isNoWay || isUpgrade))
			relay.use((ways) => ways.noteFailed(peer, { isUpgrade, isAtOnce }))
	}

	const begin = (
		peer: PeerId,
		{ role, path, id, over }: Pick<Attempt, 'role' | 'path' | 'id' | 'over'>,
	): Link => {
		const channels = path === 'direct' ? deps.channels : relay.parts()?.channels
		const { self } = state
		if (self === null || channels === undefined) throw new Error('not started')
		counts.attempts++
		const isCarrying = ({ link: own, handover }: OpenLink) => own === link || handover?.from === link
		const current = (): OpenLink | null => {
			const openLink = open.get(peer)
			return openLink !== undefined && isCarrying(openLink) ? openLink : null
		}
		const told = { ...(path === 'relayed' ? { path } : {}), ...(over === null ? {} : { over }) }
		const link: Link = createLink({
			...deps,
			channels,
			path,
			self,
			peer,
			role,
			sendSignals: (signals) => void parts.tell(peer, { type: 'parcel', id, signals: [...signals], ...told }),
			isWelcome: (device) => {
				const claimed = state.roster.get(peer)
				return !isOutcast(state, device, claimed?.subject ?? null) && (claimed?.device ?? device) === device
			},
			onOpen: () => links.enthrone(peer, link),
			onClosed: ({ reason, wasOpen, others, why }) => {
				if (attempts.get(peer) !== attempt && current() === null) return
				takeHints(state, others)
				if (wasOpen) links.lose(peer, reason)
				else {
					attempts.delete(peer)
					counts.failed++
					counts.lastFailure = why
					if (reason === 'proof-failed') counts.proofsFailed++
					noteFailed(peer, attempt, reason)
				}
				parts.repairSoon()
			},
			onFrame: (lane, frame) => {
				if (current() !== null) emit({ type: 'frame', peer, lane, frame })
			},
			onDrained: () => {
				if (open.get(peer)?.link === link) emit({ type: 'drained', peer })
			},
			onRoute: () => {
				const openLink = open.get(peer)
				if (openLink?.link === link && openLink.handover === null)
					emit({ type: 'path-changed', peer, path: link.path() })
			},
			onWant: (isWanted, hasDirect) => {
				const openLink = current()
				if (openLink === null) return
				openLink.isWantedByThem = isWanted
				openLink.reachesOthers = hasDirect || openLink.path === 'direct'
				relay.note((ways) => ways.noteKind(peer, hasDirect))
			},
			lateMs: state.lateness.lateMs,
			onMove: (step) => {
				const openLink = current()
				if (openLink !== null) relay.note((ways) => ways.hear(openLink, link, step))
			},
		})
		const attempt: Attempt = {
			link,
			id,
			role,
			path,
			over,
			startedAtMs: deps.timers.nowMs(),
			didAnswer: role === 'accept',
		}
		attempts.set(peer, attempt)
		return link
	}

	return {
		dial: (peer, path) => {
			const before = open.get(peer)
			const isUpgrade = path === 'direct' && before?.path === 'relayed'
			const id = bytesToBase64url(deps.random.bytes(ID_BYTES))
			begin(peer, { role: 'dial', path, id, over: isUpgrade ? before.id : null })
		},
		accept: (peer, { id, signals, path, over }) => {
			endAttempt(state, peer) // the dialer has begun anew: what it had before is over
			state.waits.delete(peer)
			begin(peer, {
				role: 'accept',
				path: path ?? 'direct',
				id,
				over: over ?? null,
			}).receiveSignals(signals)
		},
	}
}
