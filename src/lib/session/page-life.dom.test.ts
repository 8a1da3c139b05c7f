import { afterEach, expect, it, vi } from 'vitest'
import { pageVisibility, watchPageLife, type PageVisibility } from './page-life.ts'

afterEach(() => vi.restoreAllMocks())

it('[XT52] a room goes by the visibility that it is given, and by its own page’s where it is given none', () => {
	const seen: string[] = []
	let tell: () => void = () => undefined
	const elsewhere: PageVisibility = {
		isHidden: () => true,
		onChange: (fn) => {
			tell = fn
			return () => (tell = () => undefined)
		},
	}
	const onGo = vi.fn<() => void>()
	const watch = (visibility: PageVisibility) =>
		watchPageLife({
			visibility,
			onVisibility: () => seen.push(visibility.isHidden() ? 'hidden' : 'seen'),
			onGo,
		})

	const stop = watch(elsewhere)
	tell()
	// What becomes of this very document says nothing of the page that the film plays on.
	document.dispatchEvent(new Event('visibilitychange'))
	expect(seen).toEqual(['hidden'])
	dispatchEvent(new Event('pagehide'))
	expect(onGo).toHaveBeenCalledOnce()
	stop()
	tell()

	const stopOwn = watch(pageVisibility)
	vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('visible')
	document.dispatchEvent(new Event('visibilitychange'))
	expect(seen).toEqual(['hidden', 'seen'])
	stopOwn()
	document.dispatchEvent(new Event('visibilitychange'))
	dispatchEvent(new Event('pagehide'))
	expect(seen).toHaveLength(2)
	expect(onGo).toHaveBeenCalledOnce()
})
