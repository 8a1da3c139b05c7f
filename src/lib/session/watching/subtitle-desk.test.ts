import { describe, expect, it } from 'vitest'
import type { CommandOutcome, NewSubtitles } from '#lib/core/room.ts'
import type { SubtitleFile } from '#lib/core/state.ts'
import type { SubtitleId } from '#lib/core/units.ts'
import { pack, unpack } from './packing.ts'
import { createSubtitleDesk, languageOfName } from './subtitle-desk.ts'

const SRT = '1\n00:00:01,000 --> 00:00:02,000\nHello\n\n2\n00:00:03,000 --> 00:00:04,000\n<b>there</b>\n'
const ID = 'device.file' as SubtitleId

const fileOf = (name: string, text: string) => new File([text], name)
const deskWith = (answer: CommandOutcome = { type: 'done', subtitles: ID }, hasItem = true) => {
	const given: NewSubtitles[] = []
	let reads = 0
	const desk = createSubtitleDesk({
		room: {
			state: () =>
				({
					queue: { current: hasItem ? { id: 'item' } : null },
					subtitles: given.map(({ size }) => ({ id: ID, size }) as SubtitleFile),
				}) as never,
			subtitles: {
				share: async (next) => {
					given.push(next)
					return answer
				},
				remove: async () => answer,
				read: () => {
					reads++
					return (given.at(-1)?.packed as Uint8Array<ArrayBuffer> | undefined) ?? null
				},
			},
		},
	})
	return { desk, given, reads: () => reads }
}
const AUTO = { encoding: null }

describe('subtitles from a file', () => {
	it('[WT2] are given to all as they were read, and read back the same', async () => {
		const { desk, given, reads } = deskWith()
		const added = await desk.share(fileOf('film.en.srt', SRT), AUTO)
		expect(added).toEqual({
			type: 'added',
			subtitles: ID,
			encoding: 'utf-8',
			message: 'film.en.srt was added for everybody.',
		})
		expect(given[0]).toMatchObject({ item: 'item', name: 'film.en.srt', language: 'en', format: 'srt' })
		const cues = [
			{ startS: 1, endS: 2, text: 'Hello' },
			{ startS: 3, endS: 4, text: 'there' },
		]
		expect(await desk.read(ID)).toEqual({ type: 'read', cues })
		await desk.read(ID)
		expect(reads()).toBe(1)
	})
	it('[WT2] that cannot be are refused for what they are', async () => {
		const says = async (file: File, answer?: CommandOutcome) => {
			const result = await deskWith(answer).desk.share(file, AUTO)
			return result.type === 'refused' ? result.message : null
		}
		expect(await says(fileOf('a.srt', ''))).toBe('There is nothing in a.srt.')
		expect(await says(fileOf('a.srt', 'a novel'))).toMatch(/holds no subtitles that can be read/)
		expect(await says(fileOf('a.srt', 'x'.repeat(1_100_000)))).toMatch(/a file may have 1 million characters/)
		expect(await says(fileOf('a.srt', SRT), { type: 'too-big', what: 'subtitles', limit: 1 })).toMatch(
			/too large to be given/,
		)
		const gone = {
			...fileOf('a.srt', SRT),
			name: 'a.srt',
			size: 9,
			arrayBuffer: () => Promise.reject(new Error()),
		}
		expect(await says(gone as File)).toMatch(/could not be read from the disk/)
		const { desk } = deskWith(undefined, false)
		expect(await desk.share(fileOf('a.srt', SRT), AUTO)).toMatchObject({ type: 'refused' })
		expect(await desk.share(fileOf('a.srt', SRT), { encoding: 'utf-8' })).toMatchObject({ type: 'refused' })
	})
	it('[WT2] of which a part cannot be read say so', async () => {
		const { desk } = deskWith()
		const broken = `${SRT}\n3\n00:00:09,000 --> 00:00:08,000\nbackwards\n`
		expect(await desk.share(fileOf('a.srt', broken), AUTO)).toMatchObject({
			message: 'a.srt was added for everybody, without 1 place that could not be read.',
		})
	})
	it('[WT2] have the language that their name says, if that is one', () => {
		expect(languageOfName('Film.2020.en.srt')).toBe('en')
		expect(languageOfName('film.zh-hans.vtt')).toBe('zh-Hans')
		expect(languageOfName('film_pt-BR.srt')).toBe('pt-BR')
		for (const name of ['film.srt', 'The.End.Qqx.srt', 'en.txt', '']) expect(languageOfName(name)).toBeNull()
	})
})

describe('subtitles from others', () => {
	it('[WT4] unpack to what their giver said and no further, and damaged ones are told', async () => {
		const bytes = new TextEncoder().encode(SRT)
		const packed = await pack(bytes)
		expect(await unpack(packed, bytes.length)).toEqual({ type: 'unpacked', bytes })
		expect(await unpack(packed, bytes.length - 1)).toEqual({ type: 'damaged' })
		expect(await unpack(packed, bytes.length + 1)).toEqual({ type: 'damaged' })
		expect(await unpack(packed.slice(0, 9), bytes.length)).toEqual({ type: 'damaged' })
		expect(await unpack(Uint8Array.of(1, 2, 3), 9)).toEqual({ type: 'damaged' })
		const bomb = await pack(new Uint8Array(8 * 1024 * 1024))
		expect(bomb.length).toBeLessThan(10_000)
		expect(await unpack(bomb, 1024)).toEqual({ type: 'damaged' })
	})
	it('[WT4] that hold no cues, or are not here, are not shown', async () => {
		const { desk, given } = deskWith()
		expect(await desk.read(ID)).toMatchObject({ message: 'These subtitles have not come here whole yet.' })
		const text = new TextEncoder().encode('no cues at all')
		given.push({ packed: await pack(text), size: text.length } as unknown as NewSubtitles)
		expect(await desk.read(ID)).toMatchObject({ message: 'These subtitles are damaged and cannot be shown.' })
	})
})
