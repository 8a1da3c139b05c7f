/**
 * The client's pages with their links made whole for whoever asks: made once an address, and kept for the few by which
 * a server is known. Whoever invents names gets pages that name what they invented, and nobody else sees them.
 */
import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { addWholeLinks, basePathIn, lacksWholeLinks } from './whole-links.ts'

export type PageName = 'index' | 'r' | '200'
type Encoding = 'br' | 'gzip' | 'identity'

export interface WholePage {
	readonly etag: string
	readonly body: Buffer
	readonly encoding: Encoding
}

export interface WholePages {
	/** Null where the page is sent as it was built: it knows its address, or is not there. */
	get(name: PageName, origin: string, acceptEncoding: string): Promise<WholePage | null>
}

const KEPT_MAX = 48
const BROTLI_QUALITY = 5

const compress: Readonly<Record<Encoding, (text: string) => Promise<Buffer>>> = {
	br: (text) =>
		promisify(brotliCompress)(text, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } }),
	gzip: (text) => promisify(gzip)(text),
	identity: (text) => Promise.resolve(Buffer.from(text)),
}

const encodingOf = (accept: string): Encoding => {
	const offered = accept
		.toLowerCase()
		.split(',')
		.map((one) => one.trim())
		.filter((one) => !/;\s*q=0(?:\.0*)?$/.test(one))
		.map((one) => one.split(';', 1)[0])
	if (offered.includes('br')) return 'br'
	return offered.includes('gzip') ? 'gzip' : 'identity'
}

export const createWholePages = (clientDir: string): WholePages => {
	const kept = new Map<string, Promise<WholePage | null>>()

	const make = async (name: PageName, origin: string, encoding: Encoding): Promise<WholePage | null> => {
		const page = await readFile(join(clientDir, `${name}.html`), 'utf8')
		if (!lacksWholeLinks(page)) return null
		// Without a fallback page there is nothing that names another path.
		const fallback =
			name === '200' ? page : await readFile(join(clientDir, '200.html'), 'utf8').catch(() => '')
		const whole = addWholeLinks(page, origin + basePathIn(fallback), name === 'index')
		const hash = createHash('sha256').update(whole).digest('base64url').slice(0, 22)
		return { etag: `"${hash}-${encoding}"`, body: await compress[encoding](whole), encoding }
	}

	return {
		async get(name, origin, acceptEncoding) {
			const encoding = encodingOf(acceptEncoding)
			const { mtimeMs } = await stat(join(clientDir, `${name}.html`)).catch(() => ({ mtimeMs: null }))
			if (mtimeMs === null) return null
			const key = `${name} ${encoding} ${String(mtimeMs)} ${origin}`
			const found = kept.get(key)
			if (found) return found
			const made = make(name, origin, encoding)
			kept.set(key, made)
			const [oldest] = kept.keys()
			if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest)
			made.catch(() => kept.delete(key))
			return made
		},
	}
}
