import { describe, expect, it } from 'vitest'
import type { DeviceId, PeerId } from '#lib/core/units.ts'
import { createCombinedTransport } from './combined.ts'
import type { Transport, TransportEvent } from './transport.ts'

const alice = 'alice' as PeerId
const bob = 'bob' as PeerId
const self = 'self' as PeerId

const scripted = () => {
	const fns = new Set<(event: TransportEvent) => void>()
	const calls: string[] = []
	const part: Transport = {
		kind: 'memory',
		start: (id) => calls.push(`start ${id}`),
		send: (_frame, to) => {
			calls.push(`send ${to}`)
			return 'sent'
		},
		links: () => [],
		drop: (peer, reason) => calls.push(`drop ${peer} ${reason}`),
		on: (fn) => {
			fns.add(fn)
			return () => fns.delete(fn)
		},
		stop: () => calls.push('stop'),
	}
	const up = (peer: PeerId) => {
		for (const fn of fns) fn({ type: 'peer-up', peer, device: 'd' as DeviceId, path: 'direct' })
	}
	return { part, calls, up }
}

describe('several transports as one', () => {
	it('[TR90] frames and drops go to the transport that has the link', () => {
		const mesh = scripted()
		const tabs = scripted()
		const both = createCombinedTransport()
		both.add(mesh.part)
		both.start(self)
		both.add(tabs.part)
		mesh.up(alice)
		tabs.up(bob)
		expect(both.send(new Uint8Array(1), bob, 'ordered')).toBe('sent')
		expect(both.send(new Uint8Array(1), 'charlie' as PeerId, 'ordered')).toBe('no-such-peer')
		both.drop(alice, 'misbehaved')
		expect(mesh.calls).toEqual(['start self', 'drop alice misbehaved'])
		expect(tabs.calls).toEqual(['start self', 'send bob'])
	})

	it('[TR91] a transport that is taken away takes its links down, and no others', () => {
		const mesh = scripted()
		const tabs = scripted()
		const both = createCombinedTransport()
		const removeMesh = both.add(mesh.part)
		both.add(tabs.part)
		both.start(self)
		const events: string[] = []
		both.on((event) => events.push(`${event.type} ${'peer' in event ? event.peer : ''}`))
		mesh.up(alice)
		tabs.up(bob)
		tabs.up(alice) // known from the mesh already: the first link stays the home
		removeMesh()
		removeMesh()
		expect(events).toEqual(['peer-up alice', 'peer-up bob', 'peer-down alice'])
		both.stop()
		both.stop()
		expect(tabs.calls).toEqual(['start self', 'stop'])
	})
})
