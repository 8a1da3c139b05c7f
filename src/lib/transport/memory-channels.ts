/**
 * Channels over the simulated network, brought about by offer and answer as WebRTC's are, so that the real mesh runs
 * on them: an offer nobody answers stays unanswered, and peers who cannot reach one another never open.
 */
import type { ChannelMaker, ChannelRequest } from './channel.ts'
import type { MemoryNetwork } from './memory-network.ts'

const OFFER = 'memory-offer '
const ANSWER = 'memory-answer '
const NAME_BYTES = 8

interface Offer {
	readonly dialer: ChannelRequest
	accepter: ChannelRequest | null
}

/** One maker for all peers of `network`. */
export const createMemoryChannels = (network: MemoryNetwork): ChannelMaker => {
	const offers = new Map<string, Offer>()

	const meet = (name: string, { dialer, accepter }: Offer) => {
		if (accepter === null || !network.canReach(dialer.self, accepter.self)) return
		network.timers.setTimeout(() => {
			// Either side may have given up on the way.
			if (offers.get(name)?.accepter !== accepter) return
			offers.delete(name)
			const [atDialer, atAccepter] = network.connect(dialer.self, accepter.self)
			dialer.onOpen(atDialer)
			accepter.onOpen(atAccepter)
		}, network.drawDelayMs())
	}

	return {
		open: (request) => {
			let name = ''
			if (request.role === 'dial') {
				name = Array.from(network.random.bytes(NAME_BYTES), (byte) => byte.toString(16)).join('.')
				offers.set(name, { dialer: request, accepter: null })
				request.sendSignals([OFFER + name])
			}
			return {
				receive: (signals) => {
					for (const signal of signals) {
						if (request.role === 'accept' && signal.startsWith(OFFER)) {
							name = signal.slice(OFFER.length)
							const offer = offers.get(name)
							if (offer?.dialer.peer !== request.self) continue
							offer.accepter = request
							request.sendSignals([ANSWER + name])
						} else if (request.role === 'dial' && signal === ANSWER + name) {
							const offer = offers.get(name)
							if (offer !== undefined) meet(name, offer)
						}
					}
				},
				cancel: () => {
					const offer = offers.get(name)
					if (offer?.dialer === request) offers.delete(name)
					else if (offer?.accepter === request) offer.accepter = null
				},
			}
		},
	}
}
