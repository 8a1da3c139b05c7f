import type { ToastsWords } from '../toasts.ts'

export const toasts: ToastsWords = {
	region: '刚刚发生的事',
	dismiss: '关闭提示',
}
