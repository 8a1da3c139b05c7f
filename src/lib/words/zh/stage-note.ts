import type { StageNoteWords } from '../stage-note.ts'

export const stageNote: StageNoteWords = {
	skip: '跳过',
	openAtSource: '到来源网站打开',
	at: (site) => `（${site ?? '来源'}）`,
	wasLast: '已经是最后一个了',
	addOrReplay: '再添加一个，或者重看之前的。',
	seeEarlier: '查看之前的',
}
