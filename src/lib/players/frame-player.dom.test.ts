import { describe, expect, it } from 'vitest'
import { createEmbedShell } from './embed-shell.ts'
import type { FramePlayerOptions, Heard } from './frame-dialect.ts'
import { createFramePlayer } from './frame-player.ts'
import { createFrameStand, type FrameStand } from './frame-stand.ts'
import type { Player, PlayerAbilities } from './player.ts'

const CAN: PlayerAbilities = { rate: [0.75, 1, 1.25], seek: 'direct', read: 'reports', volume: true }

interface Open extends FrameStand {
	readonly player: Player
	readonly heard: Heard
	/** What it was told. */
	readonly said: string[]
	/** Reports of a film that plays on, each `eachMs`, for so long. */
	plays(fromS: number, forMs: number, eachMs?: number): Promise<number>
}

const open = (more: Partial<FramePlayerOptions> = {}): Open => {
	const stand = createFrameStand()
	const shell = createEmbedShell(
		stand.stage,
		{ src: 'https://embed.example/1', title: 'A player', site: 'Example' },
		stand.deps,
	)
	const said: string[] = []
	const { player, heard } = createFramePlayer(
		shell,
		{ kind: 'example', can: () => CAN, whyNotReady: () => ({ type: 'not-found' }), ...more },
		{
			play: (seeksNext) => said.push(seeksNext ? 'play, then seek' : 'play'),
			pause: () => said.push('pause'),
			seek: (positionS) => said.push(`seek ${String(positionS)}`),
			setRate: (rate) => said.push(`rate ${String(rate)}`),
			setVolume: (volume, isMuted) => said.push(`volume ${String(volume)} ${String(isMuted)}`),
		},
		stand.deps,
	)
	stand.watch(player)
	shell.heard()
	return {
		...stand,
		player,
		heard,
		said,
		async plays(fromS, forMs, eachMs = 250) {
			for (let ms = 0; ms < forMs; ms += eachMs) {
				await stand.time.advance(eachMs)
				heard.position(fromS + (ms + eachMs) / 1000, stand.time.now(), 50)
			}
			return fromS + forMs / 1000
		},
	}
}
const playing = async (more: Partial<FramePlayerOptions> = {}): Promise<Open> => {
	const it = open(more)
	it.heard.facts({ durationS: 100 })
	it.heard.ready()
	const outcome = it.player.play()
	it.heard.playback('playing')
	expect(await outcome).toBe('playing')
	await it.plays(0, 2_000)
	it.said.length = 0
	return it
}

describe('a person’s hand inside a frame', () => {
	it('[PL61] a pause that stays is told once, with its place', async () => {
		const { heard, time, intents, player } = await playing()
		heard.playback('paused')
		expect(intents()).toEqual([])
		await time.advance(300)
		expect(intents()).toEqual(['pause 2.0'])
		expect(player.state().type).toBe('paused')
		await time.advance(5_000)
		expect(intents()).toHaveLength(1)
		expect(player.state().type).toBe('paused')
	})
	it('[PL61] a play at rest is told', async () => {
		const { heard, time, intents, player } = await playing()
		player.pause()
		heard.playback('paused')
		await time.advance(1_000)
		heard.playback('playing')
		expect(intents()).toEqual(['play 2.0'])
	})
	it.each([
		['soon after a command', (it: Open) => it.player.setVolume(0.5, false)],
		['on a hidden page', (it: Open) => it.hide(true)],
		['right after the page came back', (it: Open) => (it.hide(true), it.hide(false))],
		['in an ad', (it: Open) => it.heard.ad(true)],
		['right after it loaded', (it: Open) => (it.heard.playback('buffering'), it.heard.playback('playing'))],
		['while a seek is on its way', (it: Open) => it.player.seek(50)],
	])('[PL61] a pause %s is nobody’s', async (_when, disturb) => {
		const it = await playing()
		disturb(it)
		it.heard.playback('paused')
		await it.time.advance(600)
		expect(it.intents()).toEqual([])
	})
	it('[PL61] a pause just before the end, an ad or a load is the player’s own', async () => {
		for (const next of ['ended', 'buffering'] as const) {
			const { heard, time, intents } = await playing()
			heard.playback('paused')
			await time.advance(100)
			heard.playback(next)
			await time.advance(1_000)
			expect(intents()).toEqual([])
		}
		const last = await playing()
		last.heard.facts({ durationS: 2.5 })
		last.heard.playback('paused')
		await last.time.advance(1_000)
		expect(last.intents()).toEqual([])
	})
	it('[PL62] a leap forwards or back is a seek, also while it rests', async () => {
		const { heard, time, intents, plays, player } = await playing()
		heard.position(40, time.now(), 50)
		await plays(40, 2_000)
		heard.position(10, time.now(), 50)
		expect(intents()).toEqual(['seek 40.0', 'seek 10.0'])
		player.pause()
		heard.playback('paused')
		await time.advance(1_000)
		heard.position(10, time.now(), 50)
		heard.went(30, time.now())
		expect(intents()).toEqual(['seek 40.0', 'seek 10.0', 'seek 30.0'])
	})
	it('[PL62] late reports, a stall and small steps are no seeks', async () => {
		const { heard, time, intents, plays } = await playing()
		// Three seconds of reports come at once.
		await time.advance(3_000)
		for (const positionS of [2.25, 2.5, 3.5, 5]) heard.position(positionS, time.now(), 50)
		await plays(5, 1_000)
		// It stands for four seconds, then goes on from there.
		await time.advance(4_000)
		await plays(6, 3_000)
		expect(intents()).toEqual([])
	})
	it('[PL62] a frame’s own word for a seek counts even if it began to load before', async () => {
		const { heard, time, intents } = await playing()
		heard.playback('buffering')
		await time.advance(50)
		heard.went(60, time.now())
		expect(intents()).toEqual(['seek 60.0'])
	})
})

describe('starts', () => {
	it('[PL63] a start that leads to nothing is blocked, and one tap in the frame is no act of its own', async () => {
		const { heard, time, player, intents } = open()
		heard.ready()
		const outcome = player.play()
		await time.advance(3_000)
		expect(await outcome).toBe('blocked')
		expect(player.state().type).toBe('blocked')
		heard.playback('playing')
		expect(player.state().type).toBe('playing')
		expect(intents()).toEqual([])
	})
	it('[PL63] one that loads or shows an ad is under way', async () => {
		for (const begin of [(it: Open) => it.heard.playback('buffering'), (it: Open) => it.heard.ad(true)]) {
			const it = open()
			it.heard.ready()
			const outcome = it.player.play()
			begin(it)
			expect(await outcome).toBe('playing')
			await it.time.advance(4_000)
			expect(it.player.state().type).not.toBe('blocked')
		}
	})
	it('[PL63] one that is stopped at once by nobody is blocked, but not on a hidden page', async () => {
		const shown = await playing()
		shown.player.setVolume(1, false)
		shown.heard.playback('paused')
		await shown.time.advance(3_000)
		expect(shown.player.state().type).toBe('blocked')
		const hidden = await playing()
		hidden.hide(true)
		hidden.heard.playback('paused')
		await hidden.time.advance(20_000)
		expect(hidden.player.state().type).toBe('paused')
	})
	it('[PL63] a pause overtakes a start', async () => {
		const { player, heard } = open()
		heard.ready()
		const outcome = player.play()
		player.pause()
		expect(await outcome).toBe('failed')
	})
	it('[PL63] what it is told before it is ready is told when it is', () => {
		const { player, heard, said } = open()
		player.setVolume(0.25, true)
		player.seek(12)
		void player.play()
		expect(said).toEqual([])
		heard.ready()
		expect(said).toEqual(['volume 0.25 true', 'seek 12', 'play'])
	})
})

describe('moving and standing', () => {
	it('[PL64] playing without moving is a stall, by the pace at which the frame reports', async () => {
		const quick = await playing()
		await quick.time.advance(1_400)
		expect(quick.player.state().type).toBe('playing')
		await quick.time.advance(400)
		expect(quick.player.state().type).toBe('stalled')
		quick.heard.position(2.2, quick.time.now(), 50)
		expect(quick.player.state().type).toBe('playing')

		const slow = await playing()
		await slow.plays(2, 20_000, 2_000)
		await slow.time.advance(4_000)
		expect(slow.player.state().type).toBe('playing')
		await slow.time.advance(2_000)
		expect(slow.player.state().type).toBe('stalled')
	})
	it('[PL64] it is ready for more as long as it does not stall, whatever it keeps to itself', async () => {
		const { heard, player } = await playing()
		expect(player.bufferedAheadS()).toBe(3.5)
		expect(player.isBuffered(2.5)).toBe(false)
		heard.buffered(20)
		expect([player.bufferedAheadS(), player.isBuffered(12), player.isBuffered(40)]).toEqual([20, true, false])
		heard.playback('buffering')
		expect([player.state().type, player.bufferedAheadS()]).toEqual(['stalled', 0])
	})
	it('[PL65] a seek is on its way until a report from there', async () => {
		const { heard, time, player, said, states } = await playing()
		player.seek(50)
		expect(said).toEqual(['seek 50'])
		heard.position(2.3, time.now(), 50)
		expect([player.state().type, player.sample()?.positionS]).toEqual(['seeking', 2])
		await time.advance(300)
		heard.position(50.2, time.now(), 50)
		expect([player.state().type, player.sample()?.positionS]).toEqual(['playing', 50.2])
		expect(states().slice(-2)).toEqual(['seeking', 'playing'])
	})
	it('[PL65] it ends at once by the frame’s word, elsewhere after a while, and lost after six seconds', async () => {
		const said = await playing()
		said.player.seek(50)
		said.heard.went(48, said.time.now())
		expect(said.player.state().type).toBe('playing')

		const elsewhere = await playing()
		elsewhere.player.seek(50)
		await elsewhere.time.advance(2_000)
		elsewhere.heard.position(60, elsewhere.time.now(), 50)
		expect(elsewhere.player.state().type).toBe('playing')

		const lost = await playing()
		lost.player.seek(50)
		await lost.time.advance(6_500)
		expect(lost.player.state().type).not.toBe('seeking')
	})
	it('[PL65] seeks stay within the film, and what is no place is none', async () => {
		const { player, said } = await playing()
		player.seek(1e9)
		player.seek(-3)
		player.seek(NaN)
		expect(said).toEqual(['seek 100', 'seek 0'])
	})
	it('[PL65] where it begins by its address needs no seek; another place does', () => {
		const same = open({ startS: 30 })
		same.heard.ready()
		expect([same.said, same.player.sample()?.positionS]).toEqual([[], 30])
		const other = open({ startS: 30 })
		other.player.seek(5)
		other.heard.ready()
		expect(other.said).toEqual(['seek 5'])
	})
	it('[PL66] a player that a seek at rest sets going is told to rest again', async () => {
		const { heard, player, said, intents, time } = open()
		heard.ready()
		player.seek(20)
		await time.advance(100)
		heard.playback('playing')
		expect([said, intents()]).toEqual([['seek 20', 'pause'], []])
	})
	it('[PL67] in an ad places mean nothing, and afterwards it goes on', async () => {
		const { heard, time, player, plays, intents } = await playing()
		heard.ad(true)
		heard.position(14, time.now(), 50)
		expect([player.state().type, player.sample()?.positionS]).toEqual(['ad', 2])
		await time.advance(30_000)
		heard.ad(false)
		await plays(2, 1_000)
		expect([player.state().type, player.sample()?.positionS, intents()]).toEqual(['playing', 3, []])
	})
	it('[PL68] the end is at its length, once, and idle words afterwards do not undo it; a seek does', async () => {
		const { heard, time, player, states } = await playing()
		heard.playback('ended')
		heard.playback('paused')
		heard.position(3, time.now(), 50)
		expect([player.state().type, player.sample()?.positionS]).toEqual(['ended', 100])
		expect(states().filter((type) => type === 'ended')).toHaveLength(1)
		player.seek(10)
		heard.position(10, time.now(), 50)
		expect(player.state().type).toBe('paused')
	})
	it('[PL68] a frame that speaks and is never ready is asked why; one that failed is told to rest', async () => {
		const never = open()
		await never.time.advance(12_500)
		expect(never.player.state()).toEqual({ type: 'failed', failure: { type: 'not-found' } })
		expect(await never.player.play()).toBe('failed')
		const waits = open({ whyNotReady: () => null })
		await waits.time.advance(20_000)
		expect(waits.player.state().type).toBe('loading')
	})
	it('[PL69] only listed speeds are asked for', async () => {
		const { player, said } = await playing()
		player.setRate(1.1, true)
		player.setRate(1.25, true)
		player.setRate(1.25, true)
		expect(said).toEqual(['rate 1.25'])
	})
	it('[PL69] a volume is told when a person set it, not when it is the answer to ours', async () => {
		const { heard, time, player, events } = await playing()
		player.setVolume(0.5, false)
		heard.volume(1, false)
		heard.volume(0.5, false)
		await time.advance(1_000)
		heard.volume(0.505, false)
		heard.volume(0.2, true)
		expect(events.filter(({ type }) => type === 'volume')).toEqual([
			{ type: 'volume', volume: 0.2, isMuted: true },
		])
	})
})
