import { expect, it } from 'vitest'
import { DEFAULT_SETTINGS } from './roles.ts'
import { KINDS } from './kinds.ts'
import { gather, type TestRoom } from './test-room.ts'
import type { SubjectId } from './units.ts'

const BOB = 'g_bob' as SubjectId

const two = async () => {
	const { rooms, clock, meet } = await gather('alice', 'bob')
	const [alice, bob] = rooms as [TestRoom, TestRoom]
	return { alice, bob, clock, meet }
}
const lastDeed = ({ room }: TestRoom) =>
	room.state().activity.find(({ deed }) => deed.type === 'changed-settings')

it('[HK1] is off unless set, and for the owner and operators to change', async () => {
	const { alice, bob, meet } = await two()
	expect(DEFAULT_SETTINGS.keepsHistory).toBe(false)
	expect(await bob.room.changeSettings({ keepsHistory: true })).toMatchObject({ type: 'not-allowed' })
	await alice.room.grant(BOB, 'operator')
	await meet()
	expect(await bob.room.changeSettings({ keepsHistory: true })).toEqual({ type: 'done' })
	await meet()
	for (const { room } of [alice, bob]) expect(room.state().settings.keepsHistory).toBe(true)
	expect(await alice.room.changeSettings({ keepsHistory: true })).toEqual({ type: 'nothing-to-do' })
})

it('[HK1] is told in the activity, undone like other rules, and stays when another is changed', async () => {
	const { alice, bob, clock, meet } = await two()
	await alice.room.changeSettings({ keepsHistory: true })
	await meet()
	expect(lastDeed(bob)?.deed).toEqual({
		type: 'changed-settings',
		changes: [{ what: 'keepsHistory', from: false, to: true }],
	})
	clock.advance(1_000)
	await alice.room.changeSettings({ waits: false })
	await meet()
	expect(bob.room.state().settings).toEqual({ ...DEFAULT_SETTINGS, keepsHistory: true, waits: false })
	clock.advance(1_000)
	await alice.room.changeSettings({ keepsHistory: false })
	await meet()
	expect(lastDeed(bob)?.deed).toMatchObject({
		changes: [{ what: 'keepsHistory', from: true, to: false }],
	})
	clock.advance(1_000)
	await alice.room.undo(lastDeed(alice)!.id)
	await meet()
	expect(bob.room.state().settings.keepsHistory).toBe(true)
})

it('[HK1] records from before the rule stay good, and say off', () => {
	const before = {
		limits: {},
		waits: true,
		rulesAt: 1,
		what: 'settings',
		prev: { control: 'everyone', add: 'everyone', reorder: 'everyone', chat: 'everyone', waits: false },
	}
	expect(KINDS.settings.schema?.parse(before)).toEqual(before)
})
