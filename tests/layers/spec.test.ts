/**
 * docs/spec.md and the tests, both ways: no rule without a test, no test id without a rule.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readSources, ROOT } from '../support/source-files.ts'

const RULE = /\*\*([A-Z]{2}\d+)\*\*/g
const ID_IN_TEST = /\[((?:[A-Z]{2}\d+)(?:, ?[A-Z]{2}\d+)*)\]/g

const rules = Array.from(
	readFileSync(join(ROOT, 'docs/spec.md'), 'utf8').matchAll(RULE),
	(match) => match[1] ?? '',
)
const tested = new Set(
	readSources(
		['src', 'signaling', 'tests', 'extension/src'],
		/\.(test|spec)\.ts$|\/contract\.ts$|-contract\.ts$/,
	).flatMap((file) =>
		Array.from(file.text.matchAll(ID_IN_TEST)).flatMap((match) => (match[1] ?? '').split(/, ?/)),
	),
)

it('every rule stands in the specification once', () => {
	expect(rules.filter((rule, index) => rules.indexOf(rule) !== index)).toEqual([])
	expect(rules.length).toBeGreaterThan(20)
})

it('every rule of the specification has a test that names it', () => {
	expect(rules.filter((rule) => !tested.has(rule))).toEqual([])
})

it('every rule that a test names stands in the specification', () => {
	expect([...tested].filter((id) => !rules.includes(id))).toEqual([])
})
