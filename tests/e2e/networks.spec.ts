/**
 * Two browsers in networks of their own, with real routers between them: where nothing goes directly, a TURN server or
 * our own relay brings them together, and a way that opens later is taken without anybody noticing.
 */
import { expect, test } from '@playwright/test'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import { CHROMIUM_ARGS, chromiumPath } from '../support/browsers.ts'
import { startCoturn, type TestCoturn } from '../support/coturn.ts'
import {
	arrive,
	expectInStep,
	expectNoErrors,
	joinRoom,
	openTab,
	readWholeChat,
	SAMPLE,
	startRoom,
	waitForLinks,
	waitForPlaying,
	type Person,
} from '../support/person.ts'
import { ROOT } from '../support/source-files.ts'
import { openHomes, whyNoHomes, type Home, type Homes } from '../wan/homes.ts'

const PORT = 8080
const TURN_PORT = 3478
const SECRET = 'a-secret-of-the-tests-of-networks'
const START_DEADLINE_MS = 60_000
const MESSAGES = 100

const why = whyNoHomes()
test.skip(why !== null, why ?? '')

interface Town {
	readonly url: string
	readonly homes: readonly Home[]
	/** What runs a command beside the server. */
	readonly serverPrefix: readonly string[]
	/** A browser at each home. */
	readonly browsers: readonly Browser[]
	/** The server's own environment from now on; its data are kept. */
	serve(env: Record<string, string>): Promise<void>
	close(): Promise<void>
}

const openTown = async (router: 'symmetric' | 'none'): Promise<Town> => {
	const net: Homes = openHomes({ count: 2, router })
	const url = `http://${net.serverAddress}:${String(PORT)}`
	const data = mkdtempSync(join(tmpdir(), 'matinee-town-'))
	const browsers: Browser[] = []
	let server: ChildProcess | null = null
	const end = async () => {
		if (server !== null && server.exitCode === null) {
			const ended = once(server, 'exit')
			server.kill('SIGKILL')
			await ended
		}
		server = null
	}
	const close = async () => {
		for (const browser of browsers) await browser.close()
		await end()
		net.close()
		rmSync(data, { recursive: true, force: true })
	}
	try {
		for (const home of net.homes)
			browsers.push(
				await chromium.launch({
					executablePath: home.executable(chromiumPath()),
					args: [
						...CHROMIUM_ARGS,
						'--autoplay-policy=no-user-gesture-required',
						// Pages of another machine over plain http get no keys; here that machine is this one.
						`--unsafely-treat-insecure-origin-as-secure=${url}`,
					],
				}),
			)
	} catch (error) {
		await close()
		throw error
	}
	return {
		url,
		homes: net.homes,
		serverPrefix: net.serverPrefix,
		browsers,
		close,
		serve: async (env) => {
			await end()
			const [command = '', ...prefix] = net.serverPrefix
			const child = spawn(command, [...prefix, process.execPath, 'signaling/server.ts'], {
				cwd: ROOT,
				env: {
					...process.env,
					PORT: String(PORT),
					HOST: net.serverAddress,
					MATINEE_DATA: data,
					MEDIA_METADATA: 'off',
					LOG_LEVEL: 'warn',
					...env,
				},
				stdio: ['ignore', 'pipe', 'pipe'],
			})
			server = child
			let output = ''
			child.stdout.on('data', (chunk) => (output += String(chunk)))
			child.stderr.on('data', (chunk) => (output += String(chunk)))
			const deadline = Date.now() + START_DEADLINE_MS
			while (!output.includes('Matinee is at')) {
				if (child.exitCode !== null || Date.now() > deadline)
					throw new Error(`the server did not come up:\n${output}`)
				await new Promise((resolve) => setTimeout(resolve, 50))
			}
		},
	}
}

/** Whether anything answers there, be it with a refusal. */
const isReached = (from: Home, address: string, port: number): boolean => {
	const [command = '', ...prefix] = from.prefix
	const code = `
		const socket = require('net').connect(${String(port)}, '${address}', () => process.exit(0))
		socket.on('error', ({ code }) => process.exit(code === 'ECONNREFUSED' ? 0 : 1))
		setTimeout(() => process.exit(1), 1500)`
	return spawnSync(command, [...prefix, process.execPath, '-e', code]).status === 0
}

interface Watched {
	readonly matineeConnections: RTCPeerConnection[]
	/** Everything that was given to be sealed, as far as it could hold an address. */
	readonly matineeSealed: string[]
}

/** Keeps hold of the page's connections and of what it seals, from its first line on. */
const watch = async ({ page }: Person): Promise<void> => {
	await page.addInitScript(() => {
		const watched: Watched = { matineeConnections: [], matineeSealed: [] }
		Object.assign(globalThis, watched)
		const Native = RTCPeerConnection
		globalThis.RTCPeerConnection = class extends Native {
			constructor(configuration?: RTCConfiguration) {
				super(configuration)
				watched.matineeConnections.push(this)
			}
		}
		const proto = SubtleCrypto.prototype

		const encrypt = proto.encrypt
		proto.encrypt = function (algorithm, key, data) {
			const bytes = ArrayBuffer.isView(data)
				? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
				: new Uint8Array(data)
			const text = new TextDecoder('latin1').decode(bytes)
			if (/candidate|\d+\.\d+\.\d+\.\d+|\.local/.test(text)) watched.matineeSealed.push(text)
			return encrypt.call(this, algorithm, key, data)
		}
	})
}

interface Path {
	readonly local: string
	readonly remote: string
}

/** Of the connections that are open: what kind of candidate stands at each end, and all of this end's kinds. */
const pathsOf = (page: Page): Promise<{ paths: Path[]; localKinds: string[] }> =>
	page.evaluate(async () => {
		const paths: Path[] = []
		const localKinds = new Set<string>()
		for (const connection of (globalThis as unknown as Watched).matineeConnections) {
			const stats = new Map<string, Record<string, string>>()
			const report = (await connection.getStats()) as unknown as Map<string, Record<string, string>>
			report.forEach((entry, id) => void stats.set(id, entry))
			const kindOf = (id: string | undefined) => stats.get(id ?? '')?.['candidateType'] ?? ''
			for (const [id, entry] of stats) {
				if (entry['type'] === 'local-candidate') localKinds.add(kindOf(id))
				const pair = stats.get(entry['selectedCandidatePairId'] ?? '')
				if (entry['type'] !== 'transport' || pair === undefined) continue
				if (connection.connectionState === 'connected')
					paths.push({ local: kindOf(pair['localCandidateId']), remote: kindOf(pair['remoteCandidateId']) })
			}
		}
		return { paths, localKinds: [...localKinds] }
	})

const chip = ({ page }: Person, text: string) => page.getByRole('banner').getByText(text)

const meetIn = async ({ url, browsers }: Town): Promise<readonly [Person, Person]> => {
	const [first, second] = browsers as [Browser, Browser]
	const [alice, bob] = [await arrive(first), await arrive(second)]
	await watch(alice)
	await watch(bob)
	const link = await startRoom(alice, url, url + SAMPLE)
	await joinRoom(bob, link)
	await waitForLinks(bob, 1)
	return [alice, bob]
}

const expectToWatch = async (alice: Person, bob: Person) => {
	await waitForPlaying(alice)
	await waitForPlaying(bob)
	await expectInStep(alice, bob)
}

test.describe.serial('two at home behind routers that let no hole be punched', () => {
	let town: Town
	let coturn: TestCoturn
	test.beforeAll(async () => {
		town = await openTown('symmetric')
		coturn = await startCoturn({
			port: TURN_PORT,
			secret: SECRET,
			addresses: ['45.80.0.1'],
			prefix: town.serverPrefix,
		})
	})
	test.afterAll(async () => {
		await coturn.close()
		await town.close()
	})

	test('[TN7, TN11] reach each other through TURN, with a pass, and their film is in step; [TN8] who hides says no address', async () => {
		await town.serve({ TURN_URLS: `turn:45.80.0.1:${String(TURN_PORT)}`, TURN_SECRET: SECRET })
		const [alice, bob] = await meetIn(town)
		for (const person of [alice, bob]) await expect(chip(person, 'Relayed 1')).toBeVisible()
		await openTab(alice, 'People')
		await expect(alice.page.getByText(/^Relayed.*, through a TURN server$/)).toBeVisible()
		const { paths } = await pathsOf(alice.page)
		expect(paths).toHaveLength(1)
		expect(Object.values(paths[0] ?? {})).toContain('relay')
		await expectToWatch(alice, bob)

		await bob.page.getByRole('button', { name: 'Room menu' }).click()
		await bob.page.getByRole('menuitem', { name: 'In step' }).click()
		await bob.page.getByRole('switch', { name: 'Hide my address' }).click()
		await bob.page.keyboard.press('Escape')
		// A page that comes anew has it from its first word on.
		await bob.page.reload()
		for (const person of [alice, bob])
			await expect(chip(person, 'Relayed 1')).toBeVisible({ timeout: 40_000 })
		await expect
			.poll(async () => (await pathsOf(bob.page)).paths.map(({ local }) => local))
			.toEqual(['relay'])
		expect((await pathsOf(bob.page)).localKinds).toEqual(['relay'])
		const sealed = await bob.page.evaluate(() => (globalThis as unknown as Watched).matineeSealed)
		expect(sealed.filter((text) => text.includes('typ relay')).length).toBeGreaterThan(0)
		const addresses = new Set(sealed.join('\n').match(/\d+\.\d+\.\d+\.\d+|[\w-]+\.local\b/g))
		for (const known of ['45.80.0.1', '0.0.0.0']) addresses.delete(known)
		expect([...addresses]).toEqual([])
		expect(sealed.join('\n')).not.toMatch(/typ (host|srflx|prflx)/)
		// The other one hides nothing, and is seen.
		const told = await alice.page.evaluate(() => (globalThis as unknown as Watched).matineeSealed.join('\n'))
		expect(told).toContain(town.homes[0]?.publicAddress)
		await expectToWatch(alice, bob)
		expectNoErrors(alice, bob)
		expect(coturn.output()).not.toContain(SECRET)
		await alice.close()
		await bob.close()
	})

	test('[TN9] without TURN the server relays; when their routers open up they go over to a direct way and lose no word', async () => {
		test.setTimeout(240_000)
		await town.serve({ ICE_URLS: `stun:45.80.0.1:${String(TURN_PORT)}` })
		const [alice, bob] = await meetIn(town)
		for (const person of [alice, bob]) await expect(chip(person, 'Relayed 1')).toBeVisible()
		expect((await pathsOf(alice.page)).paths).toEqual([])
		await expectToWatch(alice, bob)
		for (const person of [alice, bob]) await openTab(person, 'Chat')

		const wordOf = (index: number) => `word-${String(index).padStart(3, '0')}`
		const isDirect = async () =>
			(await chip(alice, 'Direct 1').isVisible()) && (await chip(bob, 'Direct 1').isVisible())
		const deadline = Date.now() + 150_000
		let wordsWhileRelayed = 0
		const say = async ({ page }: Person, index: number) => {
			const field = page.getByRole('textbox', { name: 'Message' })
			await field.fill(wordOf(index))
			await field.press('Enter')
		}
		for (let index = 0; index < MESSAGES; index += 2) {
			if (index === 10) for (const home of town.homes) home.setRouter('open')
			await Promise.all([say(alice, index), say(bob, index + 1)])
			if (index < 10 || (await isDirect())) continue
			wordsWhileRelayed += 2
			// The last twenty are said on the new way.
			do await alice.page.waitForTimeout(500)
			while (index >= MESSAGES - 22 && !(await isDirect()) && Date.now() < deadline)
		}
		for (const person of [alice, bob]) await expect(chip(person, 'Direct 1')).toBeVisible()
		expect(wordsWhileRelayed).toBeGreaterThan(0)
		const expected = Array.from({ length: MESSAGES }, (_, index) => wordOf(index))
		const wordsOf = async (person: Person) =>
			(await readWholeChat(person))
				.join('\n')
				.match(/word-\d+/g)
				?.toSorted()
		for (const person of [alice, bob]) await expect.poll(() => wordsOf(person)).toEqual(expected)
		expect(Object.values((await pathsOf(alice.page)).paths[0] ?? {})).not.toContain('relay')
		await expectToWatch(alice, bob)
		expectNoErrors(alice, bob)
		await alice.close()
		await bob.close()
	})
})

test('[TN10] two whose only way leads to the server watch in step through it', async () => {
	const town = await openTown('none')
	try {
		// Each can reach the server, and neither the other.
		await town.serve({})
		const [first, second] = town.homes as [Home, Home]
		expect(isReached(first, '45.80.0.1', PORT)).toBe(true)
		expect(isReached(first, second.address, PORT)).toBe(false)
		const [alice, bob] = await meetIn(town)
		for (const person of [alice, bob]) await expect(chip(person, 'Relayed 1')).toBeVisible()
		expect((await pathsOf(alice.page)).paths).toEqual([])
		await expectToWatch(alice, bob)
		expectNoErrors(alice, bob)
		await alice.close()
		await bob.close()
	} finally {
		await town.close()
	}
})
