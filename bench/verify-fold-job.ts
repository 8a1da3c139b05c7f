/**
 * Verifies and folds the records of a room, in whatever runs it: Node, or a page. Times in ms.
 */
import { createLedger } from '#lib/core/ledger.ts'
import { foldActivity } from '#lib/core/activity.ts'
import { fold } from '#lib/core/fold.ts'
import { createFakeSigner } from '#lib/core/fake-crypto.ts'
import { film, makeRecord, TEST_ROOM_ID, TEST_START_MS, testRoot } from '#lib/core/test-room.ts'
import { createWebCryptoSigner, createWebCryptoVerifier } from '#lib/core/web-crypto.ts'
import type { BodyValue } from '#lib/core/body.ts'
import type { Kind } from '#lib/core/kinds.ts'

export interface VerifyFoldRun {
	readonly verifyMs: number
	readonly foldMs: number
	readonly records: number
	readonly bytes: number
}

const DEVICES = 25
/** Signatures checked at one time, as the room does. */
const BATCH = 512

export const runVerifyFold = async (recordCount: number, runs: number): Promise<VerifyFoldRun[]> => {
	const { subtle } = crypto
	const signers = await Promise.all(
		Array.from({ length: DEVICES }, async () =>
			createWebCryptoSigner(subtle, await subtle.generateKey('Ed25519', false, ['sign', 'verify'])),
		),
	)
	const entries: (readonly [string, Uint8Array])[] = []
	for (let i = 0; i < recordCount; i++) {
		const signer = signers[i % DEVICES] ?? createFakeSigner('never')
		const turn = Math.floor(i / DEVICES)
		const [kind, slot, body]: readonly [Kind, number, BodyValue] =
			turn === 0
				? ['id', 0, { key: signer.publicKey, name: `Member ${String(i)}`, since: TEST_START_MS, first: 1 }]
				: turn % 4 === 0
					? [
							'queue',
							turn % 256,
							{
								nonce: `nonce-${String(turn)}`.padEnd(11, 'x'),
								media: film(`Film ${String(i)}`).media as unknown as BodyValue,
								title: `Film ${String(i)}`,
								pos: `V${String(i)}1`,
							},
						]
					: ['chat', turn % 256, { text: `Message ${String(i)} of an evening that went on and on` }]
		const { key, bytes } = await makeRecord(signer, kind, slot, turn + 1, body, { ms: TEST_START_MS + i })
		entries.push([key, bytes])
	}
	const bytes = entries.reduce((sum, [, record]) => sum + record.length, 0)
	const verifier = createWebCryptoVerifier(subtle)
	const owner = createFakeSigner('owner')
	const results: VerifyFoldRun[] = []
	for (let run = 0; run < runs; run++) {
		const ledger = createLedger({
			roomId: TEST_ROOM_ID,
			verifier,
			clock: { nowMs: () => TEST_START_MS + 1e6 },
		})
		const t0 = performance.now()
		// Keys of devices before what they signed, as the room does.
		const ids = entries.slice(0, DEVICES)
		for (const part of [ids, entries.slice(DEVICES)])
			for (let at = 0; at < part.length; at += BATCH)
				await Promise.all(part.slice(at, at + BATCH).map(([key, record]) => ledger.judge(key, record)))
		const t1 = performance.now()
		const { state } = fold({
			foldActivity,
			root: testRoot(owner),
			me: owner.device,
			records: ledger.records(),
			identityOf: () => null,
		})
		const t2 = performance.now()
		if (ledger.size !== entries.length || state.members.length < DEVICES)
			throw new Error('not all records counted')
		results.push({ verifyMs: t1 - t0, foldMs: t2 - t1, records: entries.length, bytes })
	}
	return results
}

Object.assign(globalThis, { runVerifyFold })
