import { describe, expect, it } from 'vitest'
import { createHandOver } from './hand-over.ts'

const memoryStorage = (): Storage => {
	const kept = new Map<string, string>()
	return {
		getItem: (key: string) => kept.get(key) ?? null,
		setItem: (key: string, value: string) => void kept.set(key, value),
		removeItem: (key: string) => void kept.delete(key),
		get length() {
			return kept.size
		},
	} as unknown as Storage
}
const film = { file: new File(['x'], 'film.webm') }
const subtitles = { file: new File(['x'], 'film.srt') }

describe('files on their way to a room', () => {
	it('[FM7] arrive once, at their own room, and leave nothing behind', () => {
		const storage = memoryStorage()
		const handOver = createHandOver(() => storage)
		handOver.leave('CODE', { films: [film], subtitles: [subtitles] })
		expect(handOver.take('OTHER')).toEqual({ type: 'none' })
		expect(handOver.take('CODE')).toEqual({ type: 'files', films: [film], subtitles: [subtitles] })
		expect(handOver.take('CODE')).toEqual({ type: 'none' })
		expect(storage.length).toBe(0)
	})

	it('[FM7] that were lost by loading the page anew are known by their names', () => {
		const storage = memoryStorage()
		createHandOver(() => storage).leave('CODE', { films: [film], subtitles: [subtitles] })
		const anew = createHandOver(() => storage)
		expect(anew.take('CODE')).toEqual({ type: 'lost', names: ['film.webm', 'film.srt'] })
		expect(anew.take('CODE')).toEqual({ type: 'none' })
	})

	it('[FM7] arrive also where the browser refuses storage; somebody else’s text is no file', () => {
		const refusing = createHandOver(() => {
			throw new DOMException('refused', 'SecurityError')
		})
		refusing.leave('CODE', { films: [film], subtitles: [] })
		expect(refusing.take('CODE').type).toBe('files')
		expect(refusing.take('CODE').type).toBe('none')
		const storage = memoryStorage()
		for (const text of ['{', '{"length":1}', '[1,null]', '[]']) {
			storage.setItem('matinee-first-files-CODE', text)
			expect(createHandOver(() => storage).take('CODE')).toEqual({ type: 'none' })
		}
	})
})
