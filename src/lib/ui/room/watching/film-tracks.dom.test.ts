import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/svelte'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ItemId } from '#lib/core/units.ts'
import { createFakeRoom } from '../../testing.ts'
import { choices } from './choices.svelte.ts'
import { filmTracks, showFilmTrack, showInWindow, watchFilmTracks } from './film-tracks.ts'
import SubtitlesPart from './SubtitlesPart.svelte'

/** jsdom has no tracks: as a browser has them. */
class FakeTrack {
	mode = 'disabled'
	readonly id = ''
	readonly kind: string
	readonly label: string
	readonly language: string
	private kept: unknown[] = []
	constructor(kind: string, label: string, language: string) {
		this.kind = kind
		this.label = label
		this.language = language
	}
	/** Not to be read while it is off. */
	get cues() {
		return this.mode === 'disabled' ? null : this.kept
	}
	addCue(cue: unknown) {
		this.kept.push(cue)
	}
	removeCue(cue: unknown) {
		this.kept = this.kept.filter((one) => one !== cue)
	}
}
class FakeList extends EventTarget {
	readonly all: FakeTrack[]
	constructor(all: FakeTrack[]) {
		super()
		this.all = all
	}
	[Symbol.iterator]() {
		return this.all[Symbol.iterator]()
	}
}
class FakeCue {
	text = ''
	readonly startTime: number
	readonly endTime: number
	constructor(startTime: number, endTime: number) {
		this.startTime = startTime
		this.endTime = endTime
	}
}

let list: FakeList
let film: HTMLVideoElement
beforeEach(() => {
	vi.stubGlobal('VTTCue', FakeCue)
	list = new FakeList([
		new FakeTrack('metadata', 'chapters', ''),
		new FakeTrack('subtitles', ' Deutsch ', 'de'),
		new FakeTrack('captions', '', 'en'),
	])
	film = document.createElement('video')
	Object.defineProperty(film, 'textTracks', { value: list })
	Object.defineProperty(film, 'addTextTrack', {
		value: (kind: string, label: string) => {
			const track = new FakeTrack(kind, label, '')
			list.all.push(track)
			return track
		},
	})
	const stage = document.createElement('div')
	stage.className = 'stage'
	stage.append(film)
	document.body.append(stage)
})
afterEach(() => {
	cleanup()
	vi.unstubAllGlobals()
	document.body.replaceChildren()
	choices.turnOff()
	choices.turn(true)
})

describe('subtitles that the film brings', () => {
	it('[WT15] are those of its tracks that are to be read, and one is shown at most', () => {
		expect(filmTracks(film)).toEqual([
			{ index: 1, label: 'Deutsch', language: 'de', isShown: false },
			{ index: 2, label: '', language: 'en', isShown: false },
		])
		showFilmTrack(film, 2)
		showFilmTrack(film, 1)
		expect(list.all.map(({ mode }) => mode)).toEqual(['disabled', 'showing', 'disabled'])
		showFilmTrack(film, null)
		expect(list.all.map(({ mode }) => mode)).toEqual(['disabled', 'disabled', 'disabled'])
		expect(filmTracks(null)).toEqual([])
	})
	it('[WT15] that come or go later are heard of, until nobody asks', () => {
		const seen: number[] = []
		const off = watchFilmTracks(film, (tracks) => seen.push(tracks.length))
		list.all.push(new FakeTrack('subtitles', 'Français', 'fr'))
		list.dispatchEvent(new Event('addtrack'))
		off()
		list.dispatchEvent(new Event('change'))
		expect(seen).toEqual([2, 3])
	})
	it('[WT15] stand among the room’s in the panel; one of the two is shown', async () => {
		const { props } = createFakeRoom('film', {}, {})
		const item = props.state.queue.current?.id as ItemId
		const room = { ...props, player: { ...props.player, state: 'playing' as const } }
		render(SubtitlesPart, { room, nameOf: () => ({ name: 'Ana', seat: 1, isMe: false }) })
		const box = screen.getByRole<HTMLSelectElement>('combobox', { name: 'Shown to you' })
		const texts = () => [...box.options].map(({ text }) => text)
		expect(texts()).toContain('Deutsch, from the film')
		expect(texts()).toContain('English, from the film')
		await fireEvent.change(box, { target: { selectedIndex: texts().indexOf('Deutsch, from the film') } })
		expect(list.all[1]?.mode).toBe('showing')
		expect(choices.shown(props.state.subtitles, item)).toBeNull()
		list.dispatchEvent(new Event('change'))
		await waitFor(() => expect(box.selectedOptions[0]?.text).toBe('Deutsch, from the film'))
		await fireEvent.change(box, { target: { selectedIndex: 0 } })
		expect(list.all[1]?.mode).toBe('disabled')
	})
})

describe('subtitles in the film’s own window', () => {
	it('[WT16] are one track of the film, filled anew each time, taken away again, and no choice of the film’s', () => {
		const cues = [
			{ startS: 0, endS: 1, text: 'gone before it begins' },
			{ startS: 4, endS: 6, text: 'a <b> & c' },
		]
		const hide = showInWindow(film, cues, -2)
		const ours = list.all.at(-1)
		expect(ours).toMatchObject({ kind: 'subtitles', mode: 'showing' })
		expect(ours?.cues).toMatchObject([{ startTime: 2, endTime: 4, text: 'a &lt;b&gt; &amp; c' }])
		expect(filmTracks(film)).toHaveLength(2)
		hide()
		expect(ours?.mode).toBe('disabled')
		showInWindow(film, cues, 0)
		expect(list.all).toHaveLength(4)
		expect(ours?.cues).toHaveLength(2)
	})
})
