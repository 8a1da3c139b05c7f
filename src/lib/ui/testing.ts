/** For tests of screens: props of a made-up room, commands that write down what they were asked. */
import { can } from '#lib/core/roles.ts'
import { madeUpFigures } from './room/people/made-up-figures.ts'
import * as made from './made-up.ts'
import { noFiles } from './room/files/no-files.ts'
import type { RoomCommands, RoomScreenProps } from './props.ts'

export type Asked = readonly [command: string, ...values: unknown[]]

export interface FakeRoom {
	readonly props: RoomScreenProps
	/** Every command in order, with its arguments. */
	readonly asked: Asked[]
}

/** Reasons as the room's rules give them to the reader of a scene. */
export const reasonsIn = (scene: made.Scene): RoomScreenProps['canDo'] => {
	const { myRole, settings } = made.stateOf(scene)
	return (action) => (can(myRole, action, settings) ? null : `Not for a ${myRole}: ${action}`)
}

/** In a tab of its own. `answers` replaces single commands; everything else succeeds. */
export const createFakeRoom = (
	scene: made.Scene = 'film',
	more: Partial<RoomScreenProps> = {},
	answers: Partial<RoomCommands> = {},
): FakeRoom => {
	sessionStorage.clear()
	const asked: Asked[] = []
	const note =
		(command: string) =>
		(...values: unknown[]): void => {
			asked.push([command, ...values])
		}
	const done =
		(command: string) =>
		async (...values: unknown[]) => {
			asked.push([command, ...values])
			return { type: 'done' } as const
		}
	const commands: RoomCommands = {
		play: note('play'),
		pause: note('pause'),
		seek: note('seek'),
		next: note('next'),
		setRate: note('setRate'),
		setVolume: note('setVolume'),
		setMuted: note('setMuted'),
		setQuality: note('setQuality'),
		joinSound: note('joinSound'),
		askReady: note('askReady'),
		resync: note('resync'),
		correct: note('correct'),
		setOwn: note('setOwn'),
		stats: () => made.stats(),
		figures: async () => ({ type: 'figures', figures: madeUpFigures() }),
		add: async (text, where) => {
			asked.push(['add', text, where])
			return { type: 'added', item: 'new' as never, title: 'New film' }
		},
		searchVideos: async () => ({ type: 'not-offered' }),
		addItem: async (item, where) => {
			asked.push(['addItem', item, where])
			return { type: 'added', item: 'new' as never, title: item.title }
		},
		readList: async () => ({ items: [], lines: [], broken: [], leftOut: 0, limit: 500, problem: null }),
		addMany: async (items, where) => {
			asked.push(['addMany', items, where])
			return { type: 'added', count: items.length, left: 0 }
		},
		addAgain: done('addAgain'),
		saveQueue: done('saveQueue'),
		addSample: note('addSample'),
		playNow: note('playNow'),
		remove: note('remove'),
		move: note('move'),
		vote: note('vote'),
		clear: note('clear'),
		shuffle: note('shuffle'),
		say: done('say'),
		edit: done('edit'),
		react: note('react'),
		undo: note('undo'),
		unsay: note('unsay'),
		setRole: done('setRole'),
		removePerson: done('removePerson'),
		letIn: done('letIn'),
		offerRoom: done('offerRoom'),
		withdrawOffer: done('withdrawOffer'),
		acceptRoom: done('acceptRoom'),
		changeSettings: done('changeSettings'),
		changeLock: done('changeLock'),
		exportLog: done('exportLog'),
		renameRoom: done('renameRoom'),
		renameMe: done('renameMe'),
		shareSubtitles: async (file, options) => {
			asked.push(['shareSubtitles', file.name, options.encoding])
			return { type: 'added', subtitles: 'new' as never, encoding: 'utf-8', message: 'It was added.' }
		},
		readSubtitles: async () => ({ type: 'read', cues: [] }),
		removeSubtitles: done('removeSubtitles'),
		copyInvite: async () => {
			asked.push(['copyInvite'])
			return true
		},
		shareInvite: note('shareInvite'),
		leave: note('leave'),
		statusAction: note('statusAction'),
		toastAction: note('toastAction'),
		dismissToast: note('dismissToast'),
		...answers,
	}
	return {
		asked,
		props: {
			state: made.stateOf(scene),
			people: made.peopleOf(scene),
			connection: made.connections['ready']!,
			player: made.playerOf(scene),
			status: null,
			toast: null,
			invite: {
				link: 'https://matinee.example/r#K7QX-3M9R-T2VH-8WPC-5NDA',
				code: 'K7QX-3M9R-T2VH-8WPC-5NDA',
				canShare: false,
			},
			driftMs: 4,
			canDo: () => null,
			canUndo: () => null,
			nowMs: () => made.NOW,
			live: {
				typing: () => [],
				setTyping: () => undefined,
				float: () => true,
				onFloat: () => () => undefined,
			},
			commands,
			files: noFiles,
			onstage: () => undefined,
			lock: { hasPassword: false, canBeOrderedAtServer: true },
			leftBehind: [],
			unplayable: new Map(),
			own: { soundDelayMs: 0, doesShareFigures: false, hidesAddress: false, toleranceMs: 40 },
			lookAlikes: made.lookAlikesOf(scene),
			...more,
		},
	}
}
