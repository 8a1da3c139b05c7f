import type { CommonWords } from '../common.ts'

export const common: CommonWords = {
	cancel: '取消',
	close: '关闭',
	copy: '复制',
	copied: '已复制',
	undo: '撤销',
	save: '保存',
	remove: '移除',
	retry: '再试一次',
	you: '你',
}
