import type { SteeringWords } from '../steering.ts'

export const steering: SteeringWords = {
	nothingOn: '现在没有播放。请先添加一个视频。',
	queueEmpty: '片单是空的。',
	noPlayer: '播放器没能加载',
	noPlayerAbout: 'Matinee 自己的服务器没有回应。请检查网络连接，然后重新加载页面。',
	cannotUndo: '这一步不能撤销。',
}
