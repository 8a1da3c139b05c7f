/**
 * Two members of one room in one page, for whoever works on keeping step: real rooms, document sync, room clocks and
 * follow loops over a network in memory whose delay and loss can be set, with simulated players whose crystals can.
 * Development only; the cryptography is the tests' quick stand-in.
 */
import * as Y from 'yjs'
import { createFakeSigner, createFakeVerifier, createMemorySeqSource } from '#lib/core/fake-crypto.ts'
import { bytesToBase64url } from '#lib/core/base64url.ts'
import { positionAt } from '#lib/core/playback.ts'
import { plans } from '#lib/core/plans.ts'
import { createRoom, type Room } from '#lib/core/room.ts'
import { checkFakeIdentity, TEST_ROOM_ID, testRoot } from '#lib/core/test-room.ts'
import { ID_BYTES, type ItemId, type Millis, type PeerId, type Seconds } from '#lib/core/units.ts'
import { createFollower } from '#lib/follow/follow.ts'
import type { FollowReading } from '#lib/follow/follower.ts'
import { memoryLagStore } from '#lib/follow/lags.ts'
import { createRoomClock } from '#lib/follow/room-clock.ts'
import { createFakePlayer } from '#lib/players/fake.ts'
import { createDigests } from '#lib/sync/digest.ts'
import { createDocSync } from '#lib/sync/doc-sync.ts'
import { createMemoryNetwork, type NetworkConditions } from '#lib/transport/memory-network.ts'
import { createMemoryTransports } from '#lib/transport/memory.ts'
import { createSeededRandom } from '#lib/transport/seeded-random.ts'
import type { Timers } from '#lib/transport/timers.ts'
import { createClockExchange } from '../clock-exchange.ts'

const FILM_S: Seconds = 3_600
/** So far the second member's clock is off before the two have spoken. */
const CLOCK_OFF_MS: Millis = 7_340
const LOAD_MS = 400

export interface MemberNow {
	readonly name: string
	readonly positionS: Seconds
	/** True position minus where the room's vector says, by the first member's room time; + is ahead. */
	readonly errorMs: Millis
	readonly doing: FollowReading['doing']
	readonly law: FollowReading['law']
	readonly rate: number
	/** Its idea of room time minus the first member's. */
	readonly clockMs: Millis
	readonly chat: readonly string[]
}

export interface TwoMembers {
	/** Once both are in the room and the film stands in its queue. */
	readonly whenReady: Promise<void>
	now(): readonly MemberNow[]
	setNetwork(change: Partial<NetworkConditions>): void
	/** The player of one of them runs fast by so many millionths. */
	setSkew(at: number, ppm: number): void
	stall(at: number, forMs: Millis): void
	setBack(at: number, byMs: Millis): void
	/** Of the member that acts; each answers what the room said, null when it was done. */
	play(at: number): Promise<string | null>
	pause(at: number): Promise<string | null>
	seek(at: number, positionS: Seconds): Promise<string | null>
	say(at: number, text: string): Promise<string | null>
	/** Cut from each other, or together again. */
	setApart(isApart: boolean): void
	stop(): void
}

export interface TwoMembersDeps {
	readonly timers: Timers
	/** Unix milliseconds; only where both start from. */
	readonly wallNowMs: () => Millis
	readonly seed: number
}

export const createTwoMembers = ({ timers, wallNowMs, seed }: TwoMembersDeps): TwoMembers => {
	const random = createSeededRandom(seed)
	const network = createMemoryNetwork({ timers, random, conditions: { delayMs: 40, jitterMs: 10 } })
	const transports = createMemoryTransports(network)
	const startedMs = timers.nowMs()
	const wallMs = wallNowMs()
	const after = (ms: Millis, fn: () => void) => {
		const handle = timers.setTimeout(fn, ms)
		return () => timers.clearTimeout(handle)
	}
	const owner = createFakeSigner(`${String(seed)} Ana`)

	const createMember = (name: string, clockOffMs: Millis) => {
		const local = () => wallMs + clockOffMs + timers.nowMs() - startedMs
		const self = bytesToBase64url(random.bytes(ID_BYTES)) as PeerId
		const signer = name === 'Ana' ? owner : createFakeSigner(`${String(seed)} ${name}`)
		const doc = new Y.Doc()
		const transport = transports.create(signer.device)
		const clock = createRoomClock({ local, wall: local, present: () => 2, expected: () => 1 })
		const room: Room = createRoom({
			doc,
			roomId: TEST_ROOM_ID,
			root: testRoot(owner),
			signer,
			verifier: createFakeVerifier(),
			seqs: createMemorySeqSource(),
			clock,
			random,
			checkIdentity: checkFakeIdentity,
			loadPlans: async () => plans,
		})
		const player = createFakePlayer({
			local,
			after,
			random: () => random.unit(),
			durationS: FILM_S,
			loadMs: LOAD_MS,
		})
		let reading: FollowReading | null = null
		let follower: ReturnType<typeof createFollower> | null = null
		const follow = (itemId: ItemId) => {
			follower ??= createFollower({
				itemId,
				player,
				roomNow: clock.nowMs,
				local,
				timers: { after },
				getVector: () => room.state().playback,
				lagStore: memoryLagStore(),
				onReading: (now) => (reading = now),
			})
			follower.start()
		}
		const stops: (() => void)[] = []
		const start = async () => {
			await room.whenAdmitted
			const sync = createDocSync({
				doc,
				ledger: room.ledger,
				transport,
				timers,
				random,
				loadDigests: () => Promise.resolve(createDigests),
			})
			const exchange = createClockExchange({
				transport,
				clock,
				local,
				timers: { after },
				isIdle: () => false,
				isPlaying: () => room.state().playback.isPlaying,
				onJump: () => follower?.reset(),
				probeServer: () => undefined, // there is none
			})
			const off = room.onChange(() => {
				const { itemId } = room.state().playback
				if (itemId !== null && follower === null) follow(itemId)
				follower?.vectorChanged()
			})
			stops.push(
				off,
				exchange.stop,
				() => sync.stop(),
				() => transport.stop(),
			)
			transport.start(self)
			await room.introduce({ name, token: null })
		}
		return {
			name,
			room,
			clock,
			player,
			start,
			reading: () => reading,
			self,
			stop: () => {
				for (const stop of stops) stop()
				follower?.dispose()
				player.dispose()
				room.dispose()
			},
		}
	}

	const members = [createMember('Ana', 0), createMember('Bo', CLOCK_OFF_MS)] as const
	const memberAt = (at: number) => members[at] ?? members[0]
	const outcome = async (asked: Promise<{ readonly type: string }>): Promise<string | null> => {
		const { type } = await asked
		return type === 'done' ? null : type
	}

	const act = (at: number, change: { readonly isPlaying?: boolean; readonly positionS?: Seconds }) => {
		const { room, clock } = memberAt(at)
		const { playback } = room.state()
		const { itemId, rate, isPlaying } = playback
		const atMs = clock.nowMs()
		return outcome(
			room.playback.set({
				itemId,
				rate,
				isPlaying,
				positionS: positionAt(playback, atMs),
				atMs,
				cause: { type: 'user' },
				...change,
			}),
		)
	}

	const begin = async () => {
		for (const member of members) await member.start()
		const [first] = members
		await first.room.queue.add(
			{ media: { kind: 'file', url: 'https://media.example/film.mp4' }, title: 'A film', durationS: FILM_S },
			'end',
		)
		const itemId = first.room.state().queue.current?.id ?? first.room.state().queue.next[0]?.id
		if (itemId === undefined) throw new Error('the film is not in the queue')
		await outcome(
			first.room.playback.set({
				itemId,
				rate: 1,
				isPlaying: false,
				positionS: 0,
				atMs: first.clock.nowMs(),
				cause: { type: 'user' },
			}),
		)
	}

	return {
		whenReady: begin(),
		now: () => {
			const [first] = members
			const roomMs = first.clock.nowMs()
			const shouldS = positionAt(first.room.state().playback, roomMs)
			return members.map(({ name, room, clock, player, reading }) => ({
				name,
				positionS: player.trueS(),
				errorMs: (player.trueS() - shouldS) * 1000,
				doing: reading()?.doing ?? 'idle',
				law: reading()?.law ?? null,
				rate: player.rate(),
				clockMs: clock.nowMs() - roomMs,
				chat: room.state().chat.map(({ text }) => text),
			}))
		},
		setNetwork: (change) => network.setConditions(change),
		setSkew: (at, ppm) => memberAt(at).player.skew(ppm),
		stall: (at, forMs) => memberAt(at).player.stall(forMs),
		setBack: (at, byMs) => memberAt(at).player.setBack(byMs),
		play: (at) => act(at, { isPlaying: true }),
		pause: (at) => act(at, { isPlaying: false }),
		seek: (at, positionS) => act(at, { positionS }),
		say: (at, text) => outcome(memberAt(at).room.chat.send(text)),
		setApart: (isApart) => {
			if (isApart) network.partition(...members.map(({ self }) => [self]))
			else network.heal()
		},
		stop: () => {
			for (const member of members) member.stop()
		},
	}
}
