/**
 * Why the server closes a socket, and whether the client should try again by itself.
 */
export const CLOSE_CODES = {
	goingAway: { code: 1001, isFatal: false },
	badMessage: { code: 1008, isFatal: true },
	tooBig: { code: 1009, isFatal: true },
	fault: { code: 1011, isFatal: false },
	restart: { code: 1012, isFatal: false },
	tooSlow: { code: 1013, isFatal: false },
	joinTimeout: { code: 4001, isFatal: false },
	badTicket: { code: 4003, isFatal: false },
	badVersion: { code: 4004, isFatal: true },
	roomFull: { code: 4005, isFatal: true },
	replaced: { code: 4006, isFatal: true },
	rateLimited: { code: 4008, isFatal: false },
	removed: { code: 4010, isFatal: true },
} as const

export type CloseName = keyof typeof CLOSE_CODES

export const closeNameOf = (code: number): CloseName | null =>
	(Object.keys(CLOSE_CODES) as CloseName[]).find((name) => CLOSE_CODES[name].code === code) ?? null
