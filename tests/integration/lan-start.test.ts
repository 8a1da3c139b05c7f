/**
 * `npm start -- --lan`: names, certificate, what the terminal says, and what is refused.
 */
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { connect } from 'node:tls'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { NetworkInterfaceInfo } from 'node:os'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readTls, renewedTls } from '../../signaling/tls.ts'
import {
	ensureCertificate,
	lanAddresses,
	lanCard,
	lanNames,
	lanProblem,
	terminalQr,
} from '../../scripts/support/lan.mjs'
import { readOptions } from '../../scripts/support/start-options.mjs'

const NOW_MS = Date.UTC(2026, 10, 21)
const DAY_MS = 86_400_000
const at = (address: string, internal = false) => ({ address, internal }) as NetworkInterfaceInfo

let dir: string
beforeEach(() => {
	dir = mkdtempSync(join(tmpdir(), 'matinee-lan-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

describe('this machine on its network', () => {
	it('[DE5] the address that others most likely reach comes first, those nobody reaches not at all', () => {
		expect(
			lanAddresses({
				lo: [at('127.0.0.1', true), at('::1', true)],
				docker0: [at('172.17.0.1')],
				eth0: [at('fe80::1'), at('2001:db8::5'), at('203.0.113.7')],
				wlan0: [at('192.168.1.5'), at('169.254.3.4')],
			}),
		).toEqual(['192.168.1.5', '203.0.113.7', '2001:db8::5', '172.17.0.1'])
		expect(lanAddresses({ lo: [at('127.0.0.1', true)] })).toEqual([])
	})
	it('[DE5] its name is the one that mDNS gives it, if it is one', () => {
		expect(lanNames('Lamp')).toEqual(['lamp.local', 'lamp'])
		expect(lanNames('lamp.home.example')).toEqual(['lamp.local', 'lamp.home.example'])
		expect(lanNames('lamp.local')).toEqual(['lamp.local'])
		expect(lanNames('Ana’s lamp')).toEqual([])
	})
})

describe('the certificate made here', () => {
	const make = (names: readonly string[], nowMs = NOW_MS) => ensureCertificate({ dir, names, nowMs })

	it('[DE6] is for every name of this machine, for this server alone, and only its owner reads it', async () => {
		const made = await make(['192.168.1.5', 'fd00::2', 'lamp.local'])
		const cert = new X509Certificate(readFileSync(made.certPath))
		for (const name of ['192.168.1.5', 'fd00::2', '127.0.0.1', '::1'])
			expect(cert.checkIP(name), name).toBeTruthy()
		for (const name of ['lamp.local', 'localhost']) expect(cert.checkHost(name), name).toBeTruthy()
		expect(cert.checkHost('bank.example')).toBeUndefined()
		expect(cert.ca).toBe(false)
		expect(cert.fingerprint256).toBe(made.fingerprint)
		const days = (Date.parse(cert.validTo) - NOW_MS) / DAY_MS
		expect(days).toBeGreaterThan(390)
		expect(days).toBeLessThan(398)
		for (const path of [made.certPath, made.keyPath]) expect(statSync(path).mode & 0o777).toBe(0o600)
	})

	it('[DE6] stays while it is good, and goes with time, with a new address, and where it is damaged', async () => {
		const first = await make(['192.168.1.5'])
		expect(await make(['192.168.1.5'], NOW_MS + 300 * DAY_MS)).toEqual({ ...first, isNew: false })
		expect((await make(['192.168.1.5'], NOW_MS + 370 * DAY_MS)).isNew).toBe(true)
		const moved = await make(['10.0.0.7', 'fd00::0:7'])
		expect(moved.isNew).toBe(true)
		// Back where one was before it is good still.
		expect(await make(['192.168.1.5'])).toEqual({ ...moved, isNew: false })
		expect((await make(['fd00::7'])).isNew).toBe(false)
		writeFileSync(moved.keyPath, 'no key')
		expect((await make(['10.0.0.7'])).isNew).toBe(true)
		writeFileSync(moved.certPath, '')
		expect((await make(['10.0.0.7'])).isNew).toBe(true)
	})

	it('[DE6] is one that browsers can talk to', async () => {
		const made = await make(['127.0.0.1'], Date.now())
		const outcome = readTls(made.certPath, made.keyPath, Date.now())
		if (outcome.type !== 'tls') throw new Error(outcome.problem)
		const server = createServer({ cert: outcome.tls.cert, key: outcome.tls.key }, (_request, response) =>
			response.end('hello'),
		).listen(0, '127.0.0.1')
		await once(server, 'listening')
		const { port } = server.address() as AddressInfo
		const socket = connect({ port, host: '127.0.0.1', ca: outcome.tls.cert })
		await once(socket, 'secureConnect')
		expect(socket.authorized).toBe(true)
		socket.destroy()
		server.close()
	})

	it('[DE7] the server judges its files, tells which is wrong and why, and takes renewed ones', async () => {
		const made = await make(['127.0.0.1'])
		const files = { ...made }
		const judge = (cert: string, key: string, nowMs = NOW_MS) => {
			const outcome = readTls(cert, key, nowMs)
			return outcome.type === 'tls' ? outcome.type : [outcome.of, outcome.problem]
		}
		const nonsense = join(dir, 'nonsense.pem')
		writeFileSync(nonsense, '-----BEGIN NONSENSE-----')
		expect(judge(files.certPath, files.keyPath)).toBe('tls')
		expect(judge(join(dir, 'none.pem'), files.keyPath)).toEqual(['cert', 'cannot be read'])
		expect(judge(files.certPath, join(dir, 'none.pem'))).toEqual(['key', 'cannot be read'])
		expect(judge(nonsense, files.keyPath)).toEqual(['cert', 'is no certificate in PEM'])
		expect(judge(files.certPath, nonsense)).toEqual([
			'key',
			'is no private key in PEM, or one with a passphrase',
		])
		expect(judge(files.certPath, files.keyPath, NOW_MS + 400 * DAY_MS)[1]).toMatch(/^ended on /)

		const current = readTls(files.certPath, files.keyPath, NOW_MS)
		if (current.type !== 'tls') throw new Error(current.problem)
		const problems: string[] = []
		const renew = () => renewedTls(current.tls, NOW_MS, (problem) => problems.push(problem))
		expect(renew()).toBeNull()
		await make(['10.0.0.7'])
		expect(renew()?.cert).toBe(readFileSync(files.certPath, 'utf8'))
		writeFileSync(files.keyPath, current.tls.key)
		expect(renew()).toBeNull()
		expect(problems).toEqual([`${files.keyPath} is not the key of that certificate`])
	})
})

describe('what the terminal says', () => {
	const facts = { port: 8080, fingerprint: 'AB:CD', isMadeHere: true, qr: '█▀█' }
	it('[DE8] the addresses, the code for a phone, the fingerprint and why a browser warns', () => {
		const card = lanCard({ ...facts, hosts: ['192.168.1.5', 'fd00::2', 'lamp.local'] })
		expect(card).toContain('On this network: https://192.168.1.5:8080\n\n█▀█')
		expect(card).toContain('Also: https://[fd00::2]:8080  https://lamp.local:8080')
		expect(card).toMatch(/warns once.*fingerprint\.\n\s+AB:CD/)
		expect(lanCard({ ...facts, port: 443, hosts: ['10.0.0.7'] })).toContain('https://10.0.0.7\n')
		expect(lanCard({ ...facts, hosts: ['10.0.0.7'], isMadeHere: false })).not.toContain('warns')
		expect(lanCard({ ...facts, hosts: [] })).toContain('on no network')
	})
	it('[DE8] the code is drawn light on dark, whatever the terminal’s colours are', async () => {
		const drawn = await terminalQr('https://192.168.1.5:8080', true)
		const lines = drawn.split('\n')
		expect(lines.length).toBeGreaterThan(12)
		for (const line of lines) {
			expect([line.slice(0, 8), line.slice(-4)]).toEqual(['\x1b[40;97m', '\x1b[0m'])
			expect(line.slice(8, -4)).toMatch(/^[█▀▄ ]+$/)
		}
		expect(await terminalQr('https://192.168.1.5:8080', false)).not.toContain('\x1b')
	})
	it('[DE9] settings under which nobody could come are refused', () => {
		expect(lanProblem({})).toBeNull()
		expect(lanProblem({ HOST: '0.0.0.0' })).toBeNull()
		expect(lanProblem({ HOST: '127.0.0.1' })).toContain('HOST')
		expect(lanProblem({ PUBLIC_ORIGIN: 'https://watch.example' })).toContain('PUBLIC_ORIGIN')
	})
	it('[DE9] options that there are not are refused by name', () => {
		expect(readOptions([])).toEqual({ type: 'start', isLan: false })
		expect(readOptions(['--lan'])).toEqual({ type: 'start', isLan: true })
		expect(readOptions(['--lan', '--help'])).toEqual({ type: 'help' })
		expect(readOptions(['--wan'])).toMatchObject({
			type: 'problem',
			message: expect.stringContaining('--wan') as string,
		})
	})
})
