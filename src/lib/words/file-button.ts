/** About people's own files, as far as the first screen speaks of them. */
import { subject } from './subject.ts'

const english = {
	choose: 'Choose a file',
	chooseHint: 'Choose a film from your disk. It is not uploaded: everybody plays their own copy',
	folder: 'Only folders were dropped. Drop the film itself.',
	notFetched: 'What shows files could not be fetched. Check that you are online.',
}
export type FileButtonWords = typeof english
export const fileButtonWords = subject('file-button', english)
