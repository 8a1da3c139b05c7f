/** What many screens say. */
import { subject } from './subject.ts'

const english = {
	cancel: 'Cancel',
	close: 'Close',
	copy: 'Copy',
	copied: 'Copied',
	undo: 'Undo',
	save: 'Save',
	remove: 'Remove',
	retry: 'Try again',
	you: 'you',
}
export type CommonWords = typeof english
export const commonWords = subject('common', english)
