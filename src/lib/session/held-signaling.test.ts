import { describe, expect, it } from 'vitest'
import type { RosterEntry } from '#lib/protocol/signaling.ts'
import type { DeviceId, PeerId, SubjectId } from '#lib/core/units.ts'
import type { Signaling, SignalingEvent } from '#lib/transport/signaling-port.ts'
import { holdSignaling } from './held-signaling.ts'

const bob = 'bob' as PeerId
const entry: RosterEntry = { peer: bob, device: 'd' as DeviceId, subject: 'g_b' as SubjectId, name: 'Bob' }

const scripted = (isOpen: boolean) => {
	const fns = new Set<(event: SignalingEvent) => void>()
	const signaling: Signaling = {
		isOpen: () => isOpen,
		send: () => true,
		sendBytes: () => true,
		bufferedBytes: () => 0,
		on: (fn) => {
			fns.add(fn)
			return () => fns.delete(fn)
		},
	}
	return { signaling, emit: (event: SignalingEvent) => fns.forEach((fn) => fn(event)) }
}

describe('signaling held for a mesh that comes later', () => {
	it('[SS23] the mesh learns who is here and what they sent, in order, and then hears everything itself', () => {
		const { signaling, emit } = scripted(true)
		const held = holdSignaling(signaling, () => [entry])
		emit({ type: 'open', roster: [entry] })
		emit({ type: 'signal', from: bob, data: 'one' })
		emit({ type: 'signal', from: bob, data: 'two' })
		const heard: SignalingEvent[] = []
		const off = held.on((event) => heard.push(event))
		emit({ type: 'signal', from: bob, data: 'three' })
		expect(heard.map((event) => (event.type === 'signal' ? event.data : event.type))).toEqual([
			'open',
			'one',
			'two',
			'three',
		])
		off()
		emit({ type: 'signal', from: bob, data: 'four' })
		expect(heard).toHaveLength(4)
	})

	it('[SS23] with the server away nobody is announced', () => {
		const held = holdSignaling(scripted(false).signaling, () => [entry])
		const heard: SignalingEvent[] = []
		held.on((event) => heard.push(event))
		expect(heard).toEqual([])
	})
})
