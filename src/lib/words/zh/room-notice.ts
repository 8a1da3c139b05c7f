import type { RoomNoticeWords } from '../room-notice.ts'

export const roomNotice: RoomNoticeWords = {
	removedYou: (name, when) => `${name}把你移出了房间，${when}。`,
	removedRest: '其他人不再收到这台设备的消息。你在这里看到的都留在这台设备上。',
	changedLock: (name, when) => `${name ?? '你'}换了锁，${when}。`,
	changedRest: '房间在新代码下继续。你在这里看到的都留在这台设备上。',
	offersYou: (name) => `${name}想把房间交给你。`,
	offersRest: '成为房主后，由你分配角色、封禁和换锁。',
	gap: '',
	accept: '接受',
	notNow: '以后再说',
	offered: (by, to) => `${by ?? '你'}提出把房间交给${to ?? '你'}。`,
	takeOver: '接手',
	withdraw: '收回',
}
