import type { NewsWords } from '../news.ts'

export const news: NewsWords = {
	removed: (who, title) => `${who}移除了${title}`,
	added: (who, title) => `${who}添加了${title}`,
	moved: (who, title) => `${who}移动了${title}`,
	removedMany: (who, count) => `${who}移除了${String(count)}个视频`,
	addedMany: (who, count) => `${who}添加了${String(count)}个视频`,
	movedMany: (who, count) => `${who}移动了${String(count)}个视频`,
	cleared: (who, count) => `${who}清空了片单，共${String(count)}个视频`,
	shuffled: (who) => `${who}打乱了片单`,
	started: (who, title) => `${who}开始播放${title}`,
	paused: (who, at) => `${who}在${at}暂停了`,
	played: (who) => `${who}按下了播放`,
	sought: (who, at) => `${who}跳到了${at}`,
	setSpeed: (who, rate) => `${who}把速度调到了${rate}倍`,
	renamedRoom: (who, title) => `${who}把房间命名为${title}`,
	changedSettings: (who) => `${who}更改了房间设置`,
	sharedSubtitles: (who, name) => `${who}添加了字幕${name}`,
	removedSubtitles: (who, name) => `${who}移除了字幕${name}`,
	skipped: (who, title) => `${who}跳到了${title}`,
	askedReady: (who) => `${who}问大家准备好了没有`,
}
