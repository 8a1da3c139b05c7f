/**
 * The certificate the server speaks https with: read from files, judged before it is used, and taken anew when the
 * files change, as they do when a certificate is renewed.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'

export interface Tls {
	readonly certPath: string
	readonly keyPath: string
	/** PEM; the certificate may be followed by those that vouch for it. */
	readonly cert: string
	readonly key: string
}

export type TlsOutcome =
	| { readonly type: 'tls'; readonly tls: Tls }
	/** `of`: which of the two files; `problem` goes on a sentence that begins with its path. */
	| { readonly type: 'problem'; readonly of: 'cert' | 'key'; readonly problem: string }

const readText = (path: string): string | null => {
	try {
		return readFileSync(path, 'utf8')
	} catch {
		return null // missing or shut: both are told as one
	}
}

const parseCert = (text: string): X509Certificate | null => {
	try {
		return new X509Certificate(text)
	} catch {
		return null
	}
}

const parseKey = (text: string): ReturnType<typeof createPrivateKey> | null => {
	try {
		return createPrivateKey(text)
	} catch {
		return null
	}
}

/** Nothing of the key is ever in a problem's words. `nowMs`: wall time. */
export const readTls = (certPath: string, keyPath: string, nowMs: number): TlsOutcome => {
	const cert = readText(certPath)
	if (cert === null) return { type: 'problem', of: 'cert', problem: 'cannot be read' }
	const key = readText(keyPath)
	if (key === null) return { type: 'problem', of: 'key', problem: 'cannot be read' }
	const certificate = parseCert(cert)
	if (certificate === null) return { type: 'problem', of: 'cert', problem: 'is no certificate in PEM' }
	const privateKey = parseKey(key)
	if (privateKey === null)
		return { type: 'problem', of: 'key', problem: 'is no private key in PEM, or one with a passphrase' }
	if (!certificate.checkPrivateKey(privateKey))
		return { type: 'problem', of: 'key', problem: 'is not the key of that certificate' }
	if (certificate.validToDate.getTime() <= nowMs)
		return { type: 'problem', of: 'cert', problem: `ended on ${certificate.validTo}` }
	return { type: 'tls', tls: { certPath, keyPath, cert, key } }
}

/**
 * The files' certificate where it has changed and is good; null to go on with `current`. `onProblem` hears of files
 * that cannot be used.
 */
export const renewedTls = (current: Tls, nowMs: number, onProblem: (problem: string) => void): Tls | null => {
	const outcome = readTls(current.certPath, current.keyPath, nowMs)
	if (outcome.type === 'tls')
		return outcome.tls.cert === current.cert && outcome.tls.key === current.key ? null : outcome.tls
	onProblem(`${outcome.of === 'cert' ? current.certPath : current.keyPath} ${outcome.problem}`)
	return null
}
