/** A new version of the app. */
import { subject } from './subject.ts'

const english = {
	label: 'New version',
	ready: 'A new version is ready',
	partGone: 'This part of the page needs the new version',
	reload: 'Reload',
	later: 'Later',
}
export type UpdateWords = typeof english
export const updateWords = subject('update', english)
