/**
 * Audit events as JSON lines, one each, for whatever collects the server's standard output.
 */
import pino from 'pino'
import type { AuditLog } from './audit.ts'

export interface AuditPrinter {
	readonly log: AuditLog
	/** Writes out what is still buffered: before the process ends. */
	flush(): void
}

/** What a reader of the output may leave unread before lines are dropped; the store has them all the same. */
const BUFFER_MAX_BYTES = 16 * 1024 * 1024

/** To standard output, or to the file descriptor of a test. */
export const createAuditPrinter = (fd = 1): AuditPrinter => {
	// Not sync: a reader that stands still must not hold up the server.
	const stream = pino.destination({ fd, sync: false, maxLength: BUFFER_MAX_BYTES })
	stream.on('error', () => {
		// Nobody reads any more (EPIPE): the store keeps the log, and there is nowhere to say this.
	})
	const logger = pino({ base: null, timestamp: false, level: 'info' }, stream)
	return {
		log: (atMs, event) => logger.info({ time: new Date(atMs).toISOString(), audit: event }),
		flush: () => {
			try {
				stream.flushSync()
			} catch {
				// The same: gone, or not yet open.
			}
		},
	}
}
