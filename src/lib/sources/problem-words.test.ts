/**
 * Refusals in another language: what the sources write in English has its words there.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { afterEach, expect, it } from 'vitest'
import { useLanguage } from '#lib/words/language.ts'
import { linkProblems } from '#lib/words/zh/link-problems.ts'
import { describeProblem } from './describe-problem.ts'
import { parseLink } from './parse-link.ts'

afterEach(() => useLanguage('en'))

const texts = readdirSync(import.meta.dirname)
	.filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && file !== 'describe-problem.ts')
	.map((file) => readFileSync(`${import.meta.dirname}/${file}`, 'utf8'))
/** What pages are called: argument of `page` and `pageOf`, or the first of a line in a table. */
const things = texts.flatMap((text) =>
	[
		...text.matchAll(/(?:page|pageOf)\(\s*(?:'|")((?:a|an|the|what) [^'"]*(?:'s [^"]*)?)(?:'|")/g),
		...text.matchAll(/^\s*\[?(?:\w+: )?'((?:a|an|the|what) [a-zA-Z][^']*)'[,:]/gm),
	].map((match) => match[1] ?? ''),
)

it('[QV14] every thing that a link may be instead of a video has its words in Chinese', () => {
	expect(things.length).toBeGreaterThan(40)
	for (const thing of things) expect(linkProblems.thing(thing), thing).toMatch(/\p{Script=Han}/u)
})

it('[QV14] a refusal is a whole sentence in the language in force', async () => {
	await useLanguage('zh')
	const say = (text: string) => describeProblem(parseLink(text, { pageIsSecure: true }))
	for (const link of [
		'hello',
		'https://www.youtube.com/@channel',
		'https://www.twitch.tv/somebody/clips',
		'https://www.bilibili.com/bangumi/play/ep1',
		'https://vimeo.com/event/12345',
		'https://www.netflix.com/watch/1',
		'https://example.org/a.pdf',
		'file:///home/film.mp4',
		'magnet:?xt=urn:btih:0',
		'https://rumble.com/v1',
		'https://b23.tv/abc123',
		'https://www.youtube.com/playlist?list=PLabcdefghijklmnop',
	]) {
		const words = say(link)
		expect(words, link).toMatch(/\p{Script=Han}.*。$/u)
		expect(words, link).not.toMatch(/[a-z]+ [a-z]+ [a-z]+/)
	}
	expect(say('hello')).toContain('YouTube、')
})
