import type { PasswordsWords } from '../passwords.ts'

export const passwords: PasswordsWords = {
	empty: '请输入密码，至少一个字符。',
	halfCharacter: '这个密码里有半个字符。请重新输入。',
	tooLong: (count, most) => `有 ${String(count)} 个字符，而密码最多 ${String(most)} 个。`,
}
