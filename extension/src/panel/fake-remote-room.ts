/**
 * A made-up room for tests and trials of the panel: what it shows is set, what it was asked is written down.
 */
import type { RoomModel } from '#lib/session/room-model.ts'
import type { Scene } from '#lib/ui/made-up.ts'
import type { RoomScreenProps } from '#lib/ui/props.ts'
import { createFakeRoom, type Asked } from '#lib/ui/testing.ts'
import type { PanelPage } from '../wire/panel-messages.ts'
import type { RemoteRoom, RemoteRoomLine, RemoteState } from './panel-room.ts'

export interface FakeRemoteRoom {
	readonly line: RemoteRoomLine
	readonly room: RemoteRoom
	/** Every command in order, with its arguments; also 'addPage', 'showOlder', 'close' and 'float'. */
	readonly asked: Asked[]
	/** The line's state; it begins as 'open'. */
	setState(state: RemoteState): void
	change(model: Partial<RoomModel>): void
	setPage(page: Partial<PanelPage>): void
	setOlder(count: number): void
	setTyping(devices: ReturnType<RoomScreenProps['live']['typing']>): void
	float(...float: Parameters<Parameters<RoomScreenProps['live']['onFloat']>[0]>): void
}

export const createFakeRemoteRoom = (
	scene: Scene = 'film',
	...more: [props?: Partial<RoomScreenProps>, answers?: Partial<RoomScreenProps['commands']>]
): FakeRemoteRoom => {
	const { props, asked } = createFakeRoom(scene, ...more)
	const { canDo, canUndo, nowMs, commands, files } = props
	let model: RoomModel = props
	let page: PanelPage = { obstacle: null, url: null, note: null, site: null }
	let older = 0
	let typing = props.live.typing()
	const models = new Set<(model: RoomModel) => void>()
	const floats = new Set<Parameters<RoomScreenProps['live']['onFloat']>[0]>()
	const states = new Set<(state: RemoteState) => void>()
	const changed = (): void => {
		model = { ...model }
		for (const fn of [...models]) fn(model)
	}
	const room: RemoteRoom = {
		model: () => model,
		onChange: (fn) => {
			models.add(fn)
			return () => models.delete(fn)
		},
		canDo,
		canUndo,
		nowMs,
		commands,
		files,
		setStage: () => undefined,
		live: {
			...props.live,
			typing: () => typing,
			float: (emoji) => {
				asked.push(['float', emoji])
				return true
			},
			onFloat: (fn) => {
				floats.add(fn)
				return () => floats.delete(fn)
			},
		},
		page: () => page,
		addPage: async (isNow) => {
			asked.push(['addPage', isNow])
			return { type: 'done' }
		},
		olderMessages: () => older,
		showOlder: () => asked.push(['showOlder']),
	}
	let state: RemoteState = { type: 'open', room }
	return {
		room,
		asked,
		line: {
			state: () => state,
			onState: (fn) => {
				states.add(fn)
				return () => states.delete(fn)
			},
			close: () => asked.push(['close']),
		},
		setState: (next) => {
			state = next
			for (const fn of [...states]) fn(next)
		},
		change: (next) => {
			model = { ...model, ...next }
			changed()
		},
		setPage: (next) => {
			page = { ...page, ...next }
			changed()
		},
		setOlder: (count) => {
			older = count
			changed()
		},
		setTyping: (devices) => {
			typing = devices
			changed()
		},
		float: (float) => {
			for (const fn of [...floats]) fn(float)
		},
	}
}
