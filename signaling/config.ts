/**
 * What an operator may set, read from the environment once: the only reader of `process.env`.
 * A wrong value stops the start with one line that names the variable. docs/configuration.md has the same table.
 */
import { existsSync, statSync } from 'node:fs'
import { BlockList, isIP } from 'node:net'
import { join, resolve } from 'node:path'
import { PASSWORD_MAX_CHARS } from '#lib/protocol/accounts.ts'
import { clientConfig, type ClientConfig } from '#lib/protocol/http.ts'
import { relayCost, RELAY_FRAME_MAX_BYTES, RELAY_PARCELS_MAX } from '#lib/protocol/relay.ts'
import { GOOGLE, parseIssuers, type OidcIssuer } from './auth/oidc-issuers.ts'
import { parseUserList, type ListedUser } from './auth/user-list.ts'
import { readTls, type Tls } from './tls.ts'
import type { TurnConfig } from './turn.ts'

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export const ACCOUNT_MODES = ['on', 'sign-in-only', 'off'] as const

export interface Limits {
	/** Live sockets of one address (an IPv4 address or an IPv6 /64). */
	readonly socketsPerAddress: number
	/** Joined sockets of one person over all rooms. */
	readonly socketsPerSubject: number
	readonly messagesPerSecond: number
	readonly messageBurst: number
	/** Of one socket, towards the server. */
	readonly bytesPerSecond: number
	readonly byteBurst: number
	/** Of one socket, in relay frames. */
	readonly relayBytesPerSecond: number
	readonly relayByteBurst: number
	/** Frames that are no message, at once from one socket that is admitted; one comes back each 5 s. */
	readonly badMessageBurst: number
	/** What a slow reader may leave unread here before it is closed. */
	readonly bufferedBytes: number
	readonly rosterEntries: number
	readonly identitiesPerMinute: number
	readonly roomsPerMinute: number
	/** Signed orders about rooms. */
	readonly ordersPerMinute: number
	readonly ticketsPerMinute: number
	/** Of one address, whoever it tries to be. */
	readonly signInsPerMinute: number
	/** Of one username, right ones not counted. */
	readonly signInsPerAccountPerMinute: number
	readonly signUpsPerMinute: number
	/** Wrong door passwords of one address. */
	readonly doorTriesPerMinute: number
	/** Names, passwords, pictures, devices: of one address. */
	readonly accountChangesPerMinute: number
	/** Histories of rooms read and written, of one address. */
	readonly historiesPerMinute: number
	/** The same of one person. */
	readonly historyPerSubjectPerMinute: number
	/** Questions about links, of one address. */
	readonly mediaPerMinute: number
	/** The same of one person. */
	readonly mediaPerSubjectPerMinute: number
	/** Searches among them, of one person. */
	readonly searchesPerSubjectPerMinute: number
	/** Of everybody together, spread over the day once the day's are used up. */
	readonly searchesPerDay: number
	/** Reports of figures, of one address; one person sends one a minute. */
	readonly figuresPerMinute: number
	/** Files of the app and its films, of one address. */
	readonly filesPerMinute: number
	/** Everything else over HTTP, answers of 404 too. */
	readonly readsPerMinute: number
}

export interface Config {
	readonly port: number
	readonly host: string
	/** Folder of the database; null keeps everything in memory (tests). */
	readonly dataDir: string | null
	/** PostgreSQL instead of a file in that folder; it may hold a password. */
	readonly databaseUrl: string | null
	/** Redis between several processes; it may hold a password. Null where there is one process only. */
	readonly redisUrl: string | null
	/** Stands before every key and channel there. */
	readonly redisPrefix: string
	/** Folder of the built client; null serves API and sockets only. */
	readonly clientDir: string | null
	/** The server speaks https itself with it; null for plain http, behind a proxy or on this machine. */
	readonly tls: Tls | null
	/** Where people reach this server, `https://host`; null when the operator did not say. */
	readonly publicOrigin: string | null
	readonly allowedOrigins: readonly string[]
	/** Refuse sockets that name no Origin at all. */
	readonly isOriginRequired: boolean
	readonly trustedProxies: BlockList
	readonly hasGuests: boolean
	/** Accounts with a password, kept here: to be had by everybody, only to be used, or none. */
	readonly accounts: (typeof ACCOUNT_MODES)[number]
	/** The operator's list of people and their passwords. */
	readonly users: readonly ListedUser[]
	/** What everybody must know before anything else; null without a door. */
	readonly doorPassword: string | null
	readonly hasYWebrtc: boolean
	/** Carry sealed frames between members who reach each other in no other way. */
	readonly hasRelay: boolean
	/** Look up titles, short links and the like for members. */
	readonly hasMetadata: boolean
	/** For YouTube's Data API; null without. */
	readonly youtubeApiKey: string | null
	/** What opens /metrics; null where there is none. */
	readonly metricsToken: string | null
	/** Outside providers that people may sign in with. */
	readonly issuers: readonly OidcIssuer[]
	/** How long one key signs identities. */
	readonly keyRotationDays: number
	/** Sealed histories that rooms may keep here, of one room and of all together; null: none. */
	readonly history: { readonly maxBytes: number; readonly totalBytes: number } | null
	/** What nobody has read or written for so long is deleted. */
	readonly historyKeepDays: number
	readonly iceServers: ClientConfig['iceServers']
	/** TURN servers that take passwords made with `secret`; null without. */
	readonly turn: TurnConfig | null
	readonly logLevel: LogLevel
	readonly limits: Limits
}

/** A value of the environment that cannot be used. `message` is one line for the operator. */
export class ConfigError extends Error {
	override readonly name = 'ConfigError'
}

const wrong = (name: string, value: string, expected: string): never => {
	throw new ConfigError(`${name} is ${JSON.stringify(value)}, but must be ${expected}.`)
}

type Environment = Readonly<Record<string, string | undefined>>

const DEFAULT_LIMITS = {
	MAX_SOCKETS_PER_ADDRESS: 40,
	MAX_SOCKETS_PER_SUBJECT: 20,
	MESSAGES_PER_SECOND: 50,
	MESSAGE_BURST: 100,
	BYTES_PER_SECOND: 256 * 1024,
	BYTE_BURST: 1024 * 1024,
	RELAY_BYTES_PER_SECOND: 64 * 1024,
	RELAY_BYTE_BURST: 256 * 1024,
	BAD_MESSAGE_BURST: 10,
	MAX_BUFFERED_BYTES: 1024 * 1024,
	MAX_ROSTER: 2_000,
	IDENTITIES_PER_MINUTE: 120,
	ROOMS_PER_MINUTE: 30,
	ORDERS_PER_MINUTE: 60,
	TICKETS_PER_MINUTE: 120,
	SIGN_INS_PER_MINUTE: 20,
	SIGN_INS_PER_ACCOUNT_PER_MINUTE: 5,
	SIGN_UPS_PER_MINUTE: 5,
	DOOR_TRIES_PER_MINUTE: 5,
	ACCOUNT_CHANGES_PER_MINUTE: 30,
	HISTORIES_PER_MINUTE: 120,
	HISTORY_PER_SUBJECT_PER_MINUTE: 20,
	MEDIA_PER_MINUTE: 240,
	MEDIA_PER_SUBJECT_PER_MINUTE: 120,
	SEARCHES_PER_SUBJECT_PER_MINUTE: 10,
	SEARCHES_PER_DAY: 80,
	FIGURES_PER_MINUTE: 120,
	FILES_PER_MINUTE: 20_000,
	READS_PER_MINUTE: 1_200,
} as const

/** A relay frame of the largest size must fit, or it could never be sent. */
const RELAY_BURST_MIN_BYTES = relayCost(RELAY_FRAME_MAX_BYTES, RELAY_PARCELS_MAX)

const listOf = (value: string): string[] =>
	value
		.split(',')
		.map((part) => part.trim())
		.filter((part) => part !== '')

/** `https://host[:port]` exactly as a browser writes it in `Origin`. */
const originOf = (name: string, value: string): string => {
	const expected = 'an origin like https://watch.example, with nothing behind the host and port'
	const url = URL.canParse(value) ? new URL(value) : wrong(name, value, expected)
	const isWeb = url.protocol === 'http:' || url.protocol === 'https:'
	return isWeb && (value === url.origin || value === `${url.origin}/`)
		? url.origin
		: wrong(name, value, expected)
}

/** The pages of a browser extension: its id is their origin, and `URL` knows none for them. */
const EXTENSION_ORIGIN =
	/^(?:chrome-extension:\/\/[a-p]{32}|moz-extension:\/\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/
const pageOriginOf = (name: string, value: string): string =>
	EXTENSION_ORIGIN.test(value) ? value : originOf(name, value)

const proxiesOf = (name: string, value: string): BlockList => {
	const proxies = new BlockList()
	for (const part of listOf(value)) {
		const [address = '', bits] = part.split('/')
		const family = isIP(address)
		const prefix = bits === undefined ? null : /^\d{1,3}$/.test(bits) ? Number(bits) : NaN
		const max = family === 6 ? 128 : 32
		if (family === 0 || Number.isNaN(prefix) || (prefix ?? 0) > max)
			wrong(name, part, 'a comma-separated list of addresses or networks like 127.0.0.1, 10.0.0.0/8')
		proxies.addSubnet(address, prefix ?? max, family === 6 ? 'ipv6' : 'ipv4')
	}
	return proxies
}

/** Like `wrong`, for values that are secret: what stands there is never said. */
const wrongSecret = (name: string, problem: string): never => {
	throw new ConfigError(`${name} is not usable: ${problem}.`)
}

const usersOf = (value: string): readonly ListedUser[] => {
	const list = parseUserList(value)
	return list.type === 'users' ? list.users : wrongSecret('AUTH_USERS', list.problem)
}

const doorPasswordOf = (value: string | null): string | null =>
	value !== null && value.length > PASSWORD_MAX_CHARS
		? wrongSecret('AUTH_SHARED_PASSWORD', `it has more than ${String(PASSWORD_MAX_CHARS)} characters`)
		: value

/** It goes into a header: what cannot stand there is no key. */
const youtubeKeyOf = (value: string | null): string | null =>
	value === null || /^[A-Za-z0-9_-]{10,200}$/.test(value)
		? value
		: wrongSecret(
				'YOUTUBE_API_KEY',
				'it is made of letters, digits, - and _, as the console of Google shows it',
			)

/** As RFC 6750 writes a bearer token; long enough that nobody guesses it. */
const metricsTokenOf = (value: string | null): string | null =>
	value === null || /^[A-Za-z0-9._~+/=-]{16,200}$/.test(value)
		? value
		: wrongSecret(
				'METRICS_TOKEN',
				'it has 16 to 200 letters, digits and -._~+/=, as `openssl rand -hex 32` prints them',
			)

const issuersOf = (
	text: string | null,
	googleId: string | null,
	googleSecret: string | null,
): readonly OidcIssuer[] => {
	const list = parseIssuers(text ?? '[]')
	if (list.type === 'problem') return wrongSecret('OIDC_ISSUERS', list.problem)
	if (googleId === null && googleSecret === null) return list.issuers
	if (googleId === null || googleSecret === null)
		return wrongSecret(
			googleId === null ? 'GOOGLE_CLIENT_ID' : 'GOOGLE_CLIENT_SECRET',
			'it is not set, although the other half is; Google gives both together',
		)
	if (list.issuers.some(({ id }) => id === GOOGLE.id))
		return wrongSecret('OIDC_ISSUERS', 'there is an entry "google" beside GOOGLE_CLIENT_ID')
	return [{ ...GOOGLE, clientId: googleId, clientSecret: googleSecret }, ...list.issuers]
}

const databaseUrlOf = (value: string | null): string | null => {
	const isPostgres = value === null || (/^postgres(ql)?:\/\//.test(value) && URL.canParse(value))
	return isPostgres
		? value
		: wrongSecret('DATABASE_URL', 'it must look like postgres://user:password@host:5432/database')
}

const redisUrlOf = (value: string | null): string | null => {
	const isRedis = value === null || (/^rediss?:\/\/[^/]/.test(value) && URL.canParse(value))
	return isRedis
		? value
		: wrongSecret('REDIS_URL', 'it must look like redis://user:password@host:6379 or rediss://… for TLS')
}

const redisPrefixOf = (value: string | null): string =>
	value === null || /^[A-Za-z0-9._-]{1,64}$/.test(value)
		? (value ?? 'matinee')
		: wrong('REDIS_PREFIX', value, '1 to 64 letters, digits and . _ -')

const jsonOf = (text: string): unknown => {
	try {
		return JSON.parse(text)
	} catch {
		return undefined // not JSON is refused like JSON of another shape
	}
}

const iceOf = (name: string, value: string): ClientConfig['iceServers'] => {
	const expected =
		'a list like stun:stun.example:3478,turn:turn.example or JSON like [{"urls":["turn:…"],"username":"…","credential":"…"}]'
	const isJson = value.trim().startsWith('[')
	const raw = isJson ? jsonOf(value) : listOf(value).map((url) => ({ urls: [url] }))
	const shape = clientConfig.parse({
		server: '',
		audience: '',
		iceServers: raw,
		auth: { guests: true, passwords: true, signUp: true, door: false, issuers: [] },
		version: '',
	})
	if (shape === undefined) return wrong(name, value, expected)
	for (const url of shape.iceServers.flatMap((server) => server.urls))
		if (!/^(stun|stuns|turn|turns):[^\s]+$/.test(url)) wrong(name, url, expected)
	return shape.iceServers
}

const TURN_URL = /^turns?:(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(:\d{1,5})?(\?transport=(udp|tcp))?$/i
const TURN_URLS_MAX = 8

const turnOf = (urls: string | null, secret: string | null, seconds: number): TurnConfig | null => {
	if (urls === null && secret === null) return null
	if (urls === null)
		throw new ConfigError('TURN_SECRET is set, but TURN_URLS is not; a TURN server takes both.')
	if (secret === null)
		throw new ConfigError(
			'TURN_URLS is set, but TURN_SECRET is not; it is the static-auth-secret of the TURN server.',
		)
	const list = listOf(urls)
	if (list.length === 0 || list.length > TURN_URLS_MAX || !list.every((url) => TURN_URL.test(url)))
		return wrong(
			'TURN_URLS',
			urls,
			`one to ${String(TURN_URLS_MAX)} addresses like turn:turn.example:3478 or turns:turn.example:5349?transport=tcp`,
		)
	if (!/^[\x21-\x7e]{16,200}$/.test(secret))
		return wrongSecret(
			'TURN_SECRET',
			'it has 16 to 200 letters, digits and signs without spaces, as `openssl rand -hex 32` prints them',
		)
	return { urls: list, secret, lifetimeS: seconds }
}

/** Reads the configuration or throws a `ConfigError`. `baseDir`: what relative folders start from. */
export const readConfig = (env: Environment = process.env, baseDir: string = process.cwd()): Config => {
	/** Set to nothing counts as not set: `PORT= npm start`. */
	const get = (name: string): string | null => env[name]?.trim() || null

	const whole = (name: string, fallback: number, min: number, max: number): number => {
		const value = get(name)
		if (value === null) return fallback
		const number = /^\d+$/.test(value) ? Number(value) : NaN
		return number >= min && number <= max
			? number
			: wrong(name, value, `a whole number from ${String(min)} to ${String(max)}`)
	}
	const onOff = (name: string, fallback: boolean): boolean => {
		const value = get(name)
		if (value === null) return fallback
		if (['on', 'true', '1', 'yes'].includes(value)) return true
		return ['off', 'false', '0', 'no'].includes(value) ? false : wrong(name, value, 'on or off')
	}
	const limit = (name: keyof typeof DEFAULT_LIMITS, min = 1): number =>
		whole(name, DEFAULT_LIMITS[name], min, 1_000_000_000)

	const clientDirOf = (): string | null => {
		const value = get('MATINEE_CLIENT')
		if (value === 'none') return null
		const dir = resolve(baseDir, value ?? 'build')
		if (existsSync(join(dir, '200.html'))) return dir
		return value === null
			? null
			: wrong('MATINEE_CLIENT', value, "a folder with the built client (200.html), or 'none'")
	}
	const dataDirOf = (): string => {
		const dir = resolve(baseDir, get('MATINEE_DATA') ?? 'data')
		if (existsSync(dir) && !statSync(dir).isDirectory())
			wrong('MATINEE_DATA', dir, 'a folder (made if it is missing)')
		return dir
	}
	const historyOf = (): Config['history'] => {
		const maxBytes = whole('HISTORY_MAX_BYTES', 1024 * 1024, 4_096, 8 * 1024 * 1024)
		const totalBytes = whole('HISTORY_TOTAL_BYTES', 1024 ** 3, maxBytes, 2 ** 50)
		return onOff('HISTORY', true) ? { maxBytes, totalBytes } : null
	}
	const tlsOf = (): Tls | null => {
		const [cert, key] = [get('TLS_CERT'), get('TLS_KEY')]
		if (cert === null && key === null) return null
		if (cert === null) throw new ConfigError('TLS_KEY is set, but TLS_CERT is not; https takes both.')
		if (key === null) throw new ConfigError('TLS_CERT is set, but TLS_KEY is not; https takes both.')
		const outcome = readTls(resolve(baseDir, cert), resolve(baseDir, key), Date.now())
		if (outcome.type === 'tls') return outcome.tls
		throw new ConfigError(
			outcome.of === 'cert' ? `TLS_CERT: ${cert} ${outcome.problem}.` : `TLS_KEY: ${key} ${outcome.problem}.`,
		)
	}
	const logLevel = get('LOG_LEVEL') ?? 'warn'
	const publicOrigin = get('PUBLIC_ORIGIN')
	const accounts = get('AUTH_ACCOUNTS') ?? 'on'
	const host = get('HOST') ?? '0.0.0.0'

	return {
		port: whole('PORT', 8080, 0, 65_535),
		host: /^[A-Za-z0-9.:_-]{1,253}$/.test(host) ? host : wrong('HOST', host, 'an address or host name'),
		dataDir: dataDirOf(),
		databaseUrl: databaseUrlOf(get('DATABASE_URL')),
		redisUrl: redisUrlOf(get('REDIS_URL')),
		redisPrefix: redisPrefixOf(get('REDIS_PREFIX')),
		clientDir: clientDirOf(),
		tls: tlsOf(),
		publicOrigin: publicOrigin === null ? null : originOf('PUBLIC_ORIGIN', publicOrigin),
		allowedOrigins: listOf(get('ALLOWED_ORIGINS') ?? '').map((value) =>
			pageOriginOf('ALLOWED_ORIGINS', value),
		),
		isOriginRequired: onOff('REQUIRE_ORIGIN', false),
		trustedProxies: proxiesOf('TRUSTED_PROXIES', get('TRUSTED_PROXIES') ?? ''),
		hasGuests: onOff('AUTH_GUESTS', true),
		accounts:
			ACCOUNT_MODES.find((mode) => mode === accounts) ??
			wrong('AUTH_ACCOUNTS', accounts, `one of ${ACCOUNT_MODES.join(', ')}`),
		users: usersOf(get('AUTH_USERS') ?? ''),
		doorPassword: doorPasswordOf(get('AUTH_SHARED_PASSWORD')),
		hasYWebrtc: onOff('Y_WEBRTC', true),
		hasRelay: onOff('RELAY', true),
		hasMetadata: onOff('MEDIA_METADATA', true),
		youtubeApiKey: youtubeKeyOf(get('YOUTUBE_API_KEY')),
		metricsToken: metricsTokenOf(get('METRICS_TOKEN')),
		issuers: issuersOf(get('OIDC_ISSUERS'), get('GOOGLE_CLIENT_ID'), get('GOOGLE_CLIENT_SECRET')),
		keyRotationDays: whole('KEY_ROTATION_DAYS', 30, 3, 3_650),
		history: historyOf(),
		historyKeepDays: whole('HISTORY_KEEP_DAYS', 90, 1, 36_500),
		iceServers: iceOf('ICE_URLS', get('ICE_URLS') ?? ''),
		turn: turnOf(get('TURN_URLS'), get('TURN_SECRET'), whole('TURN_SECONDS', 600, 60, 86_400)),
		logLevel:
			LOG_LEVELS.find((level) => level === logLevel) ??
			wrong('LOG_LEVEL', logLevel, `one of ${LOG_LEVELS.join(', ')}`),
		limits: {
			socketsPerAddress: limit('MAX_SOCKETS_PER_ADDRESS'),
			socketsPerSubject: limit('MAX_SOCKETS_PER_SUBJECT'),
			messagesPerSecond: limit('MESSAGES_PER_SECOND'),
			messageBurst: limit('MESSAGE_BURST'),
			bytesPerSecond: limit('BYTES_PER_SECOND'),
			byteBurst: limit('BYTE_BURST'),
			relayBytesPerSecond: limit('RELAY_BYTES_PER_SECOND', 1_024),
			relayByteBurst: limit('RELAY_BYTE_BURST', RELAY_BURST_MIN_BYTES),
			badMessageBurst: limit('BAD_MESSAGE_BURST'),
			bufferedBytes: limit('MAX_BUFFERED_BYTES'),
			rosterEntries: limit('MAX_ROSTER'),
			identitiesPerMinute: limit('IDENTITIES_PER_MINUTE'),
			roomsPerMinute: limit('ROOMS_PER_MINUTE'),
			ordersPerMinute: limit('ORDERS_PER_MINUTE'),
			ticketsPerMinute: limit('TICKETS_PER_MINUTE'),
			signInsPerMinute: limit('SIGN_INS_PER_MINUTE'),
			signInsPerAccountPerMinute: limit('SIGN_INS_PER_ACCOUNT_PER_MINUTE'),
			signUpsPerMinute: limit('SIGN_UPS_PER_MINUTE'),
			doorTriesPerMinute: limit('DOOR_TRIES_PER_MINUTE'),
			accountChangesPerMinute: limit('ACCOUNT_CHANGES_PER_MINUTE'),
			historiesPerMinute: limit('HISTORIES_PER_MINUTE'),
			historyPerSubjectPerMinute: limit('HISTORY_PER_SUBJECT_PER_MINUTE'),
			mediaPerMinute: limit('MEDIA_PER_MINUTE'),
			mediaPerSubjectPerMinute: limit('MEDIA_PER_SUBJECT_PER_MINUTE'),
			searchesPerSubjectPerMinute: limit('SEARCHES_PER_SUBJECT_PER_MINUTE'),
			searchesPerDay: limit('SEARCHES_PER_DAY'),
			figuresPerMinute: limit('FIGURES_PER_MINUTE'),
			filesPerMinute: limit('FILES_PER_MINUTE'),
			readsPerMinute: limit('READS_PER_MINUTE'),
		},
	}
}
