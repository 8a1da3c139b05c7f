/**
 * `npm start -- --lan`: which names this machine has on its network, a certificate for them, and what to tell people.
 * Runs under the system's Node (20 or newer); packages are imported once they are installed.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { isIP, isIPv4 } from 'node:net'
import { join } from 'node:path'

const DAY_MS = 86_400_000
/** Browsers take no certificate for longer (CA/Browser Forum: 398 days). */
const VALID_DAYS = 397
const RENEW_BEFORE_DAYS = 30
/** Names of networks that this machine was on before stay in, so that going back needs no new certificate. */
const MAX_NAMES = 64
const LOCAL_NAMES = ['localhost', '127.0.0.1', '::1']

const PRIVATE = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/
/** Of containers and virtual machines: nobody else is on those networks. */
const VIRTUAL = /^(docker|br-|veth|virbr|vmnet|vboxnet|cni|podman|lxc)/

/**
 * Addresses by which others on the network reach this machine, the likeliest first.
 * @param {NodeJS.Dict<import('node:os').NetworkInterfaceInfo[]>} interfaces as `os.networkInterfaces()` has them
 * @returns {string[]}
 */
export const lanAddresses = (interfaces) => {
	const rank = (/** @type {string} */ name, /** @type {string} */ address) =>
		(VIRTUAL.test(name) ? 4 : 0) + (PRIVATE.test(address) ? 0 : isIPv4(address) ? 1 : 2)
	return Object.entries(interfaces)
		.flatMap(([name, infos]) =>
			(infos ?? [])
				// Addresses of one link (fe80, 169.254) need the reader's own interface in them, or mean no network.
				.filter(({ address, internal }) => !internal && !/^(fe[89ab]|169\.254\.)/i.test(address))
				.map(({ address }) => ({ address, rank: rank(name, address) })),
		)
		.sort((a, b) => a.rank - b.rank)
		.map(({ address }) => address)
}

/**
 * The machine's own name, and the one that mDNS gives it.
 * @param {string} hostname
 * @returns {string[]}
 */
export const lanNames = (hostname) => {
	const name = hostname.toLowerCase().replace(/\.$/, '')
	if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/.test(name)) return []
	const [first = ''] = name.split('.')
	return [...new Set([`${first}.local`, name])].filter((one) => one !== 'localhost')
}

const nameOf = (/** @type {string} */ altName) => altName.trim().replace(/^(DNS|IP Address):/, '')
const plainIp = (/** @type {string} */ text) =>
	isIP(text) === 6 ? new URL(`http://[${text}]`).hostname.slice(1, -1) : text
/** @param {X509Certificate} cert */
const namesIn = (cert) => (cert.subjectAltName ?? '').split(',').map((part) => plainIp(nameOf(part)))

/** @param {{ certPath: string, keyPath: string }} paths */
const readKept = ({ certPath, keyPath }) => {
	if (!existsSync(certPath) || !existsSync(keyPath)) return null
	try {
		const cert = new X509Certificate(readFileSync(certPath))
		return cert.checkPrivateKey(createPrivateKey(readFileSync(keyPath))) ? cert : null
	} catch {
		return null // damaged: a new one takes its place
	}
}

/**
 * @param {string[]} names
 * @param {number} nowMs
 */
const makeCertificate = async (names, nowMs) => {
	const { generate } = await import('selfsigned')
	return generate([{ name: 'commonName', value: 'Matinee on this network' }], {
		keyType: 'ec',
		curve: 'P-256',
		algorithm: 'sha256',
		// An hour back, for phones whose clock is behind.
		notBeforeDate: new Date(nowMs - 3_600_000),
		notAfterDate: new Date(nowMs + VALID_DAYS * DAY_MS),
		extensions: [
			// A leaf and nothing more: were it installed somewhere, it could vouch for no other site.
			{ name: 'basicConstraints', cA: false, critical: true },
			{ name: 'keyUsage', digitalSignature: true, critical: true },
			{ name: 'extKeyUsage', serverAuth: true },
			{
				name: 'subjectAltName',
				altNames: names.map((name) => (isIP(name) ? { type: 7, ip: name } : { type: 2, value: name })),
			},
		],
	})
}

/** @param {string} path @param {string} text @param {number} mode */
const writeWhole = (path, text, mode) => {
	writeFileSync(`${path}.new`, text, { mode })
	renameSync(`${path}.new`, path)
}

/**
 * The certificate in `dir`, made anew where there is none, it ends within 30 days, or this machine has another address.
 * @param {{ dir: string, names: readonly string[], nowMs: number }} wish
 * @returns {Promise<{ certPath: string, keyPath: string, fingerprint: string, isNew: boolean }>}
 */
export const ensureCertificate = async ({ dir, names, nowMs }) => {
	const paths = { certPath: join(dir, 'lan-certificate.pem'), keyPath: join(dir, 'lan-key.pem') }
	const wanted = [...names, ...LOCAL_NAMES].map(plainIp)
	const kept = readKept(paths)
	const known = kept === null ? [] : namesIn(kept)
	const isGood =
		kept !== null &&
		Date.parse(kept.validTo) - nowMs > RENEW_BEFORE_DAYS * DAY_MS &&
		Date.parse(kept.validFrom) <= nowMs &&
		wanted.every((name) => known.includes(name))
	if (!isGood) {
		const { cert, private: key } = await makeCertificate(
			[...new Set([...wanted, ...known.filter((name) => name !== '')])].slice(0, MAX_NAMES),
			nowMs,
		)
		mkdirSync(dir, { recursive: true, mode: 0o700 })
		writeWhole(paths.keyPath, key, 0o600)
		writeWhole(paths.certPath, cert, 0o600)
	}
	return { ...paths, fingerprint: fingerprintOf(paths.certPath), isNew: !isGood }
}

/** SHA-256, as browsers show it. */
export const fingerprintOf = (/** @type {string} */ certPath) =>
	new X509Certificate(readFileSync(certPath)).fingerprint256

/** The address people open. */
export const urlOf = (/** @type {string} */ host, /** @type {number} */ port) =>
	`https://${isIP(host) === 6 ? `[${host}]` : host}${port === 443 ? '' : `:${String(port)}`}`

/**
 * What the terminal says once the server listens.
 * @param {{ hosts: readonly string[], port: number, fingerprint: string, isMadeHere: boolean, qr: string }} facts
 *   `isMadeHere`: browsers warn of it; `qr`: the first host's address, drawn
 */
export const lanCard = ({ hosts, port, fingerprint, isMadeHere, qr }) => {
	const [first, ...others] = hosts
	if (first === undefined) return 'This machine is on no network: nobody else can come.\n'
	const warning = isMadeHere
		? `The certificate was made on this machine, so each browser warns once: go on only if it shows this SHA-256 fingerprint.\n  ${fingerprint}\n`
		: `SHA-256 fingerprint of the certificate: ${fingerprint}\n`
	return [
		`\nOn this network: ${urlOf(first, port)}\n\n`,
		qr,
		`\n\n`,
		others.length === 0 ? '' : `Also: ${others.map((host) => urlOf(host, port)).join('  ')}\n`,
		warning,
	].join('')
}

/**
 * A QR code that phones read from a terminal, whatever its colours are.
 * @param {string} text
 * @param {boolean} isTerminal
 */
export const terminalQr = async (text, isTerminal) => {
	const { renderUnicodeCompact } = await import('uqr')
	const drawn = renderUnicodeCompact(text, { border: 4 })
	// Light modules are drawn: white on black, said outright where colours are understood.
	return isTerminal
		? drawn
				.split('\n')
				.map((line) => `\x1b[40;97m${line}\x1b[0m`)
				.join('\n')
		: drawn
}

/**
 * Why others could not come although everything starts; null where nothing is in the way.
 * @param {NodeJS.ProcessEnv} env
 */
export const lanProblem = (env) => {
	if (/^(localhost|127\.|::1$)/.test(env['HOST'] ?? ''))
		return `HOST is ${env['HOST'] ?? ''}, where only this machine can come; leave it out with --lan.`
	if (env['PUBLIC_ORIGIN'])
		return `PUBLIC_ORIGIN is ${env['PUBLIC_ORIGIN']}, so pages opened by this machine's address would be refused; leave it out with --lan.`
	return null
}
