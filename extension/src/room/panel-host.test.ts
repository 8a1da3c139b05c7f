import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Action } from '#lib/core/roles.ts'
import type { DeviceId, ItemId, MessageId, SubjectId } from '#lib/core/units.ts'
import type { RoomSession } from '#lib/session/open-room.ts'
import type { RoomModel } from '#lib/session/room-model.ts'
import * as made from '#lib/ui/made-up.ts'
import type { RoomCommands } from '#lib/ui/props.ts'
import { createRemoteRoom } from '../panel/remote-room.ts'
import type { RemoteRoom, RemoteRoomLine, RemoteState } from '../panel/panel-room.ts'
import { createPortPair, type PortPair } from '../wire/fake-ports.ts'
import { fromPage, toPage, type FromPage, type ToPage } from '../wire/page-messages.ts'
import { ASKED, TOLD } from '../wire/panel-messages.ts'
import { createLine, type Line, type RawPort } from '../wire/port.ts'
import { createPages } from './pages.ts'
import { createPanelHost, MODEL_EVERY_MS, WORD_WITHIN_MS, type PanelHost } from './panel-host.ts'
import { WORD_FOR_MS } from './panel-words.ts'

const ID = 'abcdefghijklmnopabcdefghijklmnop'
const OWN = `chrome-extension://${ID}/`
const TAB = 7
const WAY_MS = 2
const FRAME = { id: ID, url: `${OWN}panel.html`, frameId: 4, tab: { id: TAB } }

/** Moves when it is told to, and whatever is due runs at once. */
const time = {
	now: () => Date.now(),
	after: (ms: number, fn: () => void): (() => void) => {
		const timer = setTimeout(fn, ms)
		return () => clearTimeout(timer)
	},
	advance: (ms: number) => void vi.advanceTimersByTime(ms),
}

type Asked = readonly [name: string, ...args: unknown[]]

let tab: number | null
let page: PageEnd | null
let host: PanelHost
let room: FakeSession | null
let bytes: number
let added: boolean[]
/** So much the panel's clock is ahead of the room's. */
let aheadMs: number

interface PageEnd {
	readonly line: Line<FromPage, ToPage>
	readonly heard: ToPage[]
	readonly close: () => void
}
const openPage = (): PageEnd => {
	const pair = createPortPair((fn) => fn())
	const line = createLine<FromPage, ToPage>(pair.here, fromPage)
	const script = createLine<ToPage, FromPage>(pair.there, toPage)
	const heard: ToPage[] = []
	script.on((message) => heard.push(message))
	return { line, heard, close: script.close }
}

type FakeSession = ReturnType<typeof createFakeSession>
/** A made-up room that writes down what it is asked. */
const createFakeSession = (scene: made.Scene = 'film') => {
	const asked: Asked[] = []
	const answers = new Map<string, () => unknown>()
	const models = new Set<(model: RoomModel) => void>()
	const floats = new Set<(float: { emoji: string; by: DeviceId }) => void>()
	let reads = 0
	let model: RoomModel = {
		state: made.stateOf(scene),
		people: made.peopleOf(scene),
		connection: made.connections['ready']!,
		player: made.playerOf(scene),
		status: null,
		toast: null,
		invite: { link: 'chrome-extension://x/r#CODE', code: 'CODE', canShare: true },
		driftMs: 4,
		lock: { hasPassword: false, canBeOrderedAtServer: true },
		leftBehind: [],
		own: { soundDelayMs: 0, doesShareFigures: false, hidesAddress: false, toleranceMs: 40 },
		unplayable: made.unplayable,
		lookAlikes: made.lookAlikesOf(scene),
	}
	let typing: readonly DeviceId[] = []
	const commands = new Proxy(
		{},
		{
			get: (_all, name: string) => {
				if (name === 'stats') return () => made.stats()
				return (...args: unknown[]) => {
					asked.push([name, ...args])
					const answer = answers.get(name)
					return answer === undefined ? Promise.resolve({ type: 'done' }) : answer()
				}
			},
		},
	)
	const session = {
		model: () => {
			reads++
			return model
		},
		onChange: (fn: (model: RoomModel) => void) => {
			models.add(fn)
			return () => models.delete(fn)
		},
		canDo: (action: Action) => (action === 'grant' ? 'Only the owner' : null),
		canUndo: (id: string) => (id === '' ? 'This cannot be undone' : null),
		nowMs: () => made.NOW + time.now(),
		commands,
		live: {
			typing: () => typing,
			setTyping: (isTyping: boolean) => asked.push(['setTyping', isTyping]),
			float: (emoji: string) => asked.push(['float', emoji]),
			onFloat: (fn: (float: { emoji: string; by: DeviceId }) => void) => {
				floats.add(fn)
				return () => floats.delete(fn)
			},
		},
	} as unknown as RoomSession
	return {
		session,
		asked,
		answers,
		reads: () => reads,
		listeners: () => models.size + floats.size,
		model: () => model,
		change: (next: Partial<RoomModel>) => {
			model = { ...model, ...next }
			for (const fn of models) fn(model)
		},
		setTyping: (devices: readonly DeviceId[]) => {
			typing = devices
			for (const fn of models) fn(model)
		},
		float: (emoji: string) => {
			for (const fn of floats) fn({ emoji, by: model.state.me })
		},
	}
}

beforeEach(() => {
	vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 1_000_000 })
	aheadMs = 0
	tab = TAB
	page = openPage()
	room = createFakeSession()
	bytes = 0
	added = []
	host = createPanelHost({
		ownId: ID,
		ownUrl: OWN,
		random: { bytes: (count) => new Uint8Array(count).fill(++bytes) },
		local: time.now,
		setTimer: (fn, ms) => time.after(ms, fn),
		session: () => room?.session ?? null,
		link: () => 'https://watch.example/r#CODE',
		tab: () => tab,
		line: () => page?.line ?? null,
		page: () => ({ obstacle: 'ad', url: 'https://site.example/watch', note: null, site: null }),
		addPage: async (isNow) => {
			added.push(isNow)
			return { type: 'refused', message: 'Not this one' }
		},
	})
	host.review()
})

afterEach(() => {
	vi.useRealTimers()
})

interface PanelEnd {
	readonly line: RemoteRoomLine
	readonly states: RemoteState[]
	readonly pair: PortPair
	/** Every message of the room's, as it stands on the wire. */
	readonly wire: Record<string, unknown>[]
	readonly copied: string[]
	readonly room: () => RemoteRoom
}
const wordNow = (): string => host.wordFor(page!.line) ?? 'AAAAAAAAAAAAAAAAAAAAAA'
const openPanel = (word: string = wordNow(), sender: RawPort['sender'] = FRAME): PanelEnd => {
	const pair = createPortPair((fn) => time.after(WAY_MS, fn), sender)
	host.take(pair.here)
	const wire: Record<string, unknown>[] = []
	pair.there.onMessage.addListener((message) => wire.push(message as Record<string, unknown>))
	const copied: string[] = []
	const line = createRemoteRoom({
		port: pair.there,
		word,
		local: () => time.now() + aheadMs,
		copy: async (text) => {
			copied.push(text)
			return true
		},
		share: null,
	})
	const states: RemoteState[] = []
	line.onState((state) => states.push(state))
	const end: PanelEnd = {
		line,
		states,
		pair,
		wire,
		copied,
		room: () => {
			const state = line.state()
			if (state.type !== 'open') throw new Error(`no room: ${state.type}`)
			return state.room
		},
	}
	time.advance(10 * WAY_MS)
	return end
}
/** Lets what was sent arrive and be answered. */
const settle = async (): Promise<void> => {
	for (let i = 0; i < 8; i++) {
		await Promise.resolve()
		time.advance(WAY_MS)
	}
	await new Promise((resolve) => setImmediate(resolve))
	time.advance(4 * WAY_MS)
	await new Promise((resolve) => setImmediate(resolve))
}
const models = (panel: PanelEnd) => panel.wire.filter(({ type }) => type === 'model')
const partsOf = (message: Record<string, unknown> | undefined) =>
	(message?.['changes'] as { part: string }[] | undefined)?.map(({ part }) => part)

describe('the word', () => {
	it('[XT15] a panel that says the word of its page is shown the room', () => {
		const panel = openPanel()
		expect(panel.states.map(({ type }) => type)).toEqual(['open'])
		expect(panel.room().model().state).toEqual(room!.model().state)
	})
	it('[XT15] no word is given to a page that is not in the room’s tab, and none while there is no room', () => {
		expect(host.wordFor(openPage().line)).toBeNull()
		room = null
		tab = null
		host.review()
		expect(host.wordFor(page!.line)).toBeNull()
	})
	it.each<[string, () => string, RawPort['sender']]>([
		['a word that nobody gave', () => 'AAAAAAAAAAAAAAAAAAAAAA', FRAME],
		['no word', () => '', FRAME],
		['a frame in another tab', wordNow, { ...FRAME, tab: { id: 8 } }],
		['a frame in no tab', wordNow, { ...FRAME, tab: undefined }],
	])('[XT15] %s is shown nothing', (_name, word, sender) => {
		const panel = openPanel(word(), sender)
		time.advance(WORD_WITHIN_MS)
		expect(panel.line.state().type).toBe('ended')
		expect(panel.wire.filter(({ type }) => type !== 'ended')).toEqual([])
	})
	it('[XT15] the word comes over the page’s own port, and only over the newest of its tab', () => {
		const pages = createPages({
			ownId: ID,
			setTimer: (fn, ms) => time.after(ms, fn),
			onChange: () => undefined,
			onPanelLost: () => undefined,
			wordFor: (line) => {
				page = { ...page!, line }
				host.review()
				return host.wordFor(line)
			},
		})
		const call = () => {
			const pair = createPortPair((fn) => fn(), {
				id: ID,
				frameId: 0,
				url: 'https://a.example',
				tab: { id: TAB },
			})
			const heard: unknown[] = []
			pair.there.onMessage.addListener((message) => heard.push(message))
			pages.take(pair.here)
			return { ask: () => pair.there.postMessage({ type: 'panel-word' }), heard }
		}
		const [before, now] = [call(), call()]
		expect(before.ask).toThrow()
		now.ask()
		const said = now.heard.find((one) => (one as ToPage).type === 'panel-word') as { word: string }
		expect(openPanel(said.word).line.state().type).toBe('open')
	})
	it('[XT15] a word counts once, also where it was said in the wrong place', () => {
		const word = wordNow()
		expect(openPanel(word).line.state().type).toBe('open')
		expect(openPanel(word).line.state()).toEqual({ type: 'ended', why: 'refused' })
		const stolen = wordNow()
		openPanel(stolen, { ...FRAME, tab: { id: 8 } })
		expect(openPanel(stolen).line.state()).toEqual({ type: 'ended', why: 'refused' })
	})
	it('[XT15] a word is too old after half a minute, and ends with its page', () => {
		const old = wordNow()
		time.advance(WORD_FOR_MS)
		expect(openPanel(old).line.state()).toEqual({ type: 'ended', why: 'refused' })
		const gone = wordNow()
		page = openPage()
		host.review()
		expect(openPanel(gone).line.state()).toEqual({ type: 'ended', why: 'refused' })
	})
	it('[XT15] who asks for something before the word, or says none in time, is cut off', () => {
		const early = createPortPair((fn) => fn(), FRAME)
		const heard: unknown[] = []
		early.there.onMessage.addListener((message) => heard.push(message))
		host.take(early.here)
		early.there.postMessage({ type: 'do', name: 'pause', args: [] })
		expect(heard).toEqual([{ type: 'ended', why: 'refused' }])
		const silent = createPortPair((fn) => fn(), FRAME)
		let closed = 0
		silent.there.onDisconnect.addListener(() => closed++)
		host.take(silent.here)
		time.advance(WORD_WITHIN_MS + 1_000)
		expect([closed, room!.asked]).toEqual([1, []])
	})
	it.each<[string, RawPort['sender']]>([
		['a page’s script', { id: ID, url: 'https://site.example/', frameId: 0, tab: { id: TAB } }],
		['a script in a frame', { id: ID, url: 'https://site.example/', frameId: 4, tab: { id: TAB } }],
		['another page of ours', { ...FRAME, url: `${OWN}popup.html` }],
		['a page that is called alike', { ...FRAME, url: `${OWN}panel.html.evil` }],
		['a panel in a tab of its own', { ...FRAME, frameId: 0 }],
		['another extension', { ...FRAME, id: 'other' }],
		['nobody', undefined],
	])('[XT16] %s is no panel, whatever word it knows', (_name, sender) => {
		const pair = createPortPair((fn) => fn(), sender)
		let closed = 0
		const heard: unknown[] = []
		pair.there.onDisconnect.addListener(() => closed++)
		pair.there.onMessage.addListener((message) => heard.push(message))
		host.take(pair.here)
		expect([closed, heard]).toEqual([1, []])
		expect(() => pair.there.postMessage({ type: 'word', word: wordNow() })).toThrow()
	})
	it('[XT16] the panel’s address counts without what follows its #', () => {
		expect(openPanel(wordNow(), { ...FRAME, url: `${OWN}panel.html#a` }).line.state().type).toBe('open')
	})
})

describe('what is sent', () => {
	it('[XT17] maps, reasons and the link arrive as they are in the room', () => {
		const panel = openPanel().room()
		expect(panel.model().unplayable).toEqual(made.unplayable)
		expect(panel.model().invite).toEqual({
			link: 'https://watch.example/r#CODE',
			code: 'CODE',
			canShare: false,
		})
		expect([panel.canDo('grant'), panel.canDo('chat')]).toEqual(['Only the owner', null])
		const undoable = panel.model().state.activity.find(({ isUndoable }) => isUndoable)!
		expect([panel.canUndo(undoable.id), panel.canUndo('x')]).toEqual([null, 'This cannot be undone'])
		expect(panel.page()).toEqual({
			obstacle: 'ad',
			url: 'https://site.example/watch',
			note: null,
			site: null,
		})
	})
	it('[XT17] numbers that JSON has none for arrive too', () => {
		room!.change({ player: { ...made.playerOf('film'), bufferedToS: Infinity } })
		expect(openPanel().room().model().player.bufferedToS).toBe(Infinity)
	})
	it('[XT18] only the parts that are different are sent, however often the room is put together anew', () => {
		const panel = openPanel()
		time.advance(MODEL_EVERY_MS)
		const { state, people } = room!.model()
		room!.change({ people: structuredClone(people), state: structuredClone(state) })
		time.advance(MODEL_EVERY_MS)
		expect(models(panel)).toHaveLength(1)
		room!.change({ driftMs: 40 })
		time.advance(MODEL_EVERY_MS)
		expect(partsOf(models(panel)[1])).toEqual(['driftMs'])
		expect(panel.room().model().driftMs).toBe(40)
	})
	it('[XT18] of a list the new items are sent, and the others stay the same objects', () => {
		const panel = openPanel()
		const before = panel.room().model()
		const { chat } = before.state
		const fresh = { ...chat.at(-1)!, id: 'd.99' as MessageId, text: 'Here' }
		room!.change({ state: { ...room!.model().state, chat: [...room!.model().state.chat, fresh] } })
		time.advance(2 * MODEL_EVERY_MS)
		const after = panel.room().model()
		expect(models(panel).at(-1)?.['changes']).toEqual([
			{ part: 'chat', at: chat.length, drop: 0, items: [fresh] },
		])
		expect(after.state.chat).toEqual([...chat, fresh])
		expect(after.state.chat[0]).toBe(chat[0])
		expect([after.people === before.people, after.state.queue === before.state.queue]).toEqual([true, true])
	})
	it('[XT18] somebody’s drift sends that person alone', () => {
		const panel = openPanel()
		const people = room!.model().people.map((one, at) => (at === 1 ? { ...one, driftS: -0.5 } : { ...one }))
		room!.change({ people })
		time.advance(2 * MODEL_EVERY_MS)
		expect(models(panel).at(-1)?.['changes']).toMatchObject([{ part: 'people', at: 1, drop: 1 }])
		expect(panel.room().model().people).toEqual(people)
	})
	it('[XT18] a long chat begins with its newest messages, and older ones come when they are asked for', () => {
		const { chat } = room!.model().state
		const many = Array.from({ length: 1_050 }, (_none, at) => ({ ...chat[0]!, id: `d.${at}` as MessageId }))
		room!.change({ state: { ...room!.model().state, chat: many } })
		const panel = openPanel()
		const shown = () => panel.room().model().state.chat
		expect([shown().length, shown().at(-1)!.id, panel.room().olderMessages()]).toEqual([350, 'd.1049', 700])
		panel.room().showOlder()
		time.advance(2 * MODEL_EVERY_MS)
		expect([shown().length, shown()[0]!.id, panel.room().olderMessages()]).toEqual([650, 'd.400', 400])
	})
	it('[XT19] models come four times a second at most, and none before the last was seen', () => {
		const panel = openPanel()
		const from = models(panel).length
		for (let i = 0; i < 1_000; i++) {
			room!.change({ driftMs: i })
			time.advance(2)
		}
		expect(models(panel).length - from).toBeLessThanOrEqual(8)
		expect(models(panel).length - from).toBeGreaterThanOrEqual(6)
		time.advance(2 * MODEL_EVERY_MS)
		expect(panel.room().model().driftMs).toBe(999)

		// One that reads nothing is sent nothing more.
		const pair = createPortPair((fn) => fn(), FRAME)
		const heard: unknown[] = []
		pair.there.onMessage.addListener((message) => heard.push(message))
		host.take(pair.here)
		pair.there.postMessage({ type: 'word', word: wordNow() })
		for (let i = 0; i < 20; i++) {
			room!.change({ driftMs: -i })
			time.advance(MODEL_EVERY_MS)
		}
		expect(heard).toHaveLength(1)
	})
	it('[XT19] room time is the room’s, whatever the panel’s clock says', () => {
		aheadMs = 90_000
		const panel = openPanel()
		time.advance(MODEL_EVERY_MS)
		room!.change({ driftMs: 1 })
		time.advance(MODEL_EVERY_MS)
		expect(Math.abs(panel.room().nowMs() - room!.session.nowMs())).toBeLessThanOrEqual(5)
	})
	it('[XT17] who types and what floats over the picture comes as it happens', () => {
		const panel = openPanel()
		const floats: unknown[] = []
		panel.room().live.onFloat((float) => floats.push(float))
		const { device } = room!.model().people[1]!
		room!.setTyping([device])
		room!.float('🎉')
		time.advance(2 * MODEL_EVERY_MS)
		expect(panel.room().live.typing()).toEqual([device])
		expect(floats).toEqual([{ emoji: '🎉', by: room!.model().state.me }])
	})
})

const item = made.stateOf('film').queue.next[0]!
const ITEM = item.id
const MESSAGE = made.stateOf('film').chat[0]!.id
const SUBJECT = made.stateOf('film').members[0]!.subject
const NEW = { media: { kind: 'youtube', id: 'dQw4w9WgXcQ' }, title: 'A song' } as const
type Calls = {
	readonly [N in keyof typeof TOLD | keyof typeof ASKED]: readonly Parameters<RoomCommands[N]>[]
}
/** Each with arguments as the components give them. */
const CALLS: Calls = {
	play: [[]],
	pause: [[]],
	seek: [[61.5]],
	next: [[]],
	setRate: [[1.25]],
	askReady: [[]],
	resync: [[]],
	correct: [[-250]],
	setOwn: [[{ toleranceMs: 80 }], [{ hidesAddress: true }]],
	playNow: [[ITEM]],
	remove: [[ITEM]],
	move: [
		[ITEM, null],
		[ITEM, 'other.1' as ItemId],
	],
	vote: [[ITEM, true]],
	clear: [[]],
	shuffle: [[]],
	react: [[MESSAGE, '👍', false]],
	undo: [['d.12']],
	unsay: [[MESSAGE]],
	leave: [[]],
	statusAction: [['waiting'], ['ready']],
	dismissToast: [['problem-1']],
	add: [['https://youtu.be/dQw4w9WgXcQ', 'next']],
	searchVideos: [['cats']],
	addItem: [[NEW, 'end']],
	readList: [['a\nb']],
	addMany: [[[NEW, NEW], 'end']],
	addAgain: [[ITEM]],
	say: [['Hello'], ['Yes', MESSAGE]],
	edit: [[MESSAGE, 'Hullo']],
	setRole: [[SUBJECT, 'viewer']],
	removePerson: [[SUBJECT, { isBan: true }]],
	letIn: [[SUBJECT]],
	offerRoom: [['g_x' as SubjectId]],
	withdrawOffer: [[]],
	acceptRoom: [[]],
	changeSettings: [[{ control: 'operators', chatEveryS: 5 }]],
	changeLock: [[{ password: '' }]],
	renameRoom: [['Friday']],
	renameMe: [['Ana']],
	figures: [[]],
}

describe('what is asked', () => {
	it.each(Object.entries(CALLS) as unknown as [keyof Calls, readonly unknown[][]][])(
		'[XT20] %s is carried out in the room as it was asked for',
		async (name, calls) => {
			const panel = openPanel()
			for (const args of calls) {
				const result = (panel.room().commands[name] as (...all: unknown[]) => unknown)(...args)
				await settle()
				if (name in ASKED) expect(await result).toEqual({ type: 'done' })
				else expect(result).toBeUndefined()
			}
			expect(room!.asked).toEqual(calls.map((args) => [name, ...args]))
		},
	)
	it('[XT20] an answer comes back whole, and to the one who asked', async () => {
		const panel = openPanel()
		const { say, add } = panel.room().commands
		let slow: (value: unknown) => void = () => undefined
		room!.answers.set('say', () => new Promise((resolve) => (slow = resolve)))
		room!.answers.set('add', () => Promise.resolve({ type: 'added', item: ITEM, title: 'A song' }))
		const said = say('Hello')
		const came = add('x', 'end')
		await settle()
		expect(await came).toEqual({ type: 'added', item: ITEM, title: 'A song' })
		slow({ type: 'refused', message: 'Only operators may write' })
		await settle()
		expect(await said).toEqual({ type: 'refused', message: 'Only operators may write' })
	})
	it('[XT20] what fails in the room is answered with a sentence', async () => {
		const error = vi.spyOn(console, 'error').mockImplementation(() => undefined)
		room!.answers.set('say', () => Promise.reject(new Error('a bug')))
		room!.answers.set('renameMe', () => {
			throw new Error('another')
		})
		const panel = openPanel()
		const said = [panel.room().commands.say('Hello'), panel.room().commands.renameMe('Ana')]
		await settle()
		const refused = { type: 'refused', message: 'The extension could not carry this out. Try it once more.' }
		expect(await Promise.all(said)).toEqual([refused, refused])
		expect(error).toHaveBeenCalledTimes(2)
		error.mockRestore()
	})
	it('[XT20] the page goes into the queue, with what came of it', async () => {
		const panel = openPanel()
		const result = panel.room().addPage(true)
		await settle()
		expect([added, await result]).toEqual([[true], { type: 'refused', message: 'Not this one' }])
	})
	it('[XT20] the figures of one’s own step come with the next look', async () => {
		const panel = openPanel()
		expect(panel.room().commands.stats().readings).toEqual([])
		await settle()
		expect(panel.room().commands.stats()).toEqual(JSON.parse(JSON.stringify(made.stats())))
	})
	it('[XT20] what needs a file or the app itself is refused with where it can be done', async () => {
		const { commands } = openPanel().room()
		const refused = { type: 'refused', message: expect.stringContaining('web app') as unknown }
		expect(await commands.saveQueue()).toEqual(refused)
		expect(await commands.exportLog()).toEqual(refused)
		expect(await commands.readSubtitles('x' as never)).toEqual(refused)
		expect(room!.asked).toEqual([])
	})
	it('[XT20] that somebody types is said when it begins and now and then, and is over with the panel', () => {
		const panel = openPanel()
		const { live } = panel.room()
		live.setTyping(false)
		for (let i = 0; i < 100; i++) {
			live.setTyping(true)
			time.advance(50)
		}
		const said = room!.asked.length
		expect(said).toBe(3)
		panel.line.close()
		time.advance(WAY_MS)
		expect(room!.asked.slice(said)).toEqual([['setTyping', false]])
	})
	it('[XT21] the link is copied where the press was, and the room says what came of it', async () => {
		const panel = openPanel()
		const { commands } = panel.room()
		expect(await commands.copyInvite()).toBe(true)
		commands.statusAction('alone')
		await settle()
		const toast = { ...made.toasts['link']!, id: 'link', action: { label: 'Copy', kind: 'copy' } } as const
		room!.change({ toast })
		commands.toastAction(toast)
		await settle()
		expect(panel.copied).toEqual(Array(3).fill('https://watch.example/r#CODE'))
		expect(room!.asked).toEqual([
			['tell', 'Link copied. Send it to whoever should watch with you'],
			['dismissToast', 'link'],
			['tell', 'Link copied'],
		])
	})
	it('[XT21] a toast’s Undo is the room’s, and of a toast that has gone nothing is done', async () => {
		const panel = openPanel()
		const toast = {
			id: 'd.4',
			text: 'Ana skipped',
			subject: null,
			action: { label: 'Undo', kind: 'undo' },
			tone: 'plain',
		} as const
		panel.room().commands.toastAction(toast)
		await settle()
		expect(room!.asked).toEqual([])
		room!.change({ toast })
		panel.room().commands.toastAction(toast)
		await settle()
		expect(room!.asked).toEqual([['toastAction', toast]])
	})
})

describe('what does not fit', () => {
	it.each<[string, unknown]>([
		['a command that is none', { type: 'do', name: 'close', args: [] }],
		['a command of the session that panels have not', { type: 'do', name: 'fromPlayer', args: [] }],
		['a name of every object', { type: 'do', name: 'constructor', args: [] }],
		['arguments of another kind', { type: 'do', name: 'seek', args: ['12'] }],
		['too few', { type: 'do', name: 'seek', args: [] }],
		['too many', { type: 'do', name: 'play', args: [1] }],
		['a place outside of any film', { type: 'do', name: 'seek', args: [-1] }],
		['a speed that is none', { type: 'do', name: 'setRate', args: [100] }],
		[
			'an address that is none',
			{
				type: 'ask',
				name: 'addItem',
				seq: 1,
				args: [{ media: { kind: 'file', url: 'javascript:1' }, title: '' }, 'end'],
			},
		],
		['an asked one without a number', { type: 'ask', name: 'say', args: ['x'] }],
		['a told one as if it were asked', { type: 'ask', name: 'play', seq: 1, args: [] }],
		['a setting that is none', { type: 'ask', name: 'changeSettings', seq: 1, args: [{ __proto__x: 1 }] }],
		['nothing', null],
	])('[XT22] %s is dropped', async (_name, message) => {
		const panel = openPanel()
		panel.pair.there.postMessage(message)
		await settle()
		expect([room!.asked, panel.line.state().type]).toEqual([[], 'open'])
	})
	it('[XT22] who sends nothing else is cut off, and the room goes on', () => {
		const panel = openPanel()
		for (let i = 0; i < 20; i++) panel.pair.there.postMessage({ type: 'do', name: 'eval', args: ['1'] })
		time.advance(WAY_MS)
		expect(panel.line.state()).toEqual({ type: 'ended', why: 'broken' })
		expect(openPanel().line.state().type).toBe('open')
	})
	it('[XT22] a flood is carried out in part, answered, and cut off when it goes on', async () => {
		const panel = openPanel()
		const said = Array.from({ length: 100 }, () => panel.room().commands.say('x'))
		await settle()
		const results = (await Promise.all(said)).map(({ type }) => type)
		expect(results.filter((type) => type === 'done').length).toBeLessThanOrEqual(61)
		expect((await said[99])!).toMatchObject({ message: expect.stringContaining('too much') as unknown })
		// An honest drag along the film is within it.
		time.advance(10_000)
		const before = room!.asked.length
		for (let i = 0; i < 40; i++) {
			panel.room().commands.seek(i)
			time.advance(50)
		}
		time.advance(WAY_MS)
		expect(room!.asked.length - before).toBe(40)
		for (let i = 0; i < 400; i++) panel.pair.there.postMessage({ type: 'do', name: 'pause', args: [] })
		time.advance(WAY_MS)
		expect(panel.line.state()).toEqual({ type: 'ended', why: 'broken' })
	})
})

describe('the end', () => {
	it('[XT23] a page in the room’s tab hears that a panel may stand there, and when no longer', () => {
		expect(page!.heard).toEqual([{ type: 'panel', isOn: true }])
		const before = page!
		tab = 8
		page = openPage()
		host.review()
		host.review()
		expect(before.heard).toEqual([
			{ type: 'panel', isOn: true },
			{ type: 'panel', isOn: false },
		])
		expect(page.heard).toEqual([{ type: 'panel', isOn: true }])
	})
	it('[XT23] with the room, its tab or its page the panel has ended', () => {
		const left = openPanel()
		tab = null
		room = null
		host.review()
		time.advance(WAY_MS)
		expect(left.line.state()).toEqual({ type: 'ended', why: 'left' })

		tab = TAB
		room = createFakeSession()
		host.review()
		const elsewhere = openPanel()
		tab = 8
		page = openPage()
		host.review()
		time.advance(WAY_MS)
		expect(elsewhere.line.state()).toEqual({ type: 'ended', why: 'left' })
	})
	it('[XT23] a new room in the same tab is shown by the same panel, from its first part', () => {
		const panel = openPanel()
		const [first, before] = [panel.room(), room!]
		room = null
		host.review()
		time.advance(WAY_MS)
		expect(panel.line.state()).toEqual({ type: 'opening' })
		room = createFakeSession('empty')
		host.review()
		time.advance(2 * MODEL_EVERY_MS)
		expect(panel.room()).not.toBe(first)
		expect(panel.room().model().state).toEqual(room.model().state)
		expect(before.listeners()).toBe(0)
		before.change({ driftMs: 1 })
		time.advance(2 * MODEL_EVERY_MS)
		expect(panel.room().model().driftMs).toBe(4)
	})
	it('[XT24] where the line breaks, what was asked is refused and the panel says so', async () => {
		const panel = openPanel()
		const { commands } = panel.room()
		room!.answers.set('say', () => new Promise(() => undefined))
		room!.answers.set('readList', () => new Promise(() => undefined))
		const asked = [commands.say('Hello'), commands.readList('a')]
		await settle()
		panel.pair.here.disconnect()
		expect(panel.line.state()).toEqual({ type: 'ended', why: 'broken' })
		const message = 'The room is not open any more.'
		expect(await Promise.all(asked)).toEqual([
			{ type: 'refused', message },
			{ items: [], lines: [], broken: [], leftOut: 0, limit: 0, problem: message },
		])
		expect(await commands.say('Still there?')).toEqual({ type: 'refused', message })
		commands.pause()
	})
	it('[XT24] what does not belong together is not shown', () => {
		const panel = openPanel()
		panel.pair.here.postMessage({
			type: 'model',
			model: 9,
			isFirst: false,
			changes: [{ part: 'chat', at: 100_000, drop: 1, items: [] }],
		})
		time.advance(WAY_MS)
		expect(panel.line.state()).toEqual({ type: 'ended', why: 'broken' })
		const partial = openPanel()
		partial.pair.here.postMessage({ type: 'model', model: 9, isFirst: true, changes: [] })
		time.advance(WAY_MS)
		expect(partial.line.state()).toEqual({ type: 'ended', why: 'broken' })
	})
	it('[XT24] what comes from another realm is read all the same', () => {
		const panel = openPanel()
		// As a port of Firefox hands it to a page of ours within another page.
		const pair = createPortPair((fn) => fn())
		const foreign: RawPort = {
			...pair.there,
			onMessage: {
				addListener: (fn) =>
					pair.there.onMessage.addListener((message) =>
						fn(runInNewContext(`JSON.parse(${JSON.stringify(JSON.stringify(message))})`)),
					),
			},
		}
		const line = createRemoteRoom({
			port: foreign,
			word: '',
			local: time.now,
			copy: async () => false,
			share: null,
		})
		pair.here.postMessage(models(panel)[0])
		const state = line.state()
		expect(state.type === 'open' && state.room.model().state).toEqual(room!.model().state)
	})
	it('[XT24] a panel that closes its own line tells nobody, and the room goes on', () => {
		const panel = openPanel()
		panel.line.close()
		time.advance(WAY_MS)
		expect(panel.states.map(({ type }) => type)).toEqual(['open'])
		room!.change({ driftMs: 7 })
		time.advance(MODEL_EVERY_MS)
		expect(openPanel().room().model().driftMs).toBe(7)
	})
})
