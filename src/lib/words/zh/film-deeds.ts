import type { FilmDeedWords } from '../film-deeds.ts'

export const filmDeeds: FilmDeedWords = {
	titled: (title) => `“${title}”`,
	played: (who, at) => `${who}在${at}按下了播放`,
	paused: (who, at) => `${who}在${at}暂停了`,
	sought: (who, at) => `${who}跳到了${at}`,
	setSpeed: (who, rate) => `${who}把速度调到了${rate}倍`,
	started: (who, title) => `${who}开始播放${title}`,
}
