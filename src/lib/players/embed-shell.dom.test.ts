import { describe, expect, it } from 'vitest'
import { createEmbedShell, type EmbedShell, type EmbedShellOptions } from './embed-shell.ts'
import type { PlayerEvent } from './player.ts'
import { createVirtualTime, type VirtualTime } from './virtual-time.ts'

const setUp = (
	options: Partial<EmbedShellOptions> = {},
): { shell: EmbedShell; time: VirtualTime; told: PlayerEvent[] } => {
	const time = createVirtualTime()
	const stage = document.createElement('div')
	document.body.append(stage)
	const shell = createEmbedShell(
		stage,
		{ src: 'https://films.example/embed', title: 'Films player', site: 'Films', ...options },
		{
			local: time.now,
			wall: time.now,
			setTimer: (fn, ms) => time.after(ms, fn),
			pageOrigin: 'https://matinee.example',
			language: 'en',
		},
	)
	const told: PlayerEvent[] = []
	shell.on((event) => told.push(event))
	return { shell, time, told }
}
const hide = (isHidden: boolean): void => {
	Object.defineProperty(document, 'hidden', { configurable: true, value: isHidden })
	document.dispatchEvent(new Event('visibilitychange'))
}

describe('what all embeds have in common', () => {
	it('[PL43] silence for 12 s is no answer, nonsense alone is nonsense, one good word ends the wait', async () => {
		const silent = setUp()
		await silent.time.advance(11_999)
		expect(silent.shell.state().type).toBe('loading')
		await silent.time.advance(1)
		expect(silent.told).toEqual([
			{ type: 'state', state: { type: 'failed', failure: { type: 'no-answer', site: 'Films' } } },
		])
		const puzzling = setUp()
		puzzling.shell.puzzled({ hello: 'x'.repeat(500) })
		puzzling.shell.puzzled('more')
		await puzzling.time.advance(12_000)
		const state = puzzling.shell.state()
		const failure = state.type === 'failed' ? state.failure : null
		expect(failure).toEqual({ type: 'nonsense', site: 'Films', detail: `{"hello":"${'x'.repeat(50)}` })
		const heard = setUp()
		heard.shell.heard()
		await heard.time.advance(60_000)
		expect(heard.shell.state().type).toBe('loading')
		const mute = setUp({ isTalking: false })
		await mute.time.advance(60_000)
		expect(mute.told).toEqual([])
	})
	it('[PL43] states and facts are told when they change; after a failure or the end nothing is', async () => {
		const { shell, time, told } = setUp()
		shell.setState('ready')
		shell.setState('ready')
		shell.setFacts({ durationS: 90 })
		shell.setFacts({ durationS: 90, isLive: false })
		shell.setVolume(0.5, false)
		shell.setVolume(0.5, false)
		expect(told.map(({ type }) => type)).toEqual(['state', 'facts', 'volume'])
		let ticks = 0
		shell.every(100, () => (ticks += 1))
		await time.advance(350)
		expect(ticks).toBe(3)
		shell.fail({ type: 'removed' })
		shell.fail({ type: 'age' })
		shell.setState('playing')
		shell.setFacts({ durationS: 5 })
		shell.intent('play', 3)
		await time.advance(1_000)
		expect(ticks).toBe(3)
		expect(told.slice(3)).toEqual([
			{ type: 'state', state: { type: 'failed', failure: { type: 'removed' } } },
		])
		expect(shell.frame.element.isConnected).toBe(true)
		shell.dispose()
		shell.dispose()
		expect(shell.frame.element.isConnected).toBe(false)
		expect(shell.isOver()).toBe(true)
	})
	it('[PL44] nothing is a person’s within 700 ms of a disturbance, or while the page is hidden', async () => {
		const { shell, time } = setUp()
		expect(shell.isPersons()).toBe(false)
		await time.advance(700)
		expect(shell.isPersons()).toBe(true)
		shell.disturbed()
		await time.advance(699)
		expect(shell.isPersons()).toBe(false)
		await time.advance(1)
		expect(shell.isPersons()).toBe(true)
		hide(true)
		await time.advance(5_000)
		expect(shell.isPersons()).toBe(false)
		hide(false)
		await time.advance(699)
		expect(shell.isPersons()).toBe(false)
		await time.advance(1)
		expect(shell.isPersons()).toBe(true)
	})
	it('[PL44] only the frame’s own window and origin are heard', () => {
		const { shell } = setUp()
		const heard: unknown[] = []
		shell.frame.onMessage((data) => heard.push(data))
		const source = shell.frame.element.contentWindow
		const say = (init: MessageEventInit): boolean => window.dispatchEvent(new MessageEvent('message', init))
		say({ data: 'ours', origin: 'https://films.example', source: window })
		say({ data: 'elsewhere', origin: 'https://films.example.evil', source })
		say({ data: 'nobody', origin: 'https://films.example' })
		say({ data: 'it', origin: 'https://films.example', source })
		expect(heard).toEqual(['it'])
		shell.dispose()
		say({ data: 'late', origin: 'https://films.example', source })
		expect(heard).toEqual(['it'])
	})
})
