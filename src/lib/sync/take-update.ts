/**
 * An update or a state from a neighbour, from its bytes to what the others get of it: measured, applied, judged by the
 * gate, and only then handed on.
 */
import * as Y from 'yjs'
import type { Applier, Effect, Source } from './apply-update.ts'
import { createEarlyUpdates } from './early-updates.ts'
import type { Gate, GateResult } from './gate.ts'
import type { HandOn } from './hand-on.ts'
import { isLinked, type Neighbour, type Neighbours } from './neighbours.ts'
import { isWrong, type Pressure } from './pressure.ts'
import type { SelfCheck } from './self-check.ts'
import type { StrikeReason } from './strikes.ts'
import type { Turns } from './turns.ts'
import {
	isApplicable,
	readUpdateShape,
	STATE_LIMITS,
	UPDATE_LIMITS,
	type UpdateShape,
} from './update-shape.ts'
import type { UpdateTrial } from './update-trial.ts'

/** Client ids that ever wrote here, one for each start of a device that wrote. */
const DOC_CLIENTS_MAX = 10_000
/** Larger ones are read beside the page. */
const TRIAL_FROM_BYTES = 64 * 1024
/** More structs than that are applied in several turns, however few bytes they take. */
const TRIAL_FROM_STRUCTS = 256
/** What an early update builds on is on its way by another path; if not, its sender is asked. */
const EARLY_PATIENCE_MS = 1_000

const STATE_ORIGIN = { type: 'state' } as const

export interface UpdateTaker {
	take(from: Neighbour, kind: 'step2' | 'update', update: Uint8Array): Promise<void>
	/** A whole state that no neighbour sent; answers what was wrong with it, or null. */
	takeState(update: Uint8Array, isHere: () => boolean): Promise<StrikeReason | null>
	/** What came too early from it. */
	forgetEarly(from: Neighbour): void
	/** How often something had to be put right. */
	repairs(): number
	noteRepair(): void
}

export interface UpdateTakerDeps {
	readonly doc: Y.Doc
	readonly neighbours: Neighbours
	readonly gate: Gate
	readonly applier: Applier
	readonly pressure: Pressure
	readonly handOn: HandOn
	readonly selfCheck: SelfCheck
	readonly turns: Turns
	readonly trial: UpdateTrial | undefined
	readonly strike: (from: Neighbour, why: StrikeReason) => void
}

export const createUpdateTaker = (deps: UpdateTakerDeps): UpdateTaker => {
	const { doc, neighbours, gate, applier, pressure, handOn, strike } = deps
	const early = createEarlyUpdates<Neighbour>(applier.knownClock)
	let repairs = 0

	const askAgain = (from: Neighbour): void => {
		if (isLinked(neighbours, from) && from.link.question === 'answered') from.link.ask()
	}

	/** Judges what was touched, and forwards what changed, put right where it had to be. */
	const judgeAndForward = async (
		from: Neighbour,
		change: Effect,
		kind: 'step2' | 'update',
		before: () => Uint8Array,
	): Promise<void> => {
		const { faults, repair, held, accepted } = await gate.pass(change.keys, true)
		if (pressure.isFaultOf(from, faults)) strike(from, 'bad-record')
		else if (kind === 'update') pressure.count(from, accepted)
		// Where something should stand and does not, its sender may hold what we never got.
		if (faults.some(({ isGone }) => isGone)) askAgain(from)
		if (held.length > 0) deps.selfCheck.soon(1 + neighbours.size)
		const isOver = held.length > 0 || (kind === 'update' && !pressure.mayPass(accepted))
		if (isOver && repair === null) handOn.catchUpLater()
		else if (repair === null) handOn.forward(change.update, from, false)
		else {
			repairs++
			if (isLinked(neighbours, from)) for (const update of repair) from.link.sendUpdate(update)
			// Encoded anew, so that nobody is sent what was thrown out.
			handOn.forward(Y.encodeStateAsUpdate(doc, before()), from, true)
		}
		applier.rewriteOwn()
	}

	const sourceOf = (from: Neighbour): Source => ({
		origin: from.link.origin,
		isHere: () => isLinked(neighbours, from),
		blame: (why) => strike(from, why),
	})

	const applyAndJudge = async (
		from: Neighbour,
		kind: 'step2' | 'update',
		update: Uint8Array,
		{ clients }: UpdateShape,
	): Promise<void> => {
		const before = applier.rememberClocks(clients)
		const change = applier.apply(sourceOf(from), update)
		if (change !== null) await judgeAndForward(from, change, kind, before)
	}

	const applyState = async (
		{ applyState: apply, tryHere }: typeof import('./large-state.ts'),
		source: Source,
		update: Uint8Array,
	): Promise<GateResult | null> =>
		apply({ ...deps, maxClients: DOC_CLIENTS_MAX, trial: deps.trial ?? tryHere }, source, update)

	/** What it brought goes to the others, to `except` only what had to be put right. */
	const passOn = ({ repair }: GateResult, except: Neighbour | null): void => {
		if (repair !== null) repairs++
		handOn.fallBehind(repair === null ? except : null)
		applier.rewriteOwn()
	}

	/** False where what that needs could not be fetched: it is applied as it came, and the page waits. */
	const takeLarge = async (from: Neighbour, update: Uint8Array): Promise<boolean> => {
		const part = await import('./large-state.ts').catch(() => null)
		if (part === null) return false
		const judged = await applyState(part, sourceOf(from), update)
		if (judged === null) return true
		if (pressure.isFaultOf(from, judged.faults)) strike(from, 'bad-record')
		passOn(judged, from)
		return true
	}

	const isWithinDoc = (clients: ReadonlySet<number>): boolean => {
		const known = doc.store.clients
		if (known.size + clients.size <= DOC_CLIENTS_MAX) return true
		let fresh = 0
		for (const client of clients) if (!known.has(client)) fresh++
		return known.size + fresh <= DOC_CLIENTS_MAX
	}

	/** Whoever sent it has what it builds on. */
	const askSoon = (from: Neighbour): void =>
		from.link.later(EARLY_PATIENCE_MS, () => {
			if (early.hasOf(from)) from.link.ask()
		})

	/** Updates that came before what they build on: by another path, or because something was lost. */
	const takeEarly = async (): Promise<void> => {
		for (let next = early.next(); next !== null; next = early.next())
			if (isLinked(neighbours, next.from)) await applyAndJudge(next.from, 'update', next.update, next.shape)
	}

	return {
		take: async (from, kind, update) => {
			const hasTrial = deps.trial !== undefined
			if (hasTrial && update.length > TRIAL_FROM_BYTES && (await takeLarge(from, update))) return
			const shape = readUpdateShape(update, kind === 'step2' ? STATE_LIMITS : UPDATE_LIMITS)
			if (typeof shape === 'string') return strike(from, shape)
			if (kind === 'update' && pressure.isCrowding(from, shape)) return
			// Nobody's fault: many have been here, or somebody made up ids until it was full. Digests bring the rest.
			if (!isWithinDoc(shape.clients)) return
			if (!isApplicable(shape, applier.knownClock)) {
				// An answer holds all that we lacked when we asked, and we only ever learn more.
				if (kind === 'step2') strike(from, 'pending')
				else if (early.add(from, update, shape)) askSoon(from)
				else if (!from.idleMessages.take(1)) pressure.noteFlood(from)
				return
			}
			const isLarge = hasTrial && shape.structs > TRIAL_FROM_STRUCTS
			if (!(isLarge && (await takeLarge(from, update)))) await applyAndJudge(from, kind, update, shape)
			await takeEarly()
		},
		takeState: async (update, isHere) => {
			let fault: StrikeReason | null = null
			const source: Source = {
				origin: STATE_ORIGIN,
				isHere,
				blame: (why) => {
					fault ??= why
				},
			}
			const judged = await applyState(await import('./large-state.ts'), source, update)
			if (judged !== null) passOn(judged, null)
			if (judged?.faults.some(isWrong) === true) source.blame('bad-record')
			return fault
		},
		forgetEarly: early.forget,
		repairs: () => repairs,
		noteRepair: () => void repairs++,
	}
}
