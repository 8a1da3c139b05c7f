/**
 * This device's pass for the server's TURN servers: it comes with each ticket and ends by itself. A channel that is
 * begun later waits for a new one; channels that are open need none.
 */
import type { TurnPass } from '#lib/protocol/http.ts'
import type { ChannelAttempt, ChannelMaker } from '#lib/transport/channel.ts'
import type { Timers } from '#lib/transport/timers.ts'

/** Bringing a channel about takes up to 12 s, and clocks differ. */
const SPARE_MS = 30_000
/** A server that is slow to answer: then a channel is tried without. */
const PATIENCE_MS = 4_000
/** Of the other end, while ours is not begun; it sends a few. */
const EARLY_MAX = 32

export interface TurnPassDeps {
	readonly timers: Pick<Timers, 'setTimeout' | 'clearTimeout'>
	readonly localNowMs: () => number
	/** Asks the server; what it answers is given to `take`. Never rejects. */
	readonly renew: () => Promise<unknown>
}

export interface TurnPassHolder {
	/** With each answer of the server; undefined where it has no TURN servers. */
	take(pass: TurnPass | undefined): void
	/** Of the last pass, run out or not: none where the server has none. */
	iceServers(): readonly RTCIceServer[]
	/** Channels of `maker`, each begun with a pass that is good. */
	fresh(maker: ChannelMaker): ChannelMaker
}

export const createTurnPass = ({ timers, localNowMs, renew }: TurnPassDeps): TurnPassHolder => {
	let pass: TurnPass | null = null
	let goodUntilMs = 0
	let renewing: Promise<unknown> | null = null

	/** Many channels may be begun at once: one question does for all. */
	const renewed = (): Promise<unknown> =>
		(renewing ??= renew().finally(() => {
			renewing = null
		}))

	const waiting = (maker: ChannelMaker, request: Parameters<ChannelMaker['open']>[0]): ChannelAttempt => {
		let attempt: ChannelAttempt | null = null
		let isOver = false
		const early: (readonly string[])[] = []
		const begin = () => {
			if (isOver || attempt !== null) return
			timers.clearTimeout(timer)
			attempt = maker.open(request)
			for (const signals of early.splice(0)) attempt.receive(signals)
		}
		const timer = timers.setTimeout(begin, PATIENCE_MS)
		void renewed().then(begin)
		return {
			receive: (signals) => {
				if (attempt !== null) attempt.receive(signals)
				else if (early.length < EARLY_MAX) early.push(signals)
			},
			cancel: () => {
				isOver = true
				timers.clearTimeout(timer)
				attempt?.cancel()
			},
		}
	}

	return {
		take: (given) => {
			pass = given ?? null
			if (given !== undefined) goodUntilMs = localNowMs() + given.lifetimeS * 1000 - SPARE_MS
		},
		iceServers: () =>
			pass === null ? [] : [{ urls: [...pass.urls], username: pass.username, credential: pass.credential }],
		fresh: (maker) => ({
			open: (request) =>
				pass !== null && localNowMs() >= goodUntilMs ? waiting(maker, request) : maker.open(request),
		}),
	}
}
