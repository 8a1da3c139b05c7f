import type { RenameWords } from '../rename.ts'

export const rename: RenameWords = {
	notFetched: '这部分没能取到。请检查是否联网。',
}
