import type { LookWords } from '../look.ts'

export const look: LookWords = {
	lightOrDark: '浅色或深色',
	language: '语言',
	languageNotFetched: (language) => `没有取到${language}的文字。联网后再试一次。`,
	theme: '主题',
	lessMotion: '减少动效',
	lessMotionAbout: '关闭时跟随系统。',
	themes: { system: '跟随系统', light: '浅色', dark: '深色' },
}
