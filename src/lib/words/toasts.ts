/** Around a toast; what it says comes from whoever raised it. */
import { subject } from './subject.ts'

const english = {
	region: 'What just happened',
	dismiss: 'Dismiss',
}
export type ToastsWords = typeof english
export const toastsWords = subject('toasts', english)
