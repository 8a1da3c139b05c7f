import { createWebCryptoSigner } from '#lib/core/web-crypto.ts'
import { expect, it } from 'vitest'
import * as Y from 'yjs'
import { ROOM, runStorageContract } from './contract.ts'
import { generateKeyPair } from './device-key.ts'
import { createMemoryDeviceStore, createMemoryDisk } from './memory.ts'
import type { StorageTrouble } from './storage.ts'

const createSigner = async () => createWebCryptoSigner(crypto.subtle, await generateKeyPair(crypto.subtle))

runStorageContract('memory', () => {
	const disk = createMemoryDisk()
	return { open: async () => createMemoryDeviceStore({ createSigner, disk }) }
})

it('[ST8] memory drops a damaged update, keeps the rest and says so', async () => {
	const disk = createMemoryDisk()
	const doc = new Y.Doc()
	doc.getMap('records').set('a', '1')
	disk.docs.set(ROOM, [Uint8Array.of(9, 9, 9), Y.encodeStateAsUpdate(doc)])
	const again = new Y.Doc()
	const kept = createMemoryDeviceStore({ createSigner, disk }).openDoc(ROOM, again)
	expect(await kept.whenLoaded).toEqual({ type: 'loaded' })
	const troubles: StorageTrouble[] = []
	kept.onTrouble((trouble) => troubles.push(trouble))
	expect(troubles).toEqual([{ type: 'damaged', lost: 1 }])
	expect(again.getMap('records').toJSON()).toEqual({ a: '1' })
})
