/**
 * Attacks on the carrier: Yjs itself is lied to, or fed what would choke it. Each is run by a neighbour of all five,
 * and again with an honest member between the attacker and the rest.
 */
import { describe, it, vi } from 'vitest'
import * as Y from 'yjs'
import { RECORDS_MAP } from '#lib/core/ledger.ts'
import { encodeSyncPart } from '#lib/protocol/room-frames.ts'
import { standUp, type Attack } from './attack.ts'
import {
	clientBomb,
	crowd,
	deletedItem,
	deleteRange,
	gcStruct,
	item,
	orphans,
	rivals,
	setOf,
	structBomb,
	updateOf,
	V2_BOMB,
} from './bytes.ts'
import { recordsOf, type Stage } from './stage.ts'

/** What `victim` says while it is cut off from those who were told otherwise. */
const whileCutOff = async (
	stage: Stage,
	lie: (client: number, clock: number) => Uint8Array,
): Promise<void> => {
	const [, , , dora] = stage.honest
	const { client, clock } = stage.clockOf(dora)
	const rest = [...stage.honest.filter((one) => one !== dora), stage.mallory]
	stage.swarm.network.partition(
		[dora.on().peer],
		rest.map((one) => one.on().peer),
	)
	stage.pushAll('update', lie(client, clock))
	await stage.run(500)
	for (let i = 0; i < 5; i++) await dora.on().room.chat.send(`cut off ${i}`)
	stage.swarm.network.heal()
	await stage.run(2_000)
}

const valid = async (stage: Stage, text = 'mine', slot = 9) => stage.sign('chat', slot, { text })

const MUTING: readonly Attack[] = [
	{
		name: 'a victim’s next 2^20 clocks are taken by a deleted item, while it writes',
		links: 'kept',
		run: (stage) => whileCutOff(stage, (client, clock) => deletedItem(client, clock, 2 ** 20, 'chat/x/1')),
	},
	{
		name: 'a victim’s next 2^31 clocks are taken by twelve bytes, while it writes',
		links: 'kept',
		run: (stage) => whileCutOff(stage, (client, clock) => gcStruct(client, clock, 2 ** 31)),
	},
	{
		name: 'a victim’s next three clocks alone are taken, so that it never notices',
		links: 'kept',
		run: (stage) => whileCutOff(stage, (client, clock) => gcStruct(client, clock, 3)),
	},
	{
		name: 'a victim’s next clock is taken by a valid record of the attacker’s own',
		links: 'kept',
		run: async (stage) => {
			const { key, bytes } = await valid(stage)
			await whileCutOff(stage, (client, clock) => item(client, clock, key, bytes))
		},
	},
	{
		name: 'all five client ids are muted at once',
		links: 'kept',
		run: async (stage) => {
			for (const member of stage.honest) {
				const { client, clock } = stage.clockOf(member)
				stage.pushAll('update', gcStruct(client, clock, 2 ** 31))
			}
			await stage.run(100)
			for (const member of stage.honest) await member.on().room.chat.send('can you hear me')
		},
	},
	{
		name: 'a victim is muted again each time it has found a new client id',
		links: 'kept',
		run: async (stage) => {
			for (let round = 0; round < 12; round++) {
				const { client, clock } = stage.clockOf(stage.honest[2])
				stage.pushAll('update', gcStruct(client, clock, 2 ** 31))
				await stage.honest[2].on().room.chat.send(`round ${round}`)
				await stage.run(300)
			}
		},
	},
]

/** One content to the first two, the other to the rest, while they cannot talk. */
const tellTwoStories = async (stage: Stage, one: Uint8Array, other: Uint8Array): Promise<void> => {
	const [a, b, c, d, e] = stage.honest
	const peers = (...members: (typeof a)[]) => members.map((member) => member.on().peer)
	stage.swarm.network.partition(peers(a, b, stage.mallory), peers(c, d, e))
	for (const to of [a, b]) stage.push(to, 'update', one)
	await stage.run(500)
	stage.swarm.network.partition(peers(a, b), peers(c, d, e, stage.mallory))
	for (const to of [c, d, e]) stage.push(to, 'update', other)
	await stage.run(500)
	stage.swarm.network.heal()
}

const EQUIVOCATION: readonly Attack[] = [
	{
		name: 'two valid contents under one client id and clock, one to each half',
		links: 'kept',
		run: async (stage) => {
			const one = await valid(stage, 'one')
			const two = await valid(stage, 'two')
			await tellTwoStories(stage, item(7_777, 0, one.key, one.bytes), item(7_777, 0, two.key, two.bytes))
		},
	},
	{
		name: 'a valid content and junk under one client id and clock, one to each half',
		links: 'kept',
		run: async (stage) => {
			const one = await valid(stage, 'one')
			await tellTwoStories(
				stage,
				item(7_778, 0, one.key, one.bytes),
				item(7_778, 0, one.key, Uint8Array.of(1)),
			)
		},
	},
	{
		name: 'two contents of one seq under one client id and clock: a fork',
		links: 'kept',
		run: async (stage) => {
			const one = await stage.sign('chat', 9, { text: 'one' }, { seq: 5_000 })
			const two = await stage.sign('chat', 9, { text: 'two' }, { seq: 5_000 })
			await tellTwoStories(stage, item(7_779, 0, one.key, one.bytes), item(7_779, 0, two.key, two.bytes))
		},
	},
]

const DELETION: readonly Attack[] = [
	{
		name: 'ten bytes delete somebody’s record',
		links: 'kept',
		run: async (stage) => {
			const { client } = stage.clockOf(stage.honest[1])
			stage.pushAll('update', deleteRange(client, 1, 1))
		},
	},
	{
		name: 'eleven bytes delete a thousand records',
		links: 'kept',
		run: async (stage) => {
			for (let i = 0; i < 250; i++)
				for (const member of stage.honest.slice(0, 4)) await member.on().room.chat.send(`${i}`)
			await stage.run(40_000)
			for (const member of stage.honest.slice(0, 4)) {
				const { client, clock } = stage.clockOf(member)
				stage.pushAll('update', deleteRange(client, 0, clock))
			}
		},
		faults: { mayBeReplaced: true },
	},
	{
		name: 'everything is deleted again and again',
		stage: { isStubborn: true },
		links: 'dropped',
		run: async (stage) => {
			const records = recordsOf(stage.mallory)
			for (let round = 0; round < 45; round++) {
				stage.mallory.on().doc.transact(() => {
					for (const key of records.keys()) records.delete(key)
				})
				await stage.run(1_000)
			}
		},
	},
	{
		name: 'clocks far beyond what anybody wrote are deleted',
		links: 'kept',
		run: async (stage) => {
			const { client, clock } = stage.clockOf(stage.honest[1])
			stage.pushAll('update', deleteRange(client, clock + 1_000, 2 ** 31))
		},
	},
	{
		name: 'a victim’s name is overwritten with its own older record, a hundred times',
		links: 'kept',
		run: async (stage) => {
			const [alice] = stage.honest
			const key = `id/${alice.device}/0`
			const old = recordsOf(alice).get(key)
			await alice.on().room.introduce({ name: 'A newer name', token: null })
			await stage.run(500)
			for (let i = 0; i < 100; i++) {
				stage.plant([[key, old]])
				await stage.run(50)
			}
		},
	},
]

const at = (count: number) => `${count.toLocaleString('en')}`

const BOMBS: readonly Attack[] = [
	...[500, 4_000].map((count): Attack => ({
		name: `${at(count)} updates whose first one is withheld`,
		links: count > 512 ? 'dropped' : 'kept',
		run: async (stage) => {
			for (const update of orphans(count)) stage.pushAll('update', update)
			await stage.run(3_000)
		},
	})),
	{
		name: 'the same in one state, with a gap: nothing waits inside Yjs',
		links: 'dropped',
		run: async (stage) => {
			for (let i = 0; i < 3; i++) {
				const [later = new Uint8Array(0)] = orphans(1)
				stage.pushAll('step2', later)
				await stage.run(200)
			}
		},
		check: (stage) => {
			for (const member of stage.honest)
				if (member.on().doc.store.pendingStructs !== null) throw new Error('something waits')
		},
	},
	{
		name: '20,000 client ids that fight for one key (360 KB)',
		links: 'dropped',
		run: async (stage) => {
			const { key, bytes } = await valid(stage)
			for (let i = 0; i < 3; i++)
				stage.pushAll('step2', rivals(20_000, key, bytes.slice(0, 8), 1 + i * 30_000))
			await stage.run(1_000)
		},
	},
	{
		name: '10,000 client ids that fight for one key (152 KB)',
		links: 'dropped',
		run: async (stage) => {
			const { key, bytes } = await valid(stage)
			for (let i = 0; i < 3; i++)
				stage.pushAll('step2', rivals(10_000, key, bytes.slice(0, 8), 1 + i * 30_000))
			await stage.run(1_000)
		},
	},
	{
		name: 'one client with 4,000 items for one place, again and again',
		links: 'dropped',
		run: async (stage) => {
			const { key, bytes } = await valid(stage)
			for (let i = 0; i < 3; i++) stage.pushAll('update', crowd(88_000 + i, 4_000, key, bytes.slice(0, 8)))
			await stage.run(1_000)
		},
	},
	{
		name: '22 bytes of V2 that would hang a thread',
		links: 'dropped',
		run: async (stage) => {
			for (let i = 0; i < 3; i++) stage.pushAll('update', V2_BOMB)
			await stage.run(500)
		},
	},
	{
		name: 'four billion structs, and four billion clients, claimed in a few bytes',
		links: 'dropped',
		run: async (stage) => {
			for (const bomb of [structBomb(4e9), clientBomb(4e9), structBomb(1e6)]) stage.pushAll('step2', bomb)
			await stage.run(500)
		},
	},
	{
		name: 'a text of 50 MiB: more parts than there are',
		links: 'dropped',
		run: async (stage) => {
			const part = new Uint8Array(60 * 1024).fill(65)
			for (const to of stage.targets())
				for (let i = 0; i < 4; i++) {
					const frame = encodeSyncPart('step2', i, part, 0)
					new DataView(frame.buffer).setUint16(8, 880)
					stage.raw(to, frame)
				}
			await stage.run(500)
		},
	},
	{
		name: 'parts that skip, repeat and never end',
		links: 'dropped',
		run: async (stage) => {
			const state = new Uint8Array(400_000)
			for (const to of stage.targets())
				for (const index of [1, 0, 2, 0, 0, 3]) stage.raw(to, encodeSyncPart('step2', 5, state, index))
			await stage.run(500)
		},
	},
	{
		name: 'nested maps, texts, arrays 20,000 deep and other roots',
		links: 'dropped',
		run: async (stage) => {
			const foreign = [
				updateOf((doc) => {
					let map = doc.getMap<unknown>(RECORDS_MAP)
					for (let i = 0; i < 3_000; i++) {
						const inner = new Y.Map<unknown>()
						map.set('deeper', inner)
						map = inner
					}
				}),
				updateOf((doc) => doc.getText('notes').insert(0, 'x'.repeat(50_000))),
				updateOf((doc) => doc.getMap('elsewhere').set('k', Uint8Array.of(1))),
				updateOf((doc) => doc.getArray(RECORDS_MAP).push([Uint8Array.of(1)])),
				setOf([['chat/x/1', { ['__proto__']: { isHost: true } }]]),
				setOf([
					['k', 'a string'],
					['l', 5],
					['m', null],
				]),
			]
			for (const update of foreign) stage.pushAll('update', update)
			await stage.run(500)
		},
		check: (stage) => {
			for (const member of stage.honest) {
				if (member.on().doc.share.size !== 1) throw new Error('another root was let in')
				if (Reflect.get({}, 'isHost') !== undefined) throw new Error('the prototype was changed')
			}
		},
	},
]

const FLOODS: readonly Attack[] = [
	{
		name: '10,000 junk keys',
		links: 'dropped',
		run: async (stage) => {
			for (let i = 0; i < 10; i++) {
				stage.plant(Array.from({ length: 1_000 }, (_, n) => [`junk ${i} ${n}`, Uint8Array.of(1)] as const))
				await stage.run(100)
			}
		},
	},
	{
		name: '3,000 valid records as fast as they can be signed',
		links: 'dropped',
		run: async (stage) => {
			for (let i = 0; i < 3_000; i++) {
				const { key, bytes } = await stage.sign('chat', i % 256, { text: `spam ${i}` })
				stage.plant([[key, bytes]])
				if (i % 20 === 0) await stage.run(50)
			}
		},
	},
	{
		name: 'one valid record written again and again under new client ids',
		links: 'dropped',
		run: async (stage) => {
			const { key, bytes } = await valid(stage)
			for (let i = 0; i < 2_000; i++) {
				stage.plant([[key, bytes]])
				if (i % 20 === 0) await stage.run(50)
			}
		},
	},
	{
		name: '20,000 frames that are none',
		links: 'dropped',
		run: async (stage) => {
			for (let i = 0; i < 20_000; i++)
				for (const to of stage.targets()) stage.raw(to, Uint8Array.of(200, i & 255))
			await stage.run(1_000)
		},
	},
	{
		name: '5,000 state vectors: the whole state is asked for again and again',
		links: 'dropped',
		run: async (stage) => {
			for (let i = 0; i < 5_000; i++) stage.pushAll('step1', Uint8Array.of(0))
			await stage.run(1_000)
		},
	},
	{
		name: '2,000 updates at once',
		links: 'dropped',
		run: async (stage) => {
			const { key, bytes } = await valid(stage)
			for (let i = 0; i < 2_000; i++) stage.plant([[key, bytes]])
			await stage.run(1_000)
		},
	},
]

const CORPUS: readonly (readonly [rule: string, what: string, attacks: readonly Attack[]])[] = [
	['[HO1]', 'muting', MUTING],
	['[HO2]', 'two stories', EQUIVOCATION],
	['[HO3]', 'deleting and overwriting', DELETION],
	['[HO4]', 'bombs', BOMBS],
	['[HO5]', 'floods', FLOODS],
]

vi.spyOn(console, 'log').mockImplementation(() => undefined) // Yjs tells of new client ids
vi.spyOn(console, 'warn').mockImplementation(() => undefined) // of updates that contradict the document

for (const isBehindForwarder of [false, true])
	describe(isBehindForwarder ? 'with an honest member in between' : 'as everybody’s neighbour', () => {
		for (const [rule, what, attacks] of CORPUS)
			for (const [index, attack] of attacks.entries())
				it(`${rule} ${what}: ${attack.name}`, { timeout: 60_000 }, () =>
					standUp(attack, 100 * Number(rule.slice(3, -1)) + index, isBehindForwarder),
				)
	})
