/** How often in slow mode. */
import { subject } from './subject.ts'

const english = {
	minutes: (n: number): string => `${String(n)} min`,
	seconds: (n: number): string => `${String(n)} s`,
}
export type EveryWords = typeof english
export const everyWords = subject('every', english)
