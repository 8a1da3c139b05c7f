/**
 * Turns plans into signed records: one command at a time, in the order they were given, each in one transaction.
 */
import type * as Y from 'yjs'
import { ACCOUNT_BUDGET_BYTES, GUEST_BUDGET_BYTES, ROOM_BUDGET_BYTES } from './budget.ts'
import { encodeBody } from './body.ts'
import type { SeqSource, Signer } from './crypto.ts'
import { KINDS } from './kinds.ts'
import type { VerifiedSet } from './ledger.ts'
import type { Draft, Plan } from './plan.ts'
import {
	encodeUnsigned,
	keyOf,
	parseRecord,
	RECORD_OVERHEAD_BYTES,
	signedMessage,
	withSignature,
	type ParsedRecord,
} from './records.ts'
import type { CommandOutcome } from './room.ts'
import type { Hlc, RoomId } from './units.ts'

/** The `origin` of every transaction the room itself makes; all others come from carriers. */
export type RoomOrigin =
	/** A command of the person here: `command` as in "queue.add". */
	| { readonly type: 'local-command'; readonly command: string }
	/** Known good values put back where the document had lost them, or what is no record taken out. */
	| { readonly type: 'repair' }

export interface WriterDeps {
	readonly doc: Y.Doc
	readonly records: Y.Map<unknown>
	readonly roomId: RoomId
	readonly signer: Signer
	readonly seqs: SeqSource
	readonly ledger: VerifiedSet
	readonly tickHlc: () => Hlc
	readonly isAccount: () => boolean
}

type Planned = Plan | CommandOutcome

export interface Writer {
	/**
	 * Runs `plan` when every command before it is done; it sees what those wrote, and a number above all that this
	 * device ever gave a record. Never rejects.
	 */
	run(command: string, plan: (numberAhead: number) => Planned | Promise<Planned>): Promise<CommandOutcome>
	/** Runs `first` before all commands given from now on. */
	after(first: Promise<unknown>): void
	/** No command starts any more. */
	close(): void
}

const CLOSED: CommandOutcome = { type: 'failed', why: 'the room is closed' }

const words = (error: unknown): string => (error instanceof Error ? error.message : String(error))

export const createWriter = (deps: WriterDeps): Writer => {
	const { doc, records, roomId, signer, seqs, ledger } = deps
	let isClosed = false
	let queue: Promise<unknown> = Promise.resolve()
	/** Null until the first command takes one: what the document holds may be less than what was once written. */
	let lastNumber: number | null = null

	const growthOf = ({ kind, slot }: Draft, bodyBytes: number): number => {
		const before = ledger.get(keyOf(kind, signer.device, slot))
		return RECORD_OVERHEAD_BYTES + bodyBytes - (before?.length ?? 0)
	}

	/** Whether the drafts fit, before a seq is spent on them. A body made from its seq is measured with a long one. */
	const misfit = (drafts: readonly Draft[]): CommandOutcome | null => {
		let growth = 0
		for (const draft of drafts) {
			const body = typeof draft.body === 'function' ? draft.body(2 ** 32) : draft.body
			const bytes = body === null ? 0 : encodeBody(body).length
			const limit = KINDS[draft.kind].bodyMaxBytes
			if (bytes > limit) return { type: 'too-big', what: 'record', limit }
			growth += growthOf(draft, bytes)
		}
		const limitBytes = deps.isAccount() ? ACCOUNT_BUDGET_BYTES : GUEST_BUDGET_BYTES
		if (growth > 0 && ledger.bytesOf(signer.device) + growth > limitBytes)
			return { type: 'room-full', limitBytes }
		if (growth > 0 && ledger.totalBytes + growth > ROOM_BUDGET_BYTES)
			return { type: 'room-full', limitBytes: ROOM_BUDGET_BYTES }
		return null
	}

	const nextNumber = async (): Promise<number> => {
		lastNumber = await seqs.next(ledger.maxSeq(signer.device))
		return lastNumber
	}

	const sign = async ({ kind, slot, body }: Draft): Promise<ParsedRecord> => {
		const seq = await nextNumber()
		const head = { kind, slot, seq, hlc: deps.tickHlc(), author: signer.device }
		const unsigned = encodeUnsigned(head, typeof body === 'function' ? body(seq) : body)
		const bytes = withSignature(unsigned, await signer.sign(signedMessage(roomId, unsigned)))
		const record = parseRecord(bytes)
		if (typeof record === 'string') throw new Error(`a record of kind ${kind} was made wrong: ${record}`)
		return record
	}

	const carryOut = async (
		command: string,
		make: (numberAhead: number) => Planned | Promise<Planned>,
	): Promise<CommandOutcome> => {
		if (isClosed) return CLOSED
		const made = make(1 + (lastNumber ?? (await nextNumber())))
		const plan = made instanceof Promise ? await made : made
		if (isClosed) return CLOSED
		if ('type' in plan) return plan
		const refused = misfit(plan.drafts)
		if (refused !== null) return refused
		const signed: ParsedRecord[] = []
		for (const draft of plan.drafts) signed.push(await sign(draft))
		// Closed while it was being signed: nobody carries or keeps the document any more.
		if (isClosed) return CLOSED
		const origin: RoomOrigin = { type: 'local-command', command }
		// Verified before it is in the document: whoever hears of the transaction finds it in the ledger.
		for (const record of signed) ledger.admitOwn(record)
		doc.transact(() => {
			for (const { kind, author, slot, bytes } of signed) records.set(keyOf(kind, author, slot), bytes)
		}, origin)
		return plan.outcome?.(signed.map(({ ref }) => ref)) ?? { type: 'done' }
	}

	return {
		run: (command, plan) => {
			const outcome = queue.then(async (): Promise<CommandOutcome> => {
				try {
					return await carryOut(command, plan)
				} catch (error) {
					return { type: 'failed', why: words(error) }
				}
			})
			queue = outcome
			return outcome
		},
		after: (first) => {
			queue = Promise.allSettled([queue, first])
		},
		close: () => {
			isClosed = true
		},
	}
}
