/**
 * The browser's simple-peer (its source over our small parts) under our data channels, with @roamhq/wrtc as the
 * browser's WebRTC.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PeerId } from '#lib/core/units.ts'
import type { Channel, ChannelAttempt, ChannelEvent } from '#lib/transport/channel.ts'
import { createDataChannels, type DataChannelDeps } from '#lib/transport/data-channel.ts'
import { leanSource, SIMPLE_PEER_SOURCE } from '../../scripts/lean-dependencies.ts'
import { systemTimers, waitUntil, wrtc } from '../support/wrtc.ts'

const source = readFileSync(SIMPLE_PEER_SOURCE, 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'lean-simple-peer-'))
let Peer: NonNullable<DataChannelDeps['Peer']>
beforeAll(async () => {
	const file = join(folder, 'lean.mjs')
	writeFileSync(file, leanSource(source))
	const module = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as { default: typeof Peer }
	Peer = module.default
})
afterAll(() => rmSync(folder, { recursive: true }))

/** A caller and a callee whose signals reach each other at once, and what each end came to. */
const meet = () => {
	const channels = createDataChannels({ timers: systemTimers, getIceServers: () => [], wrtc, Peer })
	const open: Channel[] = []
	const failures: string[] = []
	const heard: ChannelEvent[][] = [[], []]
	const attempts: ChannelAttempt[] = (['dial', 'accept'] as const).map((role, index) =>
		channels.open({
			self: String(index) as PeerId,
			peer: String(1 - index) as PeerId,
			role,
			sendSignals: (signals) => attempts[1 - index]?.receive(signals),
			onOpen: (channel) => {
				open[index] = channel
				channel.on((event) => void heard[index]?.push(event))
			},
			onFailed: (why) => void failures.push(why),
		}),
	)
	const isOpen = () => open[0] !== undefined && open[1] !== undefined
	return { open, failures, heard, attempts, isOpen }
}

describe('lean simple-peer', () => {
	it('[TR25] a pair meets, bytes go both ways on both lanes, and one end hears of the other’s close', async () => {
		const { open, failures, heard, isOpen } = meet()
		expect(await waitUntil(isOpen, 10_000), failures.join()).toBe(true)
		for (const channel of open)
			for (const lane of ['ordered', 'lossy'] as const) channel.send(Uint8Array.of(7), lane)
		const lanes = (events: readonly ChannelEvent[]) =>
			events.flatMap((event) => (event.type === 'message' ? event.lane : [])).toSorted()
		expect(await waitUntil(() => heard.every((events) => lanes(events).length === 2), 5_000)).toBe(true)
		expect(heard.map(lanes)).toEqual([
			['lossy', 'ordered'],
			['lossy', 'ordered'],
		])
		open[0]?.close()
		expect(await waitUntil(() => heard[1]?.at(-1)?.type === 'closed', 10_000)).toBe(true)
		expect(heard[0]?.some(({ type }) => type === 'closed')).toBe(false)
		expect(failures).toEqual([])
	})

	it('[TR25] a description that is none ends the attempt with its reason', async () => {
		const { attempts, failures } = meet()
		attempts[1]?.receive([JSON.stringify({ type: 'offer', sdp: 'v=?' })])
		expect(await waitUntil(() => failures.length > 0, 5_000)).toBe(true)
		attempts[0]?.cancel()
	})

	it('[TR25] another version of simple-peer stops the build', () => {
		expect(() => leanSource(source.replace(`require('err-code')`, `require('err-codes')`))).toThrow(
			'err-code',
		)
		expect(() => leanSource(`${source}\nrequire('more')`)).toThrow('requires more')
	})
})
