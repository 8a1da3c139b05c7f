import type { InviteWords } from '../invite.ts'

export const invite: InviteWords = {
	title: (room) => (room === '' ? '邀请加入这个房间' : `邀请加入“${room}”`),
	roomLink: '房间链接',
	linkCopied: '链接已复制',
	copyRefused: '这个浏览器不允许网页复制。链接已选中：按 Ctrl C，或长按复制。',
	qr: '房间链接的二维码',
	qrFailed: '二维码没能画出来。链接和房间代码照样可用。',
	orCode: '或者念出房间代码',
	share: '分享…',
	linkIsKey: '链接就是钥匙。在你换锁之前，拿到它的人都能进来、看到内容。',
}
