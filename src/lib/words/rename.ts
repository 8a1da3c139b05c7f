/** Names that are edited where they stand. */
import { subject } from './subject.ts'

const english = {
	notFetched: 'This could not be fetched. Check that you are online.',
}
export type RenameWords = typeof english
export const renameWords = subject('rename', english)
