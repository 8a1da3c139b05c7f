import { render } from '@testing-library/svelte'
import { describe, expect, it, vi } from 'vitest'
import Icon from './Icon.svelte'

describe('an icon', () => {
	it('[UX32] of the first screens is there at once, a seldom one when it has been fetched', async () => {
		const first = render(Icon, { name: 'play' })
		expect(first.container.querySelector('path')).not.toBeNull()
		const seldom = render(Icon, { name: 'trash' })
		expect(seldom.container.querySelector('svg')).not.toBeNull()
		await vi.waitFor(() => {
			expect(seldom.container.querySelector('path')).not.toBeNull()
		})
	})
})
