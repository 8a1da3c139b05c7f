import type { LinkToastsWords } from '../link-toasts.ts'

export const linkToasts: LinkToastsWords = {
	copied: '链接已复制，谁打开谁就进来',
	notCopied: (link) => `把 ${link} 发给要一起看的人`,
	copy: '复制',
	copiedAtLast: '链接已复制',
	refused: '这个浏览器不让网页复制。链接在“邀请”里，可以选中',
	copiedToSend: '链接已复制，发给要和你一起看的人吧',
	inInvite: '这个房间的链接在“邀请”里',
}
