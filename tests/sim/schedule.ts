/**
 * One random life of a room, drawn from a seed: who is there, what they do, and what the network, the disks and a
 * hostile member do to them. Afterwards everything is mended, everybody talks, and the invariants are read.
 */
import type * as Y from 'yjs'
import type { Room } from '#lib/core/room.ts'
import { film, testRoot } from '#lib/core/test-room.ts'
import { createFakeSigner } from '#lib/core/fake-crypto.ts'
import { parseRecord } from '#lib/core/records.ts'
import type { Role } from '#lib/core/roles.ts'
import type { ItemId, MessageId, SubjectId } from '#lib/core/units.ts'
import { createSeededRandom } from '#lib/transport/seeded-random.ts'
import {
	findChatFaults,
	findDivergence,
	findQueueFaults,
	findRightsFaults,
	findSlowFaults,
	queueIds,
} from './invariants.ts'
import { NO_FAULTS } from './faults.ts'
import { createSwarm, credulousLedger, recordsOf, type Member, type Swarm } from './swarm.ts'

export interface ScheduleReport {
	readonly seed: number
	readonly members: number
	readonly ops: number
	/** How it ended: people out, hand-overs, slow mode. */
	readonly out: number
	readonly handOvers: number
	readonly isSlow: boolean
	/** Reactions and edits that are shown at the end. */
	readonly reactions: number
	readonly edits: number
	/** What was wrong; empty when all held. */
	readonly faults: readonly string[]
	/** The last things that happened, for whoever looks into a failure. */
	readonly log: readonly string[]
}

/** Sim time given to the swarm to agree once everything is mended. */
const AGREE_ROUNDS = 12
const AGREE_ROUND_MS = 1_500

type Draw = <T>(choices: readonly T[]) => T | undefined

const subjectOf = (member: Member): SubjectId => `d_${member.device}` as SubjectId

export const runSchedule = async (seed: number): Promise<ScheduleReport> => {
	const swarm: Swarm = createSwarm(seed)
	const { random, clock, network } = swarm
	const chance = (share: number): boolean => random.unit() < share
	const pick: Draw = (choices) => choices[random.integer(choices.length)]
	const log: string[] = []

	const memberCount = 2 + Math.min(random.integer(7), random.integer(7))
	const opCount = 20 + random.integer(25)
	const hasRogue = chance(0.25)
	const hasVandal = chance(0.25)
	const hasGrants = chance(0.3)
	const hasFaults = chance(0.5)
	/** Draws of its own, so that rooms where nobody touches people go as they always went. */
	const draws = createSeededRandom(seed ^ 0x5eed)
	const hasPeople = draws.unit() < 0.3
	/** The same for chat's and the queue's finer arts. */
	const arts = createSeededRandom(seed ^ 0xa278)
	const hasArts = arts.unit() < 0.35
	const pickArt: Draw = (choices) => choices[arts.integer(choices.length)]
	const pickPerson: Draw = (choices) => choices[draws.integer(choices.length)]

	network.setConditions({
		delayMs: 1 + random.integer(80),
		jitterMs: random.integer(60),
		lossRate: chance(0.5) ? random.unit() * 0.1 : 0,
	})

	// --- who is there

	const names = ['alice', 'bob', 'charlie', 'dora', 'emil', 'fay', 'gus', 'hana'].slice(0, memberCount)
	const members = names.map((name) => swarm.addMember(name))
	const [owner] = members
	if (owner === undefined) throw new Error('a schedule has members')
	/** Believes that it founded the room, so its own copy lets it do everything; nobody else's does. */
	const rogue = hasRogue
		? swarm.addMember('rogue', { root: testRoot(createFakeSigner(`${seed} rogue`)) })
		: null
	/** Speaks the protocol, writes what it likes. */
	const vandal = hasVandal ? swarm.addMember('vandal', { ledger: credulousLedger }) : null
	const honest = rogue === null ? members : [...members, rogue]

	// --- what is known to have happened

	const added = new Map<ItemId, Member>()
	/** Items that somebody took away, or that may have gone with a disk or a right. */
	const mayBeGone = new Set<ItemId>()
	const demoted = new Set<Member>()
	let isAddLimited = false
	/** Whom the room may belong to. */
	const mayOwn = new Set<Member>([owner])
	let ops = 0

	const stateOf = (member: Member) => member.on().room.state()
	const anyId = (member: Member): ItemId | undefined => pick(queueIds(stateOf(member)))

	/** Queue items that only `member` knows may be lost with its disk. */
	const noteOnlyCopies = (member: Member): void => {
		const elsewhere = new Set(
			honest.filter((one) => one !== member && one.running()).flatMap((one) => queueIds(stateOf(one))),
		)
		for (const id of added.keys()) if (!elsewhere.has(id)) mayBeGone.add(id)
	}

	type Command = (member: Member, room: Room) => Promise<void>
	const commands: readonly (readonly [number, string, Command])[] = [
		[
			10,
			'add',
			async (member, room) => {
				const life = member.running()
				const outcome = await room.queue.add(film(`Film ${ops}`), chance(0.7) ? 'end' : 'next')
				if (outcome.type !== 'done' || outcome.item === undefined) return
				added.set(outcome.item, member)
				// It was being signed when the member crashed: written to nobody's disk.
				if (member.running() !== life) mayBeGone.add(outcome.item)
			},
		],
		[
			6,
			'move',
			async (member, room) => {
				const id = anyId(member)
				if (id) await room.queue.move(id, chance(0.3) ? null : (anyId(member) ?? null))
			},
		],
		[
			3,
			'remove',
			async (member, room) => {
				const id = anyId(member)
				if (id === undefined) return
				mayBeGone.add(id)
				await room.queue.remove(id)
			},
		],
		[
			1,
			'clear',
			async (_member, room) => {
				for (const id of added.keys()) mayBeGone.add(id)
				await room.queue.clear()
				// What its author was still writing when it said so.
				for (const id of added.keys()) mayBeGone.add(id)
			},
		],
		[2, 'shuffle', async (_member, room) => void (await room.queue.shuffle())],
		[
			2,
			'vote',
			async (member, room) => {
				const id = anyId(member)
				if (id) await room.queue.vote(id, chance(0.7))
			},
		],
		[
			2,
			'play-now',
			async (member, room) => {
				const id = anyId(member)
				if (id) await room.queue.playNow(id, clock.nowMs())
			},
		],
		[
			3,
			'advance',
			async (member, room) => {
				const current = stateOf(member).queue.current?.id
				if (current) await room.queue.advance(current, clock.nowMs(), { type: 'end' })
			},
		],
		[
			5,
			'set',
			async (_member, room) =>
				void (await room.playback.set({
					positionS: random.integer(5_000),
					isPlaying: chance(0.5),
					rate: 1,
					atMs: clock.nowMs(),
				})),
		],
		[5, 'chat', async (_member, room) => void (await room.chat.send(`line ${ops}`))],
		[
			1,
			'unsay',
			async (member, room) => {
				const message: MessageId | undefined = pick(stateOf(member).chat)?.id
				if (message) await room.chat.remove(message)
			},
		],
		[2, 'rename', async (_member, room) => void (await room.renameRoom(`Room ${ops}`))],
		[
			1,
			'name',
			async (member, room) => void (await room.introduce({ name: `${member.name} ${ops}`, token: null })),
		],
		[
			2,
			'undo',
			async (member, room) => {
				// What the rogue may do is settled before all else.
				const entry = pick(
					stateOf(member).activity.filter(
						({ isUndoable, deed }) =>
							isUndoable && !('subject' in deed && rogue && deed.subject === subjectOf(rogue)),
					),
				)
				if (entry === undefined) return
				if ('subject' in entry.deed) for (const one of members) demoted.add(one)
				if (entry.deed.type === 'changed-settings') isAddLimited = true
				if ('item' in entry.deed) mayBeGone.add(entry.deed.item)
				await room.undo(entry.id)
			},
		],
		[
			1,
			'settings',
			async (_member, room) => {
				if (!hasGrants) return
				isAddLimited = true
				await room.changeSettings({
					add: chance(0.5) ? 'operators' : 'everyone',
					control: chance(0.5) ? 'operators' : 'everyone',
				})
			},
		],
		[
			2,
			'grant',
			async (member, room) => {
				if (!hasGrants || stateOf(member).myRole !== 'owner' || member === rogue) return
				const subject = pick(members.slice(1))
				const role: Role | undefined = pick(['operator', 'member', 'viewer', 'banned'])
				if (subject === undefined || role === undefined) return
				if (role === 'viewer' || role === 'banned') demoted.add(subject)
				await room.grant(subjectOf(subject), role)
			},
		],
	]
	/** Chances in equal parts. */
	const peopleCommands: readonly (readonly [string, Command])[] = [
		[
			'remove-person',
			async (member, room) => {
				const subject = pickPerson(members)
				if (subject === undefined) return
				if (member !== rogue) demoted.add(subject)
				await room.removePerson(subjectOf(subject))
			},
		],
		['let-in', async (_member, room) => void (await room.letIn(subjectOf(pickPerson(members) ?? owner)))],
		[
			'role',
			async (member, room) => {
				const subject = pickPerson(members)
				const role = pickPerson(['operator', 'operator', 'member', 'banned'] as const)
				if (subject === undefined || role === undefined) return
				if (member !== rogue) demoted.add(subject)
				await room.grant(subjectOf(subject), role)
			},
		],
		[
			'slow',
			async (_member, room) =>
				void (await room.changeSettings({ chatEveryS: pickPerson([0, 1, 2, 5]) ?? 0 })),
		],
		['offer', async (_member, room) => void (await room.offerRoom(subjectOf(pickPerson(members) ?? owner)))],
		['withdraw', async (_member, room) => void (await room.withdrawOffer())],
		[
			'accept',
			async () => {
				// Whoever it is offered to.
				const heir = members.find((one) => one.running() && stateOf(one).offer?.to === subjectOf(one))
				if (heir === undefined) return
				mayOwn.add(heir)
				for (const one of mayOwn) demoted.add(one)
				await heir.on().room.acceptRoom()
			},
		],
		['say', async (_member, room) => void (await room.chat.send(`line ${ops}`))],
	]

	const artCommands: readonly (readonly [string, Command])[] = [
		[
			'react',
			async (member, room) => {
				const message = pickArt(stateOf(member).chat)?.id
				if (message) await room.chat.react(message, pickArt(['👍', '❤️', '🎬']) ?? '👍', arts.unit() < 0.7)
			},
		],
		[
			'edit',
			async (member, room) => {
				const message = pickArt(stateOf(member).chat.filter(({ from }) => from === member.device))
				if (message) await room.chat.edit(message.id, `better ${ops}`)
			},
		],
		[
			'unsay-own',
			async (member, room) => {
				const message = pickArt(stateOf(member).chat.filter(({ from }) => from === member.device))
				if (message) await room.chat.remove(message.id)
			},
		],
		['say', async (_member, room) => void (await room.chat.send(`line ${ops}`))],
		[
			'reply',
			async (member, room) => {
				const message = pickArt(stateOf(member).chat)
				if (message) await room.chat.send(`re ${ops}`, { positionS: 1, replyTo: message.id })
			},
		],
		[
			'order',
			async (_member, room) =>
				void (await room.changeSettings({
					order: pickArt(['list', 'votes'] as const) ?? 'list',
					loop: pickArt(['off', 'one', 'all'] as const) ?? 'off',
				})),
		],
		[
			'vote',
			async (member, room) => {
				const id = pickArt(queueIds(stateOf(member)))
				if (id) await room.queue.vote(id, arts.unit() < 0.8)
			},
		],
		[
			'go-on',
			async (member, room) => {
				const current = stateOf(member).queue.current?.id
				const type = arts.unit() < 0.7 ? 'end' : 'user'
				if (current) await room.queue.advance(current, clock.nowMs(), { type }, arts.unit() < 0.2)
			},
		],
		[
			'add-many',
			async (member, room) => {
				const life = member.running()
				const films = Array.from({ length: 1 + arts.integer(6) }, (_, i) => film(`Film ${ops}.${i}`))
				const outcome = await room.queue.addMany(films, arts.unit() < 0.5 ? 'end' : 'next')
				const ids = outcome.type === 'done' ? (outcome.items ?? (outcome.item ? [outcome.item] : [])) : []
				for (const id of ids) {
					added.set(id, member)
					if (member.running() !== life) mayBeGone.add(id)
				}
			},
		],
	]

	const totalWeight = commands.reduce((sum, [weight]) => sum + weight, 0)
	const drawCommand = () => {
		let at = random.integer(totalWeight)
		return commands.find(([weight]) => (at -= weight) < 0)
	}

	const act = async (member: Member): Promise<void> => {
		const isAboutPeople = hasPeople && draws.unit() < 0.4
		const isAnArt = !isAboutPeople && hasArts && arts.unit() < 0.5
		const [name, command] = isAboutPeople
			? (pickPerson(peopleCommands) ?? [])
			: isAnArt
				? (pickArt(artCommands) ?? [])
				: ((drawCommand()?.slice(1) as [string, Command] | undefined) ?? [])
		if (command === undefined) return
		ops++
		log.push(`${clock.nowMs()} ${member.name} ${name}`)
		const { room } = member.on()
		// Most people go on before their last command is on its way.
		const running = command(member, room)
		if (chance(0.5)) await running
		else void running
	}

	/** What once stood under each key, for the vandal to put it there again. */
	const seen = new Map<string, unknown[]>()
	const remember = (records: Y.Map<unknown>): void => {
		for (const [key, value] of records) {
			const values = seen.get(key) ?? []
			if (values.at(-1) !== value) seen.set(key, [...values, value])
		}
	}

	/** No replay may take a record back behind what was known when it came. */
	const newest = new Map<string, number>()
	const seqAt = (member: Member, key: string): number => {
		const record = parseRecord(member.running()?.room.ledger.get(key) ?? new Uint8Array(0))
		return typeof record === 'string' ? -1 : record.seq
	}
	const noteNewest = (key: string): void => {
		// On two members at least: what only one knows may go with its disk.
		const seqs = honest.map((member) => seqAt(member, key)).toSorted((a, b) => b - a)
		newest.set(key, Math.max(newest.get(key) ?? -1, seqs[1] ?? -1))
	}

	const pillage = (): void => {
		if (vandal === null || vandal.running() === null) return
		const records = recordsOf(vandal)
		const key = pick([...records.keys()])
		const other = pick([...records.keys()])
		ops++
		const how = random.integer(7)
		log.push(`${clock.nowMs()} vandal ${how} at ${key}`)
		if (key === undefined || other === undefined) return
		if (how === 0) records.delete(key)
		else if (how === 1) records.set(key, random.bytes(1 + random.integer(200)))
		else if (how === 2) records.set(key, records.get(other))
		else if (how === 3) {
			const value = records.get(key)
			if (value instanceof Uint8Array)
				records.set(
					key,
					value.map((byte, i) => (i === 40 ? byte ^ 1 : byte)),
				)
		} else if (how === 4)
			vandal.on().doc.transact(() => {
				for (const one of records.keys()) records.delete(one)
			})
		else {
			const [again, values] = pick([...seen].filter(([, ones]) => ones.length > 1)) ?? []
			if (again === undefined) return
			noteNewest(again)
			records.set(again, pick(values ?? []))
		}
	}

	const trouble = async (): Promise<void> => {
		const alive = honest.filter((member) => member.running())
		const kind = random.integer(6)
		if (kind === 0 && alive.length > 1) {
			const cut = 1 + random.integer(alive.length - 1)
			const shuffled = alive.toSorted(() => random.unit() - 0.5)
			network.partition(
				shuffled.slice(0, cut).map((member) => member.on().peer),
				shuffled.slice(cut).map((member) => member.on().peer),
			)
			log.push(`${clock.nowMs()} partition of ${cut}`)
		} else if (kind === 1) network.heal()
		else if (kind === 2) {
			const [a, b] = [pick(alive), pick(alive)]
			if (a && b && a !== b) network.breakLink(a.on().peer, b.on().peer)
		} else if (kind === 3 && hasFaults)
			swarm.setFaults({
				drop: random.unit() * 0.2,
				duplicate: random.unit() * 0.2,
				delay: random.unit() * 0.3,
			})
		else if (kind === 4) {
			const member = pick(alive)
			if (member === undefined) return
			const lost = chance(0.4) ? random.integer(6) : 0
			noteOnlyCopies(member)
			member.crash(lost)
			log.push(`${clock.nowMs()} ${member.name} crashes, ${lost} updates lost`)
		} else {
			const member = pick(honest.filter((one) => one.running() === null))
			if (member === undefined) return
			log.push(`${clock.nowMs()} ${member.name} starts`)
			await member.start()
		}
	}

	// --- the life of the room

	await owner.start()
	if (rogue !== null) {
		// The owner has taken every right from the rogue before it says anything but its name.
		await rogue.start()
		await clock.run(2_000)
		await owner.on().room.grant(subjectOf(rogue), chance(0.5) ? 'viewer' : 'banned')
		await clock.run(2_000)
	}
	for (const member of members.slice(1)) if (chance(0.6)) await member.start()
	if (vandal !== null) await vandal.start()
	await clock.run(random.integer(1_000))

	while (ops < opCount) {
		const alive = honest.filter((member) => member.running())
		if (alive.length === 0 || chance(0.15)) await trouble()
		else if (vandal !== null && chance(0.1)) pillage()
		else {
			const member = pick(alive)
			if (member !== undefined) await act(member)
		}
		if (chance(0.6)) await clock.run(random.integer(400))
		if (vandal !== null) remember(recordsOf(vandal))
	}

	// --- all is mended, everybody talks

	network.heal()
	network.setConditions({ delayMs: 5, jitterMs: 0, lossRate: 0 })
	swarm.setFaults(NO_FAULTS)
	for (const member of honest) if (member.running() === null) await member.start()
	await clock.run(3_000)

	const readers = members
	let divergence: string[] = []
	const agree = async (): Promise<void> => {
		for (let round = 0; round < AGREE_ROUNDS; round++) {
			swarm.resync()
			await clock.run(AGREE_ROUND_MS)
			divergence = findDivergence(honest, readers)
			if (divergence.length === 0) return
		}
	}
	await agree()
	const faults = [...divergence]

	// --- what must hold

	const expected = [...added].filter(
		([id, by]) => !mayBeGone.has(id) && by !== rogue && !demoted.has(by) && (!isAddLimited || by === owner),
	)
	for (const member of readers)
		faults.push(
			...findQueueFaults(
				stateOf(member),
				expected.map(([id]) => id),
			).map((fault) => `${member.name}: ${fault}`),
		)

	faults.push(...findRightsFaults(owner), ...findSlowFaults(owner), ...findChatFaults(owner))
	const holder = members.find((member) =>
		stateOf(owner).members.some(({ device, role }) => device === member.device && role === 'owner'),
	)
	if (holder === undefined || !mayOwn.has(holder)) faults.push(`${holder?.name ?? 'nobody'} owns the room`)

	for (const [key, seq] of newest)
		if (seqAt(owner, key) < seq) faults.push(`${key} went back to an older record`)
	if (rogue !== null) {
		const state = stateOf(owner)
		if (queueIds(state).some((id) => added.get(id) === rogue)) faults.push('the rogue queued something')
		if (state.playback.by === rogue.device) faults.push('the rogue controls playback')
		if (state.chat.some(({ from }) => from === rogue.device)) faults.push('the rogue said something')
		if (state.activity.some(({ by, deed }) => by === rogue.device && deed.type !== 'came-in'))
			faults.push('the rogue did something')
		if (state.removals.some(({ by }) => by === rogue.device)) faults.push('the rogue put somebody out')
		if (state.offer?.by === rogue.device) faults.push('the rogue offers the room')
	}
	for (const member of honest)
		for (const strike of member.strikes)
			if (strike.type === 'strike' && strike.device !== vandal?.device)
				faults.push(`${member.name} struck an honest member: ${strike.why}`)

	// The last to write wins, everywhere: the owner has seen everything by now.
	if (faults.length === 0 && holder !== undefined) {
		const { room } = holder.on()
		const title = `The end of ${seed}`
		// By votes no move would show.
		if (stateOf(holder).settings.order === 'votes') await room.changeSettings({ order: 'list' })
		await room.renameRoom(title)
		await room.playback.set({ positionS: 4_321, isPlaying: false, rate: 1, atMs: clock.nowMs() })
		const ids = queueIds(stateOf(holder))
		const moved = ids.at(-1)
		const first = stateOf(holder).queue.next[0]?.id
		if (moved !== undefined && first !== undefined && moved !== first) await room.queue.move(moved, first)
		await agree()
		faults.push(...divergence)
		for (const member of readers) {
			const state = stateOf(member)
			if (state.title !== title) faults.push(`${member.name} does not see the last title`)
			if (state.playback.positionS !== 4_321) faults.push(`${member.name} does not see the last position`)
			if (moved !== undefined && first !== undefined && moved !== first && state.queue.next[0]?.id !== moved)
				faults.push(`${member.name} does not see the last move`)
			if (queueIds(state).length !== ids.length) faults.push(`${member.name} lost an item by a move`)
		}
	}

	const { removals, activity, settings, chat } = stateOf(owner)
	const handOvers = activity.filter(({ deed }) => deed.type === 'handed-over').length
	swarm.stop()
	const end = {
		out: removals.length,
		handOvers,
		isSlow: settings.chatEveryS > 0,
		reactions: chat.reduce((sum, message) => sum + message.reactions.length, 0),
		edits: chat.filter(({ editedAtMs }) => editedAtMs !== null).length,
	}
	return { seed, members: honest.length, ops, ...end, faults, log }
}
