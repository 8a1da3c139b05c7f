import { describe, expect, it } from 'vitest'
import type { Device } from './device.ts'
import { dayText } from '#lib/words/day-words.ts'
import { createHome } from './home.ts'
import { appUrlOf } from './app-path.ts'
import { readBack } from './sign-in-return.ts'

describe('days as people say them', () => {
	const now = new Date(2026, 10, 21, 15).getTime()
	it.each([
		[new Date(2026, 10, 21, 0, 5), 'Today'],
		[new Date(2026, 10, 20, 23, 55), 'Yesterday'],
		[new Date(2026, 10, 19, 12), 'Last Thursday'],
		[new Date(2026, 10, 2, 12), '2 November'],
		[new Date(2025, 10, 2, 12), '2 November 2025'],
	])('[SS20] %s is %s', (date, words) => {
		expect(dayText(date.getTime(), now)).toBe(words)
	})
})

describe('starting a room', () => {
	const homeWhere = (why: string, page = 'https://watch.example/') => {
		const device = {
			name: async () => 'Teal Wren',
			identity: { token: async () => null, whyNone: () => why },
			api: {
				trouble: () => ({
					type: 'origin-refused',
					server: 'https://api.example',
					origin: 'https://pages.example',
				}),
			},
		} as unknown as Device
		return createHome({ device, pageUrl: new URL(page), handOver: {} as Storage })
	}
	const start = (why: string, link: string, password = '', page?: string) =>
		homeWhere(why, page).start(link, { title: '', password })
	it.each(['guests-off', 'door-closed'])(
		'[SS63] %s: first to the sign-in page, and back with the link',
		async (why) => {
			for (const [link, back] of [
				['', '/'],
				['https://films.example/a.mp4', '/?url=https%3A%2F%2Ffilms.example%2Fa.mp4'],
			] as const) {
				const outcome = await start(why, link)
				const url = new URL(outcome.type === 'go' ? outcome.href : '', 'https://watch.example')
				expect(url.pathname).toBe('/login')
				expect(readBack(url.hash, appUrlOf(url))).toBe(back)
			}
		},
	)
	it('[DE2] below a path of a host the way to the sign-in page and back stays there', async () => {
		const page = 'https://watch.example/watch/'
		const outcome = await start('guests-off', 'https://films.example/a.mp4', '', page)
		const url = new URL(outcome.type === 'go' ? outcome.href : '', page)
		expect(url.pathname).toBe('/watch/login')
		expect(readBack(url.hash, appUrlOf(url))).toBe('/watch/?url=https%3A%2F%2Ffilms.example%2Fa.mp4')
	})
	it('[DE4] where somebody has to mend the way to the server first, that is said instead', async () => {
		expect(await start('unreachable', '')).toMatchObject({
			type: 'refused',
			field: 'room',
			message: expect.stringContaining('ALLOWED_ORIGINS=https://pages.example') as string,
		})
	})
	it('[SS63] a password that cannot be one is told before anything is made', async () => {
		expect(await start('guests-off', '', '\ud800')).toMatchObject({ type: 'refused', field: 'room' })
	})
	it('[FM4] several links are a list, and come back with the person as they were pasted', async () => {
		const links = 'https://films.example/a.mp4 https://films.example/b.mp4'
		const outcome = await start('guests-off', links)
		const url = new URL(outcome.type === 'go' ? outcome.href : '', 'https://watch.example')
		const back = new URL(readBack(url.hash, appUrlOf(url)) ?? '', 'https://watch.example')
		expect(back.searchParams.get('url')?.split(/\s+/)).toEqual(links.split(' '))
	})
	it('[FM4] several links of which none plays are refused with what is wrong', async () => {
		const outcome = await start('none', 'https:// https://')
		expect(outcome).toMatchObject({ type: 'refused', field: 'link' })
		expect(outcome.type === 'refused' && outcome.message).not.toBe('')
	})
	it.each([
		['guests-off', /Sign in first/],
		['door-closed', /door password first/],
	])('[FM9] %s: with a file it is said what comes first, and the page stays', async (why, words) => {
		const file = (name: string, text: string) => ({ file: new File([text], name) })
		const outcome = await homeWhere(why).startFiles(
			[
				file('list.txt', 'https://films.example/a.mp4'),
				file('film.srt', '1\n00:00:01,000 --> 00:00:02,000\nHello\n'),
			],
			{ title: '', password: '' },
		)
		expect(outcome).toMatchObject({ type: 'refused', field: 'room' })
		expect(outcome.type === 'refused' && outcome.message).toMatch(words)
	})
	it('[FM5] what is no film is refused before anything is made', async () => {
		const outcome = await homeWhere('none').startFiles([], { title: '', password: '' })
		expect(outcome).toMatchObject({ type: 'refused', field: 'link' })
	})
})
