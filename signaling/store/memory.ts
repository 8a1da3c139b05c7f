/**
 * The store that forgets, for tests: SQLite without a file.
 */
import { openMemoryStore } from './sqlite.ts'
import type { Store } from './store.ts'

export const createMemoryStore = (): Store => openMemoryStore()
