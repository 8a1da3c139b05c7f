/**
 * Devices around one made-up server, for tests of locks: real keys, memory for a disk, a server that keeps roots.
 */
import { foldActivity } from '#lib/core/activity.ts'
import type { Clock } from '#lib/core/clock.ts'
import { RECORDS_MAP } from '#lib/core/ledger.ts'
import { createRoom, type IdentityClaims, type Room } from '#lib/core/room.ts'
import type { DeviceId, RoomId, SubjectId } from '#lib/core/units.ts'
import { createWebCryptoSigner, createWebCryptoVerifier } from '#lib/core/web-crypto.ts'
import type { RoomOwner } from '#lib/protocol/http.ts'
import { generateKeyPair } from '#lib/storage/device-key.ts'
import { createMemoryDeviceStore, createMemoryDisk } from '#lib/storage/memory.ts'
import * as Y from 'yjs'
import { roomHref, makeRoom } from './create-room.ts'
import type { LockDevice } from './change-lock.ts'
import { findRoom, type FoundOpenRoom } from './find-room.ts'
import type { Identity } from './identity.ts'
import type { ServerApi } from './server-api.ts'

const { subtle } = crypto
const random = { bytes: (count: number) => crypto.getRandomValues(new Uint8Array(count)) }
const START_MS = 1_800_000_000_000

export interface WorldServer {
	isAway: boolean
	readonly roots: Map<RoomId, { root: string; owner: RoomOwner | null }>
	readonly moved: Map<RoomId, string>
	/** Each question and each root put, in order. */
	readonly asked: string[]
}

export type WorldDevice = Omit<LockDevice, 'identity'> & {
	readonly identity: Pick<Identity, 'token' | 'check' | 'forgetToken'>
	readonly api: Pick<ServerApi, 'root' | 'registerRoom' | 'order'>
	readonly disk: ReturnType<typeof createMemoryDisk>
	readonly label: string
}

export interface OpenedRoom {
	readonly room: Room
	readonly doc: Y.Doc
	readonly found: FoundOpenRoom
	readonly code: string
	close(): Promise<void>
}

export const createLockWorld = () => {
	let nowMs = START_MS
	const clock: Clock = { nowMs: () => ++nowMs }
	const server: WorldServer = { isAway: false, roots: new Map(), moved: new Map(), asked: [] }

	const api: WorldDevice['api'] = {
		root: async (id) => {
			server.asked.push(`GET ${id}`)
			if (server.isAway) return { type: 'unreachable' }
			const known = server.roots.get(id)
			return known === undefined
				? { type: 'refused', status: 404, error: { error: 'no-such-room', message: 'none' } }
				: { type: 'ok', value: { root: known.root, moved: server.moved.get(id) ?? null } }
		},
		registerRoom: async (id, root, token, owner) => {
			server.asked.push(`PUT ${id} ${token}`)
			if (server.isAway) return { type: 'unreachable' }
			const known = server.roots.get(id)
			if (known !== undefined && known.root !== root)
				return { type: 'refused', status: 409, error: { error: 'room-taken', message: 'taken' } }
			server.roots.set(id, { root, owner: owner ?? null })
			return { type: 'ok', value: { root, moved: null } }
		},
		order: async (_signer, _token, id, text) => {
			server.asked.push(`ORDER ${id}`)
			if (server.isAway) return { type: 'unreachable' }
			const order = JSON.parse(text) as { type: string; notes?: string }
			if (order.type === 'moved' && order.notes !== undefined) server.moved.set(id, order.notes)
			return { type: 'ok', value: {} }
		},
	}

	/** A token is `subject.name.x`, and everybody believes it. */
	const check = async (token: string): Promise<IdentityClaims | null> => {
		const [subject = '', name = ''] = token.split('.')
		return { subject: subject as SubjectId, name, isAccount: false, pictureId: null }
	}

	const createDevice = async (label: string, subject = `g_${label}`): Promise<WorldDevice> => {
		const signer = await createWebCryptoSigner(subtle, await generateKeyPair(subtle))
		const disk = createMemoryDisk()
		const store = createMemoryDeviceStore({ createSigner: async () => signer, disk, subtle })
		return {
			label,
			disk,
			store,
			signer,
			subtle,
			random,
			verifier: createWebCryptoVerifier(subtle),
			wallNowMs: () => nowMs,
			name: async () => label,
			identity: {
				check,
				forgetToken: async () => undefined,
				token: async () => ({
					token: `${subject}.${label}.x`,
					subject: subject as SubjectId,
					name: label,
					isAccount: false,
					pictureId: null,
					device: signer.device,
					expiresAtMs: Infinity,
				}),
			},
			api,
		}
	}

	const createHere = async (device: WorldDevice, password = ''): Promise<string> => {
		const ownerSubject = `g_${device.label}` as SubjectId
		const made = await makeRoom(device, { title: 'Sunday', ownerSubject }, password)
		await device.store.rooms.put(made.visit)
		for (const id of new Set([made.keys.lookupId, made.keys.roomId]))
			server.roots.set(id, { root: made.sealedRoot, owner: null })
		return made.code
	}

	/** Opens a room from this device's disk and comes in; `withBox` false is an app from before locks could change. */
	const open = async (
		device: WorldDevice,
		code: string,
		{ withBox = true, password = '' } = {},
	): Promise<OpenedRoom> => {
		const answer = await findRoom(device, code)
		const found = answer.type === 'password' ? await answer.check(password) : answer
		if (found === 'wrong' || found.type !== 'found') throw new Error(`${roomHref(code)} was not found`)
		const doc = new Y.Doc()
		const kept = device.store.openDoc(found.keys.roomId, doc)
		await kept.whenLoaded
		const room = createRoom({
			doc,
			roomId: found.keys.roomId,
			root: found.root,
			signer: device.signer,
			verifier: device.verifier,
			seqs: device.store.seqs(found.keys.roomId),
			clock,
			random,
			checkIdentity: device.identity.check,
			foldActivity,
		})
		await room.whenAdmitted
		const { token } = (await device.identity.token('')) ?? { token: '' }
		const box = withBox ? { boxKey: (await device.store.boxKey()).publicKey } : {}
		await room.introduce({ name: device.label, token, ...box })
		await settle()
		const { keys, sealedRoot, passwordSecret, root } = found
		await device.store.rooms.put({
			roomId: keys.lookupId,
			code,
			title: root.title,
			visitedAtMs: nowMs,
			lastItem: null,
			queueLength: 0,
			people: [],
			sealedRoot,
			...(keys.roomId === keys.lookupId ? {} : { docId: keys.roomId }),
			...(passwordSecret === null ? {} : { passwordSecret }),
		})
		return {
			room,
			doc,
			found,
			code,
			close: async () => {
				room.dispose()
				await kept.close()
			},
		}
	}

	/** Everybody gets what everybody has, and judges it. */
	const meet = async (...opened: readonly OpenedRoom[]): Promise<void> => {
		for (let round = 0; round < 2; round++)
			for (const from of opened)
				for (const to of opened) {
					if (from === to) continue
					const keys: string[] = []
					const map = to.doc.getMap(RECORDS_MAP)
					const watch = (event: Y.YMapEvent<unknown>) => keys.push(...event.keysChanged)
					map.observe(watch)
					Y.applyUpdate(to.doc, Y.encodeStateAsUpdate(from.doc, Y.encodeStateVector(to.doc)))
					map.unobserve(watch)
					await to.room.judgeTouched(keys)
				}
		await settle()
	}

	/** Tokens are looked at in promises nobody hands out. */
	const settle = () => new Promise((resolve) => setImmediate(resolve))

	const nameOf = ({ room }: OpenedRoom, device: DeviceId): string =>
		room.state().members.find((member) => member.device === device)?.name ?? ''

	return { clock, server, createDevice, createHere, open, meet, settle, nameOf, roomNow: () => clock.nowMs() }
}
