/**
 * `config.json` beside the pages: the server's own, or on a static host `{"server": "https://api.example"}` with
 * whatever else somebody has left in it. No message between our programs, so no part of the pinned protocol.
 */
import { clientConfig, type ClientConfig } from './http.ts'
import { text, type Schema } from './schema.ts'

export interface ServerNote {
	/** '' only where `own` is set: the server is where the page is. */
	readonly server: string
	readonly own: ClientConfig | null
}

export const serverNote: Schema<ServerNote> = {
	parse(input) {
		const own = clientConfig.parse(input)
		if (own !== undefined) return { server: own.server, own }
		const isNote = typeof input === 'object' && input !== null && Object.hasOwn(input, 'server')
		const server = isNote ? text(300).parse((input as { server: unknown }).server) : undefined
		return server === undefined || server === '' ? undefined : { server, own: null }
	},
	describe: '{server:text(300),…}',
}
