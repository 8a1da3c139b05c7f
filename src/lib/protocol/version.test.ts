import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { PROTOCOL_SHA256, protocolText } from './version.ts'

it('[SG36] the protocol is the one that was pinned', () => {
	expect(createHash('sha256').update(protocolText()).digest('hex')).toBe(PROTOCOL_SHA256)
})

it('[SG36] every message has its line in the pinned text', () => {
	const text = protocolText()
	for (const part of ['type:"join"', 'type:"signal"', 'type:"clock"', 'type:"refused"', 'identityRequest {'])
		expect(text).toContain(part)
})
