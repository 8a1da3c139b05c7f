/**
 * A whole room on a simulated network and clock: production mesh, document sync, fold and, where asked for, follow loop
 * with a simulated player for each member. Ways between members can be cut in one direction or both, as long as wanted.
 */
import * as Y from 'yjs'
import { createFakeSigner, createFakeVerifier, createMemorySeqSource } from '#lib/core/fake-crypto.ts'
import { plans } from '#lib/core/plans.ts'
import { positionAt } from '#lib/core/playback.ts'
import { createRoom, type Room } from '#lib/core/room.ts'
import { checkFakeIdentity, film, testRoot } from '#lib/core/test-room.ts'
import type { ItemId, Millis } from '#lib/core/units.ts'
import { createFollower } from '#lib/follow/follow.ts'
import type { Follower } from '#lib/follow/follower.ts'
import { memoryLagStore } from '#lib/follow/lags.ts'
import { createFakePlayer, type FakePlayer } from '#lib/players/fake.ts'
import { createDigests } from '#lib/sync/digest.ts'
import { createDocSync, type DocSync } from '#lib/sync/doc-sync.ts'
import type { Channel, ChannelMaker } from '#lib/transport/channel.ts'
import { createSeededRandom } from '#lib/transport/seeded-random.ts'
import type { Timers } from '#lib/transport/timers.ts'
import { createMeshRoom, ROOM_ID, type MeshPeer } from '../support/mesh-room.ts'

export interface SwarmMember {
	readonly name: string
	readonly at: MeshPeer
	readonly doc: Y.Doc
	readonly room: Room
	readonly sync: DocSync
	/** What it was told of its neighbours by strikes. */
	readonly strikes: string[]
	/** Null until the film is on. */
	film(): { readonly player: FakePlayer; readonly follower: Follower } | null
	say(text: string): Promise<void>
}

export interface MeshSwarmOptions {
	readonly seed: number
	readonly names: readonly string[]
}

const TICK_MS: Millis = 1_000

/** Holds what is sent while the way is cut, as a retransmitting transport does; datagrams are gone. */
const withCuts = (channels: ChannelMaker, isCut: (from: string, to: string) => boolean, timers: Timers) => {
	const wrap = (channel: Channel, self: string, peer: string): Channel => {
		const held: Uint8Array[] = []
		let isWaiting = false
		const flush = () => {
			isWaiting = false
			if (held.length === 0) return
			if (isCut(self, peer)) wait()
			else for (const bytes of held.splice(0)) channel.send(bytes, 'ordered')
		}
		const wait = () => {
			if (isWaiting) return
			isWaiting = true
			timers.setTimeout(flush, 100)
		}
		return {
			...channel,
			send: (bytes, lane) => {
				if (!isCut(self, peer) && held.length === 0) return channel.send(bytes, lane)
				if (lane === 'lossy') return 'sent'
				held.push(bytes.slice())
				wait()
				return 'sent'
			},
		}
	}
	const maker: ChannelMaker = {
		open: (request) =>
			channels.open({
				...request,
				onOpen: (channel) => request.onOpen(wrap(channel, request.self, request.peer)),
			}),
	}
	return maker
}

export const createMeshSwarm = async ({ seed, names }: MeshSwarmOptions) => {
	const world = createMeshRoom({ seed, conditions: { delayMs: 20, jitterMs: 10 } })
	const { clock, network } = world
	const random = createSeededRandom(seed ^ 0xfa017)
	const members: SwarmMember[] = []
	/** "from to" */
	let cuts = new Set<string>()
	const isCut = (from: string, to: string) => cuts.has(`${from} ${to}`)
	const signers = names.map((name) => createFakeSigner(`${String(seed)} ${name}`))
	const [owner] = signers
	if (owner === undefined) throw new Error('a room has an owner')
	const root = testRoot(owner)
	let isStopped = false

	const addMember = async (name: string, i: number): Promise<void> => {
		const signer = signers[i] ?? createFakeSigner(name)
		const doc = new Y.Doc()
		doc.clientID = random.integer(2 ** 32)
		const room = createRoom({
			doc,
			roomId: ROOM_ID,
			root,
			signer,
			verifier: createFakeVerifier(),
			seqs: createMemorySeqSource(),
			clock,
			random,
			checkIdentity: checkFakeIdentity,
			loadPlans: async () => plans,
		})
		await room.whenAdmitted
		const at = world.addPeer({
			signer,
			isStarted: false,
			wrapChannels: (channels) => withCuts(channels, isCut, clock),
		})
		const sync = createDocSync({
			doc,
			ledger: room.ledger,
			transport: at.mesh,
			timers: clock,
			random,
			loadDigests: () => Promise.resolve(createDigests),
		})
		const strikes: string[] = []
		sync.on((event) => {
			if (event.type === 'strike') strikes.push(event.why)
		})
		at.mesh.start(at.peer)
		const tick = () => {
			if (isStopped) return
			room.tick(clock.nowMs())
			clock.setTimeout(tick, TICK_MS)
		}
		tick()

		let itemId: ItemId | null = null
		let film_: { player: FakePlayer; follower: Follower } | null = null
		const after = (ms: number, fn: () => void) => {
			const timer = clock.setTimeout(fn, ms)
			return () => clock.clearTimeout(timer)
		}
		/** The film starts as soon as the room plays something. */
		const follow = () => {
			const { playback } = room.state()
			if (film_ !== null || playback.itemId === null) {
				film_?.follower.vectorChanged()
				return
			}
			itemId = playback.itemId
			const player = createFakePlayer({
				local: clock.nowMs,
				after,
				random: () => random.unit(),
				durationS: 7_200,
				hasAudio: false,
				loadMs: 100,
			})
			const follower = createFollower({
				itemId,
				player,
				local: clock.nowMs,
				roomNow: clock.nowMs,
				timers: { after },
				getVector: () => room.state().playback,
				lagStore: memoryLagStore(),
			})
			film_ = { player, follower }
			follower.start()
		}
		room.onChange(follow)
		await room.introduce({ name, token: null })
		members.push({
			name,
			at,
			doc,
			room,
			sync,
			strikes,
			film: () => film_,
			say: async (text) => {
				const outcome = await room.chat.send(text)
				if (outcome.type !== 'done') throw new Error(`${name} could not say it: ${outcome.type}`)
			},
		})
	}
	for (const [i, name] of names.entries()) await addMember(name, i)

	const isWhole = () => members.every(({ at }) => at.linked().length === members.length - 1)

	/** What of the room is not the same for all: null when everybody has the same records and sees the same. */
	const divergence = (): string | null => {
		const [first, ...others] = members
		if (first === undefined) return null
		const known = new Map(first.room.ledger.entries())
		for (const other of others) {
			const theirs = new Map(other.room.ledger.entries())
			if (theirs.size !== known.size)
				return `${other.name} has ${String(theirs.size)} records of ${String(known.size)}`
			for (const [key, bytes] of known)
				if (Buffer.compare(bytes, theirs.get(key) ?? new Uint8Array(0)) !== 0)
					return `${key} at ${other.name}`
		}
		const seen = (member: SwarmMember) => {
			const { chat, playback, queue, title } = member.room.state()
			return JSON.stringify([
				chat.map(({ id, text }) => [id, text]),
				playback,
				queue.next,
				queue.current,
				title,
			])
		}
		const asFirst = seen(first)
		return others.find((other) => seen(other) !== asFirst)?.name ?? null
	}

	return {
		clock,
		random,
		network,
		switchboard: world.switchboard,
		members,
		isWhole,
		divergence,
		/** `pairs`: from whom to whom nothing goes until `heal`. */
		cut: (pairs: readonly (readonly [SwarmMember, SwarmMember])[]) => {
			cuts = new Set(pairs.map(([from, to]) => `${from.at.peer} ${to.at.peer}`))
		},
		/** Puts a film on, so that there is something to keep in step. */
		putOn: async () => {
			const [first] = members
			const added = await first?.room.queue.add(film('The film'), 'end')
			if (added?.type !== 'done' || added.item === undefined) throw new Error('no film')
			await first?.room.queue.playNow(added.item, clock.nowMs() + 500)
			await first?.room.playback.set({
				positionS: 0,
				isPlaying: true,
				rate: 1,
				atMs: clock.nowMs() + 500,
			})
		},
		/** How far each member's film is from the room's moment, in ms; infinite where it does not run. */
		offMs: (): number[] =>
			members.map((member) => {
				const on = member.film()
				if (on === null) return Infinity
				return Math.abs(positionAt(member.room.state().playback, clock.nowMs()) - on.player.trueS()) * 1_000
			}),
		stop: () => {
			isStopped = true
			for (const member of members) {
				member.film()?.follower.dispose()
				member.sync.stop()
				member.at.mesh.stop()
				member.room.dispose()
				member.doc.destroy()
			}
		},
	}
}

export type MeshSwarm = Awaited<ReturnType<typeof createMeshSwarm>>
