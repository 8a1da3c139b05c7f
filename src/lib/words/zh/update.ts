import type { UpdateWords } from '../update.ts'

export const update: UpdateWords = {
	label: '新版本',
	ready: '新版本好了',
	partGone: '这一部分需要新版本',
	reload: '重新加载',
	later: '以后再说',
}
