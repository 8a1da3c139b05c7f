import { expect, it } from 'vitest'
import { sharedLink } from './shared-link.ts'

it.each([
	['?url=https%3A%2F%2Fv.example%2Fa', 'https://v.example/a'],
	['?text=See%20this%3A%20https%3A%2F%2Fv.example%2Fa%3Fb%3D1%20now', 'https://v.example/a?b=1'],
	['?url=&text=https%3A%2F%2Fv.example%2Fa&title=A', 'https://v.example/a'],
	['?url=not%20a%20link', 'not a link'],
	['?text=no%20link&title=A', ''],
	['?new', ''],
	['', ''],
])('[OF11] the front page at %s has %j in its field', (query, link) => {
	expect(sharedLink(new URLSearchParams(query))).toBe(link)
})
