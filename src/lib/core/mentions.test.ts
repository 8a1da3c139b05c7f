import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mentionsOf } from './mentions.ts'
import type { Member } from './state.ts'
import type { DeviceId, SubjectId } from './units.ts'

const member = (name: string, device = name, more: Partial<Member> = {}): Member => ({
	device: device as DeviceId,
	subject: `g_${device}` as SubjectId,
	name,
	seat: 1,
	role: 'member',
	isVerified: false,
	isAccount: false,
	pictureId: null,
	firstSeenAtMs: 0,
	...more,
})
const told = (text: string, ...members: readonly (string | Member)[]): string[] =>
	mentionsOf(
		text,
		members.map((one) => (typeof one === 'string' ? member(one) : one)),
	).map(({ start, end, devices }) => `${text.slice(start, end)} ${devices.join('+')}`)

describe('mentions', () => {
	it('[CH11] are @ and a name, in any case or width, with what stands around it', () => {
		expect(told('@Bob look, (@bob) and @BOB!', 'Bob')).toEqual(['@Bob Bob', '@bob Bob', '@BOB Bob'])
		expect(told('＠Ｂｏｂ?', 'Bob')).toEqual(['＠Ｂｏｂ Bob'])
		expect(told('Bob, look', 'Bob')).toEqual([])
		expect(told('@nobody', 'Bob')).toEqual([])
	})

	it('[CH11] mean the longest name that fits, and no part of a word or of an address', () => {
		expect(told('@Ana Maria and @Ana', 'Ana', 'Ana Maria')).toEqual(['@Ana Maria Ana Maria', '@Ana Ana'])
		expect(told('@Anastasia', 'Ana')).toEqual([])
		expect(told('@Ana_2 @Ana\u0301', 'Ana')).toEqual([])
		expect(told('ana@bob.example', 'Bob')).toEqual([])
		expect(told('@@Bob', 'Bob')).toEqual(['@Bob Bob'])
		expect(told('@Zoë!', 'Zoë')).toEqual(['@Zoë Zoë'])
	})

	it('[CH11] need no spaces in scripts that have none', () => {
		expect(told('你好@小明你看', '小明')).toEqual(['@小明 小明'])
		expect(told('@小明明', '小明', '小明明')).toEqual(['@小明明 小明明'])
		expect(told('@さくらさん、@Bobさん', 'さくら', 'Bob')).toEqual(['@さくら さくら', '@Bob Bob'])
	})

	it('[CH11] mean all devices of the person, whichever name they bear, and nobody who is out', () => {
		const subject = 'u_ana' as SubjectId
		const both = [member('Ana', 'desk', { subject }), member('Ana TV', 'sofa', { subject })]
		expect(told('@Ana TV', ...both)).toEqual(['@Ana TV desk+sofa'])
		expect(told('@Bob', member('Bob', 'out', { role: 'banned' }))).toEqual([])
	})

	it('[CH11] of several with one name mean the one who is vouched for, or else each; letters that only look alike are others', () => {
		const real = member('Bob', 'real', { isVerified: true, isAccount: true })
		expect(told('@Bob', member('bob', 'fake'), real)).toEqual(['@Bob real'])
		expect(told('@Bob', member('Bob', 'one'), member('Bob', 'two'))).toEqual(['@Bob one+two'])
		expect(told('@Bob', member('Воb', 'cyrillic'), real)).toEqual(['@Bob real'])
		// A verified one whose letters only look alike takes nothing from who is called so.
		expect(told('@Bob', member('Bob', 'plain'), member('Воb', 'odd', { isVerified: true }))).toEqual([
			'@Bob plain',
		])
	})

	it('[CH11] come from left to right, none in another, from whatever text and names', () => {
		const text = fc.array(fc.constantFrom('@', 'A', 'b', ' ', '明', '\u0301', '\ud83d', '👍'), {
			maxLength: 60,
		})
		fc.assert(
			fc.property(text, fc.array(text, { maxLength: 6 }), (characters, names) => {
				const said = characters.join('')
				let from = 0
				const people = names.map((name, i) => member(name.join('').slice(0, 32), String(i)))
				for (const { start, end, devices } of mentionsOf(said, people)) {
					expect(said[start]).toBe('@')
					expect(start).toBeGreaterThanOrEqual(from)
					expect(end).toBeGreaterThan(start + 1)
					expect(devices.length).toBeGreaterThan(0)
					from = end
				}
			}),
		)
	})
})
