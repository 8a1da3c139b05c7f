import type { EveryWords } from '../every.ts'

export const every: EveryWords = {
	minutes: (n) => `${String(n)}分钟`,
	seconds: (n) => `${String(n)}秒`,
}
