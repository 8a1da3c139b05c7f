/**
 * A room's document of a given size, made of signed records by several devices, for both sides of the benchmark.
 */
import { readFile, writeFile } from 'node:fs/promises'
import * as Y from 'yjs'
import { createMemorySeqSource } from '#lib/core/fake-crypto.ts'
import { RECORDS_MAP } from '#lib/core/ledger.ts'
import { createRoom, type RoomRoot } from '#lib/core/room.ts'
import type { RoomId } from '#lib/core/units.ts'
import { createWebCryptoSigner, createWebCryptoVerifier } from '#lib/core/web-crypto.ts'

/** Of one device: the ring of chat has 256 slots. */
const MESSAGES_PER_DEVICE = 200

export const cryptoRandom = { bytes: (count: number) => crypto.getRandomValues(new Uint8Array(count)) }

export const createDevice = async () =>
	createWebCryptoSigner(crypto.subtle, await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']))

/** Writes a state of `messages` chat messages of `chars` each to `path`; its size in bytes. */
export const writeState = async (
	path: string,
	room: RoomId,
	root: RoomRoot,
	messages: number,
	chars: number,
): Promise<number> => {
	const merged = new Y.Doc()
	for (let from = 0; from < messages; from += MESSAGES_PER_DEVICE) {
		const doc = new Y.Doc()
		const author = createRoom({
			doc,
			roomId: room,
			root,
			signer: await createDevice(),
			verifier: createWebCryptoVerifier(crypto.subtle),
			seqs: createMemorySeqSource(),
			clock: { nowMs: () => Date.now() },
			random: cryptoRandom,
			checkIdentity: async () => null,
		})
		await author.whenAdmitted
		await author.introduce({ name: 'Somebody', token: null })
		for (let i = from; i < Math.min(messages, from + MESSAGES_PER_DEVICE); i++) {
			const outcome = await author.chat.send(`${String(i)} `.padEnd(chars, 'so it goes '))
			if (outcome.type !== 'done') throw new Error(`the state cannot be made: ${JSON.stringify(outcome)}`)
		}
		author.dispose()
		Y.applyUpdate(merged, Y.encodeStateAsUpdate(doc))
	}
	const update = Y.encodeStateAsUpdate(merged)
	const keys = [...merged.getMap(RECORDS_MAP).keys()]
	await writeFile(path, JSON.stringify({ keys, update: Buffer.from(update).toString('base64') }))
	return update.length
}

export interface State {
	readonly keys: readonly string[]
	readonly update: Uint8Array
}

export const readState = async (path: string): Promise<State> => {
	const { keys, update } = JSON.parse(await readFile(path, 'utf8')) as { keys: string[]; update: string }
	return { keys, update: new Uint8Array(Buffer.from(update, 'base64')) }
}
