/**
 * The server as people run it: a process that is killed, restarted, told to stop, or started wrongly.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
	ask,
	askTicket,
	joinRoom,
	newPeerId,
	newPerson,
	newRoomId,
	openSocket,
	send,
} from '../support/ws-client.ts'

let data: string
const cleanups: (() => Promise<unknown> | void)[] = []
beforeEach(() => {
	data = mkdtempSync(join(tmpdir(), 'matinee-process-'))
})
afterEach(async () => {
	for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
	rmSync(data, { recursive: true, force: true })
})

const takePort = async (): Promise<{ port: number; server: Server }> => {
	const server = createServer()
	server.listen(0, '127.0.0.1')
	await once(server, 'listening')
	return { port: (server.address() as AddressInfo).port, server }
}
const freePort = async (): Promise<number> => {
	const { port, server } = await takePort()
	server.close()
	await once(server, 'close')
	return port
}

const run = (env: Record<string, string>) => {
	const { PATH = '', HOME = '' } = process.env
	const child = spawn(process.execPath, ['signaling/server.ts'], {
		env: { PATH, HOME, HOST: '127.0.0.1', MATINEE_CLIENT: 'none', MATINEE_DATA: data, ...env },
		stdio: ['ignore', 'pipe', 'pipe'],
	})
	let [out, err] = ['', '']
	child.stdout.on('data', (chunk) => (out += String(chunk)))
	child.stderr.on('data', (chunk) => (err += String(chunk)))
	const exit = once(child, 'close').then(([code]) => code as number | null)
	cleanups.push(async () => {
		child.kill('SIGKILL')
		await exit
	})
	return {
		child,
		exit,
		out: () => out,
		/** What is for people: the audit log's lines are JSON. */
		said: () =>
			out
				.split('\n')
				.filter((line) => !line.startsWith('{'))
				.join('\n'),
		err: () => err,
		up: () => expect.poll(() => out + err, { timeout: 60_000 }).toContain('Matinee is at'),
	}
}

const start = async (port: number, env: Record<string, string> = {}) => {
	const server = run({ PORT: String(port), ...env })
	await server.up()
	return server
}

describe('a process', () => {
	it('[SG30, SG31] says one line, where it is', async () => {
		const port = await freePort()
		const server = await start(port)
		await ask(`http://127.0.0.1:${String(port)}/healthz`)
		expect(server.said()).toBe(`Matinee is at http://localhost:${String(port)}\n`)
		expect(server.err()).toBe('')
	})

	it('[SG17] killed and started again has its keys and rooms; people are back with what they had', async () => {
		const port = await freePort()
		const url = `http://127.0.0.1:${String(port)}`
		const first = await start(port)
		const room = newRoomId()
		const alice = await joinRoom(url, room)
		expect(
			(await send(`${url}/api/rooms/${room}`, 'PUT', { root: 'cm9vdA', token: alice.person.token })).status,
		).toBe(201)
		const keys = (await ask(`${url}/.well-known/jwks.json`)).body
		first.child.kill('SIGKILL')
		await first.exit
		expect((await alice.closed).code).toBe(1006)

		await start(port)
		expect((await ask(`${url}/.well-known/jwks.json`)).body).toEqual(keys)
		expect((await ask(`${url}/api/rooms/${room}`)).body).toEqual({ root: 'cm9vdA', moved: null })
		const taken = await send(`${url}/api/rooms/${room}`, 'PUT', {
			root: 'b3RoZXI',
			token: alice.person.token,
		})
		expect(taken.status).toBe(409)
		const again = await joinRoom(url, room, { person: alice.person, peer: alice.peer })
		const bob = await joinRoom(url, room)
		expect(bob.joined.roster).toEqual([again.joined.self])
	})

	it('[SG17] keeps its folder to its owner', async () => {
		await start(await freePort(), { MATINEE_DATA: join(data, 'made') })
		expect(statSync(join(data, 'made')).mode & 0o777).toBe(0o700)
		expect(statSync(join(data, 'made', 'matinee.sqlite')).mode & 0o777).toBe(0o600)
	})

	it.each([
		['SIGTERM', 1012],
		['SIGINT', 1001],
	] as const)(
		'[SG31] told to stop by %s closes sockets with %i and ends within 5 s',
		async (signal, code) => {
			const port = await freePort()
			const url = `http://127.0.0.1:${String(port)}`
			const server = await start(port)
			const alice = await joinRoom(url, newRoomId())
			const deaf = await joinRoom(url, newRoomId())
			deaf.ws.pause() // never answers the goodbye
			const startedMs = performance.now()
			server.child.kill(signal)
			expect((await alice.closed).code).toBe(code)
			expect(await server.exit).toBe(0)
			expect(performance.now() - startedMs).toBeLessThan(5_000)
			deaf.close()
		},
	)

	it('[SG31] whose port is taken says so in one line', async () => {
		const { port, server: other } = await takePort()
		cleanups.push(() => void other.close())
		const server = run({ PORT: String(port) })
		expect(await server.exit).toBe(1)
		expect(server.said()).toBe('')
		expect(server.err()).toBe(
			`Port ${String(port)} is taken by another program; stop it or choose another with PORT=8081.\n`,
		)
	})

	it('[SG30] with a wrong value does not start and says which', async () => {
		const server = run({ PORT: 'eighty' })
		expect(await server.exit).toBe(1)
		expect(server.err()).toBe('PORT is "eighty", but must be a whole number from 0 to 65535.\n')
	})

	it('[SG30] whose data folder cannot be used does not start and says why', async () => {
		const server = run({ PORT: '0', MATINEE_DATA: '/dev/null/x' })
		expect(await server.exit).toBe(1)
		expect(server.err()).toMatch(/^MATINEE_DATA: .*\n$/)
	})

	it('[SG35] logs at the finest level hold no token, ticket, room id or name', async () => {
		const port = await freePort()
		const url = `http://127.0.0.1:${String(port)}`
		const server = await start(port, { LOG_LEVEL: 'trace' })
		const room = newRoomId()
		const person = await newPerson(url, 'Canary Name')
		await send(`${url}/api/rooms/${room}`, 'PUT', { root: 'Y2FuYXJ5cm9vdA', token: person.token })
		await ask(`${url}/api/rooms/${room}`)
		const ticket = String((await askTicket(url, person, room, newPeerId())).body['ticket'])
		await joinRoom(url, room, { person })
		await openSocket(url, '/ws', { origin: 'https://canary.example' }).catch(() => undefined)
		await expect.poll(() => server.err()).toContain('room registration')
		const log = server.err() + server.out()
		for (const secret of [person.token, ticket, room, 'Canary', 'Y2FuYXJ5', person.jwk.x])
			expect(log).not.toContain(secret)
	})
})
