/**
 * Members in networks of their own, as processes, and the server in another: what was said over the link between them,
 * and when it was heard.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { UNLIMITED } from '../faults/real-rooms.ts'
import { ROOT } from '../support/source-files.ts'
import { sleep } from '../support/wrtc.ts'
import type { MemberTells } from './member.ts'
import type { Wan } from './wan.ts'

const PORT = 8787
const START_MS = 90_000

export interface FarMember {
	readonly place: string
	say(text: string): void
	links(): { readonly direct: number; readonly relayed: number }
	/** By text: when it was heard here, or said. */
	readonly heardAtMs: ReadonlyMap<string, number>
	readonly saidAtMs: ReadonlyMap<string, number>
	/** All it knows to have been said, in its order. */
	all(): Promise<readonly string[]>
}

export interface FarRoom {
	readonly members: readonly FarMember[]
	/** Ends every process; what one of them had to say of a fault is thrown. */
	close(): Promise<void>
}

export const openFarRoom = async (wan: Wan): Promise<FarRoom> => {
	const url = `http://${wan.serverAddress}:${String(PORT)}`
	const data = mkdtempSync(join(tmpdir(), 'matinee-far-'))
	const children: ChildProcess[] = []
	let errors = ''
	const run = (prefix: readonly string[], args: readonly string[], env: Record<string, string>) => {
		const [command = '', ...before] = prefix
		const child = spawn(command, [...before, process.execPath, ...args], {
			cwd: ROOT,
			env: { ...process.env, ...env },
			stdio: ['pipe', 'pipe', 'pipe'],
		})
		child.stderr.on('data', (chunk) => (errors += String(chunk)))
		children.push(child)
		return child
	}
	const close = async () => {
		for (const child of children.toReversed()) {
			if (child.exitCode !== null || child.signalCode !== null) continue
			const ended = once(child, 'exit')
			child.kill('SIGKILL')
			await ended
		}
		rmSync(data, { recursive: true, force: true })
	}
	const until = async (isSo: () => boolean, what: string) => {
		const deadline = performance.now() + START_MS
		while (!isSo()) {
			const ended = children.find(({ exitCode }) => exitCode !== null)
			if (ended !== undefined || performance.now() > deadline)
				throw new Error(`${what}: ${errors || 'it takes too long'}`)
			await sleep(20)
		}
	}

	const join_ = async (place: 'a' | 'b' | 'c', link?: string) => {
		const child = run(
			wan.prefix(place),
			['tests/wan/member.ts', url, ...(link === undefined ? [] : [link])],
			{},
		)
		let here: string | null = null
		let links = { direct: 0, relayed: 0 }
		const heardAtMs = new Map<string, number>()
		const saidAtMs = new Map<string, number>()
		let tellAll: (texts: readonly string[]) => void = () => undefined
		createInterface(child.stdout).on('line', (line) => {
			const tells = JSON.parse(line) as MemberTells
			if (tells.type === 'here') here = tells.link
			else if (tells.type === 'links') links = tells
			else if (tells.type === 'heard') heardAtMs.set(tells.text, tells.atMs)
			else if (tells.type === 'said') saidAtMs.set(tells.text, tells.atMs)
			else tellAll(tells.texts)
		})
		await until(() => here !== null, `nobody came at ${place}`)
		const member: FarMember = {
			place,
			say: (text) => void child.stdin.write(`${text}\n`),
			links: () => links,
			heardAtMs,
			saidAtMs,
			all: () =>
				new Promise((resolve) => {
					tellAll = resolve
					child.stdin.write('\n')
				}),
		}
		return { member, link: here ?? '' }
	}

	try {
		let output = ''
		const server = run(wan.serverPrefix, ['signaling/server.ts'], {
			PORT: String(PORT),
			HOST: wan.serverAddress,
			MATINEE_DATA: data,
			MATINEE_CLIENT: 'none',
			MEDIA_METADATA: 'off',
			LOG_LEVEL: 'error',
			...UNLIMITED,
		})
		server.stdout.on('data', (chunk) => (output += String(chunk)))
		await until(() => output.includes('Matinee is at'), 'the server did not come up')
		const first = await join_('a')
		const others = await Promise.all([join_('b', first.link), join_('c', first.link)])
		const members = [first, ...others].map(({ member }) => member)
		await until(
			() => members.every(({ links }) => links().direct === members.length - 1),
			'not everybody has a direct link with everybody',
		)
		return { members, close }
	} catch (error) {
		await close()
		throw error
	}
}
