/**
 * The files that operators copy: what they name exists, what they promise to refuse they refuse, and the nginx example
 * carries pages, sockets and addresses to a real server.
 */
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { BlockList, isIP } from 'node:net'
import { request as ask } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { ensureCertificate } from '../../scripts/support/lan.mjs'
import { isPublicAddress } from '../../signaling/media/public-address.ts'
import { freePort } from '../support/app.ts'
import { startNginx } from '../support/nginx.ts'
import { ROOT } from '../support/source-files.ts'
import { startServer } from '../support/ws-server.ts'

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')
const configuration = read('docs/configuration.md')
const isSetting = (name: string): boolean => configuration.includes(`\`${name}\``)

describe('nginx with TLS in front of one server', () => {
	it('[DE10] brings pages and sockets, passes on whose request it is and nothing a visitor claims, and keeps /metrics in', async () => {
		const dir = await mkdtemp(join(tmpdir(), 'matinee-tls-'))
		const port = await freePort()
		const origin = `https://localhost:${String(port)}`
		const trustedProxies = new BlockList()
		trustedProxies.addAddress('127.0.0.1')
		const server = await startServer({
			publicOrigin: origin,
			trustedProxies,
			metricsToken: 'a'.repeat(32),
			limits: { readsPerMinute: 5 },
		})
		const { certPath, keyPath } = await ensureCertificate({ dir, names: ['localhost'], nowMs: Date.now() })
		const example = read('deploy/tls.nginx.conf')
			.replace('127.0.0.1:8080', `127.0.0.1:${String(server.port)}`)
			.replace('listen 443 ssl', `listen 127.0.0.1:${String(port)} ssl`)
			.replace('listen 80', `listen 127.0.0.1:${String(await freePort())}`)
			.replace(/ssl_certificate .*;/, `ssl_certificate ${certPath};`)
			.replace(/ssl_certificate_key .*;/, `ssl_certificate_key ${keyPath};`)
			.replaceAll('watch.example', 'localhost')
		const nginx = await startNginx(example, port)
		const get = (path: string, headers: Record<string, string> = {}) =>
			new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
				const request = ask(`${origin}${path}`, { rejectUnauthorized: false, headers }, (response) => {
					let text = ''
					response.on('data', (chunk) => (text += String(chunk)))
					response.on('end', () => resolve({ status: response.statusCode, text }))
				})
				request.on('error', reject)
				request.end()
			})
		try {
			expect(JSON.parse((await get('/config.json')).text)).toMatchObject({ audience: origin })
			expect((await get('/metrics', { authorization: `Bearer ${'a'.repeat(32)}` })).status).toBe(404)
			const opened = new Promise<void>((resolve, reject) => {
				const socket = new WebSocket(`${origin.replace('https', 'wss')}/ws?room=AAAAAA`, {
					rejectUnauthorized: false,
					origin,
				})
				socket.once('open', () => (socket.close(), resolve()))
				socket.once('error', reject)
			})
			await opened
			// Five requests a minute: whoever makes up addresses is one visitor all the same.
			const statuses = []
			for (let i = 0; i < 6; i++)
				statuses.push((await get('/config.json', { 'x-forwarded-for': `203.0.113.${String(i)}` })).status)
			expect(statuses).toContain(429)
			expect(new Set(statuses)).toEqual(new Set([200, 429]))
		} finally {
			await nginx.close()
			await server.close()
			await rm(dir, { recursive: true })
		}
	})
})

describe('coturn', () => {
	const config = read('deploy/coturn.conf')
	const denied = new BlockList()
	for (const [, from = '', to = ''] of config.matchAll(/^denied-peer-ip=([^-\s]+)-(\S+)$/gm))
		denied.addRange(from, to, isIP(from) === 6 ? 'ipv6' : 'ipv4')
	const isDenied = (address: string): boolean => denied.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')

	it('[DE11] relays to no address that is no public host, however it is written', () => {
		const inside = [
			...[
				'0.0.0.0',
				'10.0.0.1',
				'100.64.0.1',
				'127.0.0.1',
				'169.254.169.254',
				'172.16.0.1',
				'172.31.255.255',
			],
			...[
				'192.168.1.1',
				'198.18.0.1',
				'198.19.255.255',
				'224.0.0.1',
				'255.255.255.255',
				'192.0.2.1',
				'203.0.113.9',
			],
			...[
				'::1',
				'::10.0.0.1',
				'::ffff:10.0.0.0',
				'::ffff:10.0.0.1',
				'::ffff:7f00:1',
				'64:ff9b::a00:1',
				'64:ff9b:1::1',
			],
			...[
				'100::1',
				'2001::1',
				'2001:0:a00:1::',
				'2001:db8::1',
				'2002:a00:1::',
				'3fff::1',
				'fc00::1',
				'fd00::2',
			],
			...[
				'fe80::1',
				'fec0::1',
				'ff02::1',
				'4000::1',
				'2620:4f:8000::1',
				'240.0.0.1',
				'192.88.99.1',
				'192.0.0.8',
			],
		]
		for (const address of inside) {
			expect(isPublicAddress(address), address).toBe(false)
			expect(isDenied(address), address).toBe(true)
		}
		for (const address of [
			'1.1.1.1',
			'8.8.8.8',
			'172.32.0.1',
			'2606:4700::1111',
			'2a00:1450::1',
			'2003::1',
		]) {
			expect(isPublicAddress(address), address).toBe(true)
			expect(isDenied(address), address).toBe(false)
		}
	})
	it('[DE11] gives nobody anything without a secret, and has no secret of ours in it', () => {
		expect(config).toMatch(/^use-auth-secret$/m)
		expect(config).not.toMatch(/^(static-auth-secret|user=|lt-cred-mech|no-auth)/m)
		expect(config).not.toMatch(/^allow/m)
		expect(read('compose.yaml')).toContain('test -n "$$TURN_SECRET"')
	})
})

describe('containers and the service', () => {
	const compose = read('compose.yaml')
	const services = new Map(
		Array.from(
			(compose.split(/^services:$/m)[1] ?? '')
				.split(/^volumes:$/m)[0]
				?.matchAll(/^ {2}([a-z-]+):\n((?: {3,}.*\n|\n)*)/gm) ?? [],
			([, name = '', body = '']) => [name, body] as const,
		),
	)

	it('[DE12] compose starts Matinee alone unless more is asked for, with its data kept, and no secret has a value', () => {
		expect([...services.keys()]).toEqual([
			'matinee',
			'matinee-a',
			'matinee-b',
			'nginx',
			'postgres',
			'redis',
			'coturn',
		])
		const isOptional = (body: string) => body.includes('profiles: [full]') || body.includes('<<: *several')
		expect([...services].filter(([, body]) => !isOptional(body)).map(([name]) => name)).toEqual(['matinee'])
		expect(compose).toMatch(/x-several: &several\n {2}<<: \*matinee\n {2}profiles: \[full\]/)
		expect(services.get('matinee')).toContain("volumes: ['data:/data']")
		for (const [, secret = ''] of compose.matchAll(/(?:PASSWORD|SECRET|TOKEN): (.*)/g))
			expect(secret).toMatch(/^\$\{[A-Z_]+:-\}$/)
	})
	it('[DE12] what compose, the image and the service set are settings that there are, and files that there are', () => {
		const settings = [
			...compose.matchAll(
				/^ {4,6}(PUBLIC_ORIGIN|ALLOWED_ORIGINS|TRUSTED_PROXIES|DATABASE_URL|METRICS_TOKEN):/gm,
			),
			...read('Dockerfile').matchAll(/\b(MATINEE_DATA)=/g),
			...read('deploy/matinee.service').matchAll(/^Environment=(MATINEE_[A-Z]+)=/gm),
		].map(([, name = '']) => name)
		expect(settings.length).toBeGreaterThan(8)
		for (const name of settings) expect(isSetting(name), name).toBe(true)
		for (const name of ['TLS_CERT', 'TLS_KEY']) expect(isSetting(name), name).toBe(true)
		const mounted = Array.from(compose.matchAll(/'\.\/([^:]+):\//g), ([, path = '']) => path)
		expect(mounted).toEqual(['deploy/compose.nginx.conf', 'deploy/coturn.conf'])
		for (const path of mounted) expect(existsSync(join(ROOT, path)), path).toBe(true)
	})
	it('[DE13] the image has only what is named, is built from files that are let in, and runs as nobody special', () => {
		const dockerfile = read('Dockerfile')
		const ignore = read('.dockerignore').split('\n')
		expect(ignore).toContain('*')
		const copied = Array.from(dockerfile.matchAll(/^COPY (?!--from)(.+)$/gm), ([, args = '']) =>
			args.split(' ').slice(0, -1),
		).flat()
		expect(copied.length).toBeGreaterThan(10)
		for (const path of copied) {
			expect(existsSync(join(ROOT, path)), path).toBe(true)
			expect(
				ignore.some(
					(line) => line.startsWith('!') && (path === line.slice(1) || path.startsWith(`${line.slice(1)}/`)),
				),
				path,
			).toBe(true)
		}
		const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '))
		expect(last.indexOf('USER node')).toBeGreaterThan(0)
		expect(last).toContain('VOLUME /data')
		// The server itself is process 1, or no signal would reach it.
		expect(last).toMatch(/^CMD \["node", "signaling\/server\.ts"\]$/m)
		expect(last).toMatch(/^HEALTHCHECK .* CMD \["node", "scripts\/healthcheck\.mjs"\]$/m)
	})
})
