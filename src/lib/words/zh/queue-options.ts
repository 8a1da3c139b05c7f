import type { QueueOptionsWords } from '../queue-options.ts'

export const queueOptions: QueueOptionsWords = {
	options: '片单选项',
	mostVotes: '票数最多的先放',
	loopOff: '放完即停',
	loopOne: '单个循环',
	loopAll: '全部循环',
	shuffle: '打乱顺序',
	importList: '导入列表',
	exportQueue: '把片单存为文件',
	clear: '清空',
	onlyOne: '没有可打乱的视频',
	isEmpty: '片单是空的',
	votesRule: '票数最多的先放',
	loopOneRule: '正在单个循环',
	loopAllRule: '正在循环整个片单',
}
