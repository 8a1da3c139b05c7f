import { expect, it } from 'vitest'
import { sharedLink } from './shared-link.ts'

const from = (params: Record<string, string>) => sharedLink(new URLSearchParams(params))

it.each([
	['?url=https%3A%2F%2Fv.example%2Fa', 'https://v.example/a'],
	['?url=%2Ffilm%2Fsaltmarsh.webm', '/film/saltmarsh.webm'],
	['?text=See%20this%3A%20https%3A%2F%2Fv.example%2Fa%3Fb%3D1%20now', 'https://v.example/a?b=1'],
	['?url=&text=https%3A%2F%2Fv.example%2Fa&title=A', 'https://v.example/a'],
	['?url=not%20a%20link', 'not a link'],
	['?text=no%20link&title=A', 'no link'],
	['?new', ''],
	['', ''],
])('[OF11] the front page at %s has %j in its field', async (query, link) => {
	expect(await sharedLink(new URLSearchParams(query))).toBe(link)
})

it.each([
	// As their share sheets write them.
	[
		'YouTube, Android',
		{ title: 'A film', text: 'https://youtu.be/dQw4w9WgXcQ?si=x' },
		'https://youtu.be/dQw4w9WgXcQ?si=x',
	],
	['哔哩哔哩', { text: '【四点十分开往盐沼-哔哩哔哩】 https://b23.tv/AbC123x' }, 'https://b23.tv/AbC123x'],
	[
		'a browser that shares the title too',
		{ title: 'Film', text: 'Film https://v.example/film.mp4', url: '' },
		'https://v.example/film.mp4',
	],
	['an app that has only a title', { title: 'Look: https://vimeo.com/12345.' }, 'https://vimeo.com/12345'],
	[
		'text without a space before what follows',
		{ text: '看这个https://youtu.be/dQw4w9WgXcQ，好看' },
		'https://youtu.be/dQw4w9WgXcQ',
	],
	['text in the field for links', { url: 'Film: https://v.example/a.mp4' }, 'https://v.example/a.mp4'],
])('[FM8] what %s shares stands in the field as its link', async (_who, params, link) => {
	expect(await from(params)).toBe(link)
})
