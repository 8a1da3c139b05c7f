/**
 * The app's own requests, made from the extension: what the app asks beside its page is asked at the address that the
 * person has set. That is a server's, or a static host's whose `config.json` names the server.
 */
import { isPlainObject } from '#lib/core/schema.ts'
import { serverNote } from '#lib/protocol/server-note.ts'

/** `address` as `readServer` gives it. `onOther`: a Matinee answers that says of itself what this one cannot read. */
export const createServerFetch =
	(
		address: string,
		fetch: typeof globalThis.fetch,
		onOther: (version: string) => void = () => undefined,
	): typeof globalThis.fetch =>
	async (input, init) => {
		if (input !== '/config.json') return fetch(input, init)
		const url = `${address}/config.json`
		let answer: Response
		try {
			answer = await fetch(url, { ...init, credentials: 'omit' })
		} catch (error) {
			// Away, or there and not allowing the extension's pages: whoever asks it for the rest finds out which.
			if (error instanceof TypeError) return Response.json({ server: address })
			throw error
		}
		if (!answer.ok) return answer
		let found: unknown
		try {
			found = await answer.json()
		} catch {
			found = null // something else lies there: said by the status of what is answered below
		}
		const note = serverNote.parse(found)
		if (note === undefined) {
			const other = versionOfConfig(found)
			if (other !== null) onOther(other)
			return new Response(null, { status: 404 })
		}
		return Response.json({ server: note.own === null || note.own.server !== '' ? note.server : address })
	}

/** The version in what is a server's configuration by its looks, however it has changed; null for anything else. */
const versionOfConfig = (found: unknown): string | null => {
	if (!isPlainObject(found) || typeof found['audience'] !== 'string' || !isPlainObject(found['auth']))
		return null
	return typeof found['version'] === 'string' ? found['version'] : null
}

/** How a server of version `theirs` stands to this program: by the numbers, and newer where they say nothing. */
export const compareVersions = (theirs: string, own: string): 'newer' | 'older' => {
	const [a, b] = [theirs, own].map((version) => version.split('.').map((part) => Number.parseInt(part, 10)))
	for (let at = 0; at < 3; at++) {
		const difference = (a?.[at] ?? 0) - (b?.[at] ?? 0)
		if (difference !== 0) return difference < 0 ? 'older' : 'newer'
	}
	return 'newer'
}

/** An address as people type it, without its end; null where it is none. Plain http only to this computer. */
export const readServer = (text: string): string | null => {
	const typed = text.trim()
	// Some browsers make a host's name of anything.
	if (/[\s%]/.test(typed.replace(/^[a-z]+:\/\//i, '').split('/', 1)[0] ?? '')) return null
	const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `https://${typed}`
	const url = URL.canParse(full) ? new URL(full) : null
	if (url === null || url.hostname === '' || url.username !== '' || url.password !== '') return null
	const isLocal = url.hostname === 'localhost' || url.hostname === '127.0.0.1'
	if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLocal)) return null
	return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}
