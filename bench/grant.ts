/**
 * How soon a role that the owner gives holds at four other members: five members in one process, over the real server
 * and real data channels (@roamhq/wrtc) on this machine. From the command to the new snapshot of the last of the four,
 * beside the round trip of the links. Writes bench/out/grant.json.
 */
import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import * as Y from 'yjs'
import { createRoomCode } from '#lib/core/room-code.ts'
import { deriveRoomKeys } from '#lib/core/room-keys.ts'
import { sealRoot } from '#lib/core/root.ts'
import type { Room } from '#lib/core/room.ts'
import type { Role } from '#lib/core/roles.ts'
import type { DeviceId, SubjectId } from '#lib/core/units.ts'
import { createServerApi } from '#lib/session/server-api.ts'
import { freePort } from '../tests/support/app.ts'
import { joinAsNode, lookUpRoom } from '../tests/support/node-member.ts'
import { createDevice, cryptoRandom } from '../tests/support/wrtc.ts'

const ROUNDS = 100
const OTHERS = 4
const GOAL_BEYOND_RTT_MS = 50
const START_DEADLINE_MS = 20_000

const percentile = (values: readonly number[], p: number): number => {
	const sorted = values.toSorted((a, b) => a - b)
	return sorted[Math.min(sorted.length - 1, Math.floor((p / 100) * sorted.length))] ?? Number.NaN
}
const until = async (what: string, isTrue: () => boolean): Promise<void> => {
	const deadlineMs = performance.now() + START_DEADLINE_MS
	while (!isTrue()) {
		if (performance.now() > deadlineMs) throw new Error(`${what}: not within 20 s`)
		await sleep(20)
	}
}

const port = await freePort()
const data = await mkdtemp(join(tmpdir(), 'matinee-grant-'))
const server = spawn(process.execPath, ['signaling/server.ts'], {
	env: { ...process.env, PORT: String(port), HOST: '127.0.0.1', MATINEE_DATA: data, LOG_LEVEL: 'warn' },
	stdio: 'ignore',
})
const url = `http://localhost:${String(port)}`
const stops: (() => void)[] = []

/** When `room` first shows `role` for the device: milliseconds of `performance.now()`. */
const whenRoleIs = (room: Room, device: DeviceId, role: Role): Promise<number> =>
	new Promise((resolve) => {
		const look = (): boolean =>
			room.state().members.some((member) => member.device === device && member.role === role)
		const off = room.onChange(() => {
			if (!look()) return
			off()
			resolve(performance.now())
		})
	})

try {
	let isUp = false
	void (async () => {
		while (!isUp) {
			isUp = await fetch(`${url}/healthz`).then(
				({ ok }) => ok,
				() => false, // not listening yet
			)
			await sleep(50)
		}
	})()
	await until('the server', () => isUp)

	const signer = await createDevice()
	const code = createRoomCode(cryptoRandom)
	const keys = await deriveRoomKeys(crypto.subtle, code)
	const sealed = await sealRoot({ subtle: crypto.subtle, random: cryptoRandom, signer }, keys, {
		v: 1,
		ownerDevice: signer.device,
		ownerSubject: `d_${signer.device}` as SubjectId,
		title: 'Bench',
		createdAtMs: Date.now(),
	})
	const api = createServerApi({
		fetch: (path, init) => fetch(new URL(path as string, url), init),
		pageOrigin: url,
		wallNowMs: () => Date.now(),
	})
	const identity = await api.identity(signer, 'Owner')
	if (identity.type !== 'ok') throw new Error(`no identity: ${identity.type}`)
	const registered = await api.registerRoom(keys.roomId, sealed, identity.value.token)
	if (registered.type !== 'ok') throw new Error(`not registered: ${registered.type}`)

	const found = await lookUpRoom(`${url}/r#${code}`)
	const owner = await joinAsNode(found, new Y.Doc(), signer)
	stops.push(owner.stop)
	const others: Awaited<ReturnType<typeof joinAsNode>>[] = []
	for (let i = 0; i < OTHERS; i++) {
		const other = await joinAsNode(found, new Y.Doc())
		stops.push(other.stop)
		others.push(other)
	}
	const everybody = [owner, ...others]
	await until('links', () => everybody.every(({ mesh }) => mesh.links().length === OTHERS))
	await until('everybody known', () =>
		everybody.every(({ room }) => room.state().members.length === OTHERS + 1),
	)
	await sleep(3_000) // links settle, round trips are measured

	const tookMs: number[] = []
	for (let round = 0; round < ROUNDS; round++) {
		const who = others[round % OTHERS]?.room.state()
		if (who === undefined) throw new Error('nobody to give a role to')
		const subject = who.members.find(({ device }) => device === who.me)?.subject as SubjectId
		const role: Role = Math.floor(round / OTHERS) % 2 === 0 ? 'operator' : 'member'
		const seen = others.map(({ room }) => whenRoleIs(room, who.me, role))
		const startMs = performance.now()
		const outcome = await owner.room.grant(subject, role)
		if (outcome.type !== 'done') throw new Error(`round ${String(round)}: ${outcome.type}`)
		tookMs.push(Math.max(...(await Promise.all(seen))) - startMs)
		await sleep(30)
	}

	const rtts = everybody.flatMap(({ mesh }) => mesh.links().flatMap(({ rttMs }) => rttMs ?? []))
	const rttMs = percentile(rtts, 50)
	const figures = {
		rounds: ROUNDS,
		peers: OTHERS,
		rttP50Ms: rttMs,
		p50Ms: percentile(tookMs, 50),
		p95Ms: percentile(tookMs, 95),
		worstMs: Math.max(...tookMs),
		goalMs: rttMs + GOAL_BEYOND_RTT_MS,
	}
	console.table(
		Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, Math.round(value * 10) / 10])),
	)
	await mkdir('bench/out', { recursive: true })
	await writeFile('bench/out/grant.json', JSON.stringify(figures, null, '\t'))
} finally {
	for (const stop of stops) stop()
	server.kill('SIGTERM')
	await rm(data, { recursive: true, force: true })
}
process.exit(0) // the WebRTC library keeps threads of its own
