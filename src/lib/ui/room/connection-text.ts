/** The connection chip: how this device reaches the others, in words and numbers. Relayed is no fault. */
import type { ConnectionView } from '#lib/core/view.ts'
import { headerWords } from '#lib/words/header.ts'
import { formatNumber } from '#lib/words/number-words.ts'
import type { IconName } from '../icons.ts'

export interface ConnectionPart {
	readonly text: string
	readonly icon: IconName | null
	readonly tone: 'plain' | 'quiet' | 'warn'
}

export interface ConnectionText {
	readonly parts: readonly ConnectionPart[]
	readonly spoken: string
	/** Nobody can be reached, or the server can't. */
	readonly isCut: boolean
}

const cut = (text: string, spoken: string): ConnectionText => ({
	parts: [{ text, icon: 'offline', tone: 'warn' }],
	spoken,
	isCut: true,
})

export const connectionText = (view: ConnectionView): ConnectionText => {
	const words = headerWords()
	const links = view.direct + view.relayed
	if (view.state === 'offline') return cut(words.offline, words.offlineSpoken)
	if (links === 0 && view.whyNone === 'no-relay') return cut(words.notReached, words.noRelaySpoken)
	if (links === 0 && view.whyNone === 'hidden') return cut(words.notReached, words.hiddenSpoken)
	if (view.state === 'connecting' && links === 0)
		return {
			parts: [{ text: words.connecting, icon: 'sync', tone: 'quiet' }],
			spoken: words.connectingSpoken,
			isCut: false,
		}
	if (view.server === 'away' && links === 0) return cut(words.reconnecting, words.reconnectingSpoken)
	const parts: ConnectionPart[] = []
	const said: string[] = []
	if (view.direct > 0) {
		const count = formatNumber(view.direct)
		parts.push({ text: words.direct(count), icon: 'direct', tone: 'plain' })
		said.push(words.directSpoken(count))
	}
	if (view.relayed > 0) {
		const count = formatNumber(view.relayed)
		parts.push({ text: words.relayed(count), icon: 'relay', tone: 'plain' })
		said.push(words.relayedSpoken(count, view.turn ?? 0))
	}
	if (links > 0 && view.rttMs !== null) {
		const ms = Math.round(view.rttMs)
		parts.push({ text: words.ms(formatNumber(ms)), icon: null, tone: 'quiet' })
		said.push(words.msSpoken(ms))
	}
	if (links === 0) {
		parts.push({ text: words.ready, icon: 'direct', tone: 'quiet' })
		said.push(words.readySpoken)
	}
	if (view.server === 'away') {
		parts.push({ text: words.serverAway, icon: 'offline', tone: 'warn' })
		said.push(words.serverAwaySpoken)
	}
	return { parts, spoken: words.join(said), isCut: view.server === 'away' }
}
