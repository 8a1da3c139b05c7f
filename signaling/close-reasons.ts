/**
 * What stands in a close frame beside its code, for whoever reads along; clients go by the code.
 */
import type { CloseName } from '#lib/protocol/close-codes.ts'

export const CLOSE_REASONS: Readonly<Record<CloseName, string>> = {
	goingAway: 'server stopping',
	badMessage: 'bad message',
	tooBig: 'frame too big',
	fault: 'fault in the server',
	restart: 'server restarting',
	tooSlow: 'reading too slowly',
	joinTimeout: 'no join within 10 s',
	badTicket: 'ticket refused',
	badVersion: 'version too old or too new',
	roomFull: 'room full',
	replaced: 'the same peer joined again',
	rateLimited: 'too many messages',
	removed: 'removed from the room',
}
