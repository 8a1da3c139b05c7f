import type { OwnSettingsWords } from '../own-settings.ts'

export const ownSettings: OwnSettingsWords = {
	title: '我的设置',
	elsewhere: '名字和头像、账号和设备：',
	toAccount: '你的账号和这台设备',
	newTab: '（在新标签页打开）',
}
