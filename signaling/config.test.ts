import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { ConfigError, readConfig } from './config.ts'

const dir = mkdtempSync(join(tmpdir(), 'matinee-config-'))
afterAll(() => rmSync(dir, { recursive: true }))
const read = (env: Record<string, string>) => readConfig(env, dir)

it('[SG30] nothing needs to be set', () => {
	expect(read({})).toMatchObject({
		port: 8080,
		host: '0.0.0.0',
		dataDir: join(dir, 'data'),
		clientDir: null,
		publicOrigin: null,
		allowedOrigins: [],
		isOriginRequired: false,
		hasGuests: true,
		hasYWebrtc: true,
		hasRelay: true,
		hasMetadata: true,
		youtubeApiKey: null,
		metricsToken: null,
		iceServers: [],
		turn: null,
		logLevel: 'warn',
		limits: { socketsPerAddress: 40, socketsPerSubject: 20, messagesPerSecond: 50, messageBurst: 100 },
	})
})

it('[SG30] a name set to nothing counts as not set', () => {
	expect(read({ PORT: '', PUBLIC_ORIGIN: ' ', LOG_LEVEL: '' })).toMatchObject({
		port: 8080,
		publicOrigin: null,
	})
})

it('[SG30] the client is served from ./build once it is there, unless told otherwise', () => {
	const base = mkdtempSync(join(tmpdir(), 'matinee-config-'))
	expect(readConfig({}, base).clientDir).toBeNull()
	const build = join(base, 'build')
	mkdirSync(build)
	writeFileSync(join(build, '200.html'), '')
	expect(readConfig({}, base).clientDir).toBe(build)
	expect(readConfig({ MATINEE_CLIENT: './build' }, base).clientDir).toBe(build)
	expect(readConfig({ MATINEE_CLIENT: 'none' }, base).clientDir).toBeNull()
	rmSync(base, { recursive: true })
})

describe('values', () => {
	it.each([
		[{ PORT: '0' }, { port: 0 }],
		[{ PUBLIC_ORIGIN: 'https://watch.example' }, { publicOrigin: 'https://watch.example' }],
		[{ PUBLIC_ORIGIN: 'https://watch.example/' }, { publicOrigin: 'https://watch.example' }],
		[
			{ ALLOWED_ORIGINS: 'https://a.example, http://localhost:5173' },
			{ allowedOrigins: ['https://a.example', 'http://localhost:5173'] },
		],
		[
			{ ALLOWED_ORIGINS: 'chrome-extension://abcdefghijklmnopabcdefghijklmnop' },
			{ allowedOrigins: ['chrome-extension://abcdefghijklmnopabcdefghijklmnop'] },
		],
		[
			{ AUTH_GUESTS: 'off', Y_WEBRTC: 'off', REQUIRE_ORIGIN: 'on' },
			{ hasGuests: false, hasYWebrtc: false, isOriginRequired: true },
		],
		[
			{ RELAY: 'off', RELAY_BYTES_PER_SECOND: '4096', RELAY_BYTE_BURST: '100000' },
			{ hasRelay: false, limits: { relayBytesPerSecond: 4_096, relayByteBurst: 100_000 } },
		],
		[
			{ ICE_URLS: 'stun:stun.example:3478, turn:turn.example?transport=udp' },
			{ iceServers: [{ urls: ['stun:stun.example:3478'] }, { urls: ['turn:turn.example?transport=udp'] }] },
		],
		[
			{ ICE_URLS: '[{"urls":["turn:t.example"],"username":"u","credential":"c"}]' },
			{ iceServers: [{ urls: ['turn:t.example'], username: 'u', credential: 'c' }] },
		],
		[{ MAX_SOCKETS_PER_ADDRESS: '500' }, { limits: { socketsPerAddress: 500 } }],
		[
			{ METRICS_TOKEN: ' abcDEF0123-._~+/= ', FIGURES_PER_MINUTE: '7' },
			{ metricsToken: 'abcDEF0123-._~+/=', limits: { figuresPerMinute: 7 } },
		],
		[
			{ HISTORY_MAX_BYTES: '4096', HISTORY_TOTAL_BYTES: '8192', HISTORY_KEEP_DAYS: '7' },
			{ history: { maxBytes: 4_096, totalBytes: 8_192 }, historyKeepDays: 7 },
		],
		[{ HISTORY: 'off' }, { history: null, historyKeepDays: 90 }],
	])('[SG30] %j is understood', (env, expected) => {
		expect(read(env as Record<string, string>)).toMatchObject(expected)
	})

	it('[SG34] proxies are addresses and networks', () => {
		const { trustedProxies } = read({ TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8, fd00::/8' })
		expect(trustedProxies.check('10.9.8.7')).toBe(true)
		expect(trustedProxies.check('fd12::1', 'ipv6')).toBe(true)
		expect(trustedProxies.check('127.0.0.2')).toBe(false)
	})

	it.each([
		['PORT', '80a'],
		['PORT', '-1'],
		['PORT', '65536'],
		['PORT', '1e3'],
		['HOST', 'not a host'],
		['PUBLIC_ORIGIN', 'watch.example'],
		['PUBLIC_ORIGIN', 'https://watch.example/path'],
		['PUBLIC_ORIGIN', 'ftp://watch.example'],
		['PUBLIC_ORIGIN', 'https://user@watch.example'],
		['ALLOWED_ORIGINS', 'https://a.example,*'],
		['ALLOWED_ORIGINS', 'chrome-extension://*'],
		['PUBLIC_ORIGIN', 'chrome-extension://abcdefghijklmnopabcdefghijklmnop'],
		['TRUSTED_PROXIES', 'proxy.example'],
		['TRUSTED_PROXIES', '10.0.0.0/33'],
		['TRUSTED_PROXIES', '10.0.0.0/x'],
		['AUTH_GUESTS', 'maybe'],
		['HISTORY', 'sometimes'],
		['HISTORY_MAX_BYTES', '1MB'],
		['HISTORY_MAX_BYTES', '100'],
		['HISTORY_TOTAL_BYTES', '1000'],
		['HISTORY_KEEP_DAYS', '0'],
		['ICE_URLS', 'https://stun.example'],
		['ICE_URLS', '[{"urls":"stun:x"}]'],
		['ICE_URLS', '[not json'],
		['LOG_LEVEL', 'loud'],
		['MAX_ROSTER', '0'],
		['MATINEE_CLIENT', '/no/such/folder'],
	])('[SG30] %s=%s stops the start with one line that names it', (name, value) => {
		let thrown: unknown
		try {
			read({ [name]: value })
		} catch (error) {
			thrown = error
		}
		expect(thrown).toBeInstanceOf(ConfigError)
		const { message } = thrown as ConfigError
		expect(message.startsWith(`${name} is `)).toBe(true)
		expect(message).not.toContain('\n')
	})
})

it.each(['too-short-a-key', 'with a space between', 'with-a-"quote"-in-it', 'x'.repeat(201)])(
	'[FG6] METRICS_TOKEN=%s stops the start with one line that does not repeat it',
	(value) => {
		let message = ''
		try {
			read({ METRICS_TOKEN: value })
		} catch (error) {
			if (error instanceof ConfigError) message = error.message
		}
		expect(message.startsWith('METRICS_TOKEN is not usable: ')).toBe(true)
		expect(message).not.toContain('\n')
		expect(message).not.toContain(value)
	},
)
