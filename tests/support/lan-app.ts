/**
 * The real server for everybody on the network, as `npm start -- --lan` starts it or without https, and the name that
 * others have for this machine.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureCertificate, lanAddresses } from '../../scripts/support/lan.mjs'
import { ROOT } from './source-files.ts'

/** Where this machine is on no network, a name that tests map to it; no browser trusts that one either. */
export const UNKNOWN_NAME = 'lamp.local'
export const lanHost = (): string => lanAddresses(networkInterfaces())[0] ?? UNKNOWN_NAME

const START_DEADLINE_MS = 60_000

export const startLanApp = async (isSecure: boolean): Promise<{ url: string; close(): Promise<void> }> => {
	const data = await mkdtemp(join(tmpdir(), 'matinee-lan-'))
	const host = lanHost()
	const { certPath, keyPath } = await ensureCertificate({ dir: data, names: [host], nowMs: Date.now() })
	const child = spawn(process.execPath, ['signaling/server.ts'], {
		cwd: ROOT,
		env: {
			...process.env,
			PORT: '0',
			HOST: '0.0.0.0',
			MATINEE_DATA: data,
			MEDIA_METADATA: 'off',
			...(isSecure && { TLS_CERT: certPath, TLS_KEY: keyPath }),
		},
		stdio: ['ignore', 'pipe', 'pipe'],
	})
	let output = ''
	child.stderr.on('data', (chunk) => (output += String(chunk)))
	const listening = new Promise<string>((resolve, reject) => {
		const giveUp = (): void => reject(new Error(`the server did not come up:\n${output}`))
		const timer = setTimeout(giveUp, START_DEADLINE_MS)
		child.once('exit', giveUp)
		child.stdout.on('data', (chunk) => {
			output += String(chunk)
			const port = /Matinee is at https?:\/\/localhost:(\d+)/.exec(output)?.[1]
			if (port === undefined) return
			clearTimeout(timer)
			resolve(port)
		})
	})
	const close = async (): Promise<void> => {
		if (child.exitCode === null && child.signalCode === null) {
			const ended = once(child, 'exit')
			child.kill('SIGKILL')
			await ended
		}
		await rm(data, { recursive: true, force: true })
	}
	try {
		const authority = `${host.includes(':') ? `[${host}]` : host}:${await listening}`
		return { url: `${isSecure ? 'https' : 'http'}://${authority}`, close }
	} catch (error) {
		await close()
		throw error
	}
}
