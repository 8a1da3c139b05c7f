import type { PasswordFieldWords } from '../password-field.ts'

export const passwordField: PasswordFieldWords = {
	show: '显示',
	hide: '隐藏',
	showTyped: '显示输入的内容',
	hideTyped: '隐藏输入的内容',
}
