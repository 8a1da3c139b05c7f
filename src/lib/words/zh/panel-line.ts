import type { PanelLineWords } from '../panel-line.ts'

export const panelLine: PanelLineWords = {
	noRoom: '房间已经关了。',
	notDone: '扩展没能完成这一步，请再试一次。',
	tooMuchAtOnce: '一下子太多了，请稍等再试。',
	inAppAlone: '这一步只能在网页版里做：在那里打开房间的链接。',
}
