/**
 * Numbers, lists and dates in the language in force. Formatters are costly to make and are kept.
 */
import { locale } from './language.ts'

const kept = new Map<string, unknown>()
const keep = <T>(kind: string, options: object, make: (locale: string) => T): T => {
	const tag = locale()
	const key = `${kind} ${tag} ${JSON.stringify(options)}`
	const known = kept.get(key) as T | undefined
	if (known !== undefined) return known
	const made = make(tag)
	kept.set(key, made)
	return made
}

export interface PluralForms {
	readonly one: string
	readonly other: string
}

/** The form for `count` by the rules of English; languages without plural write the number only. */
export const plural = (count: number, { one, other }: PluralForms): string => (count === 1 ? one : other)

const PLAIN: Intl.NumberFormatOptions = {}
/** Below it no language we speak sets marks: the first screen waits for no formatter, which takes a phone 50 ms. */
const MARKED_FROM = 1_000

/** With the marks for thousands that the language uses. */
export const formatNumber = (value: number, options = PLAIN): string =>
	options === PLAIN && Number.isInteger(value) && Math.abs(value) < MARKED_FROM && !Object.is(value, -0)
		? String(value)
		: keep('number', options, (tag) => new Intl.NumberFormat(tag, options)).format(value)

/** `fraction` 0 to 1. */
export const formatPercent = (fraction: number): string =>
	formatNumber(fraction, { style: 'percent', maximumFractionDigits: 0 })

/** "Ana, Bo and Cy". */
export const formatList = (parts: readonly string[], type: Intl.ListFormatType = 'conjunction'): string =>
	keep('list', { type }, (tag) => new Intl.ListFormat(tag === 'en' ? 'en-GB' : tag, { type })).format(parts)

/** `atMs`: by this device's clock and time zone. */
export const formatDate = (atMs: number, options: Intl.DateTimeFormatOptions): string =>
	keep('date', options, (tag) => new Intl.DateTimeFormat(tag, options)).format(atMs)
