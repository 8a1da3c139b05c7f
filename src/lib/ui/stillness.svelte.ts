/** Whether nothing is to move, as reactive state. */
import { createSubscriber } from 'svelte/reactivity'
import { isStill, onMotion } from './motion.ts'

export const createStillness = (): { readonly current: boolean } => {
	const subscribe = createSubscriber((update) => {
		const list = typeof matchMedia === 'function' ? matchMedia('(prefers-reduced-motion: reduce)') : null
		list?.addEventListener('change', update)
		const off = onMotion(update)
		return () => {
			list?.removeEventListener('change', update)
			off()
		}
	})
	return {
		get current() {
			subscribe()
			return isStill()
		},
	}
}
