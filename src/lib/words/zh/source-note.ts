import type { SourceNoteWords } from '../source-note.ts'

export const sourceNote: SourceNoteWords = {
	about: '关于这个播放器',
	closeNote: '关闭提示',
	offBy: '我的偏差',
	behindBy: '我慢了',
	oneAhead: '快了1秒',
	halfAhead: '快了半秒',
	halfBehind: '慢了半秒',
	oneBehind: '慢了1秒',
	minusOne: '−1秒',
	minusHalf: '−½秒',
	plusHalf: '+½秒',
	plusOne: '+1秒',
}
