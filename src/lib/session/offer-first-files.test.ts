import { describe, expect, it } from 'vitest'
import type { OfferOutcome } from '#lib/core/own-files.ts'
import type { ItemId } from '#lib/core/units.ts'
import type { TakenFiles } from './hand-over.ts'
import { offerFirstFiles } from './offer-first-files.ts'

const film = { file: new File(['x'], 'film.webm') }
const srt = { file: new File(['x'], 'film.srt') }

const offer = async (
	taken: Exclude<TakenFiles, { type: 'none' }>,
	outcome: OfferOutcome = { type: 'added', item: 'i1' as ItemId, title: 'film' },
) => {
	const said: unknown[] = []
	await offerFirstFiles(taken, {
		files: {
			offerFile: async (file) => {
				said.push(['offer', file.name])
				return outcome
			},
		},
		shareSubtitles: async (file) => {
			said.push(['subtitles', file.name])
			return { type: 'refused', message: 'Too long.' }
		},
		tell: (text) => said.push(['tell', text]),
		tellProblem: (text) => said.push(['problem', text]),
	})
	return said
}

describe('in the room', () => {
	it('[FM3] the films are offered, then their subtitles are given to all, and what fails is told', async () => {
		expect(await offer({ type: 'files', films: [film], subtitles: [srt] })).toEqual([
			['offer', 'film.webm'],
			['subtitles', 'film.srt'],
			['problem', 'Too long.'],
		])
		expect(await offer({ type: 'files', films: [film], subtitles: [] }, { type: 'not-fetched' })).toEqual([
			['offer', 'film.webm'],
			['problem', '“film.webm” could not be put into the queue. Choose it again here'],
		])
		expect(
			await offer(
				{ type: 'files', films: [film], subtitles: [] },
				{ type: 'not-added', message: 'The queue is full.' },
			),
		).toContainEqual(['problem', 'The queue is full.'])
	})

	it('[FM7] what was lost on the way is named', async () => {
		expect(await offer({ type: 'lost', names: ['film.webm', 'film.srt'] })).toEqual([
			[
				'problem',
				'The page was loaded anew on the way, and film.webm and film.srt did not come along. Choose them again here',
			],
		])
	})
})
