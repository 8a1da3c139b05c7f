/**
 * Values as they go over a port, which Chrome makes JSON of: maps, sets and numbers that are none get a shape of their
 * own, and what is missing stays missing.
 */
import { isPlainObject } from '#lib/core/schema.ts'

/** Marks what is not itself. An object of ours that has such a key is marked as well. */
const MARK = '~'

/** Plain data, lists, maps and sets. Throws on anything else: a bug, since it would not arrive. */
export const carry = (value: unknown): unknown => {
	switch (typeof value) {
		case 'string':
		case 'boolean':
			return value
		case 'number':
			return Number.isFinite(value) ? value : { [MARK]: 'number', of: String(value) }
		case 'undefined':
			return { [MARK]: 'nothing' }
		case 'object':
			break
		default:
			throw new TypeError(`a ${typeof value} goes over no port`)
	}
	if (value === null) return null
	if (Array.isArray(value)) return value.map(carry)
	if (value instanceof Map)
		return { [MARK]: 'map', of: [...value].map(([key, one]) => [carry(key), carry(one)]) }
	if (value instanceof Set) return { [MARK]: 'set', of: [...value].map(carry) }
	if (!isPlainObject(value)) throw new TypeError('only plain data goes over a port')
	const entries = Object.entries(value).filter(([, one]) => one !== undefined)
	const isMarked = Object.hasOwn(value, MARK)
	const made = entries.map(([key, one]) => [key, carry(one)] as const)
	return isMarked ? { [MARK]: 'object', of: made } : Object.fromEntries(made)
}

/** What `carry` was given. Undefined for what it never makes. */
export const uncarry = (value: unknown): unknown => {
	if (Array.isArray(value)) return value.map(uncarry)
	if (typeof value !== 'object' || value === null) return value
	if (!Object.hasOwn(value, MARK))
		return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, uncarry(one)]))
	const { [MARK]: mark, of } = value as { [MARK]?: unknown; of?: unknown }
	if (mark === 'number') return Number(of)
	if (!Array.isArray(of)) return undefined
	const values = of.map(uncarry)
	switch (mark) {
		case 'map':
			return new Map(values as [unknown, unknown][])
		case 'set':
			return new Set(values)
		case 'object':
			return Object.fromEntries(values as [string, unknown][])
		default:
			return undefined
	}
}
