import { expect, it } from 'vitest'
import { createTabVisibility } from './tab-visibility.ts'

it('[XT52] the room is as hidden as the page of its film, and hears of each change once', () => {
	const visibility = createTabVisibility()
	const heard: boolean[] = []
	const off = visibility.onChange(() => heard.push(visibility.isHidden()))
	expect(visibility.isHidden()).toBe(false)
	visibility.set(false)
	visibility.set(true)
	visibility.set(true)
	visibility.set(false)
	expect(heard).toEqual([true, false])
	off()
	visibility.set(true)
	expect(heard).toHaveLength(2)
	expect(visibility.isHidden()).toBe(true)
})
