/**
 * Why the server closes a socket, and whether the client should try again by itself.
 */
export const CLOSE_CODES = {
	goingAway: { code: 1001, reason: 'server stopping', isFatal: false },
	badMessage: { code: 1008, reason: 'bad message', isFatal: true },
	tooBig: { code: 1009, reason: 'frame too big', isFatal: true },
	fault: { code: 1011, reason: 'fault in the server', isFatal: false },
	restart: { code: 1012, reason: 'server restarting', isFatal: false },
	tooSlow: { code: 1013, reason: 'reading too slowly', isFatal: false },
	joinTimeout: { code: 4001, reason: 'no join within 10 s', isFatal: false },
	badTicket: { code: 4003, reason: 'ticket refused', isFatal: false },
	badVersion: { code: 4004, reason: 'version too old or too new', isFatal: true },
	roomFull: { code: 4005, reason: 'room full', isFatal: true },
	replaced: { code: 4006, reason: 'the same peer joined again', isFatal: true },
	rateLimited: { code: 4008, reason: 'too many messages', isFatal: false },
	removed: { code: 4010, reason: 'removed from the room', isFatal: true },
} as const

export type CloseName = keyof typeof CLOSE_CODES

export const closeNameOf = (code: number): CloseName | null =>
	(Object.keys(CLOSE_CODES) as CloseName[]).find((name) => CLOSE_CODES[name].code === code) ?? null
