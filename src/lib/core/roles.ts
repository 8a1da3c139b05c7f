/**
 * Who may do what. One table, read by the fold (what counts) and by the screens (what is offered).
 */
export const ROLES = ['banned', 'viewer', 'member', 'operator', 'owner'] as const
export type Role = (typeof ROLES)[number]

export type Audience = 'everyone' | 'operators'

/** What comes next: by the list, or what most people voted for. */
export const QUEUE_ORDERS = ['list', 'votes'] as const
export type QueueOrder = (typeof QUEUE_ORDERS)[number]
/** What comes when an item, or the last of all, is over. */
export const QUEUE_LOOPS = ['off', 'one', 'all'] as const
export type QueueLoop = (typeof QUEUE_LOOPS)[number]

/** The room's rules, as its operators set them. */
export interface Settings {
	/** Play, pause, seek, speed, skip. */
	readonly control: Audience
	readonly add: Audience
	/** Move, remove another's item, clear, shuffle. */
	readonly reorder: Audience
	readonly chat: Audience
	/** Whether the room waits for a member who buffers. */
	readonly waits: boolean
	/** Whether the film stops when somebody leaves. */
	readonly pausesOnLeave: boolean
	/** Whether titles, lengths and pictures are fetched through the server, which then sees the links. */
	readonly fetchesTitles: boolean
	/** Whether the server keeps the room, sealed, for whoever comes while nobody is here. */
	readonly keepsHistory: boolean
	/** Slow mode: whole seconds between two messages of one person below operator; 0 is off. */
	readonly chatEveryS: number
	readonly order: QueueOrder
	readonly loop: QueueLoop
}

export const DEFAULT_SETTINGS: Settings = {
	control: 'everyone',
	add: 'everyone',
	reorder: 'everyone',
	chat: 'everyone',
	waits: true,
	pausesOnLeave: false,
	fetchesTitles: true,
	keepsHistory: false,
	chatEveryS: 0,
	order: 'list',
	loop: 'off',
}

export type Action =
	| 'control'
	| 'add'
	| 'remove-own'
	| 'reorder'
	| 'vote'
	| 'chat'
	| 'react'
	| 'change-settings'
	| 'rename-room'
	| 'moderate'
	/** Put somebody below operator out, and let them in again. */
	| 'remove-person'
	/** Give roles, ban. */
	| 'grant'
	| 'hand-over'
	| 'change-lock'

type Rule = Role | ((settings: Settings) => Role)

const lowest = (audience: Audience): Role => (audience === 'everyone' ? 'member' : 'operator')

/** The lowest role that may do each thing. */
const RULES: Readonly<Record<Action, Rule>> = {
	control: (settings) => lowest(settings.control),
	add: (settings) => lowest(settings.add),
	'remove-own': 'member',
	reorder: (settings) => lowest(settings.reorder),
	vote: 'viewer',
	chat: (settings) => lowest(settings.chat),
	react: 'viewer',
	'change-settings': 'operator',
	'rename-room': 'operator',
	moderate: 'operator',
	'remove-person': 'operator',
	grant: 'owner',
	'hand-over': 'owner',
	'change-lock': 'owner',
}

const rank = (role: Role): number => ROLES.indexOf(role)

/** Operator or owner: whom operators cannot reach, and whom the room's limits do not bind. */
export const isHigh = (role: Role): boolean => rank(role) >= rank('operator')

/** Whether `role` may take `action` under `settings`. Banned people may do nothing. */
export const can = (role: Role, action: Action, settings: Settings): boolean => {
	if (role === 'banned') return false
	const rule = RULES[action]
	return rank(role) >= rank(typeof rule === 'function' ? rule(settings) : rule)
}
