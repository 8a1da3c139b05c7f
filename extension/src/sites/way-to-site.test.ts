import { beforeEach, expect, it } from 'vitest'
import type { FromPopup, PopupView } from '../wire/popup-messages.ts'
import { createWay, type Way, type WayView } from './way-to-site.ts'

const CODE = 'AAAA-BBBB-CCCC-DDDD-EEEE'
const SERVER = 'https://matinee.example'
const NOTE = { code: CODE, url: 'https://video.example/v/1', title: 'Saltmarsh' }
const roomBy = (code: string, title = 'Friday') =>
	({ type: 'room', link: `${SERVER}/r#${code}`, title }) as PopupView
const NONE = { type: 'none', problem: null } as unknown as PopupView
const PROBLEM = {
	type: 'none',
	problem: { title: 'No such room', detail: 'Check it.' },
} as unknown as PopupView

let sent: FromPopup[]
let views: WayView[]
let went: number
let way: Way
beforeEach(() => {
	sent = []
	views = []
	went = 0
	way = createWay({
		note: NOTE,
		server: SERVER,
		tab: 5,
		send: (message) => void sent.push(message),
		onView: (view) => void views.push(view),
		go: () => void (went += 1),
	})
})

it('[XT42] nothing happens before the click', () => {
	way.heard(NONE)
	way.heard({ type: 'opening' })
	way.heard(roomBy(CODE))
	expect([sent, went]).toEqual([[], 0])
	expect(views.at(-1)).toEqual({ type: 'asks', other: null })
})
it('[XT42] the room is opened for this tab, and the tab goes to the site when it is open', () => {
	way.heard(NONE)
	way.start()
	way.start()
	expect(sent).toEqual([{ type: 'join', server: SERVER, text: CODE, tab: 5 }])
	way.heard({ type: 'opening' })
	expect(went).toBe(0)
	way.heard(roomBy(CODE))
	way.heard(roomBy(CODE))
	expect(went).toBe(1)
})
it('[XT42] a room that is open already plays in this tab from then on', () => {
	way.heard(roomBy(CODE))
	way.start()
	expect(sent).toEqual([{ type: 'play-here', tab: 5 }])
	expect(went).toBe(1)
})
it('[XT42] another room that would be left is named, and what it tells meanwhile is not of this one', () => {
	way.heard(roomBy('ZZZZ-BBBB-CCCC-DDDD-EEEE', 'Thursday'))
	expect(views.at(-1)).toEqual({ type: 'asks', other: 'Thursday' })
	way.start()
	way.heard(roomBy('ZZZZ-BBBB-CCCC-DDDD-EEEE', 'Thursday'))
	expect(went).toBe(0)
	way.heard({ type: 'opening' })
	way.heard(roomBy(CODE))
	expect(went).toBe(1)
})
it('[XT42] what stops the room is said, and the click can be made again', () => {
	way.heard(PROBLEM)
	way.start()
	way.heard(PROBLEM)
	expect(views.at(-1)).toEqual({ type: 'joining' })
	way.heard({ type: 'opening' })
	way.heard(PROBLEM)
	expect(views.at(-1)).toEqual({ type: 'stopped', title: 'No such room', detail: 'Check it.' })
	expect(went).toBe(0)
	way.start()
	expect(sent).toHaveLength(2)
})
it('[XT42] a room with a password asks for it here; other questions are the popup’s', () => {
	way.start()
	way.heard({ type: 'opening' })
	way.heard({ type: 'password', title: 'Friday', problem: null, isChecking: false })
	expect(views.at(-1)).toEqual({ type: 'password', problem: null, isChecking: false })
	way.password('secret')
	expect(sent.at(-1)).toEqual({ type: 'password', text: 'secret' })
	way.heard({ type: 'door', server: SERVER, problem: null, isChecking: false })
	expect(views.at(-1)).toEqual({ type: 'other-question' })
	way.heard(roomBy(CODE))
	expect(went).toBe(1)
})
