/**
 * All icons by name. The seldom ones are fetched with the first of them; until then their place is empty.
 */
import { ICONS, type IconName, type IconShape } from './icons.ts'

let shapes = $state.raw<Readonly<Record<string, IconShape>>>(ICONS)
let isFetching = false
const EMPTY: IconShape = {}

const fetchMore = async (): Promise<void> => {
	if (isFetching) return
	isFetching = true
	try {
		const { MORE_ICONS } = await import('./more-icons.ts')
		shapes = { ...ICONS, ...MORE_ICONS }
	} catch (error) {
		// Offline: the controls keep their names, and the next icon tries again.
		console.warn('Some icons could not be fetched.', error)
		isFetching = false
	}
}

export const shapeOf = (name: IconName): IconShape => {
	const shape = shapes[name]
	if (shape === undefined) void fetchMore()
	return shape ?? EMPTY
}
