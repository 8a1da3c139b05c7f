import { describe, expect, it } from 'vitest'
import { createFrameStand, type FrameStand } from './frame-stand.ts'
import { createPeerTubeLoader, peertubeAddress, peertubeOrigin } from './peertube.ts'
import { askPeerTubeHost, type PeerTubeHostDeps } from './peertube-host.ts'
import type { Player } from './player.ts'

const ORIGIN = 'https://peertube.example'
const MEDIA = { kind: 'peertube', origin: ORIGIN, id: '52a10666-3a18-4e73-93da-e8d3c12c305a' } as const

const host = (answer: () => Response | Promise<Response>): PeerTubeHostDeps => ({
	fetch: () => Promise.resolve(answer()),
	isOnline: () => true,
	timeoutSignal: () => new AbortController().signal,
})
const json =
	(value: unknown, status = 200): (() => Response) =>
	() =>
		new Response(JSON.stringify(value), { status })
const video = json({ name: 'Saltmarsh', isLive: false, state: { id: 1 } })

interface Call {
	readonly id?: number
	readonly method: string
	readonly params?: unknown
}
interface Open extends FrameStand {
	readonly player: Player
	notify(method: string, params: unknown): void
	answer(method: string, result: unknown): void
	calls(): readonly Call[]
}
const open = async (
	options: { answer?: () => Response; media?: object; page?: string } = {},
): Promise<Open> => {
	const stand = createFrameStand(options.page)
	const deps = { ...stand.deps, ...host(options.answer ?? video) }
	const player = stand.watch(
		await createPeerTubeLoader(deps).load(stand.stage, { ...MEDIA, ...options.media }),
	)
	const calls = (): readonly Call[] => stand.posted.map((text) => JSON.parse(String(text)) as Call)
	return {
		...stand,
		player,
		calls,
		notify: (method, params) => stand.say(JSON.stringify({ method: `peertube::${method}`, params }), ORIGIN),
		answer(method, result) {
			const call = calls().findLast((one) => one.method === `peertube::${method}`)
			stand.say(JSON.stringify({ id: call?.id, result }), ORIGIN)
		},
	}
}
const ready = async (options: Parameters<typeof open>[0] = {}): Promise<Open> => {
	const it = await open(options)
	it.notify('__ready', 'ping')
	it.answer('isReady', true)
	it.answer('getPlaybackRates', [0.5, 1, 1.25])
	it.notify('playbackStatusUpdate', { position: 0, volume: 1, duration: 90, playbackState: 'unstarted' })
	expect(it.player.state().type).toBe('ready')
	return it
}
const settle = async (it: Open): Promise<void> => {
	for (let i = 0; i < 20; i++) await it.time.advance(0)
	await new Promise((resolve) => setTimeout(resolve, 0))
}

describe('PeerTube’s channel', () => {
	it('[PL78] a greeting is answered, in text and in its own scope', async () => {
		const { notify, posted } = await open()
		notify('__ready', 'ping')
		expect(posted).toEqual([
			'{"method":"peertube::__ready","params":"pong"}',
			'{"id":1,"method":"peertube::isReady"}',
		])
	})
	it('[PL78] if it greeted before we listened, ours is answered; and only one greeting counts', async () => {
		const { loaded, notify, posted } = await open()
		loaded()
		expect(posted).toEqual(['{"method":"peertube::__ready","params":"ping"}'])
		notify('__ready', 'pong')
		notify('__ready', 'pong')
		expect(posted).toHaveLength(2)
	})
	it('[PL78] other scopes, other ids, errors and what is no text change nothing', async () => {
		const { player, say } = await ready()
		const before = player.sample()
		say('{"method":"other::playbackStatusChange","params":"playing"}', ORIGIN)
		say('{"id":999,"result":50}', ORIGIN)
		say('{"id":4,"error":"runtime_error","message":"no"}', ORIGIN)
		say({ method: 'peertube::playbackStatusChange', params: 'playing' }, ORIGIN)
		say('{"id":1e99,"result":7}', ORIGIN)
		say('[', ORIGIN)
		expect([player.state().type, player.sample()]).toEqual(['ready', before])
	})
	it('[PL78] the place is where it was half-way between question and answer', async () => {
		const { player, answer, time } = await ready()
		void player.play()
		const askedMs = time.now()
		await time.advance(30)
		answer('getCurrentTime', 12.5)
		expect(player.sample()).toEqual({ positionS: 12.5, atLocalMs: askedMs + 15, sigmaMs: 15 })
	})
	it('[PL75] a flood of words ends it, and the frame is emptied', async () => {
		const { player, notify, address } = await ready()
		for (let i = 0; i < 400; i++) notify('volumeChange', 0.5)
		expect(player.state()).toMatchObject({ type: 'failed', failure: { type: 'nonsense', site: 'PeerTube' } })
		expect(address()).toBe('about:blank')
	})
})

describe('PeerTube', () => {
	it('[PL70] is asked for the video with its interface on, from its place', () => {
		expect(peertubeAddress(ORIGIN, { ...MEDIA, startS: 90.7 })).toBe(
			`${ORIGIN}/videos/embed/${MEDIA.id}?api=1&autoplay=0&warningTitle=0&peertubeLink=0&start=90s`,
		)
	})
	it('[PL75] its frame may not take our page elsewhere', async () => {
		const { player } = await open()
		expect(player.element.getAttribute('sandbox')).toBe(
			'allow-same-origin allow-scripts allow-popups allow-forms',
		)
	})
	it('[PL75] https pages ask for it over https, and our own pages are none', async () => {
		expect(peertubeOrigin('http://peertube.example', 'https://matinee.test')).toBe(ORIGIN)
		expect(peertubeOrigin('http://peertube.example', 'http://matinee.test')).toBe('http://peertube.example')
		expect(peertubeOrigin('http://127.0.0.1:9000', 'https://matinee.test')).toBe('http://127.0.0.1:9000')
		expect(peertubeOrigin('http://peertube.example:9000', 'https://matinee.test')).toBeNull()
		const insecure = await open({ media: { origin: 'http://peertube.example:9000' } })
		expect(insecure.player.state()).toEqual({ type: 'failed', failure: { type: 'insecure' } })
		const own = await open({ media: { origin: 'https://matinee.test' } })
		expect(own.player.state()).toMatchObject({ type: 'failed', failure: { type: 'not-media' } })
		expect((own.player.element as HTMLIFrameElement).src).toBe('about:blank')
	})
	it('[PL77] speeds are those it lists; one that lists none has none', async () => {
		const { player, calls } = await ready()
		expect(player.can.rate).toEqual([0.5, 1, 1.25])
		player.setRate(1.25, true)
		expect(calls().at(-1)).toMatchObject({ method: 'peertube::setPlaybackRate', params: 1.25 })
		const old = await open()
		old.notify('ready', true)
		await old.time.advance(1_100)
		expect([old.player.state().type, old.player.can.rate]).toEqual(['ready', 'none'])
	})
	it('[PL77] speeds that make no sense are none', async () => {
		const { player, notify, answer } = await open()
		notify('__ready', 'ping')
		notify('ready', true)
		answer('getPlaybackRates', ['fast', -1, 1e9, 1])
		notify('playbackStatusUpdate', { position: 0, volume: 1, duration: 90, playbackState: 'unstarted' })
		expect(player.can.rate).toBe('none')
	})
	it('[PL76] a live video has no length and cannot be placed; its host says that it is one', async () => {
		const it = await open({ answer: json({ name: 'Tide', isLive: true, state: { id: 1 } }) })
		it.notify('ready', true)
		it.notify('playbackStatusUpdate', { position: 3, volume: 1, duration: null, playbackState: 'playing' })
		await settle(it)
		expect(it.player.facts()).toMatchObject({
			isLive: true,
			durationS: null,
			timeline: 'none',
			title: 'Tide',
		})
		expect(it.player.can).toMatchObject({ seek: 'none', read: 'none' })
	})
	it.each([
		[4, 'live-not-begun'],
		[5, 'live-ended'],
	])('[PL76] a live video in state %d is %s', async (id, type) => {
		const it = await open({ answer: json({ name: 'Tide', isLive: true, state: { id } }) })
		it.notify('ready', true)
		it.notify('playbackStatusUpdate', { position: 0, volume: 1, duration: null, playbackState: 'unstarted' })
		await settle(it)
		expect(it.player.state()).toEqual({ type: 'failed', failure: { type } })
	})
	it('[PL74] an embed that is there and never ready: its host is asked why', async () => {
		const it = await open({ answer: json({}, 403) })
		it.notify('__ready', 'ping')
		await it.time.advance(12_500)
		await settle(it)
		expect(it.player.state()).toEqual({ type: 'failed', failure: { type: 'private', status: 403 } })
	})
	it.each([
		['a password', json({}, 401), { type: 'private', status: 401 }],
		['gone', json({}, 404), { type: 'not-found', status: 404 }],
		['no JSON', () => new Response('<html>'), { type: 'no-answer', site: 'PeerTube' }],
		['a list', json([]), { type: 'no-answer', site: 'PeerTube' }],
		['endless', () => new Response('x'.repeat(300_000)), { type: 'no-answer', site: 'PeerTube' }],
	])('[PL74] the host says: %s', async (_what, answer, failure) => {
		expect(await askPeerTubeHost(ORIGIN, 'id', host(answer))).toEqual({ type: 'failed', failure })
	})
	it('[PL74] offline, or a host that nobody may read, is said as far as it is known', async () => {
		expect(await askPeerTubeHost(ORIGIN, 'id', { ...host(video), isOnline: () => false })).toEqual({
			type: 'failed',
			failure: { type: 'unreachable' },
		})
		const closed = host(() => Promise.reject(new TypeError('Failed to fetch')))
		expect(await askPeerTubeHost(ORIGIN, 'id', closed)).toEqual({
			type: 'failed',
			failure: { type: 'no-answer', site: 'PeerTube' },
		})
	})
	it('[PL79] places and volumes that cannot be are not believed', async () => {
		const { player, answer, notify } = await ready()
		void player.play()
		for (const lie of [-1, 1e12, 'soon', null, NaN, { valueOf: 3 }]) {
			notify('playbackStatusUpdate', { position: lie, volume: lie, duration: lie, playbackState: lie })
			notify('volumeChange', lie)
		}
		answer('getCurrentTime', -1e300)
		expect([player.sample()?.positionS, player.facts().durationS]).toEqual([0, 90])
	})
	it('[PL79] silence is no answer', async () => {
		const { player, time } = await open()
		await time.advance(12_100)
		expect(player.state()).toEqual({ type: 'failed', failure: { type: 'no-answer', site: 'PeerTube' } })
	})
})
