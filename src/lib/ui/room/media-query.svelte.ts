/** A media query as reactive state; false where there is no screen to ask about. */
import { createSubscriber } from 'svelte/reactivity'

export const createMediaQuery = (query: string): { readonly current: boolean } => {
	if (typeof matchMedia !== 'function') return { current: false }
	const list = matchMedia(query)
	const subscribe = createSubscriber((update) => {
		list.addEventListener('change', update)
		return () => {
			list.removeEventListener('change', update)
		}
	})
	return {
		get current() {
			subscribe()
			return list.matches
		},
	}
}
