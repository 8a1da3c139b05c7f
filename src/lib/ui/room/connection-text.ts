/** The connection chip: how this device reaches the others, in words and numbers. Relayed is no fault. */
import type { ConnectionView } from '#lib/core/view.ts'
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
	const links = view.direct + view.relayed
	if (view.state === 'offline')
		return cut('Offline', 'Offline. What you add and write is kept and goes out later.')
	if (links === 0 && view.whyNone === 'no-relay')
		return cut(
			'Not reached',
			'The others here cannot be reached directly, and this server does not pass anything on.',
		)
	if (links === 0 && view.whyNone === 'hidden')
		return cut(
			'Not reached',
			'Your address is hidden, and this server does not pass anything on: the others cannot be reached.',
		)
	if (view.state === 'connecting' && links === 0)
		return {
			parts: [{ text: 'Connecting…', icon: 'sync', tone: 'quiet' }],
			spoken: 'Connecting',
			isCut: false,
		}
	if (view.server === 'away' && links === 0)
		return cut('Reconnecting…', 'The server is away. Trying to reach it again.')
	const parts: ConnectionPart[] = []
	const said: string[] = []
	if (view.direct > 0) {
		parts.push({ text: `Direct ${String(view.direct)}`, icon: 'direct', tone: 'plain' })
		said.push(`${String(view.direct)} direct`)
	}
	if (view.relayed > 0) {
		parts.push({ text: `Relayed ${String(view.relayed)}`, icon: 'relay', tone: 'plain' })
		const turn = view.turn ?? 0
		said.push(`${String(view.relayed)} relayed${turn > 0 ? ` (${String(turn)} through a TURN server)` : ''}`)
	}
	if (links > 0 && view.rttMs !== null) {
		const ms = String(Math.round(view.rttMs))
		parts.push({ text: `${ms} ms`, icon: null, tone: 'quiet' })
		said.push(`${ms} milliseconds`)
	}
	if (links === 0) {
		parts.push({ text: 'Ready', icon: 'direct', tone: 'quiet' })
		said.push('nobody else is here yet')
	}
	if (view.server === 'away') {
		parts.push({ text: 'Server away', icon: 'offline', tone: 'warn' })
		said.push('the server is away, nobody new can come in meanwhile')
	}
	return { parts, spoken: said.join(', '), isCut: view.server === 'away' }
}
