/**
 * Answers of other sites, kept for a while and shared: one question at a time for each thing, whoever asks. The store
 * may be away; then sites are asked more often, and nothing else changes.
 */
import { createHash } from 'node:crypto'
import type { Schema } from '#lib/protocol/schema.ts'
import type { Store } from '../store/store.ts'

/** About 10 MB of titles. */
export const KEPT_MAX = 10_000
/** So many new ones between two trims, at most. */
const TRIM_EVERY = 500

export interface Fresh<T> {
	readonly answer: T
	/** For how long it is as good as a new one. */
	readonly keepMs: number
}

export type KeptAnswers = ReturnType<typeof createKeptAnswers>

export const createKeptAnswers = (deps: {
	readonly store: Pick<Store, 'media'>
	readonly nowMs: () => number
	readonly onFault: (error: unknown) => void
}) => {
	const { media } = deps.store
	const underWay = new Map<string, Promise<unknown>>()
	let sinceTrim = 0

	/** Null also while the store is away: it has been told of elsewhere. */
	const read = async <T>(key: string, schema: Schema<T>): Promise<T | null> => {
		try {
			const kept = await media.get(key, deps.nowMs())
			return kept === null ? null : (schema.parse(JSON.parse(kept)) ?? null)
		} catch (error) {
			deps.onFault(error)
			return null
		}
	}
	const trim = async (): Promise<void> => {
		sinceTrim = 0
		try {
			await media.trim(deps.nowMs(), KEPT_MAX)
		} catch (error) {
			deps.onFault(error)
		}
	}
	const write = async (key: string, { answer, keepMs }: Fresh<unknown>): Promise<void> => {
		try {
			await media.put(key, JSON.stringify(answer), deps.nowMs() + keepMs)
		} catch (error) {
			deps.onFault(error)
		}
		if (++sinceTrim >= TRIM_EVERY) await trim()
	}

	return {
		/** `name`: what is asked, in one spelling. It is kept as a hash. */
		async ask<T>(name: string, schema: Schema<T>, askNow: () => Promise<Fresh<T>>): Promise<T> {
			const key = createHash('sha256').update(name).digest('hex')
			const before = underWay.get(key)
			if (before !== undefined) return (await before) as T
			const now = (async () => {
				const kept = await read(key, schema)
				if (kept !== null) return kept
				const fresh = await askNow()
				if (fresh.keepMs > 0) await write(key, fresh)
				return fresh.answer
			})()
			underWay.set(key, now)
			try {
				return await now
			} finally {
				underWay.delete(key)
			}
		},
		trim,
	}
}
