/**
 * The store that is configured: PostgreSQL where a URL is given, else one file in the data folder.
 */
import type { StoreNews } from './absence.ts'
import { createMemoryStore } from './memory.ts'
import { openPostgresStore } from './postgres.ts'
import { openSqliteStore } from './sqlite.ts'
import type { Store } from './store.ts'

export interface StoreChoice {
	readonly databaseUrl: string | null
	/** Null keeps everything in memory (tests). */
	readonly dataDir: string | null
}

/** Rejects where it cannot be used as it is configured; a PostgreSQL that is merely away is waited for by each call. */
export const openStore = async (
	{ databaseUrl, dataDir }: StoreChoice,
	tell?: (news: StoreNews) => void,
): Promise<Store> => {
	if (databaseUrl !== null) return openPostgresStore(databaseUrl, tell)
	return dataDir === null ? createMemoryStore() : openSqliteStore(dataDir, tell)
}

/** One line for the operator. */
export const newsText = (news: StoreNews): string => {
	switch (news.type) {
		case 'away':
			return `the database is away (${news.why}); requests that need it are answered with 503 until it is back`
		case 'back':
			return `the database is back after ${String(Math.round(news.afterMs / 1000))} s`
		case 'trouble':
			return `the database could not do something (${news.why}); the request was answered with 503`
	}
}
