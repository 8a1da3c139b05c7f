/**
 * Tells the server what it has to carry out for this room: who may remove people, whose sockets it refuses, who owns
 * the room now, that it has moved. Orders given while the server is away are kept on this device and given later; of
 * several about one thing only the last. What they mean inside the room does not wait for any of this.
 */
import type { RoomRoot } from '#lib/core/room.ts'
import type { RoomState } from '#lib/core/state.ts'
import type { Millis, SubjectId } from '#lib/core/units.ts'
import type { Timers } from '#lib/follow/timers.ts'
import type { RoomOrder } from '#lib/protocol/orders.ts'
import type { ApiOutcome } from './server-api.ts'

export interface RoomOrdersDeps {
	readonly root: RoomRoot
	readonly state: () => RoomState
	/** Signs and sends the JSON text of one order; null while there is no identity to give it with. */
	readonly send: (order: string) => Promise<ApiOutcome<unknown> | null>
	/** What is still to be given, and what was given already: strings, in this device's settings. */
	readonly kept: { get(): Promise<unknown>; set(value: unknown): Promise<void> }
	readonly wallNowMs: () => Millis
	readonly timers: Timers
}

export interface RoomOrders {
	/** Gives an order now or, where the server is away, later. */
	give(order: RoomOrder): void
	/** The room has changed: what follows from its state is given by itself. */
	review(): void
	/** Idempotent. */
	stop(): void
}

const SOON_MS = 50
const FIRST_RETRY_MS = 2_000
const LAST_RETRY_MS = 60_000
/** The server may learn only later why somebody may give an order: from the owner, who is away just now. */
const REFUSALS_MAX = 20

/** Orders about one thing: the later takes the place of the earlier. */
const nameOf = (order: RoomOrder): string =>
	order.type === 'remove' || order.type === 'let-in'
		? `person:${order.subject}`
		: order.type.replace(/^(keep|drop)-/, '')

interface Waiting {
	readonly order: RoomOrder
	refusals: number
}

const isKept = (
	value: unknown,
): value is { waiting: RoomOrder[]; operators: string | null; tookOver: boolean } =>
	typeof value === 'object' && value !== null && 'waiting' in value && Array.isArray(value.waiting)

const operatorsIn = (state: RoomState): SubjectId[] =>
	[...new Set(state.members.filter(({ role }) => role === 'operator').map(({ subject }) => subject))].sort()

export const createRoomOrders = (deps: RoomOrdersDeps): RoomOrders => {
	const { root, timers } = deps
	const waiting = new Map<string, Waiting>()
	/** The list of operators as the server was last told; null: never. */
	let operators: string | null = null
	let tookOver = false
	let isReady = false
	let isBusy = false
	let isStopped = false
	let retryMs = FIRST_RETRY_MS
	let cancel: () => void = () => undefined

	const keep = (): Promise<void> =>
		deps.kept.set({ waiting: [...waiting.values()].map(({ order }) => order), operators, tookOver })

	const put = (order: RoomOrder): void => {
		waiting.set(nameOf(order), { order, refusals: 0 })
	}

	/** What follows from the room itself. Only the owner has something to say that nobody pressed a button for. */
	const derive = (): void => {
		const state = deps.state()
		if (state.myRole !== 'owner') return
		const mine = state.members.find(({ device }) => device === state.me)?.subject
		const isFounder = root.ownerDevice === state.me || root.ownerSubject === mine
		if (!isFounder && !tookOver) put({ type: 'take-over' })
		const subjects = operatorsIn(state)
		const told = subjects.join(',')
		if (told !== (operators ?? '') && !(waiting.get('operators') && told === pendingOperators()))
			put({ type: 'operators', subjects, version: Math.round(deps.wallNowMs()) })
	}
	const pendingOperators = (): string | null => {
		const order = waiting.get('operators')?.order
		return order?.type === 'operators' ? order.subjects.join(',') : null
	}

	/** True where the next order may be sent. */
	const settle = (name: string, entry: Waiting, answer: ApiOutcome<unknown> | null): boolean => {
		if (answer === null || answer.type === 'unreachable' || answer.type === 'unexpected') return false
		if (answer.type === 'refused') {
			const { error } = answer.error
			const isFinal = error === 'bad-request' || error === 'no-such-room' || ++entry.refusals >= REFUSALS_MAX
			if (!isFinal) return false
			console.warn(`The server did not carry out "${entry.order.type}": ${answer.error.message}`)
		} else if (entry.order.type === 'operators') operators = entry.order.subjects.join(',')
		else if (entry.order.type === 'take-over') tookOver = true
		if (waiting.get(name) === entry) waiting.delete(name)
		return true
	}

	const run = async (): Promise<void> => {
		if (isBusy || !isReady || isStopped) return
		isBusy = true
		derive()
		let isFine = true
		for (const [name, entry] of [...waiting].sort(([a], [b]) => rank(a) - rank(b))) {
			isFine = settle(name, entry, await deps.send(JSON.stringify(entry.order)))
			await keep()
			if (!isFine || isStopped) break
		}
		isBusy = false
		if (isStopped || waiting.size === 0) {
			retryMs = FIRST_RETRY_MS
			return
		}
		schedule(isFine ? SOON_MS : retryMs)
		if (!isFine) retryMs = Math.min(LAST_RETRY_MS, retryMs * 2)
	}

	function schedule(ms: Millis): void {
		cancel()
		if (!isStopped) cancel = timers.after(ms, () => void run())
	}

	void deps.kept.get().then((kept) => {
		if (isKept(kept)) {
			for (const order of kept.waiting) if (!waiting.has(nameOf(order))) put(order)
			operators = kept.operators
			tookOver = kept.tookOver
		}
		isReady = true
		schedule(SOON_MS)
	})

	return {
		give: (order) => {
			put(order)
			void keep()
			retryMs = FIRST_RETRY_MS
			schedule(0)
		},
		review: () => {
			if (!isReady || isBusy) return
			const before = waiting.size
			derive()
			if (waiting.size > before) schedule(SOON_MS)
		},
		stop: () => {
			isStopped = true
			cancel()
		},
	}
}

/** A new owner first says so; the rest hangs on it. */
const rank = (name: string): number => (name === 'take-over' ? 0 : name === 'operators' ? 1 : 2)
